"""What has to become of the canary: a rule from facts to findings, which asks nobody."""

from collections.abc import Iterator
from dataclasses import dataclass

from circulation_cli.examination.findings import Finding, Level

OK, WARN, FAIL, _ = Level
GONE = 410


@dataclass(frozen=True, slots=True)
class Flight:
    """What became of the canary. A number of views is None where there was no answer."""

    before: int = 0
    """Its views before."""
    answers: tuple[tuple[int, bool, str, int | None], ...] = ()
    """To each of two requests of one view: status, whether it counted, why not, and the views."""
    tallied: int | None = None
    """The views that were shown in the end."""
    waited: float = 0.0
    """Seconds until then."""
    status_after: int = 0
    """What the API answers once it is unpublished."""
    error: str = ""
    """Why it was broken off; empty if it was not."""
    left: str = ""
    """Why it is still published; empty if it is not."""
    taken: bool = False
    """Whether an article of the publisher's has its id, which it had before the id was reserved."""


def judge_flight(flight: Flight, *, day: str) -> Iterator[Finding]:
    """Judge whether the canary was counted once, shown, and taken away; say what is left of it."""
    subject = "canary"
    if flight.taken:
        text = "an article has its id, circulation-canary; nothing was tried"
        yield Finding(FAIL, subject, text, "publish the article under another id and unpublish it")
        return
    if flight.error:
        yield Finding(FAIL, subject, f"was broken off: {flight.error}", "look at FunctionLogs")
    reasons = {reason for _, _, reason, _ in flight.answers if reason}
    if "own" in reasons:
        text = "was not counted, as this network is one of OwnNetworks"
        yield Finding(WARN, subject, text, "ask from another network")
    elif flight.answers:
        yield from _judge_counting(flight)
    if flight.left:
        text = f"is still published: {flight.left}"
        yield Finding(FAIL, subject, text, "circulation doctor --canary unpublishes it at its end")
    elif not flight.error:
        well = flight.status_after == GONE
        text = f"is unpublished: its number answers {flight.status_after}"
        advice = "" if well else f"it should be {GONE}; wait ten seconds and ask again"
        yield Finding(OK if well else WARN, subject, text, advice)
    if flight.answers:
        text = (
            f"left: its counter (unpublished), its page of {day} and a line of the ledger,"
            " which expires in four days; no list, ranking, total or export has them"
        )
        yield Finding(OK, subject, text)


def _judge_counting(flight: Flight) -> Iterator[Finding]:
    wanted = flight.before + 1
    once = [(200, True, "", wanted)] * 2
    if list(flight.answers) == once:
        text = f"one view, sent twice with one nonce, is counted once: {wanted}"
        yield Finding(OK, "canary", text, assumptions=(16,))
    else:
        answers = "; ".join(
            f"{status} {'counted' if counted else reason or 'not counted'}, {views} views"
            for status, counted, reason, views in flight.answers
        )
        text = f"one view, sent twice, was answered: {answers}; {wanted} views were expected"
        advice = "look at FunctionLogs; a stack of an earlier version knows no canary"
        yield Finding(FAIL, "canary", text, advice, (16,))
        return
    if flight.tallied == wanted:
        text = f"its view is tallied after {flight.waited:.0f} s"
        yield Finding(OK, "canary", text, assumptions=(13,))
    elif not flight.error:
        text = f"{flight.tallied} views are shown after {flight.waited:.0f} s, not {wanted}"
        advice = "look at the mapping of TallyViews: docs/operations.md#tallyviewsstopped"
        yield Finding(FAIL, "canary", text, advice, (13,))
