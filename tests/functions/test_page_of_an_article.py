"""The route of an article's page of statistics: it answers with what the API says of it."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from circulation.access.grant import Extent
from circulation.access.share import Share
from circulation.access.tokens import Scope, Token, sha256_of
from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
from circulation.statistics.rollup import THE_SITE, Rollup
from circulation.times import day_of
from functions import read_statistics
from tests.builders import NOW, article, http_event, line

SECRET = "a-read-token"


@pytest.fixture(autouse=True)
def token(store: Container) -> None:
    store.tokens.add(Token("desk", sha256_of(SECRET), frozenset({Scope.READ}), NOW))


def ask(**query: str) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {SECRET}", "accept": "text/html"}
    event = http_event("GET /statistics", query=query, headers=headers, scopes=None)
    return read_statistics.handler(event, None)


def test_the_page_of_an_article_says_its_title_and_its_views(store: Container) -> None:
    publish(Submission(article(), views_before=346), store.catalogue, store.books, now=NOW)
    tally(Batch("s", [line(1), line(2)]), store.books)
    answer = ask(article="harbour-clock")
    assert answer["statusCode"] == 200, answer
    assert article().title in answer["body"]
    assert "<b>348</b>" in answer["body"]


def test_an_article_that_is_not_there_has_no_page() -> None:
    for name in ("nowhere", "../x", ""):
        answer = ask(article=name)
        assert answer["statusCode"] == 404
        assert "There is no such page" in answer["body"]


def test_its_last_minutes_are_asked_for_alone(store: Container) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    store.live_views.put(Batch("s", [line(1, at=NOW - timedelta(minutes=1))]), now=NOW)
    answer = ask(article="harbour-clock", part="now")
    assert "<b>1</b>" in answer["body"]
    assert answer["body"].count("data-part") == 2
    assert "<h1" not in answer["body"]


def test_a_link_of_a_section_or_of_another_article_does_not_open_it(store: Container) -> None:
    publish(Submission(article()), store.catalogue, store.books, now=NOW)
    until = NOW + timedelta(days=1)
    for extent, subject in ((Extent.SECTION, "city"), (Extent.ARTICLE, "another")):
        key = f"key-of-{extent}"
        share = Share(f"of-{extent}", sha256_of(key), extent, subject, NOW, until)
        store.shares.add(share, now=NOW)
        for part in "", "now", "details":
            answer = answer_shared(key, article="harbour-clock", part=part)
            assert answer["statusCode"] == 403
            assert article().title not in answer["body"]
        assert answer_shared(key)["statusCode"] == 403
        assert answer_shared(key, section="sport")["statusCode"] == 403
        assert answer_shared(key, author="Ada")["statusCode"] == 403


def answer_shared(key: str, **query: str) -> dict[str, Any]:
    event = http_event("GET /statistics", query={**query, "share": key}, headers={}, scopes=None)
    answer = read_statistics.handler(event, None)
    assert answer["headers"]["cache-control"] == "no-store"
    assert answer["headers"]["referrer-policy"] == "no-referrer"
    return answer


def test_the_page_of_a_section_has_the_way_to_the_others(store: Container) -> None:
    rollup = Rollup(views=9, sections=Counter({"city": 6, "a/b": 3}))
    store.rollups.put(THE_SITE, day_of(NOW), rollup, as_of=NOW, clock=NOW)
    body = ask(author="Ada")["body"]
    bar = body[body.index('class="sections"') : body.index('class="range"')]
    assert "?section=city" in bar
    assert "?section=a%2Fb" in bar
