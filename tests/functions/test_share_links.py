"""What a share link opens of the routes of statistics: nothing is read that it does not open."""

from datetime import timedelta
from typing import Any

import pytest

from circulation.access.grant import Extent
from circulation.access.share import Share
from circulation.access.tokens import sha256_of
from circulation.runtime import Container
from circulation.web import statistics_api
from functions import read_statistics
from tests.builders import NOW, http_event

OF_A_SUBJECT = ("site", "sections", "authors", "tags", "top")
"""Routes whose figures may be those of a section."""
KEY = "a-key-of-a-link"


class FiguresRead(Exception):  # noqa: N818
    """Figures would have been read: of what is its argument."""


@pytest.fixture(autouse=True)
def reading(monkeypatch: pytest.MonkeyPatch, store: Container) -> None:
    def read(of: Any, *_: Any, **__: Any) -> Any:
        raise FiguresRead(of)

    for name in ("read_site", "read_article", "read_now"):
        monkeypatch.setattr(statistics_api, name, read)
    store.__dict__["figure_stores"] = None


def share(store: Container, extent: Extent, subject: str = "") -> None:
    end = NOW + timedelta(days=1)
    store.shares.add(Share("desk", sha256_of(KEY), extent, subject, NOW, end), now=NOW)


def outcome(route: str, **query: str) -> str:
    """Give what was read, or the status with which it was refused."""
    path, _, article = route.partition("articles/")
    key = "GET /statistics/articles/{id}" if article else f"GET /statistics/{path}"
    event = http_event(key, path={"id": article}, query={"share": KEY, **query}, scopes=None)
    try:
        answer = read_statistics.handler(event, None)
    except FiguresRead as read:
        return str(getattr(read.args[0], "name", read.args[0]))
    assert answer["headers"]["referrer-policy"] == "no-referrer"
    assert answer["headers"]["cache-control"] == "no-store"
    assert KEY not in answer["body"]
    return str(answer["statusCode"])


def test_a_link_of_the_site_opens_every_route(store: Container) -> None:
    share(store, Extent.SITE)
    assert all(outcome(route) == "" for route in OF_A_SUBJECT)
    assert outcome("site", section="sport") == "sport"
    assert outcome("site", author="A. Writer") == "A. Writer"
    assert outcome("articles/harbour-clock") == "harbour-clock"
    assert outcome("live") == "None"


def test_a_link_of_a_section_opens_that_sections_figures_alone(store: Container) -> None:
    share(store, Extent.SECTION, "city")
    for route in OF_A_SUBJECT:
        assert outcome(route, section="city") == "city"
        for query in (
            {},
            {"section": "sport"},
            {"section": "City"},
            {"section": "*"},
            {"author": "city"},
            {"tag": "city"},
        ):
            assert outcome(route, **query) in ("403", "422"), (route, query)
        assert outcome(route, section="city", author="A. Writer") in ("403", "422", "city")
    assert outcome("live", section="city") == "403"
    assert outcome("articles/harbour-clock", section="city") == "403"
    assert outcome("articles/city", section="city") == "403"


def test_a_link_of_an_article_opens_that_article_alone(store: Container) -> None:
    share(store, Extent.ARTICLE, "harbour-clock")
    assert outcome("articles/harbour-clock") == "harbour-clock"
    assert outcome("articles/other") == "403"
    for route in (*OF_A_SUBJECT, "live"):
        for query in ({}, {"section": "harbour-clock"}, {"article": "harbour-clock"}):
            assert outcome(route, **query) == "403", (route, query)


def test_an_ended_link_opens_no_route(store: Container) -> None:
    end = NOW - timedelta(seconds=1)
    store.shares.add(Share("desk", sha256_of(KEY), Extent.SITE, "", NOW, end), now=end)
    for route in (*OF_A_SUBJECT, "live", "articles/harbour-clock"):
        assert outcome(route) == "410"


def test_every_route_of_statistics_is_asked_here() -> None:
    asked = {f"GET /statistics/{route}" for route in (*OF_A_SUBJECT, "live", "articles/{id}")}
    assert set(statistics_api.ANSWERS) == asked
