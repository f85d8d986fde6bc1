"""Who is let in, whatever is made and revoked by whom, whatever the table and the clock do."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from circulation.access.hash_cache import GRACE, LOOKS, LOOKS_PER, PAUSE, REFRESH
from circulation.access.keys import TOKENS, token_key
from circulation.access.token_hashes import ATTEMPTS, TokenExists, Tokens, TooManyTokens
from circulation.access.tokens import MAX_TOKENS, Scope, Token, sha256_of
from circulation.aws.sdk import connect
from circulation.aws.table import Change, ConditionFailed
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation_cli.local_stack.template import Template
from tests.builders import NOW

ROOT = Path(__file__).parents[3]

SECOND = timedelta(seconds=1)


def token(name: str, secret: str | None = None, *scopes: Scope) -> Token:
    return Token(name, sha256_of(secret or name), frozenset(scopes or Scope), NOW)


def names(tokens: Tokens) -> list[str]:
    return [each.name for each in tokens.all()]


class FlakyTable:
    """The one partition of tokens, with DynamoDB's conditions, counting its reads."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.reads = 0
        self.error: Exception | None = None
        self.after_write: Callable[[], object] = lambda: None

    def query(self, partition: str, *, consistent: bool) -> Iterator[dict[str, Any]]:
        assert (partition, consistent) == (TOKENS, True)
        self.reads += 1
        if self.error:
            raise self.error.with_traceback(None)
        yield from (dict(self.items[name]) for name in sorted(self.items))

    def update(self, key: dict[str, str], change: Change) -> dict[str, Any]:
        item = self.items.get(key["sk"])
        if change.condition and item:
            raise ConditionFailed(item)
        values = iter(change.values.values())
        self.items[key["sk"]] = {**key, **dict(zip(change.names.values(), values, strict=True))}
        self.after_write()
        return {}

    def delete(self, key: dict[str, str], condition: Change) -> None:
        item = self.items.get(key["sk"], {})
        wanted = condition.values.get(":sha256", item.get("sha256"))
        if not item or item["sha256"] != wanted:
            raise ConditionFailed({})
        del self.items[key["sk"]]


@pytest.fixture
def table() -> FlakyTable:
    return FlakyTable()


@pytest.fixture
def tokens(table: FlakyTable) -> Tokens:
    return Tokens(table)  # type: ignore[arg-type]


def let_in(tokens: Tokens, secret: str, *, after: timedelta = timedelta(0)) -> bool:
    return tokens.find(sha256_of(secret), now=NOW + after) is not None


def test_tokens_are_kept_by_name_and_only_their_hash_is(store: Container) -> None:
    store.tokens.add(token("b", "secret-b", Scope.READ))
    store.tokens.add(token("a", "secret-a"))
    assert store.tokens.all() == [token("a", "secret-a"), token("b", "secret-b", Scope.READ)]
    assert "secret-" not in str(list(store.library_table.query(TOKENS)))


def test_a_name_is_given_once(store: Container) -> None:
    store.tokens.add(token("cms", "first"))
    with pytest.raises(TokenExists):
        store.tokens.add(token("cms", "second"))
    assert store.tokens.all() == [token("cms", "first")]
    store.tokens.add(token("cms", "first"))  # its own write again, as after a lost answer


def test_what_is_not_there_cannot_be_revoked(store: Container) -> None:
    store.tokens.add(token("cms"))
    assert not store.tokens.revoke("other")
    assert store.tokens.revoke("cms")
    assert not store.tokens.revoke("cms")
    assert store.tokens.all() == []


def test_there_are_as_many_as_there_may_be_and_one_more_changes_nothing(store: Container) -> None:
    for number in range(MAX_TOKENS):
        store.tokens.add(token(f"t{number}"))
    before = store.tokens.all()
    assert len(before) == MAX_TOKENS
    with pytest.raises(TooManyTokens):
        store.tokens.add(token("more"))
    assert store.tokens.all() == before
    assert all(let_in(store.tokens, f"t{number}") for number in range(MAX_TOKENS))
    assert store.tokens.revoke("t7")
    store.tokens.add(token("more"))
    assert len(store.tokens.all()) == MAX_TOKENS


