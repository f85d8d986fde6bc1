"""The full simulations: python -m tests.simulation, on every core, with a seed that it prints."""

import gc
import logging
import math
import os
import secrets
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
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


def live(seed: int, views: int) -> Outcome:
    outcome = World(seed, Plan(views), settings_of_world()).run()
    gc.collect()  # a world and its tables know each other
    return outcome


def send(seed: int, subscribers: int) -> Sending:
    plan = large_plan(subscribers, CALENDARS[seed % len(CALENDARS)])
    world = Mailing(seed, plan).run()
    outcome = Sending(seed, world.sends, world.faults, world.doubled, world.broken)
    del world
    gc.collect()  # likewise
    return outcome


def simulate_views(views: int, seed: int, map_worlds: Map) -> bool:
    """Live through that many views, in worlds of some days; tell whether anything broke."""
    worlds = math.ceil(views / MAX_VIEWS)
    click.echo(f"{views:,} views in {worlds} worlds, seed {seed}")
    start = time.monotonic()
    seeds = range(seed, seed + worlds)
    outcomes: list[Outcome] = []
    for number, outcome in zip(
        seeds, map_worlds(live, seeds, [views // worlds] * worlds), strict=True
    ):
        outcomes.append(outcome)
        for problem in outcome.broken[:10]:
            click.echo(f"seed {number}: {problem}")
    click.echo(
        f"{sum(outcome.faults for outcome in outcomes):,} faults, "
        f"{sum(outcome.views for outcome in outcomes):,} views in the ledger, "
        f"{sum(outcome.acknowledged for outcome in outcomes):,} acknowledged, "
        f"{sum(outcome.errors for outcome in outcomes)} errors, "
        f"{time.monotonic() - start:.0f} s"
    )
    return any(outcome.errors or outcome.broken for outcome in outcomes)


def simulate_sends(sends: int, seed: int, map_worlds: Map) -> bool:
    """Live through about that many mails, in worlds of some days; tell whether anything broke."""
    worlds = math.ceil(sends / MAX_MAILS)
    subscribers = math.ceil(sends / worlds / MAILS_EACH)
    click.echo(f"{sends:,} sends in {worlds} worlds of {subscribers:,} subscribers, seed {seed}")
    start = time.monotonic()
    seeds = range(seed, seed + worlds)
    outcomes: list[Sending] = []
    for outcome in map_worlds(send, seeds, [subscribers] * worlds):
        outcomes.append(outcome)
        for problem in outcome.broken[:10]:
            click.echo(f"seed {outcome.seed}: {problem}")
    errors = sum(len(outcome.broken) for outcome in outcomes)
    click.echo(
        f"{sum(outcome.faults for outcome in outcomes):,} faults, "
        f"{sum(outcome.sends for outcome in outcomes):,} mails that SES took, "
        f"{sum(outcome.doubled for outcome in outcomes):,} of them a second time, "
        f"{errors} errors, {time.monotonic() - start:.0f} s"
    )
    return errors > 0


@click.command()
@click.option("--views", default=1_000_000, type=NUMBER, show_default=True, help="0 for none.")
@click.option("--sends", default=1_000_000, type=NUMBER, show_default=True, help="0 for none.")
@click.option("--seed", default=None, type=int, help="To see the same again.")
def simulate(views: int, sends: int, seed: int | None) -> None:
    """Live through that many views and mails on all cores, and fail on any error."""
    seed = secrets.randbits(32) if seed is None else seed
    cores = os.cpu_count() or 1
    is_broken = False
    # A world is millions of small objects and no rubbish; looking for it takes long.
    if views:
        with ProcessPoolExecutor(cores, initializer=gc.disable) as processes:
            is_broken |= simulate_views(views, seed, processes.map)
    if sends:  # in fresh processes, as those of the views never gave their memory back
        with ProcessPoolExecutor(cores, initializer=be_quiet) as processes:
            is_broken |= simulate_sends(sends, seed, processes.map)
    sys.exit(is_broken)


if __name__ == "__main__":
    if sys.flags.hash_randomization:  # sets would have another order, and a seed make another world
        os.execve(sys.executable, sys.orig_argv, os.environ | {"PYTHONHASHSEED": "0"})  # noqa: S606
    simulate()
