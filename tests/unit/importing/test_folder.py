"""Which files of a folder are articles, and what of them nobody but the publisher may see."""

import os
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from circulation.importing import folder as folder_source
from circulation.importing.items import SourceDefaults, SourceError, Verdict
from circulation.importing.source import open_source, read_source
from tests.unit.importing.sites import (
    MARKDOWN,
    NOW,
    PAGE,
    SITE,
    UNKNOWN_SITE,
    addresses,
    article_of,
    page,
    read_site,
    verdicts,
    write_site,
)

BAKU = SourceDefaults("https://news.example/", "news", ZoneInfo("Asia/Baku"), NOW)


def test_a_folder_of_markdown_and_html_is_read_in_the_sites_zone(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": MARKDOWN,
        "deep/b.html": PAGE,
        "c.md": "---\ndraft: true\n---\nx",
        "d.md": "---\ntitle: [broken\n---\nx",
        "no-article.txt": "x",
    }
    items = read_site(tmp_path, files, BAKU)
    markdown, html = article_of(items["a.md"]), article_of(items["deep/b.html"])
    assert markdown["url"] == "https://news.example/city/clock/"
    assert markdown["published"] == "2025-12-26T07:11:00Z"
    assert (markdown["section"], markdown["tags"]) == ("City", ["Towers", "x", "y"])
    assert "<h1>One</h1>" in markdown["body"]
    assert (html["body"], html["summary"], html["language"]) == ("<p>Text</p>", "Short", "az")
    assert verdicts(items) == {"c.md": "private", "d.md": "refused"}


def test_nothing_that_is_no_article_of_the_site_is_walked(tmp_path: Path) -> None:
    unread = (
        ".git/a.md", ".obsidian/a.md", "node_modules/x/b.md", "deep/node_modules/b.md",
        "__pycache__/a.md",
    )  # fmt: skip
    told_of = {
        "README.md": "skipped", "CHANGELOG.markdown": "skipped", "LICENSE.md": "skipped",
        "404.html": "skipped", "_drafts/a.md": "private", "_index.md": "skipped",
    }  # fmt: skip
    built = {f"{name}/a.md" for name in ("_site", "public", "dist", "build", "vendor")}
    files: dict[str, str | bytes] = {name: page() for name in (*unread, *told_of, *built)}
    items = read_site(tmp_path, files | {"deep/README.md": page(), "deep/build/a.md": page()})
    assert addresses(items).keys() == {"deep/README.md", "deep/build/a.md"}
    assert verdicts(items) == told_of | {f"{name.split('/')[0]}/": "skipped" for name in built}


@pytest.mark.parametrize(
    "matter",
    [
        "draft: true", 'draft: "true"', "draft: yes", "Draft: True", "published: false",
        "published: 'no'", "expiryDate: 2026-01-31", "expiryDate: 2020-01-01T00:00:00Z",
        "status: draft", "status: private", "private: true", "unlisted: true", "hidden: true",
        "isDraft: true", "password: secret", "visibility: members", "visibility: paid",
    ],
)  # fmt: skip
def test_what_is_not_for_everyone_is_private(tmp_path: Path, matter: str) -> None:
    items = read_site(tmp_path, {"a.md": page(matter), "b.html": page(matter), "c.md": page()})
    assert verdicts(items) == {"a.md": "private", "b.html": "private"}
    assert items["a.md"].reason


@pytest.mark.parametrize(
    "matter",
    [
        "draft: false", 'draft: "false"', "published: true", "expiryDate: 2026-02-02",
        "status: publish", "visibility: public", "private: false", "password:",
    ],
)  # fmt: skip
def test_what_says_that_it_is_for_everyone_is_an_article(tmp_path: Path, matter: str) -> None:
    assert addresses(read_site(tmp_path, {"a.md": page(matter)}))


def test_an_expiry_that_cannot_be_read_lets_nothing_through(tmp_path: Path) -> None:
    (item,) = read_site(tmp_path, {"a.md": page("expiryDate: soon")}).values()
    assert (item.verdict, item.reason) == (Verdict.REFUSED, "the date soon cannot be read")


def test_a_time_to_come_is_the_time_of_publication(tmp_path: Path) -> None:
    (item,) = read_site(tmp_path, {"a.md": page("publishDate: 2026-03-01")}).values()
    assert article_of(item)["published"] == "2026-03-01T00:00:00Z"


@pytest.mark.parametrize(
    "date",
    [
        "10 foo", "1e999", "1" * 5_000, "0001-01-01", "99999999999999", "x", "2026", "May 2026",
        "Mo, 23 Okt 2017", "2026-13-45", "2026-01-31 10:00 XYZ",
        "1704103200",
    ],
)  # fmt: skip
def test_a_date_that_is_none_is_named(tmp_path: Path, date: str) -> None:
    files: dict[str, str | bytes] = {"a.md": page(date=f"'{date}'"), "b.md": page()}
    items = read_site(tmp_path, files)
    assert items["a.md"].verdict is Verdict.REFUSED
    assert items["a.md"].reason.startswith(f"the date {date[:20]}")
    assert addresses(items).keys() == {"b.md"}


