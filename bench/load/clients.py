"""Readers and publishers: what they ask, and what they were told."""

import json
import random
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from bench.load.machine import TOKEN

AGAIN_SECONDS = 0.1
TIMEOUT = 60.0
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
BOT = "Googlebot/2.1 (+http://www.google.com/bot.html)"
# How often each is asked for, in percent.
MIX = {
    "view": 50, "repeat": 10, "bot": 5, "count": 10, "counts": 5, "list": 5, "article": 4,
    "feed": 4, "popular": 3, "publish": 4,
}  # fmt: skip
VIEWS_ALONE = {"view": 1}


@dataclass(slots=True)
class Record:
    """What the clients were told. Safe to share between threads."""

    views: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The nonces of the views that were acknowledged as counted, by article."""
    titles: dict[str, str] = field(default_factory=dict)
    """The title that was last acknowledged, by article."""
    milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """How long each answer took, by what was asked."""
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    unexpected: list[str] = field(default_factory=list)
    under_way: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request as under way."""
        with self._lock:
            self.under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self.under_way -= 1

    def answered(self, kind: str, status: int, milliseconds: float) -> None:
        """Write an answer down."""
        with self._lock:
            self.milliseconds[kind].append(milliseconds)
            self.statuses[kind, status] += 1

    def viewed(self, article: str, nonce: str) -> None:
        """Write a view down that was acknowledged as counted."""
        with self._lock:
            self.views[article].add(nonce)

    def published(self, article: str, title: str) -> None:
        """Write a publication down that was acknowledged."""
        with self._lock:
            self.titles[article] = title

    def acknowledged(self) -> int:
        """Count the views that were acknowledged."""
        with self._lock:
            return sum(map(len, self.views.values()))

    def note(self, sentence: str) -> None:
        """Write down what should not be."""
        with self._lock:
            self.unexpected.append(sentence)


class Client(threading.Thread):
    """One reader or publisher after another, until told to stop.

    Each reader has an address of this machine of its own (127.x.y.z), and sends a view again with
    the same nonce until it is answered, as the widget does. Ports are that of all requests, and
    that of views.
    """

    def __init__(  # noqa: PLR0913, PLR0917  a client is made of all of it
        self,
        number: int,
        seed: int,
        ports: Callable[[], tuple[int, int]],
        articles: list[str],
        record: Record,
        stopping: threading.Event,
        mix: Mapping[str, int],
    ) -> None:
        super().__init__(name=f"client {number}")
        self._number = number
        self._random = random.Random(f"{seed} {number}")  # noqa: S311  a seed, not a secret
        self._ports = ports
        self._articles = articles
        self._record = record
        self._stopping = stopping
        self._mix = mix
        self._readers = 0
        self._sent: list[tuple[str, str, str]] = []

    def run(self) -> None:
        """Ask one thing after another."""
        kinds, weights = list(self._mix), list(self._mix.values())
        while not self._stopping.is_set():
            (kind,) = self._random.choices(kinds, weights)
            getattr(self, f"_{kind}")()

    def _view(self) -> None:
        article, address = self._random.choice(self._articles), self._next_address()
        nonce = f"{self._number}-{self._readers}"
        answer = self._until_answered("view", article, address, nonce)
        if answer.get("counted"):
            self._record.viewed(article, nonce)
            self._sent.append((article, address, nonce))
        else:
            self._record.note(f"a new reader's view of {article} was answered {answer}")

    def _repeat(self) -> None:
        """Send a view once more, or visit again: neither counts."""
        if self._sent:
            article, address, nonce = self._random.choice(self._sent)
            again = self._random.random() < 0.5  # noqa: PLR2004  a coin
            answer = self._until_answered("repeat", article, address, nonce if again else "other")
            if answer.get("counted") is not again:
                self._record.note(f"a repeated view of {article} was answered {answer}")

    def _bot(self) -> None:
        article = self._random.choice(self._articles)
        self._ask("bot", "POST", f"/articles/{article}/views", "{}", {"user-agent": BOT})

    def _count(self) -> None:
        self._ask("count", "GET", f"/articles/{self._random.choice(self._articles)}/views")

    def _counts(self) -> None:
        chosen = self._random.sample(self._articles, min(20, len(self._articles)))
        self._ask("counts", "GET", f"/views?ids={','.join(chosen)}")

    def _list(self) -> None:
        self._ask("list", "GET", "/articles?limit=20")

    def _article(self) -> None:
        self._ask("article", "GET", f"/articles/{self._random.choice(self._articles)}")

    def _feed(self) -> None:
        self._ask("feed", "GET", "/feed.rss")

    def _popular(self) -> None:
        self._ask("popular", "GET", "/popular?window=24h")

    def _publish(self) -> None:
        self._readers += 1
        article = f"published-{self._number}-{self._random.randrange(10)}"
        title = f"Version {self._readers} of {article}"
        body = json.dumps(submission(article, title))
        headers = {"authorization": f"Bearer {TOKEN}", "content-type": "application/json"}
        while True:
            answer = self._ask("publish", "PUT", f"/articles/{article}", body, headers)
            if answer is not None:
                self._record.published(article, title)
                return
            time.sleep(AGAIN_SECONDS)

    def _until_answered(self, kind: str, article: str, address: str, nonce: str) -> dict[str, Any]:
        body, path = json.dumps({"nonce": nonce}), f"/articles/{article}/views"
        while True:
            answer = self._ask(kind, "POST", path, body, {"user-agent": BROWSER}, address)
            if answer is not None:
                decoded: dict[str, Any] = json.loads(answer)
                return decoded
            time.sleep(AGAIN_SECONDS)

    def _ask(  # noqa: PLR0913, PLR0917  a request is made of all of it
        self,
        kind: str,
        method: str,
        path: str,
        body: str = "",
        headers: dict[str, str] | None = None,
        address: str = "127.0.0.1",
    ) -> bytes | None:
        """Ask once; give the answer's body, None where there was no good one."""
        port = self._ports()[method == "POST"]
        connection = HTTPConnection("127.0.0.1", port, TIMEOUT, source_address=(address, 0))
        began = time.perf_counter()
        with closing(connection), self._record.request():
            try:
                connection.request(method, path, body.encode(), headers or {})
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, HTTPException):
                self._record.statuses[kind, 0] += 1
                return None
        self._record.answered(kind, answer.status, 1_000 * (time.perf_counter() - began))
        return content if answer.status < 400 else None  # noqa: PLR2004  RFC 9110, section 15

    def _next_address(self) -> str:
        self._readers += 1
        high, low = divmod(self._readers, 250)
        return f"127.{self._number + 1}.{high % 250}.{low + 1}"


def submission(article: str, title: str) -> dict[str, Any]:
    """Write an article as a publisher would."""
    paragraph = "<p>The ferry left at seven and came back with the evening papers.</p>"
    return {
        "section": ("city", "harbour", "sport")[len(article) % 3],
        "title": title,
        "body": paragraph * 20,
        "url": f"https://news.example/{article}",
        "published": "2026-01-31T08:00:00+04:00",
    }
