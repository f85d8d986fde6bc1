"""What the template promises and no linter checks."""

from collections.abc import Iterator
from typing import Any

import pytest

from circulation.popularity import Window
from circulation.store.keys import SITE, ranking_partition
from cli.local_stack.template import Template


def statements(template: Template) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, function in template.functions().items():
        for policy in function.get("Policies", []):
            assert set(policy) == {"Statement"}, f"{name}: a managed or named policy"
            for statement in policy["Statement"]:
                yield name, statement


def table(template: Template, name: str) -> dict[str, Any]:
    return dict(template.document["Resources"][name])


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


def test_the_ledgers_stream_discards_and_reorders_nothing(template: Template) -> None:
    ((function, mapping),) = template.events("DynamoDB")
    assert function == "TallyViews"
    assert mapping["Stream"] == {"Fn::GetAtt": ["Ledger", "StreamArn"]}
    assert mapping["TumblingWindowInSeconds"] > 0
    assert mapping["ParallelizationFactor"] == 1
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["MaximumRetryAttempts"] == mapping["MaximumRecordAgeInSeconds"] == -1
    assert mapping["BisectBatchOnFunctionError"] is False
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["FilterCriteria"]["Filters"] == [
        {"Pattern": '{"eventName":["INSERT","MODIFY"]}'}
    ]


def test_every_handler_resolves(template: Template) -> None:
    assert {name for name in template.functions() if callable(template.function(name).handler)} == {
        "AuthorizePublisher",
        "PingHub",
        "PublishArticles",
        "RankPopular",
        "ReadArticles",
        "ReadStatistics",
        "RecordView",
        "RotateSalts",
        "SealArticles",
        "SealDay",
        "ServeFeeds",
        "ServeWidget",
        "SyncFeed",
        "TallyViews",
    }


def test_a_statement_allows_one_action_on_one_resource(template: Template) -> None:
    told = list(statements(template))
    assert len(told) > 10
    for name, statement in told:
        assert isinstance(statement["Action"], str), name
        assert isinstance(statement["Resource"], dict), name
        assert "*" not in statement["Action"], name
        assert "*" not in str(statement["Resource"]), name


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
        if statement["Resource"] == {"Fn::GetAtt": ["Library", "Arn"]}
        and statement["Action"] in ("dynamodb:PutItem", "dynamodb:DeleteItem")
    }
    assert writers == {"PublishArticles", "SyncFeed"}


def test_the_ranking_may_change_nothing_but_rankings_and_site_totals(template: Template) -> None:
    (update,) = (
        statement
        for name, statement in statements(template)
        if (name, statement["Action"]) == ("RankPopular", "dynamodb:UpdateItem")
    )
    assert update["Condition"] == {
        "ForAllValues:StringEquals": {
            "dynamodb:LeadingKeys": [*map(ranking_partition, Window), SITE]
        }
    }


def test_the_ranking_is_brought_up_to_date_every_five_minutes(template: Template) -> None:
    assert ("RankPopular", {"Schedule": "cron(0/5 * * * ? *)"}) in list(template.events("Schedule"))


def test_functions_run_traced_on_arm_with_python_3_13(template: Template) -> None:
    common = template.document["Globals"]["Function"]
    assert common["Runtime"] == "python3.13"
    assert common["Architectures"] == ["arm64"]
    assert common["Tracing"] == "Active"
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
    log = api["AccessLogSettings"]["Format"]
    assert "$context.routeKey" in log
    for secret in ("sourceIp", "userAgent", "$context.path", "authorizer"):
        assert secret not in log


def test_every_route_is_throttled_and_the_settings_name_real_routes(template: Template) -> None:
    (api,) = template.resources("AWS::Serverless::HttpApi").values()
    routes = {f"{route.method} {route.path}" for route in template.routes()}
    assert api["DefaultRouteSettings"]["ThrottlingRateLimit"] > 0
    assert set(api["RouteSettings"]) <= routes
    assert "POST /articles/{id}/views" in api["RouteSettings"]


def test_head_is_answered_wherever_get_is(template: Template) -> None:
    def paths(method: str) -> set[tuple[str, str]]:
        return {(each.path, each.function) for each in template.routes() if each.method == method}

    assert paths("GET") == paths("HEAD")


def test_only_a_publisher_changes_articles_and_reads_statistics(template: Template) -> None:
    guarded = {(each.method, each.path) for each in template.routes() if each.authorizer}
    assert guarded == {
        ("PUT", "/articles/{id}"),
        ("POST", "/articles/batch"),
        ("DELETE", "/articles/{id}"),
        ("GET", "/articles/{id}/statistics"),
        ("HEAD", "/articles/{id}/statistics"),
    }
    assert set(template.authorizers().values()) == {"AuthorizePublisher"}


def test_pages_of_the_allowed_origins_may_count_and_read(template: Template) -> None:
    (api,) = template.resources("AWS::Serverless::HttpApi").values()
    assert api["CorsConfiguration"]["AllowOrigins"] == {
        "Fn::Split": [",", {"Ref": "AllowedOrigins"}]
    }
    assert template.document["Parameters"]["AllowedOrigins"]["Default"] == "*"
    assert set(api["CorsConfiguration"]["AllowMethods"]) == {"GET", "HEAD", "POST"}


