"""circulation demo: fill the local stack with a made-up year of articles and readers."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from circulation.articles.listing import ALL
from circulation.popularity.memory import Memory
from circulation.popularity.ranking import rank_popular
from circulation.runtime import Container, container
from circulation.settings import SettingsError
from circulation.statistics.feed_readers import FeedReaderBook
from circulation.statistics.reader_apps import read_subscribers
from circulation.statistics.rolling_up import RollupMemory, roll_up
from circulation.times import LAST, format_time
from circulation_cli.deployment import DEFAULT_STATE
from circulation_cli.local_stack import demo as newspaper
from circulation_cli.local_stack.child import EngineError
from circulation_cli.local_stack.dynoxide import trim_stream
from circulation_cli.local_stack.state import OtherState
from circulation_cli.local_stack.stream_pump import Positions, StreamPump
from circulation_cli.local_stack.template import ParameterError
from circulation_cli.newsroom.audience import Audience
from circulation_cli.newsroom.filling import Filled, fill
from circulation_cli.newsroom.pieces import Piece, write_pieces, write_story
from circulation_cli.newsroom.year_rollups import roll_up_year
from circulation_cli.refused import Refused
from circulation_cli.serve import OTHER_STATE, OpenTables, open_tables

MAX_ARTICLES, MAX_DAYS = 2_000, 730
FEED_READERS = (
    ("Feedly/1.0 (+http://www.feedly.com/fetcher.html; 412 subscribers)", "/feed.rss"),
    ("NewsBlur Feed Fetcher - 63 subscribers - https://newsblur.com/site/1/a", "/feed.rss"),
    ("Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 128 subscribers)", "/feed.atom"),
    ("Feedbin feed-id:11 - 31 subscribers", "/sections/city/feed.rss"),
)
"""The user agents of feed readers, and the feeds that they ask for."""
_FACT = "year"
_BEGUN = "begun"


@click.command()
@click.option(
    "--articles", default=500, show_default=True, type=click.IntRange(1, MAX_ARTICLES),
    help="How many articles are published in the time.",
)  # fmt: skip
@click.option(
    "--days", default=365, show_default=True, type=click.IntRange(2, MAX_DAYS),
    help="How many days until now are filled.",
)  # fmt: skip
@click.option(
    "--seed", default=1, show_default=True,
    help="Another number makes other articles and readers.",
)  # fmt: skip
@click.option("--story", is_flag=True, help="Add a breaking story of this morning.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(1, 65535),
    help="The port at which the stack will run; the articles' addresses have it.",
)  # fmt: skip
@click.option(
    "--state", default=DEFAULT_STATE, show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The directory in which articles and counts are stored.",
)  # fmt: skip
def demo(  # noqa: PLR0913  its options
    *, articles: int, days: int, seed: int, story: bool, port: int, state: Path
) -> None:
    """Fill the local stack with made-up articles and their readers, until this minute.

    The stack must not run, and have no articles but those of the demo newspaper. Every number is
    exact, as if each view had been counted. It takes a minute or two; done a second time, it
    changes nothing.
    """
    base_url = f"http://127.0.0.1:{port}"
    try:
        with open_tables(state, base_url, {}) as tables:
            done = tables.state.fact(_FACT)
            if done and done != _BEGUN:
                click.echo(f"{state} was filled at {done}")
                return
            _check_empty(container(), base_url, is_begun=done == _BEGUN)
            tables.state.note(_FACT, _BEGUN)
            now = datetime.now(UTC)
            zone = container().settings.zone
            pieces = write_pieces(articles, days, seed=seed, now=now, zone=zone, base_url=base_url)
            pieces += [write_story(now=now, zone=zone, base_url=base_url)] if story else []
            filled = _fill(pieces, Audience(seed, days, now=now, zone=zone), tables, state)
            tables.state.note(_FACT, format_time(now))
    except (EngineError, OtherState, ParameterError, SettingsError) as error:
        raise Refused(str(error)) from error
    click.echo(f"{filled.articles:,} articles with {filled.views:,} views are in {state}")


def _check_empty(runtime: Container, base_url: str, *, is_begun: bool) -> None:
    """Check that nobody's articles are in the library. Raises Refused."""
    if is_begun:
        raise Refused(f"an earlier circulation demo was interrupted; {OTHER_STATE}")
    own = {article["id"] for article in newspaper.articles(base_url, datetime.now(UTC))}
    library = runtime.catalogue.library
    published = {place.article for place in library.places(ALL, until=LAST)}
    if published - own or set(library.unpublished("", limit=len(own) + 1)) - own:
        raise Refused(f"there are articles already, and they stay as they are; {OTHER_STATE}")


def _fill(pieces: list[Piece], audience: Audience, tables: OpenTables, folder: Path) -> Filled:
    runtime = container()
    filled = fill(pieces, audience, runtime, progress=_say)
    stream = StreamPump(
        tables.template,
        Positions(tables.state),
        trim=partial(trim_stream, folder) if tables.are_durable else None,
        died=_say,
    )
    while stream.run_round() == 0:
        pass
    stream.finish()
    _say("rankings and roll-ups")
    for agent, feed in FEED_READERS:
        readers = read_subscribers(agent)
        if readers:  # a container pauses between two notes
            FeedReaderBook(runtime.library_table).note(feed, readers, now=audience.now)
    roll_up_year(filled.days, filled.filtered, filled.closed, runtime, now=audience.now)
    found = rank_popular(
        runtime.charts, runtime.catalogue, runtime.books, Memory(),
        now=audience.now, clock=datetime.now(UTC),
    )  # fmt: skip
    if found:
        roll_up(
            found, runtime.rollup_sources, RollupMemory(),
            now=audience.now, clock=datetime.now(UTC),
        )  # fmt: skip
    return filled


def _say(what: str) -> None:
    click.echo(f"  {what}", err=True)
