"""WordPress's stored content as HTML, in paragraphs as its site shows it.

WordPress stores a post of its classic editor without <p>: blank lines part paragraphs, and other
line breaks are line breaks (https://developer.wordpress.org/reference/functions/wpautop/). The
rules, written anew:

- Block elements stand for themselves and part paragraphs; what is in <pre>, <script>, <style>,
  <textarea>, <svg> and players stays as it is.
- At the top and in <blockquote> all text stands in paragraphs. In <li>, <td>, <dd>, <div> and other
  elements that hold both, it does so where a blank line or a block element parts it. Within <p>, a
  blank line begins the next. Headings, captions and terms hold no paragraphs.
- A line break becomes <br>, except after a <br> and beside a block element; two <br> with nothing
  between them part paragraphs.
- A paragraph without text, picture or player is not written.

A post made of blocks has its paragraphs already, and WordPress adds none to it
(https://developer.wordpress.org/reference/functions/do_blocks/): only the comments that delimit the
blocks are removed. WordPress's curly quotes (wptexturize) are not made.
"""

import re
from collections import Counter

from circulation.importing.wordpress_shortcodes import Media, replace_shortcodes

_PARAGRAPHS = {"", "blockquote"}
_FLOW = {
    "address", "article", "aside", "center", "dd", "details", "div", "fieldset", "footer", "form",
    "header", "hgroup", "li", "main", "nav", "section", "td", "th",
}  # fmt: skip
_PHRASING = {
    "caption", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "legend",
    "summary",
}  # fmt: skip
_STRUCTURE = {
    "col", "colgroup", "dl", "map", "menu", "ol", "table", "tbody", "tfoot", "thead", "tr", "ul",
}  # fmt: skip
_BLOCKS = {"p", "blockquote"} | _FLOW | _PHRASING | _STRUCTURE
_VOID_BLOCKS = {"area", "col", "hr"}
# A start tag that ends the open element before it (HTML, "Optional tags").
_SIBLINGS = {
    "li": {"li"}, "dt": {"dt", "dd"}, "dd": {"dt", "dd"}, "td": {"td", "th"}, "th": {"td", "th"},
}  # fmt: skip
_VERBATIM = {
    "audio", "canvas", "iframe", "math", "object", "pre", "script", "select", "style", "svg",
    "textarea", "video",
}  # fmt: skip
_SHOWN = {"embed", "img", "input"}
_COMMENT = re.compile(r"<!--(?:-?(?P<empty>>)|(?:[^-]|-(?!->))*+(?P<end>-->)?)")
_NEXT_PAGE = re.compile(r"<!--\s*+nextpage\s*+-->")
_BLOCK_COMMENT = "<!-- wp:"
_TAG = re.compile(
    r"""<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9:-]*+)(?:[^<>"']|"[^"]*"|'[^']*')*+>?"""
)
_BLANK_LINE = re.compile(r"\n(?:[ \t]*+\n)++")
_LINE_END = re.compile(r"(?<![ \t])[ \t]*+\n[ \t]*+")
_SPACE = " \t\n"


def render_content(content: str, media: Media) -> str:
    """Write a post's stored content as HTML; media are the files it can show."""
    text = _NEXT_PAGE.sub("\n\n", content.replace("\r\n", "\n").replace("\r", "\n"))
    has_blocks = _BLOCK_COMMENT in text
    text = _COMMENT.sub(_drop_comment, replace_shortcodes(text, media))
    return text.strip() if has_blocks else add_paragraphs(text)


def add_paragraphs(text: str) -> str:
    """Part stored text into paragraphs; other comments than unfinished ones are gone already."""
    writer = _Writer()
    end = 0
    unclosed: set[str] = set()
    lowered = text.lower() if text.isascii() else _lower_ascii(text)
    for tag in _TAG.finditer(text):
        if tag.start() < end:
            continue
        writer.add_text(text[end : tag.start()])
        name, end = tag["name"].lower(), tag.end()
        if name in _VERBATIM and not tag["close"] and name not in unclosed:
            closing = lowered.find(f"</{name}", end)
            if closing < 0:
                unclosed.add(name)
            else:
                end = (lowered.find(">", closing) + 1) or len(text)
                writer.add_verbatim(name, text[tag.start() : end])
                continue
        writer.add_tag(name, tag[0], is_end=bool(tag["close"]))
    writer.add_text(text[end:])
    return writer.finish()


def _drop_comment(comment: re.Match[str]) -> str:
    """Drop a comment; one that never ends stays, as its end may be what is missing."""
    return "" if comment["empty"] or comment["end"] else comment[0]


def _lower_ascii(text: str) -> str:
    """Lower A to Z alone: other letters may change their length."""
    return text.translate({code: code + 32 for code in range(ord("A"), ord("Z") + 1)})


