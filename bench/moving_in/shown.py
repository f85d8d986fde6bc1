"""What a stack shows to everyone: its API, its feeds and its sitemap."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen
from xml.etree import ElementTree as ET

from bench.moving_in.reading import (
    Article,
    compared,
    compared_embed,
    compared_image,
    one_line,
    read_body,
    title_of_html,
)
from bench.moving_in.times import read_time

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_MEDIA = "{http://search.yahoo.com/mrss/}content"
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*rel="?next"?')
_SECONDS = 60

Shown = dict[str, list[Article]]


def read_stack(url: str) -> Shown:
    """Read every article by every surface of the stack at an address, by the surface's name."""
    return {
        "articles": list(_articles(url)),
        "feed.json": _pages(f"{url}/feed.json", _json_items),
        "feed.rss": _pages(f"{url}/feed.rss", _rss_items),
        "feed.atom": _pages(f"{url}/feed.atom", _atom_items),
    }


def read_sitemap(url: str) -> list[str]:
    """Read the addresses in a sitemap, or in those that it names."""
    root = ET.fromstring(_get(f"{url}/sitemap.xml")[0])
    addresses = [(element.text or "").strip() for element in root.iter() if _is_loc(element)]
    if root.tag.endswith("sitemapindex"):
        pages = [ET.fromstring(_get(address)[0]) for address in addresses]
        addresses = [
            (part.text or "").strip() for page in pages for part in page.iter() if _is_loc(part)
        ]
    return addresses


def _is_loc(element: ET.Element) -> bool:
    return element.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def _get(url: str) -> tuple[bytes, str]:
    """Give an answer's body, and the address of the next page."""
    with urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310  the local stack's
        following = _NEXT.search(answer.headers.get("link") or "")
        return answer.read(), following[1] if following else ""


def _articles(url: str) -> Iterator[Article]:
    cursor = ""
    while True:
        content, _ = _get(f"{url}/articles?limit=100{cursor}")
        page = json.loads(content)
        for article in page["articles"]:
            # An older version lists articles without their bodies.
            full = (
                article
                if "body" in article
                else json.loads(_get(f"{url}/articles/{quote(article['id'])}")[0])
            )
            yield _api_article(full)
        if not page.get("cursor"):
            return
        cursor = f"&cursor={quote(page['cursor'])}"


def _api_article(article: dict[str, Any]) -> Article:
    author = article.get("author") or article.get("authors") or []
    names = [author] if isinstance(author, str) else author
    return _article(
        title=article["title"],
        published=article["published"],
        names=names,
        address=article["url"],
        html=article.get("body", ""),
        pictures=[article.get("image", "")],
        files=[enclosure["url"] for enclosure in article.get("enclosures", [])],
    )


def _article(  # noqa: PLR0913  the fields of an article
    *,
    title: str,
    published: str,
    names: Iterable[str],
    address: str,
    html: str,
    pictures: Iterable[str],
    files: Iterable[str] = (),
) -> Article:
    return Article(
        where=title,
        titles=frozenset({one_line(title)}),
        published=read_time(published),
        authors=frozenset(one_line(name).casefold() for name in names if name),
        address=compared(address),
        body=read_body(html, address),
        lead=frozenset(filter(None, (compared_image(picture) for picture in pictures if picture))),
        files=tuple(compared_embed(file) for file in files),
    )


def _pages(url: str, read: Callable[[bytes], Iterator[Article]]) -> list[Article]:
    articles: list[Article] = []
    while url:
        content, url = _get(url)
        articles += read(content)
    return articles


def _json_items(content: bytes) -> Iterator[Article]:
    for item in json.loads(content)["items"]:
        attachments = item.get("attachments", [])
        yield _article(
            title=item.get("title", ""),
            published=item["date_published"],
            names=[author["name"] for author in item.get("authors", [])],
            address=item["url"],
            html=item.get("content_html", ""),
            pictures=[item.get("image", "")],
            files=[attachment["url"] for attachment in attachments],
        )


def _rss_items(content: bytes) -> Iterator[Article]:
    for item in ET.fromstring(content).iter("item"):
        enclosures = [
            (element.get("type") or element.get("medium") or "", element.get("url") or "")
            for element in (*item.iter("enclosure"), *item.iter(_MEDIA))
        ]
        yield _article(
            title=item.findtext("title") or "",
            published=item.findtext("pubDate") or "",
            names=[element.text or "" for element in item.iter(_CREATOR)],
            address=item.findtext("link") or "",
            html=item.findtext(_CONTENT) or item.findtext("description") or "",
            pictures=[address for kind, address in enclosures if kind.startswith("image")],
            files=[address for kind, address in enclosures if not kind.startswith("image")],
        )


def _atom_items(content: bytes) -> Iterator[Article]:
    for entry in ET.fromstring(content).iter(f"{_ATOM}entry"):
        links = [
            (link.get("rel") or "alternate", link.get("type") or "", link.get("href") or "")
            for link in entry.iter(f"{_ATOM}link")
        ]
        enclosed = [(kind, address) for rel, kind, address in links if rel == "enclosure"]
        title = entry.find(f"{_ATOM}title")
        text = "" if title is None else title.text or ""
        is_html = title is not None and title.get("type") == "html"
        media = [element.get("url") or "" for element in entry.iter(_MEDIA)]
        yield _article(
            title=title_of_html(text) if is_html else text,
            published=entry.findtext(f"{_ATOM}published") or "",
            names=[
                person.findtext(f"{_ATOM}name") or "" for person in entry.iter(f"{_ATOM}author")
            ],
            address=next((address for rel, _, address in links if rel == "alternate"), ""),
            html=entry.findtext(f"{_ATOM}content") or entry.findtext(f"{_ATOM}summary") or "",
            pictures=[address for kind, address in enclosed if kind.startswith("image")] + media,
            files=[address for kind, address in enclosed if not kind.startswith("image")],
        )
