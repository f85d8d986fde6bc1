"""Addresses as generators build them, and what they do not build.

The expected addresses are those that Hugo 0.111, Jekyll 4.3, Eleventy 3.1, Hexo 8.1 and Astro 5
built of the same files; Zola's are by its documentation.
"""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from circulation.importing.items import SourceDefaults, SourceError
from circulation.importing.source import read_source
from tests.unit.importing.sites import (
    NOW,
    SITE,
    UNKNOWN_SITE,
    addresses,
    article_of,
    page,
    read_site,
    verdicts,
    write_site,
)

Files = dict[str, str | bytes]


def paths(folder: Path, files: Files, defaults: SourceDefaults = SITE) -> dict[str, str]:
    """Give the path of each article, without the site's address."""
    items = read_site(folder, files, defaults)
    site = "https://news.example"
    return {place: url.removeprefix(site) for place, url in addresses(items).items()}


def test_a_hugo_site_has_the_addresses_that_hugo_builds(tmp_path: Path) -> None:
    expected = {
        "content/posts/My First Post.md": ("", "/blog/posts/my-first-post/"),
        "content/posts/Ünïcode - Ärger & Co.md": (
            "", "/blog/posts/%C3%BCn%C3%AFcode-%C3%A4rger-co/",
        ),
        "content/posts/C++ #1 100%.md": ("", "/blog/posts/c++-%231-100/"),
        "content/posts/bundle/index.md": ("", "/blog/posts/bundle/"),
        "content/posts/deep/Sub Dir/x_y.z.md": ("", "/blog/posts/deep/sub-dir/x_y.z/"),
        "content/posts/slug.md": ("slug: My Slug!", "/blog/posts/my-slug/"),
        "content/posts/url.md": ("url: /else/where", "/blog/else/where/"),
        "content/posts/url2.md": ("url: rel/where.html", "/blog/rel/where.html"),
        "content/posts/2024-01-02-dated.md": ("", "/blog/posts/2024-01-02-dated/"),
        "content/top.md": ("", "/blog/top/"),
        "content/posts/page.html": ("", "/blog/posts/page/"),
        "content/posts/fr.fr.md": ("", "/blog/posts/fr.fr/"),
    }  # fmt: skip
    files: Files = {place: page(matter) for place, (matter, _) in expected.items()}
    files["hugo.toml"] = 'baseURL = "https://news.example/blog/"'
    files |= {"README.md": page(), "themes/x/exampleSite/content/a.md": page()}
    assert paths(tmp_path, files, UNKNOWN_SITE) == {
        place: path for place, (_, path) in expected.items()
    }


def test_what_hugo_does_not_build_or_list_is_no_article(tmp_path: Path) -> None:
    files: Files = {
        "config.toml": 'baseURL = "https://news.example/"\n[[cascade]]\nhidden = true\n'
        'target = {path = "/inner/**"}',
        "content/_index.md": page(),
        "content/a/index.md": page(),
        "content/a/part.md": page(),
        "content/a/deep/part.md": page(),
        "content/b/index.md": page("headless: true"),
        "content/c.md": page("build:\n  render: never"),
        "content/d.md": page("_build:\n  list: false"),
        "content/e.md": page("draft: true"),
        "content/secret/_index.md": page("cascade:\n  draft: true"),
        "content/secret/deep/f.md": page(),
        "content/inner/g.md": page(),
    }
    items = read_site(tmp_path, files)
    assert addresses(items).keys() == {"content/a/index.md"}
    assert verdicts(items) == {
        "content/_index.md": "skipped", "content/a/part.md": "skipped",
        "content/a/deep/part.md": "skipped", "content/b/index.md": "skipped",
        "content/c.md": "skipped", "content/d.md": "private", "content/e.md": "private",
        "content/secret/_index.md": "skipped", "content/secret/deep/f.md": "private",
        "content/inner/g.md": "private",
    }  # fmt: skip


HUGO_PERMALINKS = """
baseURL = "https://news.example/"
defaultContentLanguage = "en"
[permalinks]
posts = "/:year/:month/:day/:slug/"
news = "/:sections/:yearday-:weekdayname-:filename/"
docs = "/:section/:title/"
deep = "/:sections[1:]/:monthname/:sections[0]/:sections[last]/:contentbasename/"
bad = "/:colour/:title/"
[permalinks.page]
notes = "/n/:slugorfilename/:weekday/"
[languages.en]
[languages.fr]
"""


