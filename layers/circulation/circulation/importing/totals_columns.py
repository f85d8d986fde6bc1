"""The columns of totals that other systems export: which says what a row is of, and how often.

Headings are compared without case, spaces and marks. Those of each system are as it writes them:

- Google Analytics 4, reports and explorations: "Page path and screen class", "Page path + query
  string", "Full page URL", "Hostname", "Views"; in its Data API pagePath, screenPageViews
  (developers.google.com/analytics/devguides/reporting/data/v1/api-schema).
- Plausible: name, visitors, pageviews; its own export date, hostname, page, visits, visitors,
  pageviews (plausible.io/docs/export-stats, plausible.io/docs/csv-import).
- Matomo, Actions > Pages: Label, Pageviews, Unique Pageviews; in its API label, url, nb_hits
  (developer.matomo.org/api-reference/reporting-api, Actions.getPageUrls).
- GoatCounter: an export of hits, 2Path, Title, Event, …, Bot, …, FirstVisit, Date
  (goatcounter.com/help/export), and lists of path and count.
- WordPress: tables of plugins, post_id with meta_key and meta_value (WP-PostViews), id, type,
  period and count (Post Views Counter, whose type 4 is the total), postid and pageviews (WordPress
  Popular Posts).
- Umami: its export of events, hostname, url_path, url_query, event_type (1 is a page view); in its
  API x and y.
- Fathom: hostname, pathname, views, uniques.
- Simple Analytics: path and pageviews, and an export of page views with added_iso.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_IDS = ("id", "article", "articleid", "postid")
_URLS = (
    "url", "pageurl", "fullpageurl", "fullurl", "pagelocation", "address", "link", "permalink",
    "metadataurl",
)  # fmt: skip
_PATHS = (
    "pagepathquerystring", "pagepathandscreenclass", "pagepathandquerystring", "pagepath", "path",
    "pathname", "urlpath", "page", "pages", "label", "name", "x",
)  # fmt: skip
_VIEWS = (
    "views", "viewsbefore", "pageviews", "screenpageviews", "nbhits", "hits", "totalviews",
    "viewcount", "count", "total", "metavalue", "y", "visits",
)  # fmt: skip
_HOSTS = ("hostname", "host")
_HITS = {"firstvisit", "eventtype", "addediso"}
"""What only exports have of which each row is one hit."""
KEYS_SHOWN = "id, post_id, url, path, page"
VIEWS_SHOWN = "views, pageviews, hits, count"

COUNTED = "viewscounted"
CORRECTIONS = "corrections"

_READ = {
    *_IDS, *_URLS, *_PATHS, *_VIEWS, *_HOSTS, COUNTED, CORRECTIONS,
    "bot", "event", "eventtype", "metakey", "period", "type", "urlquery",
}  # fmt: skip
"""The columns that are read; an export of hits has many others."""
_MARKS = re.compile(r"[\W_]+")
_VERSIONED = re.compile(r"\d+,?path", flags=re.ASCII)


def plain_heading(text: str) -> str:
    """Write a heading without case, spaces and marks, and GoatCounter's without its version."""
    plain = _MARKS.sub("", text.casefold())
    return "path" if _VERSIONED.fullmatch(plain) else plain


@dataclass(frozen=True, slots=True)
class Columns:
    """Which of a table's columns are read, by their plain headings."""

    names: tuple[str, ...]
    keys: tuple[str, ...]
    """What says which article a row is of; the first that is not empty."""
    views: str
    """The number of views; empty if each row is one view."""

    def row_of(self, cells: Iterable[str]) -> dict[str, str]:
        """Give the cells that are read, by heading; of columns of one name the first."""
        row: dict[str, str] = {}
        for name, cell in zip(self.names, cells, strict=True):
            if name in _READ:
                row.setdefault(name, cell.strip())
        return row

    @property
    def has_counted(self) -> bool:
        """Whether it is an export of Circulation, which has both parts of the views."""
        return COUNTED in self.names

    def key_of(self, row: Mapping[str, str]) -> tuple[str, str]:
        """Give the column that says which article a row is of, and what it says."""
        return next(((name, row[name]) for name in self.keys if row.get(name)), ("", ""))

    def address_beside(self, row: Mapping[str, str]) -> str:
        """Give the address of a row that has an id; empty if it has none."""
        column = next((name for name in _URLS if row.get(name)), "")
        return self.address_of(row, column, row[column]) if column else ""

    def address_of(self, row: Mapping[str, str], column: str, text: str) -> str:
        """Give a row's address, with the host and the query from other columns.

        Raises ValueError if it is none.
        """
        if len(text.split()) > 1:
            raise ValueError(f"{text} is no address and no path")
        host, slash, _ = text.partition("/")
        if column in _URLS and slash and "." in host and not set("?#") & set(host):
            text = f"//{text}"  # GA4 writes "Full page URL" without its scheme
        query = row.get("urlquery", "").lstrip("?")
        text = f"{text}?{query}" if query and "?" not in text else text
        host = next((row[name] for name in _HOSTS if row.get(name)), "").rpartition("//")[2]
        is_path = not re.match(r"(?:[A-Za-z][A-Za-z0-9+.-]*+:)?//", text)
        return f"//{host}/{text.lstrip('/')}" if host and is_path else text


def is_id_column(name: str) -> bool:
    """Say whether a column has ids, not addresses."""
    return name in _IDS


def find_columns(headings: Sequence[str]) -> Columns | None:
    """Find the columns of a table by its headings; None if it is none of totals."""
    names = tuple(map(plain_heading, headings))
    # A row without an address in Matomo is the sum of a folder, whose label says nothing.
    addresses = _URLS if set(_URLS) & set(names) else _PATHS
    keys = tuple(name for name in (*_IDS, *addresses) if name in names)
    views = next((name for name in _views_of(names) if name in names), "")
    if not keys or not (views or _HITS & set(names)):
        return None
    return Columns(names, keys, views)


def lacking(headings: Sequence[str]) -> str:
    """Say which headings a table of totals would have."""
    shown = VIEWS_SHOWN if COUNTED not in map(plain_heading, headings) else "views_before"
    return f"lacks one of {KEYS_SHOWN}, or of {shown}"


def _views_of(names: Sequence[str]) -> tuple[str, ...]:
    return ("viewsbefore",) if COUNTED in names else _VIEWS


def leave_out(row: Mapping[str, str], columns: Columns) -> str:
    """Say of what a row is that has no total of an article; empty if it has one."""
    if "Grand total" in row.values():
        return "grand totals"
    if "metakey" in row and "view" not in row["metakey"].casefold():
        return "other numbers than views"
    if {"type", "period"} <= row.keys() and row["type"] not in ("4", "total"):
        return "days, weeks, months and years, beside those of the total"
    if columns.views:
        return ""
    if row.get("event", "").casefold() in ("true", "1") or row.get("eventtype", "1") != "1":
        return "events"
    return "bots" if row.get("bot", "0") not in ("", "0", "false") else ""
