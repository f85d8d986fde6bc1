"""The pages of mail in Chromium, each as it is reached: axe, narrow windows, right to left."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser.conftest import Browser
from tests.browser.looks import violations
from tests.browser.mailing import DIGEST, Mailing, link
from tests.end_to_end.stack import wait_for

READER, FRIEND = "sam@mail.example", "robin@mail.example"
LIGHT, DARK = (360, "light"), (390, "dark")
"""Windows by their width, and the colours that their reader likes."""
ARTICLE = "/demo/articles/night-library"
"""An article that is written from right to left."""


@dataclass(frozen=True)
class Publication:
    """A publication by the direction of its language, and how its pages are looked at."""

    direction: str
    options: list[str]
    looks: list[tuple[int, str]]


PUBLICATIONS = [
    Publication("left to right", [], [LIGHT, DARK]),
    Publication(
        "right to left",
        ["--parameter=PublicationLanguage=ar", "--parameter=PublicationTitle=المثال"],
        [DARK],
    ),
]


@pytest.fixture(scope="module", params=PUBLICATIONS, ids=lambda each: each.direction)
def publication(request: pytest.FixtureRequest) -> Publication:
    found: Publication = request.param
    return found


@pytest.fixture(scope="module")
def mailing(
    publication: Publication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mailing]:
    """A stack that sends digests and recommendations."""
    options = ["--parameter=RecommendByMail=on", *publication.options]
    yield from Mailing(tmp_path_factory.mktemp("mailing"), *options).running()


@pytest.fixture
def reader(publication: Publication, mailing: Mailing, browser: Browser) -> "Reader":
    return Reader(browser, mailing.url, publication.looks)


def look(browser: Browser, width: int, scheme: str) -> None:
    """Show pages in a window of a phone, in the colours that its reader likes."""
    size = {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    browser.command("Emulation.setDeviceMetricsOverride", **size)
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.command("Emulation.setEmulatedMedia", features=media)


def faults(browser: Browser, looks: list[tuple[int, str]]) -> dict[str, Any]:
    """Give what is wrong with the page that is open, by width: what axe finds, and what is cut."""
    found: dict[str, Any] = {}
    for width, scheme in looks:
        look(browser, width, scheme)
        too_wide = browser.run(
            "const page = document.documentElement; return page.scrollWidth > page.clientWidth"
        )
        wrong = [*violations(browser), *(["wider than the window"] if too_wide else [])]
        found |= {f"{width} {scheme}": wrong} if wrong else {}
    return found


class Reader:
    """Goes from page to page and looks at each; what is wrong is found by the page's heading."""

    def __init__(self, browser: Browser, url: str, looks: list[tuple[int, str]]) -> None:
        self._browser = browser
        self._url = url
        self._looks = looks
        self.seen: list[str] = []
        self.faults: dict[str, Any] = {}

    def open(self, address: str, heading: str = "") -> None:
        """Open a page, at an address or a path of the stack."""
        self._browser.open(address if address.startswith("http") else self._url + address)
        self.look(heading)

    def press(self, selector: str, heading: str) -> None:
        """Press a button that leads to another page, perhaps of the same heading."""
        self._browser.run(f"window.isLeft = true; document.querySelector({selector!r}).click()")
        arrived = "return !window.isLeft && document.readyState == 'complete'"
        wait_for(lambda: self._browser.run(arrived), expected=True)
        self.look(heading)

    def fill(self, form: str, **values: str) -> None:
        """Fill in a form, and have it opened long enough ago for a person to have done so."""
        self._browser.run(
            "const form = document.querySelector(arguments[0]);"
            "for (const [name, value] of Object.entries(arguments[1])) form[name].value = value;"
            "if (form.opened) form.opened.value -= 10_000;"
            "form.dispatchEvent(new Event('input'))",
            form,
            values,
        )

    def look(self, heading: str = "") -> None:
        """Look at the page that is open, or will be: it has the heading."""
        if heading:
            wait_for(lambda: self._browser.text("h1"), heading)
        shown = self._browser.text("h1") or ""
        self.seen.append(shown)
        wrong = faults(self._browser, self._looks)
        self.faults |= {shown: wrong} if wrong else {}


def test_the_pages_from_subscribing_to_the_end_are_for_everybody(
    reader: Reader, mailing: Mailing, browser: Browser
) -> None:
    sent = len(mailing.outbox())
    reader.open("/subscriptions", "Get latest news and updates")
    reader.press("form button", "Get latest news and updates")  # without an address
    assert browser.text(".summary")
    reader.fill("form", address=READER)
    reader.press("form button", "Look in your mailbox")
    reader.open(link(mailing.newest_mail(sent + 1), r"/confirm/\S+"), "Was it you?")
    reader.press("main button", "Welcome")
    mailing.set_clock(DIGEST)
    digest = mailing.newest_mail(sent + 2)
    reader.open("/demo/outbox", "Outbox")
    reader.open(mailing.outbox()[0])
    reader.open("/digests", "Digests")
    reader.open(link(digest, r"/digests/\S+"))
    preferences = link(digest, r"/subscriptions/[\w-]+")
    reader.open(preferences)
    reader.press("main form button", reader.seen[-1])  # saves
    assert browser.text(".ok")
    reader.open(f"{preferences}/unsubscribe")
    reader.press("main button", "Done: no more mail")
    reader.open(preferences, "This link has ended")
    assert reader.faults == {}
    assert len(reader.seen) == 14
    said = [text for text in browser.complaints() if "the server responded with" not in text]
    assert said == []


def test_the_pages_of_a_recommendation_are_for_everybody(
    reader: Reader, mailing: Mailing, browser: Browser
) -> None:
    sent = len(mailing.outbox())
    reader.open(ARTICLE)
    names = {"name": "Sam", "friend_name": "روبن"}
    # What a browser without the script sends.
    reader.fill(".letter-form", **names, address=READER, friend_address="robin")
    browser.run("document.querySelector('.letter-form').submit()")
    reader.look("Recommend this to a friend")
    assert "robin" in browser.run("return document.querySelector('#friend_address').value")
    reader.open(ARTICLE)
    browser.run("document.querySelector('.letter-form .primary').click()")
    reader.look()
    assert browser.text(".summary strong") == "4 things to correct"
    reader.fill(".letter-form", **names, address=READER, friend_address=FRIEND)
    browser.run("document.querySelector('.letter-form .primary').click()")
    wait_for(lambda: browser.text(".recommend .ok strong"), "Look in your mailbox.")
    reader.look()
    question = mailing.newest_mail(sent + 1)
    reader.open(link(question, r"/recommendations/confirm/\S+"))
    browser.run("document.querySelector('main button').click()")
    letter = mailing.newest_mail(sent + 2)
    assert str(letter["To"]) == FRIEND
    reader.look()
    reader.open(link(letter, r"/recommendations/\S+/refuse"))
    reader.press("main button", "Done: no more recommendations")
    assert reader.faults == {}
    assert len(reader.seen) == 9
