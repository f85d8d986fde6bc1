"""Whatever text comes from outside, the time it takes grows with its length and no faster.

Every public function of the package that takes text is found by walking it: it is called with
texts that make patterns and parsers start over. One that no text can be made for by its types
stands in CASES, or in INSIDE with what it takes instead; a new one stands in neither, and fails.
"""

import ast
import functools
import importlib
import inspect
import io
import json
import pkgutil
import time
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import grimp
import pytest

import circulation
from circulation.articles.article import read_submission
from circulation.errors import CirculationError
from circulation.importing.feed import read_feed
from circulation.importing.folder import read_page
from circulation.importing.identity import stable_id
from circulation.importing.items import SourceDefaults, SourceError, SourceItem, make_submission
from circulation.importing.lines import read_lines
from circulation.importing.totals import read_totals
from circulation.importing.wordpress import read_wordpress
from circulation.mail.digest import entry_of
from circulation.runtime import Container
from circulation.views.referrers import referrer_host
from circulation.views.visitor import SALT_BYTES, nonce_hash, visitor_hash
from circulation.web.json.batches import read_batch
from circulation.web.problems import problem_response
from circulation.web.recommendations import FIELDS, explain_faults, read_recommendation
from circulation.web.request import Request
from circulation.web.response import Response
from circulation.web.subscriptions import Sent, is_machine, read_choices, read_typed
from circulation.words.texts import words_in
from circulation_cli.printing import json_line, strip_controls
from tests.builders import NOW

LENGTHS = (2_000, 8_000)
"""Of texts: at the second it is judged what grows too fast at the first."""
SURELY_LINEAR = 0.015
"""Seconds of the processor: where each letter looks at all others, the first length takes more."""
MOST = 8
"""How often the time may grow when the text becomes four times as long: 4 is linear, 16 square."""

UNITS = [
    "<", "<a ", '<a "', "<a '", '<a b="', '<a b="c" ', '<a "<a" ', "<'\"", "<br  ", "<!", "<!--",
    "--", "<![CDATA[", "<?", "</", "</p>", "<p>", "<i title=1>", '<img a="', "<div>", "&", "&#",
    "&#9", "&amp", "&lt;", '"', "'", " ", "\t\n", "\n \n", "\n", "\xa0", "/", "//", "?", "&a=b",
    "%", "%2f", "%C3", "@", "a@", ":", ".", "a.", "-", "a-", "0", "9", "1-", "٣", "é", "İ", "#",
    "\u0301", "\u202e", "\u3002", "\ud800", "😀", "[", "![", "[a](", "(", "{", '{"a":', ",", '"a",',
    'W/"', ";", ";q=", "; a=b", "=", "*a ", "**a", "_a", "`", "`a", "|a", "> ", "- ", "xn--", "https://",
    "\\", '\\\\"', "a", "A a", "\x1b[", "~", "ref=",
]  # fmt: skip
Shapes = list[tuple[str, str]]
SHAPES: Shapes = [("", ""), ("https://news.example/a", "\x01!")]

GROUND = SourceDefaults("https://news.example/")
Case = Callable[[str], object]


def rss(element: str) -> Case:
    def read(text: str) -> object:
        escaped = text.replace("&", "&amp;").replace("<", "&lt;")
        item = f"<item><title>x</title><{element}>{escaped}</{element.partition(' ')[0]}></item>"
        spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        feed = f'<rss version="2.0" {spaces}><channel>{item}</channel></rss>'
        return list(read_feed(feed.encode(errors="ignore"), GROUND))

    return read


def raw(text: str) -> object:
    feed = f'<rss version="2.0"><channel><item>{text}</item></channel></rss>'
    return list(read_feed(feed.encode(errors="ignore"), GROUND))


def json_item(text: str) -> object:
    names = ("url", "content_html", "summary", "date_published", "id", "image", "language")
    item = dict.fromkeys(names, text)
    return list(read_feed(json.dumps({"items": [item]}).encode(), GROUND))


def file_of(name: str, read: Callable[[Path], object], form: str = "{}") -> Case:
    def write_and_read(text: str) -> object:
        path = FOLDER / name
        path.write_text(form.replace("{}", text), errors="ignore")
        return read(path)

    return write_and_read


def page(path: Path) -> SourceItem:
    return read_page(path, Path(path.name), GROUND)


FOLDER = Path()
WXR = '<rss xmlns:e="http://wordpress.org/export/1.2/excerpt/"><channel><item><title>{}</title>'
REQUEST = Request("a", "POST /subscriptions", "https://api.example", NOW)
NO_NAMES = problem_response(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "",
    errors=[{"field": field, "detail": ""} for field in ("name", "friend_address")],
)


def typed(text: str) -> Sent:
    """What a form sends, with a text in every field."""
    return Sent({field: [text] for field in FIELDS})


