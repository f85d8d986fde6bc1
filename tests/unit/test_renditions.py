import pytest

from circulation.web import renditions
from circulation.web.renditions import Rendition, Renditions


def write(text: str) -> Rendition:
    return Rendition(text.encode())


def test_an_edition_is_written_once_and_the_next_one_takes_its_place() -> None:
    kept = Renditions()
    first = kept.get("/feed.rss", "1", lambda: write("one"))
    assert kept.get("/feed.rss", "1", lambda: write("again")) is first
    assert kept.get("/feed.rss", "2", lambda: write("two")).body == b"two"
    assert kept.get("/feed.rss", "1", lambda: write("old")).body == b"old"


@pytest.mark.parametrize(("limit", "value"), [("MAX_RENDITIONS", 2), ("MAX_BYTES", 7)])
def test_what_was_asked_for_least_lately_goes_first(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(renditions, limit, value)
    kept = Renditions()
    for address in ("a", "b", "a", "c"):
        kept.get(address, "1", lambda: write("one"))
    assert kept.get("a", "1", lambda: write("new")).body == b"one"
    assert kept.get("b", "1", lambda: write("new")).body == b"new"


def test_a_rendition_is_compressed_once_and_always_alike() -> None:
    first, second = write("words " * 100), write("words " * 100)
    assert first.zipped == second.zipped
    assert first.zipped is first.zipped
