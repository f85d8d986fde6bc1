"""What the template becomes on its way to CloudFormation, which no linter sees."""

import inspect
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from boto3.session import Session
from hypothesis import given
from hypothesis import strategies as st
from samtranslator import __version__

from circulation.settings import Settings
from circulation.views.own_networks import read_networks
from circulation.web.handler import http_handler
from circulation_cli.local_stack.template import TEMPLATE, Template
from tests.template.conftest import Transform
from tests.template.deployment import Deployment, intrinsics

ROUTE_QUOTA = 300  # Quotas for configuring and running an HTTP API
RESOURCE_QUOTA = 500  # CloudFormation quotas
TEMPLATE_QUOTA = 1_000_000
POLICY_QUOTA = 20_480  # Lambda quotas: function resource-based policy
SMALLEST_RATE, SMALLEST_BURST = 2_500, 1_250  # of new accounts' regions (API Gateway quotas)


@pytest.fixture(scope="session")
def deployment(template: Template, transformed: Mapping[str, Any]) -> Deployment:
    return Deployment(transformed, template.parameters)


@pytest.fixture(scope="session")
def widest(deployment: Deployment) -> Deployment:
    """The deployment with the longest names: of its stack, its region and their partition."""
    session = Session()
    partitions = session.get_available_partitions()
    regions = {
        region: partition
        for partition in partitions
        for region in session.get_available_regions("lambda", partition_name=partition)
    }
    return replace(
        deployment,
        region=max(regions, key=len),
        partition=max(partitions, key=len),
        stack="s" * 128,  # Stack names: at most 128 characters
    )


def body(deployment: Deployment) -> dict[str, Any]:
    return dict(deployment.resource("AWS::ApiGatewayV2::Api")["Body"])


def operations(deployment: Deployment) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give every route of the API that is deployed: method, path, and what is done there."""
    for path, item in body(deployment)["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


def invoked(deployment: Deployment, operation: Mapping[str, Any]) -> str:
    """Name the function that an operation invokes."""
    uri = operation["x-amazon-apigateway-integration"]["uri"]
    prefix, _, rest = uri.partition(":lambda:path/2015-03-31/functions/")
    assert prefix == f"arn:{deployment.partition}:apigateway:{deployment.region}"
    arn = rest.removesuffix("/invocations")
    (name,) = (
        name
        for name in deployment.resources("AWS::Lambda::Function")
        if deployment.resolve({"Fn::GetAtt": [name, "Arn"]}) == arn
    )
    return name


def permissions(deployment: Deployment) -> dict[str, list[dict[str, Any]]]:
    """Give who may invoke each function, by its name in the template."""
    names = {
        deployment.resolve(reference): name
        for name in deployment.resources("AWS::Lambda::Function")
        for reference in ({"Ref": name}, {"Fn::GetAtt": [name, "Arn"]})
    }
    found = defaultdict(list)
    for permission in deployment.resources("AWS::Lambda::Permission").values():
        found[names[permission["FunctionName"]]].append(permission)
    return dict(found)


def handled(template: Template) -> Iterator[tuple[str, str]]:
    """Give every route that a function has a handler for, with the function's name."""
    made_by = http_handler("Any", {}).__code__
    for name in template.functions():
        handler = template.function(name).handler
        if getattr(handler, "__code__", None) is made_by:
            for route in inspect.getclosurevars(handler).nonlocals["routes"]:
                yield route, name


def test_the_translator_is_the_one_that_the_sam_cli_uses() -> None:
    pins = (TEMPLATE.parent / "locks" / "sam.txt").read_text().split()
    assert f"aws-sam-translator=={__version__}" in pins


@pytest.mark.parametrize(
    "origins", ["*", "https://a.example", "https://a.example,https://b.example:8443"]
)
def test_the_whole_of_cors_reaches_api_gateway(
    template: Template, transform: Transform, origins: str
) -> None:
    parameters = {**template.parameters, "AllowedOrigins": origins}
    deployed = Deployment(transform(AllowedOrigins=origins), parameters)
    # An object of these members (x-amazon-apigateway-cors object, API Gateway developer guide).
    cors = body(deployed)["x-amazon-apigateway-cors"]
    assert cors["allowOrigins"] == origins.split(",")
    assert set(cors["allowMethods"]) == {"GET", "HEAD", "POST"}
    assert {"content-type", "if-none-match"} <= set(cors["allowHeaders"])
    assert {"etag", "link", "retry-after"} <= set(cors["exposeHeaders"])
    assert isinstance(cors["maxAge"], int)
    assert len(cors) == 5
    # What the functions and the local gateway take them to be is the same.
    local = replace(template, parameters=parameters)
    assert local.cors().origins == Settings(local.environment({})).allowed_origins
    assert local.cors().origins == set(cors["allowOrigins"])


