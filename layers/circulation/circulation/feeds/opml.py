"""OPML 2.0: every feed of the site, for a reader to take at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from circulation.articles.publication import Publication
from circulation.feeds.xml import MAX_BYTES, answered_length, document, element, link

CONTENT_TYPE = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of the list: the name it is shown by, and where it is found."""

    name: str
    url: str


def opml(
    publication: Publication,
    feeds: Sequence[Outline],
    groups: Iterable[tuple[str, list[Outline]]],
    *,
    size: int = MAX_BYTES,
) -> bytes:
    """Write feeds, and named groups of further ones; a group without any is left out.

    The last ones are left out where the list would grow too long to be answered.
    """
    return document(_lines(publication, feeds, groups, size))


def _lines(
    publication: Publication,
    feeds: Sequence[Outline],
    groups: Iterable[tuple[str, list[Outline]]],
    size: int,
) -> Iterator[str]:
    yield f'<opml version="2.0">\n<head>\n{element("title", publication.title)}\n</head>\n<body>'
    for each in feeds:
        yield _outline(each, publication)
    for name, group in groups:
        outlines = []
        for each in group:
            outline = _outline(each, publication)
            size -= answered_length(outline)
            if size < 0:
                break
            outlines.append(outline)
        if outlines:
            yield link("outline", text=name).replace("/>", ">")
            yield from outlines
            yield "</outline>"
    yield "</body>\n</opml>"


def _outline(feed: Outline, publication: Publication) -> str:
    return link(
        "outline",
        type="rss",
        text=feed.name,
        title=feed.name,
        xmlUrl=feed.url,
        htmlUrl=publication.url,
    )
