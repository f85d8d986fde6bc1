"""The documents say what the project does, all of it and nothing else."""

import json
import re
from importlib import import_module
from pathlib import Path
from pkgutil import resolve_name

import pytest

from circulation.popularity.keys import ranking_key
from circulation.popularity.windows import Window
from circulation_cli.local_stack.template import TEMPLATE, Template
from contract.write import ANSWER, PAGE, answer, contract, page
from tests.template import parameters

ROOT = TEMPLATE.parent
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
INDEX = ROOT / "docs/README.md"
FIGURES: tuple[str, ...] = (
    "/statistics/site",
    "/statistics/sections",
    "/statistics/authors",
    "/statistics/tags",
    "/statistics/articles/",
    "/statistics/top",
    "/statistics/live",
)
"""Routes that take a token or a share link: their function lets in, not an authorizer."""
UNITS = {"KiB": 1024, "MiB": 1024**2}


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
        (f"{each.method} {each.path}", bool(each.authorizer) or each.path.startswith(FIGURES))
        for each in template.routes()
        if each.method != "HEAD"
    }


def test_the_contracts_page_and_answer_are_as_make_api_writes_them() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(contract()), "run make api"
    assert ANSWER.read_text(encoding="utf-8") == answer(contract()), "run make api"


def test_api_md_has_every_window() -> None:
    text = (ROOT / "docs/api.md").read_text()
    assert re.findall(
        r"^\| `(\w+)`(?: \(default\))? \| (?:the|lifetime)", text, flags=re.MULTILINE
    ) == (list(Window))
    (whole, section) = (ranking_key(Window.DAY, each)["sk"] for each in (None, "{section}"))
    assert f"`{whole}` for the whole site, `{section}`" in (ROOT / "docs/table.md").read_text()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", document.read_text())  # a pattern in it may look like a link
    for target in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text):
        assert (document.parent / target).exists(), target


def test_a_proxy_that_sends_the_secret_takes_nothing_else_over_from_a_reader() -> None:
    text = (ROOT / "docs/first-party.md").read_text()
    snippets = re.findall(r"^```\w+\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    proxies = [snippet for snippet in snippets if "X-Origin-Secret" in snippet]
    assert len(proxies) == 3
    for proxy in proxies:
        changed = re.findall(r"(?:_header |(?:set|delete)\(\")([\w-]+)", proxy)
        assert {name.lower() for name in changed} == {
            *("x-origin-secret", "cloudfront-viewer-address", "cloudfront-viewer-country"),
            *("cookie", "authorization"),
        }


def test_the_policy_of_a_path_has_as_many_headers_as_cloudfront_takes() -> None:
    text = (ROOT / "docs/first-party.md").read_text()
    (policy,) = re.findall(r"--origin-request-policy-config '(.*?)'", text, flags=re.DOTALL)
    headers = json.loads(policy)["HeadersConfig"]["Headers"]
    assert headers["Quantity"] == len(set(headers["Items"])) <= 10
    assert "Host" not in headers["Items"]


def test_the_readme_opens_with_the_two_commands() -> None:
    commands = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    assert "make run" in commands[0]
    assert "make test" in commands[0]


def test_the_index_names_every_page() -> None:
    linked = set(re.findall(r"\]\(([^)#]+\.md)\)", INDEX.read_text()))
    pages = {str(path.relative_to(INDEX.parent)) for path in INDEX.parent.rglob("*.md")}
    assert pages - {INDEX.name} <= linked


@pytest.mark.parametrize(
    "decision", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda path: path.stem
)
def test_a_decision_has_a_number_a_date_and_a_status(decision: Path) -> None:
    title, _, status = decision.read_text().split("\n")[:3]
    assert title.startswith(f"# {int(decision.name[:4])}. ")
    assert re.match(r"\d{4}-\d{2}-\d{2}, (accepted|superseded)", status)


def test_the_page_of_parameters_is_that_of_the_template() -> None:
    written = parameters.page(Template.load({}))
    command = "run python -m tests.template.parameters"
    assert parameters.PAGE.read_text(encoding="utf-8") == written, command


LIMITS = re.findall(
    r"^\| [^|]+ \| ([\d,]+) ?(\w*)[^|]*\| `([\w.]+)` \|$",
    (ROOT / "docs/limits.md").read_text(),
    flags=re.MULTILINE,
)


@pytest.mark.parametrize(("number", "unit", "constant"), LIMITS, ids=lambda value: value)
def test_a_limit_is_its_constant(number: str, unit: str, constant: str) -> None:
    module, _, name = constant.rpartition(".")
    value = getattr(import_module(f"circulation.{module}"), name)
    assert value == int(number.replace(",", "")) * UNITS.get(unit, 1)


GLOSSARY = re.findall(
    r"^\|.*\| `([\w.]+)` \|$", (ROOT / "docs/glossary.md").read_text(), flags=re.MULTILINE
)


@pytest.mark.parametrize("name", GLOSSARY)
def test_the_glossary_names_what_the_code_has(name: str) -> None:
    resolve_name(name if name.startswith("circulation_cli.") else f"circulation.{name}")


def test_pre_commit_runs_the_versions_that_make_lint_runs() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    revisions = re.findall(r"repo: \S+/(\w+)(?:-pre-commit)?\n    rev: v(\S+)", hooks)
    assert len(revisions) == hooks.count("repo:")
    pins = (ROOT / "locks/test.txt").read_text().splitlines()
    for tool, version in revisions:
        assert f"{tool}=={version} \\" in pins
