"""The worlds hold without the SDK's hands on the hot calls, and each rule of the bytes is needed.

Mutants take one rule of DirectClient or of its connections away.
"""

import json
import random
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from circulation.aws import connection
from circulation.aws.connection import Answer, Connection, NoPlainAnswer
from circulation.aws.direct_client import DirectClient
from circulation.aws.table import Change, ConditionFailed, Table
from circulation.settings import Settings
from tests.simulation import mailing, weeks
from tests.simulation.dynamodb import NOT_DONE, DynamoDB, Fate
from tests.simulation.mailing import Mailing
from tests.simulation.weeks import Weeks
from tests.simulation.wire import direct_client
from tests.simulation.world import Plan, World

SEED = 20_260_314
PLAN = Plan(views=1_000, lost=0.2, looking=0.5, direct=True)
"""Many answers are lost, and many people look at what came of it."""
KEY = {"pk": "P", "sk": "a"}
ONCE = Change.setting({"at": b"\0"}, condition="attribute_not_exists(pk)")
Patch = pytest.MonkeyPatch


class Tables:
    """Tables of which the first attempt of each name has the fate that there is for it."""

    def __init__(self, seed: int, **fates: Fate) -> None:
        self.attempts: list[str] = []
        self.written = 0
        self._fates = fates
        self._dynamodb = DynamoDB(self._choose, self._write)
        self.by_sdk = self._dynamodb.calls
        dice = random.Random(seed)  # noqa: S311  chance that can be repeated
        self.table = Table(cast("Any", direct_client(self._dynamodb, dice)), "T")

    def _choose(self, name: str) -> Fate:
        self.attempts.append(name)
        return self._fates.pop(name, Fate.DONE)

    def _write(self, *_: object) -> None:
        self.written += 1

    def finds_itself(self) -> bool:
        """Write what is written once; tell whether it was there already."""
        try:
            self.table.update(KEY, ONCE)
        except ConditionFailed:
            return True
        return False


@pytest.mark.parametrize("fate", Fate)
def test_a_call_that_has_no_plain_answer_is_made_again_by_the_sdk(fate: Fate) -> None:
    for seed in range(SEED, SEED + 60):
        tables = Tables(seed, update_item=fate)
        assert tables.finds_itself() is (fate is not Fate.DONE and fate not in NOT_DONE)
        assert tables.written == 1
        assert tables.by_sdk == ({} if fate is Fate.DONE else {"update_item": 1})
        assert tables.attempts == ["connect", "update_item", *tables.by_sdk.elements()]
        assert tables.table.get(KEY, consistent=True) == {**KEY, "at": b"\0"}


def test_a_call_for_which_there_is_no_connection_is_made_by_the_sdk() -> None:
    tables = Tables(SEED, connect=Fate.UNREACHED)
    assert not tables.finds_itself()
    assert tables.attempts == ["connect", "update_item"]
    assert tables.by_sdk == {"update_item": 1}


def test_whatever_goes_wrong_in_bytes_no_view_is_lost_or_doubled(settings: Settings) -> None:
    world = World(SEED, PLAN, settings).run()
    assert (world.errors, world.broken) == (0, ())
    assert world.faults > PLAN.views
    assert world.acknowledged > 0.9 * PLAN.views


def test_every_number_stays_true_through_weeks_of_it(settings: Settings) -> None:
    plan = weeks.Plan(failing=0.1, direct=True)
    for seed in range(SEED, SEED + 4):
        assert Weeks(seed, settings, plan).run().broken == []


def test_every_mail_is_sent_as_promised_through_days_of_it() -> None:
    assert Mailing(SEED, mailing.Plan(direct=True)).run().broken == []


# The rules


def again_without_its_condition(patch: Patch) -> None:
    """A call whose answer was lost is made again, and whatever stands there."""
    send = DirectClient._sent  # noqa: SLF001

    def sent(client: DirectClient, operation: str, body: bytes) -> Answer:
        try:
            return send(client, operation, body)
        except (OSError, NoPlainAnswer):
            request = json.loads(body)
            request.pop("ConditionExpression", None)
            return send(client, operation, json.dumps(request).encode())

    patch.setattr(DirectClient, "_sent", sent)


def left_over(patch: Patch) -> None:
    """What was left on a connection that rested is the next call's answer."""
    patch.setattr(Connection, "is_closed", lambda _: False)


def rested_after_a_failure(patch: Patch) -> None:
    """A connection is used again though its answer had not come."""

    def exchanged(client: DirectClient, opened: Connection, request: bytes) -> Answer:
        try:
            return opened.exchange(request)
        finally:
            client._resting.append(opened)  # noqa: SLF001

    patch.setattr(DirectClient, "_exchanged", exchanged)


def unchecked(patch: Patch) -> None:
    """A checksum that does not fit is no matter."""
    read = connection._read_head  # noqa: SLF001

    def read_head(head: bytes) -> tuple[int, Mapping[bytes, bytes]]:
        status, headers = read(head)
        return status, {name: headers[name] for name in headers if name != b"x-amz-crc32"}

    patch.setattr(connection, "_read_head", read_head)


def throttled_is_refused(patch: Patch) -> None:
    """Whatever is answered with 400 is the refusal of a condition."""
    send = DirectClient._sent  # noqa: SLF001

    def sent(client: DirectClient, operation: str, body: bytes) -> Answer:
        answer = send(client, operation, body)
        if answer.status != 400:
            return answer
        content = json.loads(answer.body) | {"__type": "#ConditionalCheckFailedException"}
        return Answer(answer.status, json.dumps(content).encode(), answer.keeps_open)

    patch.setattr(DirectClient, "_sent", sent)


@pytest.mark.parametrize(
    "mutant",
    [
        again_without_its_condition,
        left_over,
        rested_after_a_failure,
        unchecked,
        throttled_is_refused,
    ],
)
def test_without_any_one_rule_of_the_bytes_counts_are_wrong(
    settings: Settings, monkeypatch: Patch, mutant: Callable[[Patch], None]
) -> None:
    mutant(monkeypatch)
    try:
        world = World(SEED, PLAN, settings).run()
    except (
        LookupError,
        ValueError,
        TypeError,
    ):  # an answer of another call, which no code can read
        return
    assert world.errors or world.broken, mutant.__doc__