def test_hugo_permalinks_and_languages_are_resolved(tmp_path: Path) -> None:
    expected = {
        "content/posts/a.md": ('title: "Foo: Bar - Baz/Qux"', "/2023/05/01/foo-bar-baz/qux/"),
        "content/posts/b.md": ("slug: bee\ndate: 2023-05-01T23:30:00-05:00", "/2023/05/01/bee/"),
        "content/news/sub/c d.md": ("", "/news/121-monday-c-d/"),
        "content/docs/e.md": ('title: "Étude in 5 steps?"', "/docs/%C3%A9tude-in-5-steps/"),
        "content/deep/x/f.md": ("", "/x/may/deep/x/f/"),
        "content/posts/a.fr.md": ("title: Ah", "/fr/2023/05/01/ah/"),
        "content/news/pair/index.fr.md": ("", "/fr/news/121-monday-pair/"),
        "content/misc/g.md": ("", "/misc/g/"),
        "content/notes/h.md": ("", "/n/h/1/"),
    }
    files: Files = {
        place: f"---\n{'' if 'date:' in matter else 'date: 2023-05-01'}\n{matter}\n---\nx"
        for place, (matter, _) in expected.items()
    }
    files |= {"hugo.toml": HUGO_PERMALINKS, "content/deep/x/_index.md": page()}
    items = read_site(tmp_path, files | {"content/bad/i.md": page()})
    site = "https://news.example"
    assert {place: url.removeprefix(site) for place, url in addresses(items).items()} == {
        place: path for place, (_, path) in expected.items()
    }
    assert "placeholder" in items["content/bad/i.md"].reason


def test_hugo_aliases_and_pictures_are_the_pages(tmp_path: Path) -> None:
    matter = "aliases: [/old/a/, rel-b]\nparams:\n  author: Ann\nimages: [{}]"
    files: Files = {
        "hugo.yaml": "baseURL: https://news.example/blog/\nuglyURLs: false",
        "content/p/a/index.md": page(matter.replace("{}", "pic.jpg")),
        "content/p/a/pic.jpg": b"",
        "content/p/b.md": page(matter.replace("{}", "img/pic.jpg")),
    }
    items = read_site(tmp_path, files, UNKNOWN_SITE)
    first, second = (article_of(items[f"content/p/{name}.md"]) for name in ("a/index", "b"))
    assert first["aliases"] == [
        "https://news.example/blog/old/a/", "https://news.example/blog/p/rel-b",
    ]  # fmt: skip
    assert first["image"] == "https://news.example/blog/p/a/pic.jpg"
    assert second["image"] == "https://news.example/blog/img/pic.jpg"
    assert first["author"] == ["Ann"]


JEKYLL_POSTS = {
    "_posts/2024-08-08-Medical Device_x.markdown": "categories: Cyber medical-device\ntags: a b",
    "_posts/2024-08-09-dated.md": "date: 2024-08-08 22:44:26 -0700\ncategories: jekyll update",
    "_posts/2024-08-10-naive.md": "date: 2013-03-14 23:42:50\npermalink: /:categories/:year/:title/"
    "\ncategories: [x, Y z]",
    "_posts/2024-1-2-short.md": "slug: My Own Slug\ncategory: One Cat",
    "news/_posts/2024-03-04-in-news.md": "categories: [more]",
    "_posts/sub/2024-03-05-in-sub.md": "",
    "_posts/2024-03-08-Ü,co(de)!.md": "",
    "_posts/2024-03-09-c++ & 100%.md": "",
    "_posts/2024-03-10-dots.v1.2.md": "",
    "_posts/2024-03-11-html.html": "",
    "_posts/2024-03-12-perm.md": "permalink: /custom/perm",
}
EVERY_PLACEHOLDER = (
    "/:categories/:short_year-:i_month-:i_day/:y_day/:short_month/:long_month/:w_year-W:week-:w_day"
    "/:short_day/:long_day/:hour:minute:second/:slug:output_ext"
)