def test_the_api_has_the_routes_that_functions_handle_and_no_others(
    template: Template, deployment: Deployment
) -> None:
    deployed = {
        (f"{method} {path}", invoked(deployment, operation))
        for method, path, operation in operations(deployment)
        if method != "HEAD"
    }
    assert deployed == set(handled(template))
    assert len(deployed) == len({route for route, _ in deployed}) > 40


def test_head_is_answered_wherever_get_is(deployment: Deployment) -> None:
    functions: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for method, path, operation in operations(deployment):
        functions[method].add((path, invoked(deployment, operation)))
    assert functions["HEAD"] == functions["GET"]


def test_the_local_stack_has_the_routes_of_the_api(
    template: Template, deployment: Deployment
) -> None:
    assert {(route.method, route.path, route.function) for route in template.routes()} == {
        (method, path, invoked(deployment, operation))
        for method, path, operation in operations(deployment)
    }


def test_every_integration_is_a_proxy_in_payload_2_0(deployment: Deployment) -> None:
    for method, path, operation in operations(deployment):
        integration = operation["x-amazon-apigateway-integration"]
        assert integration["type"] == "aws_proxy", (method, path)
        assert integration["httpMethod"] == "POST", (method, path)
        assert integration["payloadFormatVersion"] == "2.0", (method, path)


def test_the_import_of_the_routes_warns_of_nothing(deployment: Deployment) -> None:
    """A warning fails the deployment, so that no route is left out of one silently.

    OpenAPI 3.0.1 wants of an operation its responses, and of a path each of its parameters.
    """
    assert deployment.resource("AWS::ApiGatewayV2::Api")["FailOnWarnings"] is True
    document = body(deployment)
    assert document["openapi"].startswith("3.0.")
    assert {"title", "version"} <= set(document["info"])
    assert all("url" in server for server in document["servers"])
    for path, item in document["paths"].items():
        declared = [each["name"] for each in item.get("parameters", [])]
        assert declared == re.findall(r"\{([^}]+)\}", path)
        for each in item.get("parameters", []):
            assert (each["in"], each["required"]) == ("path", True)
            assert each["schema"] == {"type": "string"}
    assert all("responses" in operation for _, _, operation in operations(deployment))


def test_every_function_of_a_route_may_be_invoked_by_this_api_alone(
    deployment: Deployment,
) -> None:
    api = deployment.resolve({"Ref": "Api"})
    arn = f"arn:aws:execute-api:{deployment.region}:{deployment.account}:{api}/"
    by_api = {
        name: [
            permission["SourceArn"]
            for permission in found
            if permission["Principal"] == "apigateway.amazonaws.com"
        ]
        for name, found in permissions(deployment).items()
    }
    authorizer = "AuthorizePublisher"
    routed = {invoked(deployment, operation) for _, _, operation in operations(deployment)}
    assert {name for name, sources in by_api.items() if sources} == routed | {authorizer}
    for name in routed:
        assert by_api[name] == [f"{arn}*/*"], name
    assert by_api[authorizer] == [f"{arn}authorizers/*"]
    for found in permissions(deployment).values():
        for permission in found:
            assert permission["Action"] == "lambda:InvokeFunction"
            assert permission["SourceArn"].count("*") <= 2


def test_no_resource_policy_is_near_lambdas_limit(widest: Deployment) -> None:
    for name, found in permissions(widest).items():
        statements = [
            {
                # CloudFormation's, as in a policy that it made: stack, resource and chance.
                "Sid": f"{widest.stack}-{name}ApiAuthorizerPermission-1ABCDEFGHIJKL",
                "Effect": "Allow",
                "Principal": {"Service": permission["Principal"]},
                "Action": permission["Action"],
                "Resource": widest.resolve({"Fn::GetAtt": [name, "Arn"]}),
                "Condition": {"ArnLike": {"AWS:SourceArn": permission["SourceArn"]}},
            }
            for permission in found
        ]
        policy = {"Version": "2012-10-17", "Id": "default", "Statement": statements}
        assert len(json.dumps(policy)) < POLICY_QUOTA / 4, name


