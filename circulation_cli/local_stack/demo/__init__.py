"""The demo: a made-up newspaper with all articles of the library and the widget on its pages."""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urljoin

from jinja2 import Environment, PackageLoader, StrictUndefined

from circulation.articles.article import Article
from circulation.articles.fields import MAX_NAME
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.queries import list_articles, read_article
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.feeds.addresses import feed_path
from circulation.feeds.channel import MEDIA_TYPES, Format, summary
from circulation.feeds.selection import read_directory
from circulation.ids import is_id
from circulation.popularity.queries import read_popular
from circulation.popularity.windows import Window
from circulation.runtime import container
from circulation.text import shortened
from circulation.times import milliseconds
from circulation.web.json.articles import article_ld_json
from circulation.web.response import Response
from circulation.words.direction import direction
from circulation_cli.local_stack.demo import pictures, sharing
from circulation_cli.local_stack.demo.labels import label_sections
from circulation_cli.local_stack.demo.related import read_related

LISTED = 100
GROUPED = 6
"""Articles of a section on the front page."""
MOST_READ = 5
TEASER_LENGTH = 200
FEED_NAMES = {Format.RSS: "RSS", Format.ATOM: "Atom", Format.JSON: "JSON Feed"}
LISTINGS = {"sections": Kind.SECTION, "tags": Kind.TAG, "authors": Kind.AUTHOR}
FOLDERS = {kind: folder for folder, kind in LISTINGS.items()}
FILES = {
    "style.css": "text/css; charset=utf-8",
    "recommend.js": "text/javascript; charset=utf-8",
}
# No inline script runs, even if one got through the sanitising of an article.
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' https: http: data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
}


def page(path: str) -> Response | None:
    """Respond with a page or a file at a path; None if it is not below /demo."""
    match path.split("/")[1:]:
        case [""] | ["demo"]:
            return Response(302, headers={"location": "/demo/"})
        case ["demo", *segments]:
            now = datetime.now(UTC)
            return _page(segments, now) or html_page("missing.html", now, status=404, is_gone=False)
    return None


def name_door(url: str) -> None:
    """Have the pages send views to an address of their own."""
    _pages.globals["door"] = url


def mail_is_on() -> bool:
    """Say whether the stack sends mail, so that readers can subscribe."""
    return bool(os.environ.get("MAIL_SENDER"))  # noqa: TID251  it asks for the box alone


def recommends_by_mail() -> bool:
    """Say whether the stack sends recommendations."""
    return mail_is_on() and os.environ.get("RECOMMEND_BY_MAIL") == "on"  # noqa: TID251  likewise


def articles(base_url: str, now: datetime) -> list[dict[str, Any]]:
    """Give the demo's articles as submissions."""
    text = files(__name__).joinpath("articles.json").read_text(encoding="utf-8")
    return [_submission_of(article, base_url, now) for article in json.loads(text)]


def _submission_of(article: dict[str, Any], base_url: str, now: datetime) -> dict[str, Any]:
    """Write an article's times by their hours before now; each has a drawing of its name.

    Articles are in English unless they say otherwise, whatever the publication's language is.
    """
    times = {
        name: (now - timedelta(hours=article.pop(f"{name}_hours_ago"))).isoformat(
            timespec="seconds"
        )
        for name in ("published", "updated")
        if f"{name}_hours_ago" in article
    }
    return (
        {"language": "en"}
        | article
        | times
        | {
            "url": f"{base_url}/demo/articles/{article['id']}",
            "image": f"{base_url}{pictures.PATH}{article['id']}.svg",
        }
    )


def _page(segments: list[str], now: datetime) -> Response | None:
    match segments:
        case [""]:
            return html_page("front.html", now, articles=_newest(ALL, now))
        case [folder, name] if folder in LISTINGS and 0 < len(name) <= MAX_NAME:
            return _listing_page(Listing(LISTINGS[folder], name), now)
        case ["articles", article_id] if is_id(article_id):
            return _article_page(article_id, now)
        case ["pictures", file]:
            drawing = pictures.read_drawing(file)
            headers = HEADERS | pictures.HEADERS
            if drawing is not None:
                return Response(200, drawing, pictures.CONTENT_TYPE, headers=headers)
        case [file] if file in FILES:
            body = files(__name__).joinpath(file).read_bytes()
            return Response(200, body, FILES[file], headers=HEADERS)
    return None


