"""A page with thousands of numbers is not held up by them, in real Chromium."""

import pytest

from tests.browser.conftest import Browser, page, published, tag
from tests.browser.site import Relay, Site
from tests.end_to_end.stack import Stack, wait_for

# Counts what costs time: formatters made, and looks around an element for its language.
COUNTERS = """<script>
made = searched = 0;
for (const name of ["NumberFormat", "PluralRules"]) {
  const Real = Intl[name];
  Intl[name] = function (...options) { made++; return new Real(...options) };
}
const closest = Element.prototype.closest;
Element.prototype.closest = function (...selector) {
  searched++;
  return closest.apply(this, selector);
};
</script>"""
# Each look at the clock takes a millisecond; says how many numbers each task wrote.
SLOW = """<script>
let clock = 0;
performance.now = () => ++clock;
slices = [];
new MutationObserver((changes) => {
  const written = changes.filter(({ addedNodes }) => addedNodes[0]?.data == "1,234");
  if (written.length) slices.push(written.length);
}).observe(document, { childList: true, subtree: true });
</script>"""
CHANGES = """
const done = arguments[0];
let left = 40;
const change = () => {
  document.body.append(document.createElement("p"));
  left-- ? setTimeout(change, 60) : setTimeout(done, 200);
};
change();
"""


def rows(article: str, number: int, attributes: str = "") -> str:
    return f'<li><b data-views="{article}" {attributes}>…</b></li>' * number


@pytest.fixture
def read(stack: Stack) -> str:
    return published(stack, views_before=1_234)


def shown(browser: Browser) -> object:
    return browser.run(
        "return [...document.querySelectorAll('[data-views]')]"
        ".filter(each => each.textContent.startsWith('1')).length"
    )


@pytest.mark.parametrize("attributes", ["", 'data-label="# views" data-compact'])
def test_a_change_of_the_page_costs_nothing_for_numbers_that_stand_there(
    site: Site, relay: Relay, browser: Browser, read: str, attributes: str
) -> None:
    body = f"{COUNTERS}<ul>{rows(read, 1_000, attributes)}</ul>{tag(relay.url, '')}"
    browser.open(site.put("/list", page(body)))
    wait_for(lambda: shown(browser), 1_000)
    browser.settle()
    assert browser.run("return made") <= 4  # plain and short, numbers and plural forms
    before = browser.run("return searched")
    browser.driver.execute_async_script(CHANGES)
    assert browser.run("return searched") == before


def test_many_numbers_are_written_in_slices(
    site: Site, relay: Relay, browser: Browser, read: str
) -> None:
    body = f"{SLOW}<ul>{rows(read, 200)}</ul>{tag(relay.url, '')}"
    browser.open(site.put("/list", page(body)))
    wait_for(lambda: shown(browser), 200)
    slices = browser.run("return slices")
    assert sum(slices) == 200
    assert max(slices) <= 10


def test_what_the_page_puts_in_place_of_a_number_is_filled_again(
    site: Site, relay: Relay, browser: Browser, read: str
) -> None:
    browser.open(site.put("/list", page(f"<ul>{rows(read, 3)}</ul>{tag(relay.url, '')}")))
    wait_for(lambda: shown(browser), 3)
    browser.run("document.querySelector('[data-views]').textContent = '…'")
    wait_for(lambda: shown(browser), 3)
    browser.run("document.documentElement.lang = 'de'; document.body.append('mehr')")
    browser.shows("1.234", "[data-views]")
