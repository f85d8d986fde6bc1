"""One reading is one view, by whatever name, and a number stands beside its own article."""

import itertools
import json
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files

import pytest

from circulation import widget
from tests.browser.conftest import Browser, page, published, tag
from tests.browser.site import HOST, Relay, Site
from tests.end_to_end.conftest import running
from tests.end_to_end.stack import Stack, wait_for

COUNT = "Views: <view-count>…</view-count>"
ELEMENTS = [COUNT, '<b data-views="">…</b>', '<view-count label="#">…</view-count>']
OPT_OUT = {"Sec-GPC": "1"}


@pytest.fixture(scope="module")
def every_load(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack on which nothing but its nonce tells a retry from another view."""
    yield from running(
        tmp_path_factory.mktemp("readings") / "state",
        "--parameter=AllowedOrigins=*",
        "--parameter=RepeatWindowMinutes=0",
        "--parameter=OptOuts=anonymous",
    )


@pytest.fixture
def api(every_load: Stack) -> Iterator[Relay]:
    relay = Relay(f"127.0.0.1:{every_load.port}")
    with relay.serving():
        yield relay


# What follows the opening of a page, whose article ID is: each of these is one reading.
STEPS = {
    "view()": ["view()"],
    "view() twice": ["view()", "view()"],
    "view(id)": ["view('ID')"],
    "view(id) and view()": ["view('ID')", "view()", "view('ID')"],
    "a slash put right": ["replaceState /articles/ID/"],
    "a slash and back": ["pushState /articles/ID/", "pushState /articles/ID"],
    "an index page": ["replaceState /articles/ID/index.html"],
    "query and hash": ["pushState ?page=2#end", "replaceState ?sort=new", "view()"],
    "a gallery and back": ["pushState /gallery/2", "pushState /articles/ID"],
}
HEADS = {
    "path": "TAG",
    "canonical": f'<link rel="canonical" href="https://{HOST}/articles/ID/">TAG',
    "data-article": "ID-TAG",
}


@pytest.mark.parametrize("opted_out", [False, True], ids=["reader", "opted out"])
@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_one_reading_is_one_view_whatever_its_page_is_called(
    every_load: Stack,
    site: Site,
    api: Relay,
    browser: Browser,
    *,
    head: str,
    opted_out: bool,
) -> None:
    if opted_out:
        browser.command("Network.enable")
        browser.command("Network.setExtraHTTPHeaders", headers=OPT_OUT)
    for name, steps in STEPS.items():
        article = published(every_load)
        tagged = head.replace("ID-TAG", tag(api.url, article)).replace("TAG", tag(api.url))
        url = site.put(f"/articles/{article}", page(COUNT, head=tagged.replace("ID", article)))
        browser.open(url)
        browser.shows("347")
        for step in steps:
            act(browser, step.replace("ID", article))
        wait_for(lambda: unanswered(browser), 0)
        browser.shows("347")
        assert (name, every_load.views(article)) == (name, 347)


def act(browser: Browser, step: str) -> None:
    """Do a step as an application does: call the widget, or change the address and the page."""
    move, _, url = step.partition(" ")
    if url:
        browser.run(f"history.{move}({{}}, '', arguments[0]); document.body.append('more')", url)
    else:
        browser.run(f"Circulation.{move}")
    browser.settle()


def unanswered(browser: Browser) -> object:
    """Count the requests that are still on the way."""
    return browser.run(
        "return performance.getEntriesByType('resource').filter(e => !e.responseEnd).length"
    )


def test_what_is_opened_anew_is_another_reading(
    every_load: Stack, site: Site, api: Relay, browser: Browser
) -> None:
    article = published(every_load)
    url = site.put(f"/articles/{article}", page(f"{COUNT} {tag(api.url)}"))
    for views in (347, 348):
        browser.open(url)
        browser.shows(str(views))
        browser.open("about:blank")


def article_of(heading: str) -> str:
    return f"<article><h1>{heading}</h1>{COUNT}</article>"


def show(heading: str, how: str = "new elements") -> str:
    """Write a script that shows another article, in new elements or, as React does, in the same."""
    return {
        "new elements": f"document.querySelector('main').innerHTML = `{article_of(heading)}`;",
        "the same elements": f"document.querySelector('h1').textContent = '{heading}';",
        "the same text": f"document.querySelector('h1').firstChild.data = '{heading}';",
    }[how]


# What stands on the page whenever it is painted: articles' headings, each with its number.
RECORDER = """<script>
seen = new Set;
(function record() {
  for (const each of document.querySelectorAll("article"))
    seen.add([each.querySelector("h1,h2").textContent,
      each.querySelector("view-count").textContent].join());
  requestAnimationFrame(record);
})();
</script>"""
# What happens on a page while another one is on its way: nothing of it is the other article.
MEANWHILE = {
    "nothing": "",
    "a spinner": "document.body.prepend(document.createElement('progress'));",
    "a clock": "clock.firstChild.data = '12:01';",
    "a title": "document.title = 'two';",
    "a prefetched page": "document.head.append(document.createElement('link'));",
    "comments": "document.querySelector('article').append('A comment');",
}


# A page on which nothing happens by waiting: the script never finds that content takes too long.
NEVER_LATE = """<script>{
  const start = setTimeout;
  setTimeout = (run, ms, ...values) => ms > 3000 ? 0 : start(run, ms, ...values);
}</script>"""


def application(site: Site, relay: Relay, one: str, head: str = NEVER_LATE) -> str:
    main = f"<i id=clock>12:00</i><main>{article_of('one')}</main>"
    html = page(main, head=f"{head}{RECORDER}{tag(relay.url)}")
    return site.put(f"/articles/{one}", html)


def seen(browser: Browser) -> set[str]:
    return set(browser.run("return [...seen]"))


RIGHT = {"one,…", "one,1,001", "one,", "two,…", "two,2,002", "two,"}


@pytest.fixture
def two(stack: Stack) -> tuple[str, str]:
    """Two articles, whose views are 1,001 and 2,002 with one more."""
    return published(stack, views_before=1_000), published(stack, views_before=2_001)


@pytest.mark.parametrize("how", ["new elements", "the same elements", "the same text"])
@pytest.mark.parametrize("order", ["address first", "content first", "content much earlier"])
def test_a_number_never_stands_beside_another_article(
    site: Site,
    relay: Relay,
    browser: Browser,
    two: tuple[str, str],
    *,
    how: str,
    order: str,
) -> None:
    one, other = two
    browser.open(application(site, relay, one))
    browser.shows("1,001")
    browser.settle()
    move = f"history.pushState({{}}, '', '/articles/{other}');"
    if order == "address first":
        browser.run(move + show("two", how))
    else:
        browser.run(show("two", how) + ("" if order == "content much earlier" else move))
        if order == "content much earlier":
            browser.settle()
            browser.run("seen.clear();" + move)
    browser.shows("2,002")
    browser.run(f"history.pushState({{}}, '', '/articles/{one}');" + show("one", how))
    browser.shows("1,001")
    assert seen(browser) <= RIGHT


@pytest.mark.parametrize("how", ["new elements", "the same elements", "the same text"])
def test_a_number_waits_for_an_article_that_takes_its_time(
    site: Site,
    relay: Relay,
    browser: Browser,
    two: tuple[str, str],
    *,
    how: str,
) -> None:
    one, other = two
    browser.open(application(site, relay, one))
    browser.shows("1,001")
    pages = itertools.cycle([("two", other, "2,002"), ("one", one, "1,001")])
    for name, script in MEANWHILE.items():
        heading, article, number = next(pages)
        browser.settle()
        browser.run(f"history.pushState({{}}, '', '/articles/{article}');" + script)
        browser.settle()
        browser.run(show(heading, how))
        browser.shows(number)
        assert seen(browser) <= RIGHT, name


@pytest.mark.parametrize("before", [False, True], ids=["old, new", "new, old"])
def test_an_article_that_moves_out_of_sight_keeps_its_number(
    site: Site, relay: Relay, browser: Browser, two: tuple[str, str], *, before: bool
) -> None:
    one, other = two
    browser.open(application(site, relay, one))
    browser.shows("1,001")
    for heading, article, number in [("two", other, "2,002"), ("one", one, "1,001")]:
        browser.settle()
        browser.run(
            "old = document.querySelector('article'); history.pushState({}, '', arguments[0]);"
            "old.insertAdjacentHTML(arguments[1], arguments[2]); old.id = 'old'",
            f"/articles/{article}",
            "beforebegin" if before else "afterend",
            article_of(heading),
        )
        browser.shows(number, "article:not([id]) view-count")
        browser.settle()
        browser.run("old.remove()")
        browser.settle()
        assert browser.text("view-count") == number
    assert seen(browser) <= RIGHT


@pytest.mark.parametrize("element", ELEMENTS)
def test_a_number_waits_while_what_follows_applications_is_on_its_way(
    site: Site, relay: Relay, browser: Browser, two: tuple[str, str], element: str
) -> None:
    one, other = two
    release = relay.delayed[f"/widget/{navigation_build()}.js"]
    html = f"<main><article><h1>one</h1>{element}</article></main>"
    recorder = RECORDER.replace("view-count", "view-count, b")
    browser.open(
        site.put(f"/articles/{one}", page(html, head=NEVER_LATE + recorder + tag(relay.url)))
    )
    count = "view-count, b"
    browser.shows("1,001", count)
    browser.run(
        f"history.pushState({{}}, '', '/articles/{other}');" + show("two", "the same elements")
    )
    browser.settle()
    assert browser.text(count) == ""
    release.set()
    browser.shows("2,002", count)
    assert seen(browser) <= RIGHT


def navigation_build() -> str:
    name: str = json.loads((files(widget) / "builds.json").read_text())["navigation"]
    return name


def test_a_visit_that_is_called_off_leaves_the_number_and_counts_nothing(
    stack: Stack, site: Site, relay: Relay, browser: Browser, two: tuple[str, str]
) -> None:
    one, other = two
    browser.open(application(site, relay, one))
    browser.shows("1,001")
    for name, script in MEANWHILE.items():
        browser.settle()
        browser.run(f"history.pushState({{}}, '', '/articles/{other}');" + script)
        browser.settle()
        browser.run("history.back()")
        wait_for(lambda: browser.run("return location.pathname"), f"/articles/{one}")
        browser.run("document.body.append('more')")
        browser.settle()
        browser.shows("1,001")
        assert len(relay.views()) == 1, name
        assert seen(browser) <= RIGHT, name
    assert stack.views(other) == 2_001


def test_a_page_whose_content_does_not_change_counts_by_its_address_after_a_while(
    stack: Stack, site: Site, relay: Relay, browser: Browser, two: tuple[str, str]
) -> None:
    one, other = two
    browser.open(application(site, relay, one, head=""))
    browser.shows("1,001")
    browser.run("history.pushState({}, '', arguments[0])", f"/articles/{other}")
    browser.shows("2,002")
    wait_for(lambda: (stack.views(one), stack.views(other)), (1_001, 2_002))


def test_a_picture_that_has_an_address_leaves_its_articles_number(
    stack: Stack, site: Site, relay: Relay, browser: Browser, two: tuple[str, str]
) -> None:
    one, _ = two
    browser.open(application(site, relay, one, head=""))
    browser.shows("1,001")
    browser.run("history.pushState({}, '', '/gallery/2'); document.body.append('picture')")
    wait_for(lambda: len(relay.views()), 2)  # after the time that another article may take
    browser.settle()
    assert browser.text("view-count") == "1,001"
    browser.run("history.back()")
    wait_for(lambda: browser.run("return location.pathname"), f"/articles/{one}")
    browser.settle()
    assert browser.text("view-count") == "1,001"
    wait_for(lambda: stack.views(one), 1_001)


def test_a_heading_that_all_pages_have_tells_no_article(
    site: Site, relay: Relay, browser: Browser, two: tuple[str, str]
) -> None:
    one, other = two
    main = f"<h1>The News</h1><main><article><h2>one</h2><p>{COUNT}</p></article></main>"
    html = page(main, head=NEVER_LATE + RECORDER + tag(relay.url))
    browser.open(site.put(f"/articles/{one}", html))
    browser.shows("1,001")
    for heading, article, number in [("two", other, "2,002"), ("one", one, "1,001")]:
        browser.settle()
        browser.run("history.pushState({}, '', arguments[0])", f"/articles/{article}")
        browser.settle()
        browser.run("document.querySelector('h2').firstChild.data = arguments[0]", heading)
        browser.shows(number)
    assert seen(browser) <= RIGHT


@pytest.mark.parametrize("swapped", [False, True])
def test_a_box_with_a_heading_of_its_own_shows_the_article_beside_it(
    site: Site, relay: Relay, browser: Browser, two: tuple[str, str], *, swapped: bool
) -> None:
    one, other = two
    box = f"<aside><h2>Numbers</h2>{COUNT}</aside>"
    main = f"<main>{article_of('one')}{box}</main>"
    browser.open(
        site.put(f"/articles/{one}", page(main, head=NEVER_LATE + RECORDER + tag(relay.url)))
    )
    for heading, article, number in [("one", one, "1,001"), ("two", other, "2,002")] * 2:
        browser.run("history.pushState({}, '', arguments[0])", f"/articles/{article}")
        browser.settle()
        region = "main" if swapped else "article"
        html = article_of(heading) + box if swapped else article_of(heading)
        browser.run(f"document.querySelector('{region}').innerHTML = arguments[0]", html)
        browser.shows(number)
        browser.shows(number, "aside view-count")
    assert seen(browser) <= RIGHT


@pytest.mark.parametrize("how", ["new elements", "the same text"])
def test_a_number_in_the_frame_of_all_pages_follows_the_article(
    site: Site, relay: Relay, browser: Browser, two: tuple[str, str], how: str
) -> None:
    one, other = two
    main = f"<main><h1>one</h1></main><footer><h2>Numbers</h2>{COUNT}</footer>"
    browser.open(site.put(f"/articles/{one}", page(main, head=NEVER_LATE + tag(relay.url))))
    browser.shows("1,001")
    for heading, article, number in [("two", other, "2,002"), ("one", one, "1,001")]:
        browser.settle()
        last = browser.text("view-count")
        browser.run("history.pushState({}, '', arguments[0])", f"/articles/{article}")
        browser.settle()
        assert browser.text("view-count") == last
        show_it = "document.querySelector('main').innerHTML = `<h1>${arguments[0]}</h1>`"
        if how == "the same text":
            show_it = "document.querySelector('h1').firstChild.data = arguments[0]"
        browser.run(show_it, heading)
        wait_for(partial(counted, relay, article), expected=True)
        browser.shows(number)


def counted(relay: Relay, article: str) -> bool:
    """Tell whether the last view that was told is one of an article's page."""
    return article in relay.views()[-1].path


@pytest.mark.parametrize("element", ELEMENTS)
def test_articles_that_are_added_to_one_page_have_numbers_of_their_own(
    stack: Stack, site: Site, relay: Relay, browser: Browser, element: str
) -> None:
    articles = [published(stack, views_before=views) for views in (1_000, 2_001, 3_002)]
    numbers = ["1,001", "2,002", "3,003"]
    html = f"<h1>one</h1>{element}"
    browser.open(
        site.put(
            f"/articles/{articles[0]}", page(f"<article>{html}</article>", head=tag(relay.url))
        )
    )
    counts = "view-count, b"
    browser.shows("1,001", counts)
    texts = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent)"
    for place in (1, 2):
        browser.run(
            "history.replaceState({}, '', arguments[0]);"
            "document.querySelector('article').parentNode.insertAdjacentHTML('beforeend',"
            " `<article><h2>${arguments[0]}</h2>${arguments[1]}</article>`)",
            f"/articles/{articles[place]}",
            element,
        )
        wait_for(lambda: browser.run(texts, counts), numbers[: place + 1])
    for place in (1, 0, 1, 2):
        browser.run("history.replaceState({}, '', arguments[0])", f"/articles/{articles[place]}")
        browser.settle()
        assert browser.run(texts, counts) == numbers
    wait_for(lambda: [stack.views(article) for article in articles], [1_001, 2_002, 3_003])


