"""A source's articles beside those that a stack shows: what is lost, changed or let through."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

from bench.moving_in.reading import Article, State, words_of

TARGETS = {
    "articles": 0.995,
    "titles": 1.0,
    "dates": 1.0,
    "addresses": 1.0,
    "authors": 0.99,
    "words": 0.99,
    "paragraphs": 0.99,
    "captions": 0.99,
    "links": 0.99,
    "images": 0.99,
    "files": 0.99,
}
"""The least share of what the source publishes that has to be shown."""
MAX_ADDED = 0.01
"""The largest share of words that are shown and are none of the source's."""


@dataclass(slots=True)
class Share:
    """How many of what the source has are shown."""

    found: int = 0
    of: int = 0

    @property
    def value(self) -> float:
        """The share; of nothing, all is shown."""
        return self.found / self.of if self.of else 1.0

    def add(self, found: int, of: int) -> None:
        """Count some more."""
        self.found += found
        self.of += of


@dataclass(slots=True)
class Comparison:
    """What became of a source's articles on one surface of a stack."""

    shares: dict[str, Share] = field(default_factory=lambda: {name: Share() for name in TARGETS})
    added: Share = field(default_factory=Share)
    """Words that are shown, and how many of those the source does not have."""
    leaked: list[str] = field(default_factory=list)
    """What is shown and not published by the source."""
    losses: list[str] = field(default_factory=list)
    """What is lost or changed, with the article's name."""

    def misses(self) -> list[str]:
        """Give what misses its target, in words; empty if all is well."""
        missed = [
            f"{name} {percent(share.value)} of {share.of}, at least {percent(TARGETS[name])}"
            for name, share in self.shares.items()
            if share.value < TARGETS[name]
        ]
        if self.added.value > MAX_ADDED and self.added.of:
            missed.append(f"{percent(self.added.value)} of the words shown are not the source's")
        if self.leaked:
            missed.append(f"{len(self.leaked)} shown that the source does not publish")
        return missed


def percent(share: float) -> str:
    """Write a share as a percentage that is 100 % for the whole alone."""
    hundredths = int(share * 10_000 + 1e-6)
    return "100 %" if share >= 1 else f"{hundredths / 100:.2f} %"


def compare(source: list[Article], shown: list[Article]) -> Comparison:
    """Compare what a source has with what a surface of a stack shows."""
    comparison = Comparison()
    pairs, leaked = _pair(source, shown)
    for article, counterpart in pairs:
        if article.state is State.PUBLIC:
            comparison.shares["articles"].add(counterpart is not None, 1)
        if counterpart is None:
            if article.state is State.PUBLIC:
                comparison.losses.append(f"{article.where}: is not shown")
                _count_lost(article, comparison)
        elif article.state is State.PRIVATE:
            comparison.leaked.append(f"{article.where}: is private")
        else:
            _compare_article(article, counterpart, comparison)
    comparison.leaked += [f"{article.where}: is in no source" for article in leaked]
    return comparison


def compare_addresses(source: list[Article], addresses: Iterable[str]) -> Comparison:
    """Compare a list of addresses, as a sitemap has them, with those of the source's articles."""
    comparison = Comparison()
    shown = Counter(addresses)
    public = Counter(
        article.address for article in source if article.address and article.state is State.PUBLIC
    )
    private = {article.address for article in source if article.state is State.PRIVATE}
    comparison.shares["addresses"].add((public & shown).total(), public.total())
    comparison.losses += [f"{address}: is not in the sitemap" for address in public - shown]
    comparison.leaked += sorted(
        f"{address}: is private"
        for address in shown
        if address in private and address not in public
    )
    return comparison


def _pair(
    source: list[Article], shown: list[Article]
) -> tuple[list[tuple[Article, Article | None]], list[Article]]:
    """Find each article's counterpart: by address, else by title and time, else by title or words.

    What everyone may see is looked for first: a draft may have the title of an article.
    """
    left = {id(article): article for article in shown}
    counterparts: dict[int, Article] = {}
    for keys in (_addresses, _titles_with_time, _titles):
        index = defaultdict(list)
        for article in left.values():
            for key in keys(article):
                index[key].append(article)
        for article in _in_order(source, counterparts):
            same = (other for key in keys(article) for other in index[key] if id(other) in left)
            if (counterpart := next(same, None)) is not None:
                counterparts[id(article)] = left.pop(id(counterpart))
    for article in _in_order(source, counterparts):
        similar = (other for other in left.values() if _has_same_words(article, other))
        if (counterpart := next(similar, None)) is not None:
            counterparts[id(article)] = left.pop(id(counterpart))
    return [(article, counterparts.get(id(article))) for article in source], [*left.values()]


