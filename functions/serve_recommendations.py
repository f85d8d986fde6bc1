"""ServeRecommendations: the form, the sender's yes and the friend's no, of recommending by mail."""

import os
from collections.abc import Callable
from dataclasses import replace

from circulation.articles.article import Article
from circulation.articles.queries import read_uncounted
from circulation.errors import ArticleGone, ArticleNotFound, RecommendationsOff
from circulation.ids import is_id
from circulation.mail.ask import network_hash
from circulation.mail.recommendation import Recommendation
from circulation.mail.recommending import refuse, refusing_person
from circulation.mail.subscriber import key_hash, make_key
from circulation.runtime import container, warm_up
from circulation.times import day_of
from circulation.web.handler import http_handler
from circulation.web.pages import recommendation_pages as pages
from circulation.web.pages.mail_pages import INVALID, Site
from circulation.web.pages.mail_style import HEADERS
from circulation.web.recommendations import FIELDS, explain_faults, read_recommendation, typed_of
from circulation.web.request import Request
from circulation.web.response import Response, json_response
from circulation.web.subscriptions import (
    Sent,
    check_form_origin,
    is_machine,
    read_sent,
    wants_page,
)
from circulation.web.viewer import viewer_of


def recommend(request: Request) -> Response:
    """Take what was typed: the same answer and the same work for every sender and friend."""
    _check_origin(request)
    sent = read_sent(request, FIELDS)
    article = _read_article(sent, request)
    base_url = request.public_url(container().settings.api_url)
    recommendation = read_recommendation(sent, article.id, base_url, request.at)
    if not is_machine(sent, request):
        _queue(request, recommendation)
    if wants_page(request):
        return pages.sent_page(_site(), article, recommendation)
    return json_response({"status": "accepted"}, 202, headers=HEADERS)


def _queue(request: Request, recommendation: Recommendation) -> None:
    """Store both addresses, so that they are in no queue, and have the sender asked."""
    runtime, key = container(), make_key(os.urandom)
    viewer = viewer_of(request, origin_secret=runtime.settings.origin_secret)
    network = network_hash(runtime.salts.of(day_of(request.at), os.urandom), viewer.address)
    runtime.recommendations.put(key_hash(key), recommendation)
    runtime.letter_queue.send("recommend", {"key": key, "network": network})


def question(request: Request) -> Response:
    """Ask the sender for the yes."""
    if found := _find(request):
        return pages.question_page(_site(), *found)
    return pages.ended_page(_site())


def confirm(request: Request) -> Response:
    """Take the yes; the letter's sending uses it up."""
    _check_origin(request)
    if found := _find(request):
        _, recommendation = found
        container().letter_queue.send("recommendation", {"key_hash": key_hash(request.path["key"])})
        return pages.done_page(_site(), recommendation)
    return pages.ended_page(_site())


def refusal(request: Request) -> Response:
    """Ask the friend; a GET never refuses anything (RFC 8058, section 3.1)."""
    key = request.path["key"]
    person = refusing_person(key, container().recommendation_stores, os.urandom)
    return pages.refusal_page(_site(), key) if person else pages.nobody_page(_site())


def take_refusal(request: Request) -> Response:
    """Refuse at once, whatever the body and the origin; answer without a redirect (RFC 8058)."""
    is_link = refuse(request.path["key"], container().recommendation_stores, os.urandom)
    return pages.refused_page(_site()) if is_link else pages.nobody_page(_site())


def _find(request: Request) -> tuple[Article, Recommendation] | None:
    runtime = container()
    waiting = key_hash(request.path["key"])
    recommendation = runtime.recommendations.find(waiting, now=request.at)
    if recommendation is None:
        return None
    try:
        article = read_uncounted(recommendation.article, runtime.catalogue, now=request.at)
    except (ArticleNotFound, ArticleGone):
        return None
    return article, recommendation


def _read_article(sent: Sent, request: Request) -> Article:
    article_id = sent.first("article")
    if not is_id(article_id):
        raise ArticleNotFound(article_id)
    return read_uncounted(article_id, container().catalogue, now=request.at)


def _site() -> Site:
    settings = container().settings
    return Site(settings.publication, settings.digest_plan)


def _check_origin(request: Request) -> None:
    settings = container().settings
    check_form_origin(request, settings.allowed_origins, settings.api_url)


def _if_on(route: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """Answer 404 where the stack sends no recommendations."""

    def answer(request: Request) -> Response:
        if not container().settings.recommends_by_mail:
            raise RecommendationsOff
        return route(request)

    return answer


def _failed(request: Request, problem: Response) -> Response:
    """Show a problem to who sent a form; where nothing is sent there is no form."""
    if not (container().settings.recommends_by_mail and wants_page(request)):
        return replace(problem, headers={**HEADERS, **problem.headers})
    page = pages.failure_page(_site(), problem.status)
    return replace(page, headers={**page.headers, **problem.headers})


def _not_recommended(request: Request, problem: Response) -> Response:
    """Show the form again with its faults."""
    if problem.status != INVALID or not wants_page(request):
        return _failed(request, problem)
    sent, site = read_sent(request, FIELDS), _site()
    typed, article = typed_of(sent), _read_article(sent, request)
    faults = explain_faults(problem, typed, site.words)
    return pages.form_page(site, article, typed, faults, at=request.at)


routes = {
    "POST /recommendations": _if_on(recommend),
    "GET /recommendations/confirm/{key}": _if_on(question),
    "POST /recommendations/confirm/{key}": _if_on(confirm),
    "GET /recommendations/{key}/refuse": _if_on(refusal),
    "POST /recommendations/{key}/refuse": _if_on(take_refusal),
}
handler = http_handler(
    "ServeRecommendations",
    routes,
    displays={**dict.fromkeys(routes, _failed), "POST /recommendations": _not_recommended},
)
warm_up()
