"""A batch of submissions in JSON, and its results, as docs/api.md describes them."""

from collections.abc import Iterable, Mapping
from typing import Any

from circulation.articles.article import Submission, read_submission
from circulation.articles.fields import MAX_NAME
from circulation.articles.publishing import Outcome, Published
from circulation.errors import Fault, InvalidInput
from circulation.web.problems import faults_json

MAX_ARTICLES = 100

Json = dict[str, Any]
Batch = list[tuple[str | None, Submission | InvalidInput]]
"""Of each article the id as it was sent, if it is text, and the submission or its error."""


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
        if isinstance(submission, Submission):
            known_ids.add(submission.article.id)
    return batch


def _shorten(name: str | None) -> str | None:
    """Cut the id of an article for the answer, as it can be any text."""
    return name and name[:MAX_NAME]


def _read_article(
    data: object, article_id: str | None, known_ids: set[str]
) -> Submission | InvalidInput:
    if not isinstance(data, dict):
        return InvalidInput(Fault("articles", "must hold objects alone"))
    if article_id is None:
        return InvalidInput(Fault("id", "is required"))
    if article_id in known_ids:
        return InvalidInput(Fault("id", "stands in this batch before"))
    try:
        return read_submission(article_id, data)
    except InvalidInput as error:
        return error


def submissions_of(batch: Batch) -> list[Submission]:
    """Give the valid submissions of a batch."""
    return [submission for _, submission in batch if isinstance(submission, Submission)]


def batch_json(batch: Batch, published: Iterable[Outcome]) -> Json:
    """Write the result of each article of a batch.

    Published has the results of the batch's valid submissions, in order.
    """
    outcomes = iter(published)
    return {
        "results": [
            {"id": name}
            | _outcome_json(next(outcomes) if isinstance(submission, Submission) else submission)
            for name, submission in batch
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
