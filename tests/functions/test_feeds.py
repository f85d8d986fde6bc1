"""The feeds over HTTP: what they show, when it changes, and what a request costs."""

import base64
import gzip
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import pytest

from circulation.articles.library import Library
from circulation.aws.sdk import session
from circulation.runtime import Container, container
from circulation.segment import decode_segment, encode_segment
from functions import publish_articles, rank_popular, serve_digests, serve_feeds, tally_views
from tests.builders import NOW, http_event, record, stream_event, submitted

pytestmark = pytest.mark.usefixtures("store")

LATER = NOW + timedelta(minutes=10)
ATOM = "{http://www.w3.org/2005/Atom}"
SECTION = "/sections/{section}/feed.rss"
FEEDS = [
    f"{path}/feed.{ending}"
    for path in ("", "/sections/{section}", "/tags/{tag}", "/authors/{author}", "/popular")
    for ending in ("rss", "atom", "json")
]
NAMES = {"section": "city", "tag": "sea & <sky>", "author": "Əli, 100%"}


def put(article_id: str = "harbour-clock", at: datetime = NOW, **changes: Any) -> None:
    body = submitted(tags=[NAMES["tag"]], author=NAMES["author"]) | submitted(
        **{"id": article_id} | changes
    )
    body |= {"tags": changes.get("tags", [NAMES["tag"]])}
    body |= {"author": changes.get("author", NAMES["author"])}
    event = http_event("PUT /articles/{id}", path={"id": article_id}, body=body, at=at)
    assert publish_articles.handler(event, None)["statusCode"] < 300


def delete(article_id: str = "harbour-clock", at: datetime = NOW) -> None:
    event = http_event("DELETE /articles/{id}", path={"id": article_id}, at=at)
    assert publish_articles.handler(event, None)["statusCode"] == 204


def get(
    route: str = "/feed.rss",
    at: datetime = LATER,
    *,
    method: str = "GET",
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    **headers: Any,
) -> dict[str, Any]:
    names = {name: value for name, value in NAMES.items() if f"{{{name}}}" in route} | (path or {})
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    event = http_event(f"{method} {route}", path=names, query=query or {}, headers=told, at=at)
    return serve_feeds.handler(event, None)


def text(answer: dict[str, Any]) -> str:
    body: str = answer["body"]
    if not answer["isBase64Encoded"]:
        return body
    return gzip.decompress(base64.b64decode(body)).decode()


def ids(route: str = "/feed.json", at: datetime = LATER, **asked: Any) -> list[str]:
    answer = get(route.replace(".rss", ".json"), at, **asked)
    assert answer["statusCode"] in (200, 226), answer
    return [each["id"].rpartition("/")[2] for each in json.loads(text(answer))["items"]]


def status(route: str, at: datetime = LATER, **asked: Any) -> int:
    return int(get(route, at, **asked)["statusCode"])


