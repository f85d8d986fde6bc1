"""Views go to an address of their own where the tag names one (docs/embed.md)."""

import itertools
from collections.abc import Callable, Iterator

import pytest

from tests.browser.conftest import Browser, nonces, page, published, tag
from tests.browser.site import Fault, Relay, Site
from tests.end_to_end.conftest import running
from tests.end_to_end.stack import Stack, wait_for

COUNT = "Views: <view-count>…</view-count>"
_paths = (f"/door-{number}" for number in itertools.count(1))


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose views have an address of their own."""
    parameters = ("AllowedOrigins=*", "ViewDoor=url", "ViewConcurrency=20")
    options = [f"--parameter={each}" for each in parameters]
    yield from running(tmp_path_factory.mktemp("door") / "state", "--view-port=0", *options)


@pytest.fixture
def door(stack: Stack) -> Iterator[Relay]:
    relay = Relay(f"127.0.0.1:{stack.view_port}")
    with relay.serving():
        yield relay
        relay.held.set()


def test_a_view_goes_to_the_door_and_all_else_to_the_api(
    stack: Stack, site: Site, relay: Relay, door: Relay, browser: Browser, article: str
) -> None:
    listed = f'<span data-views="{article}">…</span>'
    text = f"{COUNT} {listed} {tag(relay.url, article, data_door=door.url)}"
    browser.open(site.put(next(_paths), page(text)))
    browser.shows("347")
    browser.shows("347", "[data-views]")
    wait_for(lambda: stack.views(article), 347)
    (view,) = door.asked
    assert (view.method, view.path) == ("POST", f"/articles/{article}/views")
    assert {each.method for each in relay.asked} == {"GET"}
    assert browser.complaints() == []


def test_a_page_that_names_no_article_is_counted_at_the_door_by_its_address(
    stack: Stack, site: Site, relay: Relay, door: Relay, browser: Browser
) -> None:
    path = next(_paths)
    article = published(stack, url=site.url(path))
    # The output of a stack may be written with a slash at its end.
    browser.open(site.put(path, page(f"{COUNT} {tag(relay.url, data_door=f'{door.url}/')}")))
    browser.shows("347")
    assert [each.method for each in door.asked] == ["POST"]
    wait_for(lambda: stack.views(article), 347)


def test_a_page_that_does_not_count_asks_the_api_for_the_number(
    site: Site, relay: Relay, door: Relay, browser: Browser, article: str
) -> None:
    path = next(_paths)
    site.put(path, page(f"{COUNT} {tag(relay.url, article, data_door=door.url)}"), host="localhost")
    browser.open(site.url(path, "localhost"))
    browser.shows("346")
    assert door.asked == []
    assert relay.views() == []


def test_the_doors_refusal_that_no_page_may_read_is_taken_for_a_failure_and_tried_again(
    stack: Stack, site: Site, relay: Relay, door: Relay, browser: Browser, article: str
) -> None:
    door.faults.append(Fault.UNREADABLE)
    text = f"{COUNT} {tag(relay.url, article, data_door=door.url)}"
    browser.open(site.put(next(_paths), page(text)))
    browser.shows("347")
    assert len(door.views()) == 2
    assert len(set(nonces(door.views()))) == 1
    wait_for(lambda: stack.views(article), 347)


def test_a_page_that_is_left_too_early_sends_its_beacon_to_the_door(
    stack: Stack,
    site: Site,
    relay: Relay,
    door: Relay,
    browse: Callable[..., Browser],
    article: str,
) -> None:
    browser = browse()
    door.faults.append(Fault.REFUSED)
    on = site.put(next(_paths), page("on"))
    text = f'{COUNT} {tag(relay.url, article, data_door=door.url)} <a id="on" href="{on}">on</a>'
    browser.open(site.put(next(_paths), page(text)))
    wait_for(lambda: len(door.views()), 1)
    browser.run("setTimeout(() => document.getElementById('on').click())")
    wait_for(lambda: stack.views(article), 347)
    assert len(set(nonces(door.views()))) == 1
    assert relay.views() == []
