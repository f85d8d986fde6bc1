"""The site's own feed is taken in, whatever its system is."""

from collections.abc import Iterable, Mapping

import pytest

from circulation.articles.article import FIELDS
from circulation.articles.change import Revision
from circulation.articles.fields import Field, read_line
from circulation.articles.library import Library
from circulation.articles.publishing import unpublish
from circulation.articles.queries import read_article
from circulation.errors import ArticleGone
from circulation.importing.fetch import Fetched
from circulation.importing.items import SourceError
from circulation.runtime import Container, container
from functions import record_view, sync_feed
from tests.builders import NOW, http_event

ITEM = """<item><title>{title}</title><link>https://cms.example/{number}.html</link>
<guid isPermaLink="false">https://cms.example/?p={number}</guid>
<pubDate>Fri, 13 Mar 2026 11:11:00 GMT</pubDate><description>Text</description></item>"""
EVENT = {"time": "2026-03-14T15:18:00Z"}
LATER = {"time": "2026-03-14T15:33:00Z"}


class Site:
    """A site with a feed; remembers what it was asked."""

    def __init__(self) -> None:
        self.items: dict[int, str] = {1001: "One", 1002: "Two"}
        self.etag = '"1"'
        self.asked: list[dict[str, str]] = []

    def fetch(self, _url: str, headers: Mapping[str, str]) -> Fetched:
        self.asked.append(dict(headers))
        if headers.get("if-none-match") == self.etag:
            return Fetched(None, {})
        items = "".join(ITEM.format(number=n, title=t) for n, t in self.items.items())
        feed = (
            f"<rss version='2.0'><channel><link>https://cms.example/</link>{items}</channel></rss>"
        )
        return Fetched(feed.encode(), {"etag": self.etag})


@pytest.fixture
def site(store: Container, monkeypatch: pytest.MonkeyPatch) -> Site:  # noqa: ARG001  the tables come first
    told = Site()
    monkeypatch.setenv("SYNC_FEED_URL", "https://cms.example/feed")
    monkeypatch.setattr(sync_feed, "fetch", told.fetch)
    container.cache_clear()
    return told


def title(article: str) -> str:
    return read_article(article, container().catalogue, container().books, now=NOW).article.title


def test_what_is_new_or_changed_is_published(site: Site) -> None:
    assert sync_feed.handler(EVENT, None) == {"found": 2, "published": 2}
    assert (
        read_article("1001", container().catalogue, container().books, now=NOW).article.section
        == "news"
    )
    site.items |= {1002: "Two, corrected", 1003: "Three"}
    site.etag = '"2"'
    assert sync_feed.handler(LATER, None) == {"found": 3, "published": 2}
    assert (title("1001"), title("1002"), title("1003")) == ("One", "Two, corrected", "Three")


def test_a_feed_that_has_not_changed_is_not_read_again(site: Site) -> None:
    sync_feed.handler(EVENT, None)
    assert sync_feed.handler(LATER, None) == {"found": 0, "published": 0}
    assert site.asked == [{}, {"if-none-match": '"1"'}]


def test_what_was_unpublished_stays_so_though_the_feed_still_has_it(site: Site) -> None:
    sync_feed.handler(EVENT, None)
    unpublish("1001", container().catalogue, container().books, now=NOW)
    site.etag = '"2"'
    sync_feed.handler(LATER, None)
    with pytest.raises(ArticleGone):
        title("1001")


def test_what_cannot_be_taken_is_logged_and_the_rest_is_taken(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.items = {1001: "x" * 10, 1002: "Two"}
    monkeypatch.setitem(FIELDS, "title", Field(read_line(5)))
    assert sync_feed.handler(EVENT, None) == {"found": 2, "published": 1}
    assert title("1002") == "Two"
    assert "not taken from the feed: xxxxxxxxxx: title" in caplog.text


def test_a_feed_that_cannot_be_read_is_an_error_and_is_asked_for_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sync_feed, "fetch", lambda *_: Fetched(b"no feed", {"etag": '"1"'}))
    with pytest.raises(SourceError):
        sync_feed.handler(EVENT, None)
    monkeypatch.setattr(sync_feed, "fetch", site.fetch)
    assert sync_feed.handler(LATER, None)["published"] == 2


