"""Settings: the only reader of the environment, which template.yaml fills from its parameters."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from circulation.publication import FeedStyle, Publication
from circulation.view import OptOuts


class SettingsError(Exception):
    """The environment lacks a setting or holds one that cannot be read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides."""

    ledger_table: str
    library_table: str
    library_adopted_on: str
    """The UTC day since which the ledger belongs to this library; empty where it always has."""
    salts_table: str
    token_parameter: str
    """The name of the SSM parameter that holds the SHA-256 of each publisher token."""
    seal_queue_url: str
    """Where portions of a day that is to be sealed are queued (SQS)."""
    ping_queue_url: str
    """Where feeds that changed are queued for the hub to be told (SQS)."""
    publication: Publication
    feed_style: FeedStyle
    api_url: str
    """Where readers reach the API; empty for the domain that each request came by."""
    sync_feed_url: str
    """The feed that the site's own system gives out; empty where it is not to be taken in."""
    sync_section: str
    """The section of what has none in that feed."""
    repeat_window: timedelta
    opt_outs: OptOuts
    allowed_origins: frozenset[str]
    """The origins whose pages may send views, such as https://news.example; * allows any."""
    origin_secret: str
    """What CloudFront adds to every request, empty when it is not in front."""

    @property
    def own_sites(self) -> tuple[str, ...]:
        """The addresses of the publication: a link from one of them is no referrer."""
        return (self.publication.url, *self.allowed_origins)


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises SettingsError that names what is missing or wrong."""

    def setting(name: str) -> str:
        if not environ.get(name):
            raise SettingsError(f"{name} is not set")
        return environ[name]

    try:
        zone = ZoneInfo(setting("PUBLICATION_ZONE"))
        repeat_window = timedelta(minutes=float(setting("REPEAT_WINDOW_MINUTES")))
        opt_outs = OptOuts(setting("OPT_OUTS"))
        feed_style = FeedStyle(
            items=int(setting("FEED_ITEMS")),
            max_age=60 * int(setting("FEED_MAX_AGE_MINUTES")),
            full_text=setting("FEED_CONTENT") == "full",
            hub=environ.get("WEB_SUB_HUB", ""),
        )
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(
            "PUBLICATION_ZONE, REPEAT_WINDOW_MINUTES, OPT_OUTS, FEED_ITEMS or "
            f"FEED_MAX_AGE_MINUTES: {error}"
        ) from error
    return Settings(
        ledger_table=setting("LEDGER_TABLE"),
        library_table=setting("LIBRARY_TABLE"),
        library_adopted_on=environ.get("LIBRARY_ADOPTED_ON", ""),
        salts_table=setting("SALTS_TABLE"),
        token_parameter=setting("TOKEN_PARAMETER"),
        seal_queue_url=setting("SEAL_QUEUE_URL"),
        ping_queue_url=setting("PING_QUEUE_URL"),
        publication=Publication(
            title=setting("PUBLICATION_TITLE"),
            url=setting("PUBLICATION_URL"),
            description=setting("PUBLICATION_DESCRIPTION"),
            language=setting("PUBLICATION_LANGUAGE"),
            zone=zone,
            image=environ.get("PUBLICATION_IMAGE", ""),
            feed_authority=environ.get("FEED_AUTHORITY", ""),
        ),
        feed_style=feed_style,
        api_url=environ.get("API_URL", "").rstrip("/"),
        sync_feed_url=environ.get("SYNC_FEED_URL", ""),
        sync_section=environ.get("SYNC_SECTION", "news"),
        repeat_window=repeat_window,
        opt_outs=opt_outs,
        allowed_origins=frozenset(
            origin.strip().lower().rstrip("/") for origin in setting("ALLOWED_ORIGINS").split(",")
        ),
        origin_secret=environ.get("ORIGIN_SECRET", ""),
    )


def in_lambda() -> bool:
    """Tell whether this process is a Lambda container."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ
