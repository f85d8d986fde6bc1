"""Which share links there are, and what of them is stored."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from circulation.access.grant import Extent
from circulation.access.hash_cache import REFRESH
from circulation.access.keys import SHARES, share_key
from circulation.access.share import LISTED, MAX_SHARES, Share
from circulation.access.shares import ShareExists, Shares, TooManyShares
from circulation.access.tokens import sha256_of
from circulation.aws.table import Change
from circulation.runtime import Container
from tests.builders import NOW

DAY = timedelta(days=1)


def share(name: str, key: str | None = None, *, until: datetime = NOW + DAY) -> Share:
    return Share(name, sha256_of(key or name), Extent.SECTION, "city", created=NOW, until=until)


@pytest.fixture
def shares(store: Container) -> Shares:
    return store.shares


def test_links_are_stored_by_name_and_of_their_keys_only_the_hash(store: Container) -> None:
    made = [share("a", "secret-a"), Share("b", sha256_of("secret-b"), Extent.SITE, "", NOW, NOW)]
    for link in reversed(made):
        store.shares.add(link, now=NOW)
    assert store.shares.all() == made
    assert "secret-" not in str(list(store.library_table.query(SHARES)))


def test_a_link_is_deleted_a_month_after_its_end(store: Container) -> None:
    store.shares.add(share("desk"), now=NOW)
    item = store.library_table.get(share_key("desk"))
    assert item
    assert item["ttl"] == (NOW + DAY + LISTED).timestamp()
    assert timedelta(days=30) == LISTED


def test_a_name_is_given_to_one_link(shares: Shares) -> None:
    shares.add(share("desk", "first"), now=NOW)
    with pytest.raises(ShareExists):
        shares.add(share("desk", "second"), now=NOW)
    assert shares.all() == [share("desk", "first")]
    shares.add(share("desk", "first"), now=NOW)  # its own write again, as after a lost answer


def test_what_is_not_there_cannot_be_revoked(shares: Shares) -> None:
    shares.add(share("desk"), now=NOW)
    assert not shares.revoke("other")
    assert shares.revoke("desk")
    assert not shares.revoke("desk")
    assert shares.all() == []


def test_one_link_too_many_changes_nothing(shares: Shares) -> None:
    for number in range(MAX_SHARES):
        shares.add(share(f"s{number}"), now=NOW)
    before = shares.all()
    assert len(before) == MAX_SHARES
    with pytest.raises(TooManyShares):
        shares.add(share("more"), now=NOW)
    assert shares.all() == before


def test_links_that_have_ended_make_room(shares: Shares) -> None:
    for number in range(MAX_SHARES):
        until = NOW if number < 2 else NOW + DAY
        shares.add(share(f"s{number:02}", until=until), now=NOW - DAY)
    shares.add(share("more"), now=NOW)
    names = [link.name for link in shares.all()]
    assert names == ["more", *(f"s{number:02}" for number in range(2, MAX_SHARES))]


def test_the_links_are_one_small_read_at_the_bound(store: Container) -> None:
    for number in range(MAX_SHARES):
        link = Share(f"{number:030}", "f" * 64, Extent.SECTION, "ə" * 100, NOW, NOW + DAY)
        store.shares.add(link, now=NOW)
    answer = store.client.query(
        TableName=store.library_table.name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": SHARES}},
        ConsistentRead=True,
        ReturnConsumedCapacity="TOTAL",
    )
    assert "LastEvaluatedKey" not in answer
    assert answer["ConsumedCapacity"]["CapacityUnits"] <= 8


def test_a_new_link_opens_at_once_and_a_revoked_one_ends_within_a_minute(shares: Shares) -> None:
    assert shares.find(sha256_of("desk"), now=NOW) is None
    shares.add(share("desk"), now=NOW)
    assert shares.find(sha256_of("desk"), now=NOW) == share("desk")
    shares.revoke("desk")
    assert shares.find(sha256_of("desk"), now=NOW + REFRESH) is None
    assert timedelta(minutes=1) >= REFRESH


def test_a_link_that_was_spoilt_by_hand_opens_nothing_and_spoils_no_other(store: Container) -> None:
    store.shares.add(share("good"), now=NOW)
    whole = {
        "sha256": sha256_of("x"),
        "extent": "site",
        "subject": "",
        "created": "2026-03-14T15:09:26Z",
        "until": "2026-03-20T15:09:26Z",
    }
    spoilt: list[dict[str, Any]] = [
        *({key: value for key, value in whole.items() if key != left_out} for left_out in whole),
        {**whole, "extent": "everything"},
        {**whole, "until": "tomorrow"},
        {**whole, "until": 5},
    ]
    for number, attributes in enumerate(spoilt):
        change = Change.setting(attributes)
        store.library_table.update(share_key(f"spoilt-{number}"), change)
    assert store.shares.all() == [share("good")]
    assert store.shares.find(sha256_of("x"), now=NOW) is None
