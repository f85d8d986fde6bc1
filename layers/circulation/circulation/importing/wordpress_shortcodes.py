"""WordPress's shortcodes as HTML: captions, galleries, players and embedded addresses.

WordPress replaces a shortcode whose name a plugin or the theme has registered, and shows all other
text in square brackets as it is (https://developer.wordpress.org/reference/functions/do_shortcode/,
https://codex.wordpress.org/Shortcode_API). An export does not say what was registered. So these are
taken for shortcodes: the names of WordPress itself and of common plugins (below), and of the other
names, which begin with a letter, those with an attribute such as id="3", those that are closed, as
[row] … [/row] or [line /]. Of those others the brackets go and the text between them stays.
"[1]", "[sic]" and "[not a shortcode]" stay, as does what stands in a tag, <pre> or <code>.
"""

import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from circulation.articles.canonical_path import host_of


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the media library; the caption is HTML."""

    url: str
    title: str = ""
    alt: str = ""
    caption: str = ""
    order: int = 0


@dataclass(slots=True)
class Media:
    """The files that a post can show: all by their ids, and the ids of those attached to it.

    Missing is filled with the ids that a post names and the export does not have.
    """

    attachments: Mapping[str, Attachment] = field(default_factory=dict)
    attached: Sequence[str] = ()
    missing: list[str] = field(default_factory=list)

    def pick(self, attributes: Mapping[str, str]) -> list[Attachment]:
        """Pick a gallery's or playlist's files: by ids, else those attached to the post."""
        ids = attributes.get("ids") or attributes.get("include") or ""
        wanted = re.findall(r"[0-9]+", ids) if ids else list(self.attached)
        excluded = set(re.findall(r"[0-9]+", attributes.get("exclude", "")))
        self.missing += [id_ for id_ in wanted if id_ not in self.attachments]
        return [
            self.attachments[id_]
            for id_ in dict.fromkeys(wanted)
            if id_ in self.attachments and id_ not in excluded
        ]


@dataclass(frozen=True, slots=True)
class _Shortcode:
    attributes: Mapping[str, str]
    values: Sequence[str]
    """Attributes without a name."""
    content: str
    media: Media


@dataclass(slots=True)
class _Places:
    """Where the shortcodes of a text stand: of every name, the starts and the ends, in order."""

    openings: dict[str, list[int]] = field(default_factory=dict)
    closings: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, tokens: Iterable[re.Match[str]]) -> "_Places":
        places = cls()
        for token in tokens:
            if token["slash"]:
                closing = (token.start() + len(token["escape"]), token.end("empty") + 1)
                places.closings.setdefault(token["name"], []).append(closing)
            elif token["name"]:
                places.openings.setdefault(token["name"], []).append(token.start())
        return places

    def closing_of(self, opening: re.Match[str]) -> tuple[int, int] | None:
        """Find where a shortcode is closed; one that begins again before that is not."""
        closings = self.closings.get(opening["name"], [])
        first = bisect_left(closings, (opening.end(), 0))
        if first == len(closings):
            return None
        openings = self.openings[opening["name"]]
        following = bisect_left(openings, opening.end())
        begins_again = following < len(openings) and openings[following] < closings[first][0]
        return None if begins_again else closings[first]

    def opens_before(self, closing: re.Match[str]) -> bool:
        openings = self.openings.get(closing["name"], [])
        return bool(openings) and openings[0] < closing.start()

    def closes_after(self, opening: re.Match[str]) -> bool:
        closings = self.closings.get(opening["name"], [])
        return bool(closings) and closings[-1][0] >= opening.end()


_MAX_DEPTH = 3
"""How deep shortcodes are followed into a replaced one; WordPress's own do not nest at all."""
# A comment, a tag, or a shortcode. The possessive quantifiers read each character once: a tag that
# never ends is matched too.
_TOKEN = re.compile(
    r"(?P<comment><!--(?:-?>|(?:[^-]|-(?!->))*+(?:-->)?))"
    r"""|<(?P<close>/?)(?P<tag>[A-Za-z][A-Za-z0-9-]*+)(?:[^<>"']|"[^"]*"|'[^']*')*+>?"""
    r"|\[(?P<escape>\[?)(?P<slash>/?)(?P<name>[A-Za-z][A-Za-z0-9_-]*+)"
    r"""(?P<attributes>(?:[^][<>"'/]|"[^"[\]]*"|'[^'[\]]*'|/(?!\]))*+)(?P<empty>/?)\]"""
    r"(?P<escaped>\]?)"
)
_ATTRIBUTE = re.compile(
    r"""([A-Za-z][\w-]*+)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"']++))"""
    r"""|"([^"]*)"|'([^']*)'|([^\s"']++)"""
)
_CURLY = str.maketrans({"\u201c": '"', "\u201d": '"', "\u2033": '"', "\u2018": "'", "\u2019": "'"})
_HAS_ATTRIBUTE = re.compile(r"\s[A-Za-z][\w-]*+=\S")
_CODE = {"code", "pre", "script", "style", "textarea"}
_LINE = re.compile(r"(?:(?<=\n)|\A)[ \t]*+(https?://[^\s<>\"\[\]]++)[ \t]*+(?=\n|\Z)")
_AROUND = {"p", "div"}
_EMBED_BLOCK = "wp-block-embed__wrapper"
_PICTURE = re.compile(r"\s*+((?:<a\s[^>]*+>\s*+)?<img\s[^>]*+>(?:\s*+</a>)?)", flags=re.IGNORECASE)
_AUDIO = ("mp3", "m4a", "ogg", "oga", "opus", "wav", "flac", "aac", "wma")
_VIDEO = ("mp4", "m4v", "webm", "ogv", "mov", "flv", "wmv", "avi", "mkv")
_YOUTUBE = re.compile(r"[A-Za-z0-9_-]{11}")
# Sites whose addresses WordPress embeds (https://wordpress.org/documentation/article/embeds/).
_PROVIDERS = tuple(
    f".{name}"
    for name in """
    animoto.com bsky.app canva.com cloudup.com crowdsignal.com dai.ly dailymotion.com flickr.com
    flic.kr imgur.com instagram.com issuu.com kickstarter.com mixcloud.com pca.st pinterest.com
    reddit.com reverbnation.com scribd.com slideshare.net smugmug.com soundcloud.com
    speakerdeck.com spotify.com ted.com tiktok.com tumblr.com twitter.com videopress.com vimeo.com
    wolframcloud.com wordpress.tv x.com youtu.be youtube.com
    """.split()  # noqa: SIM905  a list of a line each is 37 lines
)


