"""The badge: an article's views as a small image, for pages that do not run scripts."""

import re
import unicodedata
from dataclasses import replace
from html import escape

from circulation.errors import Fault, InvalidInput
from circulation.text import legal, one_line
from circulation.web.pages.pixel import EMBEDDED
from circulation.web.problems import detail_of
from circulation.web.request import Request
from circulation.web.response import Response

CONTENT_TYPE = "image/svg+xml; charset=utf-8"
HEADERS = EMBEDDED | {
    # An SVG opened as a page is a document of this origin, so it must not be able to do anything.
    "content-security-policy": "default-src 'none'; sandbox",
}
MAX_LABEL = 60
LABEL = "views"
NO_NUMBER = "\u2013"
COLOR = "#1a6fb0"
DARK = "#1b1b1b"

# The sixteen names of HTML 4.01, section 6.5.
_NAMES = {
    "black": "#000000", "silver": "#c0c0c0", "gray": "#808080", "white": "#ffffff",
    "maroon": "#800000", "red": "#ff0000", "purple": "#800080", "fuchsia": "#ff00ff",
    "green": "#008000", "lime": "#00ff00", "olive": "#808000", "yellow": "#ffff00",
    "navy": "#000080", "blue": "#0000ff", "teal": "#008080", "aqua": "#00ffff",
}  # fmt: skip
_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
_NARROW = set("fijlrt|!.,:;'()[]{} \u202f-1I")
_HALF = 0.179  # the luminance at which black and white contrast alike (WCAG 2.2, 1.4.3)


def badge(request: Request, number: str, *, max_age: int) -> Response:
    """Draw a number with the label and colour of the request.

    Raises InvalidInput if the label is too long or the colour is invalid.
    """
    return Response(
        200,
        _draw(_read_label(request), _read_color(request), number),
        CONTENT_TYPE,
        max_age,
        HEADERS,
    )


def empty_badge(request: Request, problem: Response) -> Response:
    """Draw a badge without a number, with the label and colour of the request.

    An invalid label or colour is replaced by the default. The reason why there is no number is the
    image's description.
    """
    query = dict(request.query)
    for name, read_value in (("label", _read_label), ("color", _read_color)):
        try:
            read_value(request)
        except InvalidInput:
            del query[name]
    valid = replace(request, query=query)
    body = _draw(_read_label(valid), _read_color(valid), NO_NUMBER, detail_of(problem))
    headers = {**HEADERS, **problem.headers}
    return Response(problem.status, body, CONTENT_TYPE, headers=headers)


def _draw(label: str, color: str, number: str, description: str = "") -> bytes:
    text = DARK if _luminance_of(color) > _HALF else "#ffffff"
    left, right = _width_of(label) + 12, _width_of(number) + 12
    width = left + right
    caption = escape(f"{label}: {number}")
    why = f"<desc>{escape(legal(description))}</desc>" if description else ""
    return f"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" \
viewBox="0 0 {width} 20" role="img" aria-label="{caption}"><title>{caption}</title>{why}\
<clipPath id="r"><rect width="{width}" height="20" rx="3"/></clipPath><g clip-path="url(#r)">\
<path fill="#444" d="M0 0h{left}v20H0z"/>\
<path fill="{color}" d="M{left} 0h{right}v20H{left}z"/></g>\
<g font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">\
<text x="{left / 2}" y="14" fill="#fff" textLength="{left - 12}" lengthAdjust="spacingAndGlyphs">\
{escape(label)}</text><text x="{left + right / 2}" y="14" fill="{text}" textLength="{right - 12}" \
lengthAdjust="spacingAndGlyphs">{escape(number)}</text></g></svg>""".encode(errors="replace")


def _read_label(request: Request) -> str:
    label = one_line(request.query.get("label", "")) or LABEL
    if len(label) > MAX_LABEL:
        raise InvalidInput(Fault("label", f"must be at most {MAX_LABEL} characters long"))
    return label


def _read_color(request: Request) -> str:
    color = request.query.get("color", "").strip().lower() or COLOR
    figures = _HEX.fullmatch(color)
    if figures:
        short = figures[1]
        return f"#{short}" if len(short) > 3 else f"#{''.join(figure * 2 for figure in short)}"  # noqa: PLR2004
    if color not in _NAMES:
        raise InvalidInput(Fault("color", f"must be like 1a6fb0, or one of {', '.join(_NAMES)}"))
    return _NAMES[color]


def _luminance_of(color: str) -> float:
    """Give the relative luminance of a colour (#rrggbb), 0 to 1 (WCAG 2.2)."""
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004
        for channel in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _width_of(text: str) -> int:
    """Estimate the width of a text at 11 pixels; the image then stretches the text to it."""
    return sum(
        11 if unicodedata.east_asian_width(character) in "WF"
        else 0 if unicodedata.combining(character)
        else 5 if character in _NARROW
        else 7
        for character in text
    )  # fmt: skip
