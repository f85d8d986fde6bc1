import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from circulation.access.grant import By, Extent, Grant
from circulation.access.share import KEY_BYTES, Share, address_of, grant_of, new_key
from circulation.access.tokens import sha256_of
from tests.builders import NOW

KEY = "k3y"


def share(extent: Extent = Extent.SITE, subject: str = "") -> Share:
    end = NOW + timedelta(days=1)
    return Share("desk", sha256_of(KEY), extent, subject, created=NOW, until=end)


def test_a_key_is_as_many_random_bits_as_nobody_guesses() -> None:
    asked: list[int] = []

    def random_bytes(number: int) -> bytes:
        asked.append(number)
        return bytes(range(number))

    key = new_key(random_bytes)
    assert asked == [KEY_BYTES]
    assert 8 * KEY_BYTES >= 128
    assert re.fullmatch(r"[\w-]{32}", key)
    assert new_key(lambda number: b"\xff" * number) == "_" * 32


def test_a_link_is_open_until_the_instant_of_its_end() -> None:
    end = NOW + timedelta(days=1)
    assert share().is_open(now=end - timedelta(milliseconds=1))
    assert not share().is_open(now=end)


@pytest.mark.parametrize(
    ("extent", "subject", "query"),
    [
        (Extent.SITE, "", {}),
        (Extent.SECTION, "Fəlsəfə & art", {"section": ["Fəlsəfə & art"]}),
        (Extent.ARTICLE, "harbour-clock", {"article": ["harbour-clock"]}),
    ],
)
def test_a_link_leads_to_the_page_of_what_it_opens(
    extent: Extent, subject: str, query: dict[str, list[str]]
) -> None:
    address = urlsplit(address_of(share(extent, subject), KEY, "https://api.example"))
    assert (address.scheme, address.netloc, address.path) == ("https", "api.example", "/statistics")
    assert parse_qs(address.query) == {**query, "share": [KEY]}


def test_a_link_of_the_site_opens_everything() -> None:
    grant = grant_of(share(), KEY)
    assert grant == Grant(By.SHARE, Extent.SITE, "", KEY)
    assert all(grant.allows(extent, "x") for extent in Extent)


@pytest.mark.parametrize("extent", [Extent.SECTION, Extent.ARTICLE])
def test_a_link_of_one_thing_opens_nothing_else(extent: Extent) -> None:
    grant = grant_of(share(extent, "city"), KEY)
    opened = {
        (asked, name)
        for asked in Extent
        for name in ("city", "City", "sport", "")
        if grant.allows(asked, name)
    }
    assert opened == {(extent, "city")}
