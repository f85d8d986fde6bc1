"""Find the article of a page by the page's address, and of an id that is used no more."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from circulation.articles.addresses import Addresses
from circulation.articles.canonical_path import canonical_path, host_of
from circulation.errors import ArticleGone, ArticleNotFound

T = TypeVar("T")


def article_at(url: str, addresses: Addresses, *, host: str = "") -> str | None:
    """Give the id of the article that is or was at an address, or at its path; None if unknown.

    Host is that of the page that asks (canonical_path.host_of), for an address that is a path
    alone. On some sites parameters select the page, so the address is looked up with them first. On
    others they say how it is shown or who sent the reader, so then it is looked up without them.
    """
    try:
        path = canonical_path(url)
    except ValueError:
        return None
    host = host_of(url) or host
    article_id = addresses.find(path, host)
    if article_id or "?" not in path:
        return article_id
    return addresses.find(path.partition("?")[0], host)


def follow(article_id: str, addresses: Addresses, act: Callable[[str], T]) -> T:
    """Call act with an id, or with the one that it leads to if there is no article under it.

    Raises what act raises: ArticleNotFound and ArticleGone of the id that was asked for.
    """
    try:
        return act(article_id)
    except (ArticleNotFound, ArticleGone):
        other = addresses.of_former_id(article_id)
        while other is not None:
            with suppress(ArticleNotFound, ArticleGone):
                return act(other)
            other = addresses.of_former_id(other)
        raise


def follow_if_public(
    article_id: str | None, addresses: Addresses, act: Callable[[str], T]
) -> T | None:
    """Call act as follow does; give None where no article can be read."""
    if article_id is None:
        return None
    with suppress(ArticleNotFound, ArticleGone):
        return follow(article_id, addresses, act)
    return None
