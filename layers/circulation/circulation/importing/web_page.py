"""An HTML page as a site shows it: its article, and what its head says of that.

What a page says is read from, in this order: Open Graph and other meta elements
(https://ogp.me/#type_article), JSON-LD of schema.org
(https://developers.google.com/search/docs/appearance/structured-data/article), microformats
(https://microformats.org/wiki/h-entry), and the elements of HTML themselves.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from circulation.articles.canonical_path import canonical_path
from circulation.importing.documents import json_of
from circulation.importing.front_matter import Fields
from circulation.importing.items import TITLE_LENGTH, SourceError, Verdict
from circulation.importing.page_fields import read_date, text_of
from circulation.text import one_line, shortened

_DOCUMENT = re.compile(r"<(?:!doctype|html|head|body)\b", flags=re.IGNORECASE)
_MAX_NODES = 1_000
"""Of JSON-LD: a page has a few."""
_MAX_DEPTH = 512
"""Levels of elements: browsers nest no deeper."""
_ARTICLE_TYPES = {
    "Article", "AdvertiserContentArticle", "AnalysisNewsArticle", "AskPublicNewsArticle",
    "BackgroundNewsArticle", "BlogPosting", "LiveBlogPosting", "NewsArticle", "OpinionNewsArticle",
    "Report", "ReportageNewsArticle", "ReviewNewsArticle", "SatiricalArticle", "ScholarlyArticle",
    "SocialMediaPosting", "TechArticle",
}  # fmt: skip
_LIST_TYPES = {"Blog", "CollectionPage", "ItemList", "SearchResultsPage"}
# WordPress's function get_body_class marks lists so.
_LIST_CLASSES = {"archive", "blog", "category", "tag", "search-results", "error404"}
_TEASER = re.compile(r"(?:^|[\s_-])(?:teaser|related|card|promo|preview|recommended)s?(?:$|[\s_-])")
_BODIES = ("e-content", "entry-content")
"""Classes of an article's text: h-entry, and hAtom before it."""
_METAS = {
    "title": ("og:title",),
    "description": ("description", "og:description", "dcterms.description"),
    "date": (
        "article:published_time", "og:article:published_time", "datepublished", "date",
        "dc.date.issued", "dcterms.created", "dc.date", "pubdate", "publish_date",
        "parsely-pub-date", "sailthru.date", "citation_publication_date",
    ),
    "updated": ("article:modified_time", "og:updated_time", "datemodified", "dcterms.modified"),
    "section": ("article:section",),
    "image": ("og:image", "og:image:url", "twitter:image"),
}  # fmt: skip
_AUTHORS = ("author", "article:author", "parsely-author", "dc.creator", "citation_author")
_UNSHOWN = ("script", "style", "template", "nav")
_COMMENTS = {"comments", "comments-area", "comment-list", "disqus_thread", "respond"}
"""Ids and classes of what readers wrote, and of the form for it, as WordPress and others have."""
_ADDRESSES = ("href", "src", "poster", "data-src", "data-lazy-src", "data-original")
_SETS = ("srcset", "data-srcset", "data-lazy-srcset")
_LIST_OF_ARTICLES = "is a list of articles"


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page: its metadata by the names of front matter, the HTML of its article's text, or why
    it is no article that is public.
    """  # noqa: D205

    fields: Fields
    body: str
    excluded: tuple[Verdict, str] | None = None


def read_web_page(text: str) -> WebPage:
    """Read a page. A fragment, without a head and a body, has no metadata and is returned as it is.

    Raises ValueError or etree.LxmlError for what is no HTML.
    """
    if not _DOCUMENT.search(text):
        return WebPage({}, text)
    root = _parse(text)
    metas = _metas_of(root)
    excluded = _hidden(root, metas)
    if excluded:
        return WebPage({}, "", excluded)
    data = [*_data_of(root)]
    article_data = next((node for node in data if _types(node) & _ARTICLE_TYPES), {})
    if any(_is_closed(node) for node in data if _types(node) & (_ARTICLE_TYPES | {"WebPage"})):
        return WebPage({}, "", (Verdict.PRIVATE, "is not accessible for free, as its JSON-LD says"))
    fields = _from_metas(root, metas) | {}
    fields = _from_data(article_data) | fields
    is_said = bool(article_data) or metas.get("og:type", [""])[0].lower() == "article"
    article = _find_article(root)
    is_open = not is_said and "date" not in fields
    if article is None or (is_open and _is_list(root, data, article, fields)):
        return WebPage({}, "", (Verdict.SKIPPED, _LIST_OF_ARTICLES))
    fields = _from_elements(root, article) | fields
    _resolve_addresses(root, article)
    return WebPage(fields, _text_html(article, text_of(fields.get("title"))))


def title_of(body: str) -> str:
    """Make a title of an article that has none: its first heading, else its first words."""
    if not body.strip():
        return ""
    try:
        root = _parse(f"<body>{body}")
    except (ValueError, etree.LxmlError):
        return ""
    etree.strip_elements(root, *_UNSHOWN, etree.Comment, with_tail=False)
    first = next(
        (
            words
            for element in root.iter("h1", "h2", "h3", "p", "li", "td", "figcaption", "pre")
            if (words := one_line(element.text_content()))
        ),
        "",
    )
    return shortened(first or one_line(root.text_content()), TITLE_LENGTH)


def _parse(text: str) -> Any:  # noqa: ANN401  lxml has no types
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    content = text.replace("\0", "").encode(errors="replace")
    root = lxml_html.document_fromstring(content, parser=parser)
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH:
            raise ValueError(f"nests more than {_MAX_DEPTH} elements deep")
    return root


def _metas_of(root: Any) -> dict[str, list[str]]:  # noqa: ANN401
    metas: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        content = one_line(meta.get("content") or "")
        if content:
            metas.setdefault(name.strip().lower(), []).append(content)
    return metas


def _hidden(root: Any, metas: dict[str, list[str]]) -> tuple[Verdict, str] | None:  # noqa: ANN401
    """Tell of a page that leads elsewhere, or that its site does not want to be listed.

    https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag;
    article:content_tier: https://developers.facebook.com/docs/instant-articles/subscriptions/.
    """
    for meta in root.iter("meta"):
        is_refresh = (meta.get("http-equiv") or "").strip().lower() == "refresh"
        if is_refresh and "url" in (meta.get("content") or "").lower():
            return Verdict.SKIPPED, "is no page but leads to another one"
    robots = ",".join(metas.get("robots", []) + metas.get("googlebot", [])).lower()
    if {"noindex", "none"} & set(re.split(r"[\s,]+", robots)):
        return Verdict.PRIVATE, "asks not to be listed: its robots meta says noindex"
    if metas.get("article:content_tier", [""])[0].lower() == "locked":
        return Verdict.PRIVATE, "is for subscribers: its article:content_tier says locked"
    return None


def _data_of(root: Any) -> Iterator[Fields]:  # noqa: ANN401
    """Give the objects of a page's JSON-LD, those of lists and of @graph too."""
    for script in root.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            waiting = [json_of(script.text or "")]
        except SourceError:
            continue
        for _ in range(_MAX_NODES):
            if not waiting:
                break
            node = waiting.pop(0)
            if isinstance(node, list):
                waiting = [*node[:_MAX_NODES], *waiting]
            elif isinstance(node, dict):
                yield node
                waiting += [node[name] for name in ("@graph", "mainEntity") if name in node]


