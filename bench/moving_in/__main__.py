"""Import each source of a folder into a local stack, and compare what it shows with the source."""

import argparse
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.moving_in.comparison import compare, compare_addresses
from bench.moving_in.parsers import UnreadError
from bench.moving_in.reading import compared
from bench.moving_in.report import Checked, write_report
from bench.moving_in.shown import read_sitemap, read_stack
from bench.moving_in.sources import find_sources, read_source
from bench.moving_in.stack import StackError, import_source, running_stack


def main(arguments: list[str]) -> int:
    """Check every source; the exit code is 1 if one misses a target."""
    parser = argparse.ArgumentParser(prog="python -m bench.moving_in", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder of sources, or one source")
    parser.add_argument(
        "--site", default="https://site.example/", help="the address of sources that name none"
    )
    parser.add_argument(
        "--command",
        default=str(Path(sys.executable).with_name("circulation")),
        help="the circulation to check, of any version",
    )
    options = parser.parse_args(arguments)
    sources = list(find_sources(options.folder))
    if not sources:
        parser.error(f"there is no source in {options.folder}")
    checked = []
    for source in sources:
        name = str(source.relative_to(options.folder)) if source != options.folder else source.name
        sys.stderr.write(f"{name}\n")
        checked.append(check(source, name, options.command, options.site))
    sys.stdout.write(write_report(checked))
    return 1 if any(source.misses() for source in checked) else 0


def check(source: Path, name: str, command: str, site: str) -> Checked:
    """Import one source into a stack of its own, and compare."""
    checked = Checked(name)
    try:
        articles = read_source(source, site, datetime.now(UTC))
        checked.public = sum(article.state == "public" for article in articles)
        with running_stack(command) as url:
            checked.statuses, checked.reasons = import_source(command, url, source, site)
            for surface, shown in read_stack(url).items():
                checked.surfaces[surface] = compare(articles, shown)
            addresses = (compared(address) for address in read_sitemap(url))
            checked.surfaces["sitemap"] = compare_addresses(articles, addresses)
    except (UnreadError, StackError, OSError, ValueError) as error:
        checked.fault = f"cannot be compared: {error}"
    return checked


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by way of what stops the stack
    sys.exit(main(sys.argv[1:]))
