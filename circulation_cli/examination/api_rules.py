"""How a stack's API has to answer: rules from facts to findings, which ask nobody."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from circulation_cli.examination.facts import (
    Behaviour,
    GatewayState,
    HttpAnswer,
    Operation,
    RouteAnswers,
    StackState,
)
from circulation_cli.examination.findings import Finding, Level, Unanswered

OK, WARN, FAIL, OPEN = Level

Contract = Mapping[str, Any]
"""What docs/openapi.yaml says: of all paths, or of one operation."""

COUNTING = frozenset({"/articles/{id}/views.gif", "/count", "/busuanzi"})
"""GET counts a view there, so it is not asked; a test compares the template."""

FOUND, NOT_MODIFIED, UNAUTHORIZED, INVALID, SERVER_ERROR = 200, 304, 401, 422, 500
"""Statuses (RFC 9110)."""
METHODS = ("get", "head", "post", "put", "delete")
MAIL_TAGS = {"Subscriptions", "Recommendations", "Digests"}


def operations_of(contract: Contract) -> Iterator[Operation]:
    """Read the GET routes from the paths of docs/openapi.yaml, but those that count."""
    for path, methods in contract.items():
        if "get" in methods and path not in COUNTING:
            yield _operation_of(path, methods["get"])


def _operation_of(path: str, described: Contract) -> Operation:
    security = described.get("security", ())
    return Operation(
        path,
        {
            int(status): tuple(response.get("content", {})) or ("application/problem+json",)
            for status, response in described["responses"].items()
        },
        access="perhaps"
        if {} in security or path.startswith("/statistics")
        else "always"
        if security
        else "",
        demands_query=any(
            parameter.get("in") == "query" and parameter.get("required")
            for parameter in described.get("parameters", ())
        ),
        tags=tuple(described.get("tags", ())),
    )


def routes_of(contract: Contract) -> frozenset[str]:
    """Give every route of the contract, with a HEAD beside each GET."""
    keys = {
        f"{method.upper()} {path}"
        for path, methods in contract.items()
        for method in METHODS
        if method in methods
    }
    return frozenset(keys | {f"HEAD{key[3:]}" for key in keys if key.startswith("GET ")})


def authorized_routes_of(contract: Contract) -> frozenset[str]:
    """Give those routes of the contract before which API Gateway asks for a token."""
    return frozenset(
        key
        for key in routes_of(contract)
        if (described := _described(contract, key)).get("security")
        and {} not in described["security"]
    )


def _described(contract: Contract, key: str) -> Contract:
    method, _, path = key.partition(" ")
    methods = contract[path]
    found: Contract = methods.get(method.lower()) or methods["get"]  # HEAD is as GET
    return found


def applies(operation_tags: Iterable[str], stack: StackState) -> bool:
    """Tell whether a stack has a route: some need mail."""
    return stack.sends_mail() or not MAIL_TAGS & set(operation_tags)


def judge_gateway(
    gateway: GatewayState,
    contract: Contract,
    stack: StackState,
) -> Iterator[Finding]:
    """Judge the deployed routes, their authorizers, the address type and the access log."""
    wanted = frozenset(
        key
        for key in routes_of(contract)
        if applies(_described(contract, key).get("tags", ()), stack)
    )
    advice = "deploy this version's template"
    if missing := sorted(wanted - gateway.routes):
        yield Finding(FAIL, "routes", f"are missing: {', '.join(missing)}", advice)
    else:
        yield Finding(OK, "routes", f"all {len(wanted)} of the contract are deployed")
    open_ones = sorted((authorized_routes_of(contract) & wanted) - gateway.authorized)
    if open_ones:
        text = f"ask for no token: {', '.join(open_ones)}"
        yield Finding(FAIL, "authorizer", text, advice)
    else:
        yield Finding(OK, "authorizer", "is before every route that needs a token")
    if gateway.address_type == "dualstack":
        yield Finding(OK, "address type", "dualstack", assumptions=(35,))
    elif not gateway.address_type:
        yield Finding(OPEN, "address type", "not answered: the API's description has none")
    else:
        text = f"{gateway.address_type}, not dualstack"
        yield Finding(FAIL, "address type", text, advice, (35,))
    wants_log = stack.parameters.get("AccessLog") == "on"
    if gateway.logs == wants_log:
        text = "on, as AccessLog is" if wants_log else "off, as AccessLog is"
        yield Finding(OK, "access log", text, assumptions=() if wants_log else (48,))
    else:
        text = f"{'on' if gateway.logs else 'off'}, though AccessLog is not"
        help_ = "aws apigatewayv2 delete-access-log-settings" if gateway.logs else advice
        yield Finding(FAIL, "access log", text, help_, () if wants_log else (48,))


def is_gateways_own(answer: HttpAnswer) -> bool:
    """Tell whether API Gateway answered itself, as for a route that it does not have.

    The local stack's gateway says the same as a problem.
    """
    text = answer.content.strip()
    is_short = answer.media_type == "application/json" and text.startswith(b'{"message"')
    return is_short or b"There is no route" in text


def expected_statuses(operation: Operation, stack: StackState, *, known: bool) -> set[int]:
    """Give the statuses that a route may answer with, asked without token and query."""
    documented = {status for status in operation.media if status < SERVER_ERROR}
    is_public = stack.parameters.get("PublicStatistics") == "true"
    if operation.access == "always":
        return {UNAUTHORIZED}
    if operation.access and not is_public:
        return {401, 403}
    if operation.demands_query:
        return {422}
    if "Recommendations" in operation.tags and stack.parameters.get("RecommendByMail") != "on":
        return {404}
    if "{" in operation.path and not known:
        return documented & {404, 410} or {200}
    return {200, 404} & documented if operation.path == "/sitemap.xml" else {200}


def judge_routes(answers: Iterable[RouteAnswers], stack: StackState) -> Iterator[Finding]:
    """Judge how routes answer: status, media type, and HEAD as GET."""
    number = well = 0
    for route in answers:
        number += 1
        if faults := list(_faults_of(route, stack)):
            advice = "look at FunctionLogs; docs/openapi.yaml says what it should be"
            yield Finding(FAIL, f"GET {route.operation.path}", "; ".join(faults), advice)
        else:
            well += 1
    text = f"{well} of {number}, asked by GET and HEAD, answer as documented"
    yield Finding(OK if well == number else WARN, "answers", text)
    text = f"GET counts at {', '.join(sorted(COUNTING))}, and POST, PUT, DELETE change something"
    yield Finding(OK, "answers not asked for", text)


def _faults_of(route: RouteAnswers, stack: StackState) -> Iterator[str]:
    operation, answer, head = route.operation, route.get, route.head
    if isinstance(answer, Unanswered) or isinstance(head, Unanswered):
        yield from (found.reason for found in (answer, head) if isinstance(found, Unanswered))
        return
    wanted = expected_statuses(operation, stack, known=route.known)
    own = is_gateways_own(answer)
    if own and answer.status != UNAUTHORIZED:
        yield f"the gateway itself answers {answer.status}"
    elif answer.status not in wanted:
        yield f"answers {answer.status} instead of {' or '.join(map(str, sorted(wanted)))}"
    elif answer.content and not own:
        if answer.media_type not in operation.media.get(answer.status, ()):
            yield f"answers in {answer.media_type or 'no media type'}"
        if answer.headers.get("x-content-type-options") != "nosniff":
            yield "has no X-Content-Type-Options"
    if head.status != answer.status:
        yield f"HEAD answers {head.status}, GET {answer.status}"
    if head.content:
        yield "HEAD has a body"


def judge_behaviour(behaviour: Behaviour) -> Iterator[Finding]:
    """Judge the preflight, the authorizer's refusals, paths, conditional and compressed answers."""
    found: list[tuple[bool, str, str, tuple[int, ...]]] = []

    def hold(*, well: bool, subject: str, text: str, assumptions: tuple[int, ...] = ()) -> None:
        found.append((well, subject, text, assumptions))

    preflights = [
        ("preflight", behaviour.preflight, (1,)),
        ("preflight of ViewUrl", behaviour.preflight_of_door, ()),
    ]
    for subject, preflight, assumptions in preflights:
        if preflight:
            methods = preflight.headers.get("access-control-allow-methods", "")
            allowed = preflight.headers.get("access-control-allow-origin", "")
            hold(
                well=preflight.status in (200, 204)
                and ("POST" in methods or methods == "*")
                and allowed in ("*", behaviour.origin),
                subject=subject,
                text=f"for {behaviour.origin}: {preflight.status}, methods {methods or 'none'}, "
                f"origin {allowed or 'none'}",
                assumptions=assumptions,
            )
    refused, wrong = behaviour.without_token.status, behaviour.with_wrong_token.status
    hold(
        well=(refused, wrong) == (401, 403),
        subject="tokens' check",
        text=f"without a token {refused} (401), with a wrong one {wrong} (403)",
        assumptions=(7,),
    )
    slash = behaviour.with_slash.status
    hold(
        well=slash in (401, 403, 404),
        subject="slash at the end",
        text=f"GET /export/ without a token is {slash}",
        assumptions=(6,),
    )
    empty = behaviour.empty_segment
    hold(
        well=empty.status in (200, 404) and not is_gateways_own(empty),
        subject="empty segment",
        text=f"GET /counter/%2F… is {empty.status}",
        assumptions=(4,),
    )
    by_url = behaviour.by_url
    hold(
        well=by_url.status == INVALID,
        subject="literal path",
        text=f"GET /articles/by-url without url is {by_url.status} (422)",
        assumptions=(5,),
    )
    feed, head = behaviour.feed, behaviour.feed_head
    length, sent = head.headers.get("content-length"), len(feed.content)
    hold(
        well=feed.status == head.status == FOUND and length == str(sent),
        subject="HEAD's length",
        text=f"/feed.rss has {sent} bytes, and HEAD says {length or 'nothing'}",
        assumptions=(9,),
    )
    again = behaviour.feed_again
    hold(
        well=again.status == NOT_MODIFIED and not again.headers.get("content-type"),
        subject="304",
        text=f"with its ETag {again.status}, type {again.headers.get('content-type') or 'none'}",
        assumptions=(10,),
    )
    coding = behaviour.compressed.headers.get("content-encoding")
    readable = behaviour.compressed.content[:1] == b"{"
    hold(
        well=coding == "gzip" and readable,
        subject="compression",
        text=f"/openapi.json is {coding or 'not compressed'}{'' if readable else ', unreadable'}",
        assumptions=(11,),
    )
    if behaviour.feeds and behaviour.separated:
        lost = [address for address, status in behaviour.feeds.items() if status != FOUND]
        separated = behaviour.separated.status
        hold(
            well=not lost and separated == FOUND,
            subject="escaped paths",
            text=f"{len(behaviour.feeds)} feeds of feeds.opml, {len(lost)} not found"
            f"{': ' + lost[0] if lost else ''}; %2F separates: {separated}",
            assumptions=(3,),
        )
    health = behaviour.health
    hold(
        well=health.status == FOUND
        and health.headers.get("access-control-allow-origin") in ("*", behaviour.origin),
        subject="health",
        text=f"{health.status}{' at its own domain' if behaviour.own_domain else ''}, "
        f"origin {health.headers.get('access-control-allow-origin') or 'none'}",
        assumptions=(32,) if behaviour.own_domain else (),
    )
    for well, subject, text, assumptions in found:
        yield Finding(OK if well else FAIL, subject, text, "" if well else _ADVICE, assumptions)


_ADVICE = "docs/aws-assumptions.md says what depends on it"
