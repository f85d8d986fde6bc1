"""Who is let through to the publisher's routes, and what each of these demands itself."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from circulation.access.tokens import Scope, Token, sha256_of
from circulation.errors import StoreUnavailable
from circulation.runtime import Container
from circulation_cli.local_stack.template import Template
from contract.write import contract
from functions import authorize_publisher
from tests.builders import NOW, TOKEN, http_event, submitted


def add(store: Container, name: str, secret: str, *scopes: Scope) -> None:
    store.tokens.add(Token(name, sha256_of(secret), frozenset(scopes or Scope), NOW))


def answered(header: str | None, at: datetime = NOW) -> dict[str, Any]:
    headers = {} if header is None else {"authorization": header}
    event = http_event("PUT /articles/{id}", headers=headers, at=at, scopes=None)
    return authorize_publisher.handler(event, None)


def allowed(header: str | None, at: datetime = NOW) -> bool:
    return bool(answered(header, at)["isAuthorized"])


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer  {TOKEN} "])
def test_a_publishers_token_is_let_through_with_its_name_and_scopes(
    store: Container, header: str
) -> None:
    add(store, "cms", TOKEN)
    assert answered(header) == {
        "isAuthorized": True,
        "context": {"publisher": "cms", "scopes": "publish read"},
    }


@pytest.mark.parametrize(
    "header",
    [
        None, "", TOKEN, f"Basic {TOKEN}", "Bearer", "Bearer ", f"Bearer {TOKEN.upper()}",
        f"Bearer {sha256_of(TOKEN)}", f"Bearer {TOKEN},Bearer {TOKEN}", f"Bearer {TOKEN} {TOKEN}",
        "Bearer é", "Bearer \0", "Bearer " + "x" * 10_000,
    ],
)  # fmt: skip
def test_anything_else_is_not(store: Container, header: str | None) -> None:
    add(store, "cms", TOKEN)
    assert answered(header) == {"isAuthorized": False}


@pytest.mark.usefixtures("store")
def test_without_any_token_nobody_is_let_through() -> None:
    assert not allowed(f"Bearer {TOKEN}")


def test_while_tokens_are_rotated_the_old_and_the_new_one_are_let_through(store: Container) -> None:
    add(store, "old", TOKEN)
    assert allowed(f"Bearer {TOKEN}")
    add(store, "new", "fresh")
    assert allowed("Bearer fresh")
    assert allowed(f"Bearer {TOKEN}")
    store.tokens.revoke("old")
    assert not allowed(f"Bearer {TOKEN}", NOW + timedelta(minutes=1))
    assert allowed("Bearer fresh", NOW + timedelta(minutes=1))


def test_while_the_table_fails_who_is_known_is_let_in_and_nobody_gets_an_error(
    store: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, "cms", TOKEN)
    assert allowed(f"Bearer {TOKEN}")

    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(store.tokens, "all", fail)
    later = NOW + timedelta(minutes=59)
    assert allowed(f"Bearer {TOKEN}", later)
    assert answered("Bearer unknown", later) == {"isAuthorized": False}


def guarded(template: Template) -> list[tuple[str, str]]:
    return [
        (each.function, f"{each.method} {each.path}")
        for each in template.routes()
        if each.authorizer
    ]


def ask(template: Template, function: str, route: str, **event: Any) -> dict[str, Any]:
    asked = http_event(route, path={"id": "a"}, body=submitted(), **event)
    answer: dict[str, Any] = template.function(function).handler(asked, None)
    return answer


@pytest.mark.usefixtures("store")
def test_what_leads_past_the_gateway_leads_nowhere(template: Template) -> None:
    routes = guarded(template)
    assert len(routes) > 4
    for function, route in routes:
        answer = ask(template, function, route, scopes=None, headers={"authorization": "Bearer x"})
        assert answer["statusCode"] == 401, route
        assert answer["headers"]["www-authenticate"] == "Bearer"
        assert answer["headers"]["content-type"] == "application/problem+json"


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("authorizer", [None, {}, {"lambda": None}, {"lambda": {}}])
def test_an_authorizer_that_says_nothing_lets_nobody_in(
    template: Template, authorizer: dict[str, Any] | None
) -> None:
    for function, route in guarded(template):
        event = http_event(route, path={"id": "a"}, body=submitted())
        event["requestContext"]["authorizer"] = authorizer
        assert template.function(function).handler(event, None)["statusCode"] == 401


@pytest.mark.usefixtures("store")
def test_each_route_demands_the_scope_that_the_contract_says(template: Template) -> None:
    for function, route in guarded(template):
        method, _, path = route.partition(" ")
        operation = contract()["paths"][path]["get" if method == "HEAD" else method.lower()]
        ((scope,),) = [told["publisher"] for told in operation["security"]]
        others = " ".join(each for each in Scope if each != scope)
        for scopes in ("", others, f"{others} {scope}s", scope.upper()):
            answer = ask(template, function, route, scopes=scopes)
            assert answer["statusCode"] == 403, (route, scopes)
            challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
            assert answer["headers"]["www-authenticate"] == challenge
            if method != "HEAD":
                assert scope in json.loads(answer["body"])["detail"]
        assert ask(template, function, route, scopes=scope)["statusCode"] not in (401, 403)
