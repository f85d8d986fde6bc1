"""Write RSS 2.0 by the RSS Advisory Board's specification and best practices."""

from collections.abc import Iterator

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
from circulation.feeds.dates import rfc822
from circulation.feeds.xml import document, element, escaped, link, markup, title_escaped

_HEAD = (
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:media="http://search.yahoo.com/mrss/">\n<channel>'
)


def rss(channel: Channel) -> bytes:
    """Write a channel as RSS 2.0 in UTF-8. The same channel gives the same bytes."""
    return document(_write_lines(channel))


def _write_lines(channel: Channel) -> Iterator[str]:
    publication, style = channel.publication, channel.style
    title = f"<title>{title_escaped(channel.title)}</title>"
    home = element("link", uri(channel.home))
    yield _HEAD
    yield title
    yield home
    yield element("description", publication.description)
    yield element("language", publication.language)
    yield link("atom:link", href=channel.url, rel="self", type=MEDIA_TYPES[Format.RSS])
    if style.hub:
        yield link("atom:link", href=style.hub, rel="hub")
    if channel.next_url:
        yield link("atom:link", href=channel.next_url, rel="next", type=MEDIA_TYPES[Format.RSS])
    if changed := channel.changed():
        yield element("lastBuildDate", rfc822(publication.local(changed)))
    yield element("ttl", str(style.max_age // 60))
    if publication.image:
        yield f"<image>\n{element('url', uri(publication.image))}\n{title}\n{home}\n</image>"
    for article in channel.articles:
        yield from _write_item(article, channel)
    yield "</channel>\n</rss>"


def _write_item(article: Article, channel: Channel) -> Iterator[str]:
    publication = channel.publication
    yield "<item>"
    yield f"<title>{title_escaped(article.title)}</title>"
    yield element("link", uri(article.url))
    yield f'<guid isPermaLink="false">{escaped(entry_id(article, publication))}</guid>'
    yield element("pubDate", rfc822(publication.local(article.published)))
    for author in article.authors:
        yield element("dc:creator", author)
    if article.language:
        yield element("dc:language", article.language)
    for category in categories(article):
        yield element("category", category)
    # Readers that do not know content:encoded take the first of the two, so the summary comes
    # first. It is plain text in an element of HTML, so it is escaped twice.
    if text := summary(article):
        yield element("description", escaped(text))
    if channel.style.full_text:
        yield f"<content:encoded>{markup(article.body)}</content:encoded>"
    if enclosed := enclosure(article):
        # The length of the image is unknown, which is written as 0.
        yield link("enclosure", url=enclosed[0], type=enclosed[1], length="0")
    for image in more_images(article):
        yield link("media:content", url=image, medium="image")
    yield "</item>"
