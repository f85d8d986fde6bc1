"""Refresh the lists that the package carries as data, and prove the translation of isbot's.

`make lists` runs it. The lists come from the newest npm packages; isbot's patterns are translated
for Python and compared with isbot itself, in node, over user agents of bots and of browsers and
over mutants of them. It fails, with what differs, when one is judged otherwise. The user agents are
only looked at here: nothing of them is kept. The same packages give the same bytes.
"""

import json
import random
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
from circulation.views.referrers import referrer_host
from lists.numerals import number_styles
from lists.patterns import Sorted, sorted_patterns

DATA = Path(__file__).parents[1] / "circulation/data"
TOOLS = ("node", "npm")
# Only looked at, so pinned: crawlers (MIT), browsers in use (BSD-2-Clause, MIT), and Matomo's
# user agents of devices and bots in the tests of its port (on PyPI; MIT, the tests LGPL).
CRAWLERS = "crawler-user-agents@1.60.0"
BROWSERS = "user-agents@2.1.198"
TOP_BROWSERS = "top-user-agents@2.1.138"
# Both of one release: the second has the digits that the first names.
NUMBERS = "cldr-numbers-full@48.2.0"
NUMBERS_CORE = "cldr-core@48.2.0"
DEVICES = "device-detector==6.5.1"
NOTES = {
    "isbot.json": "Its patterns as circulation.views.bots matches them; public domain (Unlicense).",
    "numbers.json": "How languages write whole numbers, of the Unicode CLDR; Copyright (c) "
    "1991-2025 Unicode, Inc., under the Unicode License v3.",
    "spammers.json": "Matomo's referrer-spam-list of 2015, which is in the public domain; the "
    "package that carries it is Copyright (c) 2015 Brian, under the MIT licence.",
}
MUTANTS = 80_000
SEED = 5


class Failed(click.ClickException):
    """The lists are not refreshed, or not proven, and why."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """User agents, told apart by who sends them; some on one side belong to the other."""

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
        isbot = npm_package("isbot", work)
        listed = json.loads(node(f"JSON.stringify(require({json.dumps(str(isbot))}).list)"))
        patterns = sorted_patterns(listed)
        keep(isbot, "isbot.json", asdict(patterns))
        spam = npm_package("express-spam-referral-blocker", work)
        keep(spam, "spammers.json", {"hosts": spam_hosts(spam / "lib/piwik.spam.json")})
        numbers = npm_package(NUMBERS, work)
        styles = number_styles(numbers, npm_package(NUMBERS_CORE, work))
        keep(numbers, "numbers.json", {"styles": styles})
        prove(isbot, patterns, corpus(work))


def keep(package: Path, name: str, content: dict[str, object]) -> None:
    """Write a list with its source at its head, one entry a line."""
    about = json.loads((package / "package.json").read_text("utf-8"))
    head = {"package": about["name"], "version": about["version"], "licence": about["license"]}
    head |= {"note": NOTES[name]}
    text = json.dumps(head | content, indent=1, ensure_ascii=True) + "\n"
    (DATA / name).write_text(text, "utf-8")
    click.echo(f"{name}: {about['name']} {about['version']} ({about['license']})")


def spam_hosts(path: Path) -> list[str]:
    """Give the hosts of the package's list in the form of a referrer's; raises Failed."""
    entries = json.loads(path.read_text("utf-8"))["spamReferrers"]
    # The list in force would hide what is on it, so each is looked at within another domain.
    hosts = {referrer_host(f"{entry}.example") for entry in entries}
    if None in hosts:
        raise Failed(f"{path.name} holds what is no host.")
    return sorted(str(host).removesuffix(".example") for host in hosts)


def corpus(work: Path) -> Corpus:
    """Gather the user agents that the packages have."""
    crawlers = npm_package(CRAWLERS, work) / "crawler-user-agents.json"
    bots = {agent for each in json.loads(crawlers.read_bytes()) for agent in each["instances"]}
    in_use = npm_package(BROWSERS, work) / "dist/user-agents.json"
    browsers = {each["userAgent"] for each in json.loads(in_use.read_bytes())}
    browsers |= set(json.loads((npm_package(TOP_BROWSERS, work) / "src/index.json").read_bytes()))
    for kind, agent in device_agents(work):
        (bots if kind == "bots" else browsers).add(agent)
    return Corpus(sorted(bots), sorted(browsers - bots))


def device_agents(work: Path) -> Iterator[tuple[str, str]]:
    """Give Matomo's user agents with the name of the file that each is in."""
    source = work / "pypi"
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*pip, "--dest", str(source), DEVICES], check=True, stderr=subprocess.DEVNULL)
    unpack(next(source.glob("*.tar.gz")), source)
    for path in sorted(source.glob("*/device_detector/tests/fixtures/upstream/*.yml")):
        for each in yaml.load(path.read_bytes(), yaml.CSafeLoader) or []:
            agent = each.get("user_agent")
            kind = (each.get("client") or {}).get("type") or path.stem
            if not isinstance(agent, str):
                continue
            # Matomo calls some HTTP libraries browsers; what runs a page's script has one of these.
            if kind == "bots" or (kind == "browser" and agent.startswith(("Mozilla/", "Opera/"))):
                yield kind, agent


def prove(isbot: Path, patterns: Sorted, agents: Corpus) -> None:
    """Compare with isbot, and say how the rule as a whole does; raises Failed when they differ."""
    everyone = agents.bots + agents.browsers
    everyone += mutants(everyone, patterns)
    script = (
        f"const {{isbot}} = require({json.dumps(str(isbot))});"
        "JSON.stringify(JSON.parse(require('fs').readFileSync(0)).map(isbot))"
    )
    judged = json.loads(node(script, given=json.dumps(everyone)))
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
        f"{sum(not is_bot(each) for each in agents.bots)} by is_bot\n"
        f"browsers taken for bots: {browsers.count(True)} by isbot, "
        f"{sum(map(is_bot, agents.browsers))} by is_bot"
    )


def mutants(agents: list[str], patterns: Sorted) -> list[str]:
    """Cut user agents up, and join the pieces with what the patterns are made of."""
    dice = random.Random(SEED)  # noqa: S311  no secret: the same mutants every time
    spoken = patterns.prefixes + patterns.literals + [each["holds"] for each in patterns.regexes]
    spoken += [*" /;()<@,|_-.\n\t\xa0\u2028\u017f\u212a", " cu", "lib", "cam", "channel/", "x"]
    heads = ["", *agents]
    tails = ["", "/2.0 (+)", *agents]
    return [
        dice.choice([heads[0], dice.choice(heads)[: dice.randrange(1, 120)]])
        + "".join(dice.choices(spoken, k=dice.randrange(1, 4)))
        + dice.choice([*tails[:2], dice.choice(tails)[dice.randrange(60) :]])
        for _ in range(MUTANTS)
    ]


def npm_package(name: str, work: Path) -> Path:
    """Download a package without what it depends on, and unpack it; nothing of it is run."""
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


def node(expression: str, given: str = "") -> str:
    """Evaluate JavaScript and give what its last expression is."""
    command = ["node", "--print", expression]
    return subprocess.run(command, check=True, capture_output=True, text=True, input=given).stdout


if __name__ == "__main__":
    refresh()
