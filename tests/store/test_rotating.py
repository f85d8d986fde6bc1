import os
from datetime import UTC, datetime

from circulation.rotating import rotate_salts
from circulation.store import Store


def rotate(store: Store, now: str) -> list[str]:
    return rotate_salts(
        store, now=datetime.fromisoformat(now).replace(tzinfo=UTC), random_bytes=os.urandom
    )


def test_in_the_evening_the_next_days_salt_is_made(store: Store) -> None:
    assert rotate(store, "2026-03-14T12:00:00") == []
    assert store.salts.days() == ["2026-03-14"]
    assert rotate(store, "2026-03-14T20:00:00") == []
    assert store.salts.days() == ["2026-03-14", "2026-03-15"]


def test_ten_minutes_after_the_day_its_salt_is_deleted_for_good(store: Store) -> None:
    rotate(store, "2026-03-14T20:00:00")
    assert rotate(store, "2026-03-15T00:09:59") == []
    assert rotate(store, "2026-03-15T00:10:00") == ["2026-03-14"]
    assert store.salts.days() == ["2026-03-15"]
