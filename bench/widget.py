"""The widget beside other counters: bytes of the scripts, and how soon a page has its number."""

import shutil
import statistics
from collections.abc import Sequence

from bench.page_loads import Counter, Load, loads
from bench.results import table, verdict
from bench.script_sizes import CITED, ours, packed, run, size_rows
from bench.slow_network import ROUND_TRIP_MS

ROUNDS = 15
MOST_BYTES = 1_100
"""The target of the script that counts and shows, gzipped."""
CONNECTING = 2
"""Round trips before a connection's first request: TCP, TLS 1.3."""
TOOLS = ("chromium", "chromedriver", "node", "npm")

BYTES = """\
Bytes of the scripts; gzip is Python's at level 9, Brotli node's at quality 11. They do not do the
same: GoatCounter, Plausible and Umami are for a site's statistics and take events, such as clicks,
as well; only ours, Vercount and Busuanzi show a number by themselves. "Cited" is what our research
found the published file to have, not measured in this run; the others' other scripts are from npm.
"""
LOADS = f"""\
From the start of the navigation until the number is in the page, milliseconds: medians and 90th
percentiles of {ROUNDS} alternating loads in Chromium, each by a new visitor. One stack answers all
of them. Pages of the others have stand-ins of a few lines, which make the requests that the others'
scripts make, to the addresses where we answer in their stead: it is the protocols that differ, not
the servers. Each request takes {ROUND_TRIP_MS} ms on its way, the page's own too. Cold is a site
that the browser has never seen, warm its next article. With connections, each new one takes
{CONNECTING} round trips more, as TCP and TLS 1.3 do. Chromium keeps connections with and without
credentials apart: a script and a fetch() to another origin share one only where the script's tag
has crossorigin. Requests are those that reached the API until the page was quiet, the script's
included. The number has this view if it counts the very load that it is shown in; GoatCounter
itself keeps its numbers for up to four hours.
"""

_STAND_IN = """
const api = new URL(document.currentScript.src).origin;
const show = (text) => { document.querySelector("view-count").textContent = text; };
const ready = (go) =>
  document.readyState == "loading" ? addEventListener("DOMContentLoaded", go) : go();
"""
_BUSUANZI = """
const name = "BusuanziCallback_" + Math.floor(2 ** 40 * Math.random());
const script = document.createElement("script");
window[name] = (numbers) => ready(() => show(numbers.page_pv));
script.defer = true;
script.referrerPolicy = "no-referrer-when-downgrade";
script.src = `${api}/busuanzi?jsonpCallback=${name}`;
document.head.append(script);
"""
_VERCOUNT = """
ready(async () => {
  const answer = await fetch(`${api}/api/v2/log`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ url: location.href, isNewUv: true }),
  });
  show((await answer.json()).data.page_pv);
});
"""
_GOATCOUNTER = """
ready(() => {
  const rnd = Math.random().toString(36).slice(2, 7);
  const query = { p: location.pathname, t: document.title, s: screen.width, b: 0, rnd };
  navigator.sendBeacon(`${api}/count?${new URLSearchParams(query)}`);
});
"""
_GOATCOUNTER_NUMBER = """
ready(async () => {
  const path = encodeURIComponent(location.pathname);
  const answer = await fetch(`${api}/counter/${path}.json`);
  show((await answer.json()).count);
});
"""
COUNTERS = (
    Counter(
        "ours", "circulation",
        '<script async src="API/widget.js" data-article="ARTICLE"></script>',
    ),
    Counter(
        "ours-crossorigin", "circulation, tag with crossorigin",
        '<script async crossorigin src="API/widget.js" data-article="ARTICLE"></script>',
    ),
    Counter(
        "busuanzi", "as Busuanzi: JSONP",
        '<script async src="API/stand-in/busuanzi.js"></script>', _STAND_IN + _BUSUANZI,
    ),
    Counter(
        "vercount", "as Vercount 2: POST of JSON",
        '<script defer src="API/stand-in/vercount.js"></script>', _STAND_IN + _VERCOUNT,
    ),
    Counter(
        "goatcounter", "as GoatCounter: beacon, then the number",
        '<script async src="API/stand-in/goatcounter.js"></script>',
        _STAND_IN + _GOATCOUNTER + _GOATCOUNTER_NUMBER,
    ),
    Counter(
        "goatcounter-page", "as GoatCounter, the page itself asks for the number",
        '<script async src="API/stand-in/goatcounter-page.js"></script>',
        _STAND_IN + _GOATCOUNTER,
        "<script>{" + _STAND_IN.replace("new URL(document.currentScript.src).origin", '"API"')
        + _GOATCOUNTER_NUMBER + "}</script>",
    ),
)  # fmt: skip


def measure() -> str:
    """Weigh the scripts, and load pages with them."""
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        raise SystemExit(
            f"the widget's bench needs {' and '.join(missing)}: "
            "apt-get install chromium chromium-driver nodejs npm"
        )
    head = ("script", "raw", "gzip", "Brotli", "counts", "shows a number", "from")
    node = run("node", "--version").decode().strip().removeprefix("v")
    chromium = run("chromium", "--version").decode().strip()
    (counting, *_) = scripts = [*ours(), *CITED, *packed()]
    sizes = table(head, size_rows(scripts))
    within = verdict(counting.size.gzip, MOST_BYTES)
    return (
        f"{BYTES}\n{sizes}\n{counting.name} counts and shows in ≤ {MOST_BYTES:,} bytes, gzipped: "
        f"{within}.\n\n{LOADS}\n{_loads()}\nNode.js {node}, {chromium}.\n"
    )


def _loads() -> str:
    cold, warm, connecting = ({counter: list[Load]() for counter in COUNTERS} for _ in range(3))
    with loads(COUNTERS) as browser:
        for number in range(ROUNDS + 1):
            first = number % len(COUNTERS)
            for counter in (*COUNTERS[first:], *COUNTERS[:first]):
                site = f"{counter.key}-{number}"
                cold[counter].append(browser.load(counter, "1", f"near-{site}"))
                warm[counter].append(browser.load(counter, "2", f"near-{site}"))
                connecting[counter].append(
                    browser.load(counter, "1", f"far-{site}", connecting=CONNECTING)
                )
        browser.check()
    rows = [
        (
            counter.name, *_requests(cold[counter]), *_requests(warm[counter]),
            _milliseconds(cold[counter]), _milliseconds(warm[counter]),
            statistics.mode(load.connections for load in connecting[counter]),
            _milliseconds(connecting[counter]),
            _own(cold[counter] + warm[counter] + connecting[counter]),
        )
        for counter in COUNTERS
    ]  # fmt: skip
    head = (
        "counter", "requests, cold", "of them preflights", "requests, warm", "of them preflights",
        "cold, ms", "warm, ms", "connections, cold", "cold with connections, ms",
        "number has this view",
    )  # fmt: skip
    return table(head, rows)


def _requests(loaded: Sequence[Load]) -> tuple[int, int]:
    """Give how many requests most of the loads made, and how many of them were preflights."""
    asked = statistics.mode(load.asked for load in loaded)
    return len(asked), asked.count("OPTIONS")


def _milliseconds(loaded: Sequence[Load]) -> str:
    """Write the median and the 90th percentile; the first load warmed up the stack."""
    durations = [load.ms for load in loaded[1:]]
    return f"{statistics.median(durations):.0f} ({statistics.quantiles(durations, n=10)[-1]:.0f})"


def _own(loaded: Sequence[Load]) -> str:
    return f"{sum(load.own for load in loaded)} of {len(loaded)}"
