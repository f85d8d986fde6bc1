"""Stores on tables in memory, where a call takes a small part of the time that it takes in moto."""

from functools import cache
from typing import Any, cast

from circulation.aws.backoff import Backoff
from circulation.runtime import Container
from circulation.settings import Settings
from tests.simulation.conftest import settings_of_world
from tests.simulation.dynamodb import AT_ONCE, DynamoDB, Fate


def metered_tables(client: type[DynamoDB] = DynamoDB) -> DynamoDB:
    """Make tables that never fail, and that add up what is read of them."""
    return client(lambda _: Fate.DONE, lambda *_: None, metered=True)


def store_on(dynamodb: DynamoDB, backoff: Backoff = AT_ONCE) -> Container:
    """Make a store on tables in memory."""
    return Container(_settings(), cast("Any", dynamodb), backoff)


def store_in_memory() -> Container:
    """Make a store on tables of its own."""
    return store_on(metered_tables())


@cache
def _settings() -> Settings:
    """Read the template once."""
    return settings_of_world()
