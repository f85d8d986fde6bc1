"""Where articles are found: by the address of a page, and by an id that is used no more."""

from circulation.articles.keys import former_id_key, host_key, url_key
from circulation.aws.table import Item, Table
from circulation.ids import is_id

_AT = "at#"
ARTICLE = "article"
"""The attribute of a name's item that holds the article; of a path's item, if it was written when
hosts made no difference."""


class Addresses:
    """The addresses and former ids in the library's table, which publishing writes."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, path: str, host: str) -> str | None:
        """Find the article that is or was at a canonical path; None if there never was one.

        The host (canonical_path.host_of) matters where it has articles of its own. A host without
        any, such as a mirror, and an empty one, of a path alone, find the article that the path has
        at all hosts, if that is one.
        """
        item = self._table.get(url_key(path))
        if item is None:
            return None
        article = article_at_host(item, host)
        if article:
            return article
        owners = _owners_of(item)
        if len(owners) > 1 or (host and self._table.get(host_key(host))):
            return None
        return owners.pop()

    def of_former_id(self, article_id: str) -> str | None:
        """Give the article that an id leads to that is no article's own; None if it leads to none.

        Such an id is that of an article that was merged into another, or one under which an article
        was submitted that stood at its address already. The id of an article that others were
        merged into leads to itself, so that no merger leads back: following these ids comes to an
        end.
        """
        if not is_id(article_id):  # nor was it ever one; and a key has room for 2 KB
            return None
        item = self._table.get(former_id_key(article_id))
        return str(item[ARTICLE]) if item and item[ARTICLE] != article_id else None


def attribute_of(host: str) -> str:
    """Name the attribute of a path's item that holds the article at a host."""
    return f"{_AT}{host}"


def is_of_host(attribute: str) -> bool:
    """Tell whether an attribute of a path's item is a host's."""
    return attribute.startswith(_AT)


def article_at_host(item: Item, host: str) -> str | None:
    """Give the article of a path's item at a host."""
    name = attribute_of(host) if any(map(is_of_host, item)) else ARTICLE
    return item.get(name)


def _owners_of(item: Item) -> set[str]:
    """Give the articles of a path's item, whatever the host."""
    return {item[name] for name in item if is_of_host(name)} or {item[ARTICLE]}
