"""circulation doctor: examine a stack without changing it, and say what is wrong."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any, TypeVar

import click
import httpx

from circulation.runtime import Container
from circulation_cli.deployment import PATIENT, Deployment, deployment_options
from circulation_cli.examination.account import Account, answer_or_reason
from circulation_cli.examination.api_rules import (
    applies,
    judge_behaviour,
    judge_gateway,
    judge_routes,
    operations_of,
)
from circulation_cli.examination.canary import Canary
from circulation_cli.examination.canary_rules import judge_flight
from circulation_cli.examination.facts import StackState
from circulation_cli.examination.findings import (
    Finding,
    Level,
    Unanswered,
    exit_code,
    sort_assumptions,
    summary,
)
from circulation_cli.examination.records import read_days, read_tokens
from circulation_cli.examination.stack_rules import (
    judge_alarms,
    judge_concurrency,
    judge_days,
    judge_dead_letters,
    judge_functions,
    judge_log_groups,
    judge_mappings,
    judge_metrics,
    judge_state,
    judge_tables,
    judge_timetables,
    judge_tokens,
)
from circulation_cli.examination.visits import Visitor
from circulation_cli.printing import as_json_option, json_line, strip_controls

TIMEOUT = 30.0
"""Seconds; API Gateway waits as long for a function."""

Json = dict[str, Any]
T = TypeVar("T")


@click.command()
@click.option(
    "--canary",
    is_flag=True,
    help="Count one view under a reserved id, which no list or total has, and unpublish it.",
)
@as_json_option
@deployment_options
def doctor(deployment: Deployment, *, canary: bool, as_json: bool) -> None:
    """Examine a stack: what it has, whether it answers, and whether it counts.

    Nothing is changed without --canary. Each line begins with ok, warn, fail or open (the question
    was not answered). The exit code is 1 if anything fails or is open.
    """
    findings = []
    account = Account(deployment.session(), PATIENT) if deployment.stack else None
    for found in examine(deployment, account, canary=canary, now=datetime.now(UTC)):
        # What an emulator, or the local stack, does says nothing of AWS.
        is_aws = account is not None and account.is_aws()
        finding = found if is_aws else replace(found, assumptions=())
        findings.append(finding)
        if not as_json:
            click.echo(_line_of(finding))
    assumptions = sort_assumptions(findings, canary=canary)
    if as_json:
        click.echo(json_line(_json_of(deployment, findings, assumptions)))
    else:
        for name, numbers in assumptions.items():
            if numbers and deployment.stack:
                click.echo(f"docs/aws-assumptions.md, {name}: {', '.join(map(str, numbers))}")
        click.echo(summary(findings))
    sys.exit(exit_code(findings))


def examine(
    deployment: Deployment, account: Account | None, *, canary: bool, now: datetime
) -> Iterator[Finding]:
    """Examine a stack, of an account if it is on AWS.

    Raises Refused, and botocore's errors if it cannot be found at all.
    """
    container = deployment.container()
    url = deployment.api_url()
    contract = json.loads((files("circulation.data") / "openapi.json").read_bytes())["paths"]
    if deployment.stack and account:
        stack = account.stack(deployment.stack)
        yield from _examine_account(account, stack, deployment.stack, container, contract, now)
    else:
        stack = StackState(deployment.local_parameters())
        text = "what only AWS has is not asked: alarms, schedules, rights, backups and the like"
        yield Finding(Level.OK, "local stack", text)
    on_aws = bool(deployment.stack)
    yield from _judged(
        "tokens", lambda: read_tokens(container), lambda tokens: judge_tokens(tokens, now=now)
    )
    yield from _judged(
        "days",
        lambda: read_days(container, now=now),
        lambda days: judge_days(days, stack, now=now, on_aws=on_aws),
    )
    with httpx.Client(base_url=url, timeout=TIMEOUT) as client:
        yield from _examine_api(client, stack, contract, deployment)
        if canary:
            window = float(stack.parameters.get("TallyWindowSeconds") or 0)
            flight = Canary(container, client, window, lambda: datetime.now(UTC)).fly()
            yield from judge_flight(flight, day=f"{now:%Y-%m-%d}")


def _examine_account(  # noqa: PLR0913, PLR0917  what is asked, and of whom
    account: Account,
    stack: StackState,
    name: str,
    container: Container,
    contract: Json,
    now: datetime,
) -> Iterator[Finding]:
    """Ask AWS, each question by itself: one that is not answered hinders no other."""
    settings = container.settings
    yield from judge_state(stack)
    yield from _judged(
        "API", lambda: account.gateway(stack), lambda api: judge_gateway(api, contract, stack)
    )
    yield from _judged(
        "functions",
        lambda: (account.functions(stack), stack.id_of("FunctionLogs")),
        lambda found: judge_functions(found[0], stack, log_group=found[1]),
    )
    yield from _judged(
        "mappings", lambda: account.mappings(stack), lambda found: judge_mappings(found, stack)
    )
    yield from _judged(
        "schedules",
        lambda: account.timetables(stack),
        lambda found: judge_timetables(found, stack),
    )
    yield from _judged(
        "alarms",
        lambda: account.alarms(stack, now=now),
        lambda found: judge_alarms(found, stack, now=now),
    )
    yield from _judged("metrics", lambda: account.metrics(name, now=now), judge_metrics)
    yield from _judged("dead letters", lambda: account.dead_letters(stack), judge_dead_letters)
    yield from _judged(
        "concurrency",
        lambda: account.concurrency(stack),
        lambda found: judge_concurrency(found, stack),
    )
    yield from _judged(
        "tables", lambda: account.tables(stack, settings.library_table), judge_tables
    )
    yield from _judged(
        "logs", lambda: account.log_groups(stack), lambda found: judge_log_groups(found, stack)
    )


def _examine_api(
    client: httpx.Client, stack: StackState, contract: Json, deployment: Deployment
) -> Iterator[Finding]:
    """Ask the API; one that cannot be reached fails."""
    origin = stack.parameters.get("AllowedOrigins", "*").partition(",")[0]
    if origin == "*":
        origin = "https://news.example" if deployment.stack else str(client.base_url).rstrip("/")
    try:
        visitor = Visitor.of(client)
        behaviour = visitor.observe(
            origin,
            door=stack.outputs.get("ViewUrl", ""),
            own_domain=bool(deployment.stack and stack.parameters.get("ApiUrl")),
        )
        yield from judge_behaviour(behaviour)
        asked = [
            operation for operation in operations_of(contract) if applies(operation.tags, stack)
        ]
        yield from judge_routes(visitor.ask_routes(asked), stack)
    except httpx.HTTPError as error:
        text = f"{client.base_url} cannot be reached: {error}"
        yield Finding(Level.FAIL, "API", text, "is ApiUrl the address of this stack?")


def _judged(
    subject: str, ask: Callable[[], T], judge: Callable[[T], Iterator[Finding]]
) -> Iterator[Finding]:
    """Ask, and judge the answer; without one the finding is open."""
    answer = answer_or_reason(ask)
    if isinstance(answer, Unanswered):
        advice = "docs/operations.md#the-doctor has the rights that this needs"
        yield Finding(Level.OPEN, subject, f"not answered: {answer.reason}", advice)
    else:
        yield from judge(answer)


def _line_of(finding: Finding) -> str:
    advice = f" -> {finding.advice}" if finding.advice else ""
    line = f"{finding.level:<5} {finding.subject}: {finding.text}{advice}"
    return strip_controls(" ".join(line.splitlines()))


def _json_of(deployment: Deployment, findings: list[Finding], assumptions: Any) -> Json:  # noqa: ANN401
    return {
        "stack": deployment.stack or str(deployment.state),
        "findings": [
            {
                "level": finding.level,
                "subject": finding.subject,
                "text": finding.text,
                "advice": finding.advice,
                "assumptions": finding.assumptions,
            }
            for finding in findings
        ],
        "assumptions": assumptions,
    }
