import re
from collections import defaultdict

import pytest

from circulation.articles.keys import place
from circulation_cli.local_stack.template import TEMPLATE
from tests.builders import NOW
from tests.keys import MadeKey, made_keys

KEYS = sorted(set(made_keys()), key=str)
TABLE = (TEMPLATE.parent / "docs/table.md").read_text()


def test_every_room_that_keeps_something_makes_keys() -> None:
    assert {key.room for key in KEYS} == {
        "access", "articles", "counting", "importing", "mail", "popularity", "statistics",
        "views",
    }  # fmt: skip


def test_no_two_rooms_make_keys_of_one_kind() -> None:
    """What is about an article shares a partition: content, history, counter and corrections."""
    rooms = defaultdict(set)
    for key in KEYS:
        rooms[key.prefix].add(key.room)
    assert {prefix for prefix, makers in rooms.items() if len(makers) > 1} == {"ARTICLE"}
    assert {(key.room, key.sort_key) for key in KEYS if key.prefix == "ARTICLE"} == {
        ("articles", "ARTICLE"), ("counting", "COUNT"), ("counting", None),
        ("counting", "CORRECTION#{correction}"), ("articles", "CHANGE#{time}#{version}"),
        ("articles", "CHANGE#mailed"),
    }  # fmt: skip


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_table_md_has_every_key(key: MadeKey) -> None:
    partition = re.sub(r"(?<=#)[0-9a-f]$|(?<=^SUBS#)00$", "{bucket}", key.partition)
    partition = re.sub(r"(?<=#)00$", "{subscriber}", partition)
    written = {partition, partition.replace("{article}", "{id}")}
    assert any(f"`{each}`" in TABLE for each in written), written


def test_table_md_has_the_key_of_a_place_in_a_listing() -> None:
    assert place(NOW, "x") == "2026-03-14T15:09:26Z#x"
    assert "`{published}#{id}`" in TABLE
