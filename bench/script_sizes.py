"""Bytes of the scripts that count: ours as it is served, others' from npm, the rest as cited."""

import gzip
import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.deployment import BUILT, ROOT
from bench.results import Row
from circulation import widget
from lists.refresh import download_package


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes of a script, as it is and compressed."""

    raw: int
    gzip: int
    brotli: int


@dataclass(frozen=True, slots=True)
class Script:
    """A script, what it does, and where its size is from."""

    name: str
    size: Size
    counts: str
    shows: str
    source: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A script in an npm package, minified here unless it already is."""

    name: str
    package: str
    path: str
    counts: str
    shows: str
    about: str
    minified: bool = False


VISITS = "views, events"
BY_ITSELF = "yes, from the answer to its view"
CITED = (
    Script(
        "GoatCounter count.v5.js", Size(8_996, 3_275, 2_740), VISITS,
        "by another request, for a frame, an image or JSON",
        "cited: the file of its published hash; served unminified by design",
    ),
    Script(
        "Vercount client.min.js", Size(3_056, 1_318, 1_135), "views", BY_ITSELF,
        "cited: its repository",
    ),
    Script(
        "Busuanzi 2.3 busuanzi.pure.mini.js", Size(1_938, 839, 642), "views", BY_ITSELF,
        "cited: copies in repositories",
    ),
)  # fmt: skip
PACKED = (
    Packed(
        "Plausible plausible.js", "@plausible-analytics/tracker@0.4.6", "plausible.js", VISITS,
        "no", "the vendor's own module, minified by it", minified=True,
    ),
    Packed(
        "Umami script.js", "umami@2.10.0", "src/tracker/index.js", VISITS, "no",
        "the vendor's source",
    ),
    Packed(
        "Busuanzi, written anew", "busuanzi.pure.js@1.0.3", "busuanzi.pure.js", "views", BY_ITSELF,
        "a third party's",
    ),
)  # fmt: skip


def size_rows(scripts: Iterable[Script]) -> list[Row]:
    """Write a row for each script."""
    return [
        (
            script.name, f"{script.size.raw:,}", f"{script.size.gzip:,}", f"{script.size.brotli:,}",
            script.counts, script.shows, script.source,
        )
        for script in scripts
    ]  # fmt: skip


def ours() -> list[Script]:
    """Weigh what the API serves now, in its own Brotli."""
    names = json.loads(files(widget.__name__).joinpath("builds.json").read_bytes())
    built = f"built from widget/ with esbuild {_version('esbuild')} and terser {_version('terser')}"
    return [
        Script("circulation widget.js", _our_size(names["widget"]), "views", BY_ITSELF, built),
        Script(
            "circulation lists, loaded where a page has any", _our_size(names["lists"]), "no",
            "many, by another request for all", built,
        ),
        Script(
            "circulation navigation, loaded where a page becomes another one",
            _our_size(names["navigation"]), "no", "of later pages, from the answers to their views",
            built,
        ),
    ]  # fmt: skip


def packed() -> list[Script]:
    """Download the others' scripts, minify what is not, and weigh them; nothing of theirs runs."""
    scripts = []
    with TemporaryDirectory() as folder:
        for entry in PACKED:
            script = (download_package(entry.package, Path(folder)) / entry.path).read_bytes()
            about = entry.about
            if not entry.minified:
                script = _minified(script)
                about += f", minified with esbuild {_version('esbuild')}"
            size = Size(len(script), _gzip(script), _brotli(script))
            source = f"{about}: {entry.package}"
            scripts.append(Script(entry.name, size, entry.counts, entry.shows, source))
    return scripts


def _our_size(build: str) -> Size:
    script = widget.script(build)
    assert script is not None, build  # noqa: S101  the package names only builds that it has
    return Size(len(script.body), _gzip(script.body), len(script.brotli))


def _gzip(script: bytes) -> int:
    return len(gzip.compress(script, 9, mtime=0))


def _brotli(script: bytes) -> int:
    # As widget/build.mjs compresses ours; quality 11 is the default.
    compress = (
        "const script = fs.readFileSync(0);"
        "const params = { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: script.length };"
        "console.log(zlib.brotliCompressSync(script, { params }).length)"
    )
    return int(run("node", "-e", compress, stdin=script))


def _minified(script: bytes) -> bytes:
    return run(str(_esbuild()), "--minify", "--target=es2021", stdin=script)


@cache
def _esbuild() -> Path:
    """Install the esbuild that builds ours, in the bench's own folder."""
    folder = BUILT / "widget"
    npm = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--silent"]
    folder.mkdir(parents=True, exist_ok=True)
    run(*npm, "--ignore-scripts", f"esbuild@{_version('esbuild')}")
    return folder / "node_modules/.bin/esbuild"


def _version(tool: str) -> str:
    package = json.loads((ROOT / "widget/package.json").read_bytes())
    return str(package["devDependencies"][tool])


def run(*command: str, stdin: bytes = b"") -> bytes:
    """Run a program to its end; give what it writes."""
    return subprocess.run(command, check=True, capture_output=True, input=stdin).stdout
