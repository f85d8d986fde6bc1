"""Deliver digests: begin one, send a portion, take in events, and send again what was lost.

Nobody is left out; a duplicate needs SES to accept a mail and lose its own answer and event. Every
step can be done twice and be broken off anywhere: what is to be done next is in the queue until it
is done, and who has been sent what is in the subscriber's own item.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from circulation.articles.listing import ALL, Kind
from circulation.aws.mail_service import (
    MailQuotaSpent,
    MailRefused,
    MailStopped,
    MailThrottled,
    MailUncertain,
    SenderUnverified,
)
from circulation.aws.parallel import for_each
from circulation.errors import StoreUnavailable
from circulation.feeds.channel import summary
from circulation.mail.deliveries import NOTHING, REFUSED, SENT
from circulation.mail.digest import (
    MAX_NEWEST,
    MAX_SECTIONS,
    MAX_SEEN,
    MOST_READ_POOL,
    OVERLAP,
    REMEMBERED,
    SPANS,
    articles_shown,
    contents_for,
    entry_of,
    frozen_digest,
)
from circulation.mail.digest_letter import Recipient, write_letter
from circulation.mail.digest_queue import MAX_DELAY, Portion
from circulation.mail.mail_event import harm_of, tag_of
from circulation.mail.message import UnsafeMessageError, mime_bytes
from circulation.mail.subscriber import Frequency, all_buckets
from circulation.popularity.windows import Window
from circulation.times import format_time, parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from circulation.articles.article import Article
    from circulation.articles.catalogue import Catalogue
    from circulation.aws.mail_service import MailService
    from circulation.mail.deliveries import Deliveries, Progress, Reader
    from circulation.mail.digest import Contents, Digest, Entry
    from circulation.mail.digest_letter import Letterhead
    from circulation.mail.digest_queue import DigestQueue
    from circulation.mail.digests import Digests
    from circulation.mail.mail_event import Harm
    from circulation.mail.sender import Plan
    from circulation.popularity.rankings import Rankings

PORTION = 50
"""Subscribers in one message: at one mail in two seconds a container is done in 100 seconds."""
THROTTLED_DELAY = 30
"""Seconds after which a portion goes on of which SES took no more for now."""
MAX_UNCERTAIN = 3
"""Mails in a row of which nobody knows, after which SES is left alone for a while."""
QUOTA_PAUSE = timedelta(hours=6)
"""SES counts the mails of the last 24 hours (SES Developer Guide: Sending quotas), so some may be
sent before a day is over."""
MAX_BOUNCED, MAX_COMPLAINED = 0.04, 0.0008
"""Of a digest's mails, after which it is stopped: SES looks into an account from 5 % and 0.1 %."""
MIN_BOUNCED, MIN_COMPLAINED = 5, 3
"""Below these a share says nothing."""
UNCOUNTED = 2 * PORTION
"""Mails that may have been sent and are not counted yet, by two containers."""
_SENT_KINDS = ("Send", "Delivery", "Bounce", "Complaint")
"""Kinds of events about a mail that SES took (SES Developer Guide: event publishing)."""
_log = logging.getLogger(__name__)
_WINDOWS = {Frequency.DAILY: Window.DAY, Frequency.WEEKLY: Window.WEEK}


@dataclass(frozen=True, slots=True)
class DigestStores:
    """What sending keeps: the frozen digests, who was sent them, and what is to be done next."""

    digests: Digests
    deliveries: Deliveries
    queue: DigestQueue


def write_mail(
    digest: Digest, contents: Contents, recipient: Recipient, letterhead: Letterhead, key: bytes
) -> bytes:
    """Write a letter as the bytes that SES is given. Raises UnsafeMessageError."""
    return mime_bytes(write_letter(digest, contents, recipient, letterhead, key))


@dataclass(frozen=True, slots=True)
class Post:
    """What writes and sends a mail, and when it may."""

    service: MailService
    letterhead: Letterhead
    clock: Callable[[], datetime]
    pause: Callable[[], None]
    """Waits until the next mail may be sent."""
    write: Callable[[Digest, Contents, Recipient, Letterhead, bytes], bytes] = write_mail


