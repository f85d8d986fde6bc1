"""A channel: what a feed says about itself, whatever its format."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from circulation.article import Article
from circulation.publication import Publication
from circulation.text import plain, shortened

MAX_AGE = 900
"""Seconds that a reader may keep a feed before it asks again."""
ITEMS = 50
SUMMARY_LENGTH = 300

# A tag: URI names a day on which its domain belonged to whoever minted it (RFC 4151); it has to be
# the same in every version of an article, so it cannot be any date of the article's.
_MINTED = "2026"


@dataclass(frozen=True, slots=True)
class Channel:
    """The publication's feed of some articles, newest first."""

    publication: Publication
    url: str
    """Where the feed itself is found."""
    articles: Sequence[Article]

    def changed(self) -> datetime | None:
        """Tell when the newest change came in: the same articles give the same feed."""
        return max((each.changed or each.revised() for each in self.articles), default=None)


def entry_id(article: Article, publication: Publication) -> str:
    """Give the permanent id of an article in every feed: it outlives URLs, titles and dates."""
    return f"tag:{urlsplit(publication.url).hostname},{_MINTED}:articles/{article.id}"


def summary(article: Article) -> str:
    """Give a plain summary: the publisher's, or else the beginning of the body."""
    return article.summary or shortened(plain(article.body), SUMMARY_LENGTH)
