"""The feed of digests: each is an article, whose address is its web copy."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from circulation.articles.article import Article
from circulation.articles.publication import FeedStyle
from circulation.feeds.addresses import DIGESTS
from circulation.feeds.channel import Channel
from circulation.mail.digest import contents_for
from circulation.mail.digest_letter import subject_of
from circulation.mail.subscriber import Choices
from circulation.words.direction import direction
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from circulation.feeds.channel import Format
    from circulation.mail.digest import Contents, Digest, Entry
    from circulation.mail.digest_letter import Letterhead
    from circulation.words.texts import Words


def digest_channel(
    digests: Iterable[Digest], letterhead: Letterhead, form: Format, *, max_age: int
) -> Channel:
    """Make the feed of some digests in a format; those without an article are left out."""
    publication = letterhead.publication
    digests_with_contents = ((digest, contents_for(digest, Choices())) for digest in digests)
    return Channel(
        publication,
        f"{letterhead.url}/{DIGESTS}.{form}",
        [
            _article_of(digest, contents, letterhead)
            for digest, contents in digests_with_contents
            if contents
        ],
        DIGESTS,
        words_in(publication.language)("digest.archive.title"),
        style=FeedStyle(max_age=max_age),
    )


def _article_of(digest: Digest, contents: Contents, letterhead: Letterhead) -> Article:
    language = letterhead.publication.language
    words = words_in(language)
    titles = [entry.title for entry in contents.newest]
    return Article(
        id=f"digests/{digest.frequency}/{digest.date}",  # no article's id has a slash
        section=words(f"digest.archive.{digest.frequency}"),
        title=subject_of(titles, len(titles), words),
        body="".join(_lines(digest, contents, language, words)),
        url=letterhead.web_copy(digest),
        published=digest.frozen,
        summary=" · ".join(titles),
    )


def _lines(digest: Digest, contents: Contents, language: str, words: Words) -> Iterator[str]:
    for entry in contents.newest:
        attributes = _attributes(entry, language)
        yield f'<p dir="auto">{escape(entry.section)}</p><h2{attributes}>{_link(entry)}</h2>'
        yield f"<p{attributes}>{escape(entry.summary)}</p>" if entry.summary else ""
    if contents.most_read:
        yield f"<h2>{escape(words(f'digest.most_read.{digest.frequency}'))}</h2><ol>"
        for entry, views in contents.most_read:
            number = escape(words.plural("digest.views", views))
            yield f"<li><span{_attributes(entry, language)}>{_link(entry)}</span> ({number})</li>"
        yield "</ol>"


def _attributes(entry: Entry, language: str) -> str:
    own = entry.language or language
    return f' lang="{escape(own)}" dir="{direction(own)}"'


def _link(entry: Entry) -> str:
    return f'<a href="{escape(entry.url)}">{escape(entry.title)}</a>'