class _Writer:
    """Writes blocks at once, and collects what stands between two of them: text and inline tags."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[str] = []
        self._starts: list[int] = []
        """Which part is the start tag of each open element."""
        self._count: Counter[str] = Counter()
        self._run: list[tuple[str, str]] = []
        self._is_after_block = False

    def add_text(self, text: str) -> None:
        if text:
            self._run.append(("text", text))

    def add_verbatim(self, name: str, markup: str) -> None:
        if name == "pre":
            self._end_run()
            self._end_open({"p"})
            self._parts.append(markup)
            self._is_after_block = True
        else:
            self._run.append(("shown" if name not in ("script", "style") else "tag", markup))

    def add_tag(self, name: str, markup: str, *, is_end: bool) -> None:
        if name == "br":
            self._run.append(("break", ""))
        elif name in _VOID_BLOCKS:
            self._end_run()
            self._end_open({"p"})
            self._parts.append(markup)
            self._is_after_block = True
        elif name not in _BLOCKS:
            self._run.append(("shown" if name in _SHOWN else "tag", markup))
        elif is_end:
            self._end_run()
            self._end_block(name, markup)
        else:
            self._end_run()
            self._end_open({"p"} | _SIBLINGS.get(name, set()))
            self._starts.append(len(self._parts))
            self._parts.append(markup)
            self._open.append(name)
            self._count[name] += 1
            self._is_after_block = False

    def finish(self) -> str:
        self._end_run()
        return "".join(self._parts).strip()

    def _end_open(self, names: set[str]) -> None:
        """End the innermost element, if it is one of these; HTML needs no end tag there."""
        while self._open and self._open[-1] in names:
            name = self._open.pop()
            self._end_element(name, f"</{name}>")

    def _end_block(self, name: str, markup: str) -> None:
        if self._count[name]:
            while (innermost := self._open.pop()) != name:
                self._count[innermost] -= 1
                self._starts.pop()
            self._end_element(name, markup)
        self._is_after_block = True

    def _end_element(self, name: str, markup: str) -> None:
        """Write an end tag, or take back the start tag of a paragraph without anything in it."""
        self._count[name] -= 1
        if self._starts.pop() == len(self._parts) - 1 and name == "p":
            self._parts.pop()
        else:
            self._parts.append(markup)

    def _end_run(self) -> None:
        """Write what was collected, in paragraphs where the element around it has them."""
        if not self._run:
            return
        run, self._run = self._run, []
        if not any(kind == "shown" or text.strip(_SPACE) for kind, text in run):
            return  # white space and line breaks between blocks
        around = self._open[-1] if self._open else ""
        if around in _STRUCTURE:
            self._parts += [text for _, text in run]
            return
        splits = around not in _PHRASING
        pieces = _pieces_of(run) if splits else [run]
        is_parted = len(pieces) > 1 or self._is_after_block
        lines = [_write_lines(piece) for piece in pieces]
        if around == "p":
            self._parts.append("</p>\n<p>".join(line for line, _ in lines if line))
        elif around in _PARAGRAPHS or (splits and is_parted):
            self._parts += [f"<p>{line}</p>\n" if shows else line for line, shows in lines]
        else:
            self._parts += [line for line, _ in lines]


def _pieces_of(run: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Part a run where a blank line stands, or two line breaks; pieces may be empty."""
    pieces: list[list[tuple[str, str]]] = [[]]
    after_break = False
    for kind, text in run:
        if kind == "break" and after_break:
            pieces.append([])
            after_break = False
        elif kind == "break":
            pieces[-1].append((kind, text))
            after_break = True
        elif kind == "text":
            first, *others = _BLANK_LINE.split(text)
            pieces[-1].append((kind, first))
            pieces += [[(kind, other)] for other in others]
            after_break = after_break and not text.strip(_SPACE)
        else:
            pieces[-1].append((kind, text))
            after_break = False
    return pieces


def _write_lines(piece: list[tuple[str, str]]) -> tuple[str, bool]:
    """Write a piece with its line breaks as <br>, and tell whether it shows anything."""
    parts: list[str] = []
    is_at_break = True  # at the beginning, or after <br>
    for kind, text in piece:
        if kind == "break":
            if not (is_at_break and not parts):
                parts.append("<br>\n")
            is_at_break = True
        elif kind == "text":
            words = text.lstrip(_SPACE) if is_at_break else text
            parts.append(_LINE_END.sub("<br>\n", words))
            is_at_break = is_at_break and not words
        else:
            parts.append(text)
            is_at_break = False
    line = "".join(parts)
    while (shorter := line.rstrip(_SPACE).removesuffix("<br>")) != line:
        line = shorter
    return line, any(
        kind == "shown" or (kind == "text" and text.strip(_SPACE)) for kind, text in piece
    )
