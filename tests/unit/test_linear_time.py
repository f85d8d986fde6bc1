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
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import grimp
import pytest

import circulation
from circulation.articles.article import read_submission
from circulation.articles.merging import read_into
from circulation.articles.remains import read_entry, read_remains
from circulation.articles.sanitising import sanitise
from circulation.articles.via import Via, with_via
from circulation.counting.correction import read_corrections, read_proposal
from circulation.errors import CirculationError
from circulation.importing import feed_texts
from circulation.importing.blogger import read_blogger
from circulation.importing.charset import decode_page
from circulation.importing.csv_records import read_records, split_lines
from circulation.importing.feed import read_feed
from circulation.importing.feed_json import write_rss
from circulation.importing.folder import read_page
from circulation.importing.generators.generator import fill_in, setting_is_off
from circulation.importing.ghost_markup import lexical_to_html, mobiledoc_to_html
from circulation.importing.identity import post_number, propose_id, scoped_id
from circulation.importing.items import SourceDefaults, SourceError, SourceItem, make_submission
from circulation.importing.lines import read_lines
from circulation.importing.page_fields import (
    image_in,
    is_false,
    is_true,
    read_date,
    text_in,
    texts_in,
)
from circulation.importing.shortcodes import Tags, expand_shortcodes
from circulation.importing.totals import read_totals
from circulation.importing.totals_columns import Columns, find_columns, leave_out, plain_heading
from circulation.importing.view_numbers import find_decimal_mark, read_number
from circulation.importing.wordpress import read_wordpress
from circulation.importing.wordpress_access import why_private
from circulation.importing.wordpress_markup import render_content
from circulation.importing.wordpress_shortcodes import (
    Attachment,
    Media,
    picture,
    replace_shortcodes,
)
from circulation.mail.digest import entry_of
from circulation.runtime import Container
from circulation.statistics.figures import Unit
from circulation.statistics.spans import Calendar
from circulation.views.own_networks import is_own, read_networks
from circulation.views.referrers import referrer_host
from circulation.views.sources import campaign_of, read_marks, source_of
from circulation.views.visitor import SALT_BYTES, nonce_hash, visitor_hash
from circulation.web.function_url import routed_event, unrouted
from circulation.web.json.batches import read_batch
from circulation.web.pages.statistics.isolates import write_marked
from circulation.web.pages.statistics.states import file_problem_page
from circulation.web.problems import problem_response
from circulation.web.recommendations import FIELDS, explain_faults, read_recommendation
from circulation.web.request import Request
from circulation.web.response import Response
from circulation.web.statistics_parameters import choice, span
from circulation.web.subscriptions import Sent, is_machine, read_choices, read_typed
from circulation.words.countries import name_country
from circulation.words.texts import words_in
from circulation_cli.printing import json_line, strip_controls
from tests.builders import NOW, by_url
from tests.unit.web.pages.statistics.figuring import publication

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
    "\\", '\\\\"', "a", "A a", "\x1b[", "~", "ref=", "<script>", "<noscript>", "</p><iframe>",
    "<svg>", "<pre>\n", "<p></p>a", "<a href=#a>", "a.png 2x, ", "Ng, A., ", "<table><td>", "<b>",
    "<math><mi>",
    "{{", "{{<", "{{< a ", "{% a %}", "{% raw %}", "{% highlight a %}", "{{ a }}", "{/*", "<A ",
    "<A {", "[^a", "[^a]: b\n", "a\n: b\n", "{: ", "{#", "import a", "<article>", "<time>",
    "<meta charset=", '<div class="e-content h-entry">', "<nav>a</nav>b",
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


def sanitise_if_bounded(text: str) -> object:
    try:
        return sanitise(text, "https://news.example/a")
    except ValueError as error:
        return error


def page(path: Path) -> SourceItem:
    return read_page(path, Path(path.name), GROUND)


def dated(text: str) -> None:
    with suppress(ValueError):
        read_date(text)


