"""Run a load: `make load`, or with --short what the tests run as well."""

import random
import signal
import sys

import click

from bench.load.machine import BY_SDK, SERVE, WITH_DOOR
from bench.load.run import Plan, run, summary

ANSWERS_FIRST = (sys.executable, "-m", "bench.load.answers_first", "serve")


@click.command()
@click.option("--seed", type=int, help="Of a run to make again; else one at random, which is told.")
@click.option("--articles", default=100, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--views", default=5_000, show_default=True, type=click.IntRange(1, 1_000_000))
@click.option("--kills", default=5, show_default=True, type=click.IntRange(0, 50))
@click.option("--pauses", default=2, show_default=True, type=click.IntRange(0, 50))
@click.option(
    "--answers-first", is_flag=True, help="Load a stack that answers before it writes: must fail."
)
@click.option("--door", is_flag=True, help="Send views to an address of their own (ViewDoor).")
@click.option("--by-sdk", is_flag=True, help="Have the SDK make every call (DirectCalls=off).")
def load(  # noqa: PLR0913  its options
    seed: int | None,
    articles: int,
    views: int,
    kills: int,
    pauses: int,
    *,
    answers_first: bool,
    door: bool,
    by_sdk: bool,
) -> None:
    """Load a stack on this machine, kill its parts, and compare what it shows with the answers."""
    chosen = random.randrange(2**32) if seed is None else seed  # noqa: S311  printed below
    command: tuple[str, ...] = ANSWERS_FIRST if answers_first else WITH_DOOR if door else SERVE
    command += (BY_SDK,) if by_sdk else ()
    outcome = run(Plan(chosen, articles, kills, pauses, views), command)
    click.echo(summary(outcome))
    for fault in outcome.faults:
        click.echo(f"  {fault}")
    sys.exit(0 if outcome.is_right else 1)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by way of what stops the stacks
    load()
