"""Front matter in its languages, and what is read out of it."""

from pathlib import Path
from typing import Any

import pytest

from circulation.importing.front_matter import MAX_BYTES, split_front_matter
from circulation.importing.page_fields import image_in, texts_in
from tests.unit.importing.sites import MARKDOWN, addresses, article_of, page, read_site

BODY = "\nText\n"


@pytest.mark.parametrize(
    "front",
    [
        '---\ntitle: "A: b"\ntags: [x, 3.10]\nDraft: no\nnested: {a: 1}\n---',
        '+++\ntitle = "A: b"\ntags = ["x", 3.10]\ndraft = "no"\nnested = {a = 1}\n+++',
        '{"title": "A: b", "tags": ["x", 3.10], "draft": "no", "nested": {"a": 1}}',
        '{\n  "title": "A: b",\n  "tags": ["x", 3.10],\n  "draft": "no",\n  "nested": {"a": 1}\n}',
        '---json\n{"title": "A: b", "tags": ["x", 3.10], "draft": "no", "nested": {"a": 1}}\n---',
        '---toml\ntitle = "A: b"\ntags = ["x", 3.10]\ndraft = "no"\nnested = {a = 1}\n---  ',
        '"title": "A: b", "tags": ["x", 3.10], "draft": "no", "nested": {"a": 1}',
    ],
)
def test_the_same_is_read_from_yaml_toml_and_json(front: str) -> None:
    text = f";;;\n{front}\n;;;{BODY}" if front.startswith('"') else f"{front}{BODY}"
    fields, body = split_front_matter(text)
    assert fields == {
        "title": "A: b", "tags": ["x", "3.10"], "draft": "no", "nested": {"a": "1"},
    }  # fmt: skip
    assert body == BODY


@pytest.mark.parametrize(
    "text",
    ["Text", "--- \nno end", "***\n", "", "{% include x %}", "{{ x }}", "{\n", "--- x\ny\n---"],
)
def test_a_page_without_front_matter_has_no_fields(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(("front", "fields"), [("---\n---\nx", {}), ("---\n# only\n---\nx", {})])
def test_empty_front_matter_has_no_fields(front: str, fields: dict[str, Any]) -> None:
    assert split_front_matter(front) == (fields, "\nx")


def bomb(levels: int) -> str:
    """Front matter whose tags are 10 to the power of the levels."""
    lines = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels))
    return f"---\ntitle: x\na0: &a0 [x]\n{lines}\ntags: *a{levels - 1}\n---\nText\n"


@pytest.mark.parametrize(
    "front",
    [
        bomb(20),
        "---\na: &a [*a]\n---\nx",
        "---\na: &a {b: 1}\nc:\n  <<: *a\n---\nx",
        f"---\ntags: {'[' * 5_000}{']' * 5_000}\n---\nx",
        "---\n" + "".join(" " * n + "a:\n" for n in range(500)) + "---\nx",
        "---\na: !!python/object/apply:os.system ['id']\n---\nx",
        "---\ndate: !!timestamp x\n---\nx",
        "---\n? [a]\n: b\n---\nx",
        "---\n- a\n- b\n---\nx",
        '{\n"tags": ' + "[" * 50_000 + "]" * 50_000 + "\n}\nx",
        '{"tags": ' + "[" * 30 + "]" * 30 + "}\nx",
        '{"title": "never ends',
        f"+++\na = {'[' * 5_000}{']' * 5_000}\n+++\nx",
        f"+++\na{'.a' * 100_000} = 1\n+++\nx",
        f"+++\na = {{ a{'.a' * 30} = 1 }}\n+++\nx",
        "+++\na = \n+++\nx",
        f"---\na: {'x' * MAX_BYTES}\n---\nx",
    ],
)
def test_front_matter_that_would_grow_is_refused_and_other_pages_are_read(
    tmp_path: Path, front: str
) -> None:
    items = read_site(tmp_path, {"a.md": front, "b.md": MARKDOWN})
    assert addresses(items).keys() == {"b.md"}
    assert items["a.md"].verdict == "refused"
    assert "front matter" in items["a.md"].reason


def test_values_are_the_text_that_was_written(tmp_path: Path) -> None:
    matter = "1: x\n2.5: y\ntags: [3.10, 2026-01-01, [a], {b: c}, {name: d}, yes, 'p, q']"
    for title in ("2026", "1.5", "1.10", "2015-03-04", "007", "Yes", "null and void", "12:30:45"):
        (item,) = read_site(tmp_path, {"a.md": page(f"{matter}\ntitle: {title}")}).values()
        article = article_of(item)
        assert article["title"] == title
        assert article["tags"] == ["3.10", "2026-01-01", "d", "yes", "p, q"]


@pytest.mark.parametrize(
    ("matter", "authors"),
    [
        ("author: Ann Writer", ["Ann Writer"]),
        ("author: Ann Writer, Bob", ["Ann Writer", "Bob"]),
        ("author: {name: Ann, url: https://a.example}", ["Ann"]),
        ("authors: [Ann, Bob]", ["Ann", "Bob"]),
        ("authors:\n- name: Ann\n  bio: x\n- name: Bob, Jr.", ["Ann", "Bob, Jr."]),
        ("author:\nauthors: Ann", ["Ann"]),
    ],
)
def test_authors_are_text_a_list_or_mappings(
    tmp_path: Path, matter: str, authors: list[str]
) -> None:
    (item,) = read_site(tmp_path, {"a.md": page(matter)}).values()
    assert article_of(item)["author"] == authors


@pytest.mark.parametrize(
    "matter",
    [
        "image: /i.png", "cover: /i.png", "thumbnail: /i.png", "heroImage: /i.png",
        "featured_image: /i.png", "ogImage: /i.png", "header: {image: /i.png}",
        "header: {teaser: /i.png}", "image: {path: /i.png, alt: x}", "image: {src: /i.png}",
        "image: {url: /i.png}", "cover: {image: /i.png}", "images: [/i.png, /j.png]",
        "images:\n- src: /i.png", "featured: true\nimage: /i.png",
        "cover: {relative: true, image: /i.png}",
    ],
)  # fmt: skip
def test_an_image_is_found_under_its_usual_names(tmp_path: Path, matter: str) -> None:
    (item,) = read_site(tmp_path, {"a.md": page(matter)}).values()
    assert article_of(item)["image"] == "https://news.example/i.png"


@pytest.mark.parametrize("value", [None, "", "true", [], {}, [[]], {"alt": "x"}, [None]])
def test_what_names_no_image_gives_none(value: Any) -> None:
    assert image_in({"image": value}) == ""


def test_the_first_name_that_has_texts_is_taken() -> None:
    assert texts_in({"a": [], "b": None, "c": "x, y"}, "a", "b", "c") == ["x", "y"]


def test_an_older_total_is_a_number(tmp_path: Path) -> None:
    for text, views in (("346", 346), ("many", None), ("9" * 5_000, None)):
        (item,) = read_site(tmp_path, {"a.md": page(f"views_before: {text}")}).values()
        assert article_of(item).get("views_before") == views