CASES: dict[str, dict[str, Case]] = {
    "articles.article.read_submission": {
        "every field": lambda text: read_submission(
            text, dict.fromkeys((*"abc", "title", "body", "url", "published", "language"), text)
        ),
        "names": lambda text: read_submission("a", {"tags": [text] * 20, "author": text}),
        "unknown": lambda text: read_submission("a", {text[n:]: n for n in range(99)}),
    },
    "web.json.batches.read_batch": {
        "id": lambda text: read_batch({"articles": [{"id": text, "title": text}]})
    },
    "views.referrers.referrer_host": {
        "referrer": lambda text: referrer_host(text, ["https://news.example/"]),
        "own": lambda text: referrer_host("https://x.example/", [text]),
    },
    "views.visitor.visitor_hash": {
        "address and browser": lambda text: visitor_hash(b"x" * SALT_BYTES, "a", text, text)
    },
    "views.visitor.nonce_hash": {"nonce": lambda text: nonce_hash(b"x" * SALT_BYTES, "a", text)},
    "importing.feed.read_feed": {
        "title": rss("title"),
        "description": rss("description"),
        "content": rss("content:encoded"),
        "link": rss("link"),
        "date": rss("pubDate"),
        "raw": raw,
        "whole": lambda text: list(read_feed(text.encode(errors="ignore"), GROUND)),
        "json": json_item,
    },
    "importing.items.make_submission": {
        "every field": lambda text: make_submission(
            article_id=text,
            defaults=GROUND,
            url=text,
            title=text,
            body=text,
            published=text,
            summary=text,
            sections=[text],
            authors=[text],
            language=text,
            image=text,
        ),
        "no title": lambda text: make_submission(
            article_id="a", defaults=GROUND, url="", title="", body=text, published=None
        ),
        "ground": lambda text: SourceDefaults(text).address(text, text),
        "where": lambda text: [SourceItem(text, None, text), SourceError(text)],
    },
    "importing.identity.stable_id": {
        "id": lambda text: stable_id(text, ""),
        "address": lambda text: stable_id("", text),
    },
    "printing.json_line": {"text": json_line},
    "printing.strip_controls": {"text": strip_controls},
    "importing.folder.read_page": {
        "markdown": file_of("a.md", page),
        "front matter": file_of("a.md", page, "---\n{}\n---\nx"),
        "value": file_of("a.md", page, "---\ntitle: {}\ndate: '{}'\n---\nx"),
        "html": file_of("a.html", page, "<html><body>{}"),
    },
    "importing.lines.read_lines": {
        "line": file_of("a.ndjson", lambda path: list(read_lines(path))),
        "field": file_of("a.ndjson", lambda path: list(read_lines(path)), '{"title": "{}"}'),
    },
    "importing.totals.read_totals": {
        "csv": file_of("a.csv", read_totals, "url,views\n{},1\n"),
        "json": file_of("a.json", read_totals, '{"{}": 1}'),
    },
    "importing.wordpress.read_wordpress": {
        "title": file_of("a.xml", lambda path: list(read_wordpress(path, GROUND)), WXR),
        "excerpt": file_of(
            "a.xml",
            lambda path: list(read_wordpress(path, GROUND)),
            WXR.replace("{}", "x") + "<e:encoded><![CDATA[{}]]></e:encoded></item>",
        ),
    },
    "mail.digest.entry_of": {
        "every field": lambda text: entry_of(
            dict.fromkeys(
                ("id", "section", "title", "summary", "url", "language", "published"), text
            )
        )
    },
    "web.subscriptions.read_typed": {
        "address": lambda text: read_typed(Sent({"address": [text]}), (), REQUEST),
        "opened": lambda text: read_typed(
            Sent({"address": ["a@b.example"], "opened": [text]}), (), REQUEST
        ),
    },
    "web.recommendations.read_recommendation": {
        "every field": lambda text: read_recommendation(typed(text), "a", "", NOW),
    },
    "web.recommendations.explain_faults": {
        "every field": lambda text: explain_faults(
            NO_NAMES, dict.fromkeys(FIELDS, text), words_in("en")
        ),
    },
    "web.subscriptions.is_machine": {"opened": lambda text: is_machine(typed(text), REQUEST)},
    "web.subscriptions.read_choices": {
        "every field": lambda text: read_choices(
            Sent({"frequency": [text], "section": [text], "choosing": [text]}), (text,)
        )
    },
}  # fmt: skip
INSIDE = {
    "what the code and the tables write themselves": """
        articles.items.item_of_unpublished articles.items.shelved_of_item
        counting.stream.batch_of_event
        counting.breakdown.keep_largest counting.breakdown.fit_hosts
        counting.drift.drift_of popularity.windows.hours_of popularity.windows.rank_by_section
        popularity.windows.sum_by_days popularity.windows.sum_by_hours
        articles.queries.read_until_full articles.queries.is_shown popularity.queries.ranks_after
        counting.tally.increment_of counting.tallying.fold times.day_before times.days_between
        times.days_until times.start_of web.json.counts.counts_json
        web.cursors.cursor_of_rank web.handler.http_handler web.pages.pixel.pixel
        web.problems.problem_response web.json.counts.days_json web.json.counts.hours_json
        web.json.popularity.popular_json web.json.articles.sections_json web.response.json_response
        web.pages.style_source.style_source web.compat.busuanzi.jsonp web.compat.vercount.numbers
        feeds.addresses.feed_urls feeds.revision.revision metrics.emit counting.sealing.is_over
        access.tokens.find_matching web.publisher.requiring
    """,
    "articles and addresses that passed": """
        feeds.opml.opml feeds.sitemap.index web.json.batches.batch_json
        web.json.batches.submissions_of
        web.syndication.write_feed web.syndication.feed_url web.syndication.directory_opml
        web.syndication.sitemaps_of web.syndication.feed_resource web.syndication.site_resource
        web.syndication.feed_response
        web.syndication.unchanged_response
        web.syndication.changes_response web.syndication.delta_since
    """,
    "mailboxes, choices and keys that passed": """
        mail.ask.read_ask mail.confirmation.confirmation_message mail.subscriber.subscriber_id
        mail.subscriber.make_key mail.wording.section_list mail.wording.section_number
        web.pages.mail_pages.paused_until
        web.subscriptions.ask_of web.subscriptions.filled_of
        words.texts.texts_of mail.digest.frozen_digest mail.digest.read_digest
        mail.digest_letter.subject_of
        mail.recommendation_letters.question_message mail.single_letter.letter_html
        mail.recommendation_letters.recommendation_message
        web.pages.digest_pages.archive_page web.pages.mail_frame.write_page
        web.pages.mail_pages.fault_line web.pages.mail_pages.isolated web.pages.mail_pages.summary
    """,
    "the network; the address is judged by urls": """
        importing.fetch.fetch importing.fetch.get_once importing.fetch.public_address
    """,
    "a whole event or answer, of which the parts are tried": """
        mail.mail_event.harm_of mail.mail_event.tag_of
        web.request.request_of_event web.conditional.negotiate web.conditional.apply_coding
        web.json.articles.next_link web.hits.hit_of web.pages.badge.badge web.viewer.check_origin
    """,
    "a file that another one reads": """
        importing.folder.read_folder importing.ghost.read_ghost importing.source.open_source
        importing.source.read_source
    """,
}
EXCEPT = {name for names in INSIDE.values() for name in names.split()}