def jekyll(configuration: str) -> Files:
    posts = {place: f"---\ntitle: T\n{matter}\n---\nx" for place, matter in JEKYLL_POSTS.items()}
    return {**posts, "_config.yml": configuration}


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (
            "baseurl: /b",
            [
                "/b/cyber/medical-device/2024/08/08/Medical-Device_x.html",
                "/b/jekyll/update/2024/08/09/dated.html",
                "/b/x/y%20z/2013/naive/",
                "/b/one%20cat/2024/01/02/My-Own-Slug.html",
                "/b/news/more/2024/03/04/in-news.html",
                "/b/2024/03/05/in-sub.html",
                "/b/2024/03/08/%C3%9C,co(de)!.html",
                "/b/2024/03/09/c++-&-100.html",
                "/b/2024/03/10/dots.v1.2.html",
                "/b/2024/03/11/html.html",
                "/b/custom/perm",
            ],
        ),
        (
            f"permalink: {EVERY_PLACEHOLDER}",
            [
                (
                    "/cyber/medical-device/24-8-8/221/Aug/August/2024-W32-4/Thu/Thursday/000000/"
                    "medical-device-x.html"
                ),
                "/jekyll/update/24-8-9/222/Aug/August/2024-W32-5/Fri/Friday/054426/dated.html",
                "/x/y%20z/2013/naive/",
                "/one%20cat/24-1-2/002/Jan/January/2024-W01-2/Tue/Tuesday/000000/my-own-slug.html",
                "/news/more/24-3-4/064/Mar/March/2024-W10-1/Mon/Monday/000000/in-news.html",
                "/24-3-5/065/Mar/March/2024-W10-2/Tue/Tuesday/000000/in-sub.html",
                "/24-3-8/068/Mar/March/2024-W10-5/Fri/Friday/000000/%C3%BC-co-de.html",
                "/24-3-9/069/Mar/March/2024-W10-6/Sat/Saturday/000000/c-100.html",
                "/24-3-10/070/Mar/March/2024-W10-7/Sun/Sunday/000000/dots-v1-2.html",
                "/24-3-11/071/Mar/March/2024-W11-1/Mon/Monday/000000/html.html",
                "/custom/perm",
            ],
        ),
    ],
)
def test_jekyll_posts_have_the_addresses_that_jekyll_builds(
    tmp_path: Path, configuration: str, expected: list[str]
) -> None:
    assert paths(tmp_path, jekyll(configuration)) == dict(zip(JEKYLL_POSTS, expected, strict=True))


@pytest.mark.parametrize(
    ("style", "path"),
    [
        ("date", "/k/2024/03/04/a.html"),
        ("pretty", "/k/2024/03/04/a/"),
        ("ordinal", "/k/2024/064/a.html"),
        ("weekdate", "/k/2024/W10/Mon/a.html"),
        ("none", "/k/a.html"),
        ("/:title/", "/a/"),
        ("/:slugified_categories/:name:output_ext", "/k/a.html"),
    ],
)
def test_jekylls_styles_are_known(tmp_path: Path, style: str, path: str) -> None:
    files: Files = {
        "_config.yml": f"permalink: {style}",
        "_posts/2024-03-04-a.md": "---\ncategories: K\n---\nx",
    }
    assert paths(tmp_path, files) == {"_posts/2024-03-04-a.md": path}


def test_what_jekyll_does_not_build_is_no_article(tmp_path: Path) -> None:
    files: Files = {
        "_config.yml": "exclude: [skip]\ncollections:\n  recipes: {output: true}\n  notes: {}",
        "_drafts/idea.md": page(),
        "_posts/no-date.md": page(),
        "_posts/2024-03-06-off.md": page("published: false"),
        "_posts/2024-03-07-gone.md": page("redirect_to: /b/"),
        "_posts/2024-03-08-bad.md": page("permalink: /:colour/"),
        "_includes/a.html": page(),
        "_notes/a.md": page(),
        "_recipes/soup.md": page(),
        "skip/a.md": page(),
        "README.md": page(),
        "about.md": "---\ntitle: About\n---\nx",
    }
    items = read_site(tmp_path, files)
    assert addresses(items) == {"_recipes/soup.md": "https://news.example/recipes/soup.html"}
    assert verdicts(items) == {
        "_drafts/idea.md": "private", "_posts/no-date.md": "skipped",
        "_posts/2024-03-06-off.md": "private", "_posts/2024-03-07-gone.md": "skipped",
        "_posts/2024-03-08-bad.md": "refused", "_includes/a.html": "skipped",
        "_notes/a.md": "skipped", "skip/a.md": "skipped", "README.md": "skipped",
        "about.md": "skipped",
    }  # fmt: skip
    assert "placeholder" in items["_posts/2024-03-08-bad.md"].reason


