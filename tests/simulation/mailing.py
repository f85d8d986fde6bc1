"""Days of digests in which everything about sending fails: the real sending in them.

Calls fail before they were done or after, runs are broken off before any call and overlap, messages
come twice, events late, twice or never, mails bounce and annoy, and people end their subscription
or choose otherwise meanwhile. All follows from a seed.
"""

import heapq
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from botocore.exceptions import ClientError, ReadTimeoutError

from circulation.articles.article import Article
from circulation.articles.edition import Edition
from circulation.articles.listing import ALL, Kind, Listing
from circulation.articles.publication import Publication
from circulation.aws.attribute_values import encoded
from circulation.aws.mail_service import MailService
from circulation.aws.table import Table
from circulation.errors import StoreUnavailable
from circulation.mail.deliveries import Deliveries
from circulation.mail.delivering import (
    DigestStores,
    Post,
    apply_event,
    begin_digests,
    resume_digest,
    send_portion,
    write_mail,
)
from circulation.mail.digest import Contents, Digest
from circulation.mail.digest_letter import Letterhead, Recipient
from circulation.mail.digest_queue import Portion
from circulation.mail.digests import Digests
from circulation.mail.keys import MAIL_KEY, subscriber_key
from circulation.mail.mailbox import Mailbox
from circulation.mail.sender import Plan as SendingPlan
from circulation.mail.sender import Sender
from circulation.mail.subscriber import BUCKETS, Choices, Frequency
from circulation.mail.subscribers import Subscribers
from circulation.times import format_time
from tests.simulation.dynamodb import AT_ONCE, DynamoDB, Fate, Key
from tests.simulation.expressions import Item
from tests.simulation.wire import direct_client

KEY = bytes(range(32))
DAILY = Frequency.DAILY
SECTIONS = ("City", "Sport")
REDELIVERED = timedelta(minutes=30)
BEGUN_AGAIN = timedelta(minutes=1)
"""After a begin that was broken off (Lambda Developer Guide: Asynchronous invocation)."""
EVENT_WITHIN = timedelta(minutes=5)
"""An event that is later is as good as lost: a claim lasts no longer."""
WORKED_OFF = timedelta(hours=20)
"""After the begin of a digest; a change that is later excuses nothing."""
OUT = 4
"""Minutes of which articles are out: a digest has little to read, and is soon another."""
DEPTH = 2
"""Runs that a run may wait for."""
Write = Callable[[Digest, Contents, Recipient, Letterhead, bytes], bytes]
Event = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A zone, the local hour of its digests, and the first local date of a world."""

    zone: ZoneInfo
    hour: int
    first: date


CALENDARS = (
    # 02:00 comes twice on 4 April; in UTC it is the day before, and the next from 10:00 on.
    Calendar(ZoneInfo("Australia/Sydney"), 2, date(2027, 4, 3)),
    # 01:00 comes twice on 1 November.
    Calendar(ZoneInfo("America/New_York"), 1, date(2026, 10, 31)),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How long a world is, and how much of what can fail, as chances between 0 and 1."""

    subscribers: int = 80
    digests: int = 3
    buckets: int = 1
    calendar: Calendar = CALENDARS[0]
    write: Write = write_mail
    breaking: float = 0.005
    """Of all calls: the run is broken off before it."""
    failing: float = 0.01
    """Of all calls of the tables: one to three attempts fail, done or not done."""
    overlapping: float = 0.2
    """Of all calls while a message is due: it is worked off before the call."""
    lost: float = 0.2
    """Of all mails: nobody hears whether SES took it, which it did in half of the cases."""
    throttled: float = 0.02
    refused: float = 0.01
    spent: float = 0.001
    """Of all mails: the quota is spent."""
    twice: float = 0.25
    """Of all messages and events: they come again."""
    silent: float = 0.1
    """Of all events that say that a mail was sent: they never come, and as many come late."""
    bounced: float = 0.03
    passing: float = 0.02
    """Of all mails: they bounce in a way that may pass."""
    complained: float = 0.005
    changing: float = 0.002
    """Of all calls: somebody unsubscribes, pauses, chooses otherwise or complains before it."""
    crossing: float = 0.15
    """Of all calls that change a person's item: that person does so before it."""
    direct: bool = False
    """The hot calls are made without the SDK, over connections that fail."""


def large_plan(subscribers: int, calendar: Calendar) -> Plan:
    """Plan a world of so many people in all buckets, in which every call fails less often."""
    return Plan(
        subscribers,
        buckets=BUCKETS,
        calendar=calendar,
        write=write_briefly,
        breaking=0.0005,
        failing=0.002,
        overlapping=0.05,
        lost=0.02,
        throttled=0.001,
        refused=0.001,
        spent=0.000_01,
        twice=0.02,
        silent=0.05,
        bounced=0.003,
        passing=0.003,
        complained=0.0001,
        changing=0.0002,
        crossing=0.002,
    )