def test_the_tokens_are_one_small_read_at_the_bound(store: Container) -> None:
    for number in range(MAX_TOKENS):
        store.tokens.add(token(f"{number:030}"))
    answer = store.client.query(
        TableName=store.library_table.name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues={":pk": {"S": TOKENS}},
        ConsistentRead=True,
        ReturnConsumedCapacity="TOTAL",
    )
    assert "LastEvaluatedKey" not in answer
    size = sum(
        len(name) + len(str(value)) for item in answer["Items"] for name, value in item.items()
    )
    assert size < 16_384, "4 read units"


def test_of_several_at_once_none_is_lost_and_never_more_stay_than_may(table: FlakyTable) -> None:
    lock = threading.Lock()
    for name in ("update", "delete"):
        bound = getattr(table, name)

        def locked(*arguments: Any, bound: Any = bound) -> Any:
            with lock:
                return bound(*arguments)

        setattr(table, name, locked)
    query = table.query

    def snapshot(partition: str, *, consistent: bool) -> Iterator[dict[str, Any]]:
        with lock:
            return iter(list(query(partition, consistent=consistent)))

    table.query = snapshot  # type: ignore[method-assign]
    made: list[str] = []
    start = threading.Barrier(8)

    def make(writer: int) -> None:
        writers = Tokens(table)  # type: ignore[arg-type]
        start.wait()
        for number in range(10):
            try:
                writers.add(token(f"w{writer}-{number}"))
            except TooManyTokens:
                continue
            made.append(f"w{writer}-{number}")

    threads = [threading.Thread(target=make, args=(writer,)) for writer in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == sorted(table.items)
    assert len(made) <= MAX_TOKENS


def test_who_looks_after_another_came_beyond_the_bound_takes_only_its_own_out(
    table: FlakyTable, tokens: Tokens
) -> None:
    for number in range(MAX_TOKENS - 1):
        tokens.add(token(f"t{number}"))

    def another_comes() -> None:
        table.after_write = lambda: None
        with pytest.raises(TooManyTokens):
            Tokens(table).add(token("another"))  # type: ignore[arg-type]

    table.after_write = another_comes
    tokens.add(token("mine"))
    assert len(table.items) == MAX_TOKENS
    assert "mine" in table.items


def test_a_new_token_works_at_once_and_a_revoked_one_ends_within_a_minute(tokens: Tokens) -> None:
    tokens.add(token("old"))
    assert let_in(tokens, "old")
    assert not let_in(tokens, "new")
    tokens.add(token("new"))
    assert let_in(tokens, "new")
    tokens.revoke("old")
    assert not let_in(tokens, "old", after=REFRESH)
    assert timedelta(minutes=1) >= REFRESH


def test_known_tokens_are_read_once_a_minute(table: FlakyTable, tokens: Tokens) -> None:
    tokens.add(token("cms"))
    before = table.reads
    for second in range(180):
        assert let_in(tokens, "cms", after=second * SECOND)
    assert table.reads - before == 3


@pytest.mark.parametrize("per_second", [1, 5, 100])
def test_unknown_tokens_cannot_make_a_container_read_without_end(
    table: FlakyTable, tokens: Tokens, per_second: int
) -> None:
    tokens.add(token("cms"))
    before, seconds = table.reads, 60
    for number in range(seconds * per_second):
        assert not let_in(tokens, f"guess-{number}", after=number * SECOND / per_second)
    most = LOOKS * (timedelta(seconds=seconds) / LOOKS_PER)
    assert table.reads - before <= most + 2


def test_a_failing_table_and_a_flood_are_borne_as_the_documents_promise() -> None:
    text = " ".join((ROOT / "docs" / "command-line.md").read_text(encoding="utf-8").split())
    for promise, bound in {
        "`revoke NAME` | revokes a token within a minute": timedelta(minutes=1) >= REFRESH,
        "tokens that a container knows are accepted for up to an hour": timedelta(hours=1) == GRACE,
        "at most ten times in ten seconds": (10, timedelta(seconds=10)) == (LOOKS, LOOKS_PER),
    }.items():
        assert promise in text
        assert bound, promise


def test_a_new_token_is_let_in_seconds_after_the_table_answers_again(
    table: FlakyTable, tokens: Tokens
) -> None:
    table.error = FAULTS[0]
    assert not let_in(tokens, "cms")
    table.error = None
    tokens.add(token("cms"))
    assert let_in(tokens, "cms", after=2 * SECOND)


def test_a_new_token_is_found_amid_a_flood_of_unknown_ones(tokens: Tokens) -> None:
    for number in range(1000):
        let_in(tokens, f"guess-{number}")
    tokens.add(token("new"))
    assert let_in(tokens, "new", after=LOOKS_PER)


FAULTS = [
    StoreUnavailable("throttled"),
    ClientError({"Error": {"Code": "AccessDeniedException"}}, "Query"),
    ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "Query"),
    NoCredentialsError(),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault)[:40])
