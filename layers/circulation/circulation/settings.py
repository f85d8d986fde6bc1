"""Settings: the only reader of the environment, which template.yaml fills from its parameters."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from circulation.publication import Publication


class SettingsError(Exception):
    """The environment lacks a setting or holds one that cannot be read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides."""

    ledger_table: str
    library_table: str
    salts_table: str
    token_parameter: str
    """The name of the SSM parameter that holds the publisher token's SHA-256."""
    publication: Publication
    repeat_window: timedelta
    respect_opt_outs: bool
    """Whether Sec-GPC and DNT keep a view from being counted."""


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises SettingsError that names what is missing or wrong."""

    def setting(name: str) -> str:
        if not environ.get(name):
            raise SettingsError(f"{name} is not set")
        return environ[name]

    try:
        zone = ZoneInfo(setting("PUBLICATION_ZONE"))
        repeat_window = timedelta(minutes=float(setting("REPEAT_WINDOW_MINUTES")))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SettingsError(f"PUBLICATION_ZONE or REPEAT_WINDOW_MINUTES: {error}") from error
    return Settings(
        ledger_table=setting("LEDGER_TABLE"),
        library_table=setting("LIBRARY_TABLE"),
        salts_table=setting("SALTS_TABLE"),
        token_parameter=setting("TOKEN_PARAMETER"),
        publication=Publication(
            title=setting("PUBLICATION_TITLE"),
            url=setting("PUBLICATION_URL"),
            description=setting("PUBLICATION_DESCRIPTION"),
            language=setting("PUBLICATION_LANGUAGE"),
            zone=zone,
        ),
        repeat_window=repeat_window,
        respect_opt_outs=setting("RESPECT_OPT_OUTS") == "true",
    )


def in_lambda() -> bool:
    """Tell whether this process is a Lambda container."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ
