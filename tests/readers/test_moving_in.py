"""What the check of a move reads with parsers in JavaScript: feeds and Markdown."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench.moving_in.parsers import UnreadError
from bench.moving_in.reading import Article, State
from bench.moving_in.sources import read_source
from tests.end_to_end.private_sources import PUBLIC, Source, formats, write_sources

NOW = datetime(2026, 3, 14, tzinfo=UTC)
SITE = "https://news.example/"


def read_one(path: Path, text: str) -> Article:
    path.write_text(text)
    (article,) = read_source(path, SITE, NOW)
    return article


def test_an_item_of_rss(tmp_path: Path) -> None:
    article = read_one(
        tmp_path / "feed.rss",
        """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>N</title><link>https://news.example/</link><item><title>Vec&lt;T&gt;</title>
<link>/a</link><pubDate>Thu, 01 Jan 2026 10:00:00 EST</pubDate><author>a@b.example (Ada)</author>
<description>Less</description><content:encoded>&lt;p&gt;More &lt;a href="/b"&gt;here&lt;/a&gt;
&lt;img src="/c.jpg"&gt;&lt;/p&gt;</content:encoded>
<enclosure url="https://news.example/d.mp3" type="audio/mpeg" length="1"/>
</item></channel></rss>""",
    )
    assert article.titles == {"Vec<T>"}
    assert article.published == datetime(2026, 1, 1, 15, tzinfo=UTC)
    assert (article.address, article.authors) == ("news.example/a", frozenset({"ada"}))
    assert article.body.words == Counter(("more", "here"))
    assert article.body.links == Counter(("news.example/b",))
    assert article.body.images == [frozenset({"news.example/c.jpg"})]
    assert article.files == ("news.example/d.mp3",)


def test_an_entry_of_atom(tmp_path: Path) -> None:
    article = read_one(
        tmp_path / "feed.atom",
        """<feed xmlns="http://www.w3.org/2005/Atom"><title>N</title><author><name>Ada</name></author>
<link href="https://news.example/"/><entry><id>x</id><link href="/a"/>
<title type="text">Vec&lt;T&gt; &amp;amp;</title><updated>2026-01-01T10:00:00Z</updated>
<content type="text">a &lt;b&gt; c</content></entry></feed>""",
    )
    assert article.titles == {"Vec<T> &amp;"}
    assert (article.address, article.authors) == ("news.example/a", frozenset({"ada"}))
    assert article.body.words == Counter(("a", "b", "c"))


def test_an_item_of_a_json_feed(tmp_path: Path) -> None:
    item = {
        "id": 1,
        "url": "https://news.example/a",
        "content_text": "a <b> c",
        "date_published": "2026-01-01T10:00:00Z",
        "image": "/i.png",
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "N", "items": [item]}
    article = read_one(tmp_path / "feed.json", json.dumps(feed))
    assert (article.titles, article.lead) == (frozenset(), frozenset({"news.example/i.png"}))
    assert article.body.words == Counter(("a", "b", "c"))


def test_of_two_versions_of_an_item_either_may_be_shown(tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_text(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "N",
                "items": [{"id": "1", "url": SITE, "content_text": text} for text in ("a", "b")],
            }
        )
    )
    articles = read_source(tmp_path / "feed.json", SITE, NOW)
    assert [article.state for article in articles] == [State.PUBLIC, State.EITHER]
    assert [article.address for article in articles] == ["news.example", ""]


def test_a_page_in_markdown(tmp_path: Path) -> None:
    text = "---\ntitle: T\ndate: 2026-01-01\n---\nA [link](/b).\n\n- one\n- two\n"
    (tmp_path / "a.md").write_text(text)
    (article,) = read_source(tmp_path, SITE, NOW)
    assert article.body.paragraphs == Counter(("a link", "one", "two"))
    assert article.body.links == Counter(("news.example/b",))


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadError):
        read_one(tmp_path / "feed.rss", "<rss")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    written = write_sources(tmp_path_factory.mktemp("sources"))
    return {source.form: source for source in written}


@pytest.mark.parametrize("form", formats())
def test_the_check_finds_public_what_is_for_everyone_and_no_more(
    sources: dict[str, Source], form: str
) -> None:
    source = sources[form]
    articles = read_source(source.path, source.site, datetime.now(UTC))
    shown = [article for article in articles if article.state is not State.PRIVATE]
    words = set().union(*(article.body.words for article in shown))
    assert [item.state for item in source.items if item.mark in words] == [PUBLIC]
