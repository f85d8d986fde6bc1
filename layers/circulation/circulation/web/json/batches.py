"""A batch of submissions in JSON, and its results, as docs/api.md describes them."""

from collections.abc import Iterable, Mapping
from typing import Any

from circulation.articles.article import Submission, read_submission
from circulation.articles.fields import MAX_NAME
from circulation.articles.publishing import Outcome, Published
from circulation.articles.remains import Remains, are_remains, read_remains
from circulation.articles.restoring import Restored
from circulation.errors import CirculationError, Fault, InvalidInput
from circulation.web.problems import faults_json

MAX_ARTICLES = 100

Json = dict[str, Any]
Entry = Submission | Remains | InvalidInput
Batch = list[tuple[str | None, Entry]]
"""Of each article the id as it was sent, if it is text, and the submission, what remains of an
unpublished article, or its error."""


def read_batch(data: Mapping[str, Any]) -> Batch:
    """Read each of a batch's articles by itself. Raises InvalidInput if it is no batch."""
    articles = data.get("articles")
    if not isinstance(articles, list) or not 1 <= len(articles) <= MAX_ARTICLES:
        raise InvalidInput(Fault("articles", f"must be a list of 1 to {MAX_ARTICLES} articles"))
    batch: Batch = []
    known_ids: set[str] = set()
    for article in articles:
        value = article.get("id") if isinstance(article, dict) else None
        article_id = value if isinstance(value, str) else None
        submission = _read_article(article, article_id, known_ids)
        batch.append((_shorten(article_id), submission))
        # With source ids an id is a proposal, which two articles may have (identity.resolve).
        if not isinstance(submission, InvalidInput) and not article.get("source_ids"):
            known_ids.add(str(article_id))
    return batch


def _shorten(name: str | None) -> str | None:
    """Cut the id of an article for the answer, as it can be any text."""
    return name and name[:MAX_NAME]


def _read_article(data: object, article_id: str | None, known_ids: set[str]) -> Entry:
    if not isinstance(data, dict):
        return InvalidInput(Fault("articles", "must hold objects alone"))
    if article_id is None:
        return InvalidInput(Fault("id", "is required"))
    if article_id in known_ids:
        return InvalidInput(Fault("id", "stands in this batch before"))
    try:
        return (read_remains if are_remains(data) else read_submission)(article_id, data)
    except InvalidInput as error:
        return error


def submissions_of(batch: Batch) -> list[Submission]:
    """Give the valid submissions of a batch."""
    return [submission for _, submission in batch if isinstance(submission, Submission)]


def remains_of(batch: Batch) -> list[Remains]:
    """Give what a batch has of unpublished articles."""
    return [remains for _, remains in batch if isinstance(remains, Remains)]


def batch_json(
    batch: Batch, published: Iterable[Outcome], restored: Iterable[Restored | CirculationError]
) -> Json:
    """Write the result of each article of a batch, with the id that it has, or was sent.

    Published has the results of the batch's valid submissions, in order, and restored those of its
    unpublished articles.
    """
    outcomes, restorations = iter(published), iter(restored)

    def outcome_of(entry: Entry) -> Outcome | Restored:
        if isinstance(entry, InvalidInput):
            return entry
        return next(outcomes) if isinstance(entry, Submission) else next(restorations)

    return {"results": [{"id": name} | _outcome_json(outcome_of(entry)) for name, entry in batch]}


def _outcome_json(outcome: Outcome | Restored) -> Json:
    if isinstance(outcome, Restored):
        status = "created" if outcome.created else "unchanged"
        return {"status": status, "views": outcome.count.views}
    if isinstance(outcome, Published):
        status = "created" if outcome.created else "updated"
        return {
            "id": outcome.article.id,
            "status": "unchanged" if outcome.unchanged else status,
            "views": outcome.count.views,
        }
    faults = outcome.faults if isinstance(outcome, InvalidInput) else (Fault("id", str(outcome)),)
    return {"status": "refused", "errors": faults_json(faults)}
