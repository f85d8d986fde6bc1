"""Find the article of a page by the page's address."""

from circulation.articles.addresses import Addresses
from circulation.articles.canonical_path import canonical_path


def article_at(url: str, addresses: Addresses) -> str | None:
    """Tell which article an address, or its path alone, is or was of; None where of none.

    Parameters choose the page on some sites, so an address is looked up with them first. On others
    they say how it is shown, or who sent the reader: then it is the page without them.
    """
    try:
        path = canonical_path(url)
    except ValueError:
        return None
    found = addresses.find(path)
    if found or "?" not in path:
        return found
    return addresses.find(path.partition("?")[0])
