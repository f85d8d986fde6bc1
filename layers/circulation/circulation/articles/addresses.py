"""The addresses of pages: which article each of them is or was of."""

from circulation.articles.keys import url_key
from circulation.aws.table import Table


class Addresses:
    """The canonical paths in the library's table; whoever shelves an article writes its own."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, path: str) -> str | None:
        """Tell which article a canonical path is or was the address of, None where of none."""
        item = self._table.get(url_key(path))
        return str(item["article"]) if item else None
