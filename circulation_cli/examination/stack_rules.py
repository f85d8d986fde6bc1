"""What a deployed stack has to be like: rules from facts to findings, which ask nobody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from circulation_cli.examination.facts import (
    AlarmState,
    Concurrency,
    DaysState,
    DeadLetters,
    FunctionState,
    LogGroup,
    MappingState,
    MetricsState,
    StackState,
    TableState,
    Timetable,
    TokenState,
)
from circulation_cli.examination.findings import Finding, Level, Unanswered

OK, WARN, FAIL, OPEN = Level

STREAM_SETTINGS: Mapping[str, object] = {
    "StartingPosition": "TRIM_HORIZON",
    "BatchSize": 10_000,
    "TumblingWindowInSeconds": 900,
    "ParallelizationFactor": 1,
    "MaximumRetryAttempts": -1,
    "MaximumRecordAgeInSeconds": -1,
    "BisectBatchOnFunctionError": False,
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
}
"""The settings of the ledger's stream that exactness depends on; a test compares the template."""

STREAM_MAPPING = "TallyViewsLedgerStream"
PING_MAPPING = "PingHubPings"
SYNC_TIMETABLE = "SyncFeedEveryMinute"
"""Names that SAM makes of a function and its event."""

UNRESERVED = 100
"""Containers that an account has to keep unreserved (AWS: Lambda, reserved concurrency)."""
USUAL_LIMIT = 1_000
"""The containers of an account, unless it is new."""
SETTLED_AFTER = timedelta(hours=26)
"""A day is closed so long after its end, at the latest: SealDay runs at 00:15 and 01:15, and closes
a day on the run after all of its pages are sealed."""
YOUNG = timedelta(days=2)
"""A stack of that age need not have any past day, nor data of every alarm."""


def judge_state(stack: StackState) -> Iterator[Finding]:
    """Judge how the last deployment ended."""
    if stack.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
        yield Finding(OK, "stack", f"{stack.status}", assumptions=(36,))
    elif stack.status.endswith("_COMPLETE") and "ROLLBACK" in stack.status:
        yield Finding(
            WARN,
            "stack",
            f"{stack.status}: the last deployment was undone",
            "look at the stack's events, remove the cause and deploy again",
        )
    else:
        yield Finding(
            FAIL,
            "stack",
            stack.status,
            "wait for a deployment that goes on; else look at the stack's events",
        )


def judge_mappings(mappings: Iterable[MappingState], stack: StackState) -> Iterator[Finding]:
    """Judge what wakes functions: the ledger's stream, and the queues."""
    for mapping in mappings:
        subject = f"mapping {mapping.name}"
        idle = mapping.name == PING_MAPPING and not stack.parameters.get("WebSubHub")
        if idle and mapping.state == "Disabled":
            yield Finding(OK, subject, "Disabled, as there is no WebSubHub")
            continue
        if mapping.state != "Enabled":
            yield Finding(
                FAIL,
                subject,
                f"is {mapping.state or 'in no state'}, not Enabled",
                "aws lambda update-event-source-mapping --uuid … --enabled",
            )
            continue
        wanted = _settings_of(mapping, stack)
        unknown = sorted(wanted.keys() - mapping.settings.keys())
        faults = [
            f"{name} is {mapping.settings[name]} instead of {value}"
            for name, value in wanted.items()
            if name not in unknown and mapping.settings[name] != value
        ]
        if unknown:
            yield Finding(OPEN, subject, f"not answered: the answer lacks {', '.join(unknown)}")
        if faults:
            yield Finding(FAIL, subject, "; ".join(faults), "deploy the stack again as it is")
        elif mapping.last_result not in ("OK", "No records processed", ""):
            yield Finding(
                FAIL,
                subject,
                f"Enabled; last result: {mapping.last_result}",
                "look at the function's errors in FunctionLogs",
            )
        elif not unknown:
            last = mapping.last_result or "not known"
            yield Finding(OK, subject, f"Enabled, settings as in the template, last result: {last}")


