import pytest

from circulation.web.renditions import Rendition, Renditions


def write(text: str) -> Rendition:
    return Rendition(text.encode())


def test_an_edition_is_written_once_and_the_next_one_takes_its_place() -> None:
    kept = Renditions(1_000, 10)
    first = kept.get("/feed.rss", "1", lambda: write("one"))
    assert kept.get("/feed.rss", "1", lambda: write("again")) is first
    assert kept.get("/feed.rss", "2", lambda: write("two")).body == b"two"
    assert kept.get("/feed.rss", "1", lambda: write("old")).body == b"old"


@pytest.mark.parametrize(("size", "number"), [(1_000, 2), (7, 10)])
def test_what_was_asked_for_least_lately_goes_first(size: int, number: int) -> None:
    kept = Renditions(size, number)
    for address in ("a", "b", "a", "c"):
        kept.get(address, "1", lambda: write("one"))
    assert kept.get("a", "1", lambda: write("new")).body == b"one"
    assert kept.get("b", "1", lambda: write("new")).body == b"new"


def test_the_parts_of_a_rendition_weigh_too() -> None:
    kept = Renditions(7, 10)
    kept.get("a", "1", lambda: write("one"))
    kept.get("index", "1", lambda: Rendition(b"b", parts=[b"c", b"d" * 5]))
    assert kept.get("a", "1", lambda: write("new")).body == b"new"


def test_a_rendition_is_compressed_once_and_always_alike() -> None:
    first, second = write("words " * 100), write("words " * 100)
    assert first.zipped == second.zipped
    assert first.zipped is first.zipped
