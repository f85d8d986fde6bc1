"""The widget counts each view of a page once, once it is seen, in real Chromium."""

from collections.abc import Callable

import pytest

from circulation.widget import current
from tests.browser.conftest import Browser, nonces, page, published, tag
from tests.browser.site import HOST, Asked, Fault, Relay, Site
from tests.builders import integrity
from tests.end_to_end.stack import Stack, wait_for

Browse = Callable[..., Browser]

COUNT = "Views: <view-count>…</view-count>"


@pytest.fixture
def blank(site: Site) -> str:
    return site.put("/blank", page("nothing"))


def link(url: str) -> str:
    return f'<a id="on" href="{url}">on</a>'


def leave(browser: Browser) -> None:
    browser.run("setTimeout(() => document.getElementById('on').click())")


def back(browser: Browser) -> None:
    browser.run("setTimeout(() => history.back())")


def test_a_page_that_is_seen_counts_once_and_shows_the_number_with_its_own_view(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    wait_for(lambda: stack.views(article), 347)
    assert len(relay.views()) == 1
    assert browser.complaints() == []


def test_a_view_tells_the_host_it_came_from_and_the_width_of_the_window(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    url = site.put("/a", page(f"{COUNT} {tag(relay.url, article)}"))
    browser.open(site.put("/from", page(link(url)), host="localhost"))
    leave(browser)
    browser.shows("347")
    (told,) = relay.views()
    assert told.json()["referrer"] == f"//localhost:{site.port}"
    assert told.json()["width"] == browser.run("return innerWidth")
    assert len(told.json()["nonce"]) <= 64


def test_a_tab_in_the_background_counts_when_it_is_looked_at(
    site: Site, relay: Relay, browse: Callable[..., Browser], article: str, blank: str
) -> None:
    browser = browse()
    url = site.put("/a", page(f"{COUNT} {tag(relay.url, article)}"))
    browser.open(blank)
    browser.command("Target.createTarget", url=url, background=True)
    wait_for(lambda: relay.count("/widget.js"), 1)
    _, background = browser.driver.window_handles
    assert relay.views() == []
    browser.driver.switch_to.window(background)
    browser.shows("347")
    assert len(relay.views()) == 1


def test_a_page_that_is_hidden_while_it_loads_is_not_counted_until_it_is_seen(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    release = relay.delayed["/widget.js"]
    browser.start(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    first = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    release.set()
    wait_for(lambda: relay.count("/widget.js"), 1)
    assert relay.views() == []
    browser.driver.switch_to.window(first)
    browser.shows("347")
    assert len(relay.views()) == 1


def test_a_prerendered_page_counts_when_it_is_opened_and_not_before(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    url = site.put("/a", page(f"{COUNT} {tag(relay.url, article)}"))
    rules = '{"prerender":[{"source":"list","urls":["/a"],"eagerness":"immediate"}]}'
    start = page(link(url), head=f'<script type="speculationrules">{rules}</script>')
    browser.open(site.put("/start", start))
    wait_for(lambda: relay.count("/widget.js"), 1)
    assert relay.views() == []
    leave(browser)
    browser.shows("347")
    assert browser.run(
        "return performance.getEntriesByType('navigation')[0].activationStart > 0"
    ), "the page was not prerendered"
    (view,) = relay.views()
    assert "sec-purpose" not in view.headers
    assert relay.count("/widget.js") == 1


def test_a_prerendered_page_that_nobody_opens_is_not_counted(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str, blank: str
) -> None:
    site.put("/a", page(f"{COUNT} {tag(relay.url, article)}"))
    rules = '{"prerender":[{"source":"list","urls":["/a"],"eagerness":"immediate"}]}'
    start = page(link(blank), head=f'<script type="speculationrules">{rules}</script>')
    browser.open(site.put("/start", start))
    wait_for(lambda: relay.count("/widget.js"), 1)
    leave(browser)
    wait_for(lambda: browser.run("return location.pathname"), "/blank")
    assert relay.views() == []
    assert stack.views(article) == 346


def test_who_comes_back_to_a_page_that_the_browser_kept_views_it_again_by_the_repeat_rule(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str, blank: str
) -> None:
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)} {link(blank)}")))
    browser.shows("347")
    browser.run("window.kept = true")
    leave(browser)
    wait_for(lambda: browser.run("return location.pathname"), "/blank")
    back(browser)
    wait_for(lambda: browser.run("return window.kept"), True)
    wait_for(lambda: len(relay.views()), 2)
    first, second = nonces(relay.views())
    assert first != second
    browser.shows("347")  # within the repeat window
    assert relay.views()[1].json()["referrer"] == "/a"
    wait_for(lambda: stack.views(article), 347)


@pytest.mark.parametrize("move", ["pushState", "replaceState"])
def test_an_application_that_shows_another_article_counts_that(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str, other: str, move: str
) -> None:
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    browser.run(f"history.{move}({{}}, '', '/articles/{other}?utm_source=mail#comments')")
    wait_for(lambda: stack.views(other), 347)
    wait_for(lambda: stack.views(article), 347)
    # A place in the page is no page.
    browser.run("location.hash = 'more'")
    browser.run("history.pushState({}, '', location.pathname + '?comment=5')")
    browser.run("document.body.append('more')")
    browser.settle()
    assert len(relay.views()) == 2


def test_going_back_in_an_application_counts_the_article_that_is_shown_again(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str, other: str
) -> None:
    site.put(f"/articles/{article}", page(f"{COUNT} {tag(relay.url)}"))
    browser.open(site.url(f"/articles/{article}"))
    browser.shows("347")
    browser.run(f"history.pushState({{}}, '', '/articles/{other}')")
    wait_for(lambda: len(relay.views()), 2)
    back(browser)
    wait_for(lambda: len(relay.views()), 3)
    assert relay.views()[2].path == relay.views()[0].path
    wait_for(lambda: (stack.views(article), stack.views(other)), (347, 347))


def test_an_application_never_shows_the_number_of_the_article_before(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str, other: str
) -> None:
    short = '<view-count compact class="short"></view-count>'
    browser.open(site.put("/a", page(f"{COUNT} {short} {tag(relay.url, article)}")))
    browser.shows("347")
    browser.shows("347", ".short")
    relay.faults.append(Fault.HELD)
    browser.run("history.pushState({}, '', arguments[0])", f"/articles/{other}")
    browser.shows("")
    browser.shows("", ".short")
    left = "return document.querySelector('.short').getAttributeNames()"
    assert browser.run(left) == ["compact", "class"]  # nothing is left to hear, either
    relay.held.set()
    browser.shows("347")
    browser.shows("347", ".short")
    wait_for(lambda: stack.views(other), 347)


def test_an_answer_that_comes_late_is_not_taken_for_another_article(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    other = published(stack, views_before=500)
    release = relay.delayed[f"/articles/{article}/views"]
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    wait_for(lambda: len(relay.views()), 1)
    browser.run("history.pushState({}, '', arguments[0])", f"/articles/{other}")
    browser.shows("501")
    release.set()
    browser.settle()
    assert browser.text("view-count") == "501"


def test_a_view_that_is_on_the_way_is_not_forgotten_for_an_older_ones_answer(
    stack: Stack,
    site: Site,
    relay: Relay,
    browse: Callable[..., Browser],
    article: str,
    other: str,
    blank: str,
) -> None:
    browser = browse()
    release = relay.delayed[f"/articles/{article}/views"]
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)} {link(blank)}")))
    wait_for(lambda: len(relay.views()), 1)
    relay.faults.append(Fault.REFUSED)
    browser.run("Circulation.view(arguments[0])", other)
    wait_for(lambda: len(relay.views()), 2)
    release.set()
    browser.settle()
    leave(browser)
    wait_for(lambda: stack.views(other), 347)


def test_who_comes_back_before_a_view_was_taken_has_made_one_view(
    site: Site, relay: Relay, browser: Browser, article: str, blank: str
) -> None:
    relay.faults.append(Fault.REFUSED)
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)} {link(blank)}")))
    wait_for(lambda: len(relay.views()), 1)
    leave(browser)
    wait_for(lambda: browser.run("return location.pathname"), "/blank")
    wait_for(lambda: len(relay.views()), 2)
    back(browser)
    browser.shows("347")
    assert len(set(nonces(relay.views()))) == 1


