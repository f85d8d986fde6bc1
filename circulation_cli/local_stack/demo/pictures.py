"""The pictures of articles: the demo's own drawings, and those of real articles."""

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from urllib.parse import urlsplit

from circulation.articles.article import Article

PATH = "/demo/pictures/"
CONTENT_TYPE = "image/svg+xml"
# An SVG that is opened as a page is a document of this origin, so it must not be able to do
# anything.
HEADERS = {"content-security-policy": "default-src 'none'; sandbox"}


@dataclass(frozen=True, slots=True)
class Picture:
    """An article's picture: its address, what is on it, and its caption.

    The words are empty unless it is a drawing of the demo: an article's image has none.
    """

    url: str
    description: str = ""
    caption: str = ""


def picture_of(article: Article) -> Picture | None:
    """Give the picture of an article; None if it has none.

    A drawing is found by its path, as the port of the stack may be another than when the article
    was published.
    """
    if not article.image:
        return None
    return _drawings().get(urlsplit(article.image).path) or Picture(article.image)


def read_drawing(file: str) -> bytes | None:
    """Read the drawing in a file; None if there is none."""
    if PATH + file not in _drawings():
        return None
    return (files(__package__) / "drawings" / file).read_bytes()


@cache
def _drawings() -> dict[str, Picture]:
    """Read the words of every drawing, by the path of its address."""
    drawings = {}
    for file in (files(__package__) / "drawings").iterdir():
        text, path = file.read_text(encoding="utf-8"), PATH + file.name
        drawings[path] = Picture(path, _words(text, "title"), _words(text, "desc"))
    return drawings


def _words(drawing: str, element: str) -> str:
    """Give the text of a drawing's element, which every drawing has."""
    found = re.search(f"<{element}>([^<]+)</{element}>", drawing)
    return unescape(found[1]) if found else ""
