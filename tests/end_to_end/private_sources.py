"""Sources of every format, with an article for everyone and one in each private state.

Whatever an item has, its title, text, address, section, author and picture, has the item's mark, a
word of its own: where that word stands, the item is shown.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

PAST = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=30)
FUTURE = PAST + timedelta(days=300)
"""Dates of what is out, and of what is scheduled."""
DAY = PAST.date().isoformat()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a source, and the places where it would be, were it shown."""

    form: str
    state: str
    number: int

    @property
    def mark(self) -> str:
        return f"zq{''.join(filter(str.isalpha, self.form.lower()))}{self.number}q"

    @property
    def site(self) -> str:
        return f"https://{''.join(filter(str.isalpha, self.form.lower()))}.example"

    @property
    def url(self) -> str:
        return f"{self.site}/{self.mark}/"

    @property
    def has_hidden_part(self) -> bool:
        """Whether its page is for everyone, but for what has its mark."""
        return self.state in (PAYWALL, LEXICAL_PAYWALL)

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that generators would give it."""
        day = DAY.replace("-", "/")
        return self.url, f"{self.site}/posts/{self.mark}/", f"{self.site}/{day}/{self.mark}.html"

    @property
    def own_id(self) -> str:
        """The short id that an export keeps: a post's number, or Ghost's."""
        return f"{self.number:024x}" if self.form == "Ghost" else str(900_000 + self.number)


PUBLIC = "public"
PAYWALL, LEXICAL_PAYWALL = "behind <!--members-only-->", "behind a paywall card"

Writer = Callable[[Path, list[Item]], Path]


@dataclass(frozen=True, slots=True)
class Source:
    """A source that was written, and its items."""

    form: str
    path: Path
    items: list[Item]

    @property
    def site(self) -> str:
        return self.items[0].site


def write_sources(folder: Path) -> Iterator[Source]:
    """Write a source of each format into a folder of its own."""
    for form, (_, write) in _FORMATS.items():
        place = folder / form.replace(" ", "-")
        place.mkdir(parents=True)
        items = items_of(form)
        yield Source(form, write(place, items), items)


def formats() -> list[str]:
    """Name the formats."""
    return list(_FORMATS)


def items_of(form: str) -> list[Item]:
    """Give the items of a format's source: the first is for everyone."""
    states, _ = _FORMATS[form]
    return [Item(form, state, number) for number, state in enumerate((PUBLIC, *states), 1)]


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def _rfc822(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S +0000")


# WordPress (https://wordpress.org/documentation/article/post-status/)

_WORDPRESS = {
    "draft": {"status": "draft"},
    "pending": {"status": "pending"},
    "private": {"status": "private"},
    "trash": {"status": "trash"},
    "auto-draft": {"status": "auto-draft"},
    "with a password": {"post_password": "sesame"},
    "future": {"status": "future", "post_date_gmt": f"{FUTURE:%Y-%m-%d %H:%M:%S}"},
    "revision": {"status": "inherit", "post_type": "revision"},
    "unknown status": {"status": "in-review"},
    "comment": {},
}
_WORDPRESS_EXPORT = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>A site</title><link>{site}/</link>{items}</channel></rss>"""
_WORDPRESS_ITEM = """<item><title>{mark}</title><link>{url}</link><guid>{site}/?p={id}</guid>
<dc:creator>{mark}</dc:creator><description></description>
<content:encoded><![CDATA[<p>{mark}</p>]]></content:encoded>
<excerpt:encoded><![CDATA[{mark}]]></excerpt:encoded>
<category domain="category" nicename="{mark}"><![CDATA[{mark}]]></category>
<category domain="post_tag" nicename="{mark}-tag"><![CDATA[{mark} tag]]></category>{fields}
<wp:postmeta><wp:meta_key>views</wp:meta_key><wp:meta_value>99</wp:meta_value></wp:postmeta>
{more}</item>"""
_COMMENT = """<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>{mark}
</wp:comment_author><wp:comment_content>{mark}</wp:comment_content>
<wp:comment_approved>0</wp:comment_approved></wp:comment>"""


def _write_wordpress(folder: Path, items: list[Item]) -> Path:
    comments = "".join(_COMMENT.format(mark=item.mark) for item in items if item.state == "comment")
    texts = []
    for item in items:
        if item.state == "comment":
            continue
        fields = {
            "post_id": item.own_id,
            "post_date_gmt": f"{PAST:%Y-%m-%d %H:%M:%S}",
            "status": "publish",
            "post_type": "post",
            "post_password": "",
        } | _WORDPRESS.get(item.state, {})
        written = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in fields.items())
        texts.append(
            _WORDPRESS_ITEM.format(
                mark=item.mark,
                url=item.url,
                site=item.site,
                id=item.own_id,
                fields=written,
                more=comments if item.state == PUBLIC else "",
            )
        )
    export = _WORDPRESS_EXPORT.format(site=items[0].site, items="".join(texts))
    return _write(folder / "export.xml", export)


# Ghost (https://ghost.org/docs/admin-api/#posts, https://ghost.org/help/public-previews/)

_GHOST: dict[str, dict[str, object]] = {
    "draft": {"status": "draft"},
    "sent by mail alone": {"status": "sent"},
    "scheduled": {"status": "scheduled", "published_at": f"{FUTURE:%Y-%m-%dT%H:%M:%S.000Z}"},
    "for members": {"visibility": "members"},
    "for paying members": {"visibility": "paid"},
    "for tiers": {"visibility": "tiers"},
    "for labelled members": {"visibility": "filter"},
    PAYWALL: {"html": "<p>For everyone.</p><!--members-only--><p>{mark}</p>"},
    LEXICAL_PAYWALL: {
        "html": None,
        "lexical": '{{"root": {{"children": [{{"type": "paragraph", "children": [{{"type": "text",'
        ' "text": "For everyone."}}]}}, {{"type": "paywall"}}, {{"type": "paragraph", "children":'
        ' [{{"type": "text", "text": "{mark}"}}]}}], "type": "root"}}}}',
    },
}


def _write_ghost(folder: Path, items: list[Item]) -> Path:
    posts = []
    for item in items:
        word = f"open{item.number}" if item.has_hidden_part else item.mark
        post: dict[str, object] = {
            "id": item.own_id,
            "title": word,
            "slug": word,
            "html": f"<p>{word}</p>",
            "type": "post",
            "status": "published",
            "visibility": "public",
            "published_at": f"{PAST:%Y-%m-%dT%H:%M:%S.000Z}",
            "feature_image": f"__GHOST_URL__/content/images/{word}.jpg",
            "custom_excerpt": word,
        } | _GHOST.get(item.state, {})
        for name in ("html", "lexical"):
            text = post.get(name)
            if isinstance(text, str) and item.has_hidden_part:
                post[name] = text.format(mark=item.mark)
        posts.append(post)
    tags = [{"id": f"t{item.number}", "name": item.mark, "slug": item.mark} for item in items]
    tagged = [
        {"post_id": item.own_id, "tag_id": f"t{item.number}", "sort_order": 0}
        for item in items
        if not item.has_hidden_part
    ]
    data = {"posts": posts, "tags": tags, "posts_tags": tagged, "users": [], "posts_authors": []}
    return _write(folder / "ghost.json", json.dumps({"db": [{"meta": {}, "data": data}]}))


# Blogger: the backup until 2023, and the feed.atom of Google Takeout since
# (https://support.google.com/blogger/answer/41387)

_BACKUP_POSTS, _TAKEOUT_POSTS = 5_000_000_000_000_000_000, 7_000_000_000_000_000_000
_KIND = "http://schemas.google.com/blogger/2008/kind"
_BACKUP = {
    "draft": ("post", "<app:control><app:draft>yes</app:draft></app:control>"),
    "settings": ("settings", ""),
    "template": ("template", ""),
    "comment": (
        "comment",
        "<thr:in-reply-to ref='tag:blogger.com,1999:blog-1.post-5000000000000000001'/>",
    ),
    "page": ("page", ""),
    "scheduled": ("post", ""),
}
_PARENT = "tag:blogger.com,1999:blog-2.post-7000000000000000001"
_TAKEOUT = {
    "draft": ("POST", "DRAFT", ""),
    "scheduled": ("POST", "SCHEDULED", ""),
    "trashed": ("POST", "SOFT_TRASHED", f"<blogger:trashed>{PAST.isoformat()}</blogger:trashed>"),
    "comment": ("COMMENT", "LIVE", f"<blogger:parent>{_PARENT}</blogger:parent>"),
    "page": ("PAGE", "LIVE", ""),
    "draft page": ("PAGE", "DRAFT", ""),
}
_ATOM = """<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"
 xmlns:app="http://www.w3.org/2007/app" xmlns:thr="http://purl.org/syndication/thread/1.0"
{blogger}><id>{id}</id><title>A blog</title>
<updated>{past}</updated><link rel="alternate" type="text/html" href="{site}/"/>
{generator}{entries}</feed>"""
_BLOGGER = ' xmlns:blogger="http://schemas.google.com/blogger/2018"'
_ENTRY = """<entry><id>{id}</id><published>{published}</published><updated>{published}</updated>
<title type="text">{mark}</title><content type="html">&lt;p&gt;{mark}&lt;/p&gt;</content>
<author><name>{mark}</name></author><category scheme="{scheme}" term="{mark}"/>{more}</entry>"""


def _atom(items: list[Item], blog: str, entries: Iterator[str], generator: str = "") -> str:
    return _ATOM.format(
        blogger=_BLOGGER,
        id=blog,
        past=PAST.isoformat(),
        site=items[0].site,
        entries="".join(entries),
        generator=generator,
    )


def _entry(item: Item, more: str, id_: str, scheme: str = "http://www.blogger.com/atom/ns#") -> str:
    published = FUTURE if item.state in ("scheduled", "dated in the future") else PAST
    return _ENTRY.format(
        id=id_, published=published.isoformat(), mark=item.mark, scheme=scheme, more=more
    )


def _link(item: Item) -> str:
    return f'<link rel="alternate" type="text/html" href="{item.url}"/>'


def _write_backup(folder: Path, items: list[Item]) -> Path:
    def entries() -> Iterator[str]:
        for item in items:
            kind, more = _BACKUP.get(item.state, ("post", ""))
            more += (
                "<category scheme='http://schemas.google.com/g/2005#kind'"
                f" term='{_KIND}#{kind}'/>{_link(item)}"
            )
            yield _entry(
                item, more, f"tag:blogger.com,1999:blog-1.{kind}-{_BACKUP_POSTS + item.number}"
            )

    generator = "<generator uri='https://www.blogger.com'>Blogger</generator>"
    feed = _atom(items, "tag:blogger.com,1999:blog-1.archive", entries(), generator)
    return _write(folder / "blog.xml", feed)


def _write_takeout(folder: Path, items: list[Item]) -> Path:
    def entries() -> Iterator[str]:
        for item in items:
            kind, status, more = _TAKEOUT.get(item.state, ("POST", "LIVE", ""))
            more += (
                f"<blogger:type>{kind}</blogger:type><blogger:status>{status}</blogger:status>"
                f"<blogger:filename>/{item.mark}/</blogger:filename>"
                f"<blogger:created>{PAST.isoformat()}</blogger:created>"
            )
            scheme = "tag:blogger.com,1999:blog-2"
            yield _entry(
                item,
                more,
                f"tag:blogger.com,1999:blog-2.post-{_TAKEOUT_POSTS + item.number}",
                scheme,
            )

    generator = "<generator uri='https://www.blogger.com'>Blogger</generator>"
    return _write(
        folder / "feed.atom", _atom(items, "tag:blogger.com,1999:blog-2", entries(), generator)
    )


# Feeds: RFC 5023 13.1.1 has drafts; a date in the future is a publication that is scheduled.


def _write_atom(folder: Path, items: list[Item]) -> Path:
    draft = "<app:control><app:draft>yes</app:draft></app:control>"
    entries = (
        _entry(item, _link(item) + (draft if item.state == "draft" else ""), item.url, item.site)
        for item in items
    )
    feed = _atom(items, f"{items[0].site}/feed", entries)
    return _write(folder / "feed.atom", feed.replace(_BLOGGER, ""))


def _write_rss(folder: Path, items: list[Item]) -> Path:
    texts = (
        f"<item><title>{item.mark}</title><link>{item.url}</link><guid>{item.url}</guid>"
        f"<category>{item.mark}</category><description>{item.mark}</description>"
        f"<pubDate>{_rfc822(PAST if item.state == PUBLIC else FUTURE)}</pubDate></item>"
        for item in items
    )
    feed = f'<rss version="2.0"><channel><title>A site</title><link>{items[0].site}/</link>'
    return _write(folder / "feed.rss", f"{feed}{''.join(texts)}</channel></rss>")


def _write_json_feed(folder: Path, items: list[Item]) -> Path:
    entries = [
        {
            "id": item.url,
            "url": item.url,
            "title": item.mark,
            "content_html": f"<p>{item.mark}</p>",
            "tags": [item.mark, f"{item.mark} tag"],
            "date_published": (PAST if item.state == PUBLIC else FUTURE).isoformat(),
        }
        for item in items
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "A site", "items": entries}
    return _write(folder / "feed.json", json.dumps(feed))


# Folders. A page is written to a path, with front matter.

_SECRET = "outside"


def _markdown(
    item: Item, *, date: datetime | None = PAST, more: str = "", mark: str = "---"
) -> str:
    sign = " =" if mark == "+++" else ":"
    lines = [f'title{sign} "{item.mark}"']
    lines += [f"date{sign} {date:%Y-%m-%dT%H:%M:%SZ}"] if date else []
    if mark == "---":
        lines += [f"categories: [{item.mark}]", f"tags: [{item.mark} tag]", f"author: {item.mark}"]
    elif mark == "+++":
        lines += [f'tags = ["{item.mark} tag"]']
    return "\n".join([mark, *lines, *([more] if more else []), mark, "", f"Text {item.mark}.", ""])


def _write_pages(
    folder: Path, items: list[Item], pages: dict[str, tuple[str, str]], suffix: str = "---"
) -> Path:
    """Write each item to the path of its state, which has {mark}, with more front matter."""
    for item in items:
        path, more = pages[item.state]
        date = FUTURE if item.state == "dated in the future" else PAST
        text = _markdown(item, date=date, more=more, mark=suffix)
        _write(folder / path.format(mark=item.mark, day=DAY), text)
    return folder


# https://jekyllrb.com/docs/posts/, https://jekyllrb.com/docs/structure/
_JEKYLL = {
    PUBLIC: ("_posts/{day}-{mark}.md", ""),
    "in _drafts": ("_drafts/{mark}.md", ""),
    "in a section's _drafts": ("news/_drafts/{mark}.md", ""),
    "published: false": ("_posts/{day}-{mark}.md", "published: false"),
    'published: "false"': ("_posts/{day}-{mark}.md", 'published: "false"'),
    'draft: "true"': ("_posts/{day}-{mark}.md", 'draft: "true"'),
    "dated in the future": ("_posts/{day}-{mark}.md", ""),
    "in _includes": ("_includes/{mark}.html", ""),
    "in _site": ("_site/{mark}.html", ""),
    "in .git": (".git/{mark}.md", ""),
    "in node_modules": ("node_modules/package/{mark}.md", ""),
    "in vendor": ("vendor/bundle/{mark}.md", ""),
}
# https://gohugo.io/content-management/front-matter/, …/page-bundles/, …/build-options/
_HUGO = {
    PUBLIC: ("content/posts/{mark}.md", ""),
    "draft": ("content/posts/{mark}.md", "draft: true"),
    'draft: "true"': ("content/posts/{mark}.md", 'draft: "true"'),
    "dated in the future": ("content/posts/{mark}.md", ""),
    "publishDate in the future": ("content/posts/{mark}.md", f"publishDate: {FUTURE:%Y-%m-%d}"),
    "expiryDate in the past": ("content/posts/{mark}.md", "expiryDate: 2026-01-01"),
    "headless": ("content/posts/{mark}/index.md", "headless: true"),
    "never rendered": ("content/posts/{mark}/index.md", "build:\n  render: never\n  list: never"),
    "_index": ("content/{mark}/_index.md", ""),
    "an archetype": ("archetypes/{mark}.md", ""),
    "in public": ("public/{mark}.html", ""),
}
# https://www.getzola.org/documentation/content/page/
_ZOLA = {
    PUBLIC: ("content/{mark}.md", ""),
    "draft": ("content/{mark}.md", "draft = true"),
    "_index": ("content/{mark}/_index.md", ""),
    "in public": ("public/{mark}.md", ""),
}
# https://docs.astro.build/en/guides/routing/#excluding-pages; draft: its blog templates' field
_ASTRO = {
    PUBLIC: ("src/content/blog/{mark}.md", ""),
    "draft": ("src/content/blog/{mark}.md", "draft: true"),
    "excluded by an underscore": ("src/content/blog/_{mark}.md", ""),
    "in dist": ("dist/{mark}.html", ""),
    "in .astro": (".astro/{mark}.md", ""),
}
# https://www.11ty.dev/docs/permalinks/#prevent-writing-to-the-file-system, …/ignores/
_ELEVENTY = {
    PUBLIC: ("posts/{mark}.md", ""),
    "draft": ("posts/{mark}.md", "draft: true"),
    "permalink: false": ("posts/{mark}.md", "permalink: false"),
    "in _includes": ("_includes/{mark}.html", ""),
    "in _site": ("_site/{mark}.html", ""),
    "in node_modules": ("node_modules/package/{mark}.md", ""),
}


def _write_jekyll(folder: Path, items: list[Item]) -> Path:
    _write(folder / "_config.yml", "title: A site\n")
    return _write_pages(folder, items, _JEKYLL)


def _write_hugo(folder: Path, items: list[Item]) -> Path:
    _write(folder / "hugo.toml", 'title = "A site"\n')
    return _write_pages(folder, items, _HUGO)


def _write_zola(folder: Path, items: list[Item]) -> Path:
    _write(folder / "config.toml", f'base_url = "{items[0].site}"\n')
    return _write_pages(folder, items, _ZOLA, "+++")


def _write_astro(folder: Path, items: list[Item]) -> Path:
    _write(folder / "astro.config.mjs", "export default {}\n")
    return _write_pages(folder, items, _ASTRO)


def _write_eleventy(folder: Path, items: list[Item]) -> Path:
    _write(folder / "eleventy.config.js", "export default () => {}\n")
    return _write_pages(folder, items, _ELEVENTY)


def _write_links(folder: Path, items: list[Item]) -> Path:
    """Write a folder with links that lead out of it (CWE-59)."""
    inside, outside = folder / "site", folder / _SECRET
    for item in items:
        text = _markdown(item)
        if item.state == PUBLIC:
            _write(inside / f"{item.mark}.md", text)
            continue
        target = _write(outside / f"{item.mark}" / f"{item.mark}.md", text)
        link = inside / f"{item.mark}.md"
        if item.state == "a link to a folder outside":
            target, link = target.parent, inside / item.mark
        link.symlink_to(target)
    return inside


_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{mark}</title>
<link rel="canonical" href="{url}"><meta name="author" content="{mark}">
<meta property="article:section" content="{mark}">
<meta property="article:published_time" content="{published}">{head}</head>
<body><main><article><h1>{mark}</h1><p>Text {mark}.</p></article></main></body></html>"""


def _facts(more: str) -> str:
    return (
        '<script type="application/ld+json">{"@context": "https://schema.org",'
        f' "@type": "NewsArticle", {more}}}</script>'
    )


# https://developers.google.com/search/docs/appearance/structured-data/paywalled-content
_HTML_HEADS = {
    "isAccessibleForFree: false": _facts('"isAccessibleForFree": false'),
    'isAccessibleForFree: "False"': _facts('"isAccessibleForFree": "False"'),
    "a part not accessible for free": _facts(
        '"isAccessibleForFree": false, "hasPart": {"@type": "WebPageElement",'
        ' "isAccessibleForFree": false, "cssSelector": "article"}'
    ),
    "in a graph": (
        '<script type="application/ld+json">{"@graph": [{"@type": "WebSite"},'
        ' {"@type": ["NewsArticle"], "isAccessibleForFree": false}]}</script>'
    ),
}
_HTML_PLACES = {"in a dot folder": ".old/", "in node_modules": "node_modules/"}


def _write_html(folder: Path, items: list[Item]) -> Path:
    for item in items:
        published = FUTURE if item.state == "dated in the future" else PAST
        page = _PAGE.format(
            mark=item.mark,
            url=item.url,
            published=published.isoformat(),
            head=_HTML_HEADS.get(item.state, ""),
        )
        _write(folder / _HTML_PLACES.get(item.state, "") / f"{item.mark}.html", page)
    return folder


_MEDIUM = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{mark}</title></head><body>
<article class="h-entry"><header><h1 class="p-name">{mark}</h1></header>
<section data-field="subtitle" class="p-summary">{mark}</section>
<section data-field="body" class="e-content"><section><div><p>Text {mark}.</p></div></section>
</section><footer><p>By <a href="https://medium.com/@{mark}" class="p-author h-card">{mark}</a>
{published}</p></footer></article></body></html>"""


def _write_medium(folder: Path, items: list[Item]) -> Path:
    """Write the posts of a Medium export, whose drafts are told by their names alone.

    https://help.medium.com/hc/en-us/articles/115004745787
    """
    for item in items:
        link = (
            f'on <a href="{item.url}"><time class="dt-published" datetime="{PAST.isoformat()}">'
            f'then</time></a>. <a href="{item.url}" class="p-canonical">Canonical link</a>'
        )
        name = f"{DAY}_{item.mark}-abc.html" if item.state == PUBLIC else f"draft_{item.mark}.html"
        published = link if item.state != "draft" else ""
        page = _MEDIUM.format(mark=item.mark, published=published)
        _write(folder / "posts" / name, page)
    for name in ("bookmarks", "claps", "profile", "sessions"):
        _write(folder / name / f"{name}-0001.html", "<!DOCTYPE html><body><h1>List</h1></body>")
    return folder


# https://support.substack.com/hc/en-us/articles/360037466012
_SUBSTACK_HEADING = """
post_id post_date is_published email_sent_at inbox_sent_at type audience title subtitle podcast_url
"""
_SUBSTACK = {
    PUBLIC: ("true", "everyone"),
    "not published": ("false", "everyone"),
    "only_paid": ("true", "only_paid"),
    "only_free": ("true", "only_free"),
    "founding": ("true", "founding"),
}


def _write_substack(folder: Path, items: list[Item]) -> Path:
    with _write(folder / "posts.csv", "").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(_SUBSTACK_HEADING.split())
        for item in items:
            published, audience = _SUBSTACK[item.state]
            number = 9_000 + item.number
            date = f"{PAST:%Y-%m-%dT%H:%M:%S.000Z}"
            about = (published, "", "", "newsletter", audience, item.mark, item.mark, "")
            rows.writerow((f"{number}.{item.mark}", date, *about))
            _write(folder / "posts" / f"{number}.{item.mark}.html", f"<p>Text {item.mark}.</p>")
    return folder


_FORMATS: dict[str, tuple[tuple[str, ...], Writer]] = {
    "WordPress": (tuple(_WORDPRESS), _write_wordpress),
    "Ghost": (tuple(_GHOST), _write_ghost),
    "Blogger backup": (tuple(_BACKUP), _write_backup),
    "Blogger Takeout": (tuple(_TAKEOUT), _write_takeout),
    "Atom": (("draft", "dated in the future"), _write_atom),
    "RSS": (("dated in the future",), _write_rss),
    "JSON Feed": (("dated in the future",), _write_json_feed),
    "Jekyll": (tuple(_JEKYLL)[1:], _write_jekyll),
    "Hugo": (tuple(_HUGO)[1:], _write_hugo),
    "Zola": (tuple(_ZOLA)[1:], _write_zola),
    "Astro": (tuple(_ASTRO)[1:], _write_astro),
    "Eleventy": (tuple(_ELEVENTY)[1:], _write_eleventy),
    "Links": (("a link to a file outside", "a link to a folder outside"), _write_links),
    "HTML": ((*_HTML_HEADS, *_HTML_PLACES, "dated in the future"), _write_html),
    "Medium": (("draft", "draft with a date"), _write_medium),
    "Substack": (tuple(_SUBSTACK)[1:], _write_substack),
}
