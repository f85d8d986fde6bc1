import json
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, cast

import pytest

from circulation.errors import MalformedBatch
from circulation.runtime import Container, container
from circulation.throttle import BURST
from functions import publish_articles, read_articles, record_view, rotate_salts, tally_views
from tests.builders import NOW, http_event, publish_all, record, stream_event, submitted


@pytest.fixture(autouse=True)
def library(store: Container) -> Container:
    body = submitted(views_before=346)
    publish_articles.handler(
        http_event("PUT /articles/{id}", path={"id": "harbour-clock"}, body=body), None
    )
    return store


def post(article_id: str = "harbour-clock", **changes: Any) -> dict[str, Any]:
    event = http_event("POST /articles/{id}/views", path={"id": article_id}, **changes)
    return record_view.handler(event, None)


def told(answer: dict[str, Any], status: int = 200) -> Any:
    assert answer["statusCode"] == status, answer
    return json.loads(answer["body"])


def views() -> Any:
    event = http_event("GET /articles/{id}/views", path={"id": "harbour-clock"})
    return told(read_articles.handler(event, None))


def test_a_view_is_counted_and_answered_with_the_count() -> None:
    answer = post(body={"nonce": "n1"})
    assert told(answer) == {
        "article": "harbour-clock",
        "views": 347,
        "visitors": 1,
        "counted": True,
    }
    assert answer["headers"]["cache-control"] == "no-store"


def test_a_repeat_says_why_it_was_not_counted() -> None:
    post(request_id="r1")
    assert told(post(request_id="r2")) == {
        "article": "harbour-clock",
        "views": 347,
        "visitors": 1,
        "counted": False,
        "reason": "repeat",
    }


def test_a_retry_with_the_same_nonce_is_counted_once() -> None:
    post(body={"nonce": "n1"}, request_id="r1")
    assert told(post(body={"nonce": "n1"}, request_id="r2"))["counted"]


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"user-agent": "Googlebot/2.1"}, "bot"),
        ({"sec-purpose": "prefetch;prerender"}, "prefetch"),
        ({"purpose": "prefetch"}, "prefetch"),
        ({"x-moz": "prefetch"}, "prefetch"),
        ({"sec-gpc": "1"}, "privacy"),
        ({"dnt": "1"}, "privacy"),
    ],
)
def test_a_dismissed_hit_says_why(headers: dict[str, str], reason: str) -> None:
    assert told(post(headers=headers))["reason"] == reason


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    container.cache_clear()


