"""An article as a check reads it, and the words, paragraphs, links and images of its body."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from html.parser import HTMLParser
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

_BLOCK_NAMES = """
address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption
figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav
ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul xmp
"""
_INLINE_NAMES = """
a abbr acronym audio b bdi bdo big br button canvas cite code data del dfn em embed font i iframe
img input ins kbd label map mark math meter noscript object output picture progress q rb rp rt rtc
ruby s samp script select slot small source span strike strong style sub sup svg template textarea
time track tt u var video wbr
"""
_OPTIONAL_NAMES = """
annotation annotation-xml audio button canvas iframe label noscript object option rp select svg
textarea video
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
"""What a browser begins a new line with (HTML, "Rendering": flow content, lists, tables)."""
HTML_NAMES = _BLOCKS | frozenset(_INLINE_NAMES.split())
"""Names of HTML's elements; another name between angle brackets is text that looks like one."""
_OPTIONAL = frozenset(_OPTIONAL_NAMES.split())
"""What a page may show or not without a loss: controls, and what stands in for a film."""
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_UNSEEN = frozenset(("head", "script", "style", "template", "title"))
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-file", "data-large-file", "src")
_WORD = re.compile(r"\w+")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_WRITTEN_ADDRESS = re.compile(r"https?://\S+")
_SIZE = re.compile(r"-\d+x\d+(?=\.\w+$)")
"""A size at the end of a name, by which WordPress tells copies of a picture apart."""


class State(StrEnum):
    """Whether its site shows an article to everyone."""

    PUBLIC = "public"
    EITHER = "either"
    """The source leaves it open: one may show it, or not."""
    PRIVATE = "private"


@dataclass(slots=True)
class Body:
    """What a reader finds in an article: counted, for a lost repetition is a loss."""

    words: Counter[str] = field(default_factory=Counter)
    optional: Counter[str] = field(default_factory=Counter)
    """Words that may be shown or not: labels of controls, what stands in for a film."""
    paragraphs: Counter[str] = field(default_factory=Counter)
    """The words of every run of text between the edges of two blocks."""
    captions: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    """Addresses of links and of embedded things."""
    embeds: set[str] = field(default_factory=set)
    """Addresses of embedded things alone, of which a link may be left, with a label of its own."""
    labels: dict[str, Counter[str]] = field(default_factory=dict)
    """The words of links by their addresses."""
    images: list[frozenset[str]] = field(default_factory=list)
    """Of every image the addresses that show it."""


@dataclass(slots=True)
class Article:
    """One article, of a source or as a stack shows it."""

    where: str
    """What names it to a person: its title or its address."""
    titles: frozenset[str] = frozenset()
    """The ways to read its title, of which one has to be shown; none if it has no title."""
    published: datetime | None = None
    authors: frozenset[str] = frozenset()
    address: str = ""
    """Its address as `compared` makes it; empty where the source leaves it to a generator."""
    body: Body = field(default_factory=Body)
    lead: frozenset[str] = frozenset()
    """The addresses that show the picture beside the text; empty without one."""
    files: tuple[str, ...] = ()
    """Audio and video files that come with it."""
    state: State = State.PUBLIC
    hidden: Counter[str] = field(default_factory=Counter)
    """Paragraphs that its site does not show to everyone."""


def words_of(text: str) -> list[str]:
    """Give the words of a text as they are compared: without case, punctuation and form."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def one_line(text: str) -> str:
    """Put a title or name on one line, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def compared(address: str, base: str = "") -> str:
    """Write an address so that two ways of writing the same one are equal; empty if it is none."""
    try:
        parts = urlsplit(urljoin(base, address.strip()))
        host = (parts.hostname or "").removeprefix("www.") + (
            f":{parts.port}" if parts.port else ""
        )
    except ValueError:
        return ""
    if parts.scheme in ("mailto", "tel"):
        return f"{parts.scheme}:{unquote(parts.path)}"
    if parts.scheme not in ("http", "https") or not host:
        return ""
    path = unquote(parts.path).removesuffix("index.html").rstrip("/")
    query = f"?{unquote(parts.query)}" if parts.query else ""
    fragment = f"#{unquote(parts.fragment)}" if parts.fragment else ""
    return unicodedata.normalize("NFC", f"{host}{path}{query}{fragment}")


def compared_embed(address: str, base: str = "") -> str:
    """Write the address of an embedded thing so that its player and its page are equal."""
    try:
        parts = urlsplit(urljoin(base, address.strip()))
    except ValueError:
        return ""
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    pieces = [piece for piece in parts.path.split("/") if piece]
    if host in ("youtube.com", "youtube-nocookie.com", "youtu.be") and pieces:
        number = pieces[-1] if pieces[0] in ("embed", "v", "shorts", "live") else ""
        number = number or (pieces[0] if host == "youtu.be" else "")
        number = number or "".join(parse_qs(parts.query).get("v", []))
        return f"youtube:{re.split('[&?]', number)[0]}" if number else compared(address, base)
    if host in ("vimeo.com", "player.vimeo.com") and pieces and pieces[-1].isdigit():
        return f"vimeo:{pieces[-1]}"
    return compared(address, base)


def compared_image(address: str, base: str = "") -> str:
    """Write the address of a picture so that its copies in other sizes are equal."""
    written = compared(address, base)
    path, mark, query = written.partition("?")
    return _SIZE.sub("", path) + mark + query


