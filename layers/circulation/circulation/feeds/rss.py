"""RSS 2.0, as the RSS Advisory Board's specification and best practices have it."""

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
    """Write the channel as RSS 2.0 in UTF-8. The same channel gives the same bytes."""
    return document(_lines(channel))


def _lines(channel: Channel) -> Iterator[str]:
    publication, style = channel.publication, channel.style
    title = f"<title>{title_escaped(channel.title)}</title>"
    home = element("link", uri(publication.url))
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
    for each in channel.articles:
        yield from _item(each, channel)
    yield "</channel>\n</rss>"


def _item(article: Article, channel: Channel) -> Iterator[str]:
    publication = channel.publication
    yield "<item>"
    yield f"<title>{title_escaped(article.title)}</title>"
    yield element("link", uri(article.url))
    yield f'<guid isPermaLink="false">{escaped(entry_id(article, publication))}</guid>'
    yield element("pubDate", rfc822(publication.local(article.published)))
    for each in article.authors:
        yield element("dc:creator", each)
    if article.language:
        yield element("dc:language", article.language)
    for each in categories(article):
        yield element("category", each)
    # Readers that know no content:encoded take the first of the two, so the summary leads. It is
    # plain text in an element of HTML, hence escaped twice.
    yield element("description", escaped(summary(article)))
    if channel.style.full_text:
        yield f"<content:encoded>{markup(article.body)}</content:encoded>"
    if enclosed := enclosure(article):
        # Nobody has asked for the image's length; 0 stands for an unknown one.
        yield link("enclosure", url=enclosed[0], type=enclosed[1], length="0")
    for each in more_images(article):
        yield link("media:content", url=each, medium="image")
    yield "</item>"
