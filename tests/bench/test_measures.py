"""The parts of the bench, at their smallest: that they run, and that what they count is right."""

import json
import urllib.request
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from bench.dynamodb_rules import item_size, read_units, write_units
from bench.events import article_ids, batch, view
from bench.hot_article import measure as measure_hot_article
from bench.logs import access_line_bytes, drops_platform_lines, writes_access_log
from bench.meter import Meter
from bench.results import figure, keep, median_range, table, verdict
from bench.runtime_api import InvocationFailed, runtime_api
from bench.tally import StandInClient, batch_processor_handler, circulation_handler
from circulation.aws.sdk import make_session
from circulation.settings import Settings
from circulation.web.hits import claim_of, hit_of
from circulation.web.request import request_of_event
from circulation.web.viewer import viewer_of
from circulation_cli.local_stack.template import Template


class CountingClient(StandInClient):
    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []

    def update_item(self, **request: Any) -> dict[str, Any]:
        self.updates.append(request)
        return super().update_item(**request)


def test_both_tallies_take_every_record_of_a_batch() -> None:
    event = json.loads(json.dumps(batch(article_ids(3), 30)))
    ours, theirs = CountingClient(), CountingClient()
    circulation_handler(ours)(event)
    assert batch_processor_handler(theirs)(event) == {"batchItemFailures": []}
    assert len(ours.updates) == 3  # a page for each article
    assert len(theirs.updates) == 30


def test_a_view_of_the_bench_is_one_that_the_web_reads(template: Template) -> None:
    request = request_of_event(view("article-1", 7))
    settings = Settings(template.environment({"SealQueue": "https://sqs.example/seals"}))
    hit = hit_of(
        request, "article-1", claim_of(request), viewer_of(request, origin_secret=""), settings
    )
    assert (hit.article, hit.address) == ("article-1", "10.0.0.7")


def test_the_runtime_api_hands_out_an_event_and_takes_the_answer() -> None:
    with runtime_api() as (api, address):
        url = f"http://{address}/2018-06-01/runtime/invocation"

        def container() -> None:
            with urllib.request.urlopen(f"{url}/next") as got:  # noqa: S310
                event = json.loads(got.read())
                request = got.headers["Lambda-Runtime-Aws-Request-Id"]
            body = json.dumps({"told": event["ask"]}).encode()
            urllib.request.urlopen(f"{url}/{request}/{event['end']}", body).close()  # noqa: S310

        for end in ("response", "error"):
            answering = Thread(target=container)
            answering.start()
            if end == "response":
                assert api.invoke({"ask": 1, "end": end}) == {"told": 1}
            else:
                with pytest.raises(InvocationFailed, match="told"):
                    api.invoke({"ask": 1, "end": end})
            answering.join()


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"pk": {"S": "Bak\u0131"}}, 2 + 5),
        ({"n": {"N": "0"}}, 1 + 1),
        ({"n": {"N": "1763899200000"}}, 1 + 5),
        ({"n": {"N": "-12345"}}, 1 + 5),
        ({"b": {"B": b"12345"}}, 1 + 5),
        ({"b": {"B": "MTIzNDU="}}, 1 + 5),
        ({"t": {"BOOL": True}}, 1 + 1),
        ({"s": {"SS": ["a", "bc"]}}, 1 + 3),
        ({"l": {"L": [{"S": "abc"}]}}, 1 + 3 + 1 + 3),
        ({"m": {"M": {"k": {"S": "v"}}}}, 1 + 3 + 1 + 2),
    ],
)
def test_an_item_is_as_large_as_dynamodb_says(item: dict[str, Any], size: int) -> None:
    assert item_size(item) == size


def test_each_begun_four_kilobytes_are_a_read_unit_or_half_of_one() -> None:
    sizes = (0, 1, 4_096, 4_097)
    assert [read_units(size, consistent=True) for size in sizes] == [1, 1, 1, 2]
    assert [read_units(size, consistent=False) for size in sizes] == [0.5, 0.5, 0.5, 1]


