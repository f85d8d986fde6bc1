"""The letter to a friend in Chromium: whatever somebody types, it stays text of one letter."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.browser.conftest import Browser
from tests.end_to_end.stack import Stack, wait_for

ARTICLE = "harbour-clock"
HOSTILE = {
    "Robin&bcc=eve%40evil": "text",
    "Robin?cc=eve%2540evil&body=Buy": "text",
    "Robin%0D%0ABcc:%20eve%40evil": "text",
    "Robin\r\nBcc: eve\r\n\r\nBuy": "text",
    "Robin\u2028Bcc: eve\u0085\0": "text",
    "\"><script>ran = 1</script>'": "text",
    '<img src=x onerror="ran = 1">': "text",
    "javascript:ran=1//": "text",
    "#fragment &amp; +plus %": "text",
    "Robin&bcc=eve@evil.example": "link",
    "https://evil": "link",
    "www.evil.example": "link",
    "evil.example": "link",
}
"""Names that are other things in headers, addresses and HTML; those with links are refused."""
ADDRESSES = {
    "robin?bcc=eve@evil.example": "robin%3Fbcc%3Deve@evil.example",
    "robin&cc=eve%40evil@mail.example": "robin%26cc%3Deve%2540evil@mail.example",
    "o'robin+news@mail.example": "o'robin%2Bnews@mail.example",
    "robin@mail.example,eve@evil.example": "",
    "robin@mail.example?bcc=eve@evil.example": "",
    "robin@mail.example&bcc=eve@evil.example": "",
    "robin@mail.example\r\nbcc: eve@evil.example": "",
    "Robin <robin@mail.example>": "",
}
"""Addresses, and how they stand in the letter's; none where they are not one address."""


@pytest.fixture
def page(stack: Stack, browser: Browser) -> Browser:
    return opened(stack, browser)


def opened(stack: Stack, browser: Browser) -> Browser:
    browser.open(f"{stack.url}/demo/articles/{ARTICLE}")
    wait_for(lambda: browser.run("return document.querySelector('.pair').hidden"), expected=False)
    # A click is over when the page has decided what it does: no mail program is opened here.
    browser.run(
        "addEventListener('click', event => {"
        "  window.isTaken = !event.defaultPrevented; event.preventDefault() })"
    )
    return browser


def write(page: Browser, **values: str) -> None:
    """Type into fields, by their ids."""
    page.run(
        "for (const [id, value] of Object.entries(arguments[0])) {"
        "  const input = document.getElementById(id.replace('_', '-'));"
        "  input.value = value; input.dispatchEvent(new Event('input', {bubbles: true})) }",
        values,
    )


def letter(page: Browser) -> tuple[str, dict[str, list[str]]]:
    """Give the letter's address as it is written, and its fields."""
    url: str = page.run("return document.querySelector('.write').href")
    assert url.isascii()
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("mailto", "", "")
    return parts.path, parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)


def is_taken(page: Browser) -> bool:
    """Say whether the page lets a click on its link open the mail program."""
    taken: bool = page.run(
        "window.isTaken = null; document.querySelector('.write').click(); return window.isTaken"
    )
    return taken


@pytest.mark.parametrize("field", ["name", "friend_name"])
def test_a_name_is_text_of_the_letter_whatever_it_is(page: Browser, field: str) -> None:
    write(page, name="Sam", friend_name="Robin", friend_email="robin@mail.example")
    assert is_taken(page)
    before = len(letter(page)[1]["body"][0].split("\r\n"))
    for name, kind in HOSTILE.items():
        write(page, **{field: name})
        address, fields = letter(page)
        assert (address, set(fields)) == ("robin@mail.example", {"subject", "body"}), name
        assert fields["subject"] == ["The harbour clock keeps time again after eleven years"]
        (body,) = fields["body"]
        assert len(body.split("\r\n")) == len(body.splitlines()) == before, name
        assert is_taken(page) is (kind == "text"), name
    assert page.run("return window.ran ?? null") is None
    assert page.run("return document.querySelectorAll('#recommend :is(script, img)').length") == 0


def test_a_letter_goes_to_one_address_that_adds_no_field(page: Browser) -> None:
    write(page, name="Sam", friend_name="Robin")
    for typed, written in ADDRESSES.items():
        write(page, friend_email=typed)
        address, fields = letter(page)
        assert (address, set(fields)) == (written, {"subject", "body"}), typed
        assert is_taken(page) is bool(written), typed
        assert page.text("#friend-email-fault") or written
    write(page, friend_email="robin@mail.example", own_email="eve@evil.example&bcc=x@y.example")
    assert not is_taken(page)


def test_what_is_missing_is_said_once_and_taken_back_when_it_is_there(page: Browser) -> None:
    assert not is_taken(page)
    assert page.text(".summary strong") == "3 things to correct"
    assert page.run("return document.activeElement.className") == "summary"
    assert page.run("return document.getElementById('name').getAttribute('aria-invalid')") == "true"
    write(page, name="Sam")
    assert page.text(".summary strong") == "2 things to correct"
    write(page, friend_name="Robin", friend_email="robin@mail.example")
    assert page.run("return document.querySelector('.summary').hidden")
    assert is_taken(page)


def test_the_link_is_copied_and_that_is_said(stack: Stack, browse: Callable[..., Browser]) -> None:
    page = opened(stack, browse())  # the right to read the clipboard is given to a browser
    page.command("Emulation.setFocusEmulationEnabled", enabled=True)  # else nothing is copied
    granted = ["clipboardReadWrite", "clipboardSanitizedWrite"]
    page.command("Browser.grantPermissions", origin=stack.url, permissions=granted)
    page.run("document.querySelector('#recommend .copy').click()")
    wait_for(lambda: page.text("#recommend [role=status].said"), "Copied")
    copied = page.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert copied == f"{stack.url}/demo/articles/{ARTICLE}?via=share"
    page.run("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    page.run("document.querySelector('.share-row .copy').click()")
    wait_for(lambda: page.text("#recommend [role=status].said"), "Not copied")


def test_sharing_is_offered_where_the_browser_can(
    stack: Stack, page: Browser, browse: Callable[..., Browser]
) -> None:
    hidden = "return [...document.querySelectorAll('button.share')].map(each => each.hidden)"
    assert page.run("return 'share' in navigator") is False
    assert page.run(hidden) == [True, True]
    able = browse()
    source = "navigator.share = async shared => { window.shared = shared }"
    able.command("Page.addScriptToEvaluateOnNewDocument", source=source)
    able.open(f"{stack.url}/demo/articles/{ARTICLE}")
    wait_for(lambda: able.run(hidden), [False, False])
    able.run("document.querySelector('#recommend .share').click()")
    shared: dict[str, Any] = able.run("return window.shared")
    assert shared["url"] == f"{stack.url}/demo/articles/{ARTICLE}?via=share"
    assert shared["title"] == "The harbour clock keeps time again after eleven years"