def _settings_of(mapping: MappingState, stack: StackState) -> Mapping[str, object]:
    if mapping.name != STREAM_MAPPING:
        return {}
    window = stack.parameters.get("TallyWindowSeconds", "")
    waits = {"MaximumBatchingWindowInSeconds": int(window)} if window.isdigit() else {}
    return {**STREAM_SETTINGS, **waits}


def judge_timetables(timetables: Iterable[Timetable], stack: StackState) -> Iterator[Finding]:
    """Judge whether everything that a schedule starts is started."""
    well = []
    for timetable in timetables:
        idle = timetable.name == SYNC_TIMETABLE and not stack.parameters.get("SyncFeedUrl")
        if timetable.enabled or idle:
            well.append(timetable.name)
        else:
            yield Finding(
                FAIL,
                f"schedule {timetable.name}",
                "is disabled",
                "aws events enable-rule, or aws scheduler update-schedule; or deploy again",
            )
    if well:
        yield Finding(OK, "schedules", f"as they should be: {', '.join(sorted(well))}")


def judge_alarms(
    alarms: Sequence[AlarmState], stack: StackState, *, now: datetime
) -> Iterator[Finding]:
    """Judge the alarms, and whether their metrics have had data in two days."""
    for alarm in alarms:
        subject, anchor = f"alarm {alarm.name}", f"docs/operations.md#{alarm.name.lower()}"
        if alarm.state == "ALARM":
            since = f" since {alarm.since:%Y-%m-%d %H:%M} UTC" if alarm.since else ""
            yield Finding(FAIL, subject, f"is in ALARM{since}", anchor, assumptions=_of(alarm))
        elif (
            alarm.state == "OK"
            and alarm.name.endswith("Overdue")
            and alarm.newest is None
            and not _is_young(stack, now)
        ):
            text = "its function has not run in two days, and it is OK"
            yield Finding(FAIL, subject, text, anchor, _of(alarm))
    undecided = [alarm.name for alarm in alarms if alarm.state not in ("OK", "ALARM")]
    if undecided:
        text = f"{len(undecided)} of {len(alarms)} lack data: {', '.join(sorted(undecided))}"
        advice = "a new stack's have it after an hour; else docs/operations.md#alarms"
        yield Finding(WARN, "alarms without data", text, advice)
    well = [alarm for alarm in alarms if alarm.state == "OK"]
    dated = [alarm.newest for alarm in well if isinstance(alarm.newest, datetime)]
    unknown = [alarm for alarm in alarms if isinstance(alarm.newest, Unanswered)]
    if well:
        newest = f"; the newest data is of {max(dated):%Y-%m-%d %H:%M} UTC" if dated else ""
        text = (
            f"{len(well)} of {len(alarms)} are OK; {len(dated)} have data of the last two"
            f" days{newest}"
        )
        known = not _is_young(stack, now) and len(well) == len(alarms)
        yield Finding(OK, "alarms", text, assumptions=(38,) if known else ())
    if unknown:
        reason = next(a.newest.reason for a in unknown if isinstance(a.newest, Unanswered))
        yield Finding(OPEN, "alarms' data", f"not answered for {len(unknown)} alarms: {reason}")
    silent = [alarm.name for alarm in alarms if not alarm.notifies]
    if silent:
        yield Finding(
            WARN,
            "alarms' topic",
            f"{len(silent)} of {len(alarms)} alarms notify nobody",
            "set the parameter AlarmTopic, or enable the alarms' actions",
        )


def _of(alarm: AlarmState) -> tuple[int, ...]:
    """Give the assumption that such an alarm's state speaks of."""
    return (38,) if alarm.name.endswith("Overdue") or alarm.name == "TallyViewsStopped" else ()


def _is_young(stack: StackState, now: datetime) -> bool:
    return stack.created is not None and now - stack.created < YOUNG


def judge_dead_letters(queues: Iterable[DeadLetters]) -> Iterator[Finding]:
    """Judge whether anything was given up."""
    for queue in queues:
        number = {"SealDeadLetterQueue": (24,), "MailEventDeadLetterQueue": (45,)}
        assumptions = number.get(queue.name, ())
        if queue.messages:
            advice = "docs/operations.md#redriving-dead-letters"
            text = f"has {queue.messages} messages"
            yield Finding(FAIL, queue.name, text, advice, assumptions)
        else:
            yield Finding(OK, queue.name, "is empty", assumptions=assumptions)


