import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import html

from circulation.runtime import Container
from circulation.web.response import Response, lambda_answer
from circulation_cli.local_stack.demo.mail_pages import LISTED, MailPages
from circulation_cli.local_stack.mail_events import events_of
from circulation_cli.local_stack.mail_parts import MailParts, read_headers
from circulation_cli.local_stack.outbox import Envelope, Mail, Outbox
from circulation_cli.local_stack.state import State
from tests.builders import HOSTILE_TITLES
from tests.local_stack.machine import START
from tests.local_stack.test_mail_parts import HOSTILE

URL = "http://127.0.0.1:8080"
UNSUBSCRIBE = f"{URL}/subscriptions/key/unsubscribe"
ONE_CLICK = (
    f"List-Unsubscribe: <{UNSUBSCRIBE}>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n"
)
MULTIPART = (
    "Content-Type: multipart/alternative; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nThe <text>\n"
    "--b\nContent-Type: text/html\n\n<p>The html\n--b--"
)


@pytest.fixture
def outbox(state: State, store: Container) -> Outbox:
    assert store.settings
    return Outbox(state)


@pytest.fixture
def pages(outbox: Outbox) -> MailPages:
    return MailPages(outbox, URL)


def put(
    outbox: Outbox,
    raw: bytes,
    mail_id: str = "id",
    recipient: str = "sam@mail.example",
    configuration_set: str = "Mails",
) -> None:
    subject = MailParts(read_headers(raw)).header("Subject")
    envelope = Envelope(
        mail_id, START, "a@b.example", recipient, subject, configuration_set, {"d": "daily"}
    )
    mail = Mail(envelope, raw)
    outbox.add(mail, events_of(mail))


def publish_all(outbox: Outbox) -> None:
    for event in outbox.due_events(START):
        outbox.note_published(event, START + timedelta(seconds=1))


def answered(pages: MailPages, path: str) -> Response:
    response = pages.page(path)
    assert response
    assert lambda_answer(response)["statusCode"] == 200
    return response


def shown(pages: MailPages, path: str) -> Any:
    return html.fromstring(answered(pages, path).body.decode())


def policy(response: Response) -> dict[str, str]:
    directives = response.headers["content-security-policy"].split("; ")
    return {name: value for name, _, value in (each.partition(" ") for each in directives)}


def texts(page: Any, query: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in page.xpath(query)]


def test_an_empty_outbox_says_so(pages: MailPages) -> None:
    page = shown(pages, "/demo/outbox")
    assert texts(page, "//h1") == ["Outbox"]
    assert "No mail has been sent yet." in texts(page, "//main/p")


def test_the_list_has_the_newest_first_with_time_recipient_and_events(
    outbox: Outbox, pages: MailPages
) -> None:
    put(outbox, b"Subject: First\n\n", "1", "bounce@simulator.amazonses.com")
    put(outbox, b"\n", "2", configuration_set="")
    publish_all(outbox)
    page = shown(pages, "/demo/outbox")
    assert texts(page, "//main//h2") == ["(no subject)", "First"]
    assert page.xpath("//main//h2/a/@href") == ["/demo/outbox/2", "/demo/outbox/1"]
    assert texts(page, "//p[@class='meta']") == [
        "15 March 2026 [03:50:00] sam@mail.example",
        "15 March 2026 [03:50:00] bounce@simulator.amazonses.com",
    ]
    assert texts(page, "//p[@class='events']") == ["no events", "Send, Bounce"]


def test_a_long_outbox_says_how_many_it_does_not_list(outbox: Outbox, pages: MailPages) -> None:
    for number in range(LISTED + 2):
        put(outbox, b"\n", f"{number}")
    page = shown(pages, "/demo/outbox")
    assert len(page.xpath("//main//li")) == LISTED
    assert texts(page, "//p[@class='note']")[-1] == "2 older ones are not listed."


