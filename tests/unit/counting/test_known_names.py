"""What a container remembers of pages' names is bounded, and what is in use stays."""

from circulation.counting.breakdown import NO_NAMES, Names
from circulation.counting.known_names import KnownNames

HOST: Names = {"referrers": frozenset({"a.example"}), "campaigns": frozenset()}


def named(number: int) -> Names:
    return {
        "referrers": frozenset(f"{place}.example" for place in range(number)),
        "campaigns": frozenset(),
    }


def page(number: int) -> tuple[str, str]:
    return f"article-{number}", "2026-11-28"


def test_names_that_were_learned_are_known_and_others_are_none() -> None:
    known = KnownNames()
    known.learn(page(1), HOST)
    known.learn(page(2), NO_NAMES)
    assert known.of(page(1)) == HOST
    assert known.of(page(2)) == known.of(page(3)) == NO_NAMES
    assert [page(number) in known for number in (1, 2, 3)] == [True, False, False]


def test_no_more_than_two_generations_of_pages_are_remembered() -> None:
    known = KnownNames(max_pages=10)
    for number in range(100):
        known.learn(page(number), HOST)
        assert sum(page(other) in known for other in range(100)) <= 20
    assert all(page(number) in known for number in range(90, 100))


def test_pages_with_many_names_leave_room_for_fewer_of_them() -> None:
    known = KnownNames(max_names=100)
    for number in range(100):
        known.learn(page(number), named(20))
        assert sum(page(other) in known for other in range(100)) <= 10


def test_a_page_that_is_in_use_is_not_forgotten() -> None:
    known = KnownNames(max_pages=10)
    known.learn(page(0), HOST)
    for number in range(1, 100):
        known.learn(page(number), HOST)
        assert known.of(page(0)) == HOST


def test_a_page_that_gains_names_one_by_one_counts_once() -> None:
    known = KnownNames(max_names=60)
    known.learn(page(0), HOST)
    for number in range(1, 50):
        known.learn(page(1), named(number))
    assert page(0) in known
    known.learn(page(2), HOST)
    known.learn(page(3), HOST)
    assert page(0) in known