def _in_order(source: list[Article], counterparts: dict[int, Article]) -> list[Article]:
    """Give the articles that have no counterpart yet, those for everyone first."""
    order = list(State)
    articles = (article for article in source if id(article) not in counterparts)
    return sorted(articles, key=lambda article: order.index(article.state))


def _addresses(article: Article) -> list[Hashable]:
    return [article.address] if article.address else []


def _titles_with_time(article: Article) -> list[Hashable]:
    return [(title, article.published) for title in article.titles]


def _titles(article: Article) -> list[Hashable]:
    return [*article.titles]


def _has_same_words(article: Article, shown: Article) -> bool:
    words, others = article.body.words, shown.body.words
    return bool(words) and (words & others).total() * 2 > max(words.total(), others.total())


def _count_lost(article: Article, comparison: Comparison) -> None:
    """Count everything of an article that is not shown as lost, but its own absence."""
    body = article.body
    comparison.shares["words"].add(0, body.words.total())
    comparison.shares["paragraphs"].add(0, body.paragraphs.total())
    comparison.shares["captions"].add(0, body.captions.total())
    comparison.shares["links"].add(0, body.links.total())
    comparison.shares["images"].add(0, len(body.images) + bool(article.lead))
    comparison.shares["files"].add(0, len(article.files))


def _compare_article(article: Article, shown: Article, comparison: Comparison) -> None:
    def count(name: str, found: int, of: int, loss: str) -> None:
        comparison.shares[name].add(found, of)
        if found < of:
            comparison.losses.append(f"{article.where}: {loss}")

    (title,) = shown.titles
    if article.titles:
        count("titles", title in article.titles, 1, f"the title is {title}")
    if article.published:
        right = article.published == shown.published
        count("dates", right, 1, f"{article.published} became {shown.published}")
    if article.address:
        right = article.address == shown.address
        count("addresses", right, 1, f"{article.address} became {shown.address}")
    if article.authors:
        right = _author_words(article) == _author_words(shown)
        count("authors", right, 1, f"{_list(article.authors)} became {_list(shown.authors)}")
    _compare_counted(article, shown, comparison)
    _compare_images(article, shown, comparison)
    for hidden in article.hidden & shown.body.paragraphs:
        comparison.leaked.append(f"{article.where}: shows “{_short(hidden)}”")


def _compare_counted(article: Article, shown: Article, comparison: Comparison) -> None:
    source, body = article.body, shown.body
    # Of an article without a text, its title is one.
    labels = Counter(word for title in article.titles for word in words_of(title))
    for address in source.embeds:
        labels += body.labels.get(address, Counter())
    added = body.words - source.words - source.optional - labels
    comparison.added.add(added.total(), body.words.total())
    if added.total() > MAX_ADDED * body.words.total():
        comparison.losses.append(f"{article.where}: adds {_list(added)}")
    files = Counter(shown.files)
    for name, has, shows in (
        ("words", source.words, body.words + body.optional),
        ("paragraphs", source.paragraphs, body.paragraphs),
        ("captions", source.captions, body.captions),
        ("links", source.links, body.links + files),
        ("files", Counter(article.files), body.links + files),
    ):
        comparison.shares[name].add((has & shows).total(), has.total())
        if lost := has - shows:
            comparison.losses.append(f"{article.where}: without the {name} {_list(lost)}")


def _compare_images(article: Article, shown: Article, comparison: Comparison) -> None:
    images = [*article.body.images, *([article.lead] if article.lead else [])]
    visible = {address for image in shown.body.images for address in image} | shown.lead
    lost = [image for image in images if not image & visible]
    comparison.shares["images"].add(len(images) - len(lost), len(images))
    if lost:
        names = (min(image) for image in lost)
        comparison.losses.append(f"{article.where}: without the images {_list(names)}")


def _author_words(article: Article) -> Counter[str]:
    """Give the words of all authors: a source may write several as one name."""
    return Counter(word for name in article.authors for word in words_of(name))


_LISTED = 5


def _list(texts: Iterable[str]) -> str:
    listed = sorted(texts)
    more = f" and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    return ", ".join(f"“{_short(text)}”" for text in listed[:_LISTED]) + more if listed else "none"


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"  # noqa: PLR2004  a line