def link(answer: dict[str, Any], relation: str) -> list[str]:
    told = answer["headers"]["link"].split(", ")
    return [each[1 : each.index(">")] for each in told if f'rel="{relation}"' in each]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The operations that a fresh container asks of AWS."""
    made: list[str] = []

    def listen(event_name: str, **_: object) -> None:
        made.append(event_name.rpartition(".")[2])

    session().register("before-parameter-build", listen)
    container.cache_clear()
    yield made
    session().unregister("before-parameter-build", listen)
    assert monkeypatch


@pytest.mark.parametrize("route", FEEDS)
def test_every_feed_names_itself_its_formats_and_how_long_it_may_be_kept(route: str) -> None:
    put()
    answer = get(route)
    headers = answer["headers"]
    assert answer["statusCode"] == 200
    assert headers["cache-control"] == "public, max-age=900"
    ending = route.rpartition(".")[2]
    media_type = {"rss": "rss+xml", "atom": "atom+xml", "json": "feed+json"}[ending]
    assert headers["content-type"] == f"application/{media_type}; charset=utf-8"
    (own,) = link(answer, "self")
    assert decode_segment(unquote(own)) == f"https://api.example{route}".format(**NAMES)
    assert len(link(answer, "alternate")) == 2
    assert f'"{own}"' in answer["body"]


@pytest.mark.parametrize("route", FEEDS)
def test_head_and_304_and_gzip_are_answered_for_every_feed(route: str) -> None:
    put(body=f"<p>{'word ' * 300}</p>")
    plain = get(route)
    zipped = get(route, accept_encoding="gzip")
    assert gzip.decompress(base64.b64decode(zipped["body"])).decode() == plain["body"]
    head = get(route, method="HEAD")
    assert (head["statusCode"], head["body"]) == (200, "")
    assert head["headers"]["content-length"] == str(len(plain["body"].encode()))
    for answer in (plain, zipped):
        encoding: dict[str, Any] = {"accept_encoding": "gzip"} if answer is zipped else {}
        again = get(route, if_none_match=answer["headers"]["etag"], **encoding)
        assert (again["statusCode"], again["body"]) == (304, "")
        assert again["headers"]["etag"] == answer["headers"]["etag"]
        assert again["headers"]["cache-control"] == "public, max-age=900"
    assert plain["headers"]["etag"] != zipped["headers"]["etag"]


@pytest.mark.parametrize(
    ("route", "read"),
    [(each, "BatchGetItem" if "popular" in each else "GetItem") for each in FEEDS],
)
def test_a_304_takes_one_small_read_in_a_container_that_knows_nothing(
    route: str, read: str, calls: list[str]
) -> None:
    put()
    etag = get(route)["headers"]["etag"]
    container.cache_clear()
    calls.clear()
    assert status(route, if_none_match=etag) == 304
    assert calls == [read]


def test_a_repeated_request_takes_one_small_read_and_is_not_written_again(
    calls: list[str],
) -> None:
    put()
    first = get(accept_encoding="gzip")
    calls.clear()
    assert get(accept_encoding="gzip") == first
    assert calls == ["GetItem"]


def test_if_none_match_wins_over_if_modified_since() -> None:
    put()
    headers = get()["headers"]
    assert headers["last-modified"] == "Sat, 14 Mar 2026 15:09:26 GMT"
    since = {"if_modified_since": headers["last-modified"]}
    assert status("/feed.rss", **since) == 304
    assert status("/feed.rss", **since, if_none_match='"other"') == 200
    assert status("/feed.rss", if_modified_since="Sat, 14 Mar 2026 15:09:25 GMT") == 200
    assert status("/feed.rss", if_modified_since="Sat, 14 Mar 2026 15:10:25 GMT") == 304
    assert status("/feed.rss", if_modified_since="yesterday") == 200


def test_no_time_of_change_is_told_within_the_second_in_which_more_may_come() -> None:
    put()
    assert "last-modified" not in get(at=NOW)["headers"]


@pytest.mark.parametrize("accept", ["text/html", "application/json;q=0", "image/*", ""])
def test_no_accept_header_is_ever_refused(accept: str) -> None:
    assert status("/feed.rss", accept=accept) == 200


def test_a_published_article_is_in_its_own_feeds_at_once_and_in_no_other() -> None:
    put("old", section="sport", tags=["x"], author="B")
    other = get(SECTION, path={"section": "sport"})["headers"]["etag"]
    site = get()["headers"]["etag"]
    put("new", published="2026-03-14T13:00:00+04:00")
    assert ids() == ["new", "old"]
    for route in FEEDS[3:12]:
        assert ids(route.replace("atom", "json")) == ["new"]
    assert status("/feed.rss", if_none_match=site) == 200
    assert status(SECTION, path={"section": "sport"}, if_none_match=other) == 304


def test_an_edit_shows_at_once_and_keeps_its_guid() -> None:
    put()
    before = get()
    put(title="Another headline", at=NOW)
    after = get(if_none_match=before["headers"]["etag"])
    assert after["statusCode"] == 200
    guids = [
        ET.fromstring(answer["body"]).findtext("channel/item/guid")  # noqa: S314
        for answer in (before, after)
    ]
    assert guids[0] == guids[1] == "tag:news.example,2026:articles/harbour-clock"
    assert "Another headline" in after["body"]


def test_the_same_submission_again_changes_no_feed() -> None:
    put()
    etag = get()["headers"]["etag"]
    put(at=LATER)
    assert status("/feed.rss", if_none_match=etag) == 304


def test_a_move_to_another_section_shows_at_once_and_retires_the_empty_one() -> None:
    put()
    put(section="sport", at=NOW)
    assert ids("/sections/{section}/feed.json", path={"section": "sport"}) == ["harbour-clock"]
    assert status(SECTION) == 410
    put("another")
    assert ids("/sections/{section}/feed.json") == ["another"]


def test_an_unpublished_article_is_out_of_every_feed_at_once() -> None:
    put("stays", tags=["x"], author="B")
    put()
    assert ids() == ["stays", "harbour-clock"]
    delete()
    assert ids() == ids("/sections/{section}/feed.json") == ["stays"]
    assert status("/tags/{tag}/feed.rss") == status("/authors/{author}/feed.atom") == 410


@pytest.mark.parametrize("name", ["nowhere", "x" * 101, "x" * 5_000, " city", "city\n"])
def test_a_section_that_never_was_is_not_found(name: str) -> None:
    put()
    answer = get(SECTION, path={"section": name})
    assert answer["statusCode"] == 404
    assert answer["headers"]["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", ["Жизнь", "100%", "a?b#c", "%2F", "+ &", "~3F", "a\\b;c"])
def test_a_name_of_any_characters_has_its_feeds(name: str) -> None:
    put(section=name)
    segment = encode_segment(name)
    # As it arrives decoded once, twice, and from an address that was percent-encoded.
    answers = [
        get(SECTION, path={"section": arriving})
        for arriving in (unquote(segment), unquote(unquote(segment)), name)
        if decode_segment(arriving) == name
    ]
    answer = answers[0]
    assert answer["statusCode"] == 200
    assert answers == [answer] * len(answers)
    assert len(answers) == (2 if name == "~3F" else 3)
    (own,) = link(answer, "self")
    assert own == f"https://api.example/sections/{segment}/feed.rss"
    assert decode_segment(unquote(own)) == f"https://api.example/sections/{name}/feed.rss"


def test_a_future_article_shows_when_its_time_comes_though_nobody_writes() -> None:
    put("now")
    put("coming", published="2026-03-14T15:30:00Z", section="later")
    before, due = NOW + timedelta(minutes=20), datetime.fromisoformat("2026-03-14T15:30:00Z")
    first = get(at=before)
    assert ids(at=before) == ["now"]
    assert status(SECTION, before, path={"section": "later"}) == 404
    assert "later" not in text(get("/feeds.opml", before))
    etag = first["headers"]["etag"]
    assert status("/feed.rss", due - timedelta(seconds=1), if_none_match=etag) == 304
    assert status("/feed.rss", due, if_none_match=etag) == 200
    assert ids(at=due) == ["coming", "now"]
    assert ids("/sections/{section}/feed.json", due, path={"section": "later"}) == ["coming"]
    assert "later" in text(get("/feeds.opml", due))
    much_later = due + timedelta(hours=1)
    assert get(at=much_later)["headers"]["last-modified"] == "Sat, 14 Mar 2026 15:30:00 GMT"
    delete("coming", at=much_later)
    assert status(SECTION, much_later, path={"section": "later"}) == 410


def test_a_future_article_that_is_withdrawn_was_never_there() -> None:
    put("coming", published="2026-03-14T15:30:00Z", section="later")
    delete("coming")
    assert status(SECTION, NOW + timedelta(hours=1), path={"section": "later"}) == 404


def test_a_future_article_that_is_moved_shows_at_its_new_time_alone() -> None:
    put("coming", published="2026-03-14T15:30:00Z")
    put("coming", published="2026-03-14T16:30:00Z")
    early, due = "2026-03-14T15:40:00Z", "2026-03-14T16:30:00Z"
    assert ids(at=datetime.fromisoformat(early)) == []
    assert ids(at=datetime.fromisoformat(due)) == ["coming"]


def test_what_waits_in_an_edition_is_forgotten_once_it_has_come(store: Container) -> None:
    for minute in range(30, 40):
        put(f"a{minute}", published=f"2026-03-14T15:{minute}:00Z")
    put("last", at=NOW + timedelta(hours=2))
    (item,) = (each for each in store.library_table.query("EDITION") if each["sk"] == "all")
    assert "due" not in item
    assert "open" not in item


def test_a_change_whose_function_died_before_it_was_told_is_seen_a_minute_later(
    monkeypatch: pytest.MonkeyPatch, store: Container
) -> None:
    put("first")
    etag = get(at=NOW)["headers"]["etag"]

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(type(store.catalogue.editions), "close", die)
        with pytest.raises(SystemExit):
            put("second")
    assert status("/feed.rss", NOW + timedelta(seconds=61), if_none_match=etag) == 200
    assert ids(at=NOW + timedelta(seconds=61)) == ["second", "first"]


@pytest.mark.parametrize("back", [timedelta(minutes=2), timedelta(hours=1), timedelta(days=60)])
def test_an_edit_after_the_clock_was_set_back_reaches_every_reader(back: timedelta) -> None:
    put(published="2020-01-01T00:00:00Z")
    put("other")
    answer = get()["headers"]
    edited = LATER - back
    put(title="Edited", published="2020-01-01T00:00:00Z", at=edited)
    caught_up = LATER + timedelta(minutes=1)
    for at in (edited, edited + timedelta(minutes=1), caught_up):
        assert status("/feed.rss", at, if_modified_since=answer["last-modified"]) == 200
        asked = {"if_none_match": answer["etag"], "a_im": "feed"}
        assert "Edited" in text(get("/feed.rss", at, **asked))
    # Who has the newest has it.
    newest = get(at=caught_up)["headers"]["last-modified"]
    assert status("/feed.rss", caught_up, if_modified_since=newest) == 304


def test_who_asks_with_a_im_gets_only_what_changed() -> None:
    for number in range(5):
        put(f"a{number}", at=NOW - timedelta(hours=3))
    put("last", at=NOW - timedelta(hours=1))
    etag = get(at=NOW)["headers"]["etag"]
    put("a2", title="Edited")
    put("new", published="2026-03-14T13:00:00+04:00")
    asked = {"if_none_match": etag, "a_im": "gzip;q=0, feed"}
    answer = get("/feed.rss", LATER, **asked)
    assert answer["statusCode"] == 226
    assert answer["headers"]["im"] == "feed"
    assert answer["headers"]["cache-control"] == "no-store, im"
    assert answer["headers"]["etag"] == get()["headers"]["etag"]
    told = ET.fromstring(answer["body"]).findall("channel/item/guid")  # noqa: S314
    # The last one that the client knows may have been on its way with others.
    assert [(each.text or "").rpartition("/")[2] for each in told] == ["new", "last", "a2"]
    assert status("/feed.rss", if_none_match=answer["headers"]["etag"], a_im="feed") == 304


@pytest.mark.parametrize(
    "headers",
    [
        {"a_im": "feed;q=0"},
        {"a_im": "gzip"},
        {"a_im": "feed", "if_none_match": '"of another site"'},
        {"a_im": "feed", "if_none_match": ""},
        {},
    ],
)
def test_everybody_else_gets_the_whole_feed(headers: dict[str, str]) -> None:
    put("old", at=NOW - timedelta(hours=1))
    etag = get(at=NOW)["headers"]["etag"]
    put("new")
    asked = {"if_none_match": etag} | headers
    assert get("/feed.rss", LATER, **asked)["statusCode"] == 200


def test_an_edition_of_another_format_says_nothing_of_this_one() -> None:
    put("old", at=NOW - timedelta(hours=3))
    put("last", at=NOW - timedelta(hours=1))
    etag = get("/feed.atom", NOW)["headers"]["etag"]
    put("new")
    assert status("/feed.rss", if_none_match=etag, a_im="feed") == 200
    assert status("/feed.atom", if_none_match=etag, a_im="feed") == 226


def test_who_asks_with_a_im_when_everything_or_nothing_new_is_there_gets_the_whole_feed() -> None:
    put("old", at=NOW - timedelta(hours=1))
    put("gone", at=NOW - timedelta(hours=1))
    etag = get(at=NOW)["headers"]["etag"]
    delete("gone")
    assert status("/feed.rss", if_none_match=etag, a_im="feed") == 200
    put("old", title="Edited")
    assert status("/feed.rss", if_none_match=etag, a_im="feed") == 200


def test_an_article_whose_time_came_is_among_the_changes() -> None:
    put("old", at=NOW - timedelta(hours=3))
    put("coming", published="2026-03-14T15:30:00Z", at=NOW - timedelta(hours=2))
    etag = get("/feed.json", NOW)["headers"]["etag"]
    due = NOW + timedelta(hours=1)
    assert ids("/feed.json", due, if_none_match=etag, a_im="feed") == ["coming"]


def test_pages_lead_through_all_articles_and_stay_the_same_whatever_comes_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FEED_ITEMS", "2")
    container.cache_clear()
    for number in range(5):
        put(f"a{number}", published=f"2026-03-1{number}T00:00:00Z")
    first = get("/feed.json")
    (following,) = link(first, "next")
    assert json.loads(first["body"])["next_url"] == following
    before = {"before": following.partition("before=")[2]}
    second = get("/feed.json", query=before)
    assert [each["id"][-2:] for each in json.loads(second["body"])["items"]] == ["a2", "a1"]
    (last,) = link(second, "next")
    third = get("/feed.json", query={"before": last.partition("before=")[2]})
    assert [each["id"][-2:] for each in json.loads(third["body"])["items"]] == ["a0"]
    assert not link(third, "next")
    assert "next_url" not in json.loads(third["body"])
    put("newer")
    assert get("/feed.json", query=before) == second
    etag = second["headers"]["etag"]
    assert status("/feed.json", query=before, if_none_match=etag) == 304
    assert status("/feed.json", query={"before": "x"}) == 422


def test_a_page_of_older_articles_shows_their_edits_and_not_who_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FEED_ITEMS", "2")
    container.cache_clear()
    for number in range(4):
        put(f"a{number}", published=f"2026-03-1{number}T00:00:00Z")
    (following,) = link(get("/feed.json"), "next")
    before = {"before": following.partition("before=")[2]}
    delete("a1")
    assert ids("/feed.json", query=before) == ["a0"]


def test_the_domain_that_readers_use_and_the_authority_are_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("API_URL", "https://feeds.example/")
    monkeypatch.setenv("FEED_AUTHORITY", "old.example")
    container.cache_clear()
    put()
    answer = get()
    assert link(answer, "self") == ["https://feeds.example/feed.rss"]
    assert "tag:old.example,2026:articles/harbour-clock" in answer["body"]
    assert 'xmlUrl="https://feeds.example/feed.rss"' in text(get("/feeds.opml"))


@pytest.mark.parametrize(
    ("route", "title", "page"),
    [
        ("/feed.json", "The Daily Example", "https://news.example/"),
        ("/sections/{section}/feed.json", "The Daily Example: city (section)", "https://news.example/s/city"),
        ("/popular/feed.json", "The Daily Example: Most read (24h)", "https://news.example/"),
    ],
)  # fmt: skip
def test_a_feed_says_what_it_is_and_links_there(
    route: str, title: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECTION_URL", "https://news.example/s/{name}")
    container.cache_clear()
    put()
    feed = json.loads(get(route)["body"])
    assert (feed["title"], feed["home_page_url"]) == (title, page)
    assert 'htmlUrl="https://news.example/s/city"' in text(get("/feeds.opml"))


def test_a_feed_says_what_it_is_in_the_publications_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PUBLICATION_LANGUAGE", "az")
    container.cache_clear()
    put()
    section = json.loads(
        get("/popular/feed.json", query={"window": "7d", "section": "city"})["body"]
    )
    assert section["title"] == "The Daily Example: Ən çox oxunanlar: city (7d)"
    assert json.loads(get("/sections/{section}/feed.json")["body"])["title"].endswith(
        "city (bölmə)"
    )


def test_max_age_page_size_and_summaries_are_parameters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FEED_MAX_AGE_MINUTES", "60")
    monkeypatch.setenv("FEED_ITEMS", "1")
    monkeypatch.setenv("FEED_CONTENT", "summary")
    container.cache_clear()
    put("a", body="<p>All of it</p>", summary="In short")
    put("b", body="<p>All of it</p>", summary="In short")
    answer = get()
    assert answer["headers"]["cache-control"] == "public, max-age=3600"
    assert "<ttl>60</ttl>" in answer["body"]
    assert answer["body"].count("<item>") == 1
    assert "All of it" not in answer["body"]


def test_another_setting_is_another_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    put()
    etag = get()["headers"]["etag"]
    monkeypatch.setenv("PUBLICATION_TITLE", "Another name")
    container.cache_clear()
    assert status("/feed.rss", if_none_match=etag) == 200


def test_the_most_read_are_a_feed_with_their_views_in_json_alone() -> None:
    put("viewed", views_before=346)
    put("other")
    records = (record(number, "viewed") for number in range(1, 3))
    tally_views.handler(stream_event(*records, record(3, "other")), None)
    etag = get("/popular/feed.json")["headers"]["etag"]
    rank_popular.handler({"time": "2026-03-14T15:10:00Z"}, None)
    answer = get("/popular/feed.json", if_none_match=etag)
    items = json.loads(answer["body"])["items"]
    assert [each["_views"] for each in items] == [
        {"window": "24h", "views": 2},
        {"window": "24h", "views": 1},
    ]
    assert ids("/popular/feed.json", query={"window": "all", "section": "city"}) == [
        "viewed",
        "other",
    ]
    delete("viewed")
    assert ids("/popular/feed.json") == ["other"]
    assert "346" not in get("/popular/feed.rss")["body"]
    assert "_views" not in get("/feed.json")["body"]
    assert status("/popular/feed.rss", query={"window": "2h"}) == 422
    assert status("/popular/feed.rss", query={"section": "x" * 101}) == 422


def test_the_views_are_in_no_main_feed_so_that_counting_changes_none() -> None:
    put(views_before=346)
    first = get()
    tally_views.handler(stream_event(record(1)), None)
    assert get() == first
    assert "346" not in first["body"]


def outlines(opml: str) -> list[tuple[str, str]]:
    """Give the name and the address of each feed in a list of them."""
    feeds = [each for each in ET.fromstring(opml).iter("outline") if each.get("xmlUrl")]  # noqa: S314
    return [(each.attrib["text"], decode_segment(unquote(each.attrib["xmlUrl"]))) for each in feeds]


@pytest.mark.parametrize("mail", [True, False])
def test_opml_lists_every_feed_that_has_articles(
    *, mail: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not mail:
        monkeypatch.setenv("MAIL_SENDER", "")
        container.cache_clear()
    put()
    put("gone", section="retired")
    delete("gone")
    answer = get("/feeds.opml")
    assert answer["headers"]["content-type"] == "text/x-opml; charset=utf-8"
    digests = ("The Daily Example: Digests", "https://api.example/digests/feed.rss")
    assert outlines(answer["body"]) == [
        ("The Daily Example", "https://api.example/feed.rss"),
        ("The Daily Example: Most read (24h)", "https://api.example/popular/feed.rss"),
        *([digests] if mail else []),
        ("city", "https://api.example/sections/city/feed.rss"),
        (NAMES["author"], f"https://api.example/authors/{NAMES['author']}/feed.rss"),
        (NAMES["tag"], f"https://api.example/tags/{NAMES['tag']}/feed.rss"),
    ]


def test_a_list_of_feeds_names_the_digests_as_their_feed_does() -> None:
    put()
    name = next(name for name, url in outlines(get("/feeds.opml")["body"]) if "/digests/" in url)
    feed = serve_digests.handler(http_event("GET /digests/feed.json"), None)
    assert json.loads(feed["body"])["title"] == name


def test_the_sitemap_has_every_article_and_when_it_was_revised() -> None:
    put("a", url="https://news.example/a?b=1&c=2", published="2026-01-01T00:00:00Z")
    put("b", url="https://news.example/b", updated="2026-03-14T10:00:00Z")
    put("coming", published="2026-03-15T00:00:00Z")
    answer = get("/sitemap.xml")
    assert answer["headers"]["content-type"] == "application/xml; charset=utf-8"
    assert "coming" not in answer["body"]
    assert "<loc>https://news.example/a?b=1&amp;c=2</loc><lastmod>2026-01-01" in answer["body"]
    assert "/b</loc><lastmod>2026-03-14T10:00:00Z</lastmod>" in answer["body"]
    put("a", url="https://news.example/moved", published="2026-01-01T00:00:00Z")
    assert "https://news.example/moved<" in get("/sitemap.xml")["body"]


@pytest.fixture
def of_months(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an index of months even for a small site, and every article be a milestone."""
    monkeypatch.setattr("circulation.feeds.selection.FEW_MILESTONES", 0)
    monkeypatch.setattr("circulation.articles.library.is_milestone", lambda *_: True)


