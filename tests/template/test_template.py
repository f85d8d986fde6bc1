"""What the template promises and no linter checks."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from circulation_cli.local_stack.template import Template
from functions.seal_articles import RESERVE_MS


def statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, function in template.functions().items():
        for policy in function.get("Policies", []):
            assert set(policy) == {"Statement"}, f"{name}: a managed or named policy"
            for statement in policy["Statement"]:
                yield name, statement


def table(template: Template, name: str) -> dict[str, Any]:
    return dict(template.document["Resources"][name])


def with_hub(template: Template) -> Template:
    """Give the template of a stack that notifies a WebSub hub."""
    parameters = {**template.parameters, "WebSubHub": "https://hub.example/"}
    return Template(template.document, parameters)


def test_the_library_cannot_be_lost(template: Template) -> None:
    library = table(template, "Library")
    assert library["DeletionPolicy"] == library["UpdateReplacePolicy"] == "Retain"
    assert library["Properties"]["DeletionProtectionEnabled"] is True
    recovery = library["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery["PointInTimeRecoveryEnabled"] is True


@pytest.mark.parametrize("name", ["Salts", "Ledger"])
def test_salts_and_ledger_leave_no_copy_behind(template: Template, name: str) -> None:
    told = table(template, name)
    assert "PointInTimeRecoverySpecification" not in told["Properties"]
    assert told["DeletionPolicy"] == "Delete"


def test_salts_are_on_no_stream(template: Template) -> None:
    assert "StreamSpecification" not in table(template, "Salts")["Properties"]


def test_the_ledger_expires_and_streams_new_images(template: Template) -> None:
    ledger = table(template, "Ledger")["Properties"]
    assert ledger["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert ledger["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


def test_every_handler_resolves(template: Template) -> None:
    assert {name for name in template.functions() if callable(template.function(name).handler)} == {
        "AuthorizePublisher",
        "BeginDigest",
        "PingHub",
        "PublishArticles",
        "RankPopular",
        "ReadArticles",
        "ReadStatistics",
        "RecordMailEvents",
        "RecordView",
        "RotateSalts",
        "SealArticles",
        "SealDay",
        "SendDigest",
        "SendLetter",
        "SendReports",
        "ServeDigests",
        "ServeFeeds",
        "ServeRecommendations",
        "ServeSubscriptions",
        "ServeWidget",
        "SyncFeed",
        "TallyViews",
    }


def actions(statement: dict[str, Any]) -> list[str]:
    action = statement["Action"]
    return [action] if isinstance(action, str) else list(action)


def test_a_statement_allows_named_actions_on_one_resource(template: Template) -> None:
    found = list(statements(template))
    assert len(found) > 10
    for name, statement in found:
        assert isinstance(statement["Resource"], dict), name
        assert "*" not in str(statement["Resource"]), name
        assert "*" not in "".join(actions(statement)), name


def test_the_actions_of_one_resource_and_condition_stand_in_one_statement(
    template: Template,
) -> None:
    scopes = [
        (name, str(statement["Resource"]), str(statement.get("Condition")))
        for name, statement in statements(template)
    ]
    assert len(scopes) == len(set(scopes))


def test_each_function_has_a_role_of_its_own(template: Template) -> None:
    # SAM makes one for every function that names none.
    for name, function in template.functions().items():
        assert "Role" not in function, name
    assert "Role" not in template.document["Globals"]["Function"]
    assert not template.resources("AWS::IAM::Role")


def test_only_what_publishes_may_put_or_delete_in_the_library(template: Template) -> None:
    writers = {
        name
        for name, statement in statements(template)
        if "Library" in str(statement["Resource"])
        and {"dynamodb:PutItem", "dynamodb:DeleteItem"} & set(actions(statement))
    }
    assert writers == {"PublishArticles", "SyncFeed"}


def test_the_ranking_is_brought_up_to_date_every_five_minutes(template: Template) -> None:
    assert ("RankPopular", {"Schedule": "cron(0/5 * * * ? *)"}) in list(template.events("Schedule"))


def test_functions_run_on_arm_with_python_3_13(template: Template) -> None:
    common = template.document["Globals"]["Function"]
    assert common["Runtime"] == "python3.13"
    assert common["Architectures"] == ["arm64"]
    assert common["Tracing"] == {"Ref": "Tracing"}
    assert common["LoggingConfig"]["SystemLogLevel"] == "WARN"
    for function in template.functions().values():
        assert not {"Runtime", "Architectures", "Tracing", "LoggingConfig"} & set(function)


def test_logs_are_not_kept_for_ever(template: Template) -> None:
    groups = template.resources("AWS::Logs::LogGroup")
    assert set(groups) == {"ApiLogs", "FunctionLogs"}
    for group in groups.values():
        assert group["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_the_access_log_names_no_reader(template: Template) -> None:
    (api,) = template.resources("AWS::Serverless::HttpApi").values()
    log = api["AccessLogSettings"]["Fn::If"][1]["Format"]
    assert "$context.routeKey" in log
    for secret in ("sourceIp", "userAgent", "$context.path", "authorizer"):
        assert secret not in log


def test_concurrency_is_reserved_by_a_parameter(template: Template) -> None:
    told = template.functions()["RecordView"]["ReservedConcurrentExecutions"]
    assert told["Fn::If"][1] == {"Ref": "ViewConcurrency"}


def test_the_origin_secret_is_not_shown_and_is_unset_unless_told(template: Template) -> None:
    assert template.document["Parameters"]["OriginSecret"]["NoEcho"] is True
    assert template.environment_of("RecordView", {})["ORIGIN_SECRET"] == ""


def test_the_authorizer_answers_before_api_gateway_stops_waiting(template: Template) -> None:
    assert set(template.authorizers().values()) == {"AuthorizePublisher"}
    assert template.functions()["AuthorizePublisher"]["Timeout"] < 10


def test_a_day_is_sealed_a_quarter_past_midnight_and_what_was_lost_an_hour_later(
    template: Template,
) -> None:
    schedules = [
        event["Schedule"]
        for function, event in template.events("Schedule")
        if function == "SealDay"
    ]
    assert schedules == ["cron(15 0 * * ? *)", "cron(15 1 * * ? *)"]


@pytest.mark.parametrize("function", ["SealArticles", "PingHub"])
def test_what_a_queue_hands_over_is_tried_again_and_then_kept(
    template: Template, function: str
) -> None:
    mapping = dict(with_hub(template).events("SQS"))[function]
    queue = template.resources("AWS::SQS::Queue")[mapping["Queue"]["Fn::GetAtt"][0]]
    assert queue["VisibilityTimeout"] >= 6 * template.functions()[function]["Timeout"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    dead = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    kept = template.resources("AWS::SQS::Queue")[dead]["MessageRetentionPeriod"]
    assert kept == 1_209_600  # as long as SQS keeps anything


def test_a_job_of_sealing_has_most_of_its_time_before_it_leaves_the_rest(
    template: Template,
) -> None:
    """Each delivery gets on, however large an article is, and ends before it is delivered anew."""
    seconds = template.function("SealArticles").timeout
    assert seconds / 4 > RESERVE_MS / 1000


def test_only_what_is_of_no_use_after_a_while_expires_in_the_library(template: Template) -> None:
    library = template.resources("AWS::DynamoDB::Table")["Library"]
    attribute = library["TimeToLiveSpecification"]["AttributeName"]
    rows = (Path("docs/table.md").read_text().partition("## Library")[2]).partition("\n## ")[0]
    with_it = [row for row in rows.splitlines() if row.startswith("|") and f"`{attribute}`" in row]
    assert {row.split("`")[1] for row in with_it} == {
        "LIVE#{hour}",
        "READERS",
        "RECOUNT#{day}#{bucket}",
        "REPORT",
        "SHARE",
    }


def test_the_hub_is_told_only_where_there_is_one(template: Template) -> None:
    assert "PingHub" not in dict(template.active_events("SQS"))
    mapping = dict(template.events("SQS"))["PingHub"]
    assert mapping["Enabled"] == {"Fn::If": ["TellsHub", True, False]}
    assert not template.functions()["PingHub"].get("Policies")


def test_every_function_is_packaged_as_it_is(template: Template) -> None:
    # sam build rewrites a path that stands on the function, and not one among the Globals.
    assert "CodeUri" not in template.document["Globals"]["Function"]
    for function in template.functions().values():
        assert function["CodeUri"] == "functions/"


def test_no_property_holds_a_token_or_what_is_kept_of_one(template: Template) -> None:
    # CloudFormation writes a resource's whole state anew whenever any of it is updated: it would
    # bring back tokens that were revoked, and drop those that were made since.
    assert not [name for name in template.document["Parameters"] if "token" in name.lower()]
    assert not {kind for kind in resource_types(template) if kind.startswith("AWS::SSM::")}
    text = str(template.document["Resources"]) + str(template.document["Globals"])
    assert not re.findall(r"[0-9a-f]{64}|sha-?256", text, flags=re.IGNORECASE)


def test_the_console_shows_every_parameter_in_one_group_and_with_a_label(
    template: Template,
) -> None:
    interface = template.document["Metadata"]["AWS::CloudFormation::Interface"]
    grouped = [name for group in interface["ParameterGroups"] for name in group["Parameters"]]
    assert sorted(grouped) == sorted(template.document["Parameters"])
    labels = interface["ParameterLabels"]
    assert list(labels) == grouped
    texts = [label["default"] for label in labels.values()]
    texts += [group["Label"]["default"] for group in interface["ParameterGroups"]]
    assert all(texts)
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("kind", ["Parameters", "Outputs"])
def test_every_parameter_and_output_is_described(template: Template, kind: str) -> None:
    for name, described in template.document[kind].items():
        assert 0 < len(described["Description"]) <= 1024, name  # CloudFormation takes 4,000


def test_queues_of_dead_letters_are_named_for_the_queue_that_they_follow(
    template: Template,
) -> None:
    queues = template.resources("AWS::SQS::Queue")
    for name, queue in queues.items():
        if "RedrivePolicy" in queue:
            dead = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
            assert dead == name.replace("Queue", "DeadLetterQueue")


def resource_types(template: Template) -> set[str]:
    return {resource["Type"] for resource in template.document["Resources"].values()}
