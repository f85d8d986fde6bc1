"""Who may see which statistics: by a token, a share link, or because everybody may."""

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest

from circulation.access.grant import By, Extent, Grant
from circulation.access.hash_cache import GRACE, LOOKS, LOOKS_PER, PAUSE, REFRESH
from circulation.access.keys import SHARES, TOKENS
from circulation.access.share import Share
from circulation.access.tokens import Scope, Token, sha256_of
from circulation.errors import (
    CirculationError,
    NotShared,
    ScopeMissing,
    ShareEnded,
    StoreUnavailable,
    TokenRequired,
)
from circulation.runtime import Container
from circulation.web.problems import problem
from circulation.web.request import request_of_event
from circulation.web.response import Response, lambda_answer
from circulation.web.statistics_access import admit, keep_private, require
from tests.builders import NOW, http_event

READER, PUBLISHER, KEY = "a-token-that-reads", "a-token-that-publishes", "a-key-of-a-link"
END = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def known(store: Container) -> Container:
    for name, secret, scope in (
        ("desk", READER, Scope.READ),
        ("cms", PUBLISHER, Scope.PUBLISH),
    ):
        store.tokens.add(Token(name, sha256_of(secret), frozenset({scope}), NOW))
    share("city", KEY, store)
    return store


def share(name: str, key: str, store: Container, until: datetime = END) -> None:
    made = Share(name, sha256_of(key), Extent.SECTION, "city", NOW, until)
    store.shares.add(made, now=NOW)


def admission(
    store: Container,
    *,
    token: str = "",
    key: str | None = None,
    is_public: bool = False,
    at: datetime = NOW,
) -> Grant:
    event = http_event(
        "GET /statistics/site",
        headers={"authorization": f"Bearer {token}"} if token else {},
        query={} if key is None else {"share": key},
        scopes=None,
        at=at,
    )
    request = request_of_event(event)
    return admit(request, lambda: store.tokens, lambda: store.shares, is_public=is_public)


def refusal(store: Container, **asked: Any) -> CirculationError:
    with pytest.raises(CirculationError) as refused:
        admission(store, **asked)
    return refused.value


def test_a_token_that_reads_sees_everything(store: Container) -> None:
    assert admission(store, token=READER) == Grant(By.TOKEN)


def test_a_token_for_something_else_does_not(store: Container) -> None:
    refused = refusal(store, token=PUBLISHER)
    assert isinstance(refused, ScopeMissing)
    assert problem(refused).status == 403


def test_a_link_opens_what_it_was_made_for(store: Container) -> None:
    grant = admission(store, key=KEY)
    assert grant == Grant(By.SHARE, Extent.SECTION, "city", KEY)
    require(grant, Extent.SECTION, "city")


@pytest.mark.parametrize(
    ("extent", "name"),
    [
        (Extent.SITE, ""),
        (Extent.SECTION, "sport"),
        (Extent.SECTION, ""),
        (Extent.ARTICLE, "city"),
        (Extent.ARTICLE, "harbour-clock"),
    ],
)
def test_a_link_opens_nothing_else(store: Container, extent: Extent, name: str) -> None:
    with pytest.raises(NotShared) as refused:
        require(admission(store, key=KEY), extent, name)
    assert problem(refused.value).status == 403


def test_nobody_else_is_let_in_unless_everybody_is(store: Container) -> None:
    answer = problem(refusal(store))
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert isinstance(refusal(store, token="wrong"), TokenRequired)
    assert admission(store, is_public=True) == Grant(By.PUBLIC)


def test_a_wrong_token_is_refused_whatever_else_is_asked_with(store: Container) -> None:
    assert isinstance(refusal(store, token="wrong", key=KEY, is_public=True), TokenRequired)


def ended(store: Container) -> list[CirculationError]:
    """What becomes of each link that opens nothing."""
    share("over", "over", store, until=NOW)
    share("revoked", "revoked", store)
    store.shares.revoke("revoked")
    keys = ("over", "revoked", "never-there", "", "ə\ud800", "x" * 5000, sha256_of(KEY))
    return [refusal(store, key=key) for key in keys]


