"""WordPress exports (WXR), read item by item; malformed parts are skipped.

What is read is what WordPress writes
(https://developer.wordpress.org/reference/functions/export_wp/): titles, names of terms and of
authors, and excerpts are HTML there, and are shown as a page shows them, without tags and with
entities read once. Of a post without text, its excerpt is the body, else its pictures, else its
title; a post without a title gets its first words, else its picture's, else its date, by which
themes link to such posts.
"""

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from lxml import etree

from circulation.articles.canonical_path import host_of
from circulation.importing.items import SourceDefaults, SourceItem, Verdict, make_submission
from circulation.importing.wordpress_access import public_part, shown_blocks, why_private
from circulation.importing.wordpress_markup import add_paragraphs, render_content
from circulation.importing.wordpress_shortcodes import Attachment, Media, picture
from circulation.importing.xml_archive import ends_inside, name_of, read_elements, text_of
from circulation.text import plain
from circulation.times import read_moment, without_leap_second

# The custom fields in which themes and plugins keep an article's total. WordPress Popular Posts,
# Post Views Counter, WP Statistics and Top 10 have tables of their own, which no export has.
_TOTALS = (
    "views",  # https://wordpress.org/plugins/wp-postviews/
    "post_views_count",  # Newspaper and many others
    "_post_views",
    "wpb_post_views_count",  # as WPBeginner shows
    "jnews_view_counter",  # JNews
    "tie_views",  # Sahifa, Jannah
    "_count-views_all",  # https://wordpress.org/plugins/baw-post-views-count/
    "penci_post_views_count",  # Soledad
    "entry_views",
    "better-views-count",  # Publisher
)
_NAMESPACE = re.compile(rb"""=\s*+["']https?://wordpress\.org/export/""")
_PRIMARY = ("_yoast_wpseo_primary_category", "rank_math_primary_category")
_TOTAL = re.compile(r"[0-9]{1,12}")
_PICTURES = {"avif", "bmp", "gif", "jfif", "jpe", "jpeg", "jpg", "png", "svg", "webp"}
_SHOWN = re.compile(r"<(?:img|iframe|audio|video|embed|object)\b", flags=re.IGNORECASE)
_REUSED = re.compile(r'<!--\s++wp:block\s++\{"ref":([0-9]{1,19})\b(?:[^-]|-(?!->))*+(?:-->)?')
MAX_REUSED = 1024 * 1024
"""Characters of reused blocks in one post, which may name a block often."""


@dataclass
class _Site:
    """Data of articles that is elsewhere in the export.

    Authors' display names are by login, categories' names, attachments and reused blocks by their
    ids, and the ids of attachments by that of the post they are attached to, with their order.
    """

    language: str = ""
    guids: Counter[str] = field(default_factory=Counter)
    """Of the posts: those that plugins copied from another post are not unique."""
    authors: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    attached: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    blocks: dict[str, str] = field(default_factory=dict)
    rules: list[tuple[str, str]] = field(default_factory=list)
    """The type and content of MemberPress's rules, such as ("single_post", "42")."""

    def pictures_of(self, item: "_Item") -> list[Attachment]:
        """Give a post's featured picture, else those attached to it."""
        featured = self.attachments.get(item.meta.get("_thumbnail_id", ""))
        ids = [str(id_) for _, id_ in sorted(self.attached.get(item.get("post_id"), []))]
        found = [featured] if featured else [self.attachments[id_] for id_ in ids]
        return [attachment for attachment in found if _is_picture(attachment.url)]

    def authors_of(self, item: "_Item") -> list[str]:
        """Give a post's authors: those of Co-Authors Plus, else the user who wrote it.

        https://wordpress.org/plugins/co-authors-plus/
        """
        logins = item.authors or [plain(item.get("creator"))]
        return [self.authors.get(login) or login for login in logins]

    def sections_of(self, item: "_Item") -> list[str]:
        """Give a post's categories, first the one that an SEO plugin says is its primary one.

        https://wordpress.org/plugins/wordpress-seo/
        """
        primary = [self.categories.get(item.meta.get(name, ""), "") for name in _PRIMARY]
        return [*(name for name in primary if name in item.sections), *item.sections]

    def is_ruled(self, item: "_Item") -> bool:
        """Tell whether a rule of MemberPress makes a post private.

        https://memberpress.com/docs/rules-overview/
        """
        for kind, content in self.rules:
            match kind:
                case "all" | "all_post":
                    return True
                case "single_post":
                    is_ruled = content == item.get("post_id")
                case "category" | "all_tax_category":
                    is_ruled = content in item.terms["category"]
                case "tag" | "all_tax_post_tag":
                    is_ruled = content in item.terms["post_tag"]
                case _:
                    is_ruled = False
            if is_ruled:
                return True
        return False