@pytest.mark.usefixtures("store_on_moto")
def test_a_meter_sums_what_calls_take_by_what_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    metered = make_session()  # the process's own goes on unmetered
    monkeypatch.setattr("bench.meter.session", lambda: metered)
    meter = Meter().attach()
    client = metered.create_client("dynamodb")
    key = {"pk": {"S": "A"}, "sk": {"S": "B"}}
    client.put_item(TableName="Library", Item=key | {"v": {"S": "x" * 1_500}})
    with pytest.raises(client.exceptions.ConditionalCheckFailedException):
        client.put_item(
            TableName="Library",
            Item=key,
            ConditionExpression="attribute_not_exists(pk)",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
        )
    client.batch_get_item(RequestItems={"Library": {"Keys": [key, key | {"sk": {"S": "C"}}]}})
    assert meter.calls == 3
    assert meter.items == 1
    # As moto says of the first, which rounds nothing, and as the rules bill what was refused.
    assert meter.units == {"written": 1 + 2, "read": 2 * 0.5}
    meter.clear()
    assert (meter.calls, meter.units) == (0, {})


def test_each_begun_kilobyte_is_a_write_unit() -> None:
    assert [write_units(size) for size in (0, 1, 1_024, 1_025, 2_048, 2_049)] == [1, 1, 1, 2, 2, 3]


def test_a_hot_article_fills_a_ledger_partition_above_a_thousand_writes() -> None:
    rows = [line.split(" | ") for line in measure_hot_article().splitlines() if " | " in line]
    assert {row[-1] for row in rows if row[0] in ("| 100", "| 10,000")} == {"yes |"}
    assert {row[-1] for row in rows if row[0] == "| 100,000"} == {"no: the ledger |"}


def test_the_template_keeps_lambdas_own_lines_out_of_the_log() -> None:
    assert drops_platform_lines()
    assert not writes_access_log()
    assert 100 < access_line_bytes() < 200


def test_a_section_is_replaced_and_the_others_stay_in_order(tmp_path: Path) -> None:
    path = tmp_path / "results.md"
    for name, body in (("b", "old"), ("a", "first"), ("b", "new")):
        keep(path, name, body, order=["a", "b"])
    text = path.read_text()
    assert "old" not in text
    assert text.index("## a") < text.index("first") < text.index("## b") < text.index("new")


def test_numbers_of_a_table_stand_to_the_right() -> None:
    assert table(("what", "ms"), [("x", "1.0 (1)")]).splitlines()[1] == "| --- | --: |"
    assert median_range([3, 1, 2], digits=1) == "2.0 (1.0\u20133.0)"


def test_a_figure_is_read_from_its_own_section_and_column(tmp_path: Path) -> None:
    path = tmp_path / "results.md"
    head = ("deployment", "ms", "of typical")
    for name, ours in (("warm", "1.91 (1.74-2.05)"), ("cold_start", "1,144 (1,000-1,200)")):
        rows = [("typical", "2.78 (2.53-2.80)", "1"), ("circulation", ours, "0.687")]
        path.write_text(
            (path.read_text() if path.exists() else "") + f"\n## {name}\n\n{table(head, rows)}"
        )
    assert figure("warm", "circulation", "ms", path) == 1.91
    assert figure("warm", "circulation", "of typical", path) == 0.687
    assert figure("cold_start", "circulation", "ms", path) == 1144
    for section, row, column in (
        ("cost", "typical", "ms"),
        ("warm", "ours", "ms"),
        ("warm", "typical", "s"),
    ):
        with pytest.raises(LookupError):
            figure(section, row, column, path)


def test_a_target_is_reached_up_to_its_very_number() -> None:
    assert [verdict(value, 0.5) for value in (0.49, 0.5, 0.51)] == [
        "reached",
        "reached",
        "not reached",
    ]