@dataclass(frozen=True, slots=True)
class Begin:
    """The schedule invokes what begins digests."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Somebody lets a stopped digest go on."""

    date: str


@dataclass(slots=True)
class Claim:
    """The last claim of a mail to a person."""

    digest: str
    at: datetime
    is_owed: bool
    """Whether the person was to be sent it, by what the item said before."""
    is_known: bool
    """Whether SES's answer or an event had said that the mail was sent."""
    sections: frozenset[str]


Message = Portion | Event | Begin | Resume


@dataclass
class Mailing:
    """One world."""

    seed: int
    plan: Plan = field(default_factory=Plan)
    broken: list[str] = field(default_factory=list)
    sends: int = 0
    faults: int = 0
    doubled: int = 0
    """Mails that SES took a second time."""

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311
        calendar = self.plan.calendar
        self._days = [calendar.first + timedelta(days=day) for day in range(self.plan.digests)]
        self._now = datetime.combine(calendar.first, time(0), calendar.zone).astimezone(UTC)
        self._step = self._depth = 0
        self._is_calm = True
        self._failing: list[Fate] = []
        self._dynamodb = Tables(self._fate, self._written, self._meddle)
        direct = self.plan.direct
        client: Any = direct_client(self._dynamodb, self._dice) if direct else self._dynamodb
        table = Table(client, "Subscribers", AT_ONCE)
        self._subscribers = Subscribers(table)
        queue: Any = self
        self._stores = DigestStores(
            Digests(Table(client, "Library", AT_ONCE)), Deliveries(table), queue
        )
        self._newsroom: Any = Newsroom(self._now)
        service = MailService(self, "digests")
        sending = SendingPlan(calendar.hour, 4, calendar.zone)
        self._post = Post(
            service, _letterhead(sending), lambda: self._now, self._pause, self._write
        )
        self._waiting: list[tuple[datetime, int, Message]] = []
        self._portions: Counter[Portion] = Counter()
        self._accepted: dict[str, dict[str, datetime]] = defaultdict(dict)
        """When SES took the last mail, by person and digest."""
        self._known: set[tuple[str, str]] = set()
        self._refused: set[tuple[str, str]] = set()
        self._owed: dict[str, tuple[datetime, list[str]]] = {}
        """When a digest was frozen, and whom it is owed to."""
        self._changed: dict[str, list[tuple[datetime, Item]]] = defaultdict(list)
        self._claims: dict[str, Claim] = {}
        self._texts: dict[tuple[str, frozenset[str]], set[bytes]] = defaultdict(set)
        self._dynamodb.put("Subscribers", encoded({**MAIL_KEY, "key": KEY}))
        self._people = [
            f"{self._dice.randrange(self.plan.buckets):02x}{self._dice.randbytes(15).hex()}"
            for _ in range(self.plan.subscribers)
        ]
        self._everybody = frozenset(self._people)
        for number, person in enumerate(self._people):
            subscriber = {
                **subscriber_key(person),
                "address": f"reader{number}@example.org",
                "state": "confirmed",
                "frequency": "daily",
            }
            self._dynamodb.put("Subscribers", encoded(subscriber))

    def run(self) -> Self:
        """Live through all digests, and note what is broken."""
        self._is_calm = False
        for begin in self._begins():
            self._put(Begin(), begin - self._now)
        end = self._now + timedelta(days=self.plan.digests + 5)
        while self._waiting and self._now < end:
            self._handle_next()
        if self._waiting:
            self.broken.append("it does not end")
        self._is_calm = True
        self._judge()
        return self

    def send(self, portion: Portion, *, delay: int = 0) -> None:
        """Be the digest queue."""
        self._break()
        is_first = not self._portions[portion]
        self._put(portion, timedelta(seconds=delay))
        # What is there twice and comes a third time would soon be there a thousand times.
        if is_first and self._chance(self.plan.twice):
            # Often while the first is being sent.
            self._put(portion, timedelta(seconds=delay + self._dice.random() ** 3 * 600))

    def send_email(self, **request: Any) -> dict[str, str]:
        """Be SES."""
        self._break()
        tags = {tag["Name"]: tag["Value"] for tag in request["EmailTags"]}
        person, digest = tags["s"], tags["d"]
        if self._chance(self.plan.throttled):
            raise _answer("TooManyRequestsException", 429, "slow down")
        if self._chance(self.plan.spent):
            raise _answer("LimitExceededException", 400, "Daily message quota exceeded")
        if self._chance(self.plan.refused):
            self._refused.add((person, digest))
            raise _answer("MessageRejected", 400, "no")
        is_lost = self._chance(self.plan.lost)
        if not is_lost or self._dice.random() < 0.5:
            self._accept(person, digest)
            self._break()
        if is_lost:
            if self._dice.random() < 0.5:
                raise ReadTimeoutError(endpoint_url="memory")
            raise _answer("InternalFailure", 500, "who knows")
        return {"MessageId": f"message-{self.sends}"}

    def _accept(self, person: str, digest: str) -> None:
        self.sends += 1
        claim = self._claims.get(person) or Claim(digest, self._now, True, False, frozenset())
        if not claim.is_owed:
            self.broken.append(f"{person} was not to be sent {digest} any more")
        before = self._accepted[person].get(digest)
        self.doubled += before is not None
        # One too many needs one before it whose answer was lost, and whose event came too late.
        if before and (claim.is_known or claim.at < before + EVENT_WITHIN):
            self.broken.append(f"{person} got {digest} twice")
        self._accepted[person][digest] = self._now
        self._tell(person, digest)

    def _tell(self, person: str, digest: str) -> None:
        """Let the events about a mail come soon, late, twice or never."""
        mail = _mail_of(person, digest, self.sends)
        events: list[tuple[Event, float]] = []
        if not self._chance(self.plan.silent):
            events.append(({"eventType": "Send", "mail": mail}, self.plan.silent))
        for kind, chance in (("Permanent", self.plan.bounced), ("Transient", self.plan.passing)):
            if self._chance(chance):
                bounce = {"bounceType": kind, "timestamp": format_time(self._now)}
                events.append(({"eventType": "Bounce", "bounce": bounce, "mail": mail}, 0.5))
        if self._chance(self.plan.complained):
            events.append((_complaint_of(mail), 0.5))
        for event, late in events:
            for _ in range(1 + self._chance(self.plan.twice)):
                self._put(event, self._delay() if self._chance(late) else timedelta(seconds=5))

    def _delay(self) -> timedelta:
        """Give the delay of a late event: often into the sending of the next digest."""
        if self._dice.random() < 0.5:
            return timedelta(hours=1)
        return timedelta(days=1, seconds=self._dice.uniform(-60, 60))

    def _begins(self) -> Iterator[datetime]:
        """Give when the schedule invokes: both times in an hour that comes twice, and again."""
        for day in self._days:
            calendar = self.plan.calendar
            hour = datetime.combine(day, time(calendar.hour), calendar.zone)
            yield from sorted({hour.astimezone(UTC), hour.replace(fold=1).astimezone(UTC)})
            for _ in range(2):
                yield hour.astimezone(UTC) + timedelta(hours=self._dice.uniform(0, 12))

    def _handle_next(self) -> None:
        """Deliver the next message; what is broken off comes again."""
        due, _, message = heapq.heappop(self._waiting)
        self._now = max(self._now, due)
        if isinstance(message, Portion):
            self._portions[message] -= 1
        self._depth += 1
        try:
            self._handle(message)
            self._break()
        except (StoreUnavailable, BrokenOff):
            self._failing = []
            self._redeliver(message)
        finally:
            self._depth -= 1

    def _handle(self, message: Message) -> None:
        match message:
            case Portion():
                send_portion(message, self._stores, self._post)
            case Begin():
                plan = self._post.letterhead.plan
                newsroom = self._newsroom
                begin_digests(plan, self._stores, newsroom, newsroom, now=self._now)
            case Resume():
                resume_digest(DAILY, message.date, self._stores)
            case _:
                apply_event(message, self._stores.deliveries)
                tags = message["mail"]["tags"]
                self._known.add((tags["s"][0], tags["d"][0]))

    def _redeliver(self, message: Message) -> None:
        self._put(message, BEGUN_AGAIN if isinstance(message, Begin) else REDELIVERED)

    def _put(self, message: Message, delay: timedelta) -> None:
        self._step += 1
        heapq.heappush(self._waiting, (self._now + delay, self._step, message))
        if isinstance(message, Portion):
            self._portions[message] += 1

    def _pause(self) -> None:
        self._now += timedelta(seconds=1)

    def _write(self, *what: Any) -> bytes:
        digest, contents, recipient, *_ = what
        mail = self.plan.write(*what)
        text = mail.split(b"\r\n--\r\n")[0].split(b"THE DAILY EXAMPLE")[-1]
        self._texts[digest.name, recipient.choices.sections].add(text)
        claim = self._claims.get(recipient.id)
        sections = {entry.section for entry in contents.newest}
        if claim and claim.sections and not sections <= claim.sections:
            self.broken.append(f"{recipient.id} had chosen other sections before the claim")
        return mail

    def _chance(self, chance: float) -> bool:
        happens = not self._is_calm and self._dice.random() < chance
        self.faults += happens
        return happens

    def _break(self) -> None:
        if self._chance(self.plan.breaking):
            raise BrokenOff

    def _fate(self, _name: str) -> Fate:
        if self._failing:
            return self._failing.pop()
        if self._is_calm:
            return Fate.DONE
        if self._chance(self.plan.changing):
            self._change(self._dice.choice(self._people))
        is_due = self._waiting and self._waiting[0][0] <= self._now
        if is_due and self._depth < DEPTH and self._chance(self.plan.overlapping):
            self._handle_next()
        self._break()
        if self._chance(self.plan.failing):
            kinds = [fate for fate in Fate if fate != Fate.DONE]
            fates: list[Fate] = self._dice.choices(kinds, k=self._dice.randint(1, 3))
            self._failing = fates[1:]
            if len(fates) < 3:
                self._failing.insert(0, Fate.DONE)
            return fates[0]
        return Fate.DONE

    def _meddle(self, key: str) -> None:
        if key in self._everybody and self._chance(self.plan.crossing):
            self._change(key)

    def _change(self, person: str) -> None:
        """Let a person end the subscription, pause it, choose otherwise, or complain."""
        self._is_calm = True
        until = f"{self._now + timedelta(days=2):%Y-%m-%d}"
        match self._dice.randrange(5):
            case 0:
                self._subscribers.end(person, now=self._now)
            case 1:
                self._subscribers.change(person, Choices(paused_until=until))
            case 2:
                self._subscribers.change(person, Choices(Frequency.WEEKLY))
            case 3:
                for digest in [*self._accepted[person]][:1]:
                    mail = _mail_of(person, digest, self.sends)
                    apply_event(_complaint_of(mail), self._stores.deliveries)
            case _:
                section = self._dice.choice(SECTIONS)
                self._subscribers.change(person, Choices(sections=frozenset({section})))
        self._is_calm = False

    def _written(self, table: str, key: Key, before: Item | None, after: Item) -> None:
        kind, _, name = key[0].partition("#")
        if table == "Library":
            self._note_frozen(f"{name}-{key[1]}", key[1])
        elif kind == "SUBS" and before:
            self._note_delivery(key[1], before, after)
        elif (
            kind == "DIGEST"
            and {"stopped", "stopped_until"} & after.keys() == {"stopped"}
            and "stopped" not in (before or {})
        ):
            self._put(Resume(name.partition("#")[2]), timedelta(hours=1))

    def _note_frozen(self, digest: str, local_date: str) -> None:
        if self._now.astimezone(self.plan.calendar.zone).date().isoformat() != local_date:
            self.broken.append(f"{digest} is not named by the local date")
        people = self._dynamodb.tables["Subscribers"]
        keys = ((person, subscriber_key(person)) for person in self._people)
        owed = [
            person for person, key in keys if _is_owed(people[key["pk"], key["sk"]], local_date)
        ]
        self._owed.setdefault(digest, (self._now, owed))

    def _note_delivery(self, person: str, before: Item, after: Item) -> None:
        if any(before.get(name) != after.get(name) for name in _CHOSEN):
            self._changed[person].append((self._now, after))
        delivery = after.get("delivery")
        if delivery is None or delivery == before.get("delivery"):
            return
        digest, status = delivery["M"]["digest"]["S"], delivery["M"]["status"]["S"]
        if status == "sent":
            self._known.add((person, digest))
        elif status == "sending":
            held = before.get("delivery", {}).get("M", {}).get("digest", {}).get("S")
            is_owed = (
                before["state"]["S"] == "confirmed"
                if held == digest
                else _is_owed(before, digest.partition("-")[2])
            )
            sections = frozenset(member["S"] for member in before.get("sections", {}).get("L", ()))
            is_known = (person, digest) in self._known
            self._claims[person] = Claim(digest, self._now, is_owed, is_known, sections)

    def _judge(self) -> None:
        for day in self._days:
            digest = f"{DAILY}-{day}"
            begun, people = self._owed.get(digest, (self._now, []))
            if not people:
                self.broken.append(f"{digest} was never frozen")
            for person in people:
                if digest in self._accepted[person] or (person, digest) in self._refused:
                    continue
                excused = (
                    begun <= at <= begun + WORKED_OFF and not _is_owed(item, f"{day}")
                    for at, item in self._changed[person]
                )
                if not any(excused):
                    self.broken.append(f"{person} was left out of {digest}")
        for (digest, _), texts in self._texts.items():
            if len(texts) > 1:
                self.broken.append(f"{digest} is not the same for all")
        self._judge_counts()

    def _judge_counts(self) -> None:
        counts: Counter[str] = Counter()
        for day in self._days:
            progress = self._stores.deliveries.progress(DAILY, f"{day}")
            counts["counted"] += progress.bounced + progress.complained
        for item in self._dynamodb.items("Subscribers"):
            counts["suppressed"] += item.get("state") == {"S": "suppressed"}
        if counts["counted"] != counts["suppressed"]:
            self.broken.append(f"bounces and complaints: {dict(counts)}")


