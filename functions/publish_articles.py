"""PublishArticles: what a publisher sends in and takes back."""

import hashlib
from collections.abc import Iterable

from circulation.access.tokens import Scope
from circulation.articles.article import read_submission
from circulation.articles.exporting import export_articles
from circulation.articles.listing import Listing
from circulation.articles.merging import merge, read_into
from circulation.articles.publishing import changed_by, publish, publish_all, unpublish
from circulation.articles.queries import CountedArticle
from circulation.articles.restoring import add_corrections, corrected_count, restore_all
from circulation.counting.correcting import correct, read_corrected
from circulation.counting.correction import read_proposal
from circulation.feeds.websub_queue import queue_ping
from circulation.runtime import container, warm_up
from circulation.web import parameters
from circulation.web.cursors import cursor_export
from circulation.web.former_ids import following_former_ids
from circulation.web.handler import http_handler
from circulation.web.json.articles import article_json
from circulation.web.json.batches import batch_json, read_batch, remains_of, submissions_of
from circulation.web.json.corrections import corrected_json
from circulation.web.json.exports import export_json
from circulation.web.publisher import requiring
from circulation.web.request import Request
from circulation.web.response import Response, json_response

MAX_SUBMISSION_BYTES = 1024 * 1024
MAX_CORRECTION_BYTES = 8 * 1024
MAX_MERGE_BYTES = 1024
MAX_BATCH_BYTES = 5 * 1024 * 1024
"""Lambda takes an event of at most 6 MB, in which a quote takes two bytes."""


def put_article(request: Request) -> Response:
    """Create the article (201) or replace it (200)."""
    submission = read_submission(request.path["id"], request.json(limit=MAX_SUBMISSION_BYTES))
    only_if = parameters.precondition(request)
    runtime = container()
    published = publish(
        submission, runtime.catalogue, runtime.books, now=request.at, only_if=only_if
    )
    _tell_hub(published.changed, request)
    stores = runtime.books, runtime.corrections
    count = corrected_count(submission, published, *stores, now=request.at)
    shown = article_json(CountedArticle(published.article, count), runtime.settings.publication)
    return json_response(shown, 201 if published.created else 200)


def post_batch(request: Request) -> Response:
    """Create or replace up to 100 articles, each for itself."""
    batch = read_batch(request.json(limit=MAX_BATCH_BYTES))
    runtime = container()
    submissions = submissions_of(batch)
    outcomes = publish_all(submissions, runtime.catalogue, runtime.books, now=request.at)
    _tell_hub(changed_by(outcomes), request)
    stores = runtime.books, runtime.corrections
    corrected = add_corrections(submissions, outcomes, *stores, now=request.at)
    restored = restore_all(remains_of(batch), runtime.catalogue, *stores, now=request.at)
    return json_response(batch_json(batch, corrected, restored))


def delete_article(request: Request) -> Response:
    """Unpublish the article."""
    runtime = container()
    changed = unpublish(request.article_id, runtime.catalogue, runtime.books, now=request.at)
    _tell_hub(changed, request)
    return Response(204)


def export(request: Request) -> Response:
    """Give every article with its number by parts: visible, scheduled and unpublished ones."""
    runtime = container()
    page = export_articles(
        parameters.section(request),
        runtime.catalogue,
        runtime.books,
        runtime.corrections,
        limit=parameters.limit(request),
        after=cursor_export(request),
    )
    return json_response(export_json(page, runtime.settings.publication))


def post_merge(request: Request) -> Response:
    """Merge the article into another one, and answer with that one's number by its parts."""
    into = read_into(request.json(limit=MAX_MERGE_BYTES))
    runtime = container()
    stores = runtime.catalogue, runtime.books, runtime.corrections
    changed = merge(request.article_id, into, *stores, now=request.at, by=request.publisher)
    _tell_hub(changed, request)
    corrected = read_corrected(into, runtime.books, runtime.corrections)
    return json_response(corrected_json(corrected))


def get_corrections(request: Request) -> Response:
    """Give an article's number by its parts, with the corrections."""
    runtime = container()
    corrected = read_corrected(request.article_id, runtime.books, runtime.corrections)
    return json_response(corrected_json(corrected))


def post_correction(request: Request) -> Response:
    """Correct an article's number (201); 200 if that changes nothing, or is known already."""
    proposal = read_proposal(request.json(limit=MAX_CORRECTION_BYTES), _nonce_of(request))
    runtime = container()
    corrected = correct(
        request.article_id,
        proposal,
        runtime.books,
        runtime.corrections,
        now=request.at,
        by=request.publisher,
    )
    return json_response(corrected_json(corrected), 201 if corrected.changed else 200)


def _nonce_of(request: Request) -> str:
    """Give an id for a correction without one: API Gateway's of the request, in an id's letters."""
    return hashlib.blake2b(request.id.encode(), digest_size=16).hexdigest()


def _tell_hub(changed: Iterable[Listing], request: Request) -> None:
    runtime = container()
    queue_ping(changed, request.public_url(runtime.settings.api_url), runtime.ping_queue)


handler = http_handler(
    "PublishArticles",
    requiring(
        Scope.PUBLISH,
        {
            "PUT /articles/{id}": put_article,
            "POST /articles/batch": post_batch,
            "POST /articles/{id}/merge": post_merge,
        }
        | following_former_ids(
            {
                "DELETE /articles/{id}": delete_article,
                "GET /articles/{id}/corrections": get_corrections,
                "POST /articles/{id}/corrections": post_correction,
            },
            lambda: container().addresses,
        )
        | {"GET /export": export},
    ),
)
warm_up()
