import ipaddress
import re
import unicodedata
from urllib.parse import urljoin, urlsplit

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.articles.canonical_path import canonical_path
from circulation.urls import address_or_none, resolve_address, web_address

# RFC 3986, appendix A, of an http URI: what may stand where, with every escape whole.
URI = re.compile(
    r"https?://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?"
    r"(?:/(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:\?(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?",
    flags=re.ASCII,
)

label = st.text(
    st.characters(codec="utf-8")
    | st.sampled_from("aAzZ09-_.~%ßςİəЖاא١日é℀😀\u0300\u200d\ufe0f\u3002\uff0e"),
    max_size=12,
)
host = st.one_of(
    st.lists(label, min_size=1, max_size=4).map(".".join),
    label.map(lambda text: f"xn--{text}.example"),
    st.sampled_from(
        ["news.example", "NEWS.Example.", "xn--bcher-kva.example", "xn--a.example", "1.2.3.4",
         "256.1.1.1", "1.2.3.4.", "01.2.3.4", "0x7f.1", "a.0x1", "1.2.3", "[::1]", "[v1.x]",
         "[::1%25eth0]", "[::ffff:1.2.3.4]", "[", "a]b", "exa^mple", "%zz", "a%00b", "a|b", "a..b",
         "-a.b-", "a_b.c", "ex<ample", "x" * 64 + ".example", "℀.example", "\u0301a.example",
         "אa.example", "1.א.example"]
    ),
)  # fmt: skip
rest = st.text(
    st.characters(codec="utf-8") | st.sampled_from("/?#%[]@:\\|^`{}\"'<> &=+;~é\u202e\x85"),
    max_size=30,
)
urls = st.one_of(
    st.text(),
    st.builds(
        "{}{}{}{}{}".format,
        st.sampled_from(
            ["http://", "https://", "HTTPS://", "https:/", "//", "ftp://", "https:\\\\"]
        ),
        st.sampled_from(["", "", "", "u@", "u:p@", ":p@", "a]@", "u[@", "@"]),
        host,
        st.sampled_from(
            ["", "", ":", ":80", ":00443", ":65535", ":65536", ":99999", ":port", ":٣"]
        ),
        st.one_of(st.just(""), rest, rest.map(lambda text: f"/{text}")),
    ),
)


def is_base(url: str) -> bool:
    """Ask the sanitiser, which reads addresses as browsers do."""
    try:
        nh3.clean('<a href="x">x</a>', url_relative=("rewrite_with_base", url))
    except ValueError:
        return False
    return True


def passed(text: str) -> str | None:
    try:
        return web_address(text)
    except ValueError:
        return None


@given(urls)
def test_what_passes_can_be_read_by_everybody(text: str) -> None:
    url = passed(text)
    if url is None:
        with pytest.raises(ValueError, match=r"^must "):
            web_address(text)
        return
    assert URI.fullmatch(url), url
    assert web_address(url) == url
    assert is_base(url), url
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port is None or 0 <= parts.port <= 65_535
    assert parts.username is None
    assert parts.geturl().rstrip("?#") == url.rstrip("?#")
    assert urljoin(url, "x")
    assert canonical_path(canonical_path(url)) == canonical_path(url)


def test_of_all_letters_those_that_pass_in_a_host_are_browsers_too() -> None:
    # Some of each script; all of them take six minutes.
    letters = map(chr, range(0x80, 0x110000, 151))
    passed = 0
    for letter in letters:
        if unicodedata.category(letter) in ("Cn", "Co", "Cs"):
            continue
        for name in (letter, f"a{letter}", f"{letter}1"):
            url = address_or_none(f"https://{name}.example/")
            passed += url is not None
            assert url is None or is_base(url), url
    assert passed > 1_000


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://news.example/a?b=c#d", "https://news.example/a?b=c#d"),
        ("HTTP://News.EXAMPLE:080", "http://news.example:80"),
        ("https://news.example:/", "https://news.example/"),
        ("https://bücher.example/é x", "https://xn--bcher-kva.example/%C3%A9%20x"),
        ("https://Straße.example/", "https://xn--strae-oqa.example/"),
        ("https://xəbər.az/", "https://xn--xbr-dtbb.az/"),
        ("https://日本。example/", "https://xn--wgv71a.example/"),
        ("https://news.example/100%/%41%zz", "https://news.example/100%25/%41%25zz"),
        ("https://news.example/?a[]=1|2&b=%20", "https://news.example/?a%5B%5D=1%7C2&b=%20"),
        ("https://news.example\\a\\b?c\\d", "https://news.example/a/b?c%5Cd"),
        ("https://news.example/#a#b", "https://news.example/#a%23b"),
        ("https://[2001:DB8::0:1]:8443/", "https://[2001:db8::1]:8443/"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("https://a\u202eb.example/", None),
        ("https://news.example/a\nb", None),
        ("https://news.example/\x85", None),
        ("https://news.example/\ud800", None),
        ("https://user@news.example/", None),
        ("https://:p@news.example/", None),
        ("https://@news.example/", None),
        ("https:news.example", None),
        ("https://", None),
        ("https://.", None),
        ("//news.example/", None),
        ("javascript://news.example/", None),
        ("", None),
    ],
)
def test_an_address_has_one_normal_form_or_none(text: str, url: str | None) -> None:
    if url is None:
        with pytest.raises(ValueError, match=r"^must "):
            web_address(text)
    else:
        assert web_address(text) == url


@given(st.ip_addresses())
def test_every_ip_address_is_a_host(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    name = f"[{address}]" if address.version == 6 else str(address)
    assert urlsplit(web_address(f"https://{name}/")).hostname == str(address)


@pytest.mark.parametrize(
    ("reference", "url"),
    [
        ("../c", "https://news.example/c"),
        (" \n/c\t?d ", "https://news.example/c?d"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("#top", "https://news.example/a/b#top"),
        ("", "https://news.example/a/b"),
        ("https://[oops/", None),
        ("data:image/png;base64,AA", None),
    ],
)
def test_a_relative_address_is_resolved_and_judged(reference: str, url: str | None) -> None:
    assert address_or_none(reference, "https://news.example/a/b") == url


@given(urls, urls)
def test_whatever_is_resolved_is_an_address_or_a_value_error(reference: str, base: str) -> None:
    try:
        url = resolve_address(reference, base)
    except ValueError:
        return
    assert web_address(url) == url
