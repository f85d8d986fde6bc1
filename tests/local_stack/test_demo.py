import json
import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import html

from circulation.articles.article import read_submission
from circulation.articles.listing import Kind, Listing
from circulation.articles.publishing import publish, unpublish
from circulation.feeds.addresses import feed_path
from circulation.runtime import Container, container
from circulation.text import one_line
from circulation.web import recommendations
from circulation_cli.local_stack import demo
from circulation_cli.local_stack.demo import sharing
from circulation_cli.local_stack.demo.labels import label_sections
from functions import rank_popular, tally_views
from tests.builders import HOSTILE_TITLES, NOW, record, stream_event, submitted

FRONT = "/demo/"
CITY = "/demo/sections/city"
CLOCK = "/demo/articles/clock"
TAG = "/demo/tags/harbour"
AUTHOR = "/demo/authors/A"
PAGES = (FRONT, CITY, CLOCK, TAG, AUTHOR)
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


def status(path: str) -> int:
    response = demo.page(path)
    assert response
    return response.status


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
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_style_or_script_in_it(path: str) -> None:
    page = shown(path)
    assert not page.xpath("//style | //@style | //@*[starts-with(name(), 'on')]")
    scripts = page.xpath("//script[not(@type='application/ld+json')]")
    own = ["/demo/recommend.js"] if path == CLOCK else []
    assert [each.get("src") for each in scripts] == [*own, "/widget.js"]
    assert not any(each.text for each in scripts)
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
    folder = {TAG: "tags/harbour", AUTHOR: "authors/A"}.get(path, "sections/city")
    listing = [(media_type, f"/{folder}{url}") for media_type, url in site]
    assert told == (site if path == FRONT else site + listing)