def _types(node: Fields) -> set[str]:
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def _is_closed(node: Fields) -> bool:
    """Tell whether an article, or a part of it, is for subscribers.

    https://developers.google.com/search/docs/appearance/structured-data/paywalled-content
    """
    parts = node.get("hasPart")
    nodes = [node, *(parts if isinstance(parts, list) else [parts])]
    return any(
        str(part.get("isAccessibleForFree")).rpartition("/")[2].lower() == "false"
        for part in nodes
        if isinstance(part, dict)
    )


def _from_metas(root: Any, metas: dict[str, list[str]]) -> Fields:  # noqa: ANN401
    links = {
        rel: link.get("href") or ""
        for link in root.iter("link")
        for rel in (link.get("rel") or "").lower().split()
    }
    fields: Fields = {
        field: next((metas[name][0] for name in names if name in metas), "")
        for field, names in _METAS.items()
    }
    authors = next((metas[name] for name in _AUTHORS if name in metas), [])
    fields |= {
        "canonical": links.get("canonical") or metas.get("og:url", [""])[0],
        "authors": [name for name in authors if "://" not in name],
        "tags": metas.get("article:tag")
        or ",".join(metas.get("news_keywords") or metas.get("keywords") or []),
        "language": root.get("lang") or "",
    }
    return {name: value for name, value in fields.items() if value}


def _from_data(node: Fields) -> Fields:
    authors = node.get("author")
    fields: Fields = {
        "title": node.get("headline") or node.get("name"),
        "description": node.get("description"),
        "date": node.get("datePublished"),
        "updated": node.get("dateModified"),
        "section": next(iter(_named(node.get("articleSection"))), ""),
        "authors": [*_named(authors)],
        "tags": node.get("keywords"),
        "image": next(iter(_named(node.get("image"), "url", "contentUrl")), ""),
        "language": next(iter(_named(node.get("inLanguage"))), ""),
        "canonical": node.get("url") or next(iter(_named(node.get("mainEntityOfPage"), "@id")), ""),
    }
    return {
        name: value for name, value in fields.items() if isinstance(value, str | list) and value
    }


