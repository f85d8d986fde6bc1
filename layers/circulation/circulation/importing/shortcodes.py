"""Shortcodes and template tags in the text of a page, as what they stand for.

Figures, films, posts of social networks, code and links to other pages become HTML or Markdown.
The tags of others are dropped, and what they enclose stays.

- Hugo: https://gohugo.io/content-management/shortcodes/
- Jekyll (Liquid): https://jekyllrb.com/docs/liquid/tags/
- Hexo: https://hexo.io/docs/tag-plugins
- Zola: https://www.getzola.org/documentation/content/shortcodes/
"""

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from circulation.importing.markdown import code_parts, render_inline

LinkTo = Callable[[str], str]
"""Gives the address of a page by the name that a tag has of it; empty if there is none."""

_HUGO = r"\{\{[<%](?P<hugo>(?:(?!\{\{|[>%]\}\}).){0,4000}+)[>%]\}\}"
_TAG = r"\{%-?(?P<tag>(?:(?!\{%|%\}).){0,4000}+)%\}"
_OUTPUT = r"\{\{(?P<output>(?:(?!\{\{|\}\}).){0,4000}+)\}\}"
_PATTERNS = {
    outputs: re.compile("|".join([_HUGO, _TAG, *([_OUTPUT] if outputs else [])]), flags=re.DOTALL)
    for outputs in (False, True)
}
_ARGUMENT = re.compile(
    r"""(?:([\w-]++)\s*+[=:]\s*+)?(?:"((?:[^"\\]|\\.)*+)"|`([^`]*+)`|'([^']*+)'|([^\s"'`=,()]++))"""
)
_CALL = re.compile(r"(\w+)\((.*)\)", flags=re.DOTALL)
_IMAGE = re.compile(r"\.(?:avif|gif|jpe?g|png|svg|webp)$", flags=re.IGNORECASE)
_CODE = {"highlight": "endhighlight", "codeblock": "endcodeblock", "code": "endcode"}
_LITERAL = {"raw": "endraw", "verbatim": "endverbatim"}
_HIDDEN = {"comment": "endcomment"}


@dataclass(frozen=True, slots=True)
class Tags:
    """Which tags a generator has in its pages.

    With outputs, {{ … }} gives a value; those of values are filled in, and others are dropped. With
    calls alone, {{ name(…) }} is a shortcode, and other {{ … }} stay.
    In_code says that tags work in fenced code, too.
    """

    outputs: bool = False
    calls: bool = False
    in_code: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


def expand_shortcodes(text: str, tags: Tags, link_to: LinkTo) -> str:
    """Replace the shortcodes and tags of a page by what they stand for."""
    if "{{" not in text and "{%" not in text:
        return text
    expansion = _Expansion(tags, link_to)
    if tags.in_code:
        return expansion.expand(text)
    return "".join(
        part if is_code else expansion.expand(part) for is_code, part in code_parts(text)
    )


