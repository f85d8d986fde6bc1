import json
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.views.referrers import referrer_host


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://search.example/", "search.example"),
        ("http://search.example", "search.example"),
        ("https://search.example/?q=a@b.example", "search.example"),
        ("https://search.example?q=1", "search.example"),
        ("https://search.example#/path", "search.example"),
        ("https://search.example\\@other.example/", "search.example"),
        ("HTTPS://Search.EXAMPLE/Path", "search.example"),
        ("  https://search.example/\n", "search.example"),
        ("https://search.example:8443/path", "search.example"),
        ("https://search.example:/path", "search.example"),
        ("https://me:secret@search.example/", "search.example"),
        ("https://a@b:c@search.example/", "search.example"),
        ("https://search.example./", "search.example"),
        ("//search.example/path", "search.example"),
        ("search.example", "search.example"),
        ("search.example:443/path", "search.example"),
        ("https://www.search.example/", "search.example"),
        ("https://www.news.search.example/", "news.search.example"),
        ("https://www.example/", "www.example"),
        ("https://новости.example/", "xn--b1amnebsh.example"),
        ("https://пример.рф/", "xn--e1afmkfd.xn--p1ai"),
        ("https://xn--e1afmkfd.xn--p1ai/", "xn--e1afmkfd.xn--p1ai"),
        ("https://search。example/", "search.example"),
        ("android-app://com.example.reader/", "com.example.reader"),
        ("android-app://com.example.reader/https/news.example/1", "com.example.reader"),
    ],
)
def test_a_referrer_becomes_its_host(referrer: str, host: str) -> None:
    assert referrer_host(referrer) == host


@pytest.mark.parametrize(
    "referrer",
    [
        "",
        " ",
        "https://",
        "https:///path",
        "http://localhost:8080/",
        "http://intranet/",
        "http://192.0.2.7/",
        "http://192.0.2.7./",
        "http://0x7f.1/",
        "http://[2001:db8::1]/",
        "http://search.example:port/",
        "search.example:port",
        "search.example://other.example/",
        "http://sear ch.example/",
        "http://search..example/",
        "http://-search.example/",
        "http://search-.example/",
        "http://my_search.example/",
        "http://<script>.example/",
        "http://search.example\0/",
        "http://search.example%2f.example/",
        "http://search.123/",
        f"http://{'a' * 64}.example/",
        f"http://{'a.' * 124}example/",
        f"http://{'я' * 300}.example/",
        "http://" + "\u00ad" * 300 + "search.example/",
        "http://\ud800.example/",
        "about:blank",
        "data:text/html,search.example",
        "javascript:location='https://search.example'",
        "mailto:editor@search.example",
        "file:///home/me/page.html",
        "ftp://search.example/",
        "blob:https://search.example/1",
        "Opened from the newsletter",
    ],
)
def test_what_has_no_public_host_tells_nothing(referrer: str) -> None:
    assert referrer_host(referrer) is None


def test_a_host_may_be_253_characters_long() -> None:
    host = "a." * 123 + "example"
    assert len(host) == 253
    assert referrer_host(f"https://{host}/") == host


@pytest.mark.parametrize(
    "own", ["news.example", "www.news.example", "NEWS.example", "https://news.example/"]
)
def test_a_sites_own_pages_are_no_referrers(own: str) -> None:
    assert referrer_host("https://www.news.example/1", ["other.example", own]) is None
    assert referrer_host("https://m.news.example/1", [own]) == "m.news.example"


@pytest.mark.parametrize(
    "host", ["semalt.com", "www.semalt.com", "semalt.semalt.com", "SEMALT.com", "a.b.semalt.com"]
)
def test_a_spammers_hosts_are_dropped(host: str) -> None:
    assert referrer_host(f"http://{host}/crawler.php") is None


@pytest.mark.parametrize("host", ["notsemalt.com", "semalt.com.example", "semalt.example"])
def test_a_host_that_only_looks_like_a_spammers_stays(host: str) -> None:
    assert referrer_host(f"http://{host}/") == host


def test_the_list_of_spammers_says_whose_it_is_and_holds_hosts_alone() -> None:
    listed = json.loads(files("circulation").joinpath("data/spammers.json").read_text())
    assert {"package", "version", "licence"} <= listed.keys()
    hosts = listed["hosts"]
    assert len(hosts) > 250
    assert hosts == sorted(set(hosts))
    spoilt = "a{}.example"  # a valid host stays valid within another
    assert [each for each in hosts if referrer_host(spoilt.format(each)) is None] == []


@given(st.text() | st.text().map("https://{}/".format))
def test_any_text_gives_a_short_ascii_host_or_nothing(referrer: str) -> None:
    host = referrer_host(referrer)
    assert host is None or (host.isascii() and 3 <= len(host) <= 253 and host == host.lower())
