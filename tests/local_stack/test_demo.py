import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html

from circulation.articles.article import read_submission
from circulation.articles.listing import Kind, Listing
from circulation.articles.publishing import publish, unpublish
from circulation.feeds.addresses import feed_path
from circulation.runtime import Container, container
from circulation_cli.local_stack import demo
from functions import rank_popular, tally_views
from tests.builders import HOSTILE_TITLES, NOW, record, stream_event, submitted

FRONT = "/demo/"
CITY = "/demo/sections/city"
CLOCK = "/demo/articles/clock"
PAGES = (FRONT, CITY, CLOCK)
RSS, ATOM, JSON = "application/rss+xml", "application/atom+xml", "application/feed+json"


def put(article_id: str, **changes: Any) -> None:
    url = f"https://news.example/{article_id}"
    submission = read_submission(article_id, submitted(**{"url": url} | changes))
    publish(submission, container().catalogue, container().books, now=NOW)


@pytest.fixture(autouse=True)
def newspaper(store: Container) -> Container:
    """Three articles of two sections, of which the clock is the newest."""
    put("clock", author=["A", "B"], tags=["harbour"], published="2025-12-26T11:11:00+04:00")
    put("bus", published="2025-12-25T08:05:00+04:00")
    put("draw", section="sport", published="2025-12-05T08:05:00+04:00", views_before=346)
    return store


def shown(path: str) -> Any:
    """Give a page's document."""
    response = demo.page(path)
    assert response
    assert (response.status, response.content_type) == (200, "text/html; charset=utf-8")
    return html.fromstring(response.body)


def texts(page: Any, query: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.xpath(query)]


def links(page: Any) -> dict[str, str]:
    return {text: each.get("href") for each in page.iter("a") for text in [each.text_content()]}


@pytest.mark.parametrize("path", PAGES)
def test_a_page_allows_nothing_but_its_own_files_and_the_pictures_of_articles(path: str) -> None:
    response = demo.page(path)
    assert response
    assert response.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' https: http: data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_style_or_script_in_it(path: str) -> None:
    page = shown(path)
    assert not page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]")
    (script,) = page.iter("script")
    assert (script.get("src"), script.text) == ("/widget.js", None)
    assert page.xpath("//link[@rel='stylesheet']/@href") == ["/demo/style.css"]


def test_the_style_sheet_asks_for_nothing_more() -> None:
    response = demo.page("/demo/style.css")
    assert response
    assert response.content_type == "text/css; charset=utf-8"
    assert not re.search(rb"url\(|@import|@font-face", response.body)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_first_heading_and_leaves_no_level_out(path: str) -> None:
    page = shown(path)
    levels = [int(each.tag[1]) for each in page.xpath("//h1 | //h2 | //h3 | //h4")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))
    for each in page.xpath("//@aria-labelledby"):
        assert page.get_element_by_id(each).text_content().strip()
    assert page.xpath("//a[@class='skip']/@href") == ["#main"]
    assert page.get_element_by_id("main").tag == "main"


@pytest.mark.parametrize("path", PAGES)
def test_a_page_tells_readers_where_its_feeds_are(path: str) -> None:
    told = [
        (each.get("type"), each.get("href"))
        for each in shown(path).xpath("//link[@rel='alternate']")
    ]
    site = [(RSS, "/feed.rss"), (ATOM, "/feed.atom"), (JSON, "/feed.json")]
    section = [(media_type, f"/sections/city{url}") for media_type, url in site]
    assert told == (site if path == FRONT else site + section)


@pytest.mark.parametrize("path", PAGES)
def test_the_subscription_that_does_not_exist_is_not_shown(path: str) -> None:
    (form,) = shown(path).iter("form")
    assert form.get("hidden") is not None