FOLDER = Path()
DATED = "---\ndate: 2026-01-01\n---\n{}"
META = '<meta property="article:published_time" content="2026-01-01">'
WXR = '<rss xmlns:e="http://wordpress.org/export/1.2/excerpt/"><channel><item><title>{}</title>'
OWN_NETWORKS = read_networks("192.0.2.0/24,2001:db8::/48")
REQUEST = Request("a", "POST /subscriptions", "https://api.example", NOW)
NO_NAMES = problem_response(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "",
    errors=[{"field": field, "detail": ""} for field in ("name", "friend_address")],
)


def typed(text: str) -> Sent:
    """What a form sends, with a text in every field."""
    return Sent({field: [text] for field in FIELDS})


CALENDAR = Calendar(ZoneInfo("Asia/Baku"), 0)
CASES: dict[str, dict[str, Case]] = {
    "articles.merging.read_into": {"id": lambda text: read_into({"into": text})},
    "articles.article.read_submission": {
        "every field": lambda text: read_submission(
            text, dict.fromkeys((*"abc", "title", "body", "url", "published", "language"), text)
        ),
        "names": lambda text: read_submission("a", {"tags": [text] * 20, "author": text}),
        "unknown": lambda text: read_submission("a", {text[n:]: n for n in range(99)}),
    },
    "articles.remains.read_remains": {
        "every field": lambda text: read_remains(
            text, dict.fromkeys(("section", "published", "unpublished", "views_before", text), text)
        ),
    },
    "articles.remains.read_entry": {
        "id": lambda text: read_entry(text, {"unpublished": text}),
    },
    "counting.correction.read_proposal": {
        "every field": lambda text: read_proposal(
            dict.fromkeys(("views", "reason", "nonce", text), text), ""
        ),
    },
    "counting.correction.read_corrections": {
        "every field": lambda text: read_corrections(
            [{"id": "a", "views": 1, "at": text, "by": text, "reason": text}]
        ),
    },
    "web.function_url.routed_event": {
        "path": lambda text: routed_event(by_url("POST", text), ["POST /articles/{id}/views"]),
        "method": lambda text: routed_event(by_url(text, "/views"), ["POST /views"]),
    },
    "web.pages.statistics.isolates.write_marked": {
        "text": write_marked,
        "marks that do not end": lambda text: write_marked(
            "\N{FIRST STRONG ISOLATE}" * len(text)
        ),
    },
    "web.pages.statistics.states.file_problem_page": {
        "query": lambda text: file_problem_page(
            request(text), problem_response(HTTPStatus.NOT_FOUND, text), publication()
        ),
    },
    "web.function_url.unrouted": {"method": lambda text: unrouted(by_url(text, "/"))},
    "web.json.batches.read_batch": {
        "id": lambda text: read_batch({"articles": [{"id": text, "title": text}]})
    },
    "views.referrers.referrer_host": {
        "referrer": lambda text: referrer_host(text, ["https://news.example/"]),
        "own": lambda text: referrer_host("https://x.example/", [text]),
    },
    "articles.via.with_via": {
        "query": lambda text: with_via(f"https://news.example/?{text}", Via.MAIL)
    },
    "views.own_networks.is_own": {"address": lambda text: is_own(text, OWN_NETWORKS)},
    "views.sources.read_marks": {
        "query": read_marks,
        "value": lambda text: read_marks(f"utm_campaign={text}&utm_source={text}"),
    },
    "views.sources.campaign_of": {"campaign": lambda text: campaign_of({"utm_campaign": text})},
    "views.sources.source_of": {
        "referrer": lambda text: source_of(text, {}, ("https://news.example/",)),
        "path": lambda text: source_of(f"/{text}", {}, ("https://news.example/",)),
        "mark": lambda text: source_of("", {"utm_source": text}, ("https://news.example/",)),
        "own": lambda text: source_of("/", {}, (text,)),
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
    "articles.sanitising.sanitise": {
        "body": sanitise_if_bounded,
        "in a paragraph": lambda text: sanitise_if_bounded(f"<p>{text}"),
        "address": lambda text: sanitise_if_bounded(f'<iframe src="https://x.example/{text}">'),
        "sizes": lambda text: sanitise_if_bounded(f'<img srcset="{text}">'),
        "class": lambda text: sanitise_if_bounded(f'<code class="{text}" style="{text}">x</code>'),
        "script": lambda text: sanitise_if_bounded(f'<script src="{text}"></script>'),
    },
    "importing.feed_texts.read_date": {
        "text": lambda text: feed_texts.read_date(text, None, GROUND),
    },
    "importing.feed_json.write_rss": {
        "fields": lambda text: write_rss({"rss": {"channel": {text: text, "title": text}}})
    },
    "importing.items.make_submission": {
        "every field": lambda text: make_submission(
            source_id=text,
            own_id=text,
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
            defaults=GROUND, url="", title="", body=text, published=None
        ),
        "ground": lambda text: SourceDefaults(text).address(text, text),
        "where": lambda text: [SourceItem(text, None, text), SourceError(text)],
    },
    "importing.identity.scoped_id": {
        "id": lambda text: scoped_id(text, "news.example"),
    },
    "importing.identity.post_number": {
        "query": lambda text: post_number(f"https://news.example/?{text}"),
    },
    "importing.identity.propose_id": {
        "id": lambda text: propose_id(text, text, ""),
        "address": lambda text: propose_id("", "", f"https://news.example/{text}"),
    },
    "printing.json_line": {"text": json_line},
    "printing.strip_controls": {"text": strip_controls},
    "importing.folder.read_page": {
        "markdown": file_of("a.md", page, DATED),
        "components": file_of("a.mdx", page, DATED),
        "front matter": file_of("a.md", page, "---\n{}\n---\nx"),
        "toml": file_of("a.md", page, "+++\n{}\n+++\nx"),
        "json": file_of("a.md", page, '{"title": "{}"}\nx'),
        "value": file_of("a.md", page, "---\ntitle: {}\ndate: '{}'\n---\nx"),
        "html": file_of("a.html", page, f"<html><head>{META}<body>{{}}"),
        "head": file_of("a.html", page, f"<html><head>{META}{{}}<body>x"),
    },
    "importing.charset.decode_page": {
        "html": lambda text: decode_page(text.encode(errors="ignore"), is_html=True),
        "other": lambda text: decode_page(b"\xff" + text.encode(errors="ignore"), is_html=False),
    },
    "importing.generators.generator.fill_in": {
        "template": lambda text: fill_in(text, {"title": "x"}),
        "value": lambda text: fill_in("/:title/", {"title": text}),
    },
    "importing.generators.generator.setting_is_off": {
        "value": lambda text: setting_is_off({"a": text}, "a"),
    },
    "importing.page_fields.image_in": {"image": lambda text: image_in({"image": text})},
    "importing.page_fields.is_true": {"value": lambda text: is_true(text) or is_false(text)},
    "importing.page_fields.text_in": {"text": lambda text: text_in({"a": text}, "a")},
    "importing.page_fields.texts_in": {"text": lambda text: texts_in({"a": text}, "a")},
    "importing.page_fields.read_date": {"date": dated},
    "importing.shortcodes.expand_shortcodes": {
        "tags": lambda text: expand_shortcodes(text, Tags(outputs=True), str),
        "in code": lambda text: expand_shortcodes(text, Tags(in_code=True), str),
    },
    "importing.lines.read_lines": {
        "line": file_of("a.ndjson", lambda path: list(read_lines(path))),
        "field": file_of("a.ndjson", lambda path: list(read_lines(path)), '{"title": "{}"}'),
    },
    "importing.totals.read_totals": {
        "csv": file_of("a.csv", read_totals, "url,views\n{},1\n/,1"),
        "heading": file_of("a.csv", read_totals, "{}\nurl,views\n/,1\n"),
        "quotes": file_of("a.csv", read_totals, 'url,views\n/,1\n"{}'),
        "number": file_of("a.csv", read_totals, "url,views\n/,{}\n/,1"),
        "json": file_of("a.json", read_totals, '{"{}": 1}'),
    },
    "importing.csv_records.split_lines": {"text": split_lines},
    "importing.csv_records.read_records": {
        "text": lambda text: list(read_records(split_lines(text), ",")),
    },
    "importing.totals_columns.leave_out": {
        "row": lambda text: leave_out(
            {"event": text, "metakey": text, "type": text, "period": text},
            find_columns(["path", "FirstVisit"]) or Columns((), (), ""),
        ),
    },
    "importing.totals_columns.plain_heading": {"heading": plain_heading},
    "importing.view_numbers.find_decimal_mark": {
        "number": lambda text: find_decimal_mark([text, f"1{text}"]),
    },
    "importing.view_numbers.read_number": {"number": lambda text: read_number(text, ".")},
    "importing.wordpress.read_wordpress": {
        "title": file_of("a.xml", lambda path: list(read_wordpress(path, GROUND)), WXR),
        "excerpt": file_of(
            "a.xml",
            lambda path: list(read_wordpress(path, GROUND)),
            WXR.replace("{}", "x") + "<e:encoded><![CDATA[{}]]></e:encoded></item>",
        ),
        "content": file_of(
            "a.xml",
            lambda path: list(read_wordpress(path, GROUND)),
            WXR.replace("{}", "x") + "<status>publish</status>"
            "<encoded><![CDATA[{}]]></encoded></item>",
        ),
    },
    "importing.wordpress_markup.render_content": {
        "content": lambda text: render_content(text, Media()),
        "blocks": lambda text: render_content(f"<!-- wp:a -->{text}", Media()),
    },
    "importing.wordpress_shortcodes.replace_shortcodes": {
        "content": lambda text: replace_shortcodes(text, Media()),
        "attributes": lambda text: replace_shortcodes(f'[gallery ids="{text}"]', Media()),
        "captions": lambda text: replace_shortcodes(f"[caption]{text}[/caption]", Media()),
        "address": lambda text: replace_shortcodes(f"https://youtu.be/{text}", Media()),
        "openings": lambda text: replace_shortcodes(f"[caption]{text}" * 9, Media()),
    },
    "importing.wordpress_shortcodes.picture": {
        "every field": lambda text: picture(Attachment(text, text, text, text)),
    },
    "importing.wordpress_access.why_private": {
        "every field": lambda text: why_private(
            text, text, dict.fromkeys(("_is_paid", "rcp_user_level", "_wpmem_block"), text)
        ),
        "fields": lambda text: why_private(
            "publish", "", {"um_content_restriction": text, "rcp_user_level": "a:1:{" + text}
        ),
    },
    "importing.ghost_markup.lexical_to_html": {
        "state": lexical_to_html,
        "text": lambda text: lexical_to_html(
            json.dumps(
                {"root": {"type": "root", "children": [
                    dict.fromkeys(("text", "html", "markdown", "caption", "code"), text)
                    | {"type": kind} for kind in ("html", "markdown", "codeblock", "callout", "a")
                ]}}
            )
        ),
    },
    "importing.ghost_markup.mobiledoc_to_html": {
        "state": mobiledoc_to_html,
        "text": lambda text: mobiledoc_to_html(
            json.dumps({"sections": [[1, "p", [[0, [], 0, text]]], [2, text]]})
        ),
    },
    "importing.blogger.read_blogger": {
        "title": file_of(
            "a.atom",
            lambda path: list(read_blogger(path, GROUND)),
            "<feed><entry><type>POST</type><status>LIVE</status><title>{}</title></entry></feed>",
        ),
        "content": file_of(
            "a.atom",
            lambda path: list(read_blogger(path, GROUND)),
            "<feed><entry><type>POST</type><status>LIVE</status>"
            "<content><![CDATA[{}]]></content></entry></feed>",
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
    "web.statistics_parameters.choice": {
        "every parameter": lambda text: choice(request(text), CALENDAR),
    },
    "web.statistics_parameters.span": {
        "day": lambda text: span(request(text), Unit.DAY, CALENDAR),
        "range": lambda text: span(request(text), Unit.RANGE, CALENDAR),
    },
    "words.countries.name_country": {"code": lambda text: name_country(text, "en")},
    "web.subscriptions.is_machine": {"opened": lambda text: is_machine(typed(text), REQUEST)},
    "web.subscriptions.read_choices": {
        "every field": lambda text: read_choices(
            Sent({"frequency": [text], "section": [text], "choosing": [text]}), (text,)
        )
    },
}  # fmt: skip
INSIDE = {
    "steps of articles.sanitising.sanitise, which is tried": """
        articles.embeds.show_embeds articles.pictures.find_pictures articles.pictures.find_picture
        articles.tokens.write_tag
    """,
    "items that importing.feed.read_feed read, which is tried": """
        importing.feed_items.make_items importing.feed_json.read_json_feed
        importing.feed_json.is_rss_in_json
    """,
    "what the code and the tables write themselves": """
        articles.items.item_of_unpublished articles.items.shelved_of_item
        counting.stream.batch_of_event
        counting.breakdown.keep_largest counting.breakdown.fit counting.breakdown.fit_names
        statistics.now.now_of statistics.summing.sum_pages statistics.summing.rollup_of
        statistics.summing.sum_days statistics.wording.write_time
        statistics.rows.article_rows statistics.rows.rows_of statistics.rows.sum_tables
        statistics.rows.hours_of_pages statistics.comparing.shares_of_others
        statistics.wording.write_difference statistics.wording.write_hour
        statistics.wording.write_sentences web.csv_table.csv_response web.json.figures.site_json
        web.json.figures.table_json mail.notice.notice_json mail.notice.page_of
        mail.notice_letter.write_notice access.share.new_key access.share.grant_of
        access.share.address_of web.statistics_access.require
        popularity.windows.hours_of popularity.windows.rank_by_section
        popularity.lifetimes.sum_lifetimes popularity.pace.is_due
        popularity.windows.sum_by_days popularity.windows.sum_by_hours
        popularity.queries.ranks_after
        counting.tally.increment_of times.day_before times.days_between
        times.days_until times.start_of web.json.counts.counts_json
        web.cursors.cursor_of_rank web.handler.http_handler web.pages.pixel.pixel
        web.problems.problem_response web.json.counts.days_json web.json.counts.hours_json
        web.json.popularity.popular_json web.json.articles.sections_json web.response.json_response
        web.pages.style_source.style_source web.compat.busuanzi.jsonp web.compat.vercount.numbers
        feeds.addresses.feed_urls feeds.revision.revision metrics.emit counting.sealing.is_over
        access.tokens.find_matching web.publisher.requiring
    """,
    "articles and addresses that passed": """
        web.pages.statistics.details.trait_table web.pages.statistics.details.write_points
        web.pages.statistics.details.filtered_table web.pages.statistics.details.name_trait
        web.pages.statistics.article_page.article_now_sheet
        web.pages.statistics.plots.sparkline
        web.pages.statistics.states.problem_page web.pages.statistics.frame.write_notes
        web.pages.statistics.frame.write_now
        feeds.opml.opml web.json.batches.batch_json
        articles.remains.are_remains articles.items.head_of_entry
        articles.identity.resolve articles.identity.joined_source_ids articles.identity.identifies
        articles.identity.free_aliases
        web.json.batches.remains_of
        web.json.batches.submissions_of
        web.syndication.feed_url web.syndication.directory_opml
        web.syndication.sitemap_index web.syndication.sitemap_of_month
        web.syndication.feed_resource web.syndication.site_resource
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
        importing.source.read_source importing.xml_archive.read_elements
        importing.xml_archive.ends_inside importing.substack.is_substack
        importing.substack.read_substack importing.generators.find.find_generator
        importing.generators.generator.first_folder
    """,
    "fields that front_matter has read": """
        importing.front_matter.lower_names importing.documents.text_at
        importing.documents.list_at
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
    article author before callback compare cursor date fields find format from ids jsonpCallback
    label limit month open order p page part period q r rnd section share since sort style t table
    tag to until url window
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
        and all(
            growth(call, unit, shape, length, attempts) > MOST
            for length in LENGTHS
            for attempts in (1, 3)
        )
    ]


def text_of(unit: str, shape: tuple[str, str], length: int) -> str:
    return f"{shape[0]}{unit * (length // len(unit))}{shape[1]}"


def growth(call: Case, unit: str, shape: tuple[str, str], length: int, attempts: int) -> float:
    """How much longer a text takes than a quarter of it.

    One attempt at the whole, which may take longer than it has to, finds at least what several do.
    """
    whole = seconds(call, text_of(unit, shape, length), attempts)
    quarter = seconds(call, text_of(unit, shape, length // 4), 3)
    return whole / max(quarter, 1e-4)