@pytest.mark.usefixtures("store")
def test_without_an_address_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sync_feed, "fetch", lambda *_: pytest.fail("it was asked"))
    assert sync_feed.handler(EVENT, None) == {"found": 0, "published": 0}


POISON = [
    "<link>https://[oops/</link>",
    "<link>https://news.example:99999/</link>",
    "<link>https://xn--a/</link>",
    f"<link>https://cms.example/9.html</link><description>{'&lt;div&gt;' * 40_000}</description>",
    f"<link>https://cms.example/9.html</link><title>{'&lt;' * 50_000}</title>",
    f"<link>https://cms.example/9.html</link><title>&amp;#{'9' * 5_000};</title>",
    f"<link>https://cms.example/9.html</link><title>&#{'9' * 5_000};</title>",
    f"<link>https://cms.example/9.html</link><title>&#38;#{'9' * 5_000};</title>",
    "<link>https://cms.example/9.html</link><pubDate>0001-01-01T00:00:00</pubDate>",
    "<link>https://cms.example/9.html</link><enclosure url='https://[x' type='image/png'/>",
]


@pytest.mark.parametrize("poison", POISON, ids=range(len(POISON)))
@pytest.mark.parametrize("zone", ["UTC", "Asia/Baku"])
@pytest.mark.usefixtures("site")
def test_one_item_of_the_feed_never_stops_the_others(
    poison: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUBLICATION_ZONE", zone)
    container.cache_clear()
    monkeypatch.setattr("tests.functions.test_sync.ITEM", f"<item>{poison}</item>{ITEM}")
    sync_feed.handler(EVENT, None)
    assert (title("1001"), title("1002")) == ("One", "Two")
    assert sync_feed.handler(LATER, None) == {"found": 0, "published": 0}


def test_what_is_logged_of_a_feed_forges_no_line(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(FIELDS, "title", Field(read_line(5)))
    site.items = {1001: "Zəng\nWARNING forged\u2028\u202eline"}
    sync_feed.handler(EVENT, None)
    (line,) = [each.getMessage() for each in caplog.records]
    assert line.startswith("not taken from the feed: Zəng WARNING forged line: ")
    assert line.isprintable()


@pytest.mark.usefixtures("site")
def test_a_feed_is_looked_at_again_after_fifteen_minutes_or_when_a_reader_was_on_a_new_page(
    monkeypatch: pytest.MonkeyPatch, site: Site
) -> None:
    def sync(minute: int) -> int:
        found = sync_feed.handler({"time": f"2026-03-14T15:{minute:02}:00Z"}, None)["found"]
        return int(found)

    def read(page: str, minute: int, **headers: str) -> None:
        at = NOW.replace(minute=minute, second=30)
        event = http_event("POST /views", query={"url": page}, headers=headers, at=at)
        assert record_view.handler(event, None)["statusCode"] == 200

    monkeypatch.setattr(site, "etag", "")
    assert [sync(minute) for minute in (10, 11, 24, 25, 26)] == [2, 0, 0, 2, 0]
    read("https://cms.example/1001.html", 26)
    read("https://elsewhere.example/new", 26)
    assert sync(27) == 0
    read("/new", 27, origin="https://cms.example")
    assert [sync(28), sync(29)] == [2, 0]
    read("https://www.cms.example/new/", 29)
    assert sync(30) == 0
    read("https://cms.example/newer", 30)
    read("https://cms.example/newest", 30)
    assert [sync(31), sync(32)] == [2, 0]
    read("https://cms.example/newest", 32)
    assert sync(33) == 2


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("page", ["https://[", "//[x", "https://h.example:99999/a", "/[x]"])
def test_a_page_that_has_no_address_is_no_error(page: str) -> None:
    event = http_event("POST /views", query={"url": page})
    assert record_view.handler(event, None)["statusCode"] == 200


def test_an_article_that_others_were_changing_is_taken_with_the_next_look(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_library: Library, revisions: Iterable[Revision], **_: object) -> set[str]:
        return {revision.article for revision in revisions}

    with monkeypatch.context() as patch:
        patch.setattr(Library, "shelve", refuse)
        assert sync_feed.handler(EVENT, None)["published"] == 0
    assert sync_feed.handler(LATER, None)["published"] == len(site.items)