def modules() -> Iterator[tuple[str, ModuleType]]:
    """Find the modules that know no table."""
    graph = grimp.build_graph("circulation", cache_dir=None)
    for found in pkgutil.walk_packages(circulation.__path__, "circulation."):
        name = found.name.removeprefix("circulation.")
        imported = graph.find_modules_directly_imported_by(found.name)
        if not name.startswith(("aws", "feeds.websub", "runtime", "widget")) and not any(
            each.startswith("circulation.aws") for each in imported
        ):
            yield name, importlib.import_module(found.name)


def functions() -> Iterator[tuple[str, Callable[..., object]]]:
    """Find the public functions that text is given to alone: a use case reads no text."""
    for place, module in modules():
        for name, member in vars(module).items():
            function = inspect.unwrap(member) if callable(member) else member
            is_own = inspect.isfunction(function) and function.__module__ == module.__name__
            if is_own and not name.startswith("_"):
                hints = hints_of(function)
                taken = words(str([hints[each] for each in inspect.signature(function).parameters]))
                if not KEPT & taken and TEXT & taken:
                    yield f"{place}.{name}", function


def hints_of(function: Callable[..., object]) -> dict[str, Any]:
    return typing.get_type_hints(function, localns=imported_for_types(function.__module__))


@functools.cache
def imported_for_types(module: str) -> dict[str, Any]:
    """Give the names that a module imports for the type checker alone."""
    source = inspect.getsource(importlib.import_module(module))
    blocks = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    return {
        alias.name: getattr(importlib.import_module(node.module or ""), alias.name)
        for block in blocks
        for node in ast.walk(block)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


KEPT = {
    str(each.func.__annotations__["return"])
    for each in vars(Container).values()
    if isinstance(each, functools.cached_property)
}
"""The types of what a room keeps, by their names."""
TEXT = {"str", "bytes", "Any", "object", "Request", "BinaryIO", "Path"}


def words(hints: str) -> set[str]:
    return set("".join(letter if letter.isalnum() else " " for letter in hints).split())


HEADERS = """
    a-im accept accept-encoding cloudfront-viewer-address if-match if-modified-since if-none-match
    origin referer user-agent x-origin-secret
"""
QUERY = """
    author before callback cursor fields format from ids jsonpCallback label limit month order p
    page q r rnd section since style t tag to until url window
"""


def request(text: str) -> Request:
    """A request that has the text wherever a client can put any."""
    return Request(
        "r", "GET /x", "https://api.example", NOW,
        path=dict.fromkeys(["id", "section", "tag", "author", "name", "path", "window"], text),
        query=dict.fromkeys(QUERY.split(), text),
        headers=dict.fromkeys(HEADERS.split(), text),
        address=text,
        body=json.dumps({"nonce": text, "referrer": text, "url": text}).encode(),
    )  # fmt: skip


MAKERS: dict[Any, Callable[[str], object]] = {
    str: str,
    str | None: str,
    bytes: lambda text: text.encode(errors="ignore"),
    bytes | str: str,
    object: str,
    Any: str,
    int: lambda _: 300,
    bool: lambda _: True,
    BinaryIO: lambda text: io.BytesIO(text.encode(errors="ignore")),
    Request: request,
    Response: lambda text: problem_response(HTTPStatus.NOT_FOUND, text),
    **{kind[str]: lambda text: [text, text[1:]] for kind in (Iterable, Collection, Sequence)},
    datetime | None: lambda _: NOW,
    Mapping[str, str]: lambda text: {text: text},
    frozenset[str]: lambda text: frozenset([text]),
}


def made(function: Callable[..., object]) -> Case | None:
    """Make a call of a function whose arguments can all be made of one text."""
    hints = hints_of(function)
    parameters = inspect.signature(function).parameters.values()
    if any(hints.get(each.name) not in MAKERS for each in parameters):
        return None

    def call(text: str) -> object:
        plain = [each for each in parameters if each.kind is not each.KEYWORD_ONLY]
        named = [each for each in parameters if each.kind is each.KEYWORD_ONLY]
        if any(each.kind is each.VAR_KEYWORD for each in parameters):
            return function(text, a=text)
        return function(
            *(MAKERS[hints[each.name]](text) for each in plain),
            **{each.name: MAKERS[hints[each.name]](text) for each in named},
        )

    return call


FOUND = dict(functions())


def cases() -> Iterator[Any]:
    for name, function in FOUND.items():
        call = None if name in CASES or name in EXCEPT else made(function)
        if call:
            yield pytest.param(call, SHAPES, id=name)
    for name, calls in CASES.items():
        for kind, call in calls.items():
            yield pytest.param(call, SHAPES[:1], id=f"{name} {kind}")


def seconds(call: Case, text: str, attempts: int = 1) -> float:
    """The least processor time of a few calls; what is refused took its time too."""
    least = float("inf")
    for _ in range(attempts):
        start = time.process_time()
        try:
            result = call(text)
            if isinstance(result, Iterator):
                list(result)
        except (ValueError, SourceError, CirculationError):
            pass
        least = min(least, time.process_time() - start)
    return least


def test_every_function_that_takes_text_is_tried_or_said_why_not() -> None:
    known = {name for name, function in FOUND.items() if made(function)} | set(CASES) | EXCEPT
    assert set(FOUND) - known == set()
    assert {name for name in EXCEPT if name not in FOUND} == set(), "no function of that name"


@pytest.mark.parametrize(("call", "shapes"), list(cases()))
def test_time_grows_with_the_text_and_no_faster(
    call: Case, shapes: Shapes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.FOLDER", tmp_path)
    assert slow_patterns(call, shapes) == []


def test_what_looks_at_a_text_again_from_each_letter_is_found() -> None:
    def look_again(text: str) -> object:
        return [sorted(text[place:]) for place in range(len(text))]

    assert slow_patterns(look_again, SHAPES[:1], ["<"]) == ["<"]
    assert slow_patterns(lambda text: [sorted(text) for _ in range(999)], SHAPES[:1], ["<"]) == []


def slow_patterns(call: Case, shapes: Shapes, units: Sequence[str] = UNITS) -> list[str]:
    return [
        unit
        for unit in units
        for shape in shapes
        if seconds(call, text_of(unit, shape, LENGTHS[0])) > SURELY_LINEAR
        and all(growth(call, unit, shape, length) > MOST for length in LENGTHS)
    ]


def text_of(unit: str, shape: tuple[str, str], length: int) -> str:
    return f"{shape[0]}{unit * (length // len(unit))}{shape[1]}"


def growth(call: Case, unit: str, shape: tuple[str, str], length: int) -> float:
    """How much longer a text takes than a quarter of it."""
    whole, quarter = (
        seconds(call, text_of(unit, shape, each), 3) for each in (length, length // 4)
    )
    return whole / max(quarter, 1e-4)