def test_the_stack_is_within_the_quotas_of_cloudformation_and_api_gateway(
    transformed: Mapping[str, Any], widest: Deployment
) -> None:
    assert len(transformed["Resources"]) <= RESOURCE_QUOTA
    assert len(json.dumps(transformed).encode()) <= TEMPLATE_QUOTA
    assert len(list(operations(widest))) <= ROUTE_QUOTA


def test_a_route_is_guarded_if_it_changes_articles_or_tells_who_reads_them(
    deployment: Deployment,
) -> None:
    schemes = body(deployment)["components"]["securitySchemes"]
    guarded = 0
    for method, path, operation in operations(deployment):
        # What is under /statistics is let in by its function: by a token, a share link, or for all.
        private = (
            method in {"PUT", "DELETE"}
            or path.endswith(("/batch", "}/statistics", "/corrections", "/merge"))
            or path == "/export"
        )
        assert ("security" in operation) is private, (method, path)
        for requirement in operation.get("security", []):
            assert set(requirement) <= set(schemes)
            guarded += 1
    assert guarded >= 5


def test_the_authorizer_is_asked_anew_for_every_request(deployment: Deployment) -> None:
    (scheme,) = body(deployment)["components"]["securitySchemes"].values()
    authorizer = scheme["x-amazon-apigateway-authorizer"]
    # Nothing is remembered, so that a token that was revoked is refused.
    assert authorizer["authorizerResultTtlInSeconds"] == 0
    assert authorizer["identitySource"] == ["$request.header.Authorization"]
    assert authorizer["authorizerPayloadFormatVersion"] == "2.0"
    assert authorizer["enableSimpleResponses"] is True
    arn = deployment.resolve({"Fn::GetAtt": ["AuthorizePublisher", "Arn"]})
    assert authorizer["authorizerUri"].endswith(f"/functions/{arn}/invocations")


def test_every_route_has_the_one_throttle_that_a_parameter_sets(
    template: Template, transform: Transform
) -> None:
    assert int(template.parameters["RequestsPerSecond"]) <= min(SMALLEST_RATE, SMALLEST_BURST)
    for rate in (template.parameters["RequestsPerSecond"], "5000"):
        parameters = {**template.parameters, "RequestsPerSecond": rate}
        deployed = Deployment(transform(RequestsPerSecond=rate), parameters)
        stage = deployed.resource("AWS::ApiGatewayV2::Stage")
        # A route's own settings outlive it, and fail the update after it.
        assert "RouteSettings" not in stage
        settings = stage["DefaultRouteSettings"]
        assert str(settings["ThrottlingRateLimit"]) == rate
        assert str(settings["ThrottlingBurstLimit"]) == rate


def test_the_api_is_reached_by_ipv6_too(deployment: Deployment) -> None:
    # x-amazon-apigateway-endpoint-configuration object: under the server in OpenAPI 3.0.
    (server,) = body(deployment)["servers"]
    configuration = server["x-amazon-apigateway-endpoint-configuration"]
    assert configuration == {"ipAddressType": "dualstack"}


@pytest.fixture(scope="module")
def with_url(template: Template, transform: Transform) -> Deployment:
    """The deployment in which views have an address of their own."""
    changes = {"ViewDoor": "url", "ViewConcurrency": "50", "AllowedOrigins": "https://a.example,*"}
    return Deployment(transform(**changes), {**template.parameters, **changes})


def test_without_the_parameter_no_function_has_a_url(deployment: Deployment) -> None:
    assert not deployment.resources("AWS::Lambda::Url")
    assert "ViewUrl" not in deployment.outputs()
    assert "data-door" not in deployment.outputs()["WidgetTag"]


def test_the_url_of_views_is_open_to_all_and_has_the_cors_of_the_api(with_url: Deployment) -> None:
    url = with_url.resource("AWS::Lambda::Url")
    api = body(with_url)["x-amazon-apigateway-cors"]
    assert url["TargetFunctionArn"] == with_url.resolve({"Ref": "RecordView"})
    assert url["AuthType"] == "NONE"
    assert "InvokeMode" not in url
    assert {f"{name[0].lower()}{name[1:]}": value for name, value in url["Cors"].items()} == api
    assert max(map(len, url["Cors"]["AllowMethods"])) <= 6  # Lambda API: Cors


