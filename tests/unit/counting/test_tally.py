from datetime import timedelta

import pytest

from circulation.counting.tally import (
    Refusal,
    group_by_article_day,
    increment_of,
    lines_after,
    mark_of,
)
from tests.builders import NOW, TODAY, line


def test_marks_compare_as_numbers_whatever_their_length() -> None:
    assert mark_of("9") < mark_of("10") < mark_of("4" * 40)
    assert len(mark_of("9")) == 40


def test_lines_are_grouped_by_article_and_day_in_their_order() -> None:
    lines = [line(1, "a"), line(2, "b"), line(3, "a"), line(4, "a", day="2026-03-15")]
    groups = group_by_article_day(lines)
    assert groups == {
        ("a", TODAY): [lines[0], lines[2]],
        ("b", TODAY): [lines[1]],
        ("a", "2026-03-15"): [lines[3]],
    }


def test_an_increment_sums_views_visitors_and_hours() -> None:
    hour_later = NOW + timedelta(hours=1)
    summed = increment_of(
        "s", [line(3), line(5, new_visitor=False, at=hour_later), line(8, at=hour_later)]
    )
    assert (summed.views, summed.visitors, summed.hours) == (3, 2, {15: 1, 16: 2})
    assert (summed.first, summed.last) == (mark_of("3"), mark_of("8"))
    assert summed.as_of == hour_later


def test_an_increment_counts_what_views_told_and_only_of_those_that_did() -> None:
    summed = increment_of(
        "s",
        [
            line(1, referrer="a.example", country="AZ", form_factor="phone"),
            line(2, referrer="a.example", country="DE"),
            line(3, referrer="b.example"),
            line(4),
        ],
    )
    assert summed.gains.referrers == {"a.example": 2, "b.example": 1}
    assert summed.gains.countries == {"AZ": 1, "DE": 1}
    assert summed.gains.form_factors == {"phone": 1}


@pytest.mark.parametrize(
    ("refusal", "holds"),
    [
        (Refusal(mark_of("5"), sealed=False), True),
        (Refusal(mark_of("6"), sealed=False), True),
        (Refusal(mark_of("4"), sealed=False), False),
        (Refusal(None, sealed=False), False),
        (Refusal(None, sealed=True), True),
    ],
)
def test_a_refusal_holds_when_lines_are_in_already_or_the_day_is_sealed(
    refusal: Refusal, holds: bool
) -> None:
    assert refusal.holds_against(increment_of("s", [line(5), line(7)])) is holds


def test_after_a_refusal_only_the_lines_beyond_the_mark_are_left() -> None:
    lines = [line(1), line(2), line(3)]
    assert lines_after(lines, Refusal(mark_of("2"), sealed=False)) == lines[2:]
    assert not lines_after(lines, Refusal(mark_of("3"), sealed=False))
    assert not lines_after(lines, Refusal(None, sealed=True))


def test_lines_that_a_mark_does_not_hold_are_not_tried_for_ever() -> None:
    with pytest.raises(ValueError, match="refused"):
        lines_after([line(5), line(6)], Refusal(mark_of("4"), sealed=False))


def test_lines_are_never_dropped_for_no_reason() -> None:
    with pytest.raises(ValueError, match="refused"):
        lines_after([line(1)], Refusal(None, sealed=False))
    with pytest.raises(ValueError, match="refused"):
        lines_after([line(2), line(3)], Refusal(mark_of("1"), sealed=False))