def test_the_front_page_leads_with_the_newest_and_groups_the_others() -> None:
    page = shown(FRONT)
    assert texts(page, "//h1") == ["The Daily Example"]
    assert page.xpath("//*[@class='lead']//h2/a/@href") == [CLOCK]
    groups = page.xpath("//section[@class='group']")
    assert [each.xpath("h2/a/@href") for each in groups] == [[CITY], ["/demo/sections/sport"]]
    assert [each.xpath(".//h3/a/@href") for each in groups] == [
        ["/demo/articles/bus"],
        ["/demo/articles/draw"],
    ]
    assert texts(page, "//p[@class='meta']") == [
        "26 December 2025 [11:11] Views: …",
        "25 December 2025 [08:05] Views: …",
        "5 December 2025 [08:05] Views: …",
    ]
    assert page.xpath("//main//@data-views") == ["clock", "bus", "draw"]
    assert page.xpath("//script/@data-article") == [""]


def test_a_library_without_articles_has_a_front_page_and_no_section(store: Container) -> None:
    for each in ("clock", "bus", "draw"):
        unpublish(each, store.catalogue, store.books, now=NOW)
    assert texts(shown(FRONT), "//main") == ["Nothing is published."]
    assert demo.page(CITY) is None
    assert demo.page(CLOCK) is None


def test_what_is_not_published_yet_is_nowhere() -> None:
    put("tomorrow", section="weather", published="2999-01-01T00:00:00Z")
    assert "weather" not in links(shown(FRONT))
    assert demo.page("/demo/sections/weather") is None
    assert demo.page("/demo/articles/tomorrow") is None


def test_a_section_page_lists_its_own_articles_and_feeds() -> None:
    page = shown(CITY)
    assert texts(page, "//h1") == ["city"]
    assert page.xpath("//main//@data-views") == ["clock", "bus"]
    assert page.xpath("//main/header//a/@href") == [
        "/sections/city/feed.rss",
        "/sections/city/feed.atom",
        "/sections/city/feed.json",
    ]
    assert page.xpath("//script/@data-article") == [""]
    assert page.xpath("//nav//a[@aria-current]/@href") == [CITY]


@pytest.mark.parametrize(
    "path",
    [
        "/demo/sections/none",
        "/demo/sections/",
        f"/demo/sections/{'x' * 101}",
        "/demo/sections/city/more",
        "/demo/articles/nobody",
        "/demo/articles/NOBODY",
        "/demo/base.html",
        "/elsewhere",
    ],
)
def test_there_is_nothing_where_nothing_is(path: str) -> None:
    assert demo.page(path) is None


@pytest.mark.parametrize("path", ["/", "/demo"])
def test_the_ways_to_the_front_page_lead_there(path: str) -> None:
    response = demo.page(path)
    assert response
    assert (response.status, response.headers) == (302, {"location": "/demo/"})


def test_a_section_of_any_name_is_found_through_its_link() -> None:
    name = "Şəhər & co? 100% <b>#1"
    put("odd", section=name)
    url = links(shown(FRONT))[name]
    assert re.fullmatch(r"/demo/sections/[A-Za-z0-9%._-]+", url)
    page = shown(f"/demo/sections/{name}")
    assert texts(page, "//h1") == [name]
    feed = page.xpath("//link[@rel='alternate']/@href")[-1]
    assert feed == f"/{feed_path(Listing(Kind.SECTION, name))}.json"


def test_an_article_page_shows_the_whole_article() -> None:
    page = shown(CLOCK)
    url = "https://news.example/clock"
    assert texts(page, "//h1") == ["The harbour clock keeps time again"]
    assert texts(page, "//p[@class='meta']") == ["26 December 2025 [11:11] A, B Views: …"]
    assert page.xpath("//time/@datetime") == ["2025-12-26T11:11:00+04:00"]
    assert texts(page, "//view-count") == ["…"]
    assert texts(page, "//div[@class='body']/p") == ["At noon it struck twelve."]
    assert texts(page, "//dd//bdi") == ["harbour"]
    assert links(page)["city"] == CITY
    assert links(page)[url] == url
    assert page.xpath("//script/@data-article") == ["clock"]


def test_an_article_page_tells_other_programs_what_it_is() -> None:
    page = shown(CLOCK)
    url = "https://news.example/clock"
    assert page.xpath("//link[@rel='canonical']/@href") == [url]
    assert page.xpath("//meta[@name='description']/@content") == ["At noon it struck twelve."]
    graph = page.xpath("//meta[starts-with(@property, 'og:')]")
    assert {each.get("property"): each.get("content") for each in graph} == {
        "og:title": "The harbour clock keeps time again",
        "og:type": "article",
        "og:url": url,
    }