def test_jekyll_defaults_categories_and_redirects_are_the_posts(tmp_path: Path) -> None:
    configuration = """
url: https://news.example
defaults:
- scope: {path: "", type: posts}
  values: {author: Ann, permalink: "/p/:title.html"}
- scope: {path: news}
  values: {permalink: "/n/:year/:title.html"}
"""
    files: Files = {
        "_config.yml": configuration,
        "_posts/2024-03-04-a.md": "---\ncategories: jekyll update\ntags: x y\n"
        "redirect_from: /old/\nimage: assets/i.png\n---\nx",
        "news/_posts/2024-03-05-b.md": "---\nauthor: Bob\n---\nx",
    }
    items = read_site(tmp_path, files, UNKNOWN_SITE)
    first = article_of(items["_posts/2024-03-04-a.md"])
    assert (first["section"], first["tags"]) == ("jekyll", ["update", "x", "y"])
    assert (first["url"], first["author"]) == ("https://news.example/p/a.html", ["Ann"])
    assert first["aliases"] == ["https://news.example/old/"]
    assert first["image"] == "https://news.example/assets/i.png"
    second = article_of(items["news/_posts/2024-03-05-b.md"])
    assert (second["url"], second["author"]) == ("https://news.example/n/2024/b.html", ["Bob"])


@pytest.mark.parametrize(
    ("date", "zone", "published", "path"),
    [
        ("2024-03-07 02:30:00", "UTC", "2024-03-07T02:30:00Z", "/2024/03/06/a.html"),
        ('"2024-03-07 02:31:00"', "UTC", "2024-03-07T07:31:00Z", "/2024/03/07/a.html"),
        ("2024-03-07", "UTC", "2024-03-07T05:00:00Z", "/2024/03/07/a.html"),
        ("2024-03-07 02:30:00", "Asia/Baku", "2024-03-06T22:30:00Z", "/2024/03/07/a.html"),
    ],
)
def test_a_jekyll_time_without_an_offset_is_in_utc_if_yaml_says_so(
    tmp_path: Path, date: str, zone: str, published: str, path: str
) -> None:
    files: Files = {
        "_config.yml": "timezone: America/New_York",
        "_posts/2024-03-07-a.md": f"---\ndate: {date}\n---\nx",
    }
    defaults = SourceDefaults("https://news.example", zone=ZoneInfo(zone), now=NOW)
    (item,) = (item for item in read_site(tmp_path, files, defaults).values())
    article = article_of(item)
    assert (article["published"], article["url"]) == (published, f"https://news.example{path}")


def test_a_folder_of_posts_alone_is_jekylls(tmp_path: Path) -> None:
    folder = tmp_path / "_posts"
    assert paths(folder, {"2024-03-04-a.md": "---\ntitle: T\n---\nx"}) == {
        "2024-03-04-a.md": "/2024/03/04/a.html"
    }


def test_a_zola_site_has_the_addresses_of_its_documentation(tmp_path: Path) -> None:
    expected = {
        "content/blog/2018-10-10-Hello World.md": ("", "/blog/hello-world/"),
        "content/blog/2018-10-11_under.md": ("", "/blog/under/"),
        "content/blog/2018-10-12-with-picture/index.md": ("", "/blog/with-picture/"),
        "content/blog/Ünïcode.md": ('date = "2024-01-01"', "/blog/unicode/"),
        "content/blog/slug.md": ('date = 2024-01-01\nslug = "My Slug"', "/blog/my-slug/"),
        "content/blog/path.md": ('date = 2024-01-01\npath = "else/where"', "/else/where/"),
        "content/top.md": ("date = 2024-01-01", "/top/"),
        "content/blog/hello.fr.md": ("date = 2024-01-01", "/fr/blog/hello/"),
    }
    files: Files = {
        place: f"+++\ntitle = 'T'\n{matter}\n+++\nx" for place, (matter, _) in expected.items()
    }
    files |= {
        "config.toml": 'base_url = "https://news.example"\n[languages.fr]',
        "content/_index.md": "+++\n+++\n",
        "content/blog/_index.fr.md": "+++\n+++\n",
        "content/blog/part.md": "+++\ndate = 2024-01-01\nrender = false\n+++\nx",
    }
    items = read_site(tmp_path, files, UNKNOWN_SITE)
    assert {
        place: url.removeprefix("https://news.example") for place, url in addresses(items).items()
    } == {place: path for place, (_, path) in expected.items()}
    assert set(verdicts(items).values()) == {"skipped"}