@pytest.mark.usefixtures("of_months")
def test_a_large_site_has_a_sitemap_for_each_month_in_an_index() -> None:
    put("old", url="https://news.example/old", published="2025-12-31T23:59:59Z")
    put("new", url="https://news.example/new", published="2026-03-01T00:00:00Z")
    put("coming", url="https://news.example/coming", published="2026-03-15T00:00:00Z")
    put("later", url="https://news.example/later", published="2026-04-01T00:00:00Z")
    address = "<loc>https://api.example/sitemap.xml?month="
    written = get("/sitemap.xml")["body"]
    assert f"{address}2025-12</loc><lastmod>2026-03-14T15:09:26Z</lastmod>" in written
    assert (written.count("<loc>"), f"{address}2026-03<" in written) == (2, True)
    assert locations("2025-12") == ["old"]
    assert locations("2026-03") == ["new"]
    assert status("/sitemap.xml", query={"month": "2026-04"}) == 404
    due = NOW + timedelta(days=30)
    assert locations("2026-03", at=due) == ["new", "coming"]
    assert f"{address}2026-04</loc><lastmod>2026-04-01" in get("/sitemap.xml", due)["body"]
    delete("old")
    assert status("/sitemap.xml", query={"month": "2025-12"}) == 410
    assert "2025-12" not in get("/sitemap.xml")["body"]