def begin_digests(
    plan: Plan,
    stores: DigestStores,
    catalogue: Catalogue,
    rankings: Rankings,
    *,
    now: datetime,
) -> list[str]:
    """Begin the digests that are due and were not begun; give their names.

    Each is frozen before its first portion is queued; the first that is stored for a date stands.
    Without a new article no mail is sent. Else the articles that its mails may have are noted to be
    mailed, when the digest was frozen, whoever is subscribed.
    """
    begun: list[str] = []
    if now.astimezone(plan.zone).hour < plan.hour:
        return begun
    for frequency, date in plan.due(now):
        if stores.deliveries.progress(frequency, date).begun:
            continue
        digest = stores.digests.get(frequency, date) or stores.digests.freeze(
            freeze(frequency, date, stores.digests, catalogue, rankings, now=now)
        )
        if digest.newest:
            note = partial(
                catalogue.changes.note_mailing, frequency=frequency, frozen=digest.frozen
            )
            for_each(sorted(articles_shown(digest)), note)
            queue_portions(frequency, date, stores.queue)
        stores.deliveries.record_begun(frequency, date, now)
        begun.append(digest.name)
    return begun


def queue_portions(frequency: Frequency, date: str, queue: DigestQueue) -> None:
    """Queue the first portion of every bucket."""
    for bucket in all_buckets():
        queue.send(Portion(frequency, date, bucket))


def freeze(  # noqa: PLR0913  stores and time are arguments
    frequency: Frequency,
    date: str,
    digests: Digests,
    catalogue: Catalogue,
    rankings: Rankings,
    *,
    now: datetime,
) -> Digest:
    """Make the digest of a date: the newest and the most read articles since the last one.

    New is what came in since, also under an earlier dateline; not what only got a later one.
    """
    recent = digests.before(frequency, date, REMEMBERED)
    since = recent[0].seen_from if recent else now - SPANS[frequency]
    before = set(recent[0].seen if recent else ())
    before.update(article for digest in recent for article in digest.newest)
    seen = [
        (place.article, place.published)
        for place in catalogue.library.places(
            ALL, until=now, since=now - OVERLAP, limit=MAX_SEEN + 1, consistent=True
        )
    ]
    editions = sorted(
        (edition.moment, listing.name, listing)
        for listing, edition in catalogue.editions.all(now=now, kind=Kind.SECTION, limit=1_000)
        if edition.shown
    )
    listings = [ALL, *(listing for _, _, listing in reversed(editions))][: MAX_SECTIONS + 1]
    new: set[str] = set()
    for listing in listings:
        places = catalogue.library.places(
            listing, until=now, since=since, limit=MAX_NEWEST + len(before), consistent=True
        )
        fresh = [place.article for place in places if place.article not in before]
        new.update(fresh[:MAX_NEWEST])
    ranked = {
        section or "": stored.ranking[:MOST_READ_POOL]
        for section, stored in rankings.of(_WINDOWS[frequency]).items()
    }
    ids = sorted(new | {article for ranking in ranked.values() for article, _ in ranking})
    entries = {
        article.id: _entry_of(article)
        for article in catalogue.library.articles(ids).values()
        if article.published <= now
    }
    return frozen_digest(
        frequency,
        date,
        now,
        newest=[entries[article] for article in sorted(new) if article in entries],
        most_read={
            section: [(entries[article], views) for article, views in ranking if article in entries]
            for section, ranking in ranked.items()
        },
        seen=seen,
    )


def _entry_of(article: Article) -> Entry:
    return entry_of(
        {
            "id": article.id,
            "section": article.section,
            "title": article.title,
            "summary": summary(article),
            "url": article.url,
            "language": article.language or "",
            "published": format_time(article.published),
        }
    )