class _Expansion:
    def __init__(self, tags: Tags, link_to: LinkTo) -> None:
        self._tags, self._link_to = tags, link_to

    def expand(self, text: str) -> str:
        pieces: list[str] = []
        position = 0
        endless: set[str] = set()  # tags whose end was looked for to the end of the text
        pattern = _PATTERNS[self._tags.outputs or self._tags.calls]
        while match := pattern.search(text, position):
            pieces.append(text[position : match.start()])
            position = match.end()
            inner = match["hugo"] if match["hugo"] is not None else match["tag"]
            if inner is None and not self._tags.outputs:
                pieces.append(self._call(match))
                continue
            if inner is None:
                pieces.append(self._value(match["output"].strip("- \t\n")))
                continue
            if inner.lstrip().startswith("/*"):  # escaped, so that it is shown
                shown = inner.strip().removeprefix("/*").removesuffix("*/")
                pieces.append(match[0][:3] + shown + match[0][-3:])
                continue
            words = inner.strip().strip("-").strip().removesuffix("/").strip()
            name, _, arguments = words.partition("(" if re.match(r"[\w.]+\(", words) else " ")
            name = name.strip().lower()
            is_hugo = match["hugo"] is not None
            end = self._end_of(text, position, name, endless, is_hugo=is_hugo)
            if end:
                pieces.append(self._enclosing(name, arguments, text[position : end.start()]))
                position = end.end()
            else:
                pieces.append(self._single(name, arguments))
        return "".join([*pieces, text[position:]])

    def _end_of(
        self, text: str, position: int, name: str, endless: set[str], *, is_hugo: bool
    ) -> re.Match[str] | None:
        """Find the end of what a tag encloses, if that has a meaning of its own."""
        ends = _CODE if is_hugo else _CODE | _LITERAL | _HIDDEN
        if name not in ends or name in endless:
            return None
        closing = (
            rf"\{{\{{[<%]\s*/\s*{name}\s*[>%]\}}\}}"
            if is_hugo
            else rf"\{{%-?\s*(?:{ends[name]}|end)\s*-?%\}}"
        )
        end = re.compile(closing).search(text, position)
        if not end:
            endless.add(name)
        return end

    def _enclosing(self, name: str, arguments: str, inside: str) -> str:
        if name in _LITERAL:
            return inside
        if name in _HIDDEN:
            return ""
        named, plain = _arguments(arguments)
        language = named.get("lang") or named.get("language") or ""
        if not language and name == "highlight":
            language = plain[0] if plain else ""
        if not re.fullmatch(r"[\w+#.-]{1,40}", language):
            language = ""
        longest = max(map(len, re.findall(r"`{3,}", inside)), default=2)
        fence = "`" * (longest + 1)
        code = inside.strip("\n")
        return f"\n\n{fence}{language}\n{code}\n{fence}\n\n"

    def _single(self, name: str, arguments: str) -> str:
        named, plain = _arguments(arguments)
        if name.startswith("include") and plain:  # of a template that is named as what it shows
            name = re.sub(r"\.\w+$", "", plain[0].rpartition("/")[2]).lower()
            plain = plain[1:]
        if name in _LINKS:
            return self._link_to(named.get("path") or (plain[0] if plain else ""))
        if name == "post_link" and plain:
            address, text = self._link_to(plain[0]), " ".join(plain[1:]) or plain[0]
            return _link(address, text) if address else text
        write = _WRITERS.get(name, _picture)
        return write(named, plain)

    def _call(self, match: re.Match[str]) -> str:
        """Give what {{ name(…) }} shows; an escaped one, and what is none, stay as text."""
        inner = match["output"].strip()
        if inner.startswith("/*"):
            return f"{{{{{inner.removeprefix('/*').removesuffix('*/')}}}}}"
        call = _CALL.fullmatch(inner)
        return self._single(call[1].lower(), call[2]) if call else match[0]

    def _value(self, expression: str) -> str:
        """Give what {{ … }} puts out: a value, or a text that a filter makes an address of."""
        name, _, filters = expression.partition("|")
        name = name.strip()
        if call := _CALL.fullmatch(expression.strip()) or _CALL.fullmatch(name):
            return self._single(call[1].lower(), call[2])
        if name[:1] in "\"'" and name[-1:] == name[:1] and len(name) > 1:
            text = name[1:-1]
        else:
            text = self._tags.values.get(name, "")
        is_address = re.search(r"\b(?:relative_url|absolute_url|url)\b", filters)
        if is_address and text.startswith("/"):
            return self._tags.values.get("site.baseurl", "") + text
        return text


def _arguments(text: str) -> tuple[dict[str, str], list[str]]:
    """Read the arguments of a tag: those with names, in lower case, and the others in order."""
    named: dict[str, str] = {}
    plain: list[str] = []
    for match in _ARGUMENT.finditer(text):
        value = next((group for group in match.groups()[1:] if group is not None), "")
        value = value.replace('\\"', '"')
        if match[1]:
            named[match[1].lower()] = value
        else:
            plain.append(value)
    return named, plain


Writer = Callable[[Mapping[str, str], list[str]], str]
_LINKS = {"post_url", "link", "ref", "relref", "post_path"}


def _source(named: Mapping[str, str]) -> str:
    return named.get("src") or named.get("image_path") or named.get("url") or ""


def _identity(named: Mapping[str, str], plain: list[str]) -> str:
    return named.get("id") or named.get("video_id") or (plain[0] if plain else "")