@pytest.mark.usefixtures("of_months")
def test_the_sitemap_of_a_large_month_has_parts_which_have_every_article_once() -> None:
    for number in range(14):
        put(f"a{number}", url=f"https://news.example/a{number}", published="2026-03-01T00:00:00Z")
    assert "sitemap.xml?month=2026-03&amp;part=3</loc>" in get("/sitemap.xml")["body"]
    parts = [locations("2026-03", part=str(number)) for number in (1, 2, 3)]
    assert [len(part) for part in parts] == [4, 4, 6]
    found = [name for part in parts for name in part]
    assert found == sorted(f"a{number}" for number in range(14))
    assert status("/sitemap.xml", query={"month": "2026-03", "part": "4"}) == 404


@pytest.mark.usefixtures("of_months")
def test_no_part_of_a_month_has_only_articles_that_are_to_appear_later() -> None:
    for number in range(14):
        put(
            f"a{number}",
            url=f"https://news.example/a{number}",
            published=f"2026-03-{9 + number:02}T00:00:00Z",
        )
    found = []
    for days in (0, 8):
        at = NOW + timedelta(days=days)
        named = get("/sitemap.xml", at)["body"].count("<loc>")
        parts = [locations("2026-03", at=at, part=str(part + 1)) for part in range(named)]
        found.append(list(map(len, parts)))
        past_the_last = {"month": "2026-03", "part": str(named + 1)}
        assert status("/sitemap.xml", at, query=past_the_last) == 404
    assert found == [[6], [4, 4, 6]]


