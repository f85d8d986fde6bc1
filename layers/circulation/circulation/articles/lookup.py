"""Find the article of a page by the page's address."""

from circulation.articles.addresses import Addresses
from circulation.articles.canonical_path import canonical_path


def article_at(url: str, addresses: Addresses) -> str | None:
    """Give the id of the article that is or was at an address, or at its path; None if unknown.

    On some sites parameters select the page, so the address is looked up with them first. On others
    they say how it is shown or who sent the reader, so then it is looked up without them.
    """
    try:
        path = canonical_path(url)
    except ValueError:
        return None
    article_id = addresses.find(path)
    if article_id or "?" not in path:
        return article_id
    return addresses.find(path.partition("?")[0])
