from datetime import timedelta

from circulation.tally import Refusal, by_article_day, increment, left_after, mark_of
from tests.builders import NOW, TODAY, line


def test_marks_compare_as_numbers_whatever_their_length() -> None:
    assert mark_of("9") < mark_of("10") < mark_of("4" * 40)
    assert len(mark_of("9")) == 40


def test_lines_are_grouped_by_article_and_day_in_their_order() -> None:
    lines = [line(1, "a"), line(2, "b"), line(3, "a"), line(4, "a", day="2026-03-15")]
    groups = by_article_day(lines)
    assert groups == {
        ("a", TODAY): [lines[0], lines[2]],
        ("b", TODAY): [lines[1]],
        ("a", "2026-03-15"): [lines[3]],
    }


def test_an_increment_sums_views_visitors_and_hours() -> None:
    hour_later = NOW + timedelta(hours=1)
    summed = increment(
        "s", [line(3), line(5, new_visitor=False, at=hour_later), line(8, at=hour_later)]
    )
    assert (summed.views, summed.visitors, summed.hours) == (3, 2, {15: 1, 16: 2})
    assert (summed.first, summed.last) == (mark_of("3"), mark_of("8"))
    assert summed.as_of == hour_later


def test_after_a_refusal_only_the_lines_beyond_the_mark_are_left() -> None:
    lines = [line(1), line(2), line(3)]
    assert left_after(lines, Refusal(mark_of("2"), sealed=False)) == lines[2:]
    assert not left_after(lines, Refusal(mark_of("3"), sealed=False))
    assert not left_after(lines, Refusal(None, sealed=True))