@pytest.mark.usefixtures("of_months")
def test_a_month_that_did_not_change_is_not_read_again() -> None:
    put("old", url="https://news.example/old", published="2025-12-31T23:59:59Z")
    put("new", url="https://news.example/new", published="2026-03-01T00:00:00Z")
    tag = get("/sitemap.xml", query={"month": "2025-12"})["headers"]["etag"]
    put("new", url="https://news.example/moved", published="2026-03-01T00:00:00Z")
    container.cache_clear()
    with patch.object(Library, "pages", side_effect=AssertionError):
        again = get("/sitemap.xml", query={"month": "2025-12"}, **{"if-none-match": tag})
    assert again["statusCode"] == 304
    assert locations("2026-03") == ["moved"]


@pytest.mark.parametrize(
    "query", [{"month": "2026-13"}, {"month": ""}, {"month": "2026-03", "part": "0"}]
)
def test_what_is_no_month_and_no_part_is_refused(query: dict[str, str]) -> None:
    assert status("/sitemap.xml", query=query) == 422


def test_the_pages_that_sitemaps_had_before_lead_to_the_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = get("/sitemap.xml", query={"page": "3"})
    assert answer["statusCode"] == 301
    assert answer["headers"]["location"] == "https://api.example/sitemap.xml"
    monkeypatch.setenv("API_URL", "https://feeds.example")
    container.cache_clear()
    moved = get("/sitemap.xml", query={"page": "3"})
    assert moved["headers"]["location"] == "https://feeds.example/sitemap.xml"


