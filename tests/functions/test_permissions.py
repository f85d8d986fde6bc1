"""What a function may do and know is what it does and reads: template.yaml beside a journey."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from circulation.settings import Settings
from circulation_cli.local_stack.template import TEMPLATE, Template
from tests.functions.journey import Call, Journey, journey
from tests.keys import made_keys

__all__ = ["journey"]

# Of recommendations, which the template does not have yet.

PREFIXES = {
    re.sub(r"#.*", "#*", key.partition)
    for key in made_keys()
    if not key.partition.startswith("{")  # of the ledger and the salts
}
"""What the keys of the library's table begin with, as IAM's patterns."""


@dataclass(frozen=True)
class Statement:
    """What a statement of a function's policy allows of one action."""

    function: str
    action: str
    resource: str
    patterns: tuple[str, ...]
    """Of the partition keys that may be touched; none where all may."""
    demands_key: bool
    """Whether a request without partition keys is refused."""

    def is_about(self, call: Call) -> bool:
        return (self.function, self.action, self.resource) == (
            call.function,
            call.action,
            call.resource,
        )

    def allows(self, call: Call) -> bool:
        """Judge as IAM does: each of the request's keys has to match one of the patterns."""
        matched = all(any(matches(each, key) for each in self.patterns) for key in call.keys)
        return self.is_about(call) and (matched or not self.patterns)