def test_the_url_may_be_called_by_both_permissions_that_lambda_asks_for(
    with_url: Deployment,
) -> None:
    """Of a URL made since October 2025 either alone is 403 (Control access to function URLs)."""
    found = [
        permission
        for permission in permissions(with_url)["RecordView"]
        if permission["Principal"] == "*"
    ]
    assert [permission["Action"] for permission in found] == [
        "lambda:InvokeFunctionUrl",
        "lambda:InvokeFunction",
    ]
    by_url, invoked_by_url = found
    assert by_url["FunctionUrlAuthType"] == "NONE"
    # Without it, anybody's account could invoke the function by Lambda's own API.
    assert invoked_by_url["InvokedViaFunctionUrl"] is True
    others = {name: each for name, each in permissions(with_url).items() if name != "RecordView"}
    assert not [each for found in others.values() for each in found if each["Principal"] == "*"]


def test_the_permissions_are_those_that_sam_writes_for_a_url(
    with_url: Deployment, template: Template, transform: Transform
) -> None:
    document = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "RecordView": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "InlineCode": "-",
                    "Handler": "a.b",
                    "Runtime": "python3.13",
                    "FunctionUrlConfig": {"AuthType": "NONE"},
                },
            }
        },
    }
    by_sam = (
        Deployment(transform(document), template.parameters)
        .resources("AWS::Lambda::Permission")
        .values()
    )
    ours = [each for each in permissions(with_url)["RecordView"] if each["Principal"] == "*"]
    names = ("Action", "Principal", "FunctionUrlAuthType", "InvokedViaFunctionUrl")
    assert [[each.get(name) for name in names] for each in by_sam] == [
        [each.get(name) for name in names] for each in ours
    ]


def test_the_url_is_bounded_by_reserved_concurrency_and_named_by_the_tag(
    with_url: Deployment,
) -> None:
    function = with_url.resources("AWS::Lambda::Function")["RecordView"]
    assert str(function["ReservedConcurrentExecutions"]) == "50"
    outputs = with_url.outputs()
    assert outputs["ViewUrl"] == "https://a1b2c3.lambda-url.eu-central-1.on.aws"
    assert f'data-door="{outputs["ViewUrl"]}">' in outputs["WidgetTag"]


def test_the_ledgers_stream_discards_and_reorders_nothing(deployment: Deployment) -> None:
    (mapping,) = (
        mapping
        for mapping in deployment.resources("AWS::Lambda::EventSourceMapping").values()
        if mapping["EventSourceArn"] == "Ledger.StreamArn"
    )
    assert mapping["FunctionName"] == deployment.resolve({"Ref": "TallyViews"})
    assert mapping["StartingPosition"] == "TRIM_HORIZON"
    assert mapping["TumblingWindowInSeconds"] == 900
    assert mapping["ParallelizationFactor"] == 1
    assert mapping["MaximumRetryAttempts"] == mapping["MaximumRecordAgeInSeconds"] == -1
    assert mapping["BisectBatchOnFunctionError"] is False
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    (pattern,) = mapping["FilterCriteria"]["Filters"]
    assert json.loads(pattern["Pattern"]) == {"eventName": ["INSERT", "MODIFY"]}
    assert mapping.get("Enabled", True) is True


def test_every_queue_is_polled_as_the_template_says(
    template: Template, deployment: Deployment
) -> None:
    mappings = deployment.resources("AWS::Lambda::EventSourceMapping").values()
    events = list(template.events("SQS"))
    assert events
    for function, event in events:
        queue = deployment.resolve(event["Queue"])
        (mapping,) = (each for each in mappings if each["EventSourceArn"] == queue)
        assert mapping["FunctionName"] == deployment.resolve({"Ref": function})
        assert mapping["BatchSize"] == event["BatchSize"]
        assert mapping["ScalingConfig"]["MaximumConcurrency"] >= 2
        assert mapping.get("Enabled", True) is deployment.resolve(event.get("Enabled", True))


def conditions(document: Mapping[str, Any]) -> Counter[str]:
    """Count where the choice of each condition is left to CloudFormation."""
    return Counter(argument[0] for name, argument in intrinsics(document) if name == "Fn::If")


