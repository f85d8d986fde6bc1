"""What is embedded in an article becomes a figure with a link to the page that a person opens.

Feed readers, mails and the print version show no frames and play nothing. So a frame with a video
becomes a link to the page of the video, with its picture where that has a known address, and a
player becomes a link to its file. A frame that shows nothing, as for tracking, goes.
"""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from circulation.articles.fields import MAX_URL
from circulation.articles.markup_tree import Element, escape, write
from circulation.urls import address_or_none

_EMBEDDED = {"amp-youtube", "audio", "embed", "iframe", "lite-youtube", "object", "video"}
TAGS = _EMBEDDED | {"param", "source"}
"""The elements that this module needs to see."""
ATTRIBUTES = {
    "cite", "class", "data", "data-bluesky-uri", "data-href", "data-id", "data-instgrm-permalink",
    "data-src", "data-text-post-permalink", "data-url", "data-videoid", "height", "name", "poster",
    "src", "title", "value", "videoid", "width",
}  # fmt: skip
"""The attributes that this module needs to see."""

# Classes of the controls that stand beside a player of Ghost's (https://ghost.org/docs/themes/).
_CONTROLS = {"kg-audio-player", "kg-video-player-container"}
# Classes of the quotations that a network's script replaces by the post.
_POSTS = {
    "bluesky-embed", "fb-post", "fb-video", "imgur-embed-pub", "instagram-media", "mastodon-embed",
    "reddit-card", "reddit-embed-bq", "text-post-media", "tiktok-embed", "twitter-tweet",
    "twitter-video",
}  # fmt: skip
_POST_ADDRESSES = ("data-instgrm-permalink", "data-text-post-permalink", "data-href", "cite")
_NOTHING = {"0", "1", "0px", "1px"}
_MEANINGLESS = re.compile(
    r"(?:youtube|vimeo)?\s*(?:video)?\s*player|iframe|embed|embedded content|advertisement",
    flags=re.IGNORECASE,
)
_ID = r"([\w-]{1,64})"


class _Page(NamedTuple):
    """The page of what a frame shows, and its picture."""

    url: str
    poster: str = ""


class _Provider(NamedTuple):
    """How a site's addresses for frames become those of its pages; the groups fill its places."""

    frame: re.Pattern[str]
    page: str
    poster: str = ""


def _provider(frame: str, page: str, poster: str = "") -> _Provider:
    return _Provider(re.compile(rf"(?:www\.|m\.)?{frame}(?:[/?#&].*)?"), page, poster)


# Host and path of the frame, as each site documents its own player.
_PROVIDERS = (
    _provider(r"youtube(?:-nocookie)?\.com/embed/videoseries\?(?:.*&)?list=([\w-]+)",
              "https://www.youtube.com/playlist?list={0}"),
    _provider(rf"(?:youtube(?:-nocookie)?\.com/(?:embed|v|shorts|live)|youtu\.be)/{_ID}",
              "https://www.youtube.com/watch?v={0}", "https://i.ytimg.com/vi/{0}/hqdefault.jpg"),
    _provider(r"player\.vimeo\.com/video/([0-9]+)\?(?:.*&)?h=([0-9a-f]+)",
              "https://vimeo.com/{0}/{1}"),
    _provider(r"player\.vimeo\.com/video/([0-9]+)", "https://vimeo.com/{0}"),
    _provider(rf"dailymotion\.com/embed/video/{_ID}", "https://www.dailymotion.com/video/{0}",
              "https://www.dailymotion.com/thumbnail/video/{0}"),
    _provider(r"open\.spotify\.com/embed/(album|artist|episode|playlist|show|track)/(\w+)",
              "https://open.spotify.com/{0}/{1}"),
    _provider(r"platform\.twitter\.com/embed/Tweet\.html\?(?:.*&)?id=([0-9]+)",
              "https://twitter.com/i/status/{0}"),
    _provider(rf"instagram\.com/(p|reel|tv)/{_ID}/embed", "https://www.instagram.com/{0}/{1}/"),
    _provider(r"player\.twitch\.tv/\?(?:.*&)?video=v?([0-9]+)",
              "https://www.twitch.tv/videos/{0}"),
    _provider(r"player\.twitch\.tv/\?(?:.*&)?channel=(\w+)", "https://www.twitch.tv/{0}"),
    _provider(rf"codepen\.io/([\w-]+)/embed/(?:preview/)?{_ID}", "https://codepen.io/{0}/pen/{1}"),
    _provider(r"archive\.org/embed/([\w.-]+)", "https://archive.org/details/{0}"),
    _provider(r"embed\.ted\.com/talks/([\w/-]+)", "https://www.ted.com/talks/{0}"),
    _provider(r"rutube\.ru/play/embed/(\w+)", "https://rutube.ru/video/{0}/"),
    _provider(r"ok\.ru/videoembed/([0-9]+)", "https://ok.ru/video/{0}"),
    _provider(r"vk\.com/video_ext\.php\?(?:.*&)?oid=(-?[0-9]+)&(?:.*&)?id=([0-9]+)",
              "https://vk.com/video{0}_{1}"),
)  # fmt: skip
# Frames that name the page in a parameter.
_NAMED_PAGES = {
    "facebook.com": "href",
    "w.soundcloud.com": "url",
}


