"""The fields of an article: one table, by which items and JSON go and docs/openapi.yaml is held."""

import json
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from circulation.articles.article import FIELDS, JSON_NAMES, REQUIRED, Article, read_submission
from circulation.articles.items import item_of_article, shelved_of_item
from circulation.articles.publication import Publication
from circulation.articles.queries import CountedArticle
from circulation.counting.counts import Count
from circulation.web.json.articles import article_json

SCHEMAS = json.loads(files("circulation.data").joinpath("openapi.json").read_text())["components"][
    "schemas"
]
NAMES = set(JSON_NAMES.values())
WHOLE = Article(
    id="harbour-clock",
    section="City",
    title="The clock",
    body="<p>It goes.</p>",
    url="https://news.example/clock",
    published=datetime(2026, 3, 14, 8, tzinfo=UTC),
    updated=datetime(2026, 3, 14, 9, tzinfo=UTC),
    summary="In short",
    authors=("City desk", "A reader"),
    language="en",
    tags=("harbour", "clocks"),
    image="https://news.example/clock.jpg",
)


def shown(article: Article) -> dict[str, Any]:
    counted = CountedArticle(article, Count(article.id, 0, 0))
    return article_json(
        counted, Publication("News", "https://news.example", "", "en", ZoneInfo("UTC"))
    )


def test_the_article_of_these_tests_has_every_field() -> None:
    assert all(getattr(WHOLE, name) for name in FIELDS)


def test_the_api_describes_every_field_that_is_sent() -> None:
    schema = SCHEMAS["Submission"]
    assert schema["properties"].keys() == NAMES | {"id", "views", "views_before", "views_counted"}
    assert set(schema["required"]) == {JSON_NAMES[name] for name in REQUIRED}


def test_the_api_describes_every_field_that_is_shown() -> None:
    assert SCHEMAS["Article"]["properties"].keys() >= NAMES
    assert shown(WHOLE).keys() >= NAMES


def test_an_item_keeps_every_field() -> None:
    item = {name: value for name, value in item_of_article(WHOLE, 1).items() if value is not None}
    assert item.keys() >= FIELDS.keys()
    assert shelved_of_item(item).article == WHOLE


def test_what_is_shown_can_be_sent_again() -> None:
    answered = {name: value for name, value in shown(WHOLE).items() if name in NAMES}
    assert read_submission(WHOLE.id, answered).article == WHOLE
