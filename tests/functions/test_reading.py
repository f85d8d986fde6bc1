import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circulation.articles.article import Submission
from circulation.articles.listing import ALL
from circulation.articles.merging import merge
from circulation.articles.publishing import publish, unpublish
from circulation.articles.queries import list_articles
from circulation.runtime import Container, container
from circulation.text import plain
from circulation.web.pages.print_page import print_page
from circulation.words.direction import direction
from functions import rank_popular, read_articles
from tests.builders import NOW, article, http_event, submitted
from tests.functions.test_articles import delete, put, told
from tests.memory_store import store_in_memory

pytestmark = pytest.mark.usefixtures("store")


def get(route: str, article_id: str = "", accept: str = "", **query: str) -> dict[str, Any]:
    event = http_event(
        f"GET {route}",
        path={"id": article_id},
        query=query,
        headers={"accept": accept} if accept else {},
    )
    return read_articles.handler(event, None)


def ids(answer: dict[str, Any]) -> list[str]:
    return [each["id"] for each in told(answer)["articles"]]


def faults(answer: dict[str, Any]) -> list[str]:
    return [each["field"] for each in told(answer, 422)["errors"]]


@pytest.fixture
def week(store: Container) -> None:  # noqa: ARG001  the articles come after it
    """Articles of five days, the newest of NOW."""
    for day in range(5):
        published = (NOW - timedelta(days=day)).isoformat()
        put(f"day-{day}", published=published, url=f"https://news.example/{day}.html")


@pytest.mark.usefixtures("week")
def test_since_and_until_bound_when_articles_were_published() -> None:
    assert ids(get("/articles", since="2026-03-12T15:09:26Z")) == ["day-0", "day-1", "day-2"]
    assert ids(get("/articles", until="2026-03-12")) == ["day-2", "day-3", "day-4"]
    between = get("/articles", since="2026-03-12", until="2026-03-13", limit="1")
    assert ids(between) == ["day-1"]
    rest = get("/articles", since="2026-03-12", cursor=told(between)["cursor"])
    assert ids(rest) == ["day-2"]
    assert "since=2026-03-12" in between["headers"]["link"]


@pytest.mark.usefixtures("week")
def test_fields_pick_what_is_shown_and_the_id_comes_with_them() -> None:
    shown = told(get("/articles", fields="title, views", limit="1"))["articles"]
    assert shown == [{"id": "day-0", "title": submitted()["title"], "views": 0}]
    assert set(told(get("/articles/{id}", "day-1", fields="url"))) == {"id", "url"}


def test_a_body_is_shown_as_text_with_a_line_for_each_paragraph() -> None:
    put(body="<p>One &amp; <b>two</b></p><ul><li>three</li></ul>")
    assert told(get("/articles/{id}", "harbour-clock", format="text"))["body"] == (
        "One & two\nthree"
    )
    assert told(get("/articles", format="text"))["articles"][0]["body"] == "One & two\nthree"


