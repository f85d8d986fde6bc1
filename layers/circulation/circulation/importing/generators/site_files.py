"""The files of a site beside its articles, such as its configuration."""

import re
from dataclasses import dataclass
from pathlib import Path

from circulation.importing.charset import decode_page
from circulation.importing.front_matter import MAX_BYTES, Fields, read_data
from circulation.importing.items import SourceError


@dataclass(frozen=True, slots=True)
class SiteFiles:
    """A site's folder, of which nothing outside is read."""

    root: Path

    def text(self, *names: str) -> str:
        """Give the text of the first of the named files that there is; empty if there is none."""
        path = self._first(*names)
        return self._read(path) if path else ""

    def data(self, *names: str) -> Fields:
        """Give what the first of the named YAML, TOML or JSON files holds; empty if there is none.

        Raises SourceError if it cannot be read: addresses that are made without it would be wrong.
        """
        path = self._first(*names)
        if not path:
            return {}
        language = {".toml": "toml", ".json": "json"}.get(path.suffix, "yaml")
        try:
            return read_data(self._read(path), language)
        except ValueError as error:
            raise SourceError(f"{path.relative_to(self.root)}: {error}") from error

    def has(self, *names: str) -> bool:
        """Tell whether there is a file or folder of one of the names."""
        return any((self.root / name).exists() for name in names)

    def matching(self, pattern: str) -> list[Path]:
        """Give the files that match a pattern of pathlib, which stay in the folder, in order."""
        return sorted(
            path for path in self.root.glob(pattern) if path.is_file() and self._is_inside(path)
        )

    def setting(self, pattern: str, *names: str) -> str:
        """Find a setting in a script, such as dir: { input: "content" }, by a pattern of its name.

        A script is not run, so what it computes is not known.
        """
        found = re.search(
            rf"""\b(?:{pattern})["']?\s*+:\s*+["'`]([^"'`$\n]*+)["'`]""", self.text(*names)
        )
        return found[1].strip() if found else ""

    def _first(self, *names: str) -> Path | None:
        paths = (self.root / name for name in names)
        return next((path for path in paths if path.is_file() and self._is_inside(path)), None)

    def _is_inside(self, path: Path) -> bool:
        return path.resolve().is_relative_to(self.root.resolve())

    def _read(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise SourceError(f"{path.relative_to(self.root)}: {error}") from error
        if len(content) > MAX_BYTES:
            raise SourceError(
                f"{path.relative_to(self.root)} is longer than {MAX_BYTES // 1024} KB"
            )
        return decode_page(content, is_html=False)
