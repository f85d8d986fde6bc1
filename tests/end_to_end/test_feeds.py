import feedparser
import httpx

from circulation.web.cursors import cursor_of
from tests.builders import submitted
from tests.end_to_end.stack import Stack


def titles(stack: Stack, path: str) -> list[str]:
    return [each.title for each in feedparser.parse(httpx.get(stack.url + path).content).entries]


def test_a_change_shows_at_once_and_only_where_it_belongs(stack: Stack) -> None:
    city, sea = "/sections/C%C9%99nub%20%26%20%25/feed.atom", "/tags/sea~3F/feed.rss"
    told = submitted(section="Cənub & %", tags=["sea?"], title="First")
    assert httpx.get(stack.url + city).status_code == 404
    assert stack.publish("feed-journey", told).status_code == 201
    assert titles(stack, city) == titles(stack, sea) == ["First"]
    assert "First" in titles(stack, "/feed.rss?before=" + cursor_of("2026-04-01T00:00:00Z#z"))
    (guid,) = [each.id for each in feedparser.parse(stack.url + city).entries]
    stack.publish("feed-journey", told | {"title": "Second"})
    (entry,) = feedparser.parse(stack.url + city).entries
    assert (entry.title, entry.id) == ("Second", guid)
    stack.publish("feed-journey", told | {"title": "Second", "section": "elsewhere"})
    assert httpx.get(stack.url + city).status_code == 410
    assert titles(stack, "/sections/elsewhere/feed.rss") == titles(stack, sea) == ["Second"]
    authorization = {"authorization": "Bearer t0ken"}
    httpx.delete(f"{stack.url}/articles/feed-journey", headers=authorization)
    assert httpx.get(stack.url + sea).status_code == 410
    assert "Second" not in titles(stack, "/feed.rss?before=" + cursor_of("2026-04-01T00:00:00Z#z"))


def test_a_name_with_a_slash_is_no_route(stack: Stack) -> None:
    assert stack.publish("slash", submitted(id="slash", section="a/b")).status_code == 422
    assert httpx.get(f"{stack.url}/sections/a%2Fb/feed.rss").status_code == 404
