"""ServeWidget: what pages embed, the scripts and the numbers as image, frame and JSON."""

from dataclasses import replace

from circulation.articles.lookup import article_at, follow_if_public
from circulation.articles.queries import read_article
from circulation.counting.counts import TOTAL
from circulation.counting.queries import read_count, read_total
from circulation.errors import ScriptNotFound
from circulation.popularity.queries import read_site
from circulation.runtime import container, warm_up
from circulation.web.compat.vercount import numbers
from circulation.web.compat.visitor_counter import asked_counter, counter, empty_counter
from circulation.web.former_ids import following_former_ids
from circulation.web.handler import http_handler
from circulation.web.page_url import page_host, page_url
from circulation.web.pages.badge import badge, empty_badge
from circulation.web.pages.frame import CONTENT_TYPE as HTML
from circulation.web.pages.frame import HEADERS, empty_frame, frame_page
from circulation.web.pages.numbers import format_number
from circulation.web.pages.pixel import EMBEDDED
from circulation.web.request import Request
from circulation.web.response import Response
from circulation.widget import CONTENT_TYPE, current, script

MAX_AGE = 3_600
MAX_AGE_COUNT = 10
YEAR = 31_536_000


def widget_js(_request: Request) -> Response:
    """Give the script as it is now."""
    return _script(current(), MAX_AGE, "")


def widget_build(request: Request) -> Response:
    """Give a build of the script, which never changes."""
    return _script(request.path["build"].removesuffix(".js"), YEAR, ", immutable")


def _script(name: str, max_age: int, more: str) -> Response:
    build = script(name)
    if build is None:
        raise ScriptNotFound(name)
    headers = EMBEDDED | {"cache-control": f"public, max-age={max_age}{more}"}
    return Response(200, build.body, CONTENT_TYPE, max_age, headers, brotli=build.brotli)


def views_svg(request: Request) -> Response:
    """Give an article's views as a badge."""
    count = read_count(request.article_id, container().books, now=request.at)
    number = format_number(count.views, container().settings.publication.language)
    return badge(request, number, max_age=MAX_AGE_COUNT)


def views_html(request: Request) -> Response:
    """Give an article's views as a page for a frame."""
    runtime = container()
    found = read_article(request.article_id, runtime.catalogue, runtime.books, now=request.at)
    body = frame_page(found.article, found.count.views, runtime.settings.publication)
    return Response(200, body, HTML, MAX_AGE_COUNT, HEADERS)


def goatcounter(request: Request) -> Response:
    """Give the views of a page, or of the site, as GoatCounter's visitor counter does."""
    asked, runtime = asked_counter(request), container()
    if asked.page == TOTAL:
        return counter(asked, read_site(asked.days, runtime.site), max_age=MAX_AGE_COUNT)
    article = (
        article_at(asked.page, runtime.addresses, host=page_host(request)) if asked.page else None
    )
    count = follow_if_public(
        article,
        runtime.addresses,
        lambda found: read_total(found, asked.days, runtime.books, now=request.at),
    )
    return counter(asked, count, max_age=MAX_AGE_COUNT)


def vercount(request: Request) -> Response:
    """Give the views of a page and its site as Vercount does."""
    runtime = container()
    article = article_at(page_url(request), runtime.addresses, host=page_host(request))
    count = follow_if_public(
        article,
        runtime.addresses,
        lambda found: read_total(found, None, runtime.books, now=request.at),
    )
    shown = numbers(request, runtime.site.total(), count.views if count else None)
    return replace(shown, max_age=MAX_AGE_COUNT if count else None)


handler = http_handler(
    "ServeWidget",
    following_former_ids(
        {
            "GET /widget.js": widget_js,
            "GET /widget/{build}": widget_build,
            "GET /articles/{id}/views.svg": views_svg,
            "GET /articles/{id}/views.html": views_html,
            "GET /counter/{path+}": goatcounter,
            "GET /api/v2/log": vercount,
            "GET /api/v1/log": vercount,
            "GET /log": vercount,
        },
        lambda: container().addresses,
    ),
    displays={
        "GET /articles/{id}/views.svg": empty_badge,
        "GET /articles/{id}/views.html": empty_frame,
        "GET /counter/{path+}": empty_counter,
    },
)
warm_up()