def replace_shortcodes(content: str, media: Media) -> str:
    """Replace the shortcodes of a post's content, and the addresses that stand alone on a line."""
    return _replace(content, media, _MAX_DEPTH)


def _replace(content: str, media: Media, depth: int) -> str:
    tokens = list(_TOKEN.finditer(content))
    places = _Places.of(tokens)
    parts: list[str] = []
    end, code, links, before, is_embed = 0, 0, 0, "p", False
    for token in tokens:
        if token.start() < end:
            continue  # it stands in a shortcode that was replaced
        text, tag = content[end : token.start()], (token["tag"] or "").lower()
        if not code and not links:
            text = _embed_lines(text, before in _AROUND, tag in _AROUND, is_embed=is_embed)
        parts.append(text)
        end, before, replacement = token.end(), tag, token[0]
        is_embed = tag == "div" and _EMBED_BLOCK in token[0]
        step = -1 if token["close"] else 1
        if tag in _CODE:
            code = max(0, code + step)
        elif tag == "a":
            links = max(0, links + step)
        elif token["name"] and (not code or token["escape"]):
            replacement, end = _replace_one(content, token, places, media, depth)
        parts.append(replacement)
    text = content[end:]
    if not code and not links:
        text = _embed_lines(text, before in _AROUND, at_end=True, is_embed=is_embed)
    parts.append(text)
    return "".join(parts)


def _replace_one(
    content: str, token: re.Match[str], places: _Places, media: Media, depth: int
) -> tuple[str, int]:
    """Give what stands in a shortcode's place, and where the text after it begins."""
    name, end = token["name"], token.end("empty") + 1
    is_known = name in _REPLACED
    if token["slash"]:
        is_shortcode = is_known or name in _DROPPED or places.opens_before(token)
        return (token["escape"] if is_shortcode else content[token.start() : end]), end
    attributes = html.unescape(token["attributes"]).translate(_CURLY)
    has_shape = bool(_HAS_ATTRIBUTE.search(attributes) or token["empty"])
    closing = places.closing_of(token)
    if token["escape"]:  # [[name]] and [[name] … [/name]] show a shortcode instead of running it
        if token["escaped"] and (is_known or has_shape):
            return token[0][1:-1], token.end()
        if is_known and closing and content.startswith("]", closing[1]):
            return content[token.start() + 1 : closing[1]], closing[1] + 1
        if token["escaped"] or not is_known:
            return content[token.start() : end], end
    if not is_known or not depth:
        is_shortcode = is_known or has_shape or name in _DROPPED or places.closes_after(token)
        return ("" if is_shortcode else content[token.start() : end]), end
    inner = ""
    if closing:
        inner, end = content[token.end("empty") + 1 : closing[0]], closing[1]
        inner = inner if name in _VERBATIM else _replace(inner, media, depth - 1)
    names, values = _read_attributes(attributes)
    return token["escape"] + _REPLACED[name](_Shortcode(names, values, inner, media)), end