def read_body(html: str, base: str = "", *, blank_lines: bool = False) -> Body:
    """Read the body of an article; base is what its relative addresses are resolved against.

    Blank_lines says that they part paragraphs, too, as WordPress shows what has no blocks.
    """
    reader = _Reader(base, blank_lines=blank_lines)
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    reader.end_caption()
    return reader.body


def read_text(text: str) -> Body:
    """Read a body that is plain text: blank lines part its paragraphs."""
    body = Body()
    for run in _BLANK_LINE.split(text):
        _add_paragraph(body.paragraphs, words_of(run))
    body.words = Counter(words_of(text))
    return body


def title_of_html(html: str) -> str:
    """Read a title that is HTML; what only looks like an element, as in Vec<T>, is its text."""
    reader = _TitleReader()
    reader.feed(html)
    reader.close()
    return one_line("".join(reader.parts))


def _add_paragraph(paragraphs: Counter[str], words: Iterable[str]) -> None:
    if run := " ".join(words):
        paragraphs[run] += 1


class _TitleReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag not in HTML_NAMES:
            self.parts.append(self.get_starttag_text() or "")
        elif tag == "br":
            self.parts.append(" ")


class _Reader(HTMLParser):
    """Collects what a body has; whatever is left open ends with it."""

    def __init__(self, base: str, *, blank_lines: bool) -> None:
        super().__init__()
        self.body = Body()
        self._base = base
        self._blank_lines = blank_lines
        self._open: list[str] = []
        self._run: list[str] = []
        self._caption: list[str] | None = None
        self._sources: list[str] = []
        self._has_source = False
        self._anchor = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.end_paragraph()
        elif tag == "br":
            self._run.append(" ")
        if tag == "figcaption":
            self.end_caption()
            self._caption = []
        if tag not in _VOID:
            self._open.append(tag)
        if tag not in _UNSEEN:
            self._find_addresses(tag, {name: value or "" for name, value in attrs})

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # HTML has no empty elements but the void ones: <p/> opens a paragraph.
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.end_paragraph()
        if tag == "figcaption":
            self.end_caption()
        if tag == "a":
            self._anchor = ""
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        around = set(self._open)
        if around & _UNSEEN:
            return
        if around & _OPTIONAL:
            self.body.optional.update(words_of(data))
            return
        if self._anchor:
            self.body.labels.setdefault(self._anchor, Counter()).update(words_of(data))
        # An address that is written out may become a link, or the other way round.
        self.body.optional.update(words_of(" ".join(_WRITTEN_ADDRESS.findall(data))))
        data = _WRITTEN_ADDRESS.sub(" ", data)
        runs = _BLANK_LINE.split(data) if self._blank_lines and "pre" not in around else [data]
        for number, run in enumerate(runs):
            if number:
                self.end_paragraph()
            self._run.append(run)

    def end_paragraph(self) -> None:
        """End a run of text, whose words may have come in parts."""
        words = words_of("".join(self._run))
        self._run = []
        self.body.words.update(words)
        _add_paragraph(self.body.paragraphs, words)
        if self._caption is not None:
            self._caption += words

    def end_caption(self) -> None:
        """End a caption, which may have several paragraphs."""
        if self._caption is not None:
            _add_paragraph(self.body.captions, self._caption)
        self._caption = None

    def _find_addresses(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "a":
            # With an empty address, as of a button in an editor, it leads nowhere.
            address = attributes.get("href", "").strip()
            self._anchor = compared_embed(address, self._base) if address else ""
            self._add_link(self._anchor)
        elif tag in ("iframe", "embed", "video", "audio", "object"):
            self._has_source = False
            self._add_embed(attributes, "data-src", "src", "data")
        elif tag == "source" and {"video", "audio"} & set(self._open):
            self._add_embed(attributes, "src")
        elif tag == "source":
            self._sources += _candidates(attributes)
        elif tag == "img":
            self._add_image(attributes)

    def _add_link(self, address: str) -> None:
        if address:
            self.body.links[address] += 1

    def _add_embed(self, attributes: dict[str, str], *names: str) -> None:
        """Add an embedded thing once, however many files it may be played from."""
        source = next((attributes[name] for name in names if attributes.get(name)), "")
        address = compared_embed(source, self._base) if source else ""
        if address and not self._has_source:
            self._has_source = True
            self._add_link(address)
            self.body.embeds.add(address)

    def _add_image(self, attributes: dict[str, str]) -> None:
        addresses = self._sources + _candidates(attributes)
        self._sources = []
        shown = frozenset(filter(None, (compared_image(a, self._base) for a in addresses)))
        # One pixel by one counts readers.
        if shown and (attributes.get("width"), attributes.get("height")) != ("1", "1"):
            self.body.images.append(shown)


def _candidates(attributes: dict[str, str]) -> list[str]:
    """Give the addresses that an image may be shown from, without those that hold it themselves."""
    sets = (attributes.get(name, "") for name in ("data-srcset", "data-lazy-srcset", "srcset"))
    listed = [
        piece.split()[0] for text in sets for piece in re.split(r",\s+", text) if piece.split()
    ]
    named = [attributes[name] for name in _LAZY if attributes.get(name)]
    return [address for address in named + listed if not address.startswith("data:")]