def test_lists_follow_the_article_whose_address_stands(
    stack: Stack, site: Site, relay: Relay, browser: Browser, two: tuple[str, str]
) -> None:
    one, other = two
    rows = "".join(f'<h2>{each}</h2><b data-views="{each}" id="{each}"></b>' for each in two)
    browser.open(site.put(f"/articles/{one}", page(f"{rows}{tag(relay.url)}")))
    browser.shows("1,001", f"#{one}")
    browser.run("history.replaceState({}, '', arguments[0])", f"/articles/{other}")
    browser.shows("2,002", f"#{other}")
    assert browser.text(f"#{one}") == "1,001"
    wait_for(lambda: (stack.views(one), stack.views(other)), (1_001, 2_002))


NAMES: dict[str, Callable[[Relay, str], str]] = {
    "canonical": lambda _, article: (
        f'<link rel="canonical" href="https://{HOST}/articles/{article}">'
    ),
    "tag": lambda relay, article: tag(relay.url, article),
}


# An application puts another element in the head, or the other address into the one there.
CHANGES = {
    "element": "[...document.head.children].at(-1).outerHTML = arguments[0]",
    "attribute": "document.querySelector('[rel=canonical]').href ="
    " arguments[0].match('href=\"(.*)\"')[1]",
}


@pytest.mark.parametrize("late", [False, True], ids=["at once", "later"])
@pytest.mark.parametrize(
    ("name", "change"), [("canonical", "element"), ("canonical", "attribute"), ("tag", "element")]
)
def test_an_application_names_the_next_page_in_its_head(
    stack: Stack,
    site: Site,
    relay: Relay,
    browser: Browser,
    two: tuple[str, str],
    *,
    name: str,
    change: str,
    late: bool,
) -> None:
    one, other = two
    heads = [NAMES[name](relay, each) for each in two]
    base = "" if name == "tag" else tag(relay.url)
    browser.open(
        site.put("/section/one", page(f"<h1>one</h1>{COUNT}", head=NEVER_LATE + base + heads[0]))
    )
    browser.shows("1,001")
    for path, head, number in [("two", heads[1], "2,002"), ("one", heads[0], "1,001")]:
        browser.run(
            "history.pushState({}, '', arguments[0]); h1 = document.querySelector('h1');"
            "h1.textContent = arguments[0]",
            f"/section/{path}",
        )
        if late:
            browser.settle()
        browser.run(CHANGES[change], head)
        browser.shows(number)
    wait_for(lambda: (stack.views(one), stack.views(other)), (1_001, 2_002))