@dataclass
class _Item:
    """An item's fields by their names without namespace, its terms and custom fields."""

    fields: dict[str, str] = field(default_factory=dict)
    sections: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    terms: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Names and slugs of its terms, by taxonomy."""
    meta: dict[str, str] = field(default_factory=dict)
    old_slugs: list[str] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.fields.get(name, "").strip()


def is_wordpress(head: bytes) -> bool:
    """Tell by its first bytes whether a file is an export; feeds may have articles about them."""
    return bool(_NAMESPACE.search(head.partition(b"<item")[0]))


def read_wordpress(path: Path, defaults: SourceDefaults) -> Iterator[SourceItem]:
    """Read an export twice: first for authors, files and rules, then for the articles.

    Raises SourceError for XML that declares entities (documents.check_xml).
    """
    site = _read_site(path)
    for kind in sorted({kind for kind, _ in site.rules} - _KNOWN_RULES):
        reason = (
            f"it has a MemberPress rule of the type {kind}; whether it covers posts is not read"
        )
        yield SourceItem("the export", None, reason, Verdict.WARNING)
    faults: list[str] = []
    number = 0
    before: _Item | None = None
    for element in read_elements(path, "item", faults):
        if before:
            number += 1
            yield from _read_post(before, site, defaults, number)
        before = _read_item(element)
    if before and ends_inside(path, "item"):
        reason = "the export ends inside it, so that it may be private"
        yield SourceItem(_place_of(before, number + 1), None, reason)
    elif before:
        yield from _read_post(before, site, defaults, number + 1)
    else:
        yield SourceItem("the export", None, "it has no item", Verdict.WARNING)
    for fault in faults:
        reason = f"is not well-formed: {fault}; there may be more in it"
        yield SourceItem("the export", None, reason, Verdict.WARNING)


_KNOWN_RULES = {
    "all", "all_post", "single_post", "category", "all_tax_category", "tag", "all_tax_post_tag",
    "all_page", "single_page", "parent_page",
}  # fmt: skip


def _read_site(path: Path) -> _Site:
    site = _Site()
    for element in read_elements(path, "item", [], ("author", "category", "language")):
        match name_of(element):
            case "language":
                site.language = text_of(element).strip()
            case "author":
                author = {name_of(part): text_of(part) for part in element}
                name = plain(author.get("author_display_name", ""))
                site.authors[author.get("author_login", "").strip()] = name
            case "category":
                term = {name_of(part): text_of(part) for part in element}
                name = plain(term.get("cat_name", ""))
                site.categories[term.get("term_id", "").strip()] = name
            case _:
                _note_item(_read_item(element), site)
    return site


def _note_item(item: _Item, site: _Site) -> None:
    id_ = item.get("post_id")
    match item.get("post_type") or "post":
        case "post":
            site.guids[item.get("guid")] += 1
        case "attachment":
            order = item.get("menu_order")
            site.attachments[id_] = Attachment(
                url=item.get("attachment_url") or item.get("guid"),
                title=plain(item.get("title")),
                alt=plain(item.meta.get("_wp_attachment_image_alt", "")),
                caption=item.get("excerpt"),
            )
            if id_.isdecimal() and len(id_) < len(str(2**63)):
                place = int(order) if re.fullmatch(r"-?[0-9]{1,9}", order) else 0
                site.attached[item.get("post_parent")].append((place, int(id_)))
        case "guest-author":  # of Co-Authors Plus
            login = item.meta.get("cap-user_login", "").strip()
            site.authors[login] = plain(item.meta.get("cap-display_name", ""))
        case "wp_block" if item.get("status") == "publish":
            site.blocks[id_] = item.fields.get("content", "")
        case "memberpressrule" if item.get("status") == "publish":
            kind, content = item.meta.get("_mepr_rules_type"), item.meta.get("_mepr_rules_content")
            site.rules.append((kind or "", (content or "").strip()))


def _read_item(element: etree._Element) -> _Item:
    item = _Item()
    for part in element:
        name, text = name_of(part), text_of(part)
        if name == "category":
            domain, term = part.get("domain", "category"), plain(text)
            # WXR 1.0 named the domain of tags "tag".
            lists = {
                "category": item.sections,
                "post_tag": item.tags,
                "tag": item.tags,
                "author": item.authors,
            }
            lists.get(domain, []).append(term)
            item.terms[domain] |= {term, part.get("nicename", "")}
        elif name == "postmeta":
            custom_field = {name_of(line): text_of(line) for line in part}
            key, value = custom_field.get("meta_key", ""), custom_field.get("meta_value", "")
            item.meta[key] = value
            if key == "_wp_old_slug":
                item.old_slugs.append(value)
        elif name == "encoded":
            item.fields["excerpt" if "excerpt" in part.tag else "content"] = text
        elif name and name != "comment":
            item.fields.setdefault(name, text)
    return item


def _guid_of(item: _Item, site: _Site, url: str) -> str:
    """Give what a post is known by for good: its guid, or its number where two posts have one guid.

    Plugins that copy a post copy the guid, too.
    """
    guid, number = item.get("guid"), item.get("post_id")
    if site.guids[guid] < 2 or not number:  # noqa: PLR2004
        return guid
    return f"https://{host_of(url)}/?p={number}"


def _place_of(item: _Item, number: int) -> str:
    return plain(item.get("title")) or item.get("link") or f"item {number}"


def _read_post(
    item: _Item, site: _Site, defaults: SourceDefaults, number: int
) -> Iterator[SourceItem]:
    where = _place_of(item, number)
    kind, status = item.get("post_type") or "post", item.get("status")
    if kind != "post":
        yield SourceItem(where, None, f"is no post but of the type {kind}", Verdict.SKIPPED)
        return
    if not status:
        yield SourceItem(where, None, "does not say whether it is published")
        return
    reason = why_private(status, item.get("post_password"), item.meta)
    if not reason and site.is_ruled(item):
        reason = "is for members alone, says a rule of the plugin MemberPress"
    if reason:
        yield SourceItem(where, None, reason, Verdict.PRIVATE)
        return
    yield from _make_articles(item, site, defaults, number)


def _make_articles(
    item: _Item, site: _Site, defaults: SourceDefaults, number: int
) -> Iterator[SourceItem]:
    """Make a post's article, and warnings of what of it is left out."""
    where = _place_of(item, number)
    url = defaults.address(item.get("link") or item.get("guid"))
    published = _publication_time(item, defaults)
    stored = item.fields.get("content", "")
    own = shown_blocks(stored)
    whole = _with_blocks(own, site)
    shown = shown_blocks(whole)
    hides_blocks = own != stored or shown != whole
    content, has_hidden = public_part(shown)
    own_excerpt, hides_excerpt = public_part(item.get("excerpt"))
    has_hidden = has_hidden or hides_excerpt
    attached = [str(id_) for _, id_ in sorted(site.attached.get(item.get("post_id"), []))]
    media = Media(site.attachments, [id_ for id_ in attached if _is_picture_id(id_, site)])
    body, title = render_content(content, media), plain(item.get("title"))
    excerpt = plain(own_excerpt)
    pictures = site.pictures_of(item)
    is_summary = False
    if not _shows(body) and excerpt:
        body, is_summary = add_paragraphs(own_excerpt), True
    elif not _shows(body) and pictures:
        body = "\n".join(map(picture, pictures))
    elif not _shows(body) and title:
        body, is_summary = f"<p>{html.escape(title, quote=False)}</p>", True
    if not _shows(body):
        reason = "has no title, no text and no picture"
        reason = "is for members alone, all of it" if has_hidden else reason
        verdict = Verdict.PRIVATE if has_hidden else Verdict.REFUSED
        yield SourceItem(where, None, reason, verdict)
        return
    if not title and not plain(body):
        words = [attachment.alt or attachment.title for attachment in pictures]
        title = next(filter(None, (excerpt, *words)), "") or (published or "").partition("T")[0]
    totals = [item.meta[name] for name in _TOTALS if _TOTAL.fullmatch(item.meta.get(name, ""))]
    featured = site.attachments.get(item.meta.get("_thumbnail_id", ""))
    article = make_submission(
        source_id=_guid_of(item, site, url),
        own_id=item.get("post_id"),
        aliases=_former_addresses(item, url),
        defaults=defaults,
        url=url,
        title=title,
        body=body,
        body_is_summary=is_summary,
        published=published,
        updated=defaults.time(_time(item.get("post_modified_gmt"), utc=True)),
        first_seen=_seen(defaults, number),
        summary=excerpt,
        sections=site.sections_of(item),
        tags=item.tags,
        authors=site.authors_of(item),
        language=site.language,
        image=defaults.address(featured.url if featured else "", url),
        # Of a site that changed its theme, more than one field may have counted.
        views_before=max(map(int, totals)) if totals else None,
    )
    yield SourceItem(where, article)
    if has_hidden:
        yield SourceItem(where, None, "its part for members is left out", Verdict.WARNING)
    if hides_blocks:
        yield SourceItem(where, None, "a block that its site hides is left out", Verdict.WARNING)
    if media.missing:
        ids = ", ".join(dict.fromkeys(media.missing))
        reason = f"its files {ids} are not in the export, which has to be of all content"
        yield SourceItem(where, None, reason, Verdict.WARNING)