def test_links_to_files_of_a_zola_site_are_their_addresses(tmp_path: Path) -> None:
    files: Files = {
        "zola.toml": 'base_url = "https://news.example"',
        "content/a.md": (
            "+++\ndate = 2024-01-01\n+++\n[b](@/blog/b.md#x) [c](@/blog/_index.md) [d](@/none.md)"
            '\n\n{{ youtube(id="abc") }} `[b](@/blog/b.md)`'
        ),
        "content/blog/b.md": '+++\ndate = 2024-01-01\nslug = "bee"\n+++\nx',
        "content/blog/_index.md": "+++\n+++\n",
    }
    body = article_of(read_site(tmp_path, files)["content/a.md"])["body"]
    for part in (
        'href="https://news.example/blog/bee/#x"', 'href="https://news.example/blog/"', 'href=""',
        "https://www.youtube.com/embed/abc", "<code>[b](@/blog/b.md)</code>",
    ):  # fmt: skip
        assert part in body


def test_markdown_in_an_element_of_kramdown_is_markdown(tmp_path: Path) -> None:
    body = '<div class="x" markdown="1">\n**a**\n</div>\nb\n\n<aside markdown=1>*c*</aside>\n'
    files: Files = {"_config.yml": "", "_posts/2024-01-02-a.md": page(body=body)}
    assert article_of(read_site(tmp_path, files)["_posts/2024-01-02-a.md"])["body"].split() == [
        "<div", 'class="x">', "<p><strong>a</strong></p>", "</div>", "<p>b</p>",
        "<aside>", "<p><em>c</em></p>", "</aside>",
    ]  # fmt: skip


def test_eleventy_fills_in_fields_and_drops_the_comments_of_nunjucks(tmp_path: Path) -> None:
    text = page("title: Ti", "{{ title }} {# secret #}a {{ unknown }}b")
    config = 'module.exports = () => ({ markdownTemplateEngine: "njk" })'
    nunjucks = read_site(tmp_path / "1", {".eleventy.js": config, "a.md": text})
    assert article_of(nunjucks["a.md"])["body"] == "<p>Ti a b</p>\n"
    liquid = read_site(tmp_path / "2", {".eleventy.js": "", "a.md": text})
    assert article_of(liquid["a.md"])["body"] == "<p>Ti {# secret #}a b</p>\n"


def test_what_stands_in_a_draft_section_of_zola_is_private(tmp_path: Path) -> None:
    files: Files = {
        "zola.toml": 'base_url = "https://news.example"',
        "content/next/_index.md": "+++\ndraft = true\n+++\n",
        "content/next/a.md": "+++\ndate = 2024-01-01\n+++\nx",
        "content/next/part/b/index.md": "+++\ndate = 2024-01-01\n+++\nx",
        "content/now/_index.md": "+++\n+++\n",
        "content/now/c.md": "+++\ndate = 2024-01-01\n+++\nx",
    }
    items = read_site(tmp_path, files)
    assert list(addresses(items)) == ["content/now/c.md"]
    private = [place for place, verdict in verdicts(items).items() if verdict == "private"]
    assert {"content/next/a.md", "content/next/part/b/index.md"} <= set(private)