def _listing_page(listing: Listing, now: datetime) -> Response | None:
    newest = _newest(listing, now)
    return html_page("listing.html", now, listing, articles=newest) if newest else None


def _article_page(article_id: str, now: datetime) -> Response | None:
    runtime = container()
    try:
        counted = read_article(article_id, runtime.catalogue, runtime.books, now=now)
    except ArticleNotFound:
        return None
    except ArticleGone:
        return html_page("missing.html", now, status=410, is_gone=True)
    article = counted.article
    return html_page(
        "article.html",
        now,
        Listing(Kind.SECTION, article.section),
        article=article,
        linked_data=article_ld_json(counted, runtime.settings.publication),
        related=read_related(article, runtime.catalogue, runtime.books, now=now),
    )


def _newest(listing: Listing, now: datetime) -> list[Article]:
    page = list_articles(listing, container().catalogue, container().books, now=now, limit=LISTED)
    return [entry.article for entry in page.articles]


def _most_read(window: Window, now: datetime) -> list[Article]:
    runtime = container()
    page = read_popular(
        window, None, runtime.charts, runtime.catalogue, runtime.books, now=now, limit=MOST_READ
    )
    return [ranked.counted.article for ranked in page.articles]


def html_page(
    template: str,
    now: datetime,
    listing: Listing = ALL,
    *,
    status: int = 200,
    headers: Mapping[str, str] = HEADERS,
    **values: object,
) -> Response:
    """Write a page that is in a listing, or one of the whole site."""
    publication = container().settings.publication
    directory = read_directory(container().catalogue, now=now)
    labels = label_sections(directory[Kind.SECTION], publication.language)
    text = _pages.get_template(template).render(
        publication=publication,
        sections=labels,
        listing=listing,
        listings=[ALL, listing] if listing != ALL else [ALL],
        label=_label(listing, labels),
        # Of all time if the week has none yet, as in a library that was just filled.
        limit=MOST_READ,
        most_read=_most_read(Window.WEEK, now) or _most_read(Window.ALL, now),
        mail_on=mail_is_on(),
        recommends_by_mail=recommends_by_mail(),
        opened=milliseconds(now),
        absolute=lambda path: urljoin(publication.url, path),
        **values,
    )
    policy = headers["content-security-policy"]
    reached = f"connect-src 'self' {_pages.globals['door']}".rstrip()
    allowed = policy.replace("connect-src 'self'", reached)
    headers = {**headers, "content-security-policy": allowed}
    return Response(status, text.encode(), "text/html; charset=utf-8", headers=headers)


def _indented(text: str) -> str:
    return json.dumps(json.loads(text), indent=2, ensure_ascii=False)


def _label(listing: Listing, labels: Mapping[str, str]) -> str:
    """Give a listing's name as pages show it; empty for the whole site."""
    name = listing.name
    return labels.get(name, name) if listing.kind is Kind.SECTION else name


def _listing_path(kind: Kind, name: str) -> str:
    return f"/demo/{FOLDERS[kind]}/{quote(name, safe='')}"


def _teaser(article: Article) -> str:
    return shortened(summary(article), TEASER_LENGTH)


def _locale(language: str) -> str:
    """Write a language tag as Open Graph has it: the language, and the region if it names one."""
    first, *rest = language.split("-")
    regions = [subtag.upper() for subtag in rest if len(subtag) == 2 and subtag.isalpha()]  # noqa: PLR2004
    return "_".join([first.lower(), *regions[:1]])


_pages = Environment(
    loader=PackageLoader(__name__, "."),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.globals.update(
    door="",
    direction=direction,
    feed_path=feed_path,
    feed_names=FEED_NAMES,
    grouped=GROUPED,
    letter_url=sharing.letter_url,
    listing_path=_listing_path,
    locale=_locale,
    media_types=MEDIA_TYPES,
    picture_of=pictures.picture_of,
    shared_url=sharing.shared_url,
    words=sharing.WORDS,
)
_pages.filters["teaser"] = _teaser
_pages.filters["indented"] = _indented
