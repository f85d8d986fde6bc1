"""OPML 2.0: a list of the site's feeds, which readers can import."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from circulation.articles.publication import Publication
from circulation.feeds.xml import MAX_BYTES, answered_length, document, element, link

CONTENT_TYPE = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed in the list: its name and address, and that of the page it is of."""

    name: str
    url: str
    page: str


def opml(
    publication: Publication,
    feeds: Sequence[Outline],
    groups: Iterable[tuple[str, list[Outline]]],
    *,
    size: int = MAX_BYTES,
) -> bytes:
    """Write feeds, and groups of further feeds by name; empty groups are left out.

    Size limits the bytes of the groups' feeds, as Lambda answers them; feeds beyond it are left
    out.
    """
    return document(_write_lines(publication, feeds, groups, size))


def _write_lines(
    publication: Publication,
    feeds: Sequence[Outline],
    groups: Iterable[tuple[str, list[Outline]]],
    size: int,
) -> Iterator[str]:
    yield f'<opml version="2.0">\n<head>\n{element("title", publication.title)}\n</head>\n<body>'
    for feed in feeds:
        yield _write_outline(feed)
    for name, group in groups:
        outlines = []
        for feed in group:
            outline = _write_outline(feed)
            size -= answered_length(outline)
            if size < 0:
                break
            outlines.append(outline)
        if outlines:
            yield link("outline", text=name).replace("/>", ">")
            yield from outlines
            yield "</outline>"
    yield "</body>\n</opml>"


def _write_outline(feed: Outline) -> str:
    return link(
        "outline",
        type="rss",
        text=feed.name,
        title=feed.name,
        xmlUrl=feed.url,
        htmlUrl=feed.page,
    )