def _with_blocks(content: str, site: _Site) -> str:
    """Put the blocks that several posts share in their places; not those within them."""
    left = MAX_REUSED

    def block_of(reference: re.Match[str]) -> str:
        nonlocal left
        block = site.blocks.get(reference[1], "")
        left -= len(block)
        return _REUSED.sub("", block) if left >= 0 else ""

    return _REUSED.sub(block_of, content)


def _is_picture(url: str) -> bool:
    return re.split(r"[?#]", url, maxsplit=1)[0].rpartition(".")[2].lower() in _PICTURES


def _is_picture_id(id_: str, site: _Site) -> bool:
    return id_ in site.attachments and _is_picture(site.attachments[id_].url)


def _shows(body: str) -> bool:
    return bool(_SHOWN.search(body) or plain(body))


def _former_addresses(item: _Item, url: str) -> list[str]:
    """Give the addresses that WordPress redirects from: those with the post's former slugs.

    https://developer.wordpress.org/reference/functions/wp_old_slug_redirect/
    """
    slug, path = item.get("post_name"), url.rstrip("/")
    if not slug or not path.endswith(f"/{slug}"):
        return []
    end = url[len(path) :]
    return [f"{path.removesuffix(slug)}{old}{end}" for old in item.old_slugs if old != slug]


def _seen(defaults: SourceDefaults, number: int) -> datetime | None:
    """Give the time of a post without one: when it is read, in the order of the export."""
    try:
        return defaults.now - timedelta(seconds=number)
    except OverflowError:
        return None


def _publication_time(item: _Item, defaults: SourceDefaults) -> str | None:
    """Give the publication time: the one in UTC, else pubDate, else the local one."""
    moment = _time(item.get("post_date_gmt"), utc=True)
    if moment is None and item.get("pubDate"):
        try:
            moment = parsedate_to_datetime(without_leap_second(item.get("pubDate")))
        except (ValueError, OverflowError):
            moment = None
        moment = moment if moment and moment.year > 1 else None
    return defaults.time(moment or _time(item.get("post_date"), utc=False))


def _time(text: str, *, utc: bool) -> datetime | None:
    """Read a time such as 2011-01-18 07:40:14; None if it is invalid, as the zeros of drafts."""
    try:
        moment = read_moment(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if utc else moment