def test_a_name_that_an_application_leaves_standing_is_the_first_pages(
    stack: Stack, site: Site, relay: Relay, browser: Browser, two: tuple[str, str]
) -> None:
    one, other = two
    head = NAMES["canonical"](relay, one) + tag(relay.url)
    browser.open(site.put(f"/articles/{one}", page(f"<h1>one</h1>{COUNT}", head=head)))
    browser.shows("1,001")
    act(browser, f"pushState /articles/{other}")
    browser.shows("2,002")
    wait_for(lambda: (stack.views(one), stack.views(other)), (1_001, 2_002))


@pytest.mark.parametrize("order", ["view, then address", "address, then view", "view alone"])
def test_an_application_that_says_itself_what_is_read_is_believed(
    site: Site, relay: Relay, browser: Browser, two: tuple[str, str], order: str
) -> None:
    one, other = two
    html = page(f"<h1>one</h1>{COUNT} {tag(relay.url, data_manual='')}")
    browser.open(site.put("/app", html))
    wait_for(lambda: browser.run("return !!window.Circulation"), True)
    browser.settle()
    assert relay.views() == []
    for number, article in [("1,001", one), ("2,002", other), ("1,001", one)]:
        view = f"Circulation.view('{article}');"
        move = f"history.pushState({{}}, '', '/x/{article}');document.body.append('more');"
        browser.run(
            {"view, then address": view + move, "address, then view": move + view}.get(order, view)
        )
        browser.shows(number)
        browser.settle()
        assert browser.text("view-count") == number
    assert {each.path for each in relay.views()} == {f"/articles/{each}/views" for each in two}
    browser.run("Circulation.view('')")
    browser.shows("")


