"""A channel: what a feed says about itself and its articles, whatever its format."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from html import unescape
from urllib.parse import urlsplit

from circulation.articles.article import Article
from circulation.articles.publication import FeedStyle, Publication
from circulation.text import beginning
from circulation.urls import address_or_none

SUMMARY_LENGTH = 300

# A tag: URI names a day on which its domain belonged to whoever minted it (RFC 4151); it has to be
# the same in every version of an article, so it cannot be any date of the article's.
_MINTED = "2026"
_IMAGE_TYPES = {
    "avif": "image/avif",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "webp": "image/webp",
}
# How sanitised HTML has an image: every attribute with a value in double quotes.
_IMAGE = re.compile(r'<img(?: (?!src=)[a-z]+="[^"]*")* src="([^"]*)"')


class Format(StrEnum):
    """The formats of a feed, by the ending of its address."""

    RSS = "rss"
    ATOM = "atom"
    JSON = "json"


MEDIA_TYPES = {
    Format.RSS: "application/rss+xml",
    Format.ATOM: "application/atom+xml",
    Format.JSON: "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class Popularity:
    """What only the feed of popular articles tells: views in a window, by article."""

    window: str
    views: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Channel:
    """The publication's feed of some articles, newest first."""

    publication: Publication
    url: str
    """Where the feed itself is found."""
    articles: Sequence[Article]
    path: str = "feed"
    """What names the feed in its permanent id, whatever its format and domain."""
    name: str = ""
    """What its articles have in common, empty when they are those of the whole site."""
    next_url: str = ""
    """Where the next page of older articles is found; empty on the last page."""
    style: FeedStyle = field(default_factory=FeedStyle)
    popularity: Popularity | None = None

    @property
    def title(self) -> str:
        """The publication's title, and the part of it that this feed is."""
        return f"{self.publication.title}: {self.name}" if self.name else self.publication.title

    @property
    def id(self) -> str:
        """The permanent id of the feed (RFC 4151)."""
        return _tag(self.publication, f"feeds/{self.path}")

    def changed(self) -> datetime | None:
        """Tell when the newest change came in: the same articles give the same feed."""
        return max(
            (max(each.changed or each.revised(), each.published) for each in self.articles),
            default=None,
        )


def entry_id(article: Article, publication: Publication) -> str:
    """Give the permanent id of an article in every feed: it outlives URLs, titles and dates."""
    return _tag(publication, f"articles/{article.id}")


def summary(article: Article) -> str:
    """Give a plain summary: the publisher's, or else the beginning of the body."""
    return article.summary or beginning(article.body, SUMMARY_LENGTH)


def categories(article: Article) -> list[str]:
    """Give the section and the tags, each once."""
    return list(dict.fromkeys((article.section, *article.tags)))


def enclosure(article: Article) -> tuple[str, str] | None:
    """Give the article's image with its media type, None where its address does not tell that."""
    image = uri(article.image or "")
    media_type = _IMAGE_TYPES.get(urlsplit(image).path.rpartition(".")[2].lower())
    return (image, media_type) if media_type else None


def more_images(article: Article) -> list[str]:
    """Give the article's other images: those of its body, and its own where it is no enclosure."""
    if not article.image and "<img" not in article.body:
        return []
    own = [article.image] if article.image else []
    found = [*own, *(unescape(each) for each in _IMAGE.findall(article.body))]
    enclosed = enclosure(article)
    known = {enclosed[0]} if enclosed else set()
    return [each for each in dict.fromkeys(map(uri, found)) if each and each not in known]


def uri(address: str) -> str:
    """Give an address in the characters of a URI (RFC 3986), as feeds must have it.

    Empty where it is no web address; no article that was published has such a one.
    """
    return address_or_none(address) or ""


def _tag(publication: Publication, specific: str) -> str:
    return f"tag:{publication.authority},{_MINTED}:{specific}"
