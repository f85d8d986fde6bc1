"""Every reply to a view is truthful, whatever becomes of the calls that it takes."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import pytest

from circulation.articles.article import Submission
from circulation.articles.publishing import publish
from circulation.runtime import Container
from circulation.settings import Settings
from functions import record_view
from tests.builders import NOW, article, by_url, http_event
from tests.simulation.dynamodb import NOT_DONE, DynamoDB, Fate

SEED = 20_260_314
VIEWS = 20_000
BAD = [each for each in Fate if each is not Fate.DONE]
PATH = {"id": "harbour-clock"}
WRITES = (2, 3, 4)
"""Among a first view's calls, as the first test has them."""


@dataclass
class Ingest:
    """RecordView over a DynamoDB whose every attempt has a fate, DONE when none is left."""

    settings: Settings
    fates: Iterator[Fate] = field(default_factory=lambda: iter(()))
    calls: list[str] = field(default_factory=list)
    posts: int = 0

    def __post_init__(self) -> None:
        self.dynamodb = DynamoDB(self._fate, lambda *_: None)
        self.start_container()
        publish(
            Submission(article()),
            self.container.catalogue,
            self.container.books,
            now=NOW - timedelta(days=1),
        )
        self.calls.clear()

    def start_container(self) -> None:
        self.container = Container(self.settings, cast("Any", self.dynamodb))

    def _fate(self, name: str) -> Fate:
        self.calls.append(name)
        return next(self.fates, Fate.DONE)

    def post(self, number: int) -> dict[str, Any]:
        """Send the hit of one reader, the same each time: by the API and the function URL in turns.

        So a hit that is sent again comes by the other one.
        """
        hit = {
            "address": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
            "body": {"nonce": f"nonce-{number}"},
        }
        self.posts += 1
        if self.posts % 2:
            event = http_event("POST /articles/{id}/views", path=PATH, **hit)
        else:
            event = by_url("POST", f"/articles/{PATH['id']}/views", **hit)
        return record_view.handler(event, None)

    def views(self) -> int:
        return sum(int(line["n"]["N"]) for line in self.dynamodb.items("Ledger"))


@pytest.fixture
def ingest(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Ingest:
    made = Ingest(settings)
    monkeypatch.setattr(record_view, "container", lambda: made.container)
    return made


def is_counted(answer: dict[str, Any]) -> bool:
    """Read an answer, which is a success or a 503 that asks to come again."""
    if answer["statusCode"] == 503:
        assert int(answer["headers"]["retry-after"]) > 0
        assert answer["headers"]["content-type"] == "application/problem+json"
        return False
    assert answer["statusCode"] == 200, answer
    return bool(json.loads(answer["body"])["counted"])


def test_a_first_view_takes_these_calls(ingest: Ingest) -> None:
    assert is_counted(ingest.post(1))
    # the count; the salt, read and made; the page; the ledger line
    reads = ["batch_get_item", "get_item"]
    assert ingest.calls == [*reads, "update_item", "update_item", "update_item"]


@pytest.mark.parametrize("fate", BAD)
@pytest.mark.parametrize("attempts", [1, 2, 3])
@pytest.mark.parametrize("call", range(5))
def test_a_call_that_fails_is_made_good_or_told_and_a_retry_counts_once(
    ingest: Ingest, call: int, attempts: int, fate: Fate
) -> None:
    ingest.fates = iter([Fate.DONE] * call + [fate] * attempts)
    counted = is_counted(ingest.post(1))
    # A conditional write that was done finds itself at the next attempt.
    finds_itself = call in WRITES and fate not in NOT_DONE
    assert counted is (attempts < 3 or finds_itself)
    assert ingest.views() == int(counted)
    assert is_counted(ingest.post(1))
    assert ingest.views() == 1


def test_a_view_that_the_ledger_never_takes_is_never_called_counted(ingest: Ingest) -> None:
    ingest.post(1)
    ingest.fates = iter([Fate.DONE, *[Fate.REFUSED] * 1_000])
    assert not any(is_counted(ingest.post(number)) for number in range(2, 50))
    assert ingest.views() == 1


def test_no_reply_is_false_over_many_views(ingest: Ingest) -> None:
    print(f"seed {SEED}")  # noqa: T201  shown when the test fails
    dice = random.Random(SEED)  # noqa: S311  chance that can be repeated
    weights = [30 if each is Fate.DONE else 4 for each in Fate]
    ingest.fates = iter(lambda: dice.choices(list(Fate), weights)[0], None)
    told: Counter[int] = Counter()
    acknowledged = 0
    for number in range(VIEWS):
        if number % 1_000 == 0:
            ingest.start_container()
        for _ in range(2):
            answer = ingest.post(number)
            told[answer["statusCode"]] += 1
            if is_counted(answer):
                acknowledged += 1
                break
    entered = ingest.views()
    assert all(int(line["n"]["N"]) == 1 for line in ingest.dynamodb.items("Ledger"))
    assert acknowledged <= entered <= VIEWS
    assert told[503] > VIEWS / 100
    assert acknowledged > VIEWS * 0.9