@pytest.mark.parametrize("route", ["#/{}", "?page={}"])
def test_a_router_of_hashes_or_queries_that_calls_view_is_right_on_every_page(
    stack: Stack, site: Site, relay: Relay, browser: Browser, two: tuple[str, str], route: str
) -> None:
    one, other = two
    browser.open(site.put("/app", page(f"<h1>home</h1>{COUNT} {tag(relay.url, data_manual='')}")))
    wait_for(lambda: browser.run("return !!window.Circulation"), True)
    for article, number in [(one, "1,001"), ("", ""), (other, "2,002"), (one, "1,001")]:
        browser.run(
            "history.pushState({}, '', arguments[0]); document.body.append('more');"
            "Circulation.view(arguments[1])",
            route.format(article),
            article,
        )
        browser.shows(number)
    wait_for(lambda: (stack.views(one), stack.views(other)), (1_001, 2_002))


@pytest.mark.parametrize(
    ("canonical", "counted"),
    [
        ("https://medium.example/author/foo-1234", "own"),
        (f"https://{HOST}.org/articles/OTHER", "own"),
        (f"https://not{HOST}/articles/OTHER", "own"),
        (f"https://archive.example/{HOST}/articles/OTHER", "own"),
        ("http://", "own"),
        ("", "own"),
        (f"https://{HOST}/articles/OTHER?utm_source=x#top", "other"),
        (f"//{HOST}/articles/OTHER", "other"),
    ],
)
def test_a_canonical_address_on_another_host_is_not_the_pages(
    stack: Stack,
    site: Site,
    relay: Relay,
    browser: Browser,
    article: str,
    other: str,
    canonical: str,
    counted: str,
) -> None:
    link = f'<link rel="canonical" href="{canonical.replace("OTHER", other)}">'
    browser.open(site.put(f"/articles/{article}", page(COUNT, head=link + tag(relay.url))))
    browser.shows("347")
    views = {article: 346, other: 346, (article if counted == "own" else other): 347}
    wait_for(lambda: {each: stack.views(each) for each in views}, views)
    assert browser.complaints() == []
    assert len(relay.views()) == 1


@pytest.mark.parametrize("moved", [False, True])
def test_what_an_application_names_behind_the_scenes_counts_when_it_is_seen(
    site: Site, relay: Relay, browser: Browser, article: str, *, moved: bool
) -> None:
    hidden = "<script>Object.defineProperty(document, 'hidden', {value: true, writable: true})"
    browser.open(site.put("/app", page(f"{COUNT} {hidden}</script>{tag(relay.url)}")))
    wait_for(lambda: browser.run("return !!window.Circulation"), True)
    if moved:
        browser.run("history.pushState({}, '', '/x'); document.body.append('more')")
    browser.run("Circulation.view(arguments[0])", article)
    browser.settle()
    assert relay.views() == []
    browser.run("document.hidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    browser.shows("347")
    assert [each.path for each in relay.views()] == [f"/articles/{article}/views"]