def test_zola_taxonomies_and_extra_are_the_pages(tmp_path: Path) -> None:
    matter = """
title = "T"
date = 2024-01-01T10:00:00Z
updated = 2024-01-02
description = "Short"
authors = ["Ann"]
aliases = ["old/a"]
[taxonomies]
categories = ["City"]
tags = ["x"]
[extra]
image = "/i.png"
"""
    files: Files = {"zola.toml": 'base_url = "https://news.example"'}
    files["content/a.md"] = f"+++{matter}+++\nx"
    article = article_of(read_site(tmp_path, files)["content/a.md"])
    assert article | {"id": ""} == {
        "id": "", "section": "City", "title": "T", "body": "<p>x</p>\n", "tags": ["x"],
        "url": "https://news.example/a/", "published": "2024-01-01T10:00:00Z",
        "updated": "2024-01-02T00:00:00Z", "summary": "Short", "author": ["Ann"],
        "image": "https://news.example/i.png", "aliases": ["https://news.example/old/a"],
    }  # fmt: skip


HEXO_DATE = "date: 2013-07-14 17:01:34"


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        (
            "url: https://news.example/r\nroot: /r/",
            {
                "source/_posts/hello.md": "/r/2013/07/14/hello/",
                "source/_posts/lorem/My Post.md": "/r/2013/07/14/lorem/My%20Post/",
                "source/_posts/perm.md": "/r/own/place",
                "source/_posts/multi.md": "/r/2013/07/14/multi/",
            },
        ),
        (
            (
                'url: https://news.example\npermalink: ":category/:year-:i_month/:title-:hash/"\n'
                'new_post_name: ":year-:month-:day-:title.md"\ntimezone: Asia/Tokyo'
            ),
            {
                "source/_posts/hello.md": "/Foo-Bar/baz/2013-7/hello-d0ed78eccc27/",
                "source/_posts/lorem/My Post.md": (
                    "/uncategorized/2013-7/lorem-My-Post-71c536cfc811/"
                ),
                "source/_posts/perm.md": "/own/place",
                "source/_posts/multi.md": "/C/2013-7/multi-037140dc1903/",
                "source/_posts/2014-05-06-dated.md": ("/uncategorized/2014-5/dated-fca77e953196/"),
            },
        ),
    ],
)
def test_hexo_posts_have_the_addresses_that_hexo_builds(
    tmp_path: Path, configuration: str, expected: dict[str, str]
) -> None:
    files: Files = {
        "_config.yml": configuration,
        "source/_posts/hello.md": f"---\n{HEXO_DATE}\ncategories:\n- Foo Bar\n- baz\n---\nx",
        "source/_posts/lorem/My Post.md": "---\ndate: 2013-07-14 23:01:34\n---\nx",
        "source/_posts/perm.md": f"---\n{HEXO_DATE}\npermalink: own/place\n---\nx",
        "source/_posts/multi.md": f"---\n{HEXO_DATE}\ncategories:\n- [A, B]\n- [C]\n---\nx",
        "source/_posts/2014-05-06-dated.md": "---\ntitle: T\n---\nx",
        "source/_posts/off.md": page("published: false"),
        "source/_drafts/d.md": page(),
        "source/about/index.md": page(),
    }
    items = read_site(tmp_path, files, UNKNOWN_SITE)
    site = "https://news.example"
    assert {place: url.removeprefix(site) for place, url in addresses(items).items()} == expected
    assert verdicts(items).items() >= {
        "source/_posts/off.md": "private", "source/_drafts/d.md": "private",
        "source/about/index.md": "skipped",
    }.items()  # fmt: skip
    multi = article_of(items["source/_posts/multi.md"])
    assert (multi["section"], multi["tags"]) == ("A", ["B", "C"])


def test_hexo_front_matter_may_be_closed_alone(tmp_path: Path) -> None:
    files: Files = {
        "_config.yml": "url: https://news.example",
        "source/_posts/a.md": f"title: Old\n{HEXO_DATE}\ntags:\n- x\n---\n\nText",
        "source/_posts/b.md": f"---\n{HEXO_DATE}\n---\nNote: a\n---\n",
    }
    items = read_site(tmp_path, files)
    article = article_of(items["source/_posts/a.md"])
    assert (article["title"], article["tags"], article["body"]) == ("Old", ["x"], "<p>Text</p>\n")
    assert article_of(items["source/_posts/b.md"])["body"] == "<h2>Note: a</h2>\n"


