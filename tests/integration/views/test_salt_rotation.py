import os
from datetime import UTC, datetime, timedelta

import pytest

from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation.views.salt_rotation import rotate_salts


def rotate(store: Container, now: str, *, window: int = 0) -> list[str]:
    return rotate_salts(
        store.salts,
        now=datetime.fromisoformat(now).replace(tzinfo=UTC),
        repeat_window=timedelta(minutes=window),
        random_bytes=os.urandom,
    )


def test_in_the_evening_the_next_days_salt_is_made(store: Container) -> None:
    assert rotate(store, "2026-03-14T12:00:00") == []
    assert store.salts.days() == ["2026-03-14"]
    assert rotate(store, "2026-03-14T20:00:00") == []
    assert store.salts.days() == ["2026-03-14", "2026-03-15"]


def test_ten_minutes_after_the_day_its_salt_is_deleted_for_good(store: Container) -> None:
    rotate(store, "2026-03-14T20:00:00")
    assert rotate(store, "2026-03-15T00:09:59") == []
    assert rotate(store, "2026-03-15T00:10:00") == ["2026-03-14"]
    assert store.salts.days() == ["2026-03-15"]


@pytest.mark.parametrize(
    ("window", "last", "first"),
    [
        (0, "00:09:59", "00:10:00"),
        (1, "00:09:59", "00:10:00"),
        (30, "00:29:59", "00:30:00"),
        (720, "11:59:59", "12:00:00"),
    ],
)
def test_a_salt_is_kept_for_the_repeat_window_after_its_day_and_no_longer(
    store: Container, window: int, last: str, first: str
) -> None:
    rotate(store, "2026-03-14T20:00:00")
    assert rotate(store, f"2026-03-15T{last}", window=window) == []
    assert rotate(store, f"2026-03-15T{first}", window=window) == ["2026-03-14"]


def test_that_a_day_had_a_salt_is_on_record_for_two_days_and_it_gets_no_other(
    store: Container,
) -> None:
    rotate(store, "2026-03-14T20:00:00")
    rotate(store, "2026-03-15T00:10:00")
    assert [store.salts.was_made(day) for day in ("2026-03-13", "2026-03-14")] == [False, True]
    assert store.salts.find("2026-03-14") is None
    with pytest.raises(StoreUnavailable):
        store.salts.of("2026-03-14", os.urandom)
    rotate(store, "2026-03-16T23:50:00")
    assert store.salts.was_made("2026-03-14")
    rotate(store, "2026-03-17T00:00:00")
    assert not store.salts.was_made("2026-03-14")