def _named(value: Any, *names: str) -> Iterator[str]:  # noqa: ANN401  whatever JSON holds
    """Give the texts of a value of JSON-LD: text, an object with a name, or a list of such."""
    for entry in value if isinstance(value, list) else [value]:
        found = entry
        if isinstance(entry, dict):
            keys = names or ("name",)
            found = next((entry[key] for key in keys if isinstance(entry.get(key), str)), None)
        if text_of(found):
            yield text_of(found)


def _classes(element: Any) -> set[str]:  # noqa: ANN401
    return set((element.get("class") or "").split())


def _with_class(root: Any, *names: str) -> Iterator[Any]:  # noqa: ANN401
    return (element for element in root.iter(etree.Element) if _classes(element) & {*names})


def _is_teaser(article: Any) -> bool:  # noqa: ANN401
    """Tell whether an article element is a list's: its heading is a link, or its class says so."""
    if _is_called_teaser(article):
        return True
    heading = next(article.iter("h1", "h2", "h3", "h4"), None)
    if heading is None:
        return False
    inside = next(heading.iter("a"), None)
    return (inside is not None and bool(inside.get("href"))) or _within(heading, {"a"}, article)


def _is_called_teaser(article: Any) -> bool:  # noqa: ANN401
    label = f"{article.get('class') or ''} {article.get('id') or ''}"
    return bool(_TEASER.search(label.lower()))


def _within(element: Any, names: set[str], end: Any = None) -> bool:  # noqa: ANN401
    parent = element.getparent()
    while parent is not None and parent is not end:
        if parent.tag in names:
            return True
        parent = parent.getparent()
    return False


def _outer(elements: Iterable[Any]) -> list[Any]:
    return [
        element
        for element in elements
        if not _within(element, {"article", "aside", "nav", "footer", "template"})
    ]


def _find_article(root: Any) -> Any:  # noqa: ANN401
    """Find the element that holds the page's article; None if it has several.

    It is what says that it is an article's text, else an article element that is no teaser, inside
    main before others, with a heading of its own before others, the longest of several; else main,
    else the body.
    """
    marked = [
        element
        for element in root.iter(etree.Element)
        if "articleBody" in (element.get("itemprop") or "").split()
    ] or [*_with_class(root, *_BODIES)]
    marked = [element for element in marked if not _within(element, {"aside", "footer"})]
    known = set(marked)
    marked = [element for element in marked if known.isdisjoint(element.iterancestors())]
    if len(marked) == 1:
        return marked[0]
    main = next(
        (
            element
            for element in root.iter(etree.Element)
            if element.tag == "main" or element.get("role") == "main"
        ),
        None,
    )
    articles = _outer(root.iter("article"))
    inside = [
        article for article in articles if main is not None and main in article.iterancestors()
    ]
    articles = inside or articles
    if len(articles) > 1:
        articles = [article for article in articles if not _is_teaser(article)]
        if not articles and (main is None or _only_teasers(main)):
            return None
    elif main is not None and not _only_teasers(main):
        articles = [article for article in articles if not _is_called_teaser(article)]
    if articles:
        return max(
            articles,
            key=lambda article: (
                next(article.iter("h1"), None) is not None,
                len(article.text_content()),
            ),
        )
    body = root.find("body")
    return main if main is not None else body if body is not None else root


def _only_teasers(main: Any) -> bool:  # noqa: ANN401
    """Tell whether main holds hardly more than the article elements of a list."""
    inside = sum(len(article.text_content()) for article in _outer(main.iter("article")))
    return 2 * inside > len(main.text_content())


def _is_list(root: Any, data: list[Fields], article: Any, fields: Fields) -> bool:  # noqa: ANN401
    body = root.find("body")
    if body is not None and _classes(body) & _LIST_CLASSES:
        return True
    if any(_types(node) & _LIST_TYPES for node in data):
        return True
    articles = _outer(root.iter("article"))
    if len(articles) > 1 and all(map(_is_teaser, articles)):
        return True
    return article.tag == "article" and _leads_elsewhere(article, text_of(fields.get("canonical")))


def _leads_elsewhere(article: Any, address: str) -> bool:  # noqa: ANN401
    """Tell whether an article's heading is a link to another page than the one of an address."""
    heading = next(article.iter("h1", "h2", "h3", "h4"), None)
    link = next(heading.iter("a"), None) if heading is not None else None
    target = link.get("href") if link is not None else None
    if not address or not target:
        return False
    try:
        return canonical_path(urljoin(address, target)) != canonical_path(address)
    except ValueError:
        return False