def test_a_table_that_fails_locks_out_nobody_who_is_known_for_an_hour(
    table: FlakyTable, tokens: Tokens, fault: Exception
) -> None:
    tokens.add(token("cms"))
    assert let_in(tokens, "cms")
    table.error = fault
    for minute in range(60):
        assert let_in(tokens, "cms", after=timedelta(minutes=minute))
        assert not let_in(tokens, "unknown", after=timedelta(minutes=minute))
    assert not let_in(tokens, "cms", after=GRACE)
    table.error = None
    assert let_in(tokens, "cms", after=GRACE + PAUSE)


def test_nobody_waits_for_a_failing_table_time_and_again(table: FlakyTable, tokens: Tokens) -> None:
    table.error = FAULTS[0]
    for number in range(200):
        assert not let_in(tokens, f"unknown-{number}", after=number * PAUSE / 200)
    assert table.reads == 1
    assert not let_in(tokens, "unknown", after=PAUSE)
    assert table.reads == 2


def test_a_token_that_was_spoilt_by_hand_lets_nobody_in_and_keeps_nobody_out(
    store: Container,
) -> None:
    store.tokens.add(token("good"))
    spoilt: list[dict[str, Any]] = [
        {},
        {"sha256": sha256_of("x")},
        {"sha256": sha256_of("x"), "scopes": "publish", "created": "2026-03-14T15:09:26Z"},
        {"sha256": sha256_of("x"), "scopes": {"publish"}, "created": "yesterday"},
        {"sha256": 5, "scopes": {"publish"}, "created": "2026-03-14T15:09:26Z"},
        {"sha256": "é", "scopes": {"publish"}, "created": "2026-03-14T15:09:26Z"},
    ]
    for number, attributes in enumerate(spoilt):
        change = Change.setting({**attributes, "note": "by hand"})
        store.library_table.update(token_key(f"spoilt-{number}"), change)
    assert let_in(store.tokens, "good")
    assert not let_in(store.tokens, "x")


def test_scopes_of_a_later_version_are_left_out(store: Container) -> None:
    store.tokens.add(token("cms"))
    store.library_table.update(token_key("cms"), Change.setting({"scopes": {"publish", "mail"}}))
    assert store.tokens.all() == [token("cms", "cms", Scope.PUBLISH)]


@pytest.mark.usefixtures("store")
def test_two_attempts_to_read_leave_the_authorizer_time_to_answer(template: Template) -> None:
    config = connect(attempts=ATTEMPTS).meta.config
    attempts = config.retries["total_max_attempts"]
    # Standard mode waits up to 2 ** n seconds, at most 20, after the attempt n from 0 on.
    waits = sum(min(2**attempt, 20) for attempt in range(attempts - 1))
    longest = attempts * (config.connect_timeout + config.read_timeout) + waits
    assert longest < template.functions()["AuthorizePublisher"]["Timeout"] < 10


