import pytest

from circulation.views.devices import form_factor


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (100, "phone"),
        (390, "phone"),
        (599, "phone"),
        (600, "tablet"),
        (834, "tablet"),
        (991, "tablet"),
        (992, "desktop"),
        (1920, "desktop"),
        (16_384, "desktop"),
    ],
)
def test_a_device_is_told_by_its_width(width: int, told: str) -> None:
    assert form_factor(width) == told


@pytest.mark.parametrize("width", [None, -390, 0, 99, 16_385, 10**9])
def test_a_width_that_no_browser_has_tells_nothing(width: int | None) -> None:
    assert form_factor(width) is None
