"""The public pages and feeds of digests: what everybody may see of what was mailed."""

import gzip
import json
import re
from base64 import b64decode
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest

from circulation.mail.digest import contents_for
from circulation.mail.digest_letter import STYLE, Letterhead, Recipient, write_letter
from circulation.mail.mailbox import Mailbox
from circulation.mail.subscriber import Choices, Frequency
from circulation.runtime import Container
from circulation.web.pages import mail_style
from circulation.web.pages.style_source import style_source
from functions import serve_digests
from tests.builders import (
    HOSTILE_TITLES,
    NOW,
    TODAY,
    digest,
    digest_entry,
    http_event,
    json_feed_faults,
)

FORMATS = ("rss", "atom", "json")
COPY = "GET /digests/{frequency}/{date}"
API = "https://api.example"


def ask(route: str, **event: Any) -> dict[str, Any]:
    answer: dict[str, Any] = serve_digests.handler(http_event(route, **event), None)
    return answer


def web_copy(frequency: str = "daily", date: str = TODAY, **event: Any) -> dict[str, Any]:
    return ask(COPY, path={"frequency": frequency, "date": date}, **event)


def freeze(store: Container) -> None:
    """Freeze three digests, of which one has no article."""
    read = ((digest_entry(20, title="Minister resigns"), 2_803),)
    store.digests.freeze(digest(*map(digest_entry, range(5)), most_read=read))
    store.digests.freeze(digest(digest_entry(7), frequency=Frequency.WEEKLY, date="2026-03-13"))
    store.digests.freeze(digest(date="2026-03-13", most_read=read))


def test_the_link_in_a_digest_leads_to_its_web_copy(store: Container) -> None:
    freeze(store)
    frozen = digest(*map(digest_entry, range(5)))
    sam = Recipient("00" * 16, Mailbox("sam@mail.example"), Choices(), NOW)
    settings = store.settings
    head = Letterhead(settings.publication, settings.sender, API, settings.digest_plan)
    message = write_letter(frozen, contents_for(frozen, Choices()), sam, head, bytes(32))
    (link,) = re.findall(r"^https://\S+/digests/\S+$", message.text, flags=re.MULTILINE)
    _, digests, frequency, date = urlsplit(link).path.split("/")
    assert digests == "digests"
    answer = web_copy(frequency, date)
    assert answer["statusCode"] == 200
    assert f'<link rel="canonical" href="{link}">' in answer["body"]
    assert "Harbour ferry runs aground 4" in answer["body"]
    assert "2,803" in answer["body"]


def test_a_web_copy_has_nothing_of_a_subscriber(store: Container) -> None:
    freeze(store)
    body = web_copy()["body"]
    assert "/subscriptions" not in body
    assert "unsubscribe" not in body.lower()
    assert "via=mail" not in body
    assert "because you asked" not in body
    assert f'href="{API}/digests"' in body


def test_the_pages_allow_their_own_style_and_nothing_else(store: Container) -> None:
    freeze(store)
    for answer, style in ((web_copy(), STYLE), (ask("GET /digests"), mail_style.STYLE)):
        assert f"<style>{style}</style>" in answer["body"]
        policy = answer["headers"]["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src")
        assert style_source(style) in policy
        assert not re.search(r"<(script|img|form|iframe|link rel=.stylesheet)", answer["body"])
        assert answer["headers"]["content-type"] == "text/html; charset=utf-8"
    assert "unsafe" not in ask("GET /digests")["headers"]["content-security-policy"]


@pytest.mark.parametrize(
    ("frequency", "date"),
    [
        ("daily", "2026-03-12"),
        ("daily", "2026-03-13"),  # without an article no mail was sent
        ("weekly", TODAY),
        ("hourly", TODAY),
        ("DAILY", TODAY),
        ("daily", "2026-02-30"),
        ("daily", "today"),
        ("daily", "٢٠٢٦-٠٣-١٤"),
        ("\ud800", "#"),
        ("", ""),
    ],
)
def test_a_digest_that_was_not_sent_is_a_problem(
    store: Container, frequency: str, date: str
) -> None:
    freeze(store)
    answer = web_copy(frequency, date)
    assert answer["statusCode"] == 404
    assert answer["headers"]["content-type"] == "application/problem+json"
    assert json.loads(answer["body"])["detail"] == "There is no such digest."


