"""The frame of the pages of statistics: what the script needs of words, and every page's head."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from circulation.statistics.figures import Unit
from circulation.statistics.spans import span_of
from circulation.statistics.wording import write_time
from circulation.web.pages.statistics.script import policy, script
from circulation.web.pages.statistics.style import STYLE
from circulation.web.response import Response
from circulation.words.customs import first_weekday, has_twelve_hours
from circulation.words.direction import direction
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from circulation.articles.publication import Publication
    from circulation.statistics.figures import Span
    from circulation.web.pages.statistics.links import Links
    from circulation.words.texts import Words

CONTENT_TYPE = "text/html; charset=utf-8"
FORMS = ("csv", "json")
"""In which the numbers of a page can be had."""
_UNITS = (Unit.DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR)
RENEWAL = 300
"""Seconds after which a page that shows what runs asks for all of it anew: a ranking's pace."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its title, what stands in it, and how the script goes on with it."""

    title: str
    main: str
    """HTML."""
    nav: str = ""
    """HTML between masthead and main."""
    status: str = ""
    """HTML in the masthead."""
    notes: str = ""
    """HTML of the footer."""
    state: str = "plain"
    """live, while its period runs; past, or plain for a page without numbers."""
    refresh: int = 0
    """Seconds until the script asks for the last minutes anew; 0 for never."""


def write_response(sheet: Sheet, publication: Publication, status: int = 200) -> Response:
    """Write a page; it is stored nowhere, and its address goes to no other site."""
    return Response(status, write_sheet(sheet, publication), CONTENT_TYPE, headers=_headers())


def write_part(sheet: Sheet) -> Response:
    """Write parts of a page alone, each under its id, for the script to take over."""
    head = f'<!doctype html><meta charset="utf-8"><title>{escape(sheet.title)}</title>'
    body = f"{head}{sheet.status}{sheet.main}".encode(errors="ignore")
    return Response(200, body, CONTENT_TYPE, headers=_headers())


def _headers() -> dict[str, str]:
    return {
        "content-security-policy": policy(),
        "x-robots-tag": "noindex, nofollow",
        "referrer-policy": "no-referrer",
    }


def write_sheet(sheet: Sheet, publication: Publication) -> bytes:
    """Write a page in HTML, in the publication's words and in the direction of its language."""
    words = words_in(publication.language)
    renewal = f' data-refresh="{sheet.refresh}" data-renew="{RENEWAL}"' if sheet.refresh else ""
    name = escape(publication.title)
    return f"""<!doctype html>
<html lang="{words.language}" dir="{direction(publication.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(sheet.title)} · {name}</title>
<style>{STYLE}</style>
</head>
<body>
<a class="skip" href="#main">{escape(words("statistics.skip"))}</a>
<div id="page" data-state="{sheet.state}" data-usual="{sheet.state}"{renewal} \
data-zone="{escape(publication.zone.key)}" data-clock="{_clock_of(publication, words)}">
<header class="masthead"><p class="brand"><a href="{escape(publication.url)}" \
lang="{escape(publication.language)}"><bdi>{name}</bdi></a></p>
<p class="tool">{escape(words("statistics.name"))}</p>{sheet.status}</header>
{sheet.nav}
<main id="main">
<div id="notice" role="status"></div>
{sheet.main}
</main>
<footer class="colophon">{sheet.notes}</footer>
</div>
{_write_keys(words)}
{_write_templates(words)}
<script>{script()}</script>
</body>
</html>
""".encode(errors="ignore")


def _clock_of(publication: Publication, words: Words) -> str:
    """Give the language by which the script writes times as write_time does (BCP 47, with hc)."""
    cycle = "h12" if has_twelve_hours(publication.language) else "h23"
    return f"{words.language}-u-hc-{cycle}"


def _write_keys(words: Words) -> str:
    """Write the list of single keys, which can be switched off (WCAG 2.1.4)."""
    keys = (
        ("DWMY", "statistics.keys.period"),
        ("←→", "statistics.keys.step"),
        ("X", "statistics.keys.compare"),
        ("/", "statistics.keys.find"),
        ("?", "statistics.keys.these"),
    )
    rows = "".join(
        f"<dt>{''.join(f'<kbd>{key}</kbd>' for key in row)}</dt><dd>{escape(words(text))}</dd>"
        for row, text in keys
    )
    return (
        '<dialog id="keys" aria-labelledby="keys-heading">'
        f'<h2 id="keys-heading">{escape(words("statistics.keys"))}</h2>'
        f'<dl class="keys">{rows}</dl><form method="dialog">'
        '<label><input type="checkbox" id="single-keys" checked>'
        f"{escape(words('statistics.keys.on'))}</label>"
        f'<button class="primary">{escape(words("statistics.close"))}</button></form></dialog>'
    )


