"""PublishArticles: what a publisher sends in and takes back."""

from collections.abc import Iterable

from circulation.access.tokens import Scope
from circulation.articles.article import read_submission
from circulation.articles.listing import Listing
from circulation.articles.publishing import changed_by, publish, publish_all, unpublish
from circulation.articles.queries import CountedArticle
from circulation.feeds.websub_queue import queue_ping
from circulation.runtime import container, warm_up
from circulation.web import parameters
from circulation.web.handler import http_handler
from circulation.web.json.articles import article_json
from circulation.web.json.batches import batch_json, read_batch, submissions_of
from circulation.web.publisher import requiring
from circulation.web.request import Request
from circulation.web.response import Response, json_response

MAX_SUBMISSION_BYTES = 1024 * 1024
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
    shown = article_json(
        CountedArticle(published.article, published.count), runtime.settings.publication
    )
    return json_response(shown, 201 if published.created else 200)


def post_batch(request: Request) -> Response:
    """Create or replace up to 100 articles, each for itself."""
    batch = read_batch(request.json(limit=MAX_BATCH_BYTES))
    runtime = container()
    outcomes = publish_all(submissions_of(batch), runtime.catalogue, runtime.books, now=request.at)
    _tell_hub(changed_by(outcomes), request)
    return json_response(batch_json(batch, outcomes))


def delete_article(request: Request) -> Response:
    """Unpublish the article."""
    runtime = container()
    changed = unpublish(request.article_id, runtime.catalogue, runtime.books, now=request.at)
    _tell_hub(changed, request)
    return Response(204)


def _tell_hub(changed: Iterable[Listing], request: Request) -> None:
    runtime = container()
    queue_ping(changed, runtime.settings.api_url or request.base_url, runtime.ping_queue)


handler = http_handler(
    "PublishArticles",
    requiring(
        Scope.PUBLISH,
        {
            "PUT /articles/{id}": put_article,
            "POST /articles/batch": post_batch,
            "DELETE /articles/{id}": delete_article,
        },
    ),
)
warm_up()