def test_the_list_has_what_was_sent_newest_first(store: Container) -> None:
    assert "No digest has been sent yet." in ask("GET /digests")["body"]
    freeze(store)
    body = ask("GET /digests")["body"]
    links = re.findall(r'<a href="(/digests/\w+/[\d-]+)">', body)
    assert links == [f"/digests/daily/{TODAY}", "/digests/weekly/2026-03-13"]
    assert "Saturday, 14 March 2026" in body
    assert f'<link rel="canonical" href="{API}/digests">' in body
    for form in FORMATS:
        assert f'href="/digests/feed.{form}"' in body


def test_the_list_is_bounded(store: Container) -> None:
    for number in range(60):
        for frequency in Frequency:
            date = f"2026-{1 + number // 28:02}-{1 + number % 28:02}"
            store.digests.freeze(digest(digest_entry(1), frequency=frequency, date=date))
    body = ask("GET /digests")["body"]
    assert body.count("<li>") == 50
    assert body.count("/digests/weekly/") == 7


@pytest.mark.parametrize(
    "route", ["GET /digests", COPY, *(f"GET /digests/feed.{form}" for form in FORMATS)]
)
def test_whoever_has_an_answer_is_sent_it_no_more(store: Container, route: str) -> None:
    freeze(store)
    path = {"frequency": "daily", "date": TODAY}
    answer = ask(route, path=path)
    assert answer["headers"]["cache-control"] == "public, max-age=900"
    known = {"if-none-match": answer["headers"]["etag"]}
    assert ask(route, path=path, headers=known)["statusCode"] == 304
    head = ask(route.replace("GET", "HEAD"), path=path)
    assert (head["statusCode"], head["body"]) == (200, "")
    assert head["headers"]["content-length"] == str(len(answer["body"].encode()))
    zipped = ask(route, path=path, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(b64decode(zipped["body"])).decode() == answer["body"]
    store.digests.freeze(digest(digest_entry(9), date="2026-03-15"))
    again = ask(route, path=path, headers=known)["statusCode"]
    assert again == (304 if route == COPY else 200)


@pytest.mark.parametrize("form", ["rss", "atom"])
def test_a_feed_reader_reads_the_daily_digests(store: Container, form: str) -> None:
    empty = feedparser.parse(ask(f"GET /digests/feed.{form}")["body"].encode())
    assert not empty.bozo, empty.get("bozo_exception")
    assert empty.entries == []
    freeze(store)
    store.digests.freeze(
        digest(
            *(digest_entry(place, title=title) for place, title in enumerate(HOSTILE_TITLES)),
            date="2026-03-15",
        )
    )
    answer = ask(f"GET /digests/feed.{form}")
    found = feedparser.parse(answer["body"].encode())
    assert not found.bozo, found.get("bozo_exception")
    assert found.feed.title == "The Daily Example: Digests"
    hostile, entry = found.entries
    assert entry.title == "Harbour ferry runs aground 0, and four more"
    assert entry.link == f"{API}/digests/daily/{TODAY}"
    assert hostile.id != entry.id
    content = entry.content[0].value
    for number in range(5):
        assert f'<a href="https://news.example/{number}?a=1#top">' in content
    assert "Minister resigns</a></span> (2,803 views)" in content
    assert "via=mail" not in answer["body"]
    assert "<script" not in hostile.content[0].value


def test_the_json_feed_is_one(store: Container) -> None:
    freeze(store)
    answer = ask("GET /digests/feed.json")
    assert answer["headers"]["content-type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(answer["body"])
    assert json_feed_faults(feed) == []
    (item,) = feed["items"]
    assert item["url"] == f"{API}/digests/daily/{TODAY}"
    assert item["content_html"].count("<h2") == 6


def test_a_feed_is_bounded(store: Container) -> None:
    for day in range(1, 20):
        store.digests.freeze(digest(digest_entry(day), date=f"2026-03-{day:02}"))
    items = json.loads(ask("GET /digests/feed.json")["body"])["items"]
    dates = [item["url"].rpartition("/")[2] for item in items]
    assert dates == [f"2026-03-{day}" for day in range(19, 9, -1)]


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_hostile_title_is_text_on_every_page(store: Container, title: str) -> None:
    entry = digest_entry(1, title=title, section=title, summary=title)
    store.digests.freeze(digest(entry, replace(entry, id="b"), replace(entry, id="c")))
    for body in (ask("GET /digests")["body"], web_copy()["body"]):
        for markup in ("<script", "<b>", "<!-- no", "<![CDATA["):
            assert markup not in body