@pytest.mark.parametrize("header", ["sec-gpc", "dnt"])
def test_a_reader_who_opts_out_is_by_the_parameter_a_view_of_nobody(
    header: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_with(monkeypatch, OPT_OUTS="anonymous")
    for number in (1, 2, 2):
        answer = told(post(headers={header: "1"}, body={"nonce": f"n{number}"}))
        assert (answer["counted"], answer["visitors"]) == (True, 0)
    lines = list(container().ledger_table.scan())
    assert [line["n"] for line in lines] == [1, 1]
    bot = {"user-agent": "Googlebot/2.1", header: "1"}
    assert told(post(headers=bot))["reason"] == "bot"


def test_what_a_view_tells_is_stored_as_host_country_form_factor_and_source(
    library: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_with(monkeypatch, ORIGIN_SECRET="s")
    post(
        body={"referrer": "https://www.search.example/?q=private", "width": 390},
        headers={
            "x-origin-secret": "s",
            "cloudfront-viewer-address": "198.51.100.7:443",
            "cloudfront-viewer-country": "AZ",
        },
    )
    (line,) = library.ledger_table.scan()
    assert (line["r"], line["c"], line["f"]) == ("search.example", "AZ", "phone")
    assert (line["s"], line.get("k")) == ("other", None)


@pytest.mark.parametrize(
    ("body", "source", "campaign"),
    [
        ({"referrer": "/"}, "home", None),
        ({"referrer": "//other.example:8080/news/264384"}, "article", None),
        ({"referrer": ""}, "none", None),
        ({}, None, None),
        ({"query": ["utm_campaign=Spring%20Fair", "via=mail"]}, "mail", "spring fair"),
        ({"referrer": "https://t.co", "query": [7, None, "utm_source=a"]}, "social", "a"),
        ({"referrer": "https://t.co", "query": "utm_source=a"}, "social", None),
    ],
)
def test_a_view_tells_where_its_reader_came_from(
    library: Container, body: dict[str, object], source: str | None, campaign: str | None
) -> None:
    assert told(post(body=body, headers={"origin": "http://other.example:8080"}))["counted"]
    (line,) = library.ledger_table.scan()
    assert (line.get("s"), line.get("k")) == (source, campaign)


def test_a_long_address_costs_no_view(library: Container) -> None:
    query = [f"utm_source={'x' * 8_000}"]
    assert told(post(body={"referrer": f"/{'x' * 8_000}", "query": query}))["counted"]
    (line,) = library.ledger_table.scan()
    assert line["k"] == "x" * 64


@pytest.mark.parametrize(
    "body",
    [
        {"referrer": "https://news.example/other-article"},
        {"referrer": "https://shop.example/"},
        {"referrer": 7, "width": "wide"},
        {"referrer": "no host", "width": -1},
        {"referrer": "", "width": 0.5},
        {"referrer": None, "width": True},
    ],
)
def test_own_links_and_nonsense_tell_no_host_and_the_view_counts(
    library: Container, monkeypatch: pytest.MonkeyPatch, body: dict[str, object]
) -> None:
    settings_with(monkeypatch, ALLOWED_ORIGINS="https://shop.example")
    assert told(post(body=body, headers={"origin": "https://shop.example"}))["counted"]
    (line,) = library.ledger_table.scan()
    assert not {"r", "c", "f"} & set(line)


@pytest.mark.parametrize(
    "address", ["2001:db8:{}::1:80", "[2001:db8:{}::1]", "198.51.100.{}", "::ffff:198.51.100.{}"]
)
def test_two_viewers_behind_a_proxy_are_two_visitors(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    settings_with(monkeypatch, ORIGIN_SECRET="s")
    for number in (1, 2):
        sent = address.format(number)
        headers = {"x-origin-secret": "s", "cloudfront-viewer-address": sent}
        answer = told(post(headers=headers, request_id=f"r{number}"))
        assert answer["counted"]


def test_views_of_one_loading_of_a_page_have_nothing_in_common_in_the_ledger(
    library: Container,
) -> None:
    publish_all(library, "other")
    for article in ("harbour-clock", "other"):
        for _ in range(2):  # the same hit again
            assert told(post(article, body={"nonce": "0.25"}))["counted"]
    first, second = library.ledger_table.scan()
    assert first["x"] != second["x"]
    assert not first["xs"] & second["xs"]


def test_an_address_that_floods_is_refused_before_any_table_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(BURST):
        assert post(request_id=f"r{number}", address="2001:db8::1")["statusCode"] == 200
    books = container().books
    monkeypatch.setattr(type(books), "count", lambda *_, **__: pytest.fail("a table was asked"))
    answer = post(address="2001:db8::2")  # the same /64
    assert told(answer, 429)["title"] == "Too Many Requests"
    assert answer["headers"]["retry-after"] == "1"
    assert told(post("nobody", address="2001:db8::2"), 429)
    monkeypatch.undo()
    assert post(address="2001:db8::2", at=NOW + timedelta(seconds=1))["statusCode"] == 200


def test_only_pages_of_the_allowed_origins_count(monkeypatch: pytest.MonkeyPatch) -> None:
    settings_with(monkeypatch, ALLOWED_ORIGINS="https://news.example,https://m.news.example")
    assert told(post(headers={"origin": "https://m.news.example"}))["counted"]
    for headers in ({"origin": "https://evil.example"}, {}):
        assert told(post(headers=headers), 403)["title"] == "Forbidden"


def test_filtered_hits_are_one_line_of_metrics_a_minute(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for second in (0, 20, 40, 60):
        post(headers={"user-agent": "Googlebot/2.1"}, at=NOW + timedelta(seconds=second))
        post(headers={"sec-gpc": "1"}, at=NOW + timedelta(seconds=second))
        post(request_id=f"r{second}", at=NOW + timedelta(seconds=second))
    first, second_line = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["FilteredBot"] == [1.0]
    assert "FilteredPrivacy" not in first
    assert (second_line["FilteredBot"], second_line["FilteredPrivacy"]) == ([3.0], [3.0])


def test_a_view_is_no_word_in_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    post(request_id="r1")
    post(request_id="r2")
    assert capfd.readouterr() == ("", "")


def test_a_beacon_may_send_json_as_plain_text() -> None:
    assert told(post(body='{"nonce":"n1"}', headers={"content-type": "text/plain"}))["counted"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ({"nonce": 1}, 422),
        ({"nonce": []}, 422),
        ({"nonce": "x" * 65}, 422),
        ({"referrer": "x" * 16_384}, 413),
    ],
)
def test_a_bad_body_is_refused_and_counts_nothing(body: object, status: int) -> None:
    assert told(post(body=body), status)["status"] == status
    assert views()["views"] == 346


def test_a_nonce_may_hold_half_a_surrogate_pair() -> None:
    assert told(post(body='{"nonce":"\\ud800"}'))["counted"]


def test_nobody_can_view_or_count_an_article_before_it_appears() -> None:
    body = submitted(id="embargoed", published="2026-03-14T15:09:27Z")
    event = http_event("PUT /articles/{id}", path={"id": "embargoed"}, body=body)
    publish_articles.handler(event, None)
    assert told(post("embargoed"), 404)
    event = http_event("GET /articles/{id}/views", path={"id": "embargoed"})
    assert told(read_articles.handler(event, None), 404)
    assert told(post("embargoed", at=NOW + timedelta(seconds=1)))["views"] == 1


@pytest.mark.parametrize("article_id", ["nobody", "Not an id"])
def test_an_unknown_article_is_not_found(article_id: str) -> None:
    assert told(post(article_id), 404)["title"] == "Not Found"


def test_the_tally_makes_views_public_and_asks_for_no_batch_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    event = stream_event(record(1), record(2))
    for _ in range(2):
        assert tally_views.handler(event, None) == {"state": {}, "batchItemFailures": []}
    assert views() == {
        "article": "harbour-clock",
        "views": 348,
        "visitors": 2,
        "as_of": "2026-03-14T15:09:26Z",
    }
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["ViewsTallied"] == second["LinesDropped"] == [2.0]
    assert "LinesDropped" not in first
    assert "ViewsTallied" not in second


def test_a_malformed_record_is_told_as_a_metric(capsys: pytest.CaptureFixture[str]) -> None:
    tally_views.handler(stream_event({"eventName": "INSERT"}, record(1)), None)
    metrics = json.loads(capsys.readouterr().out)
    assert (metrics["ViewsTallied"], metrics["LinesMalformed"]) == ([1.0], [1.0])


def test_the_tally_refuses_a_batch_of_no_known_shard() -> None:
    with pytest.raises(MalformedBatch):
        tally_views.handler(stream_event(record(1), shard=None), None)


def test_salts_rotate_by_the_time_of_the_schedule(store: Container) -> None:
    post(at=NOW)
    for time, deleted in (("00:20:00", []), ("00:30:00", ["2026-03-14"])):  # the repeat window
        told = rotate_salts.handler({"time": f"2026-03-15T{time}Z"}, None)
        assert told == {"deleted": deleted}
    assert store.salts.days() == ["2026-03-15"]


AFTER_MIDNIGHT = datetime(2026, 3, 15, 0, 45, tzinfo=UTC)  # the repeat window is 30 minutes
HOUR = 3_600_000


def test_a_hit_that_began_before_a_midnight_long_past_is_late_and_a_retry_is_not(
    store: Container,
) -> None:
    born = AFTER_MIDNIGHT - timedelta(hours=1)
    assert told(post(at=born, body={"nonce": "n1", "age": 0}))["counted"]
    rotate_salts.handler({"time": "2026-03-15T00:30:00Z"}, None)
    late = told(post(at=AFTER_MIDNIGHT, body={"nonce": "n1", "age": HOUR}))
    assert (late["counted"], late["reason"], late["views"]) == (False, "late", 346)
    assert store.filtered.of("harbour-clock", ["2026-03-15"])["late"] == 1
    young = told(post(at=AFTER_MIDNIGHT, body={"nonce": "n2", "age": HOUR // 2}))
    assert young["counted"]
    again = post(at=AFTER_MIDNIGHT + timedelta(hours=1), body={"nonce": "n2", "age": 2 * HOUR})
    assert told(again)["counted"]


@pytest.mark.parametrize(
    "age",
    [None, True, -1, -HOUR, 3.6e6, "3600000", [HOUR], {"ms": HOUR}, ""],
)
def test_what_is_no_age_is_as_none_and_spoils_nothing(age: object) -> None:
    post(at=AFTER_MIDNIGHT - timedelta(hours=1), body={"nonce": "n1"})
    rotate_salts.handler({"time": "2026-03-15T00:30:00Z"}, None)
    assert told(post(at=AFTER_MIDNIGHT, body={"nonce": "n2", "age": age}))["counted"]


@pytest.mark.parametrize("age", [604_800_000, 604_800_001, 10**400])
def test_a_hit_of_a_page_that_was_left_open_for_weeks_is_late(age: int) -> None:
    rotate_salts.handler({"time": "2026-03-14T12:00:00Z"}, None)
    rotate_salts.handler({"time": "2026-03-15T00:30:00Z"}, None)
    late = told(post(at=AFTER_MIDNIGHT, body={"nonce": "n1", "age": age}))
    assert (late["counted"], late["reason"]) == (False, "late")


@pytest.mark.parametrize("width", [True, False, 390.5, "390", None])
def test_what_is_no_width_is_left_out(store: Container, width: object) -> None:
    assert told(post(body={"nonce": "n1", "width": width}))["counted"]
    (line,) = store.ledger_table.scan()
    assert "f" not in line


def test_a_request_that_outlives_its_day_is_answered_503(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    last = datetime(2026, 3, 14, 23, 59, 59, tzinfo=UTC)
    ticks = iter([last, last + timedelta(seconds=50), last, last + timedelta(seconds=61)])

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cast("Clock", next(ticks).astimezone(tz))

    monkeypatch.setattr(record_view, "datetime", Clock)
    assert told(post(at=last, body={"nonce": "n1"}))["counted"]
    assert post(at=last, address="192.0.2.9", body={"nonce": "n2"})["statusCode"] == 503
