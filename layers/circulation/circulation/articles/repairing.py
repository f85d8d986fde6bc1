"""Repair markup before it is parsed, so that nothing that was left open swallows an article.

By HTML's rules, everything after an unclosed <script>, <textarea>, <select>, comment or quotation
mark is no text of the page (WHATWG HTML, sections 13.2.5 and 13.2.6). Here the rules are:

- What a browser shows as words stays: forms, buttons and lists of choices become their words.
- What it never shows (scripts, styles, templates) goes, if it was closed; a script that places a
  post of a social network becomes a frame with that post (embeds.py).
- If it was never closed, only its tag goes; a tag without attributes, as in `Use the <script> tag`,
  was meant as text and becomes that. A tag or a comment that never ends is text too.
- Elements of formulas outside of one lose their tags: cleaning would drop them with their text.
- Drawings (SVG) become the words in them, or else their title.
"""

import re
from collections.abc import Iterator

from circulation.articles import formulas
from circulation.articles.markup_tree import escape
from circulation.articles.tokens import TOKEN, VOID, read_attributes, write_tag

# Elements whose content a browser does not show. Its tags are not looked at, as in a browser.
_HIDDEN = {"noembed", "noframes", "script", "style", "template", "title"}
# Elements whose content is text, whatever stands in it, and what shows the same.
_VERBATIM = {"listing": "pre", "plaintext": "pre", "textarea": "p", "xmp": "pre"}
_CLOSED_APART = _HIDDEN | _VERBATIM.keys() | {"iframe"}
_END = {
    name: re.compile(rf"</{name}[\s/>]", flags=re.IGNORECASE)
    for name in (*sorted(_CLOSED_APART), "svg")
}
# Elements for which the parser has rules of its own, and what is like them without such rules.
_RENAMED = {
    "applet": "span", "button": "span", "form": "div", "marquee": "span", "noscript": "x-noscript",
    "select": "span",
}  # fmt: skip
_CHOICES = {"datalist", "optgroup", "option"}
# Of a whole page; in an article only their tags go.
_OF_PAGES = {"base", "body", "frame", "frameset", "head", "html", "link", "meta"}
_POSTS = {"data-telegram-post": "https://t.me/{}"}
_GIST = re.compile(r"(?:https?:)?//(gist\.github\.com/[\w./-]+)\.js")
_NOSCRIPT = re.compile(r"<(/?)noscript[\s/>]", flags=re.IGNORECASE)
_CDATA = "<![CDATA["
_WORDS_OF_DRAWINGS = {"text", "tspan", "textpath", "foreignobject"}
_HTML = (
    r"a|abbr|acronym|address|amp-youtube|article|aside|audio|b|bdi|bdo|big|"
    r"blockquote|br|button|caption|center|cite|code|col|colgroup|dd|del|"
    r"details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|"
    r"font|footer|form|h1|h2|h3|h4|h5|h6|header|hgroup|hr|i|iframe|"
    r"img|input|ins|kbd|label|legend|li|link|listing|lite-youtube|main|"
    r"mark|math|menu|nav|nobr|noscript|object|ol|option|p|picture|"
    r"plaintext|pre|q|rp|rt|ruby|s|samp|script|section|select|small|"
    r"source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|"
    r"template|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|"
    r"wbr|xmp"
)
_KNOWN_TAG = re.compile(rf"</?(?:{_HTML})[\s/>]|<!--", flags=re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def is_markup(text: str) -> bool:
    """Say whether a text is HTML: whether it has a tag of HTML's or a character reference.

    `vector<int>` and `1 < 2` are text.
    """
    return bool(_KNOWN_TAG.search(text) or _REFERENCE.search(text))


def repair(markup: str) -> str:
    """Rewrite markup so that what was left open swallows nothing."""
    return "".join(_Repair(markup).write())


class _Formula:
    """Follows whether a parser is in a formula (WHATWG HTML, section 13.2.6.5).

    An element of HTML ends a formula, but not one that stands in a text of it, such as <mtext>.
    """

    def __init__(self) -> None:
        self._is_open = False
        self._text = ""
        self._inside_text = 0

    def has_place_for(self, name: str, *, is_end: bool) -> bool:
        """Say whether a tag is one of HTML, or of a formula and stands in one."""
        if name not in formulas.SEEN:
            if self._text:
                self._inside_text = max(0, self._inside_text + (-1 if is_end else name not in VOID))
            else:
                self._is_open = False
            return True
        if name == "math":
            self._is_open, self._text, self._inside_text = not is_end, "", 0
            return True
        if not self._is_open or self._inside_text:
            return False
        if name in formulas.TEXTS:
            self._text = "" if is_end else name
        return True


class _Repair:
    """Writes markup token by token."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._place = 0
        self._last_comment_end = markup.rfind("-->")
        self._never_closed: set[str] = set()
        self._formula = _Formula()

    def write(self) -> Iterator[str]:
        while self._place < len(self._markup):
            if self._skip_open_comment():
                continue
            if self._markup.startswith(_CDATA, self._place):
                yield self._write_cdata()
                continue
            token = TOKEN.match(self._markup, self._place)
            assert token  # noqa: S101  the pattern matches any text
            self._place = token.end()
            if token["text"]:
                yield token[0]
            elif not token[0].endswith(">"):  # a tag that never ends
                yield escape(token[0])
            elif token["name"]:
                yield self._write_tag(token["name"].lower(), token)

    def _write_tag(self, name: str, token: re.Match[str]) -> str:
        if name in _END and not token["end"]:
            return self._write_closed_apart(name, token)
        if name == "noscript" and not token["end"] and not self._is_noscript_closed():
            return ""
        if name in _CHOICES:
            return " "
        if not self._formula.has_place_for(name, is_end=bool(token["end"])):
            return ""
        return "" if name in _OF_PAGES or name in _END else _rewrite_tag(name, token)

    def _skip_open_comment(self) -> bool:
        """Go on behind the beginning of a comment that never ends."""
        begins = self._markup.startswith("<!--", self._place)
        if not begins or self._last_comment_end >= self._place + len("<!"):
            return False
        self._place += len("<!--")
        return True

    def _write_cdata(self) -> str:
        begin = self._place + len(_CDATA)
        end = self._markup.find("]]>", begin)
        if end < 0:
            end = self._place = len(self._markup)
        else:
            self._place = end + len("]]>")
        return escape(self._markup[begin:end])

    def _is_noscript_closed(self) -> bool:
        """Say whether a <noscript> ends before the next one begins; they do not nest."""
        following = _NOSCRIPT.search(self._markup, self._place)
        return bool(following and following[1])

    def _write_closed_apart(self, name: str, token: re.Match[str]) -> str:
        """Write an element up to its own end tag, whatever stands in it."""
        attributes = read_attributes(token["attributes"])
        content = self._take_content(name, token)
        if name == "iframe":
            return f"{write_tag(name, attributes)}</{name}>"
        if content is None:
            return "" if attributes or name == "svg" else escape(token[0])
        if name == "svg":
            return _words_of_drawing(content)
        if name in _VERBATIM:
            # In a <textarea> character references are such; in the others they are text.
            words = _escape_tags(content) if name == "textarea" else escape(content)
            return f"<{_VERBATIM[name]}>{words}</{_VERBATIM[name]}>"
        return _frame_of_script(attributes)

    def _take_content(self, name: str, token: re.Match[str]) -> str | None:
        """Give what stands before an element's end tag, and go on behind that; None without one."""
        if name == "svg" and token["attributes"].endswith("/"):
            return ""
        begin = self._place
        end = None if name in self._never_closed else _END[name].search(self._markup, begin)
        if end is None:
            self._never_closed.add(name)
            return None
        self._place = self._markup.find(">", end.start()) + 1 or len(self._markup)
        return self._markup[begin : end.start()]


def _rewrite_tag(name: str, token: re.Match[str]) -> str:
    written_name = _RENAMED.get(name, name)
    if token["end"]:
        return f"</{written_name}>"
    tag = write_tag(written_name, read_attributes(token["attributes"]))
    # Only in formulas does a slash end an element.
    is_empty = token["attributes"].endswith("/") and name.startswith("m") and name not in VOID
    return f"{tag}</{written_name}>" if is_empty else tag


def _frame_of_script(attributes: dict[str, str]) -> str:
    """Write a frame with the post that a script places; nothing for any other script."""
    gist = _GIST.fullmatch(attributes.get("src", ""))
    addresses = [
        form.format(attributes[name]) for name, form in _POSTS.items() if name in attributes
    ]
    addresses += [f"https://{gist[1]}"] if gist else []
    return "".join(f"{write_tag('iframe', {'src': address})}</iframe>" for address in addresses)


def _words_of_drawing(content: str) -> str:
    """Give the words in a drawing, or else its title."""
    words: list[str] = []
    titles: list[str] = []
    name = ""
    for token in TOKEN.finditer(content):
        if token["name"]:
            name = "" if token["end"] else token["name"].lower()
        elif token["text"] and name in _WORDS_OF_DRAWINGS:
            words.append(token[0].strip())
        elif token["text"] and name == "title":
            titles.append(token[0].strip())
    text = " ".join(filter(None, words or titles))
    return f" {text} " if text else ""


def _escape_tags(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")