def test_concurrency_is_reserved_by_a_parameter(template: Template) -> None:
    told = template.functions()["RecordView"]["ReservedConcurrentExecutions"]
    assert told["Fn::If"][1] == {"Ref": "ViewConcurrency"}


def test_the_origin_secret_is_not_shown_and_is_unset_unless_told(template: Template) -> None:
    assert template.document["Parameters"]["OriginSecret"]["NoEcho"] is True
    assert template.environment({})["ORIGIN_SECRET"] == ""


def test_the_authorizer_speaks_as_api_gateway_is_told_it_does(template: Template) -> None:
    (api,) = template.resources("AWS::Serverless::HttpApi").values()
    (authorizer,) = api["Auth"]["Authorizers"].values()
    assert authorizer["EnableSimpleResponses"] is True
    assert authorizer["AuthorizerPayloadFormatVersion"] == "2.0"
    assert authorizer["EnableFunctionDefaultPermissions"] is True
    # Nothing is remembered, so that a token that was replaced is refused at once.
    assert authorizer["Identity"] == {"Headers": ["Authorization"], "ReauthorizeEvery": 0}
    assert template.functions()["AuthorizePublisher"]["Timeout"] < 10


def test_a_page_may_send_json_and_ask_whether_something_changed(template: Template) -> None:
    (api,) = template.resources("AWS::Serverless::HttpApi").values()
    assert set(api["CorsConfiguration"]["AllowHeaders"]) >= {"content-type", "if-none-match"}


def test_a_day_is_sealed_a_quarter_past_midnight_and_what_is_left_an_hour_later(
    template: Template,
) -> None:
    schedules = [
        event["Schedule"]
        for function, event in template.events("Schedule")
        if function == "SealDay"
    ]
    assert schedules == ["cron(15 0 * * ? *)", "cron(15 1 * * ? *)"]


@pytest.mark.parametrize(
    ("function", "alarm"), [("SealArticles", "DaysStayOpen"), ("PingHub", "HubIsNotTold")]
)
def test_what_a_queue_hands_over_is_tried_again_and_then_kept_with_an_alarm(
    template: Template, function: str, alarm: str
) -> None:
    mapping = dict(template.events("SQS"))[function]
    queue = template.resources("AWS::SQS::Queue")[mapping["Queue"]["Fn::GetAtt"][0]]
    assert queue["VisibilityTimeout"] >= 6 * template.functions()[function]["Timeout"]
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5
    dead = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
    assert template.resources("AWS::CloudWatch::Alarm")[alarm]["Dimensions"] == [
        {"Name": "QueueName", "Value": {"Fn::GetAtt": [dead, "QueueName"]}}
    ]


def test_the_hub_is_told_only_where_there_is_one(template: Template) -> None:
    mapping = dict(template.events("SQS"))["PingHub"]
    assert mapping["Enabled"] == {"Fn::If": ["TellsHub", True, False]}
    assert not template.functions()["PingHub"].get("Policies")


def test_every_alarm_tells_somebody_and_is_quiet_without_data(template: Template) -> None:
    alarms = template.resources("AWS::CloudWatch::Alarm")
    metrics = {name: (told["Namespace"], told["MetricName"]) for name, told in alarms.items()}
    assert metrics == {
        "TallyFallsBehind": ("AWS/Lambda", "IteratorAge"),
        "ViewsAreMalformed": ("Circulation", "LinesMalformed"),
        "ViewsAreRefused": ("AWS/Lambda", "Errors"),
        "SaltsAreKept": ("AWS/Lambda", "Errors"),
        "CountsDrift": ("Circulation", "TallyDrift"),
        "FeedIsNotTakenIn": ("AWS/Lambda", "Errors"),
        "HubIsNotTold": ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
        "DaysStayOpen": ("AWS/SQS", "ApproximateNumberOfMessagesVisible"),
        "DaysAreSealedLate": ("Circulation", "SealedAfterExpiry"),
    }
    for told in alarms.values():
        assert told["AlarmActions"]["Fn::If"][:2] == ["TellsOfAlarms", [{"Ref": "AlarmTopic"}]]
        assert told["TreatMissingData"] == "notBreaching"
        assert told["ComparisonOperator"] == "GreaterThanThreshold"
    assert alarms["TallyFallsBehind"]["Threshold"] <= 3_600_000  # ms; the stream keeps 24 hours


def test_every_function_is_packaged_as_it_is(template: Template) -> None:
    # sam build rewrites a path that stands on the function, and not one among the Globals.
    assert "CodeUri" not in template.document["Globals"]["Function"]
    for function in template.functions().values():
        assert function["CodeUri"] == "functions/"


def test_the_token_itself_is_nowhere(template: Template) -> None:
    assert template.document["Parameters"]["PublisherTokenSha256"]["NoEcho"] is True
    assert template.resources("AWS::SSM::Parameter")["PublisherToken"]["Value"] == {
        "Ref": "PublisherTokenSha256"
    }
