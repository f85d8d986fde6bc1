"""RecordView: every way in which a view comes in, the widget's and those of other counters."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

from circulation.errors import ArticleGone, ArticleNotFound
from circulation.runtime import container, warm_up
from circulation.views.recording import Recorded, record_hit
from circulation.views.visitor import network
from circulation.web.former_ids import following_former_ids
from circulation.web.handler import http_handler
from circulation.web.hits import Claim, claim_of, hit_of
from circulation.web.json.counts import recorded_json, unknown_json
from circulation.web.page_url import page_host, page_url, query_of, referring_page
from circulation.web.pages.pixel import pixel, refused_pixel
from circulation.web.request import Request
from circulation.web.response import Response, json_response
from circulation.web.viewer import Viewer, check_origin, viewer_of


def record_view(request: Request) -> Response:
    """Count a view of an article, if it is one, and answer with the count that includes it."""
    viewer = _admitted(request)
    article, claim = request.counted_id, claim_of(request)
    return json_response(recorded_json(_record(request, article, claim, viewer)))


def record_page(request: Request) -> Response:
    """Count a view of the article at an address; a page that is none has nothing to be counted."""
    viewer = _admitted(request)
    recorded = _record_page(request, page_url(request), claim_of(request), viewer)
    return json_response(recorded_json(recorded) if recorded else unknown_json())


def record_pixel(request: Request) -> Response:
    """Count a view by the pixel, for readers whose browser runs no script."""
    if request.method == "GET":
        claim = Claim(query=query_of(request.headers.get("referer", "")))
        _record(request, request.article_id, claim, _admitted(request))
    return pixel()


def goatcounter(request: Request) -> Response:
    """Count a view as GoatCounter's script tells it."""
    from circulation.web.compat.goatcounter import counted, counting_of  # noqa: PLC0415  see decision 4

    counting, recorded = counting_of(request), None
    if request.method != "HEAD" and not counting.refusal:
        recorded = _record_page(request, counting.page, counting.claim, _admitted(request))
    return counted(counting, recorded)


def busuanzi(request: Request) -> Response:
    """Count a view of the page that loads this as a script, as Busuanzi does."""
    from circulation.web.compat.busuanzi import callback, jsonp  # noqa: PLC0415  see decision 4

    name, page, recorded = callback(request), referring_page(request), None
    if request.method == "GET":
        recorded = _record_page(request, page, Claim(query=query_of(page)), _admitted(request))
    return jsonp(name, container().site.total(), recorded.count.views if recorded else 0)


def vercount(request: Request) -> Response:
    """Count a view as Vercount's scripts tell it."""
    from circulation.web.compat.vercount import logged_url, numbers  # noqa: PLC0415  see decision 4

    viewer, page = _admitted(request), logged_url(request)
    recorded = _record_page(request, page, Claim(query=query_of(page)), viewer)
    views = recorded.count.views if recorded else None
    return numbers(request, container().site.total(), views)


def _admitted(request: Request) -> Viewer:
    """Let a viewer in, unless the page is another's or the address sends too much."""
    runtime = container()
    check_origin(request, allowed=runtime.settings.allowed_origins)
    viewer = viewer_of(request, origin_secret=runtime.settings.origin_secret)
    runtime.throttle.admit(network(viewer.address), now=request.at)
    return viewer


def _record_page(request: Request, page: str, claim: Claim, viewer: Viewer) -> Recorded | None:
    """Record a hit of the article at an address, None where no article can be read."""
    from circulation.articles.lookup import article_at, follow  # noqa: PLC0415  see decision 4

    addresses = container().addresses
    article = article_at(page, addresses, host=page_host(request))
    if article is None:
        _look_for_news(request, page)
        return None
    try:
        return follow(article, addresses, lambda found: _record(request, found, claim, viewer))
    except (ArticleGone, ArticleNotFound):
        return None


def _look_for_news(request: Request, page: str) -> None:
    """Have the site's feed looked at soon, as an unknown page may be an article that is new."""
    runtime, settings = container(), container().settings
    if settings.sync_feed_url:
        from circulation.importing.asking import ask_for_news  # noqa: PLC0415  see decision 4

        ask_for_news(
            page,
            settings.own_sites,
            settings.sync_feed_url,
            runtime.unknown_pages,
            runtime.syncs,
            host=page_host(request),
            now=request.at,
        )


def _record(request: Request, article: str, claim: Claim, viewer: Viewer) -> Recorded:
    runtime = container()
    return record_hit(
        hit_of(request, article, claim, viewer, runtime.settings),
        runtime.intake,
        now=request.at,
        repeat_window=runtime.settings.repeat_window,
        random_bytes=os.urandom,
        clock=_clock_from(request.at),
    )


def _clock_from(moment: datetime) -> Callable[[], datetime]:
    """Give a clock that begins at the moment by which the gateway's clock stamped the request.

    Of this machine's clock only the time that has passed counts: the two need not agree.
    """
    begun = datetime.now(UTC)
    return lambda: moment + (datetime.now(UTC) - begun)


handler = http_handler(
    "RecordView",
    following_former_ids(
        {
            "POST /articles/{id}/views": record_view,
            "POST /views": record_page,
            "GET /articles/{id}/views.gif": record_pixel,
            "GET /count": goatcounter,
            "POST /count": goatcounter,
            "GET /busuanzi": busuanzi,
            "POST /api/v2/log": vercount,
            "POST /api/v1/log": vercount,
            "POST /log": vercount,
        },
        lambda: container().addresses,
    ),
    displays={
        "GET /articles/{id}/views.gif": refused_pixel,
        "GET /count": refused_pixel,
        "POST /count": refused_pixel,
    },
)
warm_up()