def _read_attributes(text: str) -> tuple[dict[str, str], list[str]]:
    names: dict[str, str] = {}
    values: list[str] = []
    for match in _ATTRIBUTE.finditer(text.removeprefix("=")):
        value = next((value for value in match.groups()[1:] if value is not None), "")
        if match[1]:
            names.setdefault(match[1].lower(), value.strip())
        else:
            values.append(value.strip())
    return names, values


def _embed_lines(text: str, at_start: bool, at_end: bool, *, is_embed: bool) -> str:
    """Replace addresses that have a line of their own by what their site would show there.

    In a block for embedded things that is any address, elsewhere one of a site that WordPress
    knows. https://wordpress.org/documentation/article/embeds/
    """

    def embed_line(line: re.Match[str]) -> str:
        is_cut = (not at_start and line.start() == 0) or (not at_end and line.end() == len(text))
        return _embed(line[1]) if not is_cut and (is_embed or _is_embedded(line[1])) else line[0]

    return _LINE.sub(embed_line, text)


def _is_embedded(url: str) -> bool:
    is_provider = f".{_site_of(url)}".endswith(_PROVIDERS)
    return is_provider or _suffix_of(url) in (*_AUDIO, *_VIDEO)


def _site_of(url: str) -> str:
    """Give the host, without the name that a site has for telephones."""
    return host_of(url).removeprefix("m.")


def _suffix_of(url: str) -> str:
    return re.split(r"[?#]", url, maxsplit=1)[0].rpartition(".")[2].lower()


def _embed(url: str) -> str:
    """Show an address as a player, if it is a film or sound, else as a link."""
    url = html.unescape(url).strip()
    suffix, address = _suffix_of(url), html.escape(_player_of(url) or url)
    if suffix in _AUDIO or suffix in _VIDEO:
        tag = "audio" if suffix in _AUDIO else "video"
        return f'<{tag} src="{address}" controls></{tag}>'
    if _player_of(url):
        return f'<iframe src="{address}"></iframe>'
    if not url.startswith(("https://", "http://", "/")):
        return html.escape(url)
    return f'<a href="{address}">{html.escape(url)}</a>'


def _player_of(url: str) -> str:
    """Give the address of the frame that plays a film of YouTube, Vimeo or Dailymotion, if any."""
    host = _site_of(url)
    try:
        parts = urlsplit(url)
        path = [part for part in parts.path.split("/") if part]
        film = parse_qs(parts.query).get("v", [""])[0]
    except ValueError:
        return ""
    last = path[-1] if path else ""
    if host in ("youtube.com", "youtube-nocookie.com", "youtu.be"):
        film = film or last
        return f"https://www.youtube.com/embed/{film}" if _YOUTUBE.fullmatch(film) else ""
    if host in ("vimeo.com", "player.vimeo.com") and last.isdecimal():
        return f"https://player.vimeo.com/video/{last}"
    if host in ("dailymotion.com", "dai.ly") and re.fullmatch(r"[A-Za-z0-9]+[\w-]*", last):
        return f"https://www.dailymotion.com/embed/video/{last.partition('_')[0]}"
    return ""


def _figure(media: str, caption: str) -> str:
    words = f"<figcaption>{caption.strip()}</figcaption>" if caption.strip() else ""
    return f"<figure>{media.strip()}{words}</figure>"


def picture(attachment: Attachment) -> str:
    """Show a picture of the media library with its caption."""
    alt = html.escape(attachment.alt or attachment.title)
    return _figure(f'<img src="{html.escape(attachment.url)}" alt="{alt}">', attachment.caption)