def judge_tokens(tokens: Sequence[TokenState], *, now: datetime) -> Iterator[Finding]:
    """Judge who may publish and read; no stack records whether a token is used."""
    listed = "; ".join(
        f"{token.name} ({', '.join(token.scopes)}, {(now - token.created).days} days old)"
        for token in tokens
    )
    if any("publish" in token.scopes for token in tokens):
        text = f"{len(tokens)}: {listed}. Whether one is unused is not recorded: ask its owner"
        yield Finding(OK, "tokens", text)
    else:
        text = f"none may publish{': ' if listed else ''}{listed}"
        yield Finding(WARN, "tokens", text, "circulation token new NAME")


def judge_days(
    days: DaysState, stack: StackState, *, now: datetime, on_aws: bool
) -> Iterator[Finding]:
    """Judge whether past days are closed, and whether the tally of the last ones was right."""
    due = (now - SETTLED_AFTER).date() - timedelta(days=1)
    if days.closed_until is None:
        young = not on_aws or _is_young(stack, now)
        text = "none is closed yet"
        yield Finding(OK if young else FAIL, "days", text, "" if young else _SEAL_ADVICE)
    elif days.closed_until < due.isoformat():
        text = f"closed only up to {days.closed_until}, not up to {due}"
        # A local stack that was off has not run at night; it makes that good when it runs.
        yield Finding(FAIL if on_aws else WARN, "days", text, _SEAL_ADVICE)
    else:
        yield Finding(OK, "days", f"closed up to {days.closed_until}")
    drifted = {day: drift for day, drift in days.drift.items() if drift}
    for day, drift in drifted.items():
        views = sum(map(abs, drift.values()))
        text = f"{views} views on {day}, of {len(drift)} articles, such as {min(drift)}"
        advice = "docs/operations.md#tallydrift; the day is correct now"
        yield Finding(FAIL, "drift", text, advice, (14, 15))
    if not drifted and days.pages:
        first, last = min(days.drift), max(days.drift)
        text = f"0 from {first} to {last}, in {days.pages} sealed pages"
        yield Finding(OK, "drift", text, assumptions=(14, 15))
    elif not drifted:
        yield Finding(OK, "drift", "none; no page of the last days is sealed, so this says little")


_SEAL_ADVICE = "docs/operations.md#sealdayoverdue"


def judge_concurrency(concurrency: Concurrency, stack: StackState) -> Iterator[Finding]:
    """Judge whether there are containers enough, and whether RecordView's share can be reserved."""
    text = (
        f"{concurrency.limit} containers in the account, {concurrency.unreserved} unreserved; "
        + (
            "RecordView reserves none of the"
            f" {max(0, concurrency.unreserved - UNRESERVED)} that it could"
            if concurrency.reserved is None
            else f"RecordView has {concurrency.reserved}"
        )
    )
    wanted = int(stack.parameters.get("ViewConcurrency") or 0)
    if wanted and concurrency.reserved != wanted:
        advice = "deploy again; the account has to keep 100 unreserved"
        yield Finding(FAIL, "concurrency", f"{text}, not ViewConcurrency's {wanted}", advice)
    elif stack.parameters.get("ViewDoor") == "url" and not concurrency.reserved:
        advice = "set ViewConcurrency: nothing else bounds the function URL"
        yield Finding(FAIL, "concurrency", text, advice)
    elif concurrency.reserved == 0:
        advice = "aws lambda delete-function-concurrency, or deploy again"
        yield Finding(FAIL, "concurrency", f"{text}: no view is counted", advice)
    elif concurrency.unreserved < UNRESERVED and concurrency.limit > UNRESERVED:
        yield Finding(WARN, "concurrency", f"{text}: other functions wait", "reserve less")
    elif concurrency.limit < USUAL_LIMIT:
        advice = "ask for 1,000 in Service Quotas (Lambda, Concurrent executions)"
        yield Finding(WARN, "concurrency", f"{text}; a new account's limit", advice)
    else:
        yield Finding(OK, "concurrency", text)


