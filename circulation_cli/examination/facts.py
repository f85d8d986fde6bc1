"""Facts about a stack, as AWS and the stack's API say them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from circulation_cli.examination.findings import Unanswered


@dataclass(frozen=True, slots=True)
class StackResource:
    """A resource of a CloudFormation stack."""

    name: str
    """In the template."""
    kind: str
    """Such as AWS::Lambda::Function."""
    id: str
    """Its name, id or address at AWS."""


@dataclass(frozen=True, slots=True)
class StackState:
    """A deployed stack; of a local one the parameters alone are known."""

    parameters: Mapping[str, str]
    status: str = ""
    created: datetime | None = None
    resources: tuple[StackResource, ...] = ()
    outputs: Mapping[str, str] = field(default_factory=dict)

    def of_kind(self, kind: str) -> tuple[StackResource, ...]:
        """Give the resources of a type."""
        return tuple(resource for resource in self.resources if resource.kind == kind)

    def id_of(self, name: str) -> str:
        """Give the id of a resource by its name in the template. Raises KeyError."""
        return {resource.name: resource.id for resource in self.resources}[name]

    def sends_mail(self) -> bool:
        """Tell whether the stack has what mails need."""
        return bool(self.parameters.get("MailSender"))


@dataclass(frozen=True, slots=True)
class MappingState:
    """An event source mapping."""

    name: str
    state: str
    last_result: str
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Timetable:
    """A schedule, by the name of its function and event."""

    name: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class AlarmState:
    """An alarm."""

    name: str
    state: str
    since: datetime | None
    notifies: bool
    """Whether it has an action, and actions are enabled."""
    newest: datetime | Unanswered | None
    """When its metric had data last, of the last two days; None if it had none."""


@dataclass(frozen=True, slots=True)
class TableState:
    """A table."""

    name: str
    protected: bool
    recoverable: bool | None
    """Whether it has point-in-time recovery; None where it must have none."""
    expires: bool | None
    """Whether items expire by their `ttl`; None where none do."""
    stream: str
    """What its stream has of an item; empty without a stream."""


@dataclass(frozen=True, slots=True)
class FunctionState:
    """A function."""

    name: str
    state: str
    last_update: str
    tracing: str
    log_group: str
    asynchronous: bool | None
    """Whether asynchronous invocations are set up otherwise than by default; None: not asked."""


@dataclass(frozen=True, slots=True)
class Concurrency:
    """The containers that an account may run at once, and RecordView's share."""

    limit: int
    unreserved: int
    reserved: int | None


@dataclass(frozen=True, slots=True)
class GatewayState:
    """The HTTP API as it is deployed."""

    routes: frozenset[str]
    """Such as GET /articles/{id}."""
    authorized: frozenset[str]
    """Those of them that have an authorizer."""
    address_type: str
    logs: bool


@dataclass(frozen=True, slots=True)
class LogGroup:
    """A log group, and for how many days it keeps lines; None is for ever."""

    name: str
    days: int | None


@dataclass(frozen=True, slots=True)
class TokenState:
    """A token."""

    name: str
    scopes: tuple[str, ...]
    created: datetime


@dataclass(frozen=True, slots=True)
class DaysState:
    """The days that are over, as the day book has them."""

    closed_until: str | None
    """The day up to which all days are closed."""
    unsealed: Mapping[str, int]
    """Pages without a seal, of the last days, by day."""
    drift: Mapping[str, Mapping[str, int]]
    """Views by which sealed pages differed from their tally, by day and article."""
    pages: int


@dataclass(frozen=True, slots=True)
class MetricsState:
    """The stack's own metrics of the last two weeks, as (service, metric)."""

    names: frozenset[tuple[str, str]]
    tallied: float
    """Views that were tallied in the last two days."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A GET route of docs/openapi.yaml."""

    path: str
    media: Mapping[int, tuple[str, ...]]
    """The media types of a body, by documented status."""
    access: str = ""
    """Whether a token is needed: always or perhaps; empty if not."""
    demands_query: bool = False
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """An answer of the stack's API. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    """Decoded."""

    @property
    def media_type(self) -> str:
        """The media type of the body, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()


@dataclass(frozen=True, slots=True)
class RouteAnswers:
    """How a route answers to GET and to HEAD."""

    operation: Operation
    known: bool
    """Whether what its path names is there."""
    get: HttpAnswer | Unanswered
    head: HttpAnswer | Unanswered


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What the API does beside its routes, in answers to requests that change nothing."""

    preflight: HttpAnswer
    preflight_of_door: HttpAnswer | None
    """Of the address that takes views alone; None if there is none."""
    origin: str
    """The page's origin that the preflight was asked for."""
    without_token: HttpAnswer
    with_wrong_token: HttpAnswer
    with_slash: HttpAnswer
    empty_segment: HttpAnswer
    by_url: HttpAnswer
    feed: HttpAnswer
    feed_head: HttpAnswer
    feed_again: HttpAnswer
    """Asked for with the ETag of the first."""
    compressed: HttpAnswer
    """/openapi.json, asked for in gzip."""
    separated: HttpAnswer | None
    """GET /articles/ID%2Fviews; None if there is no article."""
    feeds: Mapping[str, int]
    """The status of the addresses in feeds.opml, by address."""
    own_domain: bool
    """Whether the API was asked at an address that is not API Gateway's own."""
    health: HttpAnswer
    """Asked as a page of the origin asks."""


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Messages in a queue that should be empty."""

    name: str
    messages: int