def _replace_caption(shortcode: _Shortcode) -> str:
    """https://developer.wordpress.org/reference/functions/img_caption_shortcode/."""
    media = _PICTURE.match(shortcode.content)
    if not media:
        return f"{shortcode.content} {shortcode.attributes.get('caption', '')}".strip()
    after = shortcode.content[media.end() :]
    return _figure(media[1], shortcode.attributes.get("caption") or after)


def _replace_gallery(shortcode: _Shortcode) -> str:
    """https://wordpress.org/documentation/article/gallery-shortcode/."""
    return "".join(map(picture, shortcode.media.pick(shortcode.attributes))) + shortcode.content


def _replace_playlist(shortcode: _Shortcode) -> str:
    """https://wordpress.org/documentation/article/playlist-shortcode/."""
    files = shortcode.media.pick(shortcode.attributes)
    players = (
        _figure(_embed(file.url), html.escape(file.title))
        for file in files
        if _suffix_of(file.url) in (*_AUDIO, *_VIDEO)
    )
    return "".join(players) + shortcode.content


def _replace_player(shortcode: _Shortcode) -> str:
    """https://wordpress.org/documentation/article/audio-shortcode/, and the same of video."""
    names = ("src", "url", *_AUDIO, *_VIDEO)
    url = next((shortcode.attributes[name] for name in names if shortcode.attributes.get(name)), "")
    url = url or next(iter(shortcode.values), "").partition("|")[0]
    if not url and shortcode.content.strip().startswith(("https://", "http://")):
        return _embed(shortcode.content)
    return (_embed(url) if url else "") + shortcode.content


def _replace_embed(site: str) -> Callable[[_Shortcode], str]:
    """Make a replacement of a site's shortcode, to which an address or an id is given.

    Site is what stands before the id. https://wordpress.com/support/wordpress-editor/blocks/embed/
    """

    def replace(shortcode: _Shortcode) -> str:
        names = ("url", "src", "href", "link", "v", "id", "video", "video_id")
        found = [shortcode.attributes[name] for name in names if shortcode.attributes.get(name)]
        found += [value for value in shortcode.values if value]
        if found:
            url = found[0] if "/" in found[0] else site and f"{site}{found[0]}"
            return (_embed(url) if url else "") + shortcode.content
        text = shortcode.content.strip()
        is_address = text.startswith(("https://", "http://")) and not re.search(r"[\s<]", text)
        is_id = bool(site) and bool(re.fullmatch(r"[\w-]{6,20}", text))
        return _embed(text if is_address else f"{site}{text}") if is_address or is_id else text

    return replace


def _replace_code(shortcode: _Shortcode) -> str:
    """https://wordpress.com/support/wordpress-editor/posting-source-code/."""
    text = shortcode.content.strip("\r\n")
    is_escaped = "&lt;" in text or "<" not in text
    return f"<pre><code>{text if is_escaped else html.escape(text, quote=False)}</code></pre>"


_VERBATIM = {"code", "sourcecode", "embed"}
_REPLACED: dict[str, Callable[[_Shortcode], str]] = {
    "caption": _replace_caption,
    "wp_caption": _replace_caption,
    "gallery": _replace_gallery,
    "playlist": _replace_playlist,
    "audio": _replace_player,
    "video": _replace_player,
    "embed": _replace_embed(""),
    "code": _replace_code,
    "sourcecode": _replace_code,
    "youtube": _replace_embed("https://www.youtube.com/watch?v="),
    "embedyt": _replace_embed("https://www.youtube.com/watch?v="),
    "vimeo": _replace_embed("https://vimeo.com/"),
    "dailymotion": _replace_embed("https://www.dailymotion.com/video/"),
    "wpvideo": _replace_embed("https://videopress.com/v/"),
    "videopress": _replace_embed("https://videopress.com/v/"),
    "tweet": _replace_embed("https://twitter.com/i/status/"),
    "gist": _replace_embed("https://gist.github.com/"),
    **dict.fromkeys(
        ("facebook", "flickr", "instagram", "kickstarter", "scribd", "soundcloud", "spotify", "ted",
         "tiktok"),
        _replace_embed(""),
    ),
}  # fmt: skip
# Of common plugins, what is written without attributes and shows none of the post's own words.
_DROPPED = {
    "addtoany", "contact-form", "contact-form-7", "ez-toc", "jetpack-related-posts",
    "jetpack_subscription_form", "toc",
}  # fmt: skip