def send_portion(portion: Portion, stores: DigestStores, post: Post) -> Counter[str]:
    """Send a portion's mails, and queue what comes after it; give how many mails became what.

    The next portion is a message of its own, sent when this one is done: a run that is broken off
    is delivered again from where it began. What may be left without anybody knowing is queued to
    be looked at again when the events have had 15 minutes to come.
    """
    counts: Counter[str] = Counter()
    progress = stores.deliveries.progress(portion.frequency, portion.date)
    if progress.stopped and not progress.stopped_until:
        return counts
    if progress.stopped and post.clock() < parse_time(progress.stopped_until):
        stores.queue.send(portion, delay=MAX_DELAY)
        return counts
    digest = stores.digests.get(portion.frequency, portion.date)
    if digest is None:
        raise StoreUnavailable(f"{portion.frequency}-{portion.date} was never frozen")
    run = _Run(portion, digest, stores, post, counts)
    run.send()
    return counts


class _Run:
    """One run over a portion."""

    def __init__(
        self,
        portion: Portion,
        digest: Digest,
        stores: DigestStores,
        post: Post,
        counts: Counter[str],
    ) -> None:
        self._portion, self._digest = portion, digest
        self._stores, self._post, self._counts = stores, post, counts
        self._mail_key = cache(stores.deliveries.mail_key)
        self._last = portion.after
        self._has_left = False
        self._uncertain = 0

    def send(self) -> None:
        """Go through the portion's subscribers, and queue what comes next."""
        portion, stores = self._portion, self._stores
        limit = PORTION
        readers = list(
            stores.deliveries.readers(
                portion.bucket, after=portion.after, until=portion.until, limit=limit
            )
        )
        delay: int | None = 0 if len(readers) == limit else None
        try:
            for reader in readers:
                self._visit(reader)
                self._last = reader.id
                if self._uncertain >= MAX_UNCERTAIN:
                    delay = THROTTLED_DELAY
                    break
        except MailThrottled:
            delay = THROTTLED_DELAY
        except MailQuotaSpent:
            self._stop("quota", self._post.clock() + QUOTA_PAUSE)
            delay = MAX_DELAY
        except (MailStopped, SenderUnverified):
            self._stop("ses")
            delay = None
        finally:
            stores.deliveries.count(
                portion.frequency,
                portion.date,
                {name: self._counts[name] for name in ("sent", "refused")},
            )
        if delay is not None:
            stores.queue.send(replace(portion, after=self._last), delay=delay)
        if self._has_left and self._last:
            left = replace(portion, until=self._last)
            stores.queue.send(left, delay=MAX_DELAY)

    def _stop(self, why: str, until: datetime | None = None) -> None:
        self._counts[f"stopped_{why}"] += 1
        portion = self._portion
        self._stores.deliveries.stop(portion.frequency, portion.date, why, until=until)

    def _visit(self, reader: Reader) -> None:
        """Send to one subscriber what is owed."""
        portion, deliveries = self._portion, self._stores.deliveries
        now = self._post.clock()
        if reader.state != "confirmed":
            return
        if reader.delivery.is_sending(self._digest.name):
            if not portion.reconciles or not reader.delivery.is_left(self._digest.name, now=now):
                self._has_left = True
                return
            claimed = deliveries.claim_again(reader, now=now)
            self._counts["sent_again"] += claimed is not None
        elif portion.reconciles or not self._is_due(reader):
            return
        else:
            claimed = deliveries.claim(reader, portion.frequency, portion.date, now=now)
        if claimed is not None:
            self._deliver(claimed, reader)
        else:
            # Perhaps another run has it, and is broken off; or this one has it, and its answer was
            # lost, so that the SDK asked a second time.
            self._has_left = True

    def _is_due(self, reader: Reader) -> bool:
        portion = self._portion
        return reader.may_get(portion.frequency, portion.date) and bool(
            contents_for(self._digest, reader.choices)
        )

    def _deliver(self, claimed: Reader, before: Reader) -> None:
        """Send a claimed mail, and write what became of it."""
        deliveries = self._stores.deliveries
        try:
            status, message = self._mail(claimed)
        except (MailThrottled, MailQuotaSpent, MailStopped, SenderUnverified):
            # A mail that may have been accepted before stays one of which nobody knows.
            if not before.delivery.is_sending(self._digest.name):
                deliveries.release(claimed, before, self._portion.frequency)
            raise
        except MailUncertain:
            self._counts["uncertain"] += 1
            self._uncertain += 1
            self._has_left = True
            return
        self._uncertain = 0
        self._counts[status] += 1
        try:
            deliveries.end(claimed, status, message)
        except StoreUnavailable:
            self._has_left = True

    def _mail(self, claimed: Reader) -> tuple[str, str]:
        """Hand the letter over; give what the delivery became, and SES's id of the mail."""
        contents = contents_for(self._digest, claimed.choices)
        if not contents:  # the choices were changed meanwhile
            return NOTHING, ""
        recipient = Recipient(claimed.id, claimed.mailbox, claimed.choices, claimed.asked)
        letterhead = self._post.letterhead
        try:
            mail = self._post.write(self._digest, contents, recipient, letterhead, self._mail_key())
            self._post.pause()
            message = self._post.service.send(
                mail,
                letterhead.sender.mailbox.address,
                claimed.address,
                {"d": self._digest.name, "s": claimed.id},
            )
        except SenderUnverified:
            raise  # so is every mail of the digest
        except (MailRefused, UnsafeMessageError) as error:
            _log.error("%s is not sent to %s: %s", self._digest.name, claimed.id, error)
            return REFUSED, ""
        return SENT, message


