"""The fields of an article: one table, by which items and JSON go and docs/openapi.yaml is held."""

import json
from contextlib import suppress
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from circulation.articles.article import FIELDS, JSON_NAMES, REQUIRED, Article, read_submission
from circulation.articles.fields import Field
from circulation.articles.items import item_of_article, shelved_of_item
from circulation.articles.publication import Publication
from circulation.articles.queries import CountedArticle
from circulation.counting.counts import Count
from circulation.web.json.articles import article_json

SCHEMAS = json.loads(files("circulation.data").joinpath("openapi.json").read_text())["components"][
    "schemas"
]
NAMES = set(JSON_NAMES.values())
SAMPLES = (
    "https://news.example/clock",
    "2026-03-14T08:00:00Z",
    "en",
    ["City desk", "A reader"],
)


def sample(field: Field) -> Any:
    """Give the first of the samples that a field takes."""
    for value in SAMPLES:
        with suppress(ValueError):
            field.read(value)
            return value
    raise AssertionError("no sample is one for this field: add one")


WHOLE = read_submission(
    "harbour-clock", {JSON_NAMES[name]: sample(field) for name, field in FIELDS.items()}
).article


def shown(article: Article) -> dict[str, Any]:
    counted = CountedArticle(article, Count(article.id, 0, 0))
    return article_json(
        counted, Publication("News", "https://news.example", "", "en", ZoneInfo("UTC"))
    )


def test_the_api_describes_every_field_that_is_sent() -> None:
    schema = SCHEMAS["Submission"]
    numbers = {"views", "views_before", "views_counted", "views_corrected", "corrections"}
    identity = {"id", "source_ids", "aliases", "shared_url", "body_is_summary", "undated"}
    assert schema["properties"].keys() == NAMES | numbers | identity
    assert set(schema["required"]) == {JSON_NAMES[name] for name in REQUIRED}


def test_the_api_describes_every_field_that_is_shown() -> None:
    assert SCHEMAS["Article"]["properties"].keys() >= NAMES
    assert shown(WHOLE).keys() >= NAMES


def test_an_item_keeps_every_field() -> None:
    item = {
        name: value for name, value in item_of_article(WHOLE, 1, 1).items() if value is not None
    }
    assert item.keys() >= FIELDS.keys()
    assert shelved_of_item(item).article == WHOLE


def test_what_is_shown_can_be_sent_again() -> None:
    answered = {name: value for name, value in shown(WHOLE).items() if name in NAMES}
    assert read_submission(WHOLE.id, answered).article == WHOLE