def test_a_hexo_post_without_a_date_is_refused(tmp_path: Path) -> None:
    files: Files = {"_config.yml": "url: https://news.example", "source/_posts/a.md": "x"}
    (item,) = read_site(tmp_path, files).values()
    assert (str(item.verdict), "has no date" in item.reason) == ("refused", True)


def test_an_eleventy_site_has_the_addresses_that_eleventy_builds(tmp_path: Path) -> None:
    expected = {
        "src/blog/2018-01-01-test.md": ("", "/pre/blog/2018-01-01-test/"),
        "src/blog/My Post.md": ("tags: [post, css]", "/pre/blog/My%20Post/"),
        "src/blog/dir/index.md": ("", "/pre/blog/dir/"),
        "src/blog/same/same.md": ("", "/pre/blog/same/"),
        "src/blog/perm.md": ('permalink: "/x/{{ page.fileSlug }}/index.html"', "/pre/x/perm/"),
        "src/blog/perm2.md": (
            "title: It's a Tést & more\npermalink: '/y/{{ title | slugify }}/'",
            "/pre/y/its-a-test-and-more/",
        ),
        "src/news/n.md": ("", "/pre/nn/n.html"),
        "src/blog/page.html": ("", "/pre/blog/page/"),
    }
    files: Files = {place: page(matter) for place, (matter, _) in expected.items()}
    files |= {
        "eleventy.config.js": 'export default () => ({dir: {input: "src"}, pathPrefix: "/pre/"});',
        "src/news/news.json": '{"permalink": "/nn/{{ page.fileSlug }}.html"}',
        "src/blog/nope.md": page("permalink: false"),
        "src/blog/out.md": page("eleventyExcludeFromCollections: true"),
        "src/blog/code.md": page("permalink: '/{{ title | reverse }}/'"),
        "src/_includes/a.html": page(),
        "src/about.md": "---\ntitle: About\n---\nx",
        "other/b.md": page(),
    }
    items = read_site(tmp_path, files)
    site = "https://news.example"
    assert {place: url.removeprefix(site) for place, url in addresses(items).items()} == {
        place: path for place, (_, path) in expected.items()
    }
    assert verdicts(items) == {
        "src/blog/nope.md": "skipped", "src/blog/out.md": "skipped", "src/blog/code.md": "refused",
        "src/_includes/a.html": "skipped", "src/about.md": "skipped",
    }  # fmt: skip
    assert article_of(items["src/blog/My Post.md"])["tags"] == ["css"]
    dated = article_of(items["src/blog/2018-01-01-test.md"])
    assert dated["published"] == "2026-01-31T00:00:00Z"


ROUTE = 'const posts = await getCollection("{}");'


def test_an_astro_site_has_the_addresses_that_astro_builds(tmp_path: Path) -> None:
    expected = {
        "src/content/blog/First Post.md": ("", "/as/posts/first-post/"),
        "src/content/blog/sub/Ünï & co.md": ("", "/as/posts/sub/%C3%BCn%C3%AF--co/"),
        "src/content/blog/dir/index.md": ("", "/as/posts/dir/"),
        "src/content/blog/sl.md": ("slug: own-slug", "/as/posts/own-slug/"),
        "src/content/blog/v1.2.md": ("", "/as/posts/v12/"),
        "src/content/notes/2024-01-02-n.mdx": ("", "/as/notes/2024-01-02-n/"),
        "src/pages/about.md": ("", "/as/about/"),
    }
    matter = "pubDate: 'Jul 08 2022'\nupdatedDate: 2022-07-10\nheroImage: "
    files: Files = {
        place: f"---\n{matter}{'/a.png' if own else '../../a.png'}\n{own}\n---\nx"
        for place, (own, _) in expected.items()
    }
    files |= {
        "astro.config.mjs": 'export default { site: "https://news.example", base: "/as" };',
        "src/pages/posts/[...slug].astro": ROUTE.format("blog"),
        "src/pages/index.astro": ROUTE.format("notes"),
        "src/content/blog/draft.md": page("draft: true"),
        "src/content/blog/_part.md": page(),
        "README.md": page(),
    }
    items = read_site(tmp_path, files, UNKNOWN_SITE)
    site = "https://news.example"
    assert {place: url.removeprefix(site) for place, url in addresses(items).items()} == {
        place: path for place, (_, path) in expected.items()
    }
    article = article_of(items["src/content/blog/sl.md"])
    assert (article["published"], article["updated"], article["image"]) == (
        "2022-07-08T00:00:00Z", "2022-07-10T00:00:00Z", "https://news.example/as/a.png",
    )  # fmt: skip
    assert "image" not in article_of(items["src/content/blog/v1.2.md"])
    assert verdicts(items) == {
        "src/content/blog/draft.md": "private", "src/content/blog/_part.md": "skipped",
    }  # fmt: skip


