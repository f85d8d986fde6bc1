"""How articles and counts look in JSON; docs/api.md shows each."""

from typing import Any
from urllib.parse import urlencode

from circulation.count import Count
from circulation.listing import Kind, Listing
from circulation.publication import Publication
from circulation.reading import CountedArticle, Page
from circulation.recording import Recorded
from circulation.times import format_time
from circulation.web.cursors import cursor_of
from circulation.web.request import Request

Json = dict[str, Any]


def article_json(counted: CountedArticle, publication: Publication) -> Json:
    """Show an article with its views; times are in the publication's zone."""
    article = counted.article
    authors = list(article.authors)
    return _present(
        {
            "id": article.id,
            "section": article.section,
            "title": article.title,
            "summary": article.summary,
            "author": authors[0] if len(authors) == 1 else authors,
            "published": format_time(publication.local(article.published)),
            "updated": article.updated and format_time(publication.local(article.updated)),
            "language": article.language or publication.language,
            "url": article.url,
            "tags": list(article.tags),
            "image": article.image,
            "body": article.body,
            "views": counted.count.views,
        }
    )


def page_json(page: Page, publication: Publication) -> Json:
    """Show a page of articles, with the next page's cursor where there is one."""
    shown: Json = {"articles": [article_json(each, publication) for each in page.articles]}
    return shown | ({"cursor": cursor_of(page.after)} if page.after else {})


def next_link(request: Request, listing: Listing, page: Page, limit: int) -> dict[str, str]:
    """Give the Link header to the next page (RFC 8288), nothing on the last one."""
    if not page.after:
        return {}
    query = {} if listing.kind is Kind.ALL else {str(listing.kind): listing.name}
    target = urlencode({**query, "limit": limit, "cursor": cursor_of(page.after)})
    return {"link": f'<{request.base_url}/articles?{target}>; rel="next"'}


def count_json(count: Count) -> Json:
    """Show a count; as_of is the time of the newest view in it, null before the first."""
    return {
        "article": count.article,
        "views": count.views,
        "visitors": count.visitors,
        "as_of": count.as_of and format_time(count.as_of),
    }


def recorded_json(recorded: Recorded) -> Json:
    """Show what became of a hit."""
    return _present(
        {
            "article": recorded.count.article,
            "views": recorded.count.views,
            "visitors": recorded.count.visitors,
            "counted": recorded.counted,
            "reason": recorded.reason,
        }
    )


def _present(fields: Json) -> Json:
    """Leave out what an article does not have."""
    return {name: value for name, value in fields.items() if value is not None and value != []}
