"""What the widget's bench says without a browser: whose bytes are whose, and who asks for what."""

import shutil

import pytest

from bench.script_sizes import CITED, PACKED, ours, size_rows
from bench.widget import COUNTERS, measure
from circulation.widget import current, script


def test_our_sizes_are_those_of_what_is_served() -> None:
    widget, *others = ours()
    served = script(current())
    assert served
    assert (widget.size.raw, widget.size.brotli) == (len(served.body), len(served.brotli))
    assert all(each.size.brotli < each.size.gzip < each.size.raw for each in (widget, *others))


def test_a_row_has_the_sizes_what_the_script_does_and_where_they_are_from() -> None:
    (row,) = size_rows(CITED[:1])
    assert row[1:4] == ("8,996", "3,275", "2,740")
    assert row[4:] == (CITED[0].counts, CITED[0].shows, CITED[0].source)


def test_only_what_is_not_measured_is_called_cited() -> None:
    assert all(each.source.startswith("cited: ") for each in CITED)
    assert not any("cited" in each.source for each in ours())
    assert not any("cited" in each.about for each in PACKED)


def test_packages_are_pinned() -> None:
    assert all(each.package.rpartition("@")[2][0].isdigit() for each in PACKED)


def test_a_page_loads_our_script_or_the_stand_in_that_is_its_own() -> None:
    for each in COUNTERS:
        path = f"stand-in/{each.key}.js" if each.script else "widget.js"
        assert f'src="API/{path}"' in each.tag
    assert len({each.key for each in COUNTERS}) == len(COUNTERS)


def test_a_machine_without_a_browser_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        shutil, "which", lambda tool: None if tool == "chromium" else f"/bin/{tool}"
    )
    with pytest.raises(SystemExit) as ended:
        measure()
    assert str(ended.value).startswith("the widget's bench needs chromium: ")
    assert "\n" not in str(ended.value)