def judge_tables(tables: Iterable[TableState]) -> Iterator[Finding]:
    """Judge backups, protection, expiry and the ledger's stream."""
    for table in tables:
        subject = f"table {table.name}"
        faults = []
        if table.recoverable is False:
            faults.append("has no point-in-time recovery")
        if table.name in ("Library", "Subscribers") and not table.protected:
            faults.append("is not protected from deletion")
        if table.expires is False:
            faults.append("does not expire items by ttl")
        if table.name == "Ledger" and table.stream != "NEW_IMAGE":
            faults.append(f"streams {table.stream or 'nothing'}, not NEW_IMAGE")
        if faults:
            yield Finding(FAIL, subject, "; ".join(faults), "deploy again, or see deploying.md")
        else:
            yield Finding(OK, subject, "backups, protection, expiry and stream as they should be")


def judge_functions(
    functions: Iterable[FunctionState], stack: StackState, *, log_group: str
) -> Iterator[Finding]:
    """Judge whether every function can run, where it logs, and whether it is traced."""
    traced = stack.parameters.get("Tracing") == "Active"
    tracing, number = ("Active", 0) if traced else ("PassThrough", 0)
    asynchronous = False
    for function in functions:
        number += 1
        subject = f"function {function.name}"
        faults = [
            f"is {function.state}" if function.state != "Active" else "",
            f"its last update is {function.last_update}"
            if function.last_update != "Successful"
            else "",
            f"logs to {function.log_group or 'no group'}, not to FunctionLogs"
            if function.log_group != log_group
            else "",
        ]
        if any(faults):
            yield Finding(FAIL, subject, "; ".join(filter(None, faults)), "deploy again")
        if function.tracing != tracing:
            text = f"its tracing is {function.tracing or 'unknown'}, not {tracing}"
            yield Finding(FAIL, subject, text, "deploy again", () if traced else (50,))
        if function.asynchronous:
            text = "its asynchronous invocations are set up otherwise than by default"
            yield Finding(
                FAIL, subject, text, "aws lambda delete-function-event-invoke-config", (23,)
            )
        asynchronous = asynchronous or function.asynchronous is not None
    if number:
        answered = ((23,) if asynchronous else ()) + (() if traced else (50,))
        text = f"{number} asked: Active, updated, logging and tracing, but for those above"
        yield Finding(OK, "functions", text, assumptions=answered)


def judge_log_groups(groups: Iterable[LogGroup], stack: StackState) -> Iterator[Finding]:
    """Judge for how long logs are kept."""
    wanted = stack.parameters.get("LogRetentionDays", "")
    for group in groups:
        found = "for ever" if group.days is None else f"for {group.days} days"
        if group.days is None or (wanted and str(group.days) != wanted):
            text = f"keeps lines {found}, not for {wanted} days"
            yield Finding(FAIL, f"logs {group.name}", text, "deploy again")
        else:
            yield Finding(OK, f"logs {group.name}", f"keeps lines {found}")


def judge_metrics(metrics: MetricsState) -> Iterator[Finding]:
    """Judge whether metrics in logs arrive under the dimensions that alarms name."""
    if ("TallyViews", "ViewsTallied") in metrics.names:
        named = ", ".join(sorted({metric for _, metric in metrics.names}))
        text = f"arrive with the dimensions stack and service: {named}"
        yield Finding(OK, "metrics", text, assumptions=(21, 22))
    else:
        yield Finding(
            WARN,
            "metrics",
            "ViewsTallied has none of the last two weeks",
            "count a view (--canary), wait five minutes and ask again",
        )
    if metrics.tallied:
        text = f"{metrics.tallied:.0f} views tallied in the last two days"
        yield Finding(OK, "tally", text, assumptions=(13,))
    else:
        text = "no view tallied in the last two days"
        yield Finding(WARN, "tally", text, "without readers that is so; else try --canary")
