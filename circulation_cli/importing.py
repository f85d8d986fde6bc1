"""circulation import: publish a site's articles and totals from an export, folder or feed."""

import hashlib
import json
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from circulation.articles.identity import address_key
from circulation.articles.remains import are_remains, read_entry
from circulation.errors import InvalidInput
from circulation.importing.items import SourceDefaults, SourceError, SourceItem
from circulation.importing.source import open_source, read_source
from circulation.importing.totals import Totals, read_totals
from circulation.text import displayed
from circulation.times import parse_time
from circulation.urls import address_or_none
from circulation_cli.api import (
    MAX_BATCH,
    MAX_BATCH_BYTES,
    Api,
    ApiOf,
    Json,
    api_options,
    faults_of,
    length_in_event,
)
from circulation_cli.import_report import Outcome, ReportFile, report, report_totals
from circulation_cli.refused import Refused
from circulation_cli.totals import decimal_option

WARNED = 3
"""The exit code if everything was taken, but there is something to know about the source."""


@click.command("import")
@click.argument("source")
@click.option(
    "--views", type=click.Path(path_type=Path), help="Totals of an older counter: CSV or JSON."
)
@decimal_option
@click.option("--site", default="", help="The site's address, for sources that do not name it.")
@click.option(
    "--section", default="news", show_default=True, help="The section of articles without one."
)
@click.option(
    "--zone", default="UTC", show_default=True, help="The time zone of times without an offset."
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Say what would be public, private or refused and why, but publish nothing.",
)
@click.option(
    "--report",
    "report_path",
    type=click.Path(path_type=Path),
    help="Write the outcome of each article to this new file, as a line of JSON.",
)
@click.option(
    "--resume", is_flag=True, help="Go on with the interrupted import that wrote the --report."
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print the outcome of each article as a line of JSON."
)
@api_options
def import_(  # noqa: PLR0913, PLR0917  its options
    source: str,
    views: Path | None,
    site: str,
    section: str,
    zone: str,
    report_path: Path | None,
    *,
    decimal: str | None,
    api_of: ApiOf,
    dry_run: bool,
    resume: bool,
    as_json: bool,
) -> None:
    """Publish every article of SOURCE: a file, a folder, - for standard input, or an https address.

    Reads RSS, Atom, JSON Feed, exports of WordPress (WXR), Ghost, Blogger, Medium and Substack,
    folders of Markdown and HTML, and the output of `circulation export`. Importing the same again
    changes nothing. The exit code is 1 if something was refused, and 3 if there were only warnings.
    """
    if site and not address_or_none(site):
        raise Refused(f"--site {site} is no address such as https://news.example/")
    now = datetime.now(UTC)
    own_site = site or (source if source.startswith("https:") else "")
    defaults = SourceDefaults(own_site, section, _read_zone(zone), now)
    try:
        totals = read_totals(views, decimal=decimal or "") if views else Totals()
        with ExitStack() as stack:
            path = stack.enter_context(open_source(source))
            api = None if dry_run else api_of()
            file = stack.enter_context(ReportFile.open(report_path, resume=resume))
            publisher = _Publisher(api, totals, file.done, now)
            counted = report(publisher.publish(read_source(path, defaults)), file, as_json=as_json)
            report_totals(totals, file)
    except (SourceError, OSError) as error:
        raise Refused(f"{source}: {error}") from error
    if counted["refused"] or totals.faults:
        sys.exit(1)
    if counted["warning"]:
        sys.exit(WARNED)


def _read_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(f"there is no zone {name}; one is Asia/Baku") from error


class _Publisher:
    """Publishes the items of one source, or only checks them if there is no API."""

    def __init__(
        self, api: Api | None, totals: Totals, done: Collection[str], now: datetime
    ) -> None:
        self._api = api
        self._totals = totals
        self._done = done
        self._now = now
        self._fingerprints: dict[str, str] = {}
        """Of the articles so far, by what the source knows them by."""
        self._addresses: dict[str, str] = {}
        """What the first article at each address is known by."""

    def publish(self, items: Iterable[SourceItem]) -> Iterator[Outcome]:
        """Publish items in batches, and give an outcome for each of them."""
        batch: list[SourceItem] = []
        size = 0
        for item in items:
            outcome = self._check(item)
            if outcome:
                yield outcome
                continue
            length = length_in_event(item.article or {})
            if batch and (len(batch) == MAX_BATCH or size + length > MAX_BATCH_BYTES):
                yield from self._publish_batch(batch)
                batch, size = [], 0
            batch.append(item)
            size += length
        if batch:
            yield from self._publish_batch(batch)

    def _check(self, item: SourceItem) -> Outcome | None:
        """Complete an item's article; give the outcome of an item that is not to be published."""
        article = item.article
        if article is None:
            return _outcome_of(item, item.verdict, item.reason)
        try:
            total = self._totals.of(article)
            if total is not None:
                article |= total.fields()
            name = article.get("id")
            read_entry(name if isinstance(name, str) else "", article)
            return self._compare(item, article)
        except InvalidInput as error:
            return _outcome_of(item, "refused", str(error))
        except ValueError as error:
            return _outcome_of(item, "refused", f"url: {error}")

    def _compare(self, item: SourceItem, article: Json) -> Outcome | None:
        """Compare an article with those before it, and with what an interrupted import did."""
        fingerprint = _fingerprint_of(article)
        # What was merged into another article has ids of that one.
        source_ids = [] if are_remains(article) else article.get("source_ids")
        known_by = " ".join(source_ids or [article["id"]])
        if known_by in self._fingerprints:
            if self._fingerprints[known_by] == fingerprint:
                return _outcome_of(item, "skipped", "stands in this source before")
            return _outcome_of(item, "refused", f"{known_by} is another article of this source")
        self._fingerprints[known_by] = fingerprint
        self._share_address(article, known_by)
        return _outcome_of(item, "done", "") if fingerprint in self._done else None

    def _share_address(self, article: Json, known_by: str) -> None:
        """Note that an address of two articles of this source identifies neither."""
        if "url" in article:
            first = self._addresses.setdefault(address_key(article["url"]), known_by)
            if first != known_by:
                article["shared_url"] = True

    def _publish_batch(self, batch: list[SourceItem]) -> Iterator[Outcome]:
        """Publish items in one request; without an API, say what would become of them."""
        articles = [item.article for item in batch if item.article]
        if self._api is None:
            for item, article in zip(batch, articles, strict=True):
                yield _outcome_of(item, self._status_of(article), "")
            return
        results = self._api.put_all(articles)
        for item, result in zip(batch, results, strict=True):
            outcome = _outcome_of(item, result["status"], faults_of(result))
            fingerprint = _fingerprint_of(item.article or {})
            yield outcome | {"id": result.get("id", outcome["id"]), "fingerprint": fingerprint}

    def _status_of(self, article: Json) -> str:
        if article.get("unpublished"):
            return "private"
        return "scheduled" if parse_time(article["published"]) > self._now else "public"


def _fingerprint_of(article: Json) -> str:
    # Whether another one has its address is not the article's, and only known after it is read.
    own = {name: value for name, value in article.items() if name != "shared_url"}
    content = json.dumps(own, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(content.encode(errors="replace"), digest_size=12).hexdigest()


def _outcome_of(item: SourceItem, status: str, reason: str) -> Outcome:
    article_id = (item.article or {}).get("id")
    outcome = {"id": article_id if isinstance(article_id, str) else None, "where": item.where}
    return outcome | {"status": status} | ({"reason": displayed(reason)} if reason else {})