@pytest.mark.parametrize("sender", ["", "news@news.example"])
@pytest.mark.parametrize("path", PAGES)
def test_readers_can_subscribe_where_the_stack_sends_mail(
    path: str, sender: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_SENDER", sender)
    forms = shown(path).xpath("//form[@action]")
    assert [(each.get("action"), each.get("method")) for each in forms] == (
        [("/subscriptions", "post")] if sender else []
    )
    assert [field.get("name") for form in forms for field in form.iter("input")] == (
        ["address"] if sender else []
    )


@pytest.mark.parametrize(("sender", "switch"), [("", "on"), ("a@b.example", "off")])
def test_a_recommendation_reaches_the_stack_only_where_it_sends_them(
    sender: str, switch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL_SENDER", sender)
    monkeypatch.setenv("RECOMMEND_BY_MAIL", switch)
    (form,) = shown(CLOCK).xpath("//section[@id='recommend']//form")
    assert (form.get("method"), form.get("action")) == ("dialog", None)
    assert not form.xpath(".//@name")


def test_where_the_stack_sends_recommendations_the_form_works_without_javascript(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAIL_SENDER", "news@news.example")
    monkeypatch.setenv("RECOMMEND_BY_MAIL", "on")
    (form,) = shown(CLOCK).xpath("//section[@id='recommend']//form")
    assert (form.get("method"), form.get("action")) == ("post", "/recommendations")
    assert set(form.xpath(".//input/@name")) == set(recommendations.FIELDS)
    assert form.xpath("string(.//input[@name='article']/@value)") == "clock"
    assert not form.xpath(".//*[@class='pair']/@hidden")
    assert form.xpath("string(.//button[not(@type)])") == "Send after I confirm"
    assert form.xpath(".//a[contains(@class, 'write')]/@href")


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
    assert status(CITY) == 404
    assert status(CLOCK) == 410


def test_what_is_not_published_yet_is_nowhere() -> None:
    put("tomorrow", section="weather", published="2999-01-01T00:00:00Z")
    assert "weather" not in links(shown(FRONT))
    assert status("/demo/sections/weather") == 404
    assert status("/demo/articles/tomorrow") == 404


def test_a_section_page_lists_its_own_articles_and_feeds() -> None:
    page = shown(CITY)
    assert texts(page, "//h1") == ["City"]
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
        "/demo/tags/none",
        "/demo/authors/none",
        "/demo/pictures/none.svg",
        "/demo/pictures/../style.css",
        "/demo/base.html",
    ],
)
def test_where_nothing_is_a_page_says_so(path: str) -> None:
    response = demo.page(path)
    assert response
    assert response.status == 404
    page = html.fromstring(response.body)
    assert texts(page, "//h1") == ["There is no such page"]
    assert links(page)["Go to the front page"] == FRONT


def test_what_is_not_of_the_demo_is_left_to_the_gateway() -> None:
    assert demo.page("/elsewhere") is None


@pytest.mark.parametrize("path", ["/", "/demo"])
def test_the_ways_to_the_front_page_lead_there(path: str) -> None:
    response = demo.page(path)
    assert response
    assert (response.status, response.headers) == (302, {"location": "/demo/"})


def test_a_section_of_any_name_is_found_through_its_link() -> None:
    name = "Şəhər & co? 100% <b>#1"
    put("odd", section=name)
    url = links(shown(FRONT))[name]
    assert re.fullmatch(r"/demo/sections/[A-Za-z0-9%._~-]+", url)
    page = shown(f"/demo/sections/{name}")
    assert texts(page, "//h1") == [name]
    feed = page.xpath("//link[@rel='alternate']/@href")[-1]
    assert feed == f"/{feed_path(Listing(Kind.SECTION, name))}.json"


def test_an_article_page_shows_the_whole_article() -> None:
    page = shown(CLOCK)
    url = "https://news.example/clock"
    assert texts(page, "//h1") == ["The harbour clock keeps time again"]
    assert texts(page, "//article[@class='piece']//p[@class='meta']") == [
        "26 December 2025 [11:11] A B Views: … Print version"
    ]
    assert page.xpath("//header//time/@datetime") == ["2025-12-26T11:11:00+04:00"]
    assert texts(page, "//view-count") == ["…"]
    assert texts(page, "//div[@class='body']/p") == ["At noon it struck twelve."]
    assert texts(page, "//a[@rel='tag']") == ["harbour"]
    assert links(page)["City"] == CITY
    assert links(page)["harbour"] == TAG
    assert links(page)["A"] == AUTHOR
    assert links(page)[url] == url
    assert page.xpath("//script/@data-article") == ["clock"]


def test_an_article_page_tells_other_programs_what_it_is() -> None:
    page = shown(CLOCK)
    url = "https://news.example/clock"
    assert page.xpath("//link[@rel='canonical']/@href") == [url]
    assert page.xpath("//meta[@name='description']/@content") == ["At noon it struck twelve."]
    graph = page.xpath("//meta[starts-with(@property, 'og:')]")
    assert {each.get("property"): each.get("content") for each in graph} == {
        "og:site_name": "The Daily Example",
        "og:title": "The harbour clock keeps time again",
        "og:type": "article",
        "og:url": url,
        "og:description": "At noon it struck twelve.",
        "og:locale": "en",
    }
    facts = page.xpath("//meta[starts-with(@property, 'article:')]")
    assert [(each.get("property"), each.get("content")) for each in facts] == [
        ("article:published_time", "2025-12-26T11:11:00+04:00"),
        ("article:modified_time", "2025-12-26T11:11:00+04:00"),
        ("article:section", "city"),
        ("article:author", "https://news.example/demo/authors/A"),
        ("article:author", "https://news.example/demo/authors/B"),
        ("article:tag", "harbour"),
    ]
    assert page.xpath("//meta[@name='twitter:card']/@content") == ["summary"]


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
        assert len(page.xpath("//main//script")) == 0
        assert not page.xpath("//i | //main//b")


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_recommendation_carries_title_and_address_whole(title: str) -> None:
    put("hostile", title=title, url="https://news.example/?a=1&b=2#c")
    shared = "https://news.example/?a=1&b=2&via=share#c"
    page = shown("/demo/articles/hostile")
    found = links(page)
    assert found["Recommend news to friend"] == "#recommend"
    letter = urlsplit(found["Write it in my mail program"])
    # RFC 6068: what stands in a field is unreserved, or escaped.
    assert re.fullmatch(
        r"subject=([\w.~-]|%[0-9A-F]{2})+&body=([\w.~-]|%[0-9A-F]{2})+", letter.query
    )
    assert (letter.scheme, letter.path, letter.fragment) == ("mailto", "", "")
    body = f"Hello,\r\nI thought this would interest you:\r\n{shared}"
    assert parse_qs(letter.query) == {"subject": [title], "body": [body]}
    (section,) = page.xpath("//section[@id='recommend']")
    assert (section.get("data-title"), section.get("data-url")) == (title, shared)
    assert json.loads(section.get("data-words")) == sharing.WORDS
    assert parse_qs(urlsplit(found["X"]).query) == {"text": [title], "url": [shared]}
    assert parse_qs(urlsplit(found["Facebook"]).query) == {"u": [shared]}
    assert parse_qs(urlsplit(found["Telegram"]).query) == {"text": [title], "url": [shared]}
    assert parse_qs(urlsplit(found["WhatsApp"]).query) == {"text": [f"{title} {shared}"]}


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
    assert page.xpath("//article[@class='piece']/@dir") == ["rtl"]


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


TEXTS = st.text(min_size=1, max_size=60).filter(lambda text: one_line(text) != "")
NAMES = TEXTS.filter(lambda text: "/" not in text and one_line(text) not in ("*", ".", ".."))


@given(title=TEXTS, author=NAMES, tag=NAMES)
@example("</script><script>alert(1)</script>", "<!--<script>", "]]>\u2028&quot;'\"")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_leaves_its_place(title: str, author: str, tag: str) -> None:
    put("hostile", title=title, author=author, tags=[tag])
    page = shown("/demo/articles/hostile")
    title, author, tag = map(one_line, (title, author, tag))
    (data,) = page.xpath("//script[@type='application/ld+json']")
    assert not {"<", ">", "&"} & set(data.text)
    linked = json.loads(data.text)
    assert (linked["headline"], linked["author"], linked["keywords"]) == (
        title,
        [{"@type": "Person", "name": author}],
        [tag],
    )
    assert page.xpath("//meta[@property='og:title']/@content") == [title]
    assert page.xpath("//meta[@name='author']/@content") == [author]
    assert page.xpath("//meta[@property='article:tag']/@content") == [tag]
    assert len(page.xpath("//script")) == 3
    for rel, name in (("author", author), ("tag", tag)):
        (link,) = page.xpath(f"//a[@rel='{rel}']")
        assert link.text_content() == name
        listing = shown(unquote(link.get("href")))
        assert "hostile" in listing.xpath("//main//@data-views")


def test_linked_data_is_that_of_the_article() -> None:
    put("drawn", image="https://news.example/a.png", updated="2025-12-27T09:00:00+04:00")
    page = shown("/demo/articles/drawn")
    linked = json.loads(page.xpath("string(//script[@type='application/ld+json'])"))
    assert linked["@type"] == "NewsArticle"
    assert linked["url"] == page.xpath("//meta[@property='og:url']/@content")[0]
    assert linked["image"] == page.xpath("//meta[@property='og:image']/@content")
    assert page.xpath("//figure/img/@src") == linked["image"]
    assert page.xpath("//meta[@name='twitter:card']/@content") == ["summary_large_image"]
    for name, key in (("published", "datePublished"), ("modified", "dateModified")):
        assert page.xpath(f"//meta[@property='article:{name}_time']/@content") == [linked[key]]


@pytest.mark.parametrize(
    ("updated", "text"),
    [
        ("2025-12-26T11:11:30+04:00", []),
        ("2025-12-26T10:00:00+04:00", []),
        ("2025-12-26T11:20:00+04:00", ["Updated [11:20]"]),
        ("2025-12-27T09:00:00+04:00", ["Updated 27 December 2025 [09:00]"]),
    ],
)
def test_an_update_is_told_where_it_differs(updated: str, text: list[str]) -> None:
    put("edited", published="2025-12-26T11:11:00+04:00", updated=updated)
    page = shown("/demo/articles/edited")
    assert texts(page, "//article[@class='piece']//time[@class='updated']") == text


def test_a_picture_that_the_body_shows_is_not_shown_twice() -> None:
    image = "https://news.example/a.png?x=1&y=2"
    put("shown", image=image, body=f'<p>At noon.</p><img src="{image}" alt="">')
    page = shown("/demo/articles/shown")
    assert page.xpath("//article[@class='piece']//img/@src") == [image]


def test_every_demo_article_has_a_drawing_with_words() -> None:
    for submission in demo.articles("http://127.0.0.1:1", NOW):
        put(submission["id"], **{name: submission[name] for name in ("image", "title")})
        (image,) = shown(f"/demo/articles/{submission['id']}").xpath("//figure/img")
        assert image.get("src") == f"/demo/pictures/{submission['id']}.svg"
        assert image.get("alt")
        response = demo.page(image.get("src"))
        assert response
        assert response.content_type == "image/svg+xml"
        assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert not re.search(rb"<script|href|url\(|\son\w+=", response.body)


def test_related_articles_are_others_that_are_published() -> None:
    put("tied", tags=["harbour"], published="2025-01-01T00:00:00Z")
    put("future", tags=["harbour"], published="2999-01-01T00:00:00Z")
    put("gone", tags=["harbour"])
    unpublish("gone", container().catalogue, container().books, now=NOW)
    page = shown(CLOCK)
    related = "//section[@aria-labelledby='related']"
    assert page.xpath(f"{related}//@data-views") == ["tied", "bus"]
    assert texts(page, f"{related}/h2") == ["More from City"]


def test_a_lone_article_leads_on_by_its_tags_or_not_at_all() -> None:
    assert not shown("/demo/articles/draw").xpath("//section[@aria-labelledby='related']")
    put("draw", section="sport", tags=["harbour"])
    page = shown("/demo/articles/draw")
    related = "//section[@aria-labelledby='related']"
    assert page.xpath(f"{related}//@data-views") == ["clock"]
    assert texts(page, f"{related}/h2") == ["Related"]


@given(st.sets(NAMES, max_size=8), st.sampled_from(["en", "az", "tr-TR", "ar"]))
@example({"city", "City", "news"}, "en")
@example({"\u0131", "i", "I", "\u0130"}, "az")
def test_no_two_sections_are_shown_alike(names: set[str], language: str) -> None:
    labels = label_sections(names, language)
    assert set(labels) == names
    assert len(set(labels.values())) == len(names)


def test_a_section_has_a_capital_unless_that_is_another_section() -> None:
    assert label_sections(["sport", "City", "city"], "en") == {
        "City": "City",
        "city": "city",
        "sport": "Sport",
    }
    assert label_sections(["idman"], "az") == {"idman": "İdman"}
