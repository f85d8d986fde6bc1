"""Pages that speak as other counters' scripts do count here, in real Chromium."""

from urllib.parse import quote

from tests.browser.conftest import Browser, page, published
from tests.browser.site import HOST, Relay, Site
from tests.end_to_end.stack import Stack, wait_for


def address(article: str) -> str:
    return f"/articles/{article}"


def test_a_page_that_beacons_as_goatcounter_does_is_counted(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    path = quote(address(article), safe="")
    script = (
        f"navigator.sendBeacon('{relay.url}/count?p={path}&t=A%20page&s=1000&b=0&rnd=znhzu');"
        f"fetch('{relay.url}/counter/{path}.json').then(answer => answer.json())"
        ".then(told => document.querySelector('b').textContent = told.count_unique)"
    )
    browser.open(site.put(address(article), page(f"<b>…</b><script>{script}</script>")))
    wait_for(lambda: stack.count(article)["views"], 347)
    assert browser.text("b") in ("0", "1")
    assert browser.complaints() == []


def test_a_page_that_shows_goatcounters_counter_counts_nothing(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    path = quote(address(article), safe="")
    body = (
        f'<iframe src="{relay.url}/counter/{path}.html?" title="Views"></iframe>'
        f'<img src="{relay.url}/counter/{path}.svg?&no_branding=1" alt="Views">'
    )
    browser.open(site.put(address(article), page(body)))
    assert browser.run("return document.images[0].naturalHeight") == 60
    browser.driver.switch_to.frame(0)
    browser.shows("346", "#gcvc-views")
    assert stack.views(article) == 346


def test_a_page_that_loads_busuanzis_numbers_is_counted(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    script = (
        "BusuanziCallback_1046609647591 = told => {"
        "document.querySelector('b').textContent = told.page_pv };"
        "const tag = document.createElement('script');"
        "tag.referrerPolicy = 'no-referrer-when-downgrade';"
        f"tag.src = '{relay.url}/busuanzi?jsonpCallback=BusuanziCallback_1046609647591';"
        "document.head.append(tag)"
    )
    site.put(address(article), page(f"<b>…</b><script>{script}</script>"))
    browser.open(site.url(f"{address(article)}?utm_source=mail"))
    browser.shows("347", "b")
    wait_for(lambda: stack.views(article), 347)


def test_a_page_that_posts_as_vercount_does_is_counted_after_a_preflight(
    stack: Stack, site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    script = (
        f"fetch('{relay.url}/api/v2/log', {{method: 'POST', headers: "
        "{'Content-Type': 'application/json', 'X-Browser-Token': 'k3f9zq'},"
        "body: JSON.stringify({url: location.href, isNewUv: true})})"
        ".then(answer => answer.json())"
        ".then(told => document.querySelector('b').textContent = told.data.page_pv)"
    )
    browser.open(site.put(address(article), page(f"<b>…</b><script>{script}</script>")))
    browser.shows("347", "b")
    assert [each.method for each in relay.asked] == ["OPTIONS", "POST"]
    wait_for(lambda: stack.views(article), 347)


def test_a_list_of_another_counters_pages_and_the_widgets_numbers_are_the_same(
    stack: Stack, site: Site, relay: Relay, browser: Browser
) -> None:
    article = published(stack, url=f"https://{HOST}/posts/5", views_before=7)
    path = quote("/posts/5", safe="")
    script = (
        f"fetch('{relay.url}/counter/{path}.json').then(answer => answer.json())"
        ".then(told => document.querySelector('b').textContent = told.count)"
    )
    browser.open(site.put("/", page(f"<b>…</b><script>{script}</script>")))
    browser.shows("7", "b")
    assert stack.views(article) == 7
