"""Each bench with a target says whether it is reached, up to the target's very number."""

import re
from dataclasses import replace
from itertools import product

import pytest

from bench import deployment, listing, mailing, main_thread, sealing, write_units
from bench.events import NOON, record
from bench.load import measure as load
from bench.main_thread import Busy
from bench.results import RESULTS
from bench.sealing import Limits, Queued, Recounted, Spent
from bench.write_units import Units
from tests.builders import NOW

RECOUNTED = Recounted(lines=1_000, cpu=0.02)
LIMITS = Limits(containers=2, cores=0.5, portion=300, queueing=900, waiting=21_600)


QUEUED = Queued(messages=100, cpu=0.2, items=5_000, units=1_500)


def verdicts(report: str, row: str) -> list[str]:
    (line,) = (line for line in report.splitlines() if line.startswith(f"| {row} |"))
    return [cell for cell in line.strip("| ").split(" | ") if cell.endswith("reached")]


@pytest.mark.parametrize(
    ("dearest", "last", "any_rate", "day"),
    [(2.6, 1.1, "reached", "reached"), (2.601, 1.101, "not reached", "not reached")],
)
def test_the_dearest_cell_and_the_day_decide_about_write_units(
    dearest: float, last: float, any_rate: str, day: str
) -> None:
    axes = product(write_units.SHARDS, write_units.ARTICLES, write_units.RATES)
    grid = {place: [Units(1.0, 0.0, 0.0, 1.0, 1.0)] * 3 for place in axes}
    courses = {
        (4, *write_units.BUSY_PLACE): [last] * write_units.GENERATIONS,
        (4, *write_units.DEAREST_PLACE): [dearest] * write_units.GENERATIONS,
    }
    report = write_units.report(grid, courses)
    assert verdicts(report, "dearest cell") == [any_rate]
    assert verdicts(report, "four shards, the day") == [day]


def test_a_dear_hour_is_no_dear_day() -> None:
    axes = product(write_units.SHARDS, write_units.ARTICLES, write_units.RATES)
    grid = {place: [Units(1.0, 0.0, 0.0, 1.0, 1.0)] * 3 for place in axes}
    course = [2.0] * (write_units.GENERATIONS - 1) + [3.0]
    places = (write_units.BUSY_PLACE, write_units.DEAREST_PLACE)
    report = write_units.report(grid, {(4, *place): course for place in places})
    assert verdicts(report, "dearest cell") == ["reached"]


@pytest.mark.parametrize(
    ("cpu", "expected"),
    [
        (0.1, ["reached", "reached"]),
        (0.3, ["reached", "not reached"]),
        (4.0, ["not reached", "not reached"]),
    ],
)
def test_a_portion_and_a_day_have_limits_of_their_own(cpu: float, expected: list[str]) -> None:
    spent = Spent(views=10, calls=20, cpu=cpu, wall=cpu, reads=18, writes=2)
    report = sealing.report([spent], {"SealDay": QUEUED}, RECOUNTED, LIMITS)
    assert verdicts(report, "10") == expected
    assert verdicts(report, "SealDay") == ["reached"]


def test_a_job_recounts_as_many_lines_as_fit_in_its_time() -> None:
    limits = replace(LIMITS, portion=300, cores=0.5, containers=2)
    recounted = Recounted(lines=1_000, cpu=0.01)
    assert recounted.in_a_job(limits) == 240 * 0.5 * 100_000
    report = sealing.report([], {"SealDay": QUEUED}, recounted, limits)
    assert "| a line, µs of CPU | 10.0 |" in report
    assert "100,000,000 visitors take 16 jobs and 17 minutes" in " ".join(report.split())


def test_queueing_is_judged_by_its_own_time_out() -> None:
    report = sealing.report([], {"SealDay": QUEUED}, RECOUNTED, replace(LIMITS, queueing=10))
    assert verdicts(report, "SealDay") == ["not reached"]


def test_the_limits_of_sealing_are_those_of_the_template() -> None:
    template = deployment.template()
    limits = Limits.of_template(template)
    functions = template.functions()
    assert limits.portion == functions["SealArticles"]["Timeout"]
    portions = functions["SealArticles"]["Events"]["Portions"]["Properties"]
    assert limits.containers == portions["ScalingConfig"]["MaximumConcurrency"]


@pytest.mark.parametrize(
    ("large", "expected"),
    [
        (listing.Cost(2, 60, 1.3), "reached"),
        (listing.Cost(3, 60, 1.0), "not reached"),
        (listing.Cost(2, 80, 1.0), "not reached"),
        (listing.Cost(2, 60, 1.31), "not reached"),
    ],
)
def test_the_largest_ratio_decides_about_a_list(large: listing.Cost, expected: str) -> None:
    assert listing.row("newest", listing.Cost(2, 60, 1.0), large)[-1] == expected


@pytest.mark.parametrize(("full", "expected"), [(1.3, "reached"), (1.31, "not reached")])
def test_a_full_stack_is_judged_by_an_empty_ones_start(full: float, expected: str) -> None:
    text = load.starts_table([1.0, 1.0], [full, full])
    assert text.count("reached |") == 1
    assert f"| {expected} |" in text


@pytest.mark.parametrize(
    "section", ["write_units", "sealing", "listing", "hot_article", "memory", "load"]
)
def test_a_kept_section_has_its_verdict(section: str) -> None:
    text = RESULTS.read_text().partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    assert "Target" in text
    assert "reached" in text


def test_no_ledger_line_of_a_bench_expires_while_it_runs() -> None:
    line = record("article", 0, 0)["dynamodb"]["NewImage"]
    assert int(line["ttl"]["N"]) > NOON.timestamp() > NOW.timestamp()


@pytest.mark.parametrize(("writes", "expected"), [(2.0, ["reached"]), (20.0, ["not reached"])])
def test_a_mail_is_judged_at_the_rate_that_ses_begins_with(
    writes: float, expected: list[str]
) -> None:
    nothing = mailing.Spent(0.0, 0.0, 1.0, 1.0)
    report = mailing.report(replace(nothing, writes=writes), nothing, nothing)
    assert verdicts(report, "14") == expected
    assert verdicts(report, "1") == verdicts(report, "100") == []


@pytest.mark.parametrize(
    ("ratio", "changing", "loading", "expected"),
    [
        (1.3, 0, 0, ["reached", "reached", "reached"]),
        (1.31, 1, 1, ["not reached", "not reached", "not reached"]),
    ],
)
def test_numbers_are_judged_by_the_main_threads_work_and_its_long_tasks(
    ratio: float, changing: int, loading: int, expected: list[str]
) -> None:
    alone = Busy(seconds=1.0, while_changing=0, while_loading=1)
    script = Busy(seconds=ratio, while_changing=0, while_loading=1 + loading)
    many = Busy(seconds=9.0, while_changing=changing, while_loading=9)
    report = main_thread.report({1_000: ([alone], [script]), 10_000: ([alone], [many])})
    assert re.findall(r"(?:is|first,) ((?:not )?reached)", report) == expected