def test_a_list_in_the_order_of_views_goes_on_from_page_to_page(store: Container) -> None:
    for number in range(5):
        put(f"a{number}", views_before=100 * (number + 1))
    rank_popular.handler({"time": "2026-03-14T15:10:00Z"}, None)
    seen: list[tuple[str, int]] = []
    query: dict[str, str] = {"order": "views", "window": "all", "limit": "2"}
    while True:
        page = told(get("/articles", **query))
        seen += [(each["id"], each["window_views"]) for each in page["articles"]]
        if "cursor" not in page:
            break
        query["cursor"] = page["cursor"]
        unpublish("a3", store.catalogue, store.books, now=NOW) if len(seen) == 2 else None
    assert seen == [("a4", 500), ("a3", 400), ("a2", 300), ("a1", 200), ("a0", 100)]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"order": "age"}, ["order"]),
        ({"order": "views", "tag": "x", "since": "2026-03-12"}, ["tag", "since"]),
        ({"window": "24h"}, ["window"]),
        ({"since": "yesterday"}, ["since"]),
        ({"fields": "title,colour,size", "format": "pdf"}, ["fields", "fields", "format"]),
        ({"order": "views", "cursor": "x"}, ["cursor"]),
    ],
)
def test_what_a_list_cannot_be_asked_for_is_named(query: dict[str, str], named: list[str]) -> None:
    assert faults(get("/articles", **query)) == named


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(["publish", "unpublish"]), st.integers(0, 30))),
    limit=st.integers(1, 4),
)
def test_whatever_changes_between_pages_none_is_repeated_and_none_is_skipped(
    steps: list[tuple[str, int]], limit: int
) -> None:
    store = store_in_memory()
    standing = set(range(0, 30, 3))
    for number in range(30):
        if number in standing:
            publish(_numbered(number), store.catalogue, store.books, now=NOW)
    stayed, waiting, seen, after = set(standing), list(steps), list[int](), None
    while True:
        page = list_articles(ALL, store.catalogue, store.books, now=NOW, limit=limit, after=after)
        seen += [int(each.article.id[1:]) for each in page.articles]
        if not page.after:
            break
        after = page.after
        for kind, number in waiting[:2]:
            if kind == "publish":
                publish(_numbered(number), store.catalogue, store.books, now=NOW)
            elif store.catalogue.library.articles([f"a{number}"]):
                unpublish(f"a{number}", store.catalogue, store.books, now=NOW)
                stayed.discard(number)
        waiting = waiting[2:]
    assert len(seen) == len(set(seen))
    assert stayed <= set(seen)


def _numbered(number: int) -> Submission:
    return Submission(article(f"a{number}", published=NOW - timedelta(minutes=number)))


def test_an_article_is_a_news_article_to_who_prefers_linked_data() -> None:
    put(author=["A", "B"], tags=["x"], views_before=346, image="https://news.example/a.jpg")
    answer = get("/articles/{id}", "harbour-clock", accept="application/ld+json")
    assert answer["headers"]["content-type"] == "application/ld+json"
    assert "accept" in answer["headers"]["vary"].split(", ")
    shown = told(answer)
    assert (shown["@context"], shown["@type"]) == ("https://schema.org", "NewsArticle")
    assert [each["name"] for each in shown["author"]] == ["A", "B"]
    assert shown["interactionStatistic"] == {
        "@type": "InteractionCounter",
        "interactionType": {"@type": "ReadAction"},
        "userInteractionCount": 346,
    }
    for accept in ("application/json, application/ld+json", "*/*", "application/ld+json;q=0"):
        plain = get("/articles/{id}", "harbour-clock", accept=accept)
        assert plain["headers"]["content-type"] == "application/json"


def test_an_address_leads_to_its_article_also_an_old_one() -> None:
    put(url="https://news.example/old.html")
    put(url="https://news.example/new")
    for url in ("https://www.news.example/old.html?utm_source=x#top", "/new/"):
        answer = get("/articles/by-url", url=url)
        assert answer["headers"]["location"].endswith("/articles/harbour-clock")
        assert told(answer, 302)["url"] == "https://news.example/new"
    told(get("/articles/by-url", url="/never"), 404)
    assert faults(get("/articles/by-url")) == ["url"]
    delete("harbour-clock")
    told(get("/articles/by-url", url="/new"), 410)


