"""A newsletter's export from Substack, unpacked: posts.csv, and the posts as HTML in posts/.

https://support.substack.com/hc/en-us/articles/360037466012-How-do-I-export-my-posts
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from circulation.importing.charset import decode_page
from circulation.importing.items import (
    SourceDefaults,
    SourceError,
    SourceItem,
    Verdict,
    make_submission,
)
from circulation.importing.page_fields import read_date
from circulation.text import one_line

TABLE = "posts.csv"
MAX_TABLE_BYTES = 16 * 1024 * 1024
MAX_POST_BYTES = 2 * 1024 * 1024
_COLUMNS = {"post_id", "post_date", "is_published", "audience", "title"}


def is_substack(root: Path) -> bool:
    """Tell whether a folder is an export from Substack, by its table of posts."""
    try:
        with (root / TABLE).open("rb") as file:
            heading = decode_page(file.readline(4096), is_html=False)
    except OSError:
        return False
    return {name.strip() for name in heading.split(",")} >= _COLUMNS


def read_substack(root: Path, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read the posts that the table says are published for everyone; the others are private.

    Raises SourceError if the table cannot be read, and without defaults.site: an export does not
    hold the newsletter's address.
    """
    if not defaults.site:
        raise SourceError("a Substack export does not say where its site is: tell it with --site")
    with (root / TABLE).open("rb") as file:
        content = file.read(MAX_TABLE_BYTES + 1)
    if len(content) > MAX_TABLE_BYTES:
        raise SourceError(f"{TABLE} is longer than {MAX_TABLE_BYTES // 2**20} MB")
    files = {path.stem: path for path in sorted([*root.glob("posts/*.html"), *root.glob("*.html")])}
    rows = csv.DictReader(io.StringIO(decode_page(content, is_html=False), newline=""))
    try:
        for row in rows:
            post_id = row["post_id"] or ""
            yield _read_post(row, files.pop(post_id, None), root, defaults)
    except csv.Error as error:
        raise SourceError(f"{TABLE}, line {rows.line_num}: {error}") from error
    for name in files:
        reason = f"is not in {TABLE}, which says what is published"
        yield SourceItem(name, None, reason, Verdict.PRIVATE)


def _read_post(
    row: dict[str, str], file: Path | None, root: Path, defaults: SourceDefaults
) -> SourceItem:
    fields = {name: value or "" for name, value in row.items() if isinstance(name, str)}
    where = one_line(fields["title"]) or fields["post_id"]
    audience = fields["audience"] or "everyone"
    if fields["is_published"].lower() != "true":
        return SourceItem(where, None, "is not published", Verdict.PRIVATE)
    if audience != "everyone":
        return SourceItem(where, None, f"is for {audience} alone", Verdict.PRIVATE)
    try:
        return SourceItem(where, _submission(fields, file, root, defaults))
    except (OSError, ValueError) as error:
        return SourceItem(where, None, str(error))


def _submission(
    fields: dict[str, str], file: Path | None, root: Path, defaults: SourceDefaults
) -> dict[str, Any]:
    """Make the submission of a post for everyone. Raises ValueError with a reason, or OSError."""
    number, _, slug = fields["post_id"].partition(".")
    if not slug:
        raise ValueError(f"its post_id {fields['post_id']} has no name")
    if file is None or not file.resolve().is_relative_to(root.resolve()):
        raise ValueError(f"its file posts/{fields['post_id']}.html is missing")
    with file.open("rb") as stream:
        content = stream.read(MAX_POST_BYTES + 1)
    if len(content) > MAX_POST_BYTES:
        raise ValueError(f"is longer than {MAX_POST_BYTES // 2**20} MB")
    try:
        published = defaults.time(read_date(fields["post_date"]))
    except ValueError as error:
        raise ValueError(f"the date {fields['post_date']} cannot be read") from error
    return make_submission(
        source_id=number,
        own_id=number,
        defaults=defaults,
        url=defaults.address(f"{defaults.site.rstrip('/')}/p/{slug}"),
        title=fields["title"],
        body=decode_page(content, is_html=True),
        published=published,
        summary=fields.get("subtitle", ""),
    )
