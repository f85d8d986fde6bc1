"""The full simulation: python -m tests.simulation, on every core, with a seed that it prints."""

import gc
import os
import secrets
import sys
import time
from concurrent.futures import ProcessPoolExecutor

import click

from tests.simulation.conftest import settings_of_world
from tests.simulation.world import Outcome, Plan, World


def live(seed: int, views: int) -> Outcome:
    gc.disable()  # a world is millions of small objects and no rubbish; looking for it takes long
    return World(seed, Plan(views), settings_of_world()).run()


@click.command()
@click.option("--views", default=1_000_000, show_default=True)
@click.option("--seed", default=None, type=int, help="To see the same again.")
def simulate(views: int, seed: int | None) -> None:
    """Live through that many views, in one world for each core, and fail on any error."""
    seed = secrets.randbits(32) if seed is None else seed
    worlds = os.cpu_count() or 1
    click.echo(f"{views:,} views in {worlds} worlds, seed {seed}")
    start = time.monotonic()
    with ProcessPoolExecutor(worlds) as processes:
        seeds = range(seed, seed + worlds)
        outcomes = list(processes.map(live, seeds, [views // worlds] * worlds))
    for each in outcomes:
        for told in each.broken[:10]:
            click.echo(told)
    click.echo(
        f"{sum(each.faults for each in outcomes):,} faults, "
        f"{sum(each.views for each in outcomes):,} views in the ledger, "
        f"{sum(each.acknowledged for each in outcomes):,} acknowledged, "
        f"{sum(each.errors for each in outcomes)} errors, "
        f"{time.monotonic() - start:.0f} s"
    )
    sys.exit(any(each.errors or each.broken for each in outcomes))


if __name__ == "__main__":
    simulate()