def test_addresses_that_are_answered_begin_with_the_one_that_is_set(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put()
    put("market", url="https://news.example/market")
    monkeypatch.setenv("API_URL", "https://count.example/")
    container.cache_clear()
    link = get("/articles", limit="1")["headers"]["link"]
    assert link.startswith("<https://count.example/articles?limit=1&cursor=")
    found = get("/articles/by-url", url="https://news.example/market")
    assert found["headers"]["location"] == "https://count.example/articles/market"


def test_every_address_of_an_article_that_was_merged_shows_the_others_number(
    store: Container,
) -> None:
    put(url="https://news.example/old.html")
    put(url="https://news.example/new")
    put("other", url="https://news.example/other", views_before=346)
    stores = store.catalogue, store.books, store.corrections
    merge("harbour-clock", "other", *stores, now=NOW, by="tests")
    for path in ("/old.html", "/new"):
        assert told(get("/views", url=path))["views"] == 346
        told(get("/articles/by-url", url=path), 302)


def test_sections_are_told_with_the_number_of_their_articles() -> None:
    assert told(get("/sections")) == {"sections": []}
    for number in range(3):
        put(f"a{number}", section="city" if number else "sport")
    put("future", section="city", published=(NOW + timedelta(hours=1)).isoformat())
    assert told(get("/sections"))["sections"] == [
        {"section": "city", "articles": 2},
        {"section": "sport", "articles": 1},
    ]
    delete("a0")
    assert told(get("/sections"))["sections"] == [{"section": "city", "articles": 2}]


def test_many_counts_are_told_at_once_and_what_is_unknown() -> None:
    put("a", views_before=7)
    put("b")
    put("gone")
    delete("gone")
    answer = told(get("/views", ids="b,nobody,a,gone,b"))
    assert [(each["article"], each["views"]) for each in answer["views"]] == [("b", 0), ("a", 7)]
    assert answer["unknown"] == ["nobody", "gone"]
    for wrong in ("", ",".join(f"a{number}" for number in range(101))):
        assert faults(get("/views", ids=wrong)) == ["ids"]


def test_the_print_version_is_a_page_for_paper() -> None:
    put(title="1 < 2 & 3", author=["Ə & B"], body="<p>Text</p>")
    answer = get("/articles/{id}/print", "harbour-clock")
    headers, page = answer["headers"], answer["body"]
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-robots-tag"] == "noindex"
    for part in (
        '<html lang="en" dir="ltr">',
        '<link rel="canonical" href="https://news.example/city/harbour-clock">',
        '<h1 dir="auto">1 &lt; 2 &amp; 3</h1>',
        "Ə &amp; B",
        "14 March 2026 [12:00]",
        "<p>Text</p>",
        ">https://news.example/city/harbour-clock</a>",
    ):
        assert part in page
    assert "Updated" not in page
    assert "<img" not in page
    delete("harbour-clock")
    told(get("/articles/{id}/print", "harbour-clock"), 410)


@pytest.mark.parametrize(
    ("language", "updated", "written"),
    [
        ("en", "2026-03-14T08:00:59Z", ""),  # the minute of its publication
        ("en", "2026-03-14T07:00:00Z", ""),
        ("en", "2026-03-14T08:05:00Z", "Updated [12:05]"),
        ("en-GB", "2026-03-14T20:05:00Z", "Updated 15 March 2026 [00:05]"),
        ("az", "2026-03-14T20:05:00Z", "Yenilənib: 2026-03-15 [00:05]"),
        ("ar", "2026-03-14T08:05:00Z", "Updated [12:05]"),
    ],
)
def test_the_print_version_says_when_an_article_was_updated(
    language: str, updated: str, written: str
) -> None:
    put(language=language, updated=updated)
    dateline = get("/articles/{id}/print", "harbour-clock")["body"].partition('class="dateline">')[
        2
    ]
    _, *updates = plain(dateline.partition("</p>")[0]).split(" · ")
    assert updates == ([written] if written else [])


def test_the_print_version_has_the_summary_and_the_picture_that_the_body_has_not() -> None:
    image = "https://news.example/it's.jpg?x=1&y=2"
    for body, described in (("<p>Text", ""), (f'<p><img src="{image}" alt="A clock">', "A clock")):
        put(summary="In <short>", image=image, body=body)
        page = get("/articles/{id}/print", "harbour-clock")["body"]
        assert '<p class="summary" dir="auto">In &lt;short&gt;</p>' in page
        (picture,) = re.findall(r'<img src="([^"]+)" alt="([^"]*)"', page)
        assert (unescape(picture[0]), picture[1]) == (image, described)


@pytest.mark.parametrize(
    ("language", "told_as"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("az", "ltr"), ("az-Arab", "rtl"), ("ar-Latn", "ltr")],
)
def test_the_print_version_runs_as_its_language_is_written(language: str, told_as: str) -> None:
    assert direction(language) == told_as
    publication = container().settings.publication
    page = print_page(article(language=language), publication).decode()
    assert f'dir="{told_as}"' in page
    assert "2026-03-14 [12:00]" in page


def test_reserved_words_are_no_ids() -> None:
    assert put("batch")["statusCode"] == put("by-url")["statusCode"] == 422
