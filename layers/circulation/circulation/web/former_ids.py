"""Routes of an article that also answer under its former ids."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from circulation.errors import ArticleGone, ArticleNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from circulation.articles.addresses import Addresses
    from circulation.web.handler import Route
    from circulation.web.request import Request
    from circulation.web.response import Response


def following_former_ids(
    routes: Mapping[str, Route], addresses: Callable[[], Addresses]
) -> dict[str, Route]:
    """Make every route of an article ({id}) answer for the article that a former id leads to.

    The addresses are read only if there is no article under the id. An error is of the id that was
    asked for, so that the other one of an article that is to appear later is not revealed.
    """
    return {
        key: _following(route, addresses) if "{id}" in key else route
        for key, route in routes.items()
    }


def _following(route: Route, addresses: Callable[[], Addresses]) -> Route:
    def answer(request: Request) -> Response:
        try:
            return route(request)
        except (ArticleNotFound, ArticleGone):
            other = addresses().of_former_id(request.path["id"])
            while other is not None:
                with suppress(ArticleNotFound, ArticleGone):
                    return route(replace(request, path={**request.path, "id": other}))
                other = addresses().of_former_id(other)
            raise

    return answer
