"""GoatCounter's visitor counter, /counter/PATH.EXTENSION: https://www.goatcounter.com/help/visitor-counter.

The path is the page's, encoded or not; TOTAL stands for the whole site. What is asked for in style
and no_branding is part of the answer's bytes, and so of its ETag.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape

from circulation.counting.counts import TOTAL, Total
from circulation.errors import Fault, InvalidInput
from circulation.text import legal
from circulation.times import day_of, days_between, days_until, parse_day
from circulation.web.pages.badge import NO_NUMBER
from circulation.web.pages.pixel import EMBEDDED
from circulation.web.request import Request
from circulation.web.response import Response, json_response

MAX_DAYS = 366
MAX_STYLE = 10_000

_DAYS_BACK = {"week": 7, "month": 30, "year": 365}
# GoatCounter's box of 200 by 80 pixels: its users' styles are about this div and these ids.
_STYLE = """
body { margin: 0 }
div { box-sizing: border-box; width: 200px; height: HEIGHTpx; padding: 10px 0; text-align: center;
  border: 2px solid #9a15a4; color: #1b1b1b; background: #fff;
  font: 14px/1.4 system-ui, sans-serif }
#gcvc-views { font-size: 24px; font-weight: bold; line-height: 1 }
"""
HEADERS = EMBEDDED | {
    # The style is the page's own and may be anything, but it loads nothing and reaches nobody.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "cross-origin-embedder-policy": "require-corp",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose views are asked for, on which days, and what they are to look like."""

    page: str
    """A path, TOTAL, or empty where the address names no page."""
    extension: str
    days: tuple[str, ...] | None
    """None for all time."""
    style: str
    """A style sheet of the page that asks, as it came."""
    height: int
    """Pixels: with room for a third line, which GoatCounter puts its name in, or without."""


def asked_counter(request: Request) -> Asked:
    """Read what is asked for. Raises InvalidInput."""
    name, dot, extension = request.path["path"].rpartition(".")
    page = name if name == TOTAL else f"/{name.lstrip('/')}"
    if not dot or extension not in _WRITERS:
        # API Gateway cuts a path at "?", however it is encoded: of /?p=5.json there is / left, and
        # the number of the page at / would be another's. A picture shows that there is none.
        page, extension = "", "svg" if extension in _DISPLAYED else "json"
    style = request.query.get("style", "")
    if len(style) > MAX_STYLE:
        raise InvalidInput(Fault("style", f"must be at most {MAX_STYLE} characters long"))
    return Asked(
        page,
        extension,
        _days(request),
        legal(style),
        60 if request.query.get("no_branding") else 80,
    )


def counter(asked: Asked, count: Total | None, *, max_age: int) -> Response:
    """Answer with the numbers; None is an unknown page, whose 0 nobody may keep."""
    told = count or Total(0, 0)
    written = _WRITERS[asked.extension](asked, told)
    return Response(
        200 if count else 404,
        written.body,
        written.content_type,
        max_age if count else None,
        HEADERS if asked.extension != "json" else {},
    )


def empty_counter(request: Request, problem: Response) -> Response:
    """Answer with the box without a number, in the style of GoatCounter's alone.

    A program that asks for JSON gets the problem. A picture is an SVG, whatever it was to be.
    """
    extension = request.path["path"].rpartition(".")[2]
    if extension not in _DISPLAYED:
        return problem
    page = request.path["path"].removesuffix(f".{extension}")
    asked = Asked(page, extension, None, "", 60 if request.query.get("no_branding") else 80)
    written = _DISPLAYED[extension](asked, None)
    return replace(written, status=problem.status, headers={**HEADERS, **problem.headers})


def _days(request: Request) -> tuple[str, ...] | None:
    """Read from which day to which views are counted, both included (UTC); none of the future.

    The days are the site's own, which may have begun before ours: no day at all is no views.
    """
    start, end = request.query.get("start", ""), request.query.get("end", "")
    if not start and not end:
        return None
    today = day_of(request.at)
    back = _DAYS_BACK.get(start)
    earliest = day_of(request.at - timedelta(days=back)) if back else start
    named = _day("end", end) if end else ""
    last = min(named or today, today)
    first = _day("start", earliest) if start else days_until(last, MAX_DAYS)[0]
    if named and first > named:
        raise InvalidInput(Fault("start", "must not be after end"))
    number = days_between(first, last)
    if number > MAX_DAYS:
        raise InvalidInput(Fault("start", f"must be at most {MAX_DAYS - 1} days before end"))
    return tuple(days_until(last, number)) if number > 0 else ()


def _day(name: str, text: str) -> str:
    try:
        return parse_day(text)
    except ValueError as error:
        raise InvalidInput(Fault(name, str(error))) from error


def _json(_asked: Asked, count: Total) -> Response:
    """Numbers are text, as GoatCounter writes them."""
    return json_response({"count": _grouped(count.views), "count_unique": _grouped(count.visitors)})


def _grouped(number: int) -> str:
    """Write a number in groups of three figures with narrow spaces, as GoatCounter does."""
    return f"{number:,}".replace(",", "\u202f")


def _number(count: Total | None) -> str:
    return _grouped(count.views) if count else NO_NUMBER


def _label(asked: Asked) -> str:
    return f"Views for this {'site' if asked.page == TOTAL else 'page'}:"


def _html(asked: Asked, count: Total | None) -> Response:
    label, style = _label(asked), _STYLE.replace("HEIGHT", str(asked.height))
    own = asked.style.replace("</", r"<\/")  # where HTML would see the element's end
    body = f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{label[:-1]}</title><style>{style}{own}</style></head>
<body><div id="gcvc"><span id="gcvc-for">{label}</span><br>
<span id="gcvc-views">{_number(count)}</span></div></body>
</html>
"""
    return Response(200, body.encode(), "text/html; charset=utf-8")


def _svg(asked: Asked, count: Total | None) -> Response:
    height, label, number = asked.height, _label(asked), _number(count)
    told = escape(f"{label} {number}")
    body = f"""<svg xmlns="http://www.w3.org/2000/svg" width="200" height="{height}" role="img" \
aria-label="{told}"><title>{told}</title><style>{escape(asked.style, quote=False)}</style>\
<rect id="gcvc-border" x="1" y="1" width="198" height="{height - 2}" fill="#fff" stroke="#9a15a4" \
stroke-width="2"/><g id="gcvc" font-family="system-ui,sans-serif" text-anchor="middle">\
<text id="gcvc-for" x="100" y="{height // 2 - 12}" font-size="14">{label}</text>\
<text id="gcvc-views" x="100" y="{height // 2 + 18}" font-size="24" font-weight="bold">{number}\
</text></g></svg>"""
    return Response(200, body.encode(), "image/svg+xml; charset=utf-8")


_WRITERS: dict[str, Callable[[Asked, Total], Response]] = {
    "json": _json,
    "svg": _svg,
    "html": _html,
}
_DISPLAYED: dict[str, Callable[[Asked, Total | None], Response]] = {
    "html": _html,
    "svg": _svg,
    "png": _svg,
}
