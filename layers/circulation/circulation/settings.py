"""Settings: the only reader of the environment, which template.yaml fills from its parameters."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from circulation.urls import web_address

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from circulation.articles.publication import FeedStyle, Publication
    from circulation.mail.mailbox import Mailbox
    from circulation.mail.sender import Plan, Sender
    from circulation.mail.webhook import Webhook
    from circulation.views.hit import OptOuts
    from circulation.views.own_networks import Network

T = TypeVar("T")


class SettingsError(Exception):
    """The environment lacks a setting or holds one that cannot be read."""


class SettingMissing(SettingsError):  # noqa: N818  what it is
    """The environment lacks a setting: no function of the deployment has it."""


class Settings:
    """What a deployment decides: each setting is read on first use, as only some functions have it.

    A variable must be in the environment even where it may be empty: a function that was left
    without one fails and says which, instead of working as if there were no such setting.
    Reading a setting raises SettingsError that names the variable that is missing or wrong.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._environ = environ

    @cached_property
    def direct_endpoint(self) -> str:
        """Where DynamoDB is called without the SDK; empty where the SDK makes every call."""
        return self._address("DIRECT_ENDPOINT")

    @property
    def environment(self) -> Mapping[str, str]:
        """What clients of AWS read their credentials and their region from."""
        return self._environ

    @cached_property
    def ledger_table(self) -> str:
        """The name of the ledger's table."""
        return self._text("LEDGER_TABLE")

    @cached_property
    def library_table(self) -> str:
        """The name of the library's table."""
        return self._text("LIBRARY_TABLE")

    @cached_property
    def library_adopted_on(self) -> str:
        """The UTC day since which the ledger is this library's; empty where it always has been."""
        return self._optional("LIBRARY_ADOPTED_ON")

    @cached_property
    def salts_table(self) -> str:
        """The name of the salts' table."""
        return self._text("SALTS_TABLE")

    @cached_property
    def seal_queue_url(self) -> str:
        """The SQS queue URL of the sealing jobs."""
        return self._text("SEAL_QUEUE_URL")

    @cached_property
    def ping_queue_url(self) -> str:
        """The SQS queue URL of the feeds of which the hub is to be told."""
        return self._text("PING_QUEUE_URL")

    @cached_property
    def subscribers_table(self) -> str:
        """The name of the subscribers' table."""
        return self._text("SUBSCRIBERS_TABLE")

    @cached_property
    def letter_queue_url(self) -> str:
        """The SQS queue URL of single mails: what somebody asked for on a page."""
        return self._text("LETTER_QUEUE_URL")

    @cached_property
    def digest_queue_url(self) -> str:
        """The SQS queue URL of a digest's portions."""
        return self._text("DIGEST_QUEUE_URL")

    @cached_property
    def mail_configuration(self) -> str:
        """The name of SES's configuration set, whose events are recorded."""
        return self._text("MAIL_CONFIGURATION")

    @cached_property
    def sends_mail(self) -> bool:
        """Whether the stack sends mail, and so has digests."""
        return bool(self._optional("MAIL_SENDER"))

    @cached_property
    def sender(self) -> Sender:
        """Who sends mails, and must be named in them."""
        from circulation.mail.mailbox import read_mailbox  # noqa: PLC0415  mail alone needs it
        from circulation.mail.sender import Sender  # noqa: PLC0415

        return Sender(
            self._parsed("MAIL_SENDER", read_mailbox),
            self._text("MAIL_PUBLISHER"),
            self._text("MAIL_POSTAL_ADDRESS"),
        )

    @cached_property
    def mail_url(self) -> str:
        """Where the links in mails lead: the API's own address unless ApiUrl names another."""
        return self._parsed("MAIL_URL", web_address).rstrip("/")

    @cached_property
    def digest_plan(self) -> Plan:
        """When digests are sent."""
        from circulation.mail.sender import Plan, read_weekday  # noqa: PLC0415

        return Plan(
            self._parsed("DIGEST_HOUR", int), self._parsed("DIGEST_DAY", read_weekday), self.zone
        )

    @cached_property
    def report_to(self) -> tuple[Mailbox, ...]:
        """Who gets reports and alerts by mail."""
        from circulation.mail.mailbox import read_mailbox  # noqa: PLC0415

        if not self._optional("REPORT_TO"):
            return ()
        return self._parsed("REPORT_TO", lambda text: tuple(map(read_mailbox, text.split(","))))

    @cached_property
    def report_secret(self) -> bytes:
        """What the webhook is signed with; empty where there is none."""
        from circulation.mail.webhook import read_secret  # noqa: PLC0415

        text = self._optional("REPORT_SECRET")
        try:
            return read_secret(text) if text else b""
        except ValueError:  # without the text, which nobody is to read in a log
            raise SettingsError("REPORT_SECRET is none such as whsec_MfKQ9r8G") from None

    @cached_property
    def report_webhook(self) -> Webhook | None:
        """What is sent reports and alerts, signed; None where nothing is."""
        from circulation.mail.webhook import Webhook  # noqa: PLC0415

        url = self._address("REPORT_WEBHOOK")
        return Webhook(url, self.report_secret) if url else None

    @cached_property
    def mails_per_second(self) -> float:
        """How many mails of a digest are sent in a second."""
        return self._parsed("MAILS_PER_SECOND", float)

    @cached_property
    def confirmations_per_day(self) -> int:
        """How many mails in a UTC day may ask whether somebody wants to subscribe."""
        return self._parsed("CONFIRMATIONS_PER_DAY", int)

    @cached_property
    def recommends_by_mail(self) -> bool:
        """Whether the stack sends readers' recommendations."""
        return self._text("RECOMMEND_BY_MAIL") == "on"

    @cached_property
    def tally_window(self) -> int:
        """Seconds for which views are gathered before they are tallied."""
        return self._parsed("TALLY_WINDOW_SECONDS", int)

    @cached_property
    def public_statistics(self) -> bool:
        """Whether anybody may see the statistics."""
        return self._text("PUBLIC_STATISTICS") == "true"

    @cached_property
    def publication_url(self) -> str:
        """The address of the site."""
        return self._parsed("PUBLICATION_URL", web_address)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone that times are shown in."""
        return self._parsed("PUBLICATION_ZONE", _zone)

    @cached_property
    def publication(self) -> Publication:
        """The site."""
        from circulation.articles.publication import Publication  # noqa: PLC0415  views need none

        return Publication(
            title=self._text("PUBLICATION_TITLE"),
            url=self.publication_url,
            description=self._text("PUBLICATION_DESCRIPTION"),
            language=self._text("PUBLICATION_LANGUAGE"),
            zone=self.zone,
            image=self._address("PUBLICATION_IMAGE"),
            feed_authority=self._optional("FEED_AUTHORITY"),
            section_url=self._page_url("SECTION_URL"),
            tag_url=self._page_url("TAG_URL"),
            author_url=self._page_url("AUTHOR_URL"),
        )

    @cached_property
    def hub(self) -> str:
        """The WebSub hub that is told of changes; empty when there is none."""
        return self._address("WEB_SUB_HUB")

    @cached_property
    def feed_style(self) -> FeedStyle:
        """What the publication decides about its feeds."""
        from circulation.articles.publication import FeedStyle  # noqa: PLC0415  likewise

        return FeedStyle(
            items=self._parsed("FEED_ITEMS", int),
            max_age=60 * self._parsed("FEED_MAX_AGE_MINUTES", int),
            full_text=self._text("FEED_CONTENT") == "full",
            hub=self.hub,
        )

    @cached_property
    def api_url(self) -> str:
        """Where readers reach the API; empty for the domain that each request came by."""
        return self._address("API_URL").rstrip("/")

    @cached_property
    def sync_feed_url(self) -> str:
        """The feed that the site's own system gives out; empty where it is not to be taken in."""
        return self._address("SYNC_FEED_URL")

    @cached_property
    def sync_section(self) -> str:
        """The section of what has none in that feed."""
        return self._text("SYNC_SECTION")

    @cached_property
    def repeat_window(self) -> timedelta:
        """How long a visitor's next view of an article is a repeat; none when every load counts."""
        return timedelta(minutes=self._parsed("REPEAT_WINDOW_MINUTES", float))

    @cached_property
    def opt_outs(self) -> OptOuts:
        """What becomes of views whose browser objects to being counted."""
        from circulation.views.hit import OptOuts  # noqa: PLC0415  only what takes hits needs it

        return self._parsed("OPT_OUTS", OptOuts)

    @cached_property
    def allowed_origins(self) -> frozenset[str]:
        """The origins whose pages may send views, such as https://news.example; * allows any.

        As browsers write them, which the template sees to: API Gateway compares letter by letter.
        """
        return frozenset(self._text("ALLOWED_ORIGINS").split(","))

    @cached_property
    def own_sites(self) -> tuple[str, ...]:
        """The addresses of the publication: a link from one of them is no referrer."""
        return (self.publication_url, *self.allowed_origins)

    @cached_property
    def own_networks(self) -> tuple[Network, ...]:
        """The publication's own networks, whose views are left out; usually none."""
        if not self._optional("OWN_NETWORKS"):
            return ()
        from circulation.views.own_networks import read_networks  # noqa: PLC0415  hits alone need it

        return self._parsed("OWN_NETWORKS", read_networks)

    @cached_property
    def origin_secret(self) -> str:
        """What CloudFront adds to every request, empty when it is not in front."""
        return self._optional("ORIGIN_SECRET")

    def _optional(self, name: str) -> str:
        """Read a variable that may be empty."""
        try:
            return self._environ[name]
        except KeyError as error:
            raise SettingMissing(f"{name} is not set") from error

    def _text(self, name: str) -> str:
        """Read a variable that may not be empty."""
        text = self._optional(name)
        if not text:
            raise SettingsError(f"{name} is empty")
        return text

    def _address(self, name: str) -> str:
        """Read a web address in normal form; an empty one stays so."""
        return self._parsed(name, web_address) if self._optional(name) else ""

    def _page_url(self, name: str) -> str:
        """Read the address of pages, with a place for a name; an empty one stays so."""
        return self._parsed(name, _page_form) if self._optional(name) else ""

    def _parsed(self, name: str, parse: Callable[[str], T]) -> T:
        """Read a variable that stands for something else than text; parse raises ValueError."""
        text = self._text(name)
        try:
            return parse(text)
        except ValueError as error:
            raise SettingsError(f"{name} cannot be {text!r}: {error}") from error


def stack_name() -> str:
    """Give the name of the deployment, by which its metrics are told from another's."""
    return os.environ["STACK_NAME"]


def in_lambda() -> bool:
    """Tell whether this process is a Lambda container."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def _page_form(text: str) -> str:
    """Check the address of pages in which PLACE stands for a name. Raises ValueError."""
    from circulation.articles.publication import PLACE  # noqa: PLC0415  views need no publication

    if PLACE not in text:
        raise ValueError(f"it has no {PLACE}")
    web_address(text.replace(PLACE, "name"))
    return text


def _zone(name: str) -> ZoneInfo:
    """Find a zone by its IANA name. Raises ValueError for whatever else the name may be.

    zoneinfo raises KeyError for a name that it does not know, and errors of the file system for one
    that leads to a folder (Europe), or has characters that no file's name may have.
    """
    from zoneinfo import ZoneInfo  # noqa: PLC0415  views need no zone

    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError) as error:
        raise ValueError("the IANA database has no such zone (Asia/Baku is one)") from error