def test_a_folder_of_no_known_generator_has_the_rules_of_most(tmp_path: Path) -> None:
    files: Files = {
        "posts/bundle/index.md": page(),
        "posts/a.md": page("slug: other"),
        "posts/b.md": page("url: /else/"),
        "posts/c.mdx": page(),
        "posts/2024-01-02-d.md": "---\ntitle: T\n---\nx",
    }
    items = read_site(tmp_path, files)
    assert {
        place: url.removeprefix("https://news.example") for place, url in addresses(items).items()
    } == {
        "posts/bundle/index.md": "/posts/bundle/",
        "posts/a.md": "/posts/other/",
        "posts/b.md": "/else/",
        "posts/c.mdx": "/posts/c/",
        "posts/2024-01-02-d.md": "/posts/2024-01-02-d/",
    }
    assert article_of(items["posts/2024-01-02-d.md"])["published"] == "2024-01-02T00:00:00Z"


@pytest.mark.parametrize("permalink", ["/:categories/:year/", "/{{ title }}/"])
def test_a_permalink_that_nothing_resolves_is_refused(tmp_path: Path, permalink: str) -> None:
    items = read_site(tmp_path, {"a.md": page(f"permalink: '{permalink}'"), "b.md": page()})
    assert verdicts(items) == {"a.md": "refused"}
    assert permalink in items["a.md"].reason


def test_what_is_in_another_markup_is_named(tmp_path: Path) -> None:
    items = read_site(tmp_path, {"a.adoc": "= T", "b.org": "x", "c.rst": "x", "d.md": page()})
    assert verdicts(items) == {"a.adoc": "skipped", "b.org": "skipped", "c.rst": "skipped"}
    assert items["a.adoc"].reason == "is in AsciiDoc, which is not read"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("_config.yml", "a: &a 1\nb: *a"),
        ("config.toml", "baseURL = "),
        ("_config.yml", "a: " + "x" * 300_000),
    ],
)
def test_a_configuration_that_cannot_be_read_refuses_the_site(
    tmp_path: Path, name: str, content: str
) -> None:
    files: Files = {"hugo.toml": "baseURL = 'https://news.example'", "content/a.md": page()}
    with pytest.raises(SourceError, match=name):
        read_site(tmp_path, files | {name: content})


@pytest.mark.parametrize("folder", ["../secret", "/etc", "out", "none"])
def test_content_is_not_read_out_of_the_folder(tmp_path: Path, folder: str) -> None:
    write_site(tmp_path / "secret", {"a.md": page("title: Secret")})
    site = write_site(tmp_path / "site", {"_config.yml": f"source_dir: {folder}"})
    write_site(site, {"source/_posts/a.md": page()})
    (site / "out").symlink_to(tmp_path / "secret")
    with pytest.raises(SourceError, match="without a folder"):
        list(read_source(site, SITE))


def test_a_section_that_cannot_be_read_refuses_its_own_pages(tmp_path: Path) -> None:
    files: Files = {
        "hugo.toml": "baseURL = 'https://news.example'",
        "content/a/_index.md": "---\na: [\n---\n",
        "content/a/deep/b.md": page(),
        "content/c.md": page(),
    }
    items = read_site(tmp_path, files)
    assert addresses(items).keys() == {"content/c.md"}
    assert "content/a/_index.md" in items["content/a/deep/b.md"].reason


def test_a_configuration_is_not_read_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.yml").write_text("url: https://secret.example")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "_config.yml").symlink_to(tmp_path / "secret.yml")
    items = read_site(tmp_path / "site", {"_posts/2024-01-02-a.md": "x"}, UNKNOWN_SITE)
    assert "secret" not in str(items)
