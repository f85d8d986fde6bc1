"""docs/retention.md has everything that is stored, and the times that the template sets."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from circulation.counting.ledger import KEEP
from circulation.views.visitor import salt_life
from circulation_cli.local_stack.template import Template

PAGE = Path("docs/retention.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]
KINDS = {
    "AWS::DynamoDB::Table": "table",
    "AWS::SQS::Queue": "queue",
    "AWS::Logs::LogGroup": "log",
    "AWS::Serverless::LayerVersion": "layer",
}
DAY = 86_400


def row(name: str) -> str:
    (found,) = (row for row in ROWS if row.split(" | ")[1] == name)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_everything_that_stores_is_in_it_and_nothing_else(template: Template, kind: str) -> None:
    named = re.findall(rf"\| {KINDS[kind]} `(\w+)` \|", PAGE)
    assert set(named) == set(template.resources(kind))


def test_no_other_kind_of_resource_stores_anything(template: Template) -> None:
    kinds = {resource["Type"] for resource in template.document["Resources"].values()}
    assert kinds - set(KINDS) <= {
        "AWS::Serverless::HttpApi",
        "AWS::Serverless::Function",
        "AWS::CloudWatch::Alarm",
        "AWS::Lambda::Permission",
        "AWS::Lambda::Url",
        "AWS::SES::ConfigurationSet",
        "AWS::SES::ConfigurationSetEventDestination",
        "AWS::SNS::Subscription",
        "AWS::SNS::Topic",  # to a queue, which stores what it is told
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SSM::Parameter",
    }


def test_every_key_of_the_tables_is_in_it() -> None:
    prefixes = [
        prefix
        for line in Path("docs/table.md").read_text().splitlines()
        if re.match(r"\| `[A-Z{]", line)
        for prefix in re.findall(r"`([^`]+)`", line.split(" | ")[0])
        if prefix != "{day}"  # the salts', which a table of its own holds
    ]
    assert len(prefixes) > 8
    for prefix in prefixes:
        assert f"`{prefix}`" in PAGE, prefix


def test_queues_keep_what_is_said(template: Template) -> None:
    for name, queue in template.resources("AWS::SQS::Queue").items():
        days, rest = divmod(queue["MessageRetentionPeriod"], DAY)
        assert rest == 0
        assert re.search(rf"\| {days} days?[ ,|]", row(f"queue `{name}`")), name


def test_the_ledger_and_the_salts_keep_what_is_said() -> None:
    assert f"until {KEEP.days} days after the start" in row("table `Ledger`")
    assert salt_life(timedelta(0)) == timedelta(minutes=10)
    assert salt_life(timedelta(minutes=30)) == timedelta(minutes=30)
    kept = "the repeat window, or ten minutes where that is longer, after their UTC day"
    assert kept in row("table `Salts`")


def test_logs_keep_what_is_said(template: Template) -> None:
    default = template.parameters["LogRetentionDays"]
    for name in template.resources("AWS::Logs::LogGroup"):
        assert f"`LogRetentionDays` ({default})" in row(f"log `{name}`")
    assert f"for ⟨{default}⟩ days" in Path("docs/privacy.md").read_text()


def test_the_privacy_text_says_the_default_of_the_opt_outs(template: Template) -> None:
    default = template.parameters["OptOuts"]
    assert f"`OptOuts` is `{default}`" in Path("docs/privacy.md").read_text()
