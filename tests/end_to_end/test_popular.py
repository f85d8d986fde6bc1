from functools import partial
from typing import Any

import httpx

from tests.builders import submitted
from tests.end_to_end.stack import Stack, wait_for


def ids(stack: Stack, **query: str) -> list[str]:
    answer = httpx.get(f"{stack.url}/popular", params=query)
    return [each["id"] for each in answer.json()["articles"]]


def test_articles_that_are_viewed_become_popular_and_show_when(own_stack: Stack) -> None:
    for name, section in (("twice", "politics"), ("once", "economy"), ("never", "politics")):
        own_stack.publish(name, submitted(id=name, section=section))
    for name, address in (("twice", "127.0.0.11"), ("once", "127.0.0.11"), ("twice", "127.0.0.12")):
        assert own_stack.view(name, address).json()["counted"]
    wait_for(lambda: (own_stack.views("twice"), own_stack.views("once")), (2, 1))
    own_stack.stop()
    own_stack.start()  # the ranking is woken once at the start
    for window in ("1h", "24h", "7d", "30d"):
        wait_for(partial(ids, own_stack, window=window), ["twice", "once"])
    assert ids(own_stack, section="politics") == ["twice"]
    views = f"{own_stack.url}/articles/twice/views"
    assert sum(each["views"] for each in httpx.get(f"{views}/daily").json()["days"]) == 2
    assert sum(each["views"] for each in httpx.get(f"{views}/hourly").json()["hours"]) == 2


def popular_of(stack: Stack) -> dict[str, Any]:
    popular: dict[str, Any] = httpx.get(f"{stack.url}/popular", params={"window": "all"}).json()
    return popular


def test_a_new_stack_knows_the_most_read_of_its_demo_articles(stack: Stack) -> None:
    wait_for(lambda: popular_of(stack)["as_of"] is not None, expected=True)
    popular = popular_of(stack)
    views = [each["window_views"] for each in popular["articles"]]
    assert views == sorted(views, reverse=True)
    assert len(views) >= 5
    front = httpx.get(f"{stack.url}/demo/").text
    most_read = front[front.index("Most read") : front.index("</aside>")]
    for each in popular["articles"][:5]:
        assert each["title"] in most_read
        assert f'data-views="{each["id"]}"' in most_read