@pytest.mark.parametrize("name", ["navigation = {}", "navigation = null", "Circulation = {}"])
def test_a_variable_of_the_page_may_have_any_name(
    site: Site, relay: Relay, browser: Browser, article: str, name: str
) -> None:
    body = f"<script>var {name}</script>{COUNT} {tag(relay.url, article)}"
    browser.open(site.put("/a", page(body)))
    browser.shows("347")
    assert browser.complaints() == []


def test_an_element_of_the_page_may_have_the_counters_name(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    body = f'<section id="Circulation">{COUNT}</section> {tag(relay.url, article)}'
    browser.open(site.put("/a", page(body)))
    browser.shows("347")


def test_an_application_can_count_an_article_by_its_id(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str, other: str
) -> None:
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    wait_for(lambda: stack.views(article), 347)
    for _ in range(2):  # frameworks call what they call twice
        browser.run("Circulation.view(arguments[0])", other)
    wait_for(lambda: stack.views(other), 347)
    assert len(relay.views()) == 2


def test_an_older_browser_notices_the_other_article_by_what_is_shown(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str, other: str
) -> None:
    older = "<script>delete window.navigation; navigation = undefined</script>"
    browser.open(site.put("/a", page(f"{COUNT} {older} {tag(relay.url, article)}")))
    browser.shows("347")
    browser.run("history.pushState({}, '', arguments[0])", f"/articles/{other}")
    browser.run("document.body.append('the other article')")
    wait_for(lambda: stack.views(other), 347)


def test_a_page_names_its_article_by_its_canonical_address(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    canonical = f'<link rel="canonical" href="https://{HOST}/articles/{article}/">'
    # The script comes first, from the cache perhaps, before the address has been read.
    head = f"{tag(relay.url)}{canonical}"
    browser.open(site.put("/amp/a.html", page(COUNT, head=head)))
    browser.shows("347")
    wait_for(lambda: stack.views(article), 347)


@pytest.mark.parametrize("host", [HOST, "localhost"])
def test_nothing_but_its_path_is_told_of_a_page(
    site: Site, relay: Relay, browser: Browser, article: str, host: str
) -> None:
    site.put(f"/articles/{article}", page(f"{COUNT} {tag(relay.url)}"))
    browser.open(site.url(f"/articles/{article}?mail=me@example.com#access_token=abc", host))
    browser.shows("347" if host == HOST else "346")
    browser.settle()
    told = [each for each in relay.asked if each.path.startswith("/views")]
    assert [each.path for each in told] == [f"/views?url=%2Farticles%2F{article}"]
    assert b"token" not in told[0].body


def test_a_page_without_a_canonical_address_has_its_own(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    site.put(f"/articles/{article}", page(f"{COUNT} {tag(relay.url)}"))
    browser.open(site.url(f"/articles/{article}?fbclid=1&utm_medium=social"))
    browser.shows("347")


def test_a_page_that_is_no_article_counts_nothing_and_complains_of_nothing(
    site: Site, relay: Relay, browser: Browser
) -> None:
    browser.open(site.put("/about", page(f"{COUNT} {tag(relay.url)}")))
    browser.shows("")
    assert [each.path for each in relay.views()] == ["/views?url=%2Fabout"]
    assert browser.complaints() == []


def test_a_page_that_names_no_article_on_purpose_asks_for_nothing(
    site: Site, relay: Relay, browser: Browser
) -> None:
    browser.open(site.put("/list", page(f"{COUNT} {tag(relay.url, '')}")))
    wait_for(lambda: browser.run("return !!window.Circulation"), True)
    browser.run("document.body.append('more')")
    browser.settle()
    assert relay.views() == []
    assert browser.text("view-count") == "…"


def test_a_browser_that_a_program_drives_is_shown_the_number_and_not_counted(
    site: Site, relay: Relay, browse: Browse, article: str
) -> None:
    browser = browse(driven=True)
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("346")
    assert browser.run("return navigator.webdriver") is True
    assert relay.views() == []


@pytest.mark.parametrize(("told", "views"), [({}, 346), ({"data_allow_frame": ""}, 347)])
def test_a_page_in_a_frame_is_counted_only_when_it_says_so(
    stack: Stack,
    site: Site,
    relay: Relay,
    browser: Browser,
    article: str,
    told: dict[str, str],
    views: int,
) -> None:
    site.put("/a", page(f"{COUNT} {tag(relay.url, article, **told)}"))
    browser.open(site.put("/outside", page('<iframe src="/a" title="An article"></iframe>')))
    browser.driver.switch_to.frame(0)
    browser.shows(str(views))
    wait_for(lambda: stack.views(article), views)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize(("told", "views"), [({}, 346), ({"data_allow_local": ""}, 347)])
def test_a_page_on_this_machine_is_counted_only_when_it_says_so(
    stack: Stack,
    site: Site,
    relay: Relay,
    browser: Browser,
    article: str,
    host: str,
    told: dict[str, str],
    views: int,
) -> None:
    site.put("/a", page(f"{COUNT} {tag(relay.url, article, **told)}"))
    browser.open(site.url("/a", host=host))
    browser.shows(str(views))
    wait_for(lambda: stack.views(article), views)


@pytest.mark.parametrize("fault", [Fault.REFUSED, Fault.THROTTLED])
def test_a_view_that_the_api_could_not_take_is_sent_again_with_the_same_nonce(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str, fault: Fault
) -> None:
    relay.faults.append(fault)
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    first, second = nonces(relay.views())
    assert first == second
    wait_for(lambda: stack.views(article), 347)


def test_a_view_whose_answer_was_lost_is_sent_again_and_counted_once(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    relay.faults.append(Fault.LOST_ANSWER)
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    first, second, *_ = nonces(relay.views())
    assert first == second
    wait_for(lambda: stack.count(article)["visitors"], 1)
    wait_for(lambda: stack.views(article), 347)


def ages(views: list[Asked]) -> list[int]:
    """Give the age that each attempt tells, in milliseconds."""
    told = [each.json()["age"] for each in views]
    assert all(type(each) is int and each >= 0 for each in told), told
    return told


# What Date.now() and performance.now() gain from one attempt to the next, in milliseconds.
GAINS = {
    "alike": (2_000, 2_000.4),
    "put back": (-3_600_000, 2_100.9),
    "put back to the same": (0, 2_000),
    "put on": (3_600_000, 2_000.5),
    "asleep": (86_400_000, 2_000.5),
    "a month": (2_678_400_000, 2_678_400_000.5),
    "both stand still": (0, 0),
}


def clocks(gain: tuple[float, float]) -> str:
    """Write a script that stops both clocks, and puts them on whenever a request has been sent."""
    return (
        "<script>{ let date = Date.now(), clock = 1234.5; const ask = fetch;"
        "Date.now = () => date; performance.now = () => clock; fetch = (...told) => {"
        f"const sent = ask(...told); date += {gain[0]}; clock += {gain[1]};"
        "return sent } }</script>"
    )


@pytest.mark.parametrize("gain", GAINS.values(), ids=GAINS)
def test_each_attempt_tells_how_long_ago_the_view_began(
    site: Site, relay: Relay, browser: Browser, article: str, gain: tuple[float, float]
) -> None:
    relay.faults.append(Fault.REFUSED)
    browser.open(site.put("/a", page(f"{clocks(gain)}{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    assert ages(relay.views()) == [0, int(max(gain))]


@pytest.mark.parametrize("gain", GAINS.values(), ids=GAINS)
def test_a_beacon_tells_how_long_ago_the_view_began(
    site: Site, relay: Relay, browser: Browser, article: str, blank: str, gain: tuple[float, float]
) -> None:
    relay.faults.append(Fault.HELD)
    body = f"{clocks(gain)}{COUNT} {tag(relay.url, article)} {link(blank)}"
    browser.open(site.put("/a", page(body)))
    wait_for(lambda: len(relay.views()), 1)
    leave(browser)
    wait_for(lambda: len(relay.views()), 2)
    assert ages(relay.views()) == [0, int(max(gain))]
    assert len(set(nonces(relay.views()))) == 1


def test_a_browsers_own_clocks_tell_at_least_the_time_that_was_waited(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    relay.faults.append(Fault.LOST_ANSWER)
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    first, *_, last = ages(relay.views())
    assert last >= first + 1_999  # setTimeout counts in whole milliseconds


def test_a_page_that_is_left_while_its_view_is_on_the_way_is_counted_once(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str, blank: str
) -> None:
    relay.faults.append(Fault.HELD)
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)} {link(blank)}")))
    wait_for(lambda: len(relay.views()), 1)
    leave(browser)
    wait_for(lambda: browser.run("return location.pathname"), "/blank")
    wait_for(lambda: len(relay.views()), 2)  # by sendBeacon
    relay.held.set()
    wait_for(lambda: stack.count(article)["views"], 347)
    first, second = nonces(relay.views())
    assert first == second
    assert stack.count(article)["visitors"] == 1


def test_a_page_that_is_left_before_the_second_attempt_makes_it_as_it_goes(
    stack: Stack, site: Site, relay: Relay, browse: Callable[..., Browser], article: str, blank: str
) -> None:
    browser = browse()
    relay.faults.append(Fault.REFUSED)
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)} {link(blank)}")))
    wait_for(lambda: len(relay.views()), 1)
    leave(browser)
    wait_for(lambda: stack.views(article), 347)
    first, second = relay.views()
    assert nonces([first]) == nonces([second])
    assert second.headers["content-type"].startswith("text/plain")  # as a beacon, no preflight


def test_an_api_that_stays_away_leaves_the_page_as_it_was(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    relay.faults.extend([Fault.REFUSED] * 2)
    faults = (
        "<script>faults = []; onerror = e => faults.push(String(e));"
        "addEventListener('unhandledrejection', e => faults.push(String(e.reason)))</script>"
    )
    browser.open(site.put("/a", page(f"{faults}{COUNT} {tag(relay.url, article)}")))
    wait_for(lambda: len(relay.views()), 2)
    wait_for(lambda: len(browser.complaints()), 2)  # the browser's own: two times 503
    assert browser.run("return faults") == []
    assert browser.text("view-count") == "…"


@pytest.mark.parametrize(
    "blocked",
    [
        "fetch = undefined",
        "fetch = () => { throw new TypeError('blocked') }",
        "fetch = () => Promise.reject(new TypeError('blocked'))",
        "fetch = undefined; navigator.sendBeacon = () => false",
    ],
)
def test_a_blocked_fetch_breaks_nothing(
    site: Site, relay: Relay, browser: Browser, article: str, blocked: str
) -> None:
    faults = (
        f"<script>{blocked}; faults = []; onerror = e => {{ faults.push(String(e)) }};"
        "addEventListener('unhandledrejection', e => faults.push(String(e.reason)))</script>"
    )
    browser.open(site.put("/a", page(f"{faults}{COUNT} {tag(relay.url, article)}")))
    wait_for(lambda: browser.run("return !!window.Circulation"), True)
    assert browser.run("return document.readyState") == "complete"
    assert browser.run("return faults") == []
    assert browser.text("view-count") == "…"


def test_an_api_that_cannot_be_reached_breaks_nothing(
    site: Site, stack: Stack, relay: Relay, browser: Browser, article: str
) -> None:
    browser.open(site.put("/dead", page(f"{COUNT} {tag('http://127.0.0.1:9', article)}")))
    assert browser.run("return document.readyState") == "complete"
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    offline = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1, "offline": True}
    browser.command("Network.enable")
    browser.command("Network.emulateNetworkConditions", **offline)
    browser.run("faults = []; addEventListener('unhandledrejection', e => faults.push(1))")
    browser.run("Circulation.view(arguments[0])", published(stack))
    wait_for(lambda: len(browser.complaints()) >= 2, True)
    assert browser.run("return faults") == []
    assert browser.text("view-count") == ""  # it would be the other article's


def test_a_slow_script_holds_up_neither_the_document_nor_what_is_seen(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    release = relay.delayed["/widget.js"]
    text = f"<p id=end>all of it</p>{COUNT}"
    browser.start(site.put("/a", page(text, head=tag(relay.url, article))))
    wait_for(lambda: browser.run("return document.readyState"), "interactive")
    assert browser.text("#end") == "all of it"
    paints = "return performance.getEntriesByName('first-contentful-paint').length"
    wait_for(lambda: browser.run(paints), 1)
    release.set()
    browser.shows("347")


def test_a_slow_api_does_not_hold_up_the_pages_load_event(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    relay.faults.append(Fault.HELD)
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    assert browser.run("return document.readyState") == "complete"
    assert browser.text("view-count") == "…"
    relay.held.set()
    browser.shows("347")


def test_blocked_storage_changes_nothing(
    site: Site, relay: Relay, browse: Browse, article: str
) -> None:
    browser = browse(profile__default_content_setting_values__cookies=2)
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    told = browser.run("try { localStorage; return 'open' } catch (e) { return e.name }")
    assert told == "SecurityError"
    assert browser.run("return document.cookie") == ""


def test_nothing_is_left_in_the_browser(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("347")
    assert browser.run("return [document.cookie, localStorage.length, sessionStorage.length]") == [
        "",
        0,
        0,
    ]
    assert all("cookie" not in each.headers for each in relay.asked)


def test_a_page_that_has_the_script_twice_is_counted_once(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    twice = f"{COUNT} {COUNT} {tag(relay.url, article)} {tag(relay.url, article)}"
    browser.open(site.put("/a", page(twice)))
    browser.shows("347")
    browser.shows("347", "view-count:last-of-type")
    assert relay.count("/widget.js") >= 1
    assert len(relay.views()) == 1
    wait_for(lambda: stack.views(article), 347)


def test_a_reader_without_javascript_is_counted_by_the_pixel(
    stack: Stack, site: Site, relay: Relay, browse: Browse, article: str
) -> None:
    browser = browse(profile__managed_default_content_settings__javascript=2)
    src = f"{relay.url}/articles/{article}/views.gif"
    pixel = f'<noscript><img src="{src}" alt="" width="1" height="1"></noscript>'
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)} {pixel}")))
    wait_for(lambda: stack.views(article), 347)
    assert relay.count(f"/articles/{article}/views.gif") == 1
    assert relay.views() == []


def test_a_reader_who_asks_not_to_be_followed_sees_the_number_and_is_not_in_it(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    browser.command("Network.enable")
    browser.command("Network.setExtraHTTPHeaders", headers={"Sec-GPC": "1"})
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("346")
    (view,) = relay.views()
    assert view.headers["sec-gpc"] == "1"
    assert stack.statistics(article).json()["filtered"]["privacy"] == 1


def test_a_bot_that_says_what_it_is_sees_the_number_and_is_not_in_it(
    stack: Stack, site: Site, relay: Relay, browse: Browse, article: str
) -> None:
    browser = browse(agent="Mozilla/5.0 (compatible; Examplebot/1.0; +https://bot.example)")
    browser.open(site.put("/a", page(f"{COUNT} {tag(relay.url, article)}")))
    browser.shows("346")
    assert stack.statistics(article).json()["filtered"]["bot"] == 1


def test_a_page_under_a_strict_policy_works_and_violates_nothing(
    site: Site, relay: Relay, browser: Browser, article: str, other: str
) -> None:
    policy = (
        f"default-src 'none'; script-src {relay.url} 'nonce-n'; connect-src {relay.url}; "
        "img-src data:; "  # its icon
        "require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'"
    )
    faults = (
        '<script nonce="n">faults = []; addEventListener("securitypolicyviolation",'
        "e => faults.push(e.violatedDirective + e.blockedURI))</script>"
    )
    body = (
        f'{faults}{COUNT}<view-count compact label="# views" class="second"></view-count>'
        f'<span data-views="{other}"></span><most-read window="all"></most-read>'
        f"{tag(relay.url, article)}"
    )
    browser.open(site.put("/a", page(body), content_security_policy=policy))
    browser.shows("347")
    browser.shows("347 views", ".second")
    browser.shows("346", "[data-views]")
    wait_for(lambda: relay.count("/popular"), 1)
    assert browser.run("return faults") == []


def test_a_page_may_pin_a_build_by_its_hash(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    name = current()
    script = (
        f'<script async src="{relay.url}/widget/{name}.js" integrity="{integrity(name)}" '
        f'crossorigin="anonymous" data-article="{article}"></script>'
    )
    browser.open(site.put("/a", page(f"{COUNT} {script}")))
    browser.shows("347")
    wrong = script.replace("sha384-", "sha384-AAAA")
    browser.open(site.put("/b", page(f"{COUNT} {wrong}")))
    assert browser.text("view-count") == "…"
