"""The full simulations: python -m tests.simulation, on every core, with a seed that it prints."""

import gc
import logging
import math
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import click

from tests.simulation.conftest import settings_of_world
from tests.simulation.mailing import CALENDARS, Mailing, large_plan
from tests.simulation.world import Outcome, Plan, World

Map = Callable[..., Iterable[Any]]
"""As the function map."""
NUMBER = click.IntRange(min=0)
MAX_VIEWS = 50_000
"""Of a world of views: its records stay in memory."""
MAX_MAILS = 28_000
"""Of a world of mail: so many of its hours are over before the next day's digest."""
MAILS_EACH = 2.9
"""Of a subscriber in a world of three digests, as some leave meanwhile."""
SDK, DIRECT = "sdk", "direct"
PART = 10
"""Of views and mails in all, one in so many is lived through without the SDK besides: a call over
a connection of bytes takes thrice as long."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What a world of mail came to."""

    seed: int
    sends: int
    faults: int
    doubled: int
    broken: list[str]


def be_quiet() -> None:
    gc.disable()
    logging.disable()  # of every mail that is refused


def live(seed: int, views: int, road: str) -> Outcome:
    outcome = World(seed, Plan(views, direct=road == DIRECT), settings_of_world()).run()
    gc.collect()  # a world and its tables know each other
    return outcome


def send(seed: int, sends: int, road: str) -> Sending:
    plan = large_plan(math.ceil(sends / MAILS_EACH), CALENDARS[seed % len(CALENDARS)])
    plan = replace(plan, direct=road == DIRECT)
    world = Mailing(seed, plan).run()
    outcome = Sending(seed, world.sends, world.faults, world.doubled, world.broken)
    del world
    gc.collect()  # likewise
    return outcome


def divided(amount: int, most: int, road: str | None) -> list[tuple[int, str]]:
    """Divide views or mails among worlds; give each one's share and the road of its hot calls."""
    amounts = {SDK: amount, DIRECT: amount // PART} if road is None else {road: amount}
    worlds = {road: math.ceil(amount / most) for road, amount in amounts.items()}
    return [(amounts[road] // count, road) for road, count in worlds.items() for _ in range(count)]


def simulate_views(views: int, seed: int, map_worlds: Map, road: str | None = None) -> bool:
    """Live through that many views, in worlds of some days; tell whether anything broke."""
    shares = divided(views, MAX_VIEWS, road)
    start = begin("views", shares, seed)
    seeds = range(seed, seed + len(shares))
    outcomes: list[Outcome] = []
    for number, (_, way), outcome in zip(
        seeds, shares, map_worlds(live, seeds, *zip(*shares, strict=True)), strict=True
    ):
        outcomes.append(outcome)
        for problem in outcome.broken[:10]:
            click.echo(f"seed {number}, {way}: {problem}")
    click.echo(
        f"{sum(outcome.faults for outcome in outcomes):,} faults, "
        f"{sum(outcome.views for outcome in outcomes):,} views in the ledger, "
        f"{sum(outcome.acknowledged for outcome in outcomes):,} acknowledged, "
        f"{sum(outcome.errors for outcome in outcomes)} errors, "
        f"{time.monotonic() - start:.0f} s"
    )
    return any(outcome.errors or outcome.broken for outcome in outcomes)


def simulate_sends(sends: int, seed: int, map_worlds: Map, road: str | None = None) -> bool:
    """Live through about that many mails, in worlds of some days; tell whether anything broke."""
    shares = divided(sends, MAX_MAILS, road)
    start = begin("sends", shares, seed)
    seeds = range(seed, seed + len(shares))
    outcomes: list[Sending] = []
    for (_, way), outcome in zip(
        shares, map_worlds(send, seeds, *zip(*shares, strict=True)), strict=True
    ):
        outcomes.append(outcome)
        for problem in outcome.broken[:10]:
            click.echo(f"seed {outcome.seed}, {way}: {problem}")
    errors = sum(len(outcome.broken) for outcome in outcomes)
    click.echo(
        f"{sum(outcome.faults for outcome in outcomes):,} faults, "
        f"{sum(outcome.sends for outcome in outcomes):,} mails that SES took, "
        f"{sum(outcome.doubled for outcome in outcomes):,} of them a second time, "
        f"{errors} errors, {time.monotonic() - start:.0f} s"
    )
    return errors > 0


def begin(what: str, shares: Sequence[tuple[int, str]], seed: int) -> float:
    """Say what is about to be lived through; give when it begins."""
    direct = [share for share, road in shares if road == DIRECT]
    click.echo(
        f"{sum(share for share, _ in shares):,} {what} in {len(shares)} worlds, "
        f"{sum(direct):,} in {len(direct)} of them without the SDK, seed {seed}"
    )
    return time.monotonic()


@click.command()
@click.option("--views", default=1_000_000, type=NUMBER, show_default=True, help="0 for none.")
@click.option("--sends", default=1_000_000, type=NUMBER, show_default=True, help="0 for none.")
@click.option("--seed", default=None, type=int, help="To see the same again.")
@click.option(
    "--road",
    type=click.Choice([SDK, DIRECT]),
    help="Of the hot calls; by default the SDK's, and a tenth as much without it besides.",
)
def simulate(views: int, sends: int, seed: int | None, road: str | None) -> None:
    """Live through that many views and mails on all cores, and fail on any error."""
    seed = secrets.randbits(32) if seed is None else seed
    cores = os.cpu_count() or 1
    is_broken = False
    # A world is millions of small objects and no rubbish; looking for it takes long.
    if views:
        with ProcessPoolExecutor(cores, initializer=gc.disable) as processes:
            is_broken |= simulate_views(views, seed, processes.map, road)
    if sends:  # in fresh processes, as those of the views never gave their memory back
        with ProcessPoolExecutor(cores, initializer=be_quiet) as processes:
            is_broken |= simulate_sends(sends, seed, processes.map, road)
    sys.exit(is_broken)


if __name__ == "__main__":
    if sys.flags.hash_randomization:  # sets would have another order, and a seed make another world
        os.execve(sys.executable, sys.orig_argv, os.environ | {"PYTHONHASHSEED": "0"})  # noqa: S606
    simulate()
