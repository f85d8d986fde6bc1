"""OPML 2.0: every feed of the site, for a reader to take at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from circulation.feeds.xml import document, element, link
from circulation.publication import Publication

CONTENT_TYPE = "text/x-opml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of the list: the name it is shown by, and where it is found."""

    name: str
    url: str


def opml(
    publication: Publication, feeds: Sequence[Outline], groups: Iterable[tuple[str, list[Outline]]]
) -> bytes:
    """Write feeds, and named groups of further ones; a group without any is left out."""
    return document(_lines(publication, feeds, groups))


def _lines(
    publication: Publication, feeds: Sequence[Outline], groups: Iterable[tuple[str, list[Outline]]]
) -> Iterator[str]:
    yield f'<opml version="2.0">\n<head>\n{element("title", publication.title)}\n</head>\n<body>'
    for each in feeds:
        yield _outline(each, publication)
    for name, group in groups:
        if group:
            yield link("outline", text=name).replace("/>", ">")
            for each in group:
                yield _outline(each, publication)
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
