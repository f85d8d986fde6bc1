import gzip

import pytest

from circulation.web.conditional import http_date, negotiate, prefers, read_http_date
from circulation.web.request import Request
from circulation.web.response import Response
from tests.builders import NOW

BODY = b"words " * 200
ANSWER = Response(200, BODY, "text/plain", max_age=10)


def ask(method: str = "GET", response: Response = ANSWER, **headers: str) -> Response:
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request("r", f"{method} /x", "https://api.example", at=NOW, headers=told)
    return negotiate(request, response)


ETAG = ask().headers["etag"]


def test_the_etag_is_strong_and_of_the_content() -> None:
    assert ETAG.startswith('"')
    assert ask(response=Response(200, b"other", max_age=10)).headers["etag"] != ETAG
    assert ask().headers["etag"] == ETAG


@pytest.mark.parametrize("told", [ETAG, f"W/{ETAG}", f'"x", {ETAG}', f'W/"x",W/{ETAG}', "*", " * "])
def test_who_has_the_answer_gets_304_without_a_body(told: str) -> None:
    answer = ask(if_none_match=told)
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", ETAG)
    assert answer.max_age == 10


@pytest.mark.parametrize("told", ['"x"', ETAG.strip('"'), "", 'W/"x"'])
def test_who_has_another_answer_gets_this_one(told: str) -> None:
    assert ask(if_none_match=told).status == 200


@pytest.mark.parametrize(
    ("told", "zipped"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000, *", False),
        ("*;q=0", False),
    ],
)
def test_gzip_is_sent_to_who_takes_it(told: str, zipped: bool) -> None:
    answer = ask(accept_encoding=told)
    assert ("content-encoding" in answer.headers) is zipped
    assert (gzip.decompress(answer.body) if zipped else answer.body) == BODY
    assert answer.headers["vary"] == "accept-encoding, origin"


@pytest.mark.parametrize("weight", ["", "x", "2", "0.5000", "-1", ".5", "1e0", "nan"])
def test_a_weight_that_is_none_is_the_whole_one(weight: str) -> None:
    assert "content-encoding" in ask(accept_encoding=f"gzip;q={weight}").headers
    assert prefers_json(f"text/html;q=0.9, application/json;q={weight}")
    assert not prefers_json(f"text/html, application/json;q={weight}")


def prefers_json(accept: str) -> bool:
    request = Request("r", "GET /x", "https://api.example", at=NOW, headers={"accept": accept})
    return prefers(request, "application/json", "text/html")


def test_the_zipped_answer_is_another_representation_with_its_own_etag() -> None:
    zipped = ask(accept_encoding="gzip").headers["etag"]
    assert zipped != ETAG
    assert ask(accept_encoding="gzip", if_none_match=zipped).status == 304
    assert ask(accept_encoding="gzip", if_none_match=ETAG).status == 200


def test_the_same_content_is_zipped_into_the_same_bytes() -> None:
    assert ask(accept_encoding="gzip").body == ask(accept_encoding="gzip").body


def test_a_small_answer_is_not_worth_zipping() -> None:
    answer = ask(response=Response(200, b"small", max_age=1), accept_encoding="gzip")
    assert answer.body == b"small"


def test_head_tells_everything_but_the_body() -> None:
    answer = ask("HEAD")
    assert answer.body == b""
    assert answer.headers["content-length"] == str(len(BODY))
    assert answer.headers["etag"] == ETAG


def test_http_dates_are_read_as_they_are_written_and_others_are_none() -> None:
    told = http_date(NOW)
    assert told == "Sat, 14 Mar 2026 15:09:26 GMT"
    assert read_http_date(told) == NOW
    for bad in (
        "",
        "14 Mar 2026",
        "Sat, 99 Mar 2026 15:09:26 GMT",
        "Sat, 14 Mar 0000 00:00:00 GMT",
    ):
        assert read_http_date(bad) is None
