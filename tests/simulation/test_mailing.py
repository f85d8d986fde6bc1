"""Whatever becomes of calls, messages and events: nobody is left out, and each rule is needed."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from circulation.aws.mail_service import MailService, MailUncertain
from circulation.aws.table import Change, Table
from circulation.mail import delivering
from circulation.mail.deliveries import Deliveries, Reader
from circulation.mail.delivering import DigestStores
from circulation.mail.digest_queue import Portion
from circulation.mail.sender import Plan as SendingPlan
from circulation.mail.subscriber import Frequency
from tests.simulation.__main__ import simulate_sends
from tests.simulation.mailing import CALENDARS, BrokenOff, Mailing, Plan, large_plan, write_briefly

SEED = 20_261_127
WORLDS = 4
Patch = pytest.MonkeyPatch


def live(worlds: int = WORLDS, plan: Plan | None = None) -> list[str]:
    """Give what is broken in the first world that has anything broken."""
    plan = plan or Plan(write=write_briefly)
    for seed in range(SEED, SEED + worlds):
        world = Mailing(seed, replace(plan, calendar=CALENDARS[seed % len(CALENDARS)])).run()
        if world.broken:
            print(f"seed {seed}: {world.broken[0]}")  # noqa: T201  shown when the test fails
            return world.broken
    return []


def test_nobody_is_left_out_and_a_second_mail_needs_a_lost_answer_and_event() -> None:
    assert live(WORLDS) == []


def test_real_letters_are_the_same_for_all_who_chose_the_same() -> None:
    assert live(2, Plan(subscribers=30)) == []


def test_a_large_world_in_which_less_fails_is_as_right() -> None:
    world = Mailing(SEED, large_plan(700, CALENDARS[0])).run()
    assert world.broken == []
    assert world.sends > 1_900
    assert world.faults > world.sends // 10


@dataclass
class BrokenOnce(Mailing):
    """A world in which nothing fails, but one run is broken off before one call or after it."""

    at: int = 0
    steps: int = 0

    def _break(self) -> None:
        self.steps += 1
        if self.steps == self.at:
            raise BrokenOff


def test_broken_off_between_any_two_steps_each_is_sent_one_mail(monkeypatch: Patch) -> None:
    monkeypatch.setattr(delivering, "all_buckets", lambda: ["00"])
    chances: dict[str, Any] = {chance.name: 0 for chance in fields(Plan) if chance.type is float}
    plan = Plan(subscribers=3, digests=2, write=write_briefly, **chances)
    whole = BrokenOnce(SEED, plan).run()
    assert whole.steps > 50
    for at in range(1, whole.steps + 1):
        world = BrokenOnce(SEED, plan, at=at).run()
        assert (world.broken, world.sends) == ([], 6), at


def test_a_world_is_the_same_when_its_seed_is() -> None:
    first, again, other = (Mailing(seed, Plan(write=write_briefly)).run() for seed in (1, 1, 2))
    assert (first.sends, first.faults) == (again.sends, again.faults)
    assert (first.sends, first.faults) != (other.sends, other.faults)
    assert first.faults > first.sends


def no_claim(patch: Patch) -> None:
    """A mail is sent to whoever was read, without a conditional write before it."""
    patch.setattr(Deliveries, "claim", lambda _, reader, *__, **___: reader)


def cursor_moved_at_the_read(patch: Patch) -> None:
    """A portion is over as soon as it was read: what is broken off does not come again."""
    redeliver = Mailing._redeliver  # noqa: SLF001

    def once(world: Mailing, message: Any) -> None:
        if not isinstance(message, Portion):
            redeliver(world, message)

    patch.setattr(Mailing, "_redeliver", once)


def retried_by_the_sdk(patch: Patch) -> None:
    """A mail of which nobody knows is sent again at once."""
    send = MailService.send

    def again(*what: Any) -> str:
        try:
            return send(*what)
        except MailUncertain:
            return send(*what)

    patch.setattr(MailService, "send", again)


def no_reconciling(patch: Patch) -> None:
    """What is left without anybody knowing is not looked at again."""
    send = Mailing.send

    def forgetful(world: Mailing, portion: Portion, *, delay: int = 0) -> None:
        if not portion.reconciles:
            send(world, portion, delay=delay)

    patch.setattr(Mailing, "send", forgetful)


def reconciled_without_events(patch: Patch) -> None:
    """What SES says of mails is not asked before they are sent again."""
    patch.setattr(Deliveries, "record_sent", lambda *_: None)


def claimed_again_while_another_sends(patch: Patch) -> None:
    """A mail that is being sent counts as left at once."""
    patch.setattr(delivering, "MAX_DELAY", 60)
    patch.setattr("circulation.mail.deliveries.LEASE", timedelta(seconds=-1))


def utc_date(patch: Patch) -> None:
    """A digest is named by the date in UTC."""

    def due(_: SendingPlan, at: datetime) -> list[tuple[Frequency, str]]:
        return [(Frequency.DAILY, at.astimezone(UTC).date().isoformat())]

    patch.setattr(SendingPlan, "due", due)


def bounces_counted_each_time(patch: Patch) -> None:
    """An event that comes twice is counted twice."""
    suppress = Deliveries.suppress

    def again(deliveries: Deliveries, subscriber: str, digest: str, kind: str) -> bool:
        if suppress(deliveries, subscriber, digest, kind):
            return True
        frequency, _, date = digest.partition("-")
        deliveries.count(Frequency(frequency), date, {kind: 1})
        return False

    patch.setattr(Deliveries, "suppress", again)


def loosen(patch: Patch, condition: str, loose: str) -> None:
    """Let a claim ask less of the item."""
    update = Table.update

    def careless(table: Table, key: Any, change: Change, *, whole: bool = False) -> Any:
        if whole:  # it is a claim
            values = {**change.values, ":nothing": "nothing", ":ended": "ended"}
            asked = change.condition.replace(condition, loose)
            change = replace(change, condition=asked, values=values)
        return update(table, key, change, whole=whole)

    patch.setattr(Table, "update", careless)


def ended_before_the_claim(patch: Patch) -> None:
    """A claim does not ask whether the subscription still stands."""
    loosen(patch, "#state = :confirmed", "#state <> :nothing")


def suppression_from_a_stale_copy(patch: Patch) -> None:
    """Whether mail bounced or annoyed is read with the portion, and not asked at the claim."""
    loosen(patch, "#state = :confirmed", "#state <> :ended")


def frequency_from_a_stale_copy(patch: Patch) -> None:
    """How often a person wants a digest is read with the portion."""
    loosen(patch, "#frequency = :frequency", "#frequency <> :nothing")


def pause_from_a_stale_copy(patch: Patch) -> None:
    """Whether a person paused is read with the portion."""
    loosen(patch, "#paused <= :date", "#paused <> :nothing")


def last_digest_from_a_stale_copy(patch: Patch) -> None:
    """Which digest a person was sent last is read with the portion."""
    loosen(patch, "#last = :last", "#last <> :nothing")


def choices_from_a_stale_copy(patch: Patch) -> None:
    """What a person chose is read with the portion."""
    claim = Deliveries.claim

    def careless(deliveries: Deliveries, reader: Reader, *what: Any, **when: Any) -> Reader | None:
        found = claim(deliveries, reader, *what, **when)
        return found and replace(found, choices=reader.choices)

    patch.setattr(Deliveries, "claim", careless)


def content_rendered_again(patch: Patch) -> None:
    """Who resumes the begin of a digest makes its content anew, in place of what was frozen."""
    begin, update = delivering.begin_digests, Table.update

    def careless(table: Table, key: Any, change: Change, **how: Any) -> Any:
        is_content = table.name == "Library"
        return update(table, key, replace(change, condition="") if is_content else change, **how)

    def anew(plan: Any, stores: DigestStores, *what: Any, now: datetime) -> list[str]:
        digests = stores.digests
        forgetful: Any = SimpleNamespace(
            get=lambda *_: None, before=digests.before, freeze=digests.freeze
        )
        return begin(plan, replace(stores, digests=forgetful), *what, now=now)

    patch.setattr(Table, "update", careless)
    patch.setattr("tests.simulation.mailing.begin_digests", anew)


MUTANTS: dict[Callable[[Patch], None], str] = {
    no_claim: "twice",
    cursor_moved_at_the_read: "left out",
    retried_by_the_sdk: "twice",
    no_reconciling: "left out",
    reconciled_without_events: "twice",
    claimed_again_while_another_sends: "twice",
    utc_date: "local date",
    bounces_counted_each_time: "bounces and complaints",
    ended_before_the_claim: "any more",
    suppression_from_a_stale_copy: "any more",
    frequency_from_a_stale_copy: "any more",
    pause_from_a_stale_copy: "any more",
    last_digest_from_a_stale_copy: "twice",
    choices_from_a_stale_copy: "other sections",
    content_rendered_again: "the same for all",
}
"""What is broken without each rule, in the words of what a world notes."""


def test_the_full_simulation_gives_its_counts_and_tells_of_any_error(
    monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not simulate_sends(600, 3, map)
    assert re.search(r"seed 3\n\d+ faults, 6\d\d mails .* 0 errors", capsys.readouterr().out)
    no_claim(monkeypatch)
    assert simulate_sends(600, 3, map)
    assert re.search(r"seed 3, sdk: \w+ got daily-\S+ twice\n", capsys.readouterr().out)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_without_any_one_rule_something_breaks(
    monkeypatch: Patch, mutant: Callable[[Patch], None]
) -> None:
    mutant(monkeypatch)
    assert any(MUTANTS[mutant] in line for line in live(4 * WORLDS)), mutant.__doc__
