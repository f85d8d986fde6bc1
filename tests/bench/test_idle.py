"""The fixed costs: as the documents have them, and growing with what causes them."""

from pathlib import Path

import pytest

from bench.idle import idle_month, table
from bench.prices import Prices
from circulation_cli.local_stack.template import Template

MAIL = {
    "MailSender": "news@news.example",
    "MailPublisher": "Example Press",
    "MailPostalAddress": "1 Example Quay",
}
HUB = {"WebSubHub": "https://hub.example/"}


def dollars(template: Template) -> dict[str, float]:
    return {part.name: part.dollars for part in idle_month(template, Prices())}


@pytest.mark.parametrize("parameters", [{}, MAIL])
def test_the_document_has_what_the_template_costs(parameters: dict[str, str]) -> None:
    assert table(Template.load(parameters)) in Path("docs/deploying.md").read_text()


def test_mail_costs_nothing_where_it_is_off_and_its_queues_alarms_and_runs_where_it_is_on() -> None:
    without, with_mail = dollars(Template.load({})), dollars(Template.load(MAIL))
    queues = ["LetterQueue", "DigestQueue", "MailEventQueue"]
    assert with_mail["queues polled"] == pytest.approx(without["queues polled"] * (1 + len(queues)))
    assert with_mail["alarms"] > without["alarms"]
    assert with_mail["schedules"] > without["schedules"]
    assert with_mail["reads of the rankings"] == without["reads of the rankings"]


def test_a_hub_costs_another_polled_queue_and_its_alarms() -> None:
    without, with_hub = dollars(Template.load({})), dollars(Template.load(HUB))
    assert with_hub["queues polled"] == 2 * without["queues polled"]
    assert with_hub["alarms"] == pytest.approx(without["alarms"] + 3 * Prices().alarm)
    others = without.keys() - {"queues polled", "alarms"}
    assert {name: with_hub[name] for name in others} == {name: without[name] for name in others}


def test_every_schedule_is_in_it() -> None:
    (runs,) = (
        part.amount for part in idle_month(Template.load({}), Prices()) if part.name == "schedules"
    )
    every_five_minutes = 30 * 24 * 12
    assert int(runs.split()[0].replace(",", "")) > every_five_minutes