def locations(month: str, *, at: datetime = NOW, part: str = "1") -> list[str]:
    written = get("/sitemap.xml", at, query={"month": month, "part": part})["body"]
    return re.findall("<loc>https://news.example/(.*?)</loc>", written)


def test_the_news_sitemap_has_the_articles_of_the_last_two_days_alone() -> None:
    put("new", title="New & <here>")
    put("old", title="Old", published="2026-03-12T15:00:00Z")
    told = get("/news-sitemap.xml")["body"]
    assert "New &amp; &lt;here&gt;" in told
    assert "Old" not in told
    assert "<news:title>" not in get("/news-sitemap.xml", NOW + timedelta(days=2))["body"]


FETCHER = "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 16 subscribers)"


def readers() -> list[tuple[str, str, int]]:
    """The subscribers that are noted, by feed and app."""
    found = container().feed_readers.all(now=LATER)
    return [(line.feed, line.app, line.subscribers) for line in found]


def test_the_subscribers_that_a_reader_tells_are_noted_of_the_feed_in_one_spelling() -> None:
    put()
    assert status("/tags/{tag}/feed.atom", user_agent=FETCHER, query={"before": ""}) == 200
    assert readers() == [("/tags/sea%20~26%20~3Csky~3E/feed.atom", "Feedly", 16)]


def test_they_are_noted_also_of_who_has_the_feed_already() -> None:
    put()
    tag = get()["headers"]["etag"]
    assert status("/feed.rss", if_none_match=tag, user_agent=FETCHER) == 304
    assert readers() == [("/feed.rss", "Feedly", 16)]


def test_a_feed_that_there_is_not_has_no_readers() -> None:
    put()
    assert status(SECTION, path={"section": "sport"}, user_agent=FETCHER) == 404
    assert status("/feed.rss", user_agent="Mozilla/5.0 Firefox/140.0") == 200
    assert readers() == []


def test_a_feed_is_given_also_if_its_readers_cannot_be_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no table")

    put()
    monkeypatch.setattr(container().feed_readers, "note", fail)
    assert status("/feed.rss", user_agent=FETCHER) == 200
