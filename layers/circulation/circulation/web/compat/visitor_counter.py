"""GoatCounter's visitor counter: https://www.goatcounter.com/help/visitor-counter.

The path is /counter/PATH.EXTENSION, with the page's path, encoded or not, or TOTAL for the whole
site. The parameters style and no_branding change the answer's bytes, and so its ETag.
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
# GoatCounter's box of 200 by 80 pixels, with the div and the ids that its users' styles refer to.
_STYLE = """
body { margin: 0 }
div { box-sizing: border-box; width: 200px; height: HEIGHTpx; padding: 10px 0; text-align: center;
  border: 2px solid #9a15a4; color: #1b1b1b; background: #fff;
  font: 14px/1.4 system-ui, sans-serif }
#gcvc-views { font-size: 24px; font-weight: bold; line-height: 1 }
"""
HEADERS = EMBEDDED | {
    # The style comes from the embedding page and can be anything, but it cannot load anything.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "cross-origin-embedder-policy": "require-corp",
}


@dataclass(frozen=True, slots=True)
class CounterQuery:
    """Which page's views are asked for, on which days, and how they are to be displayed."""

    page: str
    """A path, TOTAL, or empty if the address names no page."""
    extension: str
    days: tuple[str, ...] | None
    """UTC days that follow each other; None for all time."""
    style: str
    """A style sheet (CSS) from the embedding page, unchecked."""
    height: int
    """Pixels, with or without room for a third line, which has GoatCounter's name there."""


def asked_counter(request: Request) -> CounterQuery:
    """Read the page, the days and the style. Raises InvalidInput."""
    name, dot, extension = request.path["path"].rpartition(".")
    page = name if name == TOTAL else f"/{name.lstrip('/')}"
    if not dot or extension not in _WRITERS:
        # API Gateway cuts a path at "?", however it is encoded: /?p=5.json becomes /, and the
        # number of the page at / would be wrong. A picture without a number says so.
        page, extension = "", "svg" if extension in _DISPLAYED else "json"
    style = request.query.get("style", "")
    if len(style) > MAX_STYLE:
        raise InvalidInput(Fault("style", f"must be at most {MAX_STYLE} characters long"))
    return CounterQuery(
        page,
        extension,
        _read_days(request),
        legal(style),
        60 if request.query.get("no_branding") else 80,
    )


def counter(query: CounterQuery, count: Total | None, *, max_age: int) -> Response:
    """Answer with the numbers; None is an unknown page, whose 0 must not be cached."""
    total = count or Total(0, 0)
    answer = _WRITERS[query.extension](query, total)
    return Response(
        200 if count else 404,
        answer.body,
        answer.content_type,
        max_age if count else None,
        HEADERS if query.extension != "json" else {},
    )


def empty_counter(request: Request, problem: Response) -> Response:
    """Answer with the box without a number, in GoatCounter's own style.

    A request for JSON gets the problem. A picture is always an SVG.
    """
    extension = request.path["path"].rpartition(".")[2]
    if extension not in _DISPLAYED:
        return problem
    page = request.path["path"].removesuffix(f".{extension}")
    query = CounterQuery(page, extension, None, "", 60 if request.query.get("no_branding") else 80)
    answer = _DISPLAYED[extension](query, None)
    return replace(answer, status=problem.status, headers={**HEADERS, **problem.headers})


def _read_days(request: Request) -> tuple[str, ...] | None:
    """Read the first and the last UTC day, both included, none of them in the future.

    The site's own count may have begun before ours, so a range without any day is valid: no views.
    """
    start, end = request.query.get("start", ""), request.query.get("end", "")
    if not start and not end:
        return None
    today = day_of(request.at)
    back = _DAYS_BACK.get(start)
    earliest = day_of(request.at - timedelta(days=back)) if back else start
    named = _read_day("end", end) if end else ""
    last = min(named or today, today)
    first = _read_day("start", earliest) if start else days_until(last, MAX_DAYS)[0]
    if named and first > named:
        raise InvalidInput(Fault("start", "must not be after end"))
    number = days_between(first, last)
    if number > MAX_DAYS:
        raise InvalidInput(Fault("start", f"must be at most {MAX_DAYS - 1} days before end"))
    return tuple(days_until(last, number)) if number > 0 else ()


def _read_day(name: str, text: str) -> str:
    try:
        return parse_day(text)
    except ValueError as error:
        raise InvalidInput(Fault(name, str(error))) from error


def _write_json(_query: CounterQuery, count: Total) -> Response:
    """Write the numbers as text, like GoatCounter."""
    return json_response(
        {"count": _group_digits(count.views), "count_unique": _group_digits(count.visitors)}
    )


def _group_digits(number: int) -> str:
    """Write a number in groups of three digits with narrow spaces, like GoatCounter."""
    return f"{number:,}".replace(",", "\u202f")


def _number_of(count: Total | None) -> str:
    return _group_digits(count.views) if count else NO_NUMBER


def _label_of(query: CounterQuery) -> str:
    return f"Views for this {'site' if query.page == TOTAL else 'page'}:"


def _write_html(query: CounterQuery, count: Total | None) -> Response:
    label, style = _label_of(query), _STYLE.replace("HEIGHT", str(query.height))
    own = query.style.replace("</", r"<\/")  # where HTML would see the element's end
    body = f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{label[:-1]}</title><style>{style}{own}</style></head>
<body><div id="gcvc"><span id="gcvc-for">{label}</span><br>
<span id="gcvc-views">{_number_of(count)}</span></div></body>
</html>
"""
    return Response(200, body.encode(), "text/html; charset=utf-8")


def _write_svg(query: CounterQuery, count: Total | None) -> Response:
    height, label, number = query.height, _label_of(query), _number_of(count)
    text = escape(f"{label} {number}")
    body = f"""<svg xmlns="http://www.w3.org/2000/svg" width="200" height="{height}" role="img" \
aria-label="{text}"><title>{text}</title><style>{escape(query.style, quote=False)}</style>\
<rect id="gcvc-border" x="1" y="1" width="198" height="{height - 2}" fill="#fff" stroke="#9a15a4" \
stroke-width="2"/><g id="gcvc" font-family="system-ui,sans-serif" text-anchor="middle">\
<text id="gcvc-for" x="100" y="{height // 2 - 12}" font-size="14">{label}</text>\
<text id="gcvc-views" x="100" y="{height // 2 + 18}" font-size="24" font-weight="bold">{number}\
</text></g></svg>"""
    return Response(200, body.encode(), "image/svg+xml; charset=utf-8")


_WRITERS: dict[str, Callable[[CounterQuery, Total], Response]] = {
    "json": _write_json,
    "svg": _write_svg,
    "html": _write_html,
}
_DISPLAYED: dict[str, Callable[[CounterQuery, Total | None], Response]] = {
    "html": _write_html,
    "svg": _write_svg,
    "png": _write_svg,
}