def test_an_article_can_be_printed_and_is_counted_without_javascript() -> None:
    page = shown(CLOCK)
    assert links(page)["Print version"] == "/articles/clock/print"
    assert page.xpath("//noscript/img/@src") == ["/articles/clock/views.gif"]


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_hostile_title_stays_text_wherever_it_stands(title: str) -> None:
    put("hostile", title=title, section="sport", tags=["<i>"], author="<script>")
    page = shown("/demo/articles/hostile")
    assert texts(page, "//h1") == [title]
    assert texts(page, "//title") == [f"{title} · The Daily Example"]
    assert page.xpath("//meta[@property='og:title']/@content") == [title]
    for path in (FRONT, "/demo/sections/sport", "/demo/articles/hostile"):
        page = shown(path)
        assert title in texts(page, "//h1 | //h2 | //h3")
        assert len(page.xpath("//script")) == 1
        assert not page.xpath("//i | //main//b")


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_recommendation_carries_title_and_address_whole(title: str) -> None:
    put("hostile", title=title, url="https://news.example/?a=1&b=2#c")
    url = "https://news.example/?a=1&b=2#c"
    found = links(shown("/demo/articles/hostile"))
    letter = urlsplit(found["Recommend news to friend"])
    assert letter.scheme == "mailto"
    assert parse_qs(letter.query) == {"subject": [title], "body": [f"{title}\r\n\r\n{url}"]}
    assert parse_qs(urlsplit(found["X"]).query) == {"text": [title], "url": [url]}
    assert parse_qs(urlsplit(found["Facebook"]).query) == {"u": [url]}
    assert parse_qs(urlsplit(found["Telegram"]).query) == {"text": [title], "url": [url]}
    assert parse_qs(urlsplit(found["WhatsApp"]).query) == {"text": [f"{title} {url}"]}


def test_links_to_networks_say_nothing_of_the_reader() -> None:
    page = shown(CLOCK)
    abroad = page.xpath("//a[starts-with(@href, 'https://')]")[1:]  # after the article's own URL
    assert [each.text for each in abroad] == ["X", "Facebook", "Telegram", "WhatsApp"]
    assert {each.get("rel") for each in abroad} == {"noopener noreferrer nofollow"}
    assert not page.xpath("//a/@target")


def test_an_article_is_written_the_way_of_its_language_and_the_page_of_its_own() -> None:
    put("night", section="culture", language="ar", title="مكتبة صغيرة")
    for path, heading in ((FRONT, "h2"), ("/demo/sections/culture", "h2"), (CLOCK, "h1")):
        page = shown(path.replace("clock", "night"))
        assert (page.get("lang"), page.get("dir")) == ("en", "ltr")
        (article,) = page.xpath(f"//article[.//{heading}[contains(., 'مكتبة')]]")
        assert (article.get("lang"), article.get("dir")) == ("ar", "rtl")
        assert article.xpath(".//time/@dir") == ["ltr"]
        assert article.xpath(".//span[contains(., 'Views')]/@dir") == ["ltr"]


def test_a_publication_may_be_written_from_right_to_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLICATION_LANGUAGE", "he")
    container.cache_clear()
    page = shown(CLOCK)
    assert (page.get("lang"), page.get("dir")) == ("he", "rtl")
    assert page.xpath("//article/@dir") == ["rtl"]


def most_read() -> list[str]:
    (element,) = shown(FRONT).xpath("//aside/most-read")
    assert (element.get("window"), element.get("limit")) == ("7d", "5")
    ranked: list[str] = element.xpath("ol/li/span/@data-views")
    assert element.xpath("ol/li/a/@href") == [f"/demo/articles/{each}" for each in ranked]
    return ranked


def test_the_most_read_are_those_of_the_week_or_else_of_all_time() -> None:
    assert most_read() == []
    rank_popular.handler({"time": NOW.isoformat()}, None)
    assert most_read() == ["draw"]
    tally_views.handler(stream_event(record(1, "bus")), None)
    rank_popular.handler({"time": NOW.isoformat()}, None)
    assert most_read() == ["bus"]
