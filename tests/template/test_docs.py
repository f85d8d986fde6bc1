"""The documents say what the project does, all of it and nothing else."""

import re
from pathlib import Path

import pytest

from circulation.count import TOTAL
from circulation.listing import Kind, Listing
from circulation.popularity import Window
from circulation.store import keys
from cli.local_stack.template import TEMPLATE, Template
from contract.write import ANSWER, PAGE, answer, contract, page
from tests.builders import NOW

ROOT = TEMPLATE.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_api_md_has_the_routes_of_the_template(template: Template) -> None:
    told = re.findall(
        r"^### `([A-Z]+ \S+)`", (ROOT / "docs/api.md").read_text(), flags=re.MULTILINE
    )
    routes = {f"{each.method} {each.path}" for each in template.routes() if each.method != "HEAD"}
    assert sorted(told) == sorted(routes)


def test_the_contract_has_the_routes_of_the_template_and_who_may_call_them(
    template: Template,
) -> None:
    told = {
        (f"{method.upper()} {path}", "security" in operation)
        for path, operations in contract()["paths"].items()
        for method, operation in operations.items()
    }
    assert told == {
        (f"{each.method} {each.path}", bool(each.authorizer))
        for each in template.routes()
        if each.method != "HEAD"
    }


def test_the_contracts_page_and_answer_are_as_make_api_writes_them() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(contract()), "run make api"
    assert ANSWER.read_text(encoding="utf-8") == answer(contract()), "run make api"


def test_table_md_has_every_key_prefix() -> None:
    text = (ROOT / "docs/table.md").read_text()
    made = [
        keys.article_key("{id}")["pk"],
        keys.page_partition("{day}", "{bucket}"),
        keys.filtered_partition("{day}", "{bucket}"),
        keys.ledger_partition("{article}", "{day}", "{bucket}"),
        *(
            keys.listing_partition(Listing(kind, "" if kind is Kind.ALL else f"{{{kind}}}"))
            for kind in Kind
        ),
        keys.EDITIONS,
        keys.url_key("{canonical path}")["pk"],
        keys.sync_key("")["pk"],
        keys.TOKENS,
        keys.ranking_partition(Window("all")).replace("all", "{window}"),
        *keys.site_key(TOTAL).values(),
    ]
    for each in made:
        assert f"`{each}`" in text, each
    assert keys.place(NOW, "x") == "2026-03-14T15:09:26Z#x"
    assert "`{published}#{id}`" in text


def test_api_md_has_every_window() -> None:
    text = (ROOT / "docs/api.md").read_text()
    assert re.findall(
        r"^\| `(\w+)`(?: \(default\))? \| (?:the|lifetime)", text, flags=re.MULTILINE
    ) == (list(Window))
    (whole, section) = (keys.ranking_key(Window.DAY, each)["sk"] for each in (None, "{section}"))
    assert f"`{whole}` for the whole site, `{section}`" in (ROOT / "docs/table.md").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", document.read_text()):
        assert (document.parent / target).exists(), target


def test_the_readme_opens_with_the_two_commands() -> None:
    commands = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    assert "make run" in commands[0]
    assert "make test" in commands[0]
