"""PublishArticles: what a publisher sends in and takes back."""

from collections.abc import Iterable

from circulation.article import read_submission
from circulation.container import container, warm_up
from circulation.feeds.addresses import feed_urls
from circulation.listing import Listing
from circulation.pinging import queue_ping
from circulation.publishing import publish, unpublish
from circulation.reading import CountedArticle
from circulation.tokens import Scope
from circulation.web import parameters
from circulation.web.batches import batch_json, changed_by, publish_batch, read_batch
from circulation.web.handler import http_handler
from circulation.web.publisher import requiring
from circulation.web.representations import article_json
from circulation.web.request import Request
from circulation.web.response import Response, json_response

MAX_SUBMISSION_BYTES = 1024 * 1024
MAX_BATCH_BYTES = 5 * 1024 * 1024
"""Lambda takes an event of at most 6 MB, in which a quote takes two bytes."""


def put_article(request: Request) -> Response:
    """Create the article (201) or replace it (200)."""
    submission = read_submission(request.path["id"], request.json(limit=MAX_SUBMISSION_BYTES))
    only_if = parameters.precondition(request)
    published = publish(submission, container().store, now=request.at, only_if=only_if)
    _tell_hub(published.changed, request)
    shown = article_json(
        CountedArticle(published.article, published.count), container().settings.publication
    )
    return json_response(shown, 201 if published.created else 200)


def post_batch(request: Request) -> Response:
    """Create or replace up to 100 articles, each for itself."""
    batch = read_batch(request.json(limit=MAX_BATCH_BYTES))
    outcomes = publish_batch(batch, container().store, now=request.at)
    _tell_hub(changed_by(outcomes), request)
    return json_response(batch_json(outcomes))


def delete_article(request: Request) -> Response:
    """Unpublish the article."""
    changed = unpublish(request.article_id, container().store, now=request.at)
    _tell_hub(changed, request)
    return Response(204)


def _tell_hub(changed: Iterable[Listing], request: Request) -> None:
    held = container()
    feeds = list(feed_urls(held.settings.api_url or request.base_url, changed))
    if held.settings.hub and feeds:
        queue_ping(feeds, held.store)


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
