"""However the script comes to a page, it makes no error, and asks nobody for nonsense."""

import pytest

from circulation.widget import current, script
from tests.browser.conftest import Browser, page, tag
from tests.browser.site import Relay, Site
from tests.end_to_end.stack import wait_for

COUNT = "Views: <view-count>…</view-count>"
FAULTS = (
    "<script>faults = []; onerror = (message) => { faults.push(String(message)) };"
    "addEventListener('unhandledrejection', (e) => faults.push(String(e.reason)))</script>"
)
SCRIPT = {"content_type": "text/javascript", "access_control_allow_origin": "*"}


@pytest.fixture
def own_name(site: Site) -> str:
    """The script as the site serves it itself, under another name."""
    built = script(current())
    assert built
    return site.put("/js/numbers.js", built.body.decode(), **SCRIPT)


# How the script is loaded, "API" for the API, "OWN" for the site's own copy; and whether it can
# know where the API is.
WAYS = {
    "module": ('<script type="module" src="API/widget.js" data-api="API"></script>', True),
    "import": ('<i data-api="API"></i><script type="module">import "API/widget.js"</script>', True),
    "import()": ('<i data-api="API"></i><script>import("API/widget.js")</script>', True),
    "eval": (
        '<i data-api="API"></i><script>fetch("OWN").then((r) => r.text()).then(eval)</script>',
        True,
    ),
    "another name": ('<script src="OWN" data-api="API"></script>', True),
    "another name, later": ('<script defer src="OWN" data-api="API"></script>', True),
    "module, not told": ('<script type="module" src="API/widget.js"></script>', False),
    "import, not told": ('<script type="module">import "API/widget.js"</script>', False),
    "eval, not told": ('<script>fetch("OWN").then((r) => r.text()).then(eval)</script>', False),
    "another name, not told": ('<script src="OWN"></script>', False),
}


@pytest.mark.parametrize(("way", "finds_api"), WAYS.values(), ids=WAYS)
def test_the_script_counts_where_it_knows_the_api_and_is_silent_where_not(
    site: Site,
    relay: Relay,
    browser: Browser,
    article: str,
    own_name: str,
    *,
    way: str,
    finds_api: bool,
) -> None:
    way = way.replace("API", relay.url).replace("OWN", own_name)
    browser.open(site.put(f"/articles/{article}", page(f"{FAULTS}{COUNT}{way}")))
    wait_for(lambda: browser.run("return !!window.Circulation"), True)
    if finds_api:
        browser.shows("347")
    browser.run("Circulation.view(); document.body.append('more')")
    browser.settle()
    assert browser.run("return faults") == []
    assert browser.complaints() == []
    assert browser.text("view-count") == ("347" if finds_api else "…")
    assert len(relay.views()) == finds_api


def test_lists_come_from_the_api_where_the_script_is_the_sites(
    site: Site, relay: Relay, browser: Browser, article: str, own_name: str
) -> None:
    body = (
        f'<b data-views="{article}">…</b><script src="{own_name}" data-api="{relay.url}"></script>'
    )
    browser.open(site.put("/list", page(body)))
    browser.shows("346", "b")


@pytest.mark.parametrize(
    "theirs",
    [
        '<video><track label="English"></video>',
        '<select><optgroup label="Fruit"><option label="Pear"></optgroup></select>',
        "<ul compact><li>one</ul>",
        '<p label="a" compact>text</p>',
    ],
)
def test_other_peoples_labels_load_nothing(
    site: Site, relay: Relay, browser: Browser, article: str, theirs: str
) -> None:
    browser.open(site.put("/a", page(f"{theirs}{COUNT}{tag(relay.url, article)}")))
    browser.shows("347")
    browser.settle()
    assert relay.count("/widget/") == 0


def test_numbers_in_a_slot_are_filled_and_those_in_a_shadow_root_left_alone(
    site: Site, relay: Relay, browser: Browser, article: str
) -> None:
    shadow = (
        '<div id="host"><template shadowrootmode="open"><slot></slot><view-count>…</view-count>'
        "</template><view-count>…</view-count></div>"
    )
    browser.open(site.put("/a", page(f"{shadow}{tag(relay.url, article)}")))
    browser.shows("347", "#host > view-count")
    inside = "return host.shadowRoot.querySelector('view-count').textContent"
    assert browser.run(inside) == "…"
