"""Markdown, and Markdown with components (MDX), as HTML.

CommonMark with the tables and strikethrough of GFM, and the footnotes and definition lists that
Hugo, Jekyll (kramdown), Zola and Hexo have.
"""

import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

_WRITER = (
    MarkdownIt("commonmark", {"html": True})
    .enable(["table", "strikethrough"])
    .use(footnote_plugin)
    .use(deflist_plugin)
)
_FENCE = re.compile(r"(?:> ?)* {0,12}(`{3,}|~{3,})([^\n]*)")
# After a language stand what lines to mark and to number: rust,linenos (Zola), js{1,3} (Eleventy).
_END_OF_LANGUAGE = re.compile(r"[\s,{].*", flags=re.DOTALL)
# What sets ids and classes: {: .note} after a block (kramdown), {#id .class} after a heading.
_ATTRIBUTES = re.compile(
    r"^[ \t]*+\{:[^{}\n]*+\}[ \t]*+$|\{:[^{}\n]*+\}|(?<=\S)[ \t]*+\{[#.][^{}\n]*+\}[ \t]*+$",
    flags=re.MULTILINE,
)
# A statement of a component's language reaches to the next blank line.
_STATEMENT = re.compile(
    r"import\s*+(?:[\"'{*]|\w++\s*+(?:,|from\b))"
    r"|export\s*+(?:[{*]|(?:async|class|const|default|function|let|var)\b)"
)
_COMPONENT = re.compile(r"</?(?:[A-Z][\w.]*+|(?=>))")
_SIGN = re.compile(r"[\"'`{}>]|\n[ \t]*\n")
_MAX_TAG = 1_000
_COMMENT = re.compile(r"\{/\*(?:[^*]|\*(?!/))*+(?:\*/\})?")


def render_markdown(text: str) -> str:
    """Write Markdown as HTML, which is not safe yet. Raises RecursionError if it nests too deep."""
    parts = (part if is_code else _ATTRIBUTES.sub("", part) for is_code, part in code_parts(text))
    environment: dict[str, Any] = {}
    tokens = _WRITER.parse("".join(parts), environment)
    for token in tokens:
        if token.type == "fence":
            token.info = _END_OF_LANGUAGE.sub("", token.info.strip())
    html: str = _WRITER.renderer.render(tokens, _WRITER.options, environment)
    return html


def render_inline(text: str) -> str:
    """Write one line of Markdown as HTML, which is not safe yet, without a paragraph."""
    html: str = _WRITER.renderInline(text)
    return html


def without_components(text: str) -> str:
    """Take the statements, component tags and comments out of MDX; what they enclose stays.

    https://mdxjs.com/docs/what-is-mdx/
    """
    return "".join(part if is_code else _plain(part) for is_code, part in code_parts(text))


def code_parts(text: str) -> Iterator[tuple[bool, str]]:
    """Part Markdown into fenced code and what stands between (CommonMark 0.31, section 4.5)."""
    start = position = 0
    fence = ""
    for line in text.splitlines(keepends=True):
        match = _FENCE.match(line)
        if match and not fence and not (match[1][0] == "`" and "`" in match[2]):
            if position > start:
                yield False, text[start:position]
            start, fence = position, match[1]
        elif match and fence and match[1].startswith(fence) and not match[2].strip():
            end = position + len(line)
            yield True, text[start:end]
            start, fence = end, ""
        position += len(line)
    if position > start:
        yield bool(fence), text[start:position]


def _plain(text: str) -> str:
    blocks = re.split(r"(\n[ \t]*\n)", _COMMENT.sub("", text))
    text = "".join("" if _STATEMENT.match(block.lstrip("\n")) else block for block in blocks)
    pieces: list[str] = []
    position = 0
    while tag := _COMPONENT.search(text, position):
        end = _end_of_tag(text, tag.end())
        pieces.append(text[position : tag.start()])
        position = end
    return "".join([*pieces, text[position:]])


def _end_of_tag(text: str, position: int) -> int:
    """Find the end of a component's tag, whose attributes may hold quotes and braces.

    A tag that does not end within _MAX_TAG characters is its name alone.
    """
    start, depth, quote = position, 0, ""
    for match in _SIGN.finditer(text, position, position + _MAX_TAG):
        sign = match[0]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in ("'", '"', "`"):
            quote = sign
        elif sign in "{}":
            depth += 1 if sign == "{" else -1
        elif sign == ">" and not depth:
            return match.end()
        elif sign.startswith("\n") and not depth:
            break
    return start
