"""PublishArticles: what a publisher sends in and takes back."""

from circulation.article import read_submission
from circulation.container import container, warm_up
from circulation.publishing import publish, unpublish
from circulation.reading import CountedArticle
from circulation.web import parameters
from circulation.web.handler import http_handler
from circulation.web.representations import article_json
from circulation.web.request import Request
from circulation.web.response import Response, json_response

MAX_SUBMISSION_BYTES = 1024 * 1024


def put_article(request: Request) -> Response:
    """Create the article (201) or replace it (200)."""
    submission = read_submission(request.path["id"], request.json(limit=MAX_SUBMISSION_BYTES))
    published = publish(submission, container().store, now=request.at)
    shown = article_json(
        CountedArticle(published.article, published.count), container().settings.publication
    )
    return json_response(shown, 201 if published.created else 200)


def delete_article(request: Request) -> Response:
    """Unpublish the article."""
    unpublish(parameters.article_id(request), container().store, now=request.at)
    return Response(204)


handler = http_handler({"PUT /articles/{id}": put_article, "DELETE /articles/{id}": delete_article})
warm_up()
