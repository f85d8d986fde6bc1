"""The widget shows numbers as the page's language does, and fills lists, in real Chromium."""

import itertools
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.browser.conftest import Browser, page, published, tag
from tests.browser.site import HOST, Fault, Relay, Site
from tests.end_to_end.stack import Stack, wait_for


@pytest.fixture
def read(stack: Stack) -> str:
    """An article with 1,234,566 views, and soon one more."""
    return published(stack, views_before=1_234_566)


@pytest.mark.parametrize(
    ("language", "number"),
    [
        ("en", "1,234,567"),
        ("de", "1.234.567"),
        ("fr", "1\u202f234\u202f567"),
        ("tr", "1.234.567"),
        ("hi", "12,34,567"),
        ("ar-EG", "١٬٢٣٤٬٥٦٧"),  # noqa: RUF001
        ("en_US", "1,234,567"),  # no language tag: as the browser's own language does
        ("no language at all", "1,234,567"),
        ("", "1,234,567"),
    ],
)
def test_numbers_are_written_as_the_pages_language_does(
    site: Site, relay: Relay, browser: Browser, read: str, language: str, number: str
) -> None:
    both = f"<view-count>…</view-count> <b data-views={read}>…</b> {tag(relay.url, read)}"
    browser.open(site.put("/a", page(both, language=language)))
    browser.shows(number)
    browser.shows(number, "b")


def test_a_part_of_the_page_in_another_language_has_its_numbers(
    site: Site, relay: Relay, browser: Browser, read: str
) -> None:
    body = f'<p lang="de"><b data-views="{read}"></b></p> {tag(relay.url, "")}'
    browser.open(site.put("/a", page(body)))
    browser.shows("1.234.566", "b")


@pytest.mark.parametrize(
    ("language", "attributes", "views", "told"),
    [
        ("en", 'label="# views" label-one="# view"', 1, "1 view"),
        ("en", 'label="# views" label-one="# view"', 2, "2 views"),
        ("en", 'label="# views" label-one="# view"', 1_234, "1,234 views"),
        ("pl", 'label="# odsłony" label-one="# odsłona" label-many="# odsłon"', 5, "5 odsłon"),
        ("pl", 'label="# odsłony" label-one="# odsłona" label-few="# odsłony"', 22, "22 odsłony"),
        ("ru", 'label="# просмотра" label-one="# просмотр"', 21, "21 просмотр"),
        ("az", 'label="# baxış"', 5, "5 baxış"),  # noqa: RUF001
        ("en", 'label="<b>#</b> & more"', 5, "<b>5</b> & more"),
        ("en", 'label="read"', 5, "read"),
    ],
)
def test_a_label_has_the_form_of_its_number(
    stack: Stack,
    site: Site,
    relay: Relay,
    browser: Browser,
    language: str,
    attributes: str,
    views: int,
    told: str,
) -> None:
    article = published(stack, views_before=views - 1)
    attributes = attributes.replace("&", "&amp;").replace("<", "&lt;")
    body = f"<view-count {attributes}></view-count> {tag(relay.url, article)}"
    browser.open(site.put("/a", page(body, language=language)))
    browser.shows(told)


WHOLE = """
const e = document.querySelector(arguments[0]);
return [e.textContent, e.title];
"""