class Publishing(RuleBasedStateMachine):
    """Writers make and revoke tokens, containers let in whoever bears one; the clock steps."""

    NAMES = st.sampled_from(["a", "b", "c"])
    CONTAINERS = st.integers(0, 1)

    def __init__(self) -> None:
        super().__init__()
        self.table = FlakyTable()
        self.writer = Tokens(self.table)  # type: ignore[arg-type]
        self.containers = [Tokens(self.table) for _ in range(2)]  # type: ignore[arg-type]
        self.unknown: list[list[timedelta]] = [[] for _ in self.containers]
        """When each container was asked for a token that was not in its cache."""
        self.clock = self.passed = timedelta(0)
        self.serial = 0
        self.valid: dict[str, str] = {}
        """The secret of each name."""
        self.ended: dict[str, timedelta] = {}
        """When each secret was revoked, by the time that passed."""
        self.failed = -GRACE
        """When the table last failed."""
        self.hidden = timedelta(0)
        """How much time clocks that were set back have hidden."""

    @rule(name=NAMES)
    def make(self, name: str) -> None:
        self.serial += 1
        secret = f"{name}-{self.serial}"
        if name in self.valid:
            with pytest.raises(TokenExists):
                self.writer.add(token(name, secret))
        else:
            self.table.error, error = None, self.table.error
            self.writer.add(token(name, secret))
            self.table.error = error
            self.valid[name] = secret

    @rule(name=NAMES)
    def revoke(self, name: str) -> None:
        assert self.writer.revoke(name) is (name in self.valid)
        if name in self.valid:
            self.ended[self.valid.pop(name)] = self.passed

    @rule(seconds=st.integers(1, 90))
    def wait(self, seconds: int) -> None:
        self.clock += seconds * SECOND
        self.passed += seconds * SECOND

    @rule(seconds=st.integers(-30, 7200))
    def step(self, seconds: int) -> None:
        self.clock += seconds * SECOND
        self.hidden += max(0, -seconds) * SECOND

    @rule()
    def fail(self) -> None:
        self.table.error = FAULTS[0]
        self.failed = self.passed

    @precondition(lambda self: self.table.error)
    @rule()
    def recover(self) -> None:
        self.table.error = None
        self.failed = self.passed

    @rule(container=CONTAINERS, name=NAMES)
    def bear_a_valid_one(self, container: int, name: str) -> None:
        if name not in self.valid:
            return
        found = self.find(container, self.valid[name])
        # After a failure the table is left alone for a moment; while it fails anything may be.
        if self.table.error is None and self.passed - self.failed > PAUSE:
            ages = [self.clock - asked for asked in self.unknown[container]]
            lately = [age for age in ages if timedelta(0) <= age < LOOKS_PER]
            assert found == name or len(lately) > LOOKS  # this one and LOOKS before it

    @rule(container=CONTAINERS)
    def bear_revoked_ones(self, container: int) -> None:
        for secret, ended in self.ended.items():
            found = self.find(container, secret)
            passed = self.passed - max(ended, self.failed) - self.hidden
            if self.table.error is None and passed >= REFRESH + PAUSE:
                assert found is None

    @rule(container=CONTAINERS)
    def bear_none(self, container: int) -> None:
        assert self.find(container, "none of them") is None

    @invariant()
    def all_are_listed(self) -> None:
        self.table.error, error = None, self.table.error
        listed = {each.name: each.sha256 for each in self.writer.all()}
        self.table.error = error
        assert listed == {name: sha256_of(secret) for name, secret in self.valid.items()}

    def find(self, container: int, secret: str) -> str | None:
        reads = self.table.reads
        found = self.containers[container].find(sha256_of(secret), now=NOW + self.clock)
        if found is None or self.table.reads > reads:
            self.unknown[container].append(self.clock)
        return found.name if found else None


TestPublishing = Publishing.TestCase
TestPublishing.settings = settings(
    max_examples=150,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