def test_a_mail_is_shown_with_its_parts_headers_and_events(
    outbox: Outbox, pages: MailPages
) -> None:
    put(outbox, f"Subject: News\n{ONE_CLICK}{MULTIPART}".encode())
    publish_all(outbox)
    page = shown(pages, "/demo/outbox/id")
    assert texts(page, "//h1") == ["News"]
    assert page.xpath("//h2[@id='text']/following-sibling::pre")[0].text == "The <text>"
    (frame,) = page.iter("iframe")
    assert frame.get("src") == "/demo/outbox/id/html"
    assert frame.get("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
    assert texts(page, "//summary") == [
        "Send 15 March 2026 [03:50:01]",
        "Delivery 15 March 2026 [03:50:01]",
    ]
    fields = dict(zip(texts(page, "//main//dt"), texts(page, "//main//dd"), strict=True))
    assert fields["List-Unsubscribe"] == f"<{UNSUBSCRIBE}>"
    assert fields["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (fields["SES message id"], fields["SES tag d"]) == ("id", "daily")


def test_an_event_that_is_still_to_come_says_when(outbox: Outbox, pages: MailPages) -> None:
    put(outbox, b"\n")
    summaries = texts(shown(pages, "/demo/outbox/id"), "//summary")
    assert summaries[0] == "Send due 15 March 2026 [03:50:00]"


def test_the_unsubscribe_button_asks_as_a_mail_program_does(
    outbox: Outbox, pages: MailPages
) -> None:
    put(outbox, f"{ONE_CLICK}\n".encode())
    page = shown(pages, "/demo/outbox/id")
    (form,) = page.xpath("//main//form")
    assert (form.get("method"), form.get("action")) == ("post", UNSUBSCRIBE)
    assert form.get("enctype") is None
    assert form.form_values() == [("List-Unsubscribe", "One-Click")]
    assert policy(answered(pages, "/demo/outbox/id"))["form-action"] == URL


@pytest.mark.parametrize(
    "lines",
    [
        "",
        f"List-Unsubscribe: <{UNSUBSCRIBE}>\n",
        ONE_CLICK.replace(URL, "https://evil.example"),
        ONE_CLICK.replace(URL, f"{URL}.evil.example"),
        ONE_CLICK.replace(URL, f"{URL}@evil.example"),
        ONE_CLICK.replace(URL, "http://127.0.0.1:80801"),
    ],
)
def test_no_button_leads_to_another_site(outbox: Outbox, pages: MailPages, lines: str) -> None:
    put(outbox, f"{lines}\n".encode())
    assert not shown(pages, "/demo/outbox/id").xpath("//main//form")
    assert policy(answered(pages, "/demo/outbox/id"))["form-action"] == "'none'"


def test_the_html_part_may_run_and_fetch_nothing(outbox: Outbox, pages: MailPages) -> None:
    put(outbox, MULTIPART.encode())
    response = answered(pages, "/demo/outbox/id/html")
    assert response.content_type == "text/html; charset=utf-8"
    assert response.body.startswith(b"<p>The html")
    rules = policy(response)
    assert rules["default-src"] == "'none'"
    assert {name for name in rules if name.endswith("-src")} == {
        "default-src", "style-src", "img-src"
    }  # fmt: skip
    assert (rules["style-src"], rules["img-src"]) == ("'unsafe-inline'", "data:")
    assert (rules["form-action"], rules["base-uri"]) == ("'none'", "'none'")
    assert rules["sandbox"] == "allow-popups allow-popups-to-escape-sandbox"


def test_links_of_the_html_part_open_in_a_new_tab(outbox: Outbox, pages: MailPages) -> None:
    put(outbox, b"Content-Type: text/html\n\n<!doctype html><title>a</title><p><a href=/b>c")
    body = answered(pages, "/demo/outbox/id/html").body
    assert body.startswith(b"<!doctype html>")
    assert html.fromstring(body.decode()).xpath("//base/@target") == ["_blank"]


@pytest.mark.parametrize(
    ("raw", "source"),
    [(b"A: b\r\n\r\n\xc5\x9e", "A: b\r\n\r\nŞ"), (b"A: b\n\n\xff<b>", "A: b\n\n\\xff<b>")],
)
def test_the_source_is_plain_text(
    outbox: Outbox, pages: MailPages, raw: bytes, source: str
) -> None:
    put(outbox, raw)
    response = answered(pages, "/demo/outbox/id/source")
    assert response.content_type == "text/plain; charset=utf-8"
    assert lambda_answer(response)["body"] == source
    assert lambda_answer(response)["headers"]["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/demo/outbox/", "/demo/outbox/none", "/demo/outbox/id/", "/demo/outbox/id/more",
        "/demo/outbox/id/html/more", "/demo/", "/elsewhere", "/demo/mail.html", "",
    ],
)  # fmt: skip
def test_there_is_nothing_where_nothing_is(outbox: Outbox, pages: MailPages, path: str) -> None:
    put(outbox, b"\n")
    assert pages.page(path) is None


def test_the_style_sheet_fetches_nothing(pages: MailPages) -> None:
    response = answered(pages, "/demo/outbox.css")
    assert response.content_type == "text/css; charset=utf-8"
    assert not re.search(rb"url\(|@import|@font-face", response.body)


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_hostile_title_stays_text(outbox: Outbox, pages: MailPages, title: str) -> None:
    put(outbox, f"Subject: {title}\n{ONE_CLICK}\n{title}".encode())
    for path in ("/demo/outbox", "/demo/outbox/id"):
        page = shown(pages, path)
        assert page.xpath("//script/@src") == ["/widget.js"]
        assert not page.xpath("//i | //main//b | //@*[starts-with(name(), 'on')]")


# The fixtures are shared by the examples: each puts its mail under an id of its own.
@given(raw=HOSTILE)
@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_mail_breaks_a_page(outbox: Outbox, pages: MailPages, raw: bytes) -> None:
    mail_id = f"{outbox.count()}"
    put(outbox, raw, mail_id)
    for path in ("", "/html", "/source"):
        answered(pages, f"/demo/outbox/{mail_id}{path}")
    page = shown(pages, f"/demo/outbox/{mail_id}")
    assert page.xpath("//script/@src") == ["/widget.js"]
