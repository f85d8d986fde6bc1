"""The route of an article's page of statistics: it answers with what the API says of it."""

from typing import Any

import pytest

from circulation.access.tokens import Scope, Token, sha256_of
from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.counting.tally import Batch
from circulation.counting.tallying import tally
from circulation.runtime import Container
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
