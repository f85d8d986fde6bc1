import logging
from datetime import timedelta
from typing import Any

import pytest

from circulation.counting.stream import batch_of_event
from circulation.counting.tally import mark_of
from circulation.counting.traits import NO_TRAITS, Traits
from circulation.errors import MalformedBatch
from tests.builders import NOW, TODAY, record, stream_event


def test_a_stream_event_is_read_into_lines() -> None:
    later = NOW + timedelta(milliseconds=123)
    batch = batch_of_event(
        stream_event(record(1), record(2, "b", name="MODIFY", at=later), shard="shardId-7")
    )
    assert batch.shard == "shardId-7"
    assert [(each.article, each.day, each.mark) for each in batch.lines] == [
        ("harbour-clock", TODAY, mark_of("1")),
        ("b", TODAY, mark_of("2")),
    ]
    assert [each.new_visitor for each in batch.lines] == [True, False]
    assert batch.lines[1].at == later


def test_a_line_tells_where_its_reader_came_from() -> None:
    told: dict[str, Any] = {"r": {"S": "news.example"}, "c": {"S": "AZ"}, "f": {"S": "phone"}}
    told |= {"s": {"S": "mail"}, "k": {"S": "spring: the harbour"}}
    (line,) = batch_of_event(stream_event(record(1, **told))).lines
    assert line.traits == Traits("news.example", "AZ", "phone", "mail", "spring: the harbour")


@pytest.mark.parametrize(
    "value",
    [
        {"S": ""},
        {"S": "No host!"},
        {"S": "x" * 254},
        {"S": 7},
        {"S": []},
        {"N": "7"},
        {"M": {}},
        {},
        "text",
        None,
    ],
)
@pytest.mark.parametrize("name", ["r", "c", "f", "s"])
def test_a_view_counts_even_if_what_it_tells_cannot_be_read(name: str, value: Any) -> None:
    told: dict[str, Any] = {name: value}
    batch = batch_of_event(stream_event(record(1, **told)))
    assert batch.malformed == 0
    (line,) = batch.lines
    assert line.traits == NO_TRAITS


@pytest.mark.parametrize("value", [{"S": ""}, {"S": "x" * 65}, {"S": 7}, {"N": "7"}, {}, None])
def test_a_view_counts_without_a_campaign_that_is_none(value: Any) -> None:
    (line,) = batch_of_event(stream_event(record(1, k=value))).lines
    assert line.traits == NO_TRAITS


def test_the_line_of_nobody_in_particular_is_a_view_and_no_visitor() -> None:
    (line,) = batch_of_event(stream_event(record(1, a={"BOOL": True}))).lines
    assert not line.new_visitor


@pytest.mark.parametrize("shard", [None, ""])
def test_an_event_without_a_shard_is_refused(shard: str | None) -> None:
    with pytest.raises(MalformedBatch, match="shardId"):
        batch_of_event(stream_event(record(1), shard=shard))


def test_the_empty_final_event_of_a_window_is_an_empty_batch() -> None:
    assert not batch_of_event(stream_event() | {"isFinalInvokeForWindow": True}).lines


def test_a_malformed_record_is_logged_counted_and_skipped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = record(2)
    del broken["dynamodb"]["NewImage"]
    no_day = record(3)
    no_day["dynamodb"]["Keys"]["pk"]["S"] = "a#yesterday#0"
    no_time = record(4)
    no_time["dynamodb"]["NewImage"]["at"]["N"] = "1" + 30 * "0"
    too_long = record(10**40)
    removed = record(4, name="REMOVE")
    with caplog.at_level(logging.ERROR):
        batch = batch_of_event(
            stream_event(record(1), broken, no_day, no_time, removed, too_long, record(5))
        )
    assert [each.mark for each in batch.lines] == [mark_of("1"), mark_of("5")]
    assert batch.malformed == 5
    assert len(caplog.records) == 5