class Tables(DynamoDB):
    """The tables; whoever meddles hears of every update before it, by the item's sort key."""

    def __init__(self, fate: Any, written: Any, meddle: Callable[[str], None]) -> None:
        super().__init__(fate, written)
        self._meddle = meddle

    def update_item(self, **request: Any) -> dict[str, Any]:
        self._meddle(request["Key"]["sk"]["S"])
        return super().update_item(**request)


class BrokenOff(BaseException):
    """The run ends here, as when Lambda stops a container."""


class Newsroom:
    """The catalogue and the rankings, as a digest reads them: two articles every minute."""

    def __init__(self, start: datetime) -> None:
        self.library = self.editions = self.changes = self
        self._start = start

    def _article(self, number: int, section: str) -> Article:
        published = self._start + timedelta(minutes=number)
        name = f"{section.lower()}-{number}"
        url = f"https://daily.example/{name}"
        return Article(name, section, f"{section} news {number}", "", url, published)

    def places(
        self, listing: Listing, *, until: datetime, since: datetime, limit: int, **_: Any
    ) -> list[Any]:
        """Give the articles between two instants, newest first."""
        last = (until - self._start) // timedelta(minutes=1)
        found = [
            _Place(article.id, article.published)
            for number in range(last, last - OUT, -1)
            for section in SECTIONS
            if listing in (ALL, Listing(Kind.SECTION, section))
            for article in [self._article(number, section)]
            if since <= article.published <= until
        ]
        return found[:limit]

    def all(self, **_: Any) -> list[tuple[Listing, Edition]]:
        """Give the editions of the sections."""
        return [(Listing(Kind.SECTION, section), Edition(1, self._start)) for section in SECTIONS]

    def articles(self, ids: list[str]) -> dict[str, Article]:
        """Give articles by their ids."""
        parts = [article.rpartition("-") for article in ids]
        found = [self._article(int(number), section.title()) for section, _, number in parts]
        return {article.id: article for article in found}

    def of(self, _window: object) -> dict[str | None, Any]:
        """Give no rankings."""
        return {}

    def note_mailing(self, _article: str, frequency: Frequency, frozen: datetime) -> None:
        """Note nothing: no mail depends on it."""


