"""The addresses of pages: by canonical path, the article that is or was there."""

from circulation.articles.keys import url_key
from circulation.aws.table import Table


class Addresses:
    """The canonical paths in the library's table; the library writes them with the articles."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, path: str) -> str | None:
        """Find the article that is or was at a canonical path; None if there never was one."""
        item = self._table.get(url_key(path))
        return str(item["article"]) if item else None
