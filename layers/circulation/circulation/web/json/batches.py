"""A batch of submissions in JSON, and what became of each; docs/api.md shows both."""

from collections.abc import Iterable, Mapping
from typing import Any

from circulation.articles.article import Submission, read_submission
from circulation.articles.fields import MAX_NAME
from circulation.articles.publishing import Outcome, Published
from circulation.errors import Fault, InvalidInput
from circulation.web.problems import faults_json

MAX_ARTICLES = 100

Json = dict[str, Any]
Told = list[tuple[str | None, Submission | InvalidInput]]
"""The id that each of a batch names, as far as it is one, and what was read."""


def read_batch(data: Mapping[str, Any]) -> Told:
    """Read each of a batch's articles by itself. Raises InvalidInput where the batch is none."""
    articles = data.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= MAX_ARTICLES:
        raise InvalidInput(Fault("articles", f"must be a list of 1 to {MAX_ARTICLES} articles"))
    batch: Told = []
    known: set[str] = set()
    for each in articles:
        told = each.get("id") if isinstance(each, dict) else None
        name = told if isinstance(told, str) else None
        read = _read(each, name, known)
        batch.append((_shown(name), read))
        if isinstance(read, Submission):
            known.add(read.article.id)
    return batch


def _shown(name: str | None) -> str | None:
    """Give what an article was named, where it is short enough to be said again."""
    return name and name[:MAX_NAME]


def _read(told: Any, name: str | None, known: set[str]) -> Submission | InvalidInput:  # noqa: ANN401
    if not isinstance(told, dict):
        return InvalidInput(Fault("articles", "must hold objects alone"))
    if name is None:
        return InvalidInput(Fault("id", "is required"))
    if name in known:
        return InvalidInput(Fault("id", "stands in this batch before"))
    try:
        return read_submission(name, told)
    except InvalidInput as error:
        return error


def submissions_of(batch: Told) -> list[Submission]:
    """Give what of a batch could be read."""
    return [read for _, read in batch if isinstance(read, Submission)]


def batch_json(batch: Told, published: Iterable[Outcome]) -> Json:
    """Show what became of each, where published has the outcomes of its submissions, in order."""
    outcomes = iter(published)
    return {
        "results": [
            {"id": name} | _outcome_json(next(outcomes) if isinstance(read, Submission) else read)
            for name, read in batch
        ]
    }


def _outcome_json(outcome: Outcome) -> Json:
    if isinstance(outcome, Published):
        status = "created" if outcome.created else "updated"
        return {
            "status": "unchanged" if outcome.unchanged else status,
            "views": outcome.count.views,
        }
    faults = outcome.faults if isinstance(outcome, InvalidInput) else (Fault("id", str(outcome)),)
    return {"status": "refused", "errors": faults_json(faults)}
