import feedparser
import httpx
import pytest

from tests.builders import BROWSER, submitted
from tests.end_to_end.stack import Stack, wait_for


def test_an_article_is_published_viewed_counted_and_served_also_after_a_restart(
    own_stack: Stack,
) -> None:
    told = submitted(section="politics", title="Baku asks", views_before=346)
    assert own_stack.publish("264384", told).status_code == 201
    for address in ("127.0.0.11", "127.0.0.12", "127.0.0.13"):
        assert own_stack.view("264384", address).json()["counted"]
    wait_for(lambda: own_stack.views("264384"), 349)
    assert own_stack.view("264384", "127.0.0.12").json() == {
        "article": "264384",
        "views": 349,
        "visitors": 3,
        "counted": False,
        "reason": "repeat",
    }
    assert own_stack.stop() == 0
    own_stack.start()
    assert own_stack.views("264384") == 349
    article = httpx.get(f"{own_stack.url}/articles/264384").json()
    assert (article["views"], article["title"]) == (349, "Baku asks")
    titles = [each.title for each in feedparser.parse(f"{own_stack.url}/feed.rss").entries]
    assert "Baku asks" in titles


def test_the_first_run_has_demo_articles_in_three_sections(stack: Stack) -> None:
    articles = httpx.get(f"{stack.url}/articles").json()["articles"]
    assert len(articles) >= 8
    assert len({each["section"] for each in articles}) == 3


def test_the_demo_site_shows_every_article_with_its_widget(stack: Stack) -> None:
    front = httpx.get(f"{stack.url}/", follow_redirects=True)
    assert front.headers["content-type"] == "text/html; charset=utf-8"
    for each in httpx.get(f"{stack.url}/articles").json()["articles"]:
        assert f'data-views="{each["id"]}"' in front.text
        page = httpx.get(f"{stack.url}/demo/articles/{each['id']}").text
        assert f'data-article="{each["id"]}"' in page
    assert httpx.get(f"{stack.url}/demo/articles/nobody").status_code == 404


def test_problems_are_problem_json_whoever_finds_them(stack: Stack) -> None:
    answers = {
        401: httpx.put(f"{stack.url}/articles/x", json={}),
        403: httpx.put(
            f"{stack.url}/articles/x", json={}, headers={"authorization": "Bearer wrong"}
        ),
        404: httpx.get(f"{stack.url}/nothing/here"),
        413: httpx.post(f"{stack.url}/articles/night-bus/views", content=b"x" * 11_000_000),
        422: stack.publish("x", {}),
    }
    for status, answer in answers.items():
        assert answer.status_code == answer.json()["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_page_of_another_site_may_count_and_read(stack: Stack) -> None:
    origin = {"origin": "https://news.example", "user-agent": BROWSER}
    views = f"{stack.url}/articles/night-bus/views"
    preflight = httpx.options(views, headers=origin | {"access-control-request-method": "POST"})
    assert preflight.status_code == 204
    assert "POST" in preflight.headers["access-control-allow-methods"]
    for answer in (preflight, httpx.get(views, headers=origin), httpx.post(views, headers=origin)):
        assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", ["/articles?section=sport", "/feed.rss", "/widget.js", "/health"])
def test_head_and_304_and_gzip_go_over_the_wire(stack: Stack, path: str) -> None:
    url = stack.url + path
    plain = httpx.get(url, headers={"accept-encoding": "identity"})
    head = httpx.head(url, headers={"accept-encoding": "identity"})
    assert head.status_code == plain.status_code == 200
    assert head.headers["content-length"] == str(len(plain.content))
    assert httpx.get(url, headers={"accept-encoding": "gzip"}).content == plain.content
    if "etag" in plain.headers:
        again = httpx.get(
            url,
            headers={"accept-encoding": "identity", "if-none-match": plain.headers["etag"]},
        )
        assert (again.status_code, again.content) == (304, b"")