def apply_event(event: Mapping[str, Any], deliveries: Deliveries) -> str:
    """Write what an event of SES says of a digest's mail; give the metric that counts it.

    Events come late, twice and in any order; each one can be applied again. An event about another
    mail, and a kind that says nothing of use, changes nothing.
    """
    digest, subscriber = tag_of(event, "d"), tag_of(event, "s")
    kind, message = event["eventType"], event["mail"]["messageId"]
    if not (digest and subscriber) or kind not in _SENT_KINDS:
        return ""
    deliveries.record_sent(subscriber, digest, message)
    if harm := harm_of(event):
        return _suppress(subscriber, digest, harm, deliveries)
    if kind == "Bounce":
        at = parse_time(event["bounce"]["timestamp"])
        is_paused = deliveries.record_passing_bounce(subscriber, message, at)
        return "SubscribersPaused" if is_paused else ""
    return ""


def _suppress(subscriber: str, digest: str, harm: Harm, deliveries: Deliveries) -> str:
    is_new = deliveries.suppress(subscriber, digest, harm)
    frequency, _, date = digest.partition("-")
    progress = deliveries.progress(Frequency(frequency), date)
    # Also for an event that comes again: the run that counted it may have been broken off here.
    is_stopped = progress.stopped and not progress.stopped_until
    if not is_stopped and exceeds_limits(progress):
        deliveries.stop(Frequency(frequency), date, harm)
        return "DigestsStopped"
    return "SubscribersSuppressed" if is_new else ""


def exceeds_limits(progress: Progress) -> bool:
    """Tell whether so many of a digest's mails bounced or annoyed that SES may look into it.

    Of one that was resumed, what was counted since; else the next bounce would stop it again.
    """
    before = progress.resumed
    sent = progress.sent - before.get("sent", 0) + UNCOUNTED
    bounced = progress.bounced - before.get("bounced", 0)
    complained = progress.complained - before.get("complained", 0)
    return bounced >= max(MIN_BOUNCED, MAX_BOUNCED * sent) or complained >= max(
        MIN_COMPLAINED, MAX_COMPLAINED * sent
    )


def resume_digest(frequency: Frequency, date: str, stores: DigestStores) -> None:
    """Let a stopped digest go on: who was sent it already is not sent it again."""
    stores.deliveries.resume(frequency, date)
    queue_portions(frequency, date, stores.queue)


class Pace:
    """Keeps mails apart, so that some containers together send no more than so many a second."""

    def __init__(
        self, seconds: float, clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._seconds, self._clock, self._sleep = seconds, clock, sleep
        self._next = clock()

    def wait(self) -> None:
        """Wait until the next mail may be sent."""
        if (left := self._next - self._clock()) > 0:
            self._sleep(left)
        self._next = max(self._next, self._clock()) + self._seconds
