"""Nothing private becomes public: every format's private states on every surface of a stack."""

from collections.abc import Iterator

import pytest

from tests.end_to_end.conftest import running
from tests.end_to_end.private_sources import PUBLIC, Item, formats, items_of
from tests.end_to_end.private_surfaces import SURFACES, Site, filled, surfaces_of, table

PRIVATE = [item for form in formats() for item in items_of(form) if item.state != PUBLIC]
FOUND = ("articles", "feed.rss", "feed.atom", "feed.json", "sitemap", "news sitemap")
"""Where an article for everyone stands, whatever its source."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    for stack in running(tmp_path_factory.mktemp("state")):
        with filled(stack, tmp_path_factory.mktemp("sources")) as site:
            yield site


@pytest.mark.parametrize("form", formats())
def test_what_is_for_everyone_is_found_everywhere(site: Site, form: str) -> None:
    public = items_of(form)[0]
    assert [name for name in FOUND if site.leaks(public, name)] == [*FOUND], site.outcomes[form]


@pytest.mark.parametrize("item", PRIVATE, ids=lambda item: f"{item.form}-{item.state}")
def test_what_is_private_is_found_nowhere(site: Site, item: Item) -> None:
    found = {surface: site.leaks(item, surface) for surface in surfaces_of(item)}
    assert {surface for surface, count in found.items() if count} == set(), site.outcomes[item.form]


def test_an_article_is_found_by_what_looks_for_private_ones(site: Site) -> None:
    public = items_of("WordPress")[0]
    assert [name for name in SURFACES if not site.leaks(public, name)] == []


def test_the_table_has_a_row_for_each_state_and_a_column_for_each_surface(site: Site) -> None:
    heading, _, *rows = [line for line in table(site).splitlines() if line.startswith("|")]
    assert heading.count("|") == len(SURFACES) + 3
    assert [row.split(" | ")[1] for row in rows] == [item.state for item in PRIVATE]
    assert {row.count("|") for row in rows} == {heading.count("|")}
