"""A reader's way in Chromium: from the form on the demo to the digest, and to the end of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.browser.conftest import Browser
from tests.browser.mailing import DIGEST, Mailing, link
from tests.builders import submitted
from tests.end_to_end.stack import wait_for

TITLE = "The harbour's own <clock> & its keeper"
READER = "sam@mail.example"


@pytest.fixture
def mailing(tmp_path: Path) -> Iterator[Mailing]:
    yield from Mailing(tmp_path).running()


def test_a_reader_subscribes_gets_the_digest_chooses_and_unsubscribes(
    mailing: Mailing, browser: Browser
) -> None:
    stack = mailing.stack
    published = "2025-12-26T11:11:00+04:00"
    answer = stack.publish(
        "clock", submitted(id="clock", title=TITLE, section="City", published=published)
    )
    assert answer.status_code == 201, answer.text

    # The form in the side box of every page of the demo.
    browser.open(f"{stack.url}/demo/")
    browser.run(
        "const form = document.querySelector('form[action=\"/subscriptions\"]');"
        "form.elements.address.value = arguments[0]; form.requestSubmit()",
        READER,
    )
    wait_for(lambda: browser.text("h1"), "Look in your mailbox")
    confirmation = mailing.newest_mail(1)
    assert "List-Unsubscribe" not in confirmation

    # A scanner opens every link of the mail before the reader does.
    page = link(confirmation, r"/confirm/\S+")
    for _ in range(2):
        assert httpx.get(page).status_code == 200
    browser.open(page)
    assert browser.text("h1") == "Was it you?"
    browser.run("document.querySelector('main button').click()")
    wait_for(lambda: browser.text("h1"), "Welcome")

    mailing.set_clock(DIGEST)
    digest = mailing.newest_mail(2)
    path = mailing.outbox()[0]
    assert str(digest["To"]) == READER
    text = digest.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert TITLE in text
    assert "?via=mail" in text
    assert str(digest["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"

    # The mail as the outbox shows it, and its links, which change nothing by being opened.
    browser.open(stack.url + path)
    preferences = link(digest, r"/subscriptions/[\w-]+")
    for address in (preferences, f"{preferences}/unsubscribe", link(digest, r"/digests/\S+")):
        assert httpx.get(address).status_code == 200
    browser.open(preferences)
    browser.run(
        "for (const box of document.querySelectorAll('[name=section]'))"
        " box.checked = box.value === 'City';"
        "document.querySelector('main form button').click()"
    )
    wait_for(lambda: browser.text(".ok strong"), "Saved.")
    export = httpx.get(f"{preferences}/export").json()
    assert (export["state"], export["sections"]) == ("confirmed", ["City"])

    # The button of a mail program.
    browser.open(stack.url + path)
    browser.run("document.querySelector('.unsubscribe button').click()")
    wait_for(lambda: browser.text("h1"), "Done: no more mail")
    assert "address" not in httpx.get(f"{preferences}/export").text
    assert browser.complaints() == []

    tomorrow = DIGEST + timedelta(days=1)
    late = submitted(title="News", section="City", published="2025-12-27T06:30:00+04:00")
    assert stack.publish("late", late).status_code == 201
    mailing.set_clock(tomorrow)
    begun = f"{stack.url}/digests/daily/2025-12-28"
    wait_for(lambda: httpx.get(begun).status_code, 200, seconds=60)
    assert len(mailing.outbox()) == 2