@dataclass(frozen=True, slots=True)
class _Place:
    article: str
    published: datetime


_CHOSEN = ("state", "frequency", "sections", "paused_until")


def write_briefly(
    digest: Digest, contents: Contents, recipient: Recipient, letterhead: Letterhead, key: bytes
) -> bytes:
    """Write what tells one mail from another, in a hundredth of the time."""
    del letterhead, key
    titles = " ".join(entry.title for entry in contents.newest)
    return f"THE DAILY EXAMPLE {digest.date} {titles}\r\n--\r\n{recipient.id}".encode()


def _mail_of(person: str, digest: str, number: int) -> Event:
    return {"messageId": f"message-{number}", "tags": {"s": [person], "d": [digest]}}


def _complaint_of(mail: Event) -> Event:
    return {"eventType": "Complaint", "complaint": {}, "mail": mail}


def _is_owed(item: Item, local_date: str) -> bool:
    """Tell whether an item says that its person is to be sent the digest of a date."""
    return bool(
        item["state"]["S"] == "confirmed"
        and item["frequency"]["S"] == DAILY
        and item.get("paused_until", {"S": ""})["S"] <= local_date
    )


def _letterhead(plan: SendingPlan) -> Letterhead:
    return Letterhead(
        Publication("The Daily Example", "https://daily.example/", "News", "en", plan.zone),
        Sender(Mailbox("news@daily.example"), "The Daily Example", "1 Example Quay"),
        "https://count.example",
        plan,
    )


def _answer(code: str, status: int, message: str) -> ClientError:
    error: Any = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(error, "SendEmail")