def heard(browser: Browser, selector: str) -> dict[str, str]:
    """Give what assistive technology is told of an element: role, name, and description if any."""
    document = browser.command("DOM.getDocument")["root"]["nodeId"]
    node = browser.command("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
    tree = browser.command("Accessibility.getPartialAXTree", nodeId=node, fetchRelatives=False)
    (told,) = tree["nodes"]
    return {
        name: told[name]["value"]
        for name in ("role", "name", "description")
        if told.get(name, {}).get("value")
    }


def test_a_short_number_tells_the_whole_to_who_hears_it_and_tells_it_once(
    site: Site, relay: Relay, browser: Browser, read: str
) -> None:
    body = (
        '<view-count compact label="# views"></view-count>'
        f'<span data-views="{read}" data-compact data-label="# views"></span>'
        f"{tag(relay.url, read)}"
    )
    browser.open(site.put("/a", page(body)))
    for each in ("view-count", "span"):
        expected = ["1.2M views", "1,234,567 views"]
        wait_for(lambda each=each: browser.run(WHOLE, each), expected)  # type: ignore[misc]
        assert heard(browser, each) == {"role": "image", "name": "1,234,567 views"}


def test_a_short_number_has_the_form_of_short_numbers(
    stack: Stack, site: Site, relay: Relay, browser: Browser
) -> None:
    article = published(stack, views_before=1_201)
    labels = 'label="# odsłony" label-one="# odsłona" label-few="# odsłony" label-many="# odsłon"'
    body = f"<view-count compact {labels}></view-count> {tag(relay.url, article)}"
    browser.open(site.put("/a", page(body, language="pl")))
    browser.shows("1,2\u00a0tys. odsłon")
    whole = "return document.querySelector('view-count').title"
    assert browser.run(whole) == "1202 odsłony"


def test_a_plain_number_is_plain_text(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    body = f"<view-count>…</view-count> {tag(relay.url, article)}"
    browser.open(site.put("/a", page(body)))
    browser.shows("347")
    told = browser.run("return document.querySelector('view-count').outerHTML")
    assert told == "<view-count>347</view-count>"


def test_the_number_moves_nothing_on_the_page(
    site: Site, relay: Relay, browser: Browser, read: str
) -> None:
    style = "<style>view-count { display: inline-block; min-width: 9ch }</style>"
    shifts = (
        "<script>shifts = []; new PerformanceObserver(list => shifts.push(...list.getEntries()"
        ".map(each => each.value))).observe({type: 'layout-shift', buffered: true})</script>"
    )
    release = relay.delayed["/widget.js"]
    body = (
        f"<p>Views: <view-count>…</view-count> <a href='/print'>Print</a></p>"
        f"<p>The text of the article.</p>{tag(relay.url, read)}"
    )
    browser.start(site.put("/a", page(body, head=style + shifts)))
    paints = "return performance.getEntriesByName('first-contentful-paint').length"
    wait_for(lambda: browser.run(paints), 1)
    release.set()
    browser.shows("1,234,567")
    painted = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))"
    browser.driver.execute_async_script(painted)
    assert browser.run("return shifts") == []


def asked_ids(relay: Relay) -> list[list[str]]:
    return [
        parse_qs(urlsplit(each.path).query)["ids"][0].split(",")
        for each in relay.asked
        if each.path.startswith("/views?ids=")
    ]