def _link(address: str, text: str = "") -> str:
    return f'<a href="{html.escape(address)}">{html.escape(text or address)}</a>'


def _youtube(named: Mapping[str, str], plain: list[str]) -> str:
    return _frame("https://www.youtube.com/embed", _identity(named, plain))


def _vimeo(named: Mapping[str, str], plain: list[str]) -> str:
    return _frame("https://player.vimeo.com/video", _identity(named, plain))


def _frame(base: str, identity: str) -> str:
    address = f"{base}/{quote(identity, safe='')}"
    return f'\n\n<iframe src="{address}"></iframe>\n\n' if identity else ""


def _tweet(named: Mapping[str, str], plain: list[str]) -> str:
    user = named.get("user") or (plain[0] if len(plain) > 1 else "i")
    post = named.get("id") or (plain[-1] if plain else "")
    address = post if "://" in post else f"https://twitter.com/{user}/status/{post}"
    return f'<blockquote class="twitter-tweet">{_link(address)}</blockquote>' if post else ""


def _instagram(named: Mapping[str, str], plain: list[str]) -> str:
    identity = _identity(named, plain)
    return f"<p>{_link(f'https://www.instagram.com/p/{identity}/')}</p>" if identity else ""


def _gist(_: Mapping[str, str], plain: list[str]) -> str:
    return f"<p>{_link('https://gist.github.com/' + '/'.join(plain[:2]))}</p>" if plain else ""


def _audio(named: Mapping[str, str], plain: list[str]) -> str:
    return _media("audio", _source(named) or (plain[0] if plain else ""))


def _video(named: Mapping[str, str], plain: list[str]) -> str:
    file = _source(named) or next((word for word in plain if "." in word), "")
    return _media("video", file) if file else _youtube(named, plain)


def _media(name: str, file: str) -> str:
    source = html.escape(file)
    return f'<{name} src="{source}"><a href="{source}">{source}</a></{name}>' if file else ""


def _asset(_: Mapping[str, str], plain: list[str]) -> str:
    source = next((word for word in plain if _IMAGE.search(word)), "")
    if not source:
        return ""
    rest = plain[plain.index(source) + 1 :]
    words = (word for word in rest if not re.fullmatch(r"[0-9]+(?:px|%)?|false|true", word))
    return _write_figure({"src": source, "alt": " ".join(words)})


def _picture(named: Mapping[str, str], _: list[str]) -> str:
    """Write what an unknown tag shows, if it names a picture."""
    source = _source(named)
    return _write_figure({**named, "src": source}) if _IMAGE.search(source) else ""


def _figure(named: Mapping[str, str], plain: list[str]) -> str:
    source = _source(named) or (plain[0] if plain else "")
    return _write_figure({**named, "src": source}) if source else ""


def _write_figure(named: Mapping[str, str]) -> str:
    """Write a figure with its title, and with its caption and credit, which are Markdown.

    https://gohugo.io/shortcodes/figure/
    """
    image = f'<img src="{html.escape(named["src"])}" alt="{html.escape(named.get("alt", ""))}">'
    if named.get("link"):
        image = f'<a href="{html.escape(named["link"])}">{image}</a>'
    words = [html.escape(named.get("title", ""), quote=False)]
    words += [render_inline(named.get(name, "")) for name in ("caption", "attr")]
    caption = " ".join(filter(None, words))
    caption = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f"\n\n<figure>{image}{caption}</figure>\n\n"


_WRITERS: dict[str, Writer] = {
    "youtube": _youtube,
    "vimeo": _vimeo,
    "tweet": _tweet,
    "twitter": _tweet,
    "x": _tweet,
    "instagram": _instagram,
    "gist": _gist,
    "audio": _audio,
    "video": _video,
    "figure": _figure,
    "asset_img": _asset,
    "img": lambda named, plain: _picture(named, plain) or _asset(named, plain),
    "asset_path": lambda _, plain: plain[0] if plain else "",
    "blockquote": lambda _named, _plain: "\n\n<blockquote>\n\n",
    "endblockquote": lambda _named, _plain: "\n\n</blockquote>\n\n",
}
"""What a tag becomes, by its named arguments and the others."""