def matches(pattern: str, key: str) -> bool:
    """Tell whether a key is as StringLike wants it (IAM User Guide: string condition operators)."""
    parts = {"*": ".*", "?": "."}
    regex = "".join(parts.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(regex, key, flags=re.DOTALL) is not None


def statements(template: Template) -> Iterator[Statement]:
    for name, function in template.functions().items():
        for policy in function.get("Policies", []):
            for statement in policy["Statement"]:
                assert set(statement) <= {"Effect", "Action", "Resource", "Condition"}
                condition = dict(statement.get("Condition", {}))
                like = condition.pop("ForAllValues:StringLike", {})
                null = condition.pop("Null", {})
                assert not condition, "another condition, which nothing here judges by"
                assert set(like) | set(null) <= {"dynamodb:LeadingKeys"}
                assert set(null.values()) <= {"false"}
                resource = _resource(statement["Resource"])
                patterns = tuple(like.get("dynamodb:LeadingKeys", ()))
                actions = statement["Action"]
                for action in [actions] if isinstance(actions, str) else actions:
                    yield Statement(name, action, resource, patterns, bool(null))


def _resource(reference: Mapping[str, Any]) -> str:
    """Read the resource's name out of GetAtt, of the first where there is a choice."""
    if "Fn::Sub" in reference:  # of SES
        return "identity" if "identity" in str(reference) else "configuration-set"
    if "Fn::If" in reference:
        return _resource(reference["Fn::If"][1])
    resource, attribute = reference["Fn::GetAtt"]
    assert attribute == "Arn"
    return str(resource)


def by_function(journey: Journey) -> list[Call]:
    return [call for call in journey.calls if call.function in journey.template.functions()]


def test_the_journey_leads_everywhere(journey: Journey) -> None:
    routes = {f"{route.method} {route.path}" for route in journey.template.routes()}
    assert journey.routes == routes
    called = {call.function for call in by_function(journey)}
    assert called == journey.template.functions().keys() - {"PingHub"}
    assert journey.told == [["https://api.example/feed.rss"]]


def test_every_call_is_allowed(journey: Journey) -> None:
    allowed = list(statements(journey.template))
    for call in by_function(journey):
        assert any(statement.allows(call) for statement in allowed), call


def test_every_statement_and_every_prefix_is_needed(journey: Journey) -> None:
    for statement in statements(journey.template):
        calls = [call for call in by_function(journey) if statement.is_about(call)]
        assert calls, statement
        for pattern in statement.patterns:
            touched = [call for call in calls if any(matches(pattern, key) for key in call.keys)]
            assert touched, (statement, pattern)


def test_an_action_is_allowed_by_one_statement(journey: Journey) -> None:
    # Two would allow the keys of either to each other's requests, and hide what is not needed.
    told = [(each.function, each.action, each.resource) for each in statements(journey.template)]
    assert len(told) == len(set(told))


def test_of_the_library_every_statement_names_the_prefixes_that_it_is_for(
    journey: Journey,
) -> None:
    for statement in statements(journey.template):
        if statement.resource == "Library":
            assert statement.patterns, statement
            assert set(statement.patterns) <= PREFIXES, statement


def test_a_request_without_keys_is_refused_but_in_transactions(journey: Journey) -> None:
    """ForAllValues is true of a request that has no such key at all, unless Null demands one.

    Whether a transaction's actions have it no document of AWS says, so these do without the demand.
    """
    in_transactions = {
        (call.function, call.action) for call in by_function(journey) if call.in_transaction
    }
    assert len(in_transactions) == 11
    for statement in statements(journey.template):
        if statement.patterns:
            doubtful = (statement.function, statement.action) in in_transactions
            assert statement.demands_key is not doubtful, statement


@pytest.mark.parametrize(
    ("prefix", "writers"),
    [
        ("TOKEN", set()),
        ("EDITION", {"PublishArticles", "SyncFeed"}),
        ("LIST#*", {"PublishArticles", "SyncFeed"}),
        ("URL#*", {"PublishArticles", "SyncFeed"}),
        ("POPULAR#*", {"RankPopular"}),
        ("LIVE#*", {"TallyViews"}),
        ("READERS", {"ServeFeeds"}),
        ("SITE", {"RankPopular"}),
        ("TOP", {"RankPopular"}),
        ("FILTERED#*", {"RecordView"}),
        ("SYNC", {"RecordView", "SyncFeed"}),
        ("ID#*", {"PublishArticles", "SyncFeed"}),
    ],
)
def test_who_may_write(template: Template, prefix: str, writers: set[str]) -> None:
    writes = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    told = {
        each.function
        for each in statements(template)
        if each.action in writes and prefix in each.patterns
    }
    assert told == writers


@pytest.mark.parametrize(
    ("prefix", "functions"),
    [("TOKEN", {"AuthorizePublisher", "ReadStatistics"}), ("SHARE", {"ReadStatistics"})],
)
def test_hashes_of_secrets_are_known_to_those_that_let_in(
    template: Template, prefix: str, functions: set[str]
) -> None:
    named = [each for each in statements(template) if prefix in each.patterns]
    assert {each.function for each in named} == functions
    assert {each.action for each in named} == {"dynamodb:Query"}


def test_no_function_may_delete_an_article_or_a_counter(template: Template) -> None:
    for statement in statements(template):
        if statement.action == "dynamodb:DeleteItem" and statement.resource == "Library":
            assert statement.patterns == ("LIST#*",)


@pytest.mark.parametrize(
    ("pattern", "key", "expected"),
    [
        ("ARTICLE#*", "ARTICLE#a", True),
        ("ARTICLE#*", "ARTICLE#", True),
        ("ARTICLE#*", "ARTICLE", False),
        ("ARTICLE#*", "XARTICLE#a", False),
        ("URL#*", "URL#a*\n?", True),
        ("SITE", "SITE", True),
        ("SITE", "SITE#2", False),
        ("S.TE", "SITE", False),
        ("S?TE", "SITE", True),
    ],
)
def test_patterns_match_as_iam_has_them(pattern: str, key: str, expected: bool) -> None:
    assert matches(pattern, key) is expected


def test_table_md_says_which_function_may_touch_what(template: Template) -> None:
    columns = {"Get": 0, "BatchGet": 0, "Query": 0, "Put": 1, "Update": 1, "Delete": 2}
    rows: dict[str, list[set[str]]] = {}
    for statement in statements(template):
        if statement.patterns:
            row = rows.setdefault(statement.function, [set(), set(), set()])
            action = statement.action.removeprefix("dynamodb:").removesuffix("Item")
            row[columns[action]].update(statement.patterns)
    section = (TEMPLATE.parent / "docs/table.md").read_text().partition("### Who may touch what")[2]
    written = re.findall(r"^\| ([A-Z]\w+) \|(.*)\|(.*)\|(.*)\|$", section, flags=re.MULTILINE)
    assert {function: [set(re.findall("`(.+?)`", cell)) for cell in cells]
            for function, *cells in written} == rows  # fmt: skip


OF_NO_SETTING = {"PYTHONTZPATH", "STACK_NAME"}
"""Variables that zoneinfo and the metrics read themselves."""


def test_each_function_has_the_variables_that_it_reads_and_no_others(journey: Journey) -> None:
    common = journey.template.document["Globals"]["Function"]["Environment"]["Variables"]
    assert set(common) == {"DIRECT_ENDPOINT"} | OF_NO_SETTING, (
        "what only some of them read stands beside those"
    )
    for function in journey.template.functions():
        given = journey.template.environment_of(function, {}).keys() - OF_NO_SETTING
        assert given == journey.read.get(function, set()), function


def test_every_setting_is_read_by_a_function(journey: Journey) -> None:
    read = set().union(*journey.read.values())
    assert read == journey.template.environment({}).keys() - OF_NO_SETTING
    settings = Settings(journey.template.environment({}))
    for name in vars(Settings):
        if not name.startswith("_"):
            getattr(settings, name)


def test_the_secret_of_the_origin_is_told_to_who_compares_it(template: Template) -> None:
    told = {
        name for name in template.functions() if "ORIGIN_SECRET" in str(template.functions()[name])
    }
    assert told == {"RecordView", "ServeRecommendations", "ServeSubscriptions"}
