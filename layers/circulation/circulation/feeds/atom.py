"""Atom (RFC 4287)."""

from collections.abc import Iterator
from datetime import UTC, datetime

from circulation.articles.article import Article
from circulation.feeds.channel import (
    MEDIA_TYPES,
    Channel,
    Format,
    categories,
    enclosure,
    entry_id,
    more_images,
    summary,
    uri,
)
from circulation.feeds.xml import attribute, document, element, link, markup
from circulation.times import format_time

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands where an empty feed has to say when it changed."""


def atom(channel: Channel) -> bytes:
    """Write the channel as Atom in UTF-8. The same channel gives the same bytes."""
    return document(_lines(channel))


def _lines(channel: Channel) -> Iterator[str]:
    publication, hub = channel.publication, channel.style.hub
    updated = publication.local(channel.changed() or _NEVER)
    language = attribute(publication.language)
    yield (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" '
        f'xml:lang="{language}">'
    )
    yield element("id", channel.id)
    yield element("title", channel.title)
    yield element("subtitle", publication.description)
    yield element("updated", format_time(updated))
    yield link("link", rel="self", type=MEDIA_TYPES[Format.ATOM], href=channel.url)
    yield link("link", rel="alternate", type="text/html", href=uri(publication.url))
    if hub:
        yield link("link", rel="hub", href=hub)
    if channel.next_url:
        yield link("link", rel="next", type=MEDIA_TYPES[Format.ATOM], href=channel.next_url)
    yield f"<author>{element('name', publication.title)}</author>"
    if publication.image:
        yield element("logo", uri(publication.image))
    for each in channel.articles:
        yield from _entry(each, channel)
    yield "</feed>"


def _entry(article: Article, channel: Channel) -> Iterator[str]:
    publication = channel.publication
    language = f' xml:lang="{attribute(article.language)}"' if article.language else ""
    yield f"<entry{language}>"
    yield element("id", entry_id(article, publication))
    yield element("title", article.title)
    yield link("link", rel="alternate", type="text/html", href=uri(article.url))
    yield element("published", format_time(publication.local(article.published)))
    yield element("updated", format_time(publication.local(article.revised())))
    for each in article.authors:
        yield f"<author>{element('name', each)}</author>"
    for each in categories(article):
        yield link("category", term=each)
    yield element("summary", summary(article))
    if channel.style.full_text:
        yield f'<content type="html">{markup(article.body)}</content>'
    if enclosed := enclosure(article):
        yield link("link", rel="enclosure", type=enclosed[1], href=enclosed[0])
    for each in more_images(article):
        yield link("media:content", url=each, medium="image")
    yield "</entry>"