def lost(template: Template, transformed: Mapping[str, Any]) -> Counter[str]:
    """Count the choices of each condition that the transformation has made by itself."""
    return conditions(dict(template.document)) - conditions(transformed)


def test_no_choice_becomes_a_constant(template: Template, transformed: Mapping[str, Any]) -> None:
    assert not lost(template, transformed)


def test_a_choice_that_becomes_a_constant_is_seen(template: Template, transform: Transform) -> None:
    document = json.loads(json.dumps(template.document))
    schedule = document["Resources"]["SyncFeed"]["Properties"]["Events"]["EveryMinute"]
    del schedule["Properties"]["State"]
    schedule["Properties"]["Enabled"] = {"Fn::If": ["SyncsFeed", True, False]}
    changed = replace(template, document=document)
    assert lost(changed, transform(document)) == {"SyncsFeed": 1}


@pytest.mark.parametrize("url", ["", "https://cms.example/feed"])
@pytest.mark.parametrize("hub", ["", "https://hub.example/"])
def test_what_has_nothing_to_do_is_off(
    template: Template, transform: Transform, url: str, hub: str
) -> None:
    parameters = {**template.parameters, "SyncFeedUrl": url, "WebSubHub": hub}
    deployed = Deployment(transform(SyncFeedUrl=url, WebSubHub=hub), parameters)
    off = {
        name
        for name, rule in deployed.resources("AWS::Events::Rule").items()
        if rule.get("State", "ENABLED") != "ENABLED"
    } | {
        name
        for name, mapping in deployed.resources("AWS::Lambda::EventSourceMapping").items()
        if mapping.get("Enabled", True) is not True
    }
    assert off == ({"SyncFeedEveryMinute"} if not url else set()) | (
        {"PingHubPings"} if not hub else set()
    )


def pattern(template: Template, parameter: str) -> re.Pattern[str]:
    return re.compile(template.document["Parameters"][parameter]["AllowedPattern"])


ORIGINS = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(
        ["news.example", "xn--e1aybc.example", "localhost", "10.0.0.1", "[2001:db8::1]"]
    ),
    st.sampled_from(["", ":8080", ":65535", ":8443"]),
)
VAIN = st.one_of(
    st.sampled_from(
        [
            "", "news.example", "https://", "https:///", "ftp://news.example", "null",
            "https://*", "https://*.news.example", "https://news.example?", "https://a b.example",
            "https://news.example#", "https://user@news.example", "https://news.example:0443",
            "https://news.example:443", "http://news.example:80", "//news.example", "HTTPS://a.example",
            "https://новости.example",
        ]
    ),
    ORIGINS.map(str.upper),
    ORIGINS.map(str.title),
    ORIGINS.flatmap(
        lambda origin: st.sampled_from(["/", "/path", " ", "\n", "\t", ":", "?a=b"]).map(
            lambda ending: origin + ending
        )
    ),
    ORIGINS.map(lambda origin: f" {origin}"),
)  # fmt: skip


@given(st.lists(ORIGINS, min_size=1, max_size=4))
def test_origins_that_browsers_send_are_allowed(template: Template, origins: list[str]) -> None:
    text = ",".join(origins)
    assert pattern(template, "AllowedOrigins").fullmatch(text)
    local = replace(template, parameters={**template.parameters, "AllowedOrigins": text})
    assert local.cors().origins == Settings(local.environment({})).allowed_origins == set(origins)


@given(st.lists(ORIGINS, max_size=2), VAIN, st.lists(ORIGINS, max_size=2))
def test_an_origin_that_no_browser_sends_is_refused_wherever_it_stands(
    template: Template, before: list[str], vain: str, after: list[str]
) -> None:
    allowed = pattern(template, "AllowedOrigins")
    assert not allowed.fullmatch(",".join([*before, vain, *after]))
    assert not allowed.fullmatch(",".join([*before, "*", vain]))
    assert allowed.fullmatch("*")


NETWORK = st.tuples(st.ip_addresses(), st.none() | st.integers(0, 129)).map(
    lambda network: f"{network[0]}" if network[1] is None else f"{network[0]}/{network[1]}"
)