def show_embeds(parent: Element, url: str) -> None:
    """Replace what is embedded in an element by figures; url is the article's own address."""
    _show_children(parent, url, in_figure=False, in_link=False)


def link_file(url: str, text: str, note: str) -> str:
    """Write a figure with a link to a file, such as an enclosure, and a note about it."""
    link = Element("a", {"href": url}, [escape(text)])
    figure = Element("figure", {}, [link, escape(f" ({note})") if note else ""])
    return write(Element("", {}, [figure]))


def page_of(address: str) -> _Page:
    """Give the page, and its picture, of what an address shows in a frame."""
    if len(address) > MAX_URL:
        return _Page(address)
    parts = urlsplit(address)
    place = f"{parts.netloc}{parts.path}{f'?{parts.query}' if parts.query else ''}"
    for provider in _PROVIDERS:
        if match := provider.frame.fullmatch(place):
            groups = match.groups()
            return _Page(provider.page.format(*groups), provider.poster.format(*groups))
    parameter = _NAMED_PAGES.get(parts.netloc.removeprefix("www."))
    if parameter:
        try:
            named = parse_qs(parts.query, max_num_fields=100).get(parameter, [""])[0]
        except ValueError:
            named = ""
        if page := address_or_none(named):
            return _Page(page)
    return _Page(address)


def _show_children(parent: Element, url: str, *, in_figure: bool, in_link: bool) -> None:
    in_figure = in_figure or parent.name == "figure"
    in_link = in_link or parent.name == "a"
    children: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, str):
            children.append(child)
            continue
        classes = set(child.get("class").split())
        if _CONTROLS & classes:
            continue
        _show_children(child, url, in_figure=in_figure, in_link=in_link)
        if child.name in _EMBEDDED:
            children += _show(child, url, in_figure=in_figure, in_link=in_link)
        elif _POSTS & classes:
            children.append(_show_post(child, url, in_figure=in_figure))
        else:
            children.append(child)
    parent.children = children


def _show(element: Element, url: str, *, in_figure: bool, in_link: bool) -> list[Element | str]:
    """Give what is shown instead of an embedded element."""
    if element.name == "object" and any(element.find("a", "img", "figure")):
        return [child for child in element.children if not _is(child, "param", "embed")]
    address = "" if _is_hidden(element) else _address_of(element, url)
    if not address:
        return element.children
    page = page_of(address)
    poster = address_or_none(element.get("poster"), url) if element.get("poster") else page.poster
    title = _title_of(element, page.url)
    image = Element("img", {"src": poster or "", "alt": title})
    if in_link:
        return [image] if poster else [f" {escape(title)} "]
    link = Element("a", {"href": page.url}, [image if poster else escape(title)])
    if in_figure:
        return [link]
    if not poster:
        return [Element("figure", {}, [link])]
    caption = Element("figcaption", {}, [Element("a", {"href": page.url}, [escape(title)])])
    return [Element("figure", {}, [link, caption])]


def _is_hidden(element: Element) -> bool:
    """Say whether a frame is too small to be seen."""
    sizes = {element.get("width"), element.get("height")}
    return element.name == "iframe" and bool(sizes & _NOTHING)


def _show_post(post: Element, url: str, *, in_figure: bool) -> Element:
    """Give the figure of a post of a social network, with a link to it."""
    addresses = (address_or_none(post.get(name), url) for name in _POST_ADDRESSES if post.get(name))
    address = next(filter(None, addresses), "")
    if address and not any(link.get("href") for link in post.find("a")):
        link = Element("a", {"href": address}, [escape(_shortened_address(address))])
        post.children.append(Element("p", {}, [link]))
    return post if in_figure else Element("figure", {}, [post])


def _address_of(element: Element, url: str) -> str:
    video = element.get("data-videoid") or element.get("videoid")
    if element.name in ("amp-youtube", "lite-youtube") and video:
        return address_or_none(f"https://www.youtube.com/embed/{video}") or ""
    sources = [element.get(name) for name in ("data-src", "src", "data", "data-url")]
    sources += [source.get("src") for source in element.find("source", "embed", "iframe")]
    sources += [
        parameter.get("value")
        for parameter in element.find("param")
        if parameter.get("name").lower() in ("movie", "src", "url")
    ]
    addresses = (address_or_none(source, url) for source in sources if source)
    return next(filter(None, addresses), "")


def _title_of(element: Element, address: str) -> str:
    title = " ".join(element.get("title").split())
    return title if title and not _MEANINGLESS.fullmatch(title) else _shortened_address(address)


def _shortened_address(address: str) -> str:
    """Give an address as people write it, without the scheme."""
    return address.partition("://")[2].removeprefix("www.").removesuffix("/")


def _is(node: Element | str, *names: str) -> bool:
    return isinstance(node, Element) and node.name in names