def _fill(words: Words, key: str) -> str:
    """Write a text whose placeholders the script fills in."""
    places = {
        name: f'<span data-fill="{name}"></span>' for name in ("time", "age", "seconds", "status")
    }
    return words(key, **places)


def _write_templates(words: Words) -> str:
    """Write what the script shows when there is no answer to show."""
    again = escape(words("statistics.again"))
    return (
        '<template id="stale"><div class="banner"><p>'
        f"<strong>{_fill(words, 'statistics.stale')}</strong> "
        f"{_fill(words, 'statistics.stale_text')}</p>"
        f'<button type="button" data-again>{escape(words("statistics.ask_now"))}</button></div>'
        '</template><template id="failed"><div class="blank" role="alert">'
        f'<h1 tabindex="-1">{escape(words("statistics.failed"))}</h1>'
        f"<p>{_fill(words, 'statistics.failed_text')}</p>"
        f'<p><button type="button" class="primary" data-again>{again}</button></p></div></template>'
        '<template id="loading"><div class="lead blank">'
        f'<h1 tabindex="-1">{escape(words("statistics.loading"))}</h1></div>'
        '<div class="top" aria-hidden="true"><div class="ghost"></div><div class="ghost"></div>'
        '</div></template><template id="unopened"><p>'
        f"{_fill(words, 'statistics.unopened')}</p></template>"
        '<template id="unsaved"><p class="err" role="alert">'
        f"{_fill(words, 'statistics.unsaved')}</p></template>"
    )


def write_units(
    span: Span, today: date, links: Links, publication: Publication, *, stays: bool = False
) -> str:
    """Write the links to the day, week, month and year that a period ends in, or today's.

    Where the reader stays, the page keeps its place.
    """
    words, weekday = words_in(publication.language), first_weekday(publication.language)
    day = today if today in span else span.last
    stay = " data-stay" if stays else ""
    items = ""
    for unit in _UNITS:
        other = span_of(unit, day, first_weekday=weekday)
        href = escape(links.to_span(other, is_current=today in other))
        items += (
            f'<li><a id="to-{unit}"{stay} href="{href}"{current(unit is span.unit)}>'
            f"{escape(words(f'statistics.unit.{unit}'))}</a></li>"
        )
    return f'<ul class="seg">{items}</ul>'


def current(is_current: bool) -> str:
    """Write the attribute of the link to what is shown."""
    return ' aria-current="true"' if is_current else ""


def write_group(key: str, heading: str, main: str, more: str = "") -> str:
    """Write a part of a page under its heading, with more beside that; all but the key is HTML."""
    return (
        f'<section class="group" aria-labelledby="{key}-heading">'
        f'<div class="h"><h2 id="{key}-heading">{heading}</h2>{more}</div>{main}</section>'
    )


def write_now(views: int, words: Words, chart: str = "") -> str:
    """Write the views of the last five minutes; chart is HTML below them."""
    text, number = words.plural("statistics.last_minutes", views), words.write_number(views)
    rest = escape(text.removeprefix(number).strip())
    return (
        '<section class="side" id="now" data-part aria-labelledby="now-heading">'
        f'<h2 id="now-heading">{escape(words("statistics.now_heading"))}</h2>'
        f'<p class="big"><b>{number}</b> <span>{rest}</span></p>{chart}'
        f'<p class="note">{escape(words("statistics.about_right"))}</p></section>'
    )


def write_status(publication: Publication, at: datetime, *, is_live: bool) -> str:
    """Write how new the numbers are, and the button that stops their being asked for."""
    words, local = words_in(publication.language), publication.local(at)
    time = write_time(local, words, publication.language, seconds=True)
    labels = "".join(
        f'<span data-in="{state}">{escape(words(f"statistics.status.{state}", time=time))}</span>'
        for state in ("live", "stale", "paused", "past", "loading")
    )
    pause = (
        '<button type="button" class="quiet js" data-pause aria-pressed="false">'
        f"{escape(words('statistics.pause'))}</button>"
        if is_live
        else ""
    )
    return (
        '<div class="status"><span class="pulse" aria-hidden="true"></span>'
        f'<span id="status" data-part>{labels}</span>{pause}</div>'
    )


def write_notes(
    publication: Publication, at: datetime, name: str, addresses: Mapping[str, str]
) -> str:
    """Write what is exact and what is not, and the links to the same numbers.

    Name is that of the files, addresses are theirs by form.
    """
    words = words_in(publication.language)
    zone = publication.zone.key.rpartition("/")[2].replace("_", " ")
    offset = f"{publication.local(at):%z}"
    utc = f"UTC{offset[:3]}:{offset[3:]}" if offset else "UTC"
    links = "".join(
        f'<li><a href="{escape(address)}" data-save="{escape(name)}.{form}">{form.upper()}</a></li>'
        for form, address in addresses.items()
    )
    limits = escape(words("statistics.limits", zone=zone, offset=utc))
    return f'<p>{limits}</p><ul class="row">{links}</ul>'