@given(
    st.lists(NETWORK, min_size=1, max_size=4), st.integers(0, 99), st.text("0:./,af ", max_size=3)
)
def test_of_networks_the_template_takes_only_what_the_function_can_read(
    template: Template, networks: list[str], place: int, typo: str
) -> None:
    """A network that a deployment let through and a view could not be compared with loses views."""
    text = ",".join(networks)
    for written in (
        text,
        text[:place] + typo + text[place:],
        text[:place] + typo + text[place + 1 :],
    ):
        if pattern(template, "OwnNetworks").fullmatch(written) and written:
            assert read_networks(written)


@given(st.lists(st.ip_addresses(), min_size=1, max_size=4), st.integers(16, 32))
def test_networks_as_python_writes_them_are_taken(
    template: Template, addresses: list[Any], length: int
) -> None:
    for written in (map(str, addresses), (f"{address}/{length}" for address in addresses)):
        assert pattern(template, "OwnNetworks").fullmatch(",".join(written))


def test_an_any_among_origins_and_other_ports_than_the_default_are_told_apart(
    template: Template,
) -> None:
    allowed = pattern(template, "AllowedOrigins")
    assert not allowed.fullmatch("*,https://news.example")
    assert allowed.fullmatch("http://news.example:443,https://news.example:80")


@pytest.mark.parametrize("tracing", ["Disabled", "Active"])
def test_functions_are_traced_and_may_write_traces_only_where_tracing_is_on(
    template: Template, transform: Transform, tracing: str
) -> None:
    parameters = {**template.parameters, "Tracing": tracing}
    deployed = Deployment(transform(Tracing=tracing), parameters)
    functions = deployed.resources("AWS::Lambda::Function")
    assert functions.keys() == template.functions().keys()
    # Without the property a function passes a trace's header on and traces nothing.
    expected = {"Mode": "Active"} if tracing == "Active" else None
    for name, function in functions.items():
        assert function.get("TracingConfig") == expected, name
    for name in functions:
        role = deployed.document["Resources"][f"{name}Role"]
        may_trace = "xray" in json.dumps(role).lower()
        assert may_trace == (tracing == "Active"), name
    # An HTTP API has no traces of its own.
    stage = deployed.resource("AWS::ApiGatewayV2::Stage")
    assert "xray" not in json.dumps([stage, body(deployed)]).lower()
    assert "TracingEnabled" not in stage


@pytest.mark.parametrize("access_log", ["off", "on"])
def test_the_api_logs_its_requests_only_where_the_access_log_is_on(
    template: Template, transform: Transform, access_log: str
) -> None:
    parameters = {**template.parameters, "AccessLog": access_log}
    deployed = Deployment(transform(AccessLog=access_log), parameters)
    stage = deployed.resource("AWS::ApiGatewayV2::Stage")
    assert ("AccessLogSettings" in stage) == (access_log == "on")
    if access_log == "on":
        assert "ApiLogs" in stage["AccessLogSettings"]["DestinationArn"]
        assert "$context.routeKey" in stage["AccessLogSettings"]["Format"]
    # What was logged before ends by LogRetentionDays.
    assert "ApiLogs" in deployed.resources("AWS::Logs::LogGroup")


def test_traces_and_the_access_log_are_off_unless_asked_for(deployment: Deployment) -> None:
    assert "AccessLogSettings" not in deployment.resource("AWS::ApiGatewayV2::Stage")
    for function in deployment.resources("AWS::Lambda::Function").values():
        assert "TracingConfig" not in function


def test_a_function_may_be_woken_as_often_as_it_writes_to_its_own_queue(
    transformed: Mapping[str, Any],
) -> None:
    """Lambda's detection of loops would end such a chain after 16 invocations."""
    resources = transformed["Resources"]
    sources = {
        mapping["Properties"]["FunctionName"]["Ref"]: mapping["Properties"]["EventSourceArn"]
        for mapping in resources.values()
        if mapping["Type"] == "AWS::Lambda::EventSourceMapping"
    }
    chained = set()
    for name, queue in sources.items():
        role = resources[f"{name}Role"]["Properties"]
        statements = [
            statement
            for policy in role.get("Policies", ())
            for statement in policy["PolicyDocument"]["Statement"]
        ]
        if any(
            "sqs:SendMessage" in statement["Action"] and statement["Resource"] == queue
            for statement in statements
        ):
            chained.add(name)
    assert chained == {"SealArticles", "SendDigest"}
    for name in chained:
        assert resources[name]["Properties"]["RecursiveLoop"] == "Allow"
