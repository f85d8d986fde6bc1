"""The address of a feed reaches it, whatever is done to its path on the way."""

import asyncio
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from circulation.articles.article import read_submission
from circulation.articles.fields import MAX_NAME
from circulation.articles.listing import Kind, Listing
from circulation.errors import InvalidInput
from circulation.feeds.addresses import feed_path, feed_urls
from circulation.web import parameters
from circulation.web.request import request_of_event
from circulation_cli.local_stack.function import Function
from circulation_cli.local_stack.gateway import Gateway
from circulation_cli.local_stack.template import Template
from tests.builders import submitted

NAMED = [Kind.SECTION, Kind.TAG, Kind.AUTHOR]
Asked = list[dict[str, Any]]


@pytest.fixture(scope="module")
def asked(template: Template) -> Iterator[tuple[Gateway, Asked]]:
    """The gateway before functions that only note what they are asked."""
    events: Asked = []

    def handler(event: Any, _context: object) -> dict[str, Any]:
        events.append(event)
        return {"statusCode": 200, "body": ""}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "function", lambda _, name: Function(name, handler))
        yield Gateway(template, lambda _path: None, "https://count.example"), events


def reached(asked: tuple[Gateway, Asked], path: str, *, decoded: int) -> Listing | None:
    """Tell whose feed a request for a path reaches that was decoded so often; None for no feed."""
    gateway, events = asked
    events.clear()
    raw_path = path.encode("ascii")
    for _ in range(decoded):
        path = unquote(path)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(_message: Any) -> None:
        pass

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": raw_path, "query_string": b"",
        "headers": [], "client": ("127.0.0.9", 1), "http_version": "1.1",
    }  # fmt: skip
    asyncio.run(gateway(scope, receive, send))
    return parameters.listing_of_path(request_of_event(events[0])) if events else None


def admitted(text: str) -> str:
    """Give the name that the rules of an article make of a text, if they make one."""
    try:
        return read_submission("a", submitted(section=text)).article.section
    except InvalidInput:
        assume(condition=False)
        raise


NAMES = (st.text(max_size=MAX_NAME) | st.text("~%?#\\+;&=:@. 2357BEFbef\u00e9漢", max_size=12)).map(
    admitted
)


@pytest.mark.parametrize("kind", NAMED)
@given(name=NAMES, decoded=st.sampled_from([1, 2, 3]))
def test_a_feeds_address_reaches_it_however_often_the_path_is_decoded(
    asked: tuple[Gateway, Asked], kind: Kind, name: str, decoded: int
) -> None:
    listing = Listing(kind, name)
    for url in feed_urls("https://count.example", [listing]):
        # Nothing in it ends, cuts or changes a path: the parts are the whole.
        parts = urlsplit(url)
        assert url == f"https://count.example{parts.path}"
        assert unquote(parts.path).partition("?")[0] == unquote(parts.path)
        assert reached(asked, parts.path, decoded=decoded) == listing


@given(one=NAMES, other=NAMES)
def test_different_names_never_share_an_address(one: str, other: str) -> None:
    paths = {unquote(feed_path(Listing(Kind.TAG, name))) for name in (one, other)}
    assert len(paths) == len({one, other})


@given(name=NAMES)
def test_an_address_that_was_percent_encoded_works_wherever_it_arrives_whole(
    asked: tuple[Gateway, Asked], name: str
) -> None:
    assume("?" not in name)  # where API Gateway cuts
    assume("~" not in name)
    path = f"/tags/{quote(name, safe='')}/feed.rss"
    assert reached(asked, path, decoded=1) == Listing(Kind.TAG, name)