def _from_elements(root: Any, article: Any) -> Fields:  # noqa: ANN401
    """Give what the page's elements themselves say, by their classes first."""
    entry = _entry_of(article)
    headings = [*entry.iter("h1")]
    titles = [
        *(name for name in _with_class(entry, "p-name") if not _is_of_a_card(name, entry)),
        *(headings if len(headings) == 1 else []),
        *root.iter("title"),
    ]
    canonical = next(_with_class(entry, "p-canonical"), None)
    authors = [*_with_class(entry, "p-author")] or [
        link for link in entry.iter("a") if "author" in (link.get("rel") or "").split()
    ]
    fields: Fields = {
        "title": _words(titles[0]) if titles else "",
        "canonical": canonical.get("href") if canonical is not None else "",
        "description": next(map(_words, _with_class(entry, "p-summary")), ""),
        "date": _date_of(root, entry),
        "authors": list(dict.fromkeys(filter(None, map(_words, authors)))),
        "tags": [words for tag in _with_class(entry, "p-category") if (words := _words(tag))],
    }
    return {name: value for name, value in fields.items() if value}


def _entry_of(article: Any) -> Any:  # noqa: ANN401
    """Give the element of a whole article, with its title and date, of which this is the text."""
    return next(
        (
            element
            for element in (article, *article.iterancestors())
            if element.tag == "article" or _classes(element) & {"h-entry", "hentry"}
        ),
        article,
    )


def _is_of_a_card(name: Any, entry: Any) -> bool:  # noqa: ANN401
    """Tell whether a name is that of a person (h-card), in an entry."""
    inside = [name]
    for element in name.iterancestors():
        if element is entry:
            break
        inside.append(element)
    return any(_classes(element) & {"h-card", "p-author"} for element in inside)


def _date_of(root: Any, entry: Any) -> str:  # noqa: ANN401
    """Give the time of a page's elements: one that is marked, else the article's first, or only."""
    times = [*root.iter("time")]
    marked = [
        time
        for time in (*entry.iter("time"), *times)
        if _classes(time) & {"dt-published", "published", "entry-date"}
        or time.get("itemprop") == "datePublished"
        or time.get("pubdate") is not None
    ]
    is_whole = entry.tag not in ("main", "body", "html")
    own = [
        time for time in entry.iter("time") if not _within(time, {"li", "table", "footer"}, entry)
    ]
    for time in [*marked, *(own if is_whole else []), *(times if len(times) == 1 else [])]:
        text = one_line(time.get("datetime") or "")
        try:
            read_date(text)
        except ValueError:
            continue
        return text
    return ""


def _words(element: Any) -> str:  # noqa: ANN401
    return one_line(element.text_content()) if element is not None else ""


def _resolve_addresses(root: Any, article: Any) -> None:  # noqa: ANN401
    """Resolve an article's relative addresses against the page's <base>, if it has one."""
    base = next((one_line(base.get("href") or "") for base in root.iter("base")), "")
    if not base:
        return
    for element in article.iter(etree.Element):
        for name in _ADDRESSES:
            if (address := (element.get(name) or "").strip()) and not address.startswith("#"):
                element.set(name, _join(base, address))
        for name in _SETS:
            if candidates := element.get(name):
                resolved = re.sub(
                    r"(?:^|(?<=,\s))\s*+([^\s,]\S*+)",
                    lambda match: _join(base, match[1]),
                    candidates,
                )
                element.set(name, resolved)


def _join(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _is_unshown(element: Any) -> bool:  # noqa: ANN401
    """Tell of what a page hides by its attribute hidden, and of readers' comments."""
    hidden = element.get("hidden")
    is_hidden = hidden is not None and hidden.strip().lower() != "until-found"
    return is_hidden or bool(({element.get("id") or ""} | _classes(element)) & _COMMENTS)


def _text_html(article: Any, title: str) -> str:  # noqa: ANN401
    """Write an article's text as HTML, without its title, menus, and the teasers of others."""
    teasers = [
        other for other in article.iter("article") if other is not article and _is_teaser(other)
    ]
    titles = [
        heading
        for heading in article.iter("h1", "h2", "h3")
        if (heading.tag == "h1" or "graf--title" in _classes(heading)) and _words(heading) == title
    ]
    unshown = [
        element
        for element in article.iter(etree.Element)
        if element is not article and _is_unshown(element)
    ]
    for element in [*teasers, *titles[:1], *unshown]:
        if element.getparent() is not None:
            element.drop_tree()
    etree.strip_elements(article, *_UNSHOWN, with_tail=False)
    inside = "".join(lxml_html.tostring(element, encoding="unicode") for element in article)
    return f"{html.escape(article.text or '', quote=False)}{inside}".strip()