def test_a_page_without_a_date_is_skipped_and_said_how_to_give_one(tmp_path: Path) -> None:
    items = read_site(tmp_path, {"about.md": "# About\n\nus", "a.html": "<body><p>x</p></body>"})
    assert verdicts(items) == {"about.md": "skipped", "a.html": "skipped"}
    assert "date: 2026-01-31" in items["about.md"].reason


@pytest.mark.parametrize(
    ("date", "published"),
    [
        ("2015-03-04 10:00 EST", "2015-03-04T15:00:00Z"),
        ("2015-07-04 10:00 CEST", "2015-07-04T08:00:00Z"),
        ("2024-08-08 22:44:26 -0700", "2024-08-09T05:44:26Z"),
        ("2024-08-08T22:44:26.123+04:00", "2024-08-08T18:44:26Z"),
        ("Jul 08 2022", "2022-07-07T20:00:00Z"),
        ("2022-07-08", "2022-07-07T20:00:00Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ("2016-12-31 15:59:60 -8", "2016-12-31T23:59:59Z"),
        ('"31 Dec 2016 23:59:60 UTC"', "2016-12-31T23:59:59Z"),
    ],
)
def test_a_date_is_read_in_its_zone_or_in_the_sites(
    tmp_path: Path, date: str, published: str
) -> None:
    (item,) = read_site(tmp_path, {"a.md": page(date=date)}, BAKU).values()
    assert article_of(item)["published"] == published


def test_of_two_files_with_one_address_the_second_is_refused_by_name(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": page(), "a/index.md": page(), "b.md": page("url: /a"), "c.md": page(),
    }  # fmt: skip
    items = read_site(tmp_path, files)
    assert addresses(items).keys() == {"a.md", "c.md"}
    assert items["b.md"].verdict is Verdict.REFUSED
    assert items["b.md"].reason.startswith("has the same address as a.md: https://news.example/a")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    write_site(tmp_path, {"secret.md": page("title: Secret"), "apart/x.md": page("title: Secret")})
    folder = write_site(tmp_path / "site", {"page.md": page(), "sub/b.md": page()})
    (folder / "out.md").symlink_to(tmp_path / "secret.md")
    (folder / "up.md").symlink_to(Path("../secret.md"))
    (folder / "deep").symlink_to(tmp_path / "apart")
    (folder / "round").symlink_to(folder)
    (folder / "sub" / "round").symlink_to(folder)
    (folder / "twice.md").symlink_to(folder / "out.md")
    (folder / "loop.md").symlink_to(folder / "loop.md")
    (folder / "device.md").symlink_to("/dev/zero")
    (folder / "nowhere.md").symlink_to(folder / "none.md")
    (folder / "inside.md").symlink_to(folder / "page.md")
    items = read_site(folder, {})
    assert addresses(items).keys() == {"page.md", "inside.md", "sub/b.md"}
    assert "Secret" not in str(items)
    leading_out = {where for where, item in items.items() if "out of the folder" in item.reason}
    assert leading_out >= {"out.md", "up.md", "deep", "twice.md", "device.md"}


def test_a_folder_that_cannot_be_opened_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(path: Path) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "locked":
            raise PermissionError
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    items = read_site(tmp_path, {"a.md": page(), "locked/b.md": page(), "open/c.md": page()})
    assert addresses(items).keys() == {"a.md", "open/c.md"}
    assert (items["locked/"].verdict, items["locked/"].reason) == ("refused", "cannot be opened")


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert read_site(tmp_path, {"page.md": page()}).keys() == {"page.md"}
    for name in (str(tmp_path / "pipe.md"), "/dev/zero"):
        with pytest.raises(SourceError, match="no file and no folder"), open_source(name):
            pytest.fail("it was opened")


def test_a_page_is_bounded_and_spoils_itself_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_source, "MAX_PAGE_BYTES", 100)
    items = read_site(tmp_path, {"a.md": page(body="x" * 101), "b.md": page()})
    assert "longer than" in items["a.md"].reason
    assert addresses(items).keys() == {"b.md"}


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("utf-8", "Новости"), ("utf-8-sig", "Café"), ("utf-16", "Новости"), ("cp1252", "Café €"),
        ("latin-1", "Café ü"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_page_in_any_encoding_that_a_browser_reads_is_read(
    tmp_path: Path, encoding: str, title: str, line_end: str
) -> None:
    text = page(f"title: {title}").replace("\n", line_end)
    (item,) = read_site(tmp_path, {"a.md": text.encode(encoding)}).values()
    assert article_of(item)["title"] == title


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<style>.a{color:red}</style><!-- it's a comment -->Real words", "Real words"),
        ("# A *heading*\n\ntext", "A heading"),
        ("First words.\n\nSecond.", "First words."),
        ("<script>x()</script>\n\nWords", "Words"),
    ],
)
def test_a_title_is_made_of_words_that_readers_see(tmp_path: Path, body: str, title: str) -> None:
    (item,) = read_site(tmp_path, {"a.md": page(body=body)}).values()
    assert article_of(item)["title"] == title


