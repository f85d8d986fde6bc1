"""Write Atom feeds (RFC 4287)."""

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

_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
"""The time of the last change of an empty feed, as Atom requires one: the year of the ids."""


def atom(channel: Channel) -> bytes:
    """Write a channel as Atom in UTF-8. The same channel gives the same bytes."""
    return document(_write_lines(channel))


def _write_lines(channel: Channel) -> Iterator[str]:
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
    yield link("link", rel="alternate", type="text/html", href=uri(channel.home))
    if hub:
        yield link("link", rel="hub", href=hub)
    if channel.next_url:
        yield link("link", rel="next", type=MEDIA_TYPES[Format.ATOM], href=channel.next_url)
    yield f"<author>{element('name', publication.title)}</author>"
    if publication.image:
        yield element("logo", uri(publication.image))
    for article in channel.articles:
        yield from _write_entry(article, channel)
    yield "</feed>"


def _write_entry(article: Article, channel: Channel) -> Iterator[str]:
    publication = channel.publication
    language = f' xml:lang="{attribute(article.language)}"' if article.language else ""
    yield f"<entry{language}>"
    yield element("id", entry_id(article, publication))
    yield element("title", article.title)
    yield link("link", rel="alternate", type="text/html", href=uri(article.url))
    yield element("published", format_time(publication.local(article.published)))
    yield element("updated", format_time(publication.local(article.revised())))
    for author in article.authors:
        yield f"<author>{element('name', author)}</author>"
    for category in categories(article):
        yield link("category", term=category)
    if text := summary(article):
        yield element("summary", text)
    if channel.style.full_text:
        yield f'<content type="html">{markup(article.body)}</content>'
    if enclosed := enclosure(article):
        yield link("link", rel="enclosure", type=enclosed[1], href=enclosed[0])
    for image in more_images(article):
        yield link("media:content", url=image, medium="image")
    yield "</entry>"
