"""RSS 2.0, as the RSS Advisory Board's specification and best practices have it."""

from circulation.article import Article
from circulation.feeds.channel import MAX_AGE, Channel, entry_id, summary
from circulation.feeds.dates import rfc822
from circulation.feeds.xml import element, escaped, title_escaped
from circulation.publication import Publication
from circulation.text import legal

CONTENT_TYPE = "application/rss+xml; charset=utf-8"

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">\n<channel>'
)


def rss(channel: Channel) -> bytes:
    """Write the channel as RSS 2.0 in UTF-8. The same articles give the same bytes."""
    publication = channel.publication
    changed = channel.changed()
    lines = [
        _HEAD,
        f"<title>{title_escaped(publication.title)}</title>",
        element("link", publication.url),
        element("description", publication.description),
        element("language", publication.language),
        f'<atom:link href="{escaped(channel.url)}" rel="self" type="application/rss+xml"/>',
        *([element("lastBuildDate", rfc822(publication.local(changed)))] if changed else []),
        element("ttl", str(MAX_AGE // 60)),
        *(_item(each, publication) for each in channel.articles),
        "</channel>\n</rss>\n",
    ]
    return "\n".join(lines).encode()


def _item(article: Article, publication: Publication) -> str:
    lines = [
        "<item>",
        f"<title>{title_escaped(article.title)}</title>",
        element("link", article.url),
        f'<guid isPermaLink="false">{escaped(entry_id(article, publication))}</guid>',
        element("pubDate", rfc822(publication.local(article.published))),
        *(element("dc:creator", each) for each in article.authors),
        element("category", article.section),
        *(element("category", each) for each in article.tags),
        # Readers that know no content:encoded take the first of the two, so the summary leads. It
        # is plain text in an element of HTML, hence escaped twice.
        element("description", escaped(summary(article))),
        f"<content:encoded><![CDATA[{_cdata(article.body)}]]></content:encoded>",
        "</item>",
    ]
    return "\n".join(lines)


def _cdata(markup: str) -> str:
    """Keep what would end a CDATA section from ending it."""
    return legal(markup).replace("]]>", "]]]]><![CDATA[>")