def test_the_sites_address_may_have_a_path(tmp_path: Path) -> None:
    site = SourceDefaults("https://news.example/blog", now=NOW)
    files: dict[str, str | bytes] = {"a.md": page("image: /a.png\naliases: [/old/]")}
    article = article_of(read_site(tmp_path, files, site)["a.md"])
    assert article["url"] == "https://news.example/blog/a/"
    assert article["image"] == "https://news.example/blog/a.png"
    assert article["aliases"] == ["https://news.example/blog/old/"]


def test_without_the_sites_address_a_page_is_refused_and_said_how_to_give_it(
    tmp_path: Path,
) -> None:
    (item,) = read_site(tmp_path, {"a.md": page()}, UNKNOWN_SITE).values()
    assert "--site" in item.reason


def test_an_address_elsewhere_is_that_of_a_copy(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": page("canonical_url: https://elsewhere.example/a"),
        "b.md": page("canonical_url: https://www.news.example/bee"),
    }
    assert addresses(read_site(tmp_path, files)) == {
        "a.md": "https://news.example/a/",
        "b.md": "https://www.news.example/bee",
    }


def test_a_single_page_is_read_without_its_neighbours(tmp_path: Path) -> None:
    write_site(tmp_path, {"_config.yml": "url: https://other.example", "a.md": page()})
    (item,) = read_source(tmp_path / "a.md", SITE)
    assert article_of(item)["url"] == "https://news.example/a/"


def test_an_archive_that_is_packed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(b"PK\x03\x04rest")
    with pytest.raises(SourceError, match="unpack it"):
        list(read_source(path, SITE))


SUBSTACK = (
    "post_id,post_date,is_published,email_sent_at,inbox_sent_at,type,audience,title,subtitle,"
    "podcast_url\n"
)


def test_a_substack_export_gives_what_everyone_may_read(tmp_path: Path) -> None:
    rows = (
        '101.first,2024-01-02T10:00:00.000Z,true,,,newsletter,everyone,"One, ""two""",Sub,\n'
        "102.paid,2024-01-03T10:00:00.000Z,true,,,newsletter,only_paid,Paid,,\n"
        "103.free,2024-01-03T10:00:00.000Z,true,,,newsletter,only_free,Free,,\n"
        "104.draft,,false,,,newsletter,everyone,Draft,,\n"
        "105.missing,2024-01-03T10:00:00.000Z,true,,,newsletter,everyone,Missing,,\n"
        "106.undated,soon,true,,,newsletter,everyone,Undated,,\n"
    )
    names = ("101.first", "102.paid", "103.free", "104.draft", "106.undated", "107.unlisted")
    files: dict[str, str | bytes] = {f"posts/{name}.html": f"<p>{name}</p>" for name in names}
    items = read_site(tmp_path, files | {"posts.csv": SUBSTACK + rows})
    assert article_of(items['One, "two"']) == {
        "id": "101",
        "source_ids": ["news.example:101"],
        "section": "news",
        "title": 'One, "two"',
        "body": "<p>101.first</p>",
        "url": "https://news.example/p/first",
        "published": "2024-01-02T10:00:00Z",
        "summary": "Sub",
    }
    assert verdicts(items) == {
        "Paid": "private", "Free": "private", "Draft": "private", "Missing": "refused",
        "Undated": "refused", "107.unlisted": "private",
    }  # fmt: skip


def test_a_substack_export_needs_the_sites_address(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="--site"):
        read_site(tmp_path, {"posts.csv": SUBSTACK}, UNKNOWN_SITE)


def test_a_folder_without_a_page_says_so(tmp_path: Path) -> None:
    (item,) = read_site(tmp_path, {"a.txt": "x"}).values()
    assert (item.where, item.verdict) == ("the folder", Verdict.WARNING)


def test_the_total_of_an_older_counter_is_taken_by_both_of_its_names(tmp_path: Path) -> None:
    totals = {"a.md": "views: 346", "b.md": "views_before: 346\nviews: 3", "c.md": "views: many"}
    files: dict[str, str | bytes] = {
        name: f"---\ntitle: T\ndate: 2025-12-26\n{total}\n---\nText"
        for name, total in totals.items()
    }
    items = read_site(tmp_path, files)
    found = {name: article_of(item).get("views_before") for name, item in items.items()}
    assert found == {"a.md": 346, "b.md": 346, "c.md": None}
