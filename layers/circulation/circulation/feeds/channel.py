"""A channel: the metadata of a feed and its articles, whatever the format."""

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

# A tag: URI has a date on which its domain belonged to whoever minted it (RFC 4151). It has to be
# the same in every version of an article, so it cannot be a date of the article's.
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
_MEDIA_TYPES = {
    "aac": "audio/aac",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "webm": "video/webm",
}
# A link in sanitised HTML that a figure begins with, as the sanitiser writes what was embedded.
_FIGURE_LINK = re.compile(r'<figure><a href="([^"]*)"')
# An image in sanitised HTML, which has attribute values in double quotes.
_IMAGE = re.compile(r'<img(?: (?!src=)[a-z]+="[^"]*")* src="([^"]*)"')


class Format(StrEnum):
    """The formats of a feed, named by the extension of its address."""

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
    """What only the feed of popular articles has: views in a window (such as 24h), by article."""

    window: str
    views: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Channel:
    """A feed of the publication: some articles, newest first, and the feed's metadata."""

    publication: Publication
    url: str
    """The address of the feed itself."""
    articles: Sequence[Article]
    path: str = "feed"
    """Identifies the feed in its permanent id, whatever its format and domain."""
    name: str = ""
    """What the feed is, such as the name of a section; empty for the whole site."""
    page: str = ""
    """The address of the page that has the same articles; empty for the site's own."""
    next_url: str = ""
    """The address of the next page, with older articles; empty on the last page."""
    style: FeedStyle = field(default_factory=FeedStyle)
    popularity: Popularity | None = None

    @property
    def title(self) -> str:
        """The publication's title, and the feed's name if it has one."""
        return f"{self.publication.title}: {self.name}" if self.name else self.publication.title

    @property
    def home(self) -> str:
        """The address of the page that the feed is of."""
        return self.page or self.publication.url

    @property
    def id(self) -> str:
        """The permanent id of the feed (RFC 4151)."""
        return _tag_uri(self.publication, f"feeds/{self.path}")

    def changed(self) -> datetime | None:
        """Give the time of the newest change of its articles; None if there are no articles."""
        return max(
            (
                max(article.changed or article.revised(), article.published)
                for article in self.articles
            ),
            default=None,
        )


def entry_id(article: Article, publication: Publication) -> str:
    """Give the permanent id of an article in every feed: it outlives URLs, titles and dates."""
    return _tag_uri(publication, f"articles/{article.id}")


def summary(article: Article) -> str:
    """Give a summary as text: the publisher's, or else the beginning of the body."""
    return article.summary or beginning(article.body, SUMMARY_LENGTH)


def categories(article: Article) -> list[str]:
    """Give the section and the tags; repeated names are left out."""
    return list(dict.fromkeys((article.section, *article.tags)))


def enclosure(article: Article) -> tuple[str, str] | None:
    """Give the file that goes with an article, and its media type; RSS has one such file at most.

    It is the first recording in the body, or else the image; None if there is neither with a known
    extension.
    """
    image = uri(article.image or "")
    media_type = _IMAGE_TYPES.get(_extension_of(image))
    return recording(article) or ((image, media_type) if media_type else None)


def recording(article: Article) -> tuple[str, str] | None:
    """Give the first audio or video file that the body has a figure of, and its media type."""
    for address in _FIGURE_LINK.findall(article.body):
        url = uri(unescape(address))
        if media_type := _MEDIA_TYPES.get(_extension_of(url)):
            return url, media_type
    return None


def more_images(article: Article) -> list[str]:
    """Give the article's other images: those of its body, and its own if it is no enclosure."""
    if not article.image and "<img" not in article.body:
        return []  # as most articles
    own = [article.image] if article.image else []
    images = [*own, *(unescape(address) for address in _IMAGE.findall(article.body))]
    enclosed = enclosure(article)
    enclosed_urls = {enclosed[0]} if enclosed else set()
    return [
        image for image in dict.fromkeys(map(uri, images)) if image and image not in enclosed_urls
    ]


def uri(address: str) -> str:
    """Give an address in the characters of a URI (RFC 3986), as feeds require it.

    Empty if it is no web address; no published article has such an address.
    """
    return address_or_none(address) or ""


def _extension_of(url: str) -> str:
    return urlsplit(url).path.rpartition(".")[2].lower()


def _tag_uri(publication: Publication, specific: str) -> str:
    return f"tag:{publication.authority},{_MINTED}:{specific}"
