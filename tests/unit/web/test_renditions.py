import pytest

from circulation.web.renditions import Rendition, Renditions


def write(text: str) -> Rendition:
    return Rendition(text.encode())


def test_an_edition_is_kept_until_the_next_one_takes_its_place() -> None:
    kept = Renditions(1_000, 10)
    first = kept.keep("/feed.rss", "1", write("one"))
    assert kept.find("/feed.rss", "1") is first
    assert kept.find("/feed.rss", "2") is None
    second = kept.keep("/feed.rss", "2", write("two"))
    assert kept.find("/feed.rss", "1") is None
    assert kept.find("/feed.rss", "2") is second


@pytest.mark.parametrize(("size", "number"), [(1_000, 2), (7, 10)])
def test_what_was_asked_for_least_lately_goes_first(size: int, number: int) -> None:
    kept = Renditions(size, number)
    for address in ("a", "b", "a", "c"):
        if not kept.find(address, "1"):
            kept.keep(address, "1", write("one"))
    assert kept.find("a", "1")
    assert not kept.find("b", "1")
    assert kept.find("c", "1")


def test_an_edition_that_replaces_another_weighs_once() -> None:
    kept = Renditions(7, 10)
    kept.keep("b", "1", write("one"))
    for edition in ("1", "2", "2"):
        kept.keep("a", edition, write("two"))
    assert kept.find("b", "1")


def test_a_rendition_is_compressed_once_and_always_alike() -> None:
    first, second = write("words " * 100), write("words " * 100)
    assert first.zipped == second.zipped
    assert first.zipped is first.zipped