def test_a_list_of_100_articles_takes_one_request(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    ids = [article, *(f"unknown-{number}" for number in range(99))]
    rows = "".join(f'<li><span data-views="{each}">…</span></li>' for each in ids)
    browser.open(site.put("/list", page(f"<ul>{rows}</ul>{tag(relay.url, '')}")))
    browser.shows("346", f'[data-views="{article}"]')
    assert asked_ids(relay) == [ids]
    assert relay.views() == []


def test_a_longer_list_is_asked_for_in_hundreds_and_an_article_once(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    ids = [*(f"unknown-{number}" for number in range(249)), article]
    rows = "".join(f'<li><span data-views="{each}">…</span></li>' for each in ids + ids)
    browser.open(site.put("/list", page(f"<ul>{rows}</ul>{tag(relay.url, '')}")))
    browser.shows("346", f'li:last-child [data-views="{article}"]')
    wait_for(lambda: len(asked_ids(relay)), 3)
    assert sorted(map(len, asked_ids(relay))) == [50, 100, 100]
    assert sorted(itertools.chain(*asked_ids(relay))) == sorted(ids)


def test_what_is_added_to_a_page_is_filled(
    site: Site, relay: Relay, browser: Browser, article: str, other: str
) -> None:
    browser.open(site.put("/list", page(f"<ul></ul>{tag(relay.url, '')}")))
    add = "document.querySelector('ul').insertAdjacentHTML('beforeend', arguments[0])"
    browser.run(add, f'<li data-views="{article}"></li><li data-views="{article}"></li>')
    browser.shows("346", "li:last-child")
    browser.run(add, f'<li data-views="{other}"></li>')
    browser.shows("346", "li:last-child")
    browser.run(add, f'<li data-views="{article}" class="known"></li>')
    browser.shows("346", ".known")
    assert asked_ids(relay) == [[article], [other]]


def test_a_page_shows_its_own_number_and_those_of_others(
    site: Site, relay: Relay, browser: Browser, article: str, other: str
) -> None:
    body = (
        f'<view-count></view-count><b data-views></b><i data-views="{other}"></i>'
        f'<u data-views="{article}"></u>{tag(relay.url, article)}'
    )
    browser.open(site.put("/a", page(body)))
    for selector, number in {"view-count": 347, "b": 347, "i": 346, "u": 347}.items():
        browser.shows(str(number), selector)


def test_numbers_that_could_not_be_had_are_asked_for_once_more(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    browser.open(site.put("/list", page(f"{tag(relay.url, '')}")))
    wait_for(lambda: browser.run("return !!window.Circulation"), True)
    fail_once = (
        "const real = fetch; fetch = (...told) => { fetch = real;"
        "return Promise.reject(new TypeError('offline')) };"
    )
    browser.run(f"{fail_once} document.body.innerHTML = arguments[0]", f"<b data-views={article}>")
    browser.shows("346", "b")


def test_an_older_answer_never_lowers_a_number(
    site: Site, relay: Relay, browser: Browser, article: str, other: str
) -> None:
    release = relay.delayed["/views"]
    relay.faults.append(Fault.HELD)
    body = f'<b data-views="{article}">…</b>{tag(relay.url, article)}'
    browser.open(site.put("/a", page(body)))
    wait_for(lambda: relay.count("/views?ids="), 1)  # 346, and on its way for long
    relay.held.set()
    browser.shows("347", "b")
    browser.run("Circulation.view(arguments[0])", other)  # it is no longer the page's own
    wait_for(lambda: len(relay.views()), 2)
    release.set()
    browser.settle()
    assert browser.text("b") == "347"


def test_what_others_call_data_views_is_left_alone(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    body = (
        '<div data-views="1523"><h2>A card</h2></div><p data-views="many, very many">text</p>'
        f'<p data-views="{"x" * 101}">text</p><b data-views="{article}">…</b>{tag(relay.url, "")}'
    )
    browser.open(site.put("/list", page(body)))
    browser.shows("346", "b")
    assert asked_ids(relay) == [["1523", article]]
    left = "return [...document.querySelectorAll('div, p')].map(each => each.innerHTML)"
    assert browser.run(left) == ["<h2>A card</h2>", "text", "text"]


def test_a_short_number_that_is_a_link_stays_a_link(
    site: Site, relay: Relay, browser: Browser, read: str
) -> None:
    body = f'<a href="/" data-views="{read}" data-compact>…</a>{tag(relay.url, "")}'
    browser.open(site.put("/list", page(body)))
    browser.shows("1.2M", "a")
    named = "const a = document.querySelector('a'); return [a.role, a.ariaLabel, a.title]"
    assert browser.run(named) == [None, None, "1,234,566"]


def test_the_most_read_are_a_list_of_links_with_their_views(
    site: Site, relay: Relay, browser: Browser
) -> None:
    body = (
        '<most-read window="all" limit="3"><h2>Most read</h2><ol class="ours"><li>old</ol>'
        f"</most-read>{tag(relay.url, '')}"
    )
    ranking = relay_json(relay, "/popular?window=all&limit=3")
    if not ranking["articles"]:
        pytest.fail("nothing is ranked: the stack ranks when it starts")
    browser.open(site.put("/list", page(body)))
    wait_for(lambda: browser.text("most-read li a") not in (None, "old"), True)
    shown = browser.run(
        "return [...document.querySelectorAll('most-read > ol.ours > li')].map(each =>"
        "[each.querySelector('a[lang][dir=auto]').href, each.querySelector('a').textContent,"
        "each.querySelector('span').textContent])"
    )
    assert shown == [
        [each["url"], each["title"], f"{each['window_views']:,}"] for each in ranking["articles"]
    ]
    assert browser.text("most-read h2") == "Most read"
    assert relay.count("/popular?window=all&limit=3") == 2


def relay_json(relay: Relay, path: str) -> dict[str, list[dict[str, object]]]:
    told: dict[str, list[dict[str, object]]] = httpx.get(relay.url + path).json()
    return told


def test_the_most_read_of_a_section_make_a_list_where_the_page_has_none(
    site: Site, relay: Relay, browser: Browser
) -> None:
    body = f'<most-read section="no such" window="7d"></most-read>{tag(relay.url, "")}'
    browser.open(site.put("/list", page(body)))
    wait_for(lambda: relay.count("/popular"), 1)
    (asked,) = (each.path for each in relay.asked if each.path.startswith("/popular"))
    assert asked == "/popular?section=no+such&window=7d"
    assert browser.text("most-read") == ""


def test_a_badge_and_a_frame_show_the_number(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    api = f"{relay.url}/articles/{article}"
    body = (
        f'<img src="{api}/views.svg?label=reads&color=teal" alt="Reads">'
        f'<iframe src="{api}/views.html" title="Views of the article"></iframe>'
    )
    browser.open(site.put("/a", page(body)))
    width = "return document.images[0].naturalWidth"
    wait_for(lambda: browser.run(width) > 40, True)
    browser.driver.switch_to.frame(0)
    browser.shows("Views: 346", "p")
    assert browser.run("return document.title") == "Views of “The harbour clock keeps time again”"
    assert stack.views(article) == 346
    assert HOST in site.url()