def test_an_ended_a_revoked_and_a_wrong_link_get_the_same_words(store: Container) -> None:
    refusals = ended(store)
    answers = [problem(refused) for refused in refusals]
    assert all(isinstance(refused, ShareEnded) for refused in refusals)
    assert {answer.status for answer in answers} == {410}
    assert len({(answer.body, str(answer.headers)) for answer in answers}) == 1


def test_a_link_ends_at_its_end_although_it_is_remembered(store: Container) -> None:
    last = END - timedelta(seconds=1)
    assert admission(store, key=KEY, at=last).by is By.SHARE
    assert isinstance(refusal(store, key=KEY, at=END), ShareEnded)


def test_a_revoked_link_opens_nothing_after_a_minute(store: Container) -> None:
    assert admission(store, key=KEY)
    store.shares.revoke("city")
    assert isinstance(refusal(store, key=KEY, at=NOW + REFRESH), ShareEnded)


def test_a_table_that_fails_opens_nothing_to_who_is_not_known(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert admission(store, key=KEY)
    assert admission(store, token=READER)
    monkeypatch.setattr("circulation.aws.table.Table.query", unavailable)
    later = NOW + REFRESH
    assert admission(store, key=KEY, at=later).by is By.SHARE
    assert admission(store, token=READER, at=later).by is By.TOKEN
    for asked in ({"key": "wrong"}, {"token": "wrong"}):
        refused = refusal(store, **asked, at=later + PAUSE)
        assert problem(refused).status == 503, asked
    for asked in ({"key": KEY}, {"token": READER}):
        assert problem(refusal(store, **asked, at=NOW + GRACE)).status == 503, asked


def unavailable(*_: Any, **__: Any) -> Any:
    raise StoreUnavailable("throttled")


def test_guessing_makes_a_container_read_as_seldom_as_unknown_tokens_do(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    query = type(store.library_table).query

    def noted(table: Any, partition: str, **options: Any) -> Any:
        read.append(partition)
        return query(table, partition, **options)

    monkeypatch.setattr("circulation.aws.table.Table.query", noted)
    seconds = 30
    for number in range(10 * seconds):
        at = NOW + timedelta(seconds=number / 10)
        assert isinstance(refusal(store, key=f"guess-{number}", at=at), ShareEnded)
    assert set(read) == {SHARES}
    assert len(read) <= LOOKS * (timedelta(seconds=seconds) / LOOKS_PER) + 2


def test_nothing_is_looked_up_that_nobody_bears(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circulation.aws.table.Table.query", unavailable)
    assert admission(store, is_public=True)
    assert isinstance(refusal(store), TokenRequired)


def test_what_a_secret_opened_is_stored_nowhere_and_its_address_goes_nowhere() -> None:
    made = Response(200, b"{}", max_age=60, headers={"x": "y"})
    for grant in (Grant(By.TOKEN), Grant(By.SHARE, Extent.SITE, "", KEY)):
        headers = lambda_answer(keep_private(grant, made))["headers"]
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x"] == "y"
    headers = lambda_answer(keep_private(Grant(By.PUBLIC), made))["headers"]
    assert headers["cache-control"] == "public, max-age=60"


def test_no_line_of_the_log_has_the_key(store: Container, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    admission(store, key=KEY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("circulation.aws.table.Table.query", unavailable)
        refusal(store, key="wr0ng-key", at=NOW + REFRESH)
    assert "could not be read" in caplog.text
    assert KEY not in caplog.text
    assert "wr0ng-key" not in caplog.text


def test_the_two_secrets_are_looked_up_apart(store: Container) -> None:
    assert (SHARES, TOKENS) == ("SHARE", "TOKEN")
    assert isinstance(refusal(store, key=READER), ShareEnded)
    assert isinstance(refusal(store, token=KEY), TokenRequired)
