"""The outbox in Chromium: what a mail says is shown, and nothing that is in it happens."""

import json
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import SMTP

import boto3
import pytest

from tests.browser.conftest import Browser, page
from tests.browser.site import Relay, Site
from tests.end_to_end.conftest import running
from tests.end_to_end.stack import Stack, wait_for


@pytest.fixture(scope="module")
def relay() -> Iterator[Relay]:
    """What remembers every request to the stack, whose pages it is in front of."""
    relay = Relay("")
    with relay.serving():
        yield relay


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, relay: Relay) -> Iterator[Stack]:
    for stack in running(tmp_path_factory.mktemp("outbox") / "state", f"--url={relay.url}"):
        # The port that the command says is the relay's.
        relay.target = environment_of(stack)["CIRCULATION_URL"].removeprefix("http://")
        yield stack


def environment_of(stack: Stack) -> dict[str, str]:
    environment: dict[str, str] = json.loads((stack.state / "environment.json").read_text())
    return environment


def send(stack: Stack, html: str, unsubscribe: str) -> str:
    """Send a mail as the functions do; give the path of its page."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "A mail"
    message["List-Unsubscribe"] = f"<{unsubscribe}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Its text")
    message.add_alternative(html, subtype="html")
    client = boto3.client(
        "sesv2",
        endpoint_url=environment_of(stack)["AWS_ENDPOINT_URL_SESV2"],
        region_name="eu-central-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    sent = client.send_email(
        FromEmailAddress="news@daily.example",
        Destination={"ToAddresses": ["sam@mail.example"]},
        Content={"Raw": {"Data": message.as_bytes()}},
    )
    return f"/demo/outbox/{sent['MessageId']}"


def hostile(url: str) -> str:
    """Write a document that asks for an address in every way that it can by itself."""
    return page(
        f"""
        <script>fetch("{url}/script"); top.location = "{url}/top"; document.title = "ran"</script>
        <img src="{url}/image" onerror="fetch('{url}/handler')"><iframe src="{url}/frame"></iframe>
        <object data="{url}/object"></object><embed src="{url}/embed">
        <video src="{url}/video"></video>
        <p style="background: url({url}/background)">Its HTML</p>
        <form action="{url}/form" method="post"><button>Send</button></form>""",
        head=f"""<meta http-equiv="refresh" content="0;url={url}/refresh">
        <link rel="stylesheet" href="{url}/style"><style>@import "{url}/import";</style>""",
    )


def test_nothing_in_a_mail_runs_or_is_fetched(
    stack: Stack, relay: Relay, site: Site, browser: Browser
) -> None:
    path = send(stack, hostile(f"{relay.url}/hostile"), f"{relay.url}/unsubscribe")
    driver = browser.driver
    for number, shown in enumerate((path, f"{path}/html")):
        browser.open(f"{relay.url}{shown}")
        opened = driver.current_window_handle
        # By when the same document has asked for it where it may, this one has had its time.
        control = f"/control-{number}"
        driver.switch_to.new_window("tab")
        browser.start(site.put("/free", hostile(f"{relay.url}{control}")))
        wait_for(lambda control=control: relay.count(control) > 3, expected=True)  # type: ignore[misc]
        driver.close()
        driver.switch_to.window(opened)
        assert browser.run("return location.pathname") == shown
        assert browser.run("return document.title") != "ran"
    assert relay.count(f"{path}/html") == 2  # the frame, and the page of its own
    assert relay.count("/hostile") == 0


def test_the_unsubscribe_button_posts_once_and_without_cookies(
    stack: Stack, relay: Relay, browser: Browser
) -> None:
    path = send(stack, "<p>Its HTML", f"{relay.url}/subscriptions/key/unsubscribe")
    browser.open(f"{relay.url}{path}")
    before = len(relay.views())
    browser.run("document.querySelector('.unsubscribe button').click()")
    wait_for(lambda: browser.text("h1"), "Nothing to end")
    (asked,) = relay.views()[before:]
    assert asked.path == "/subscriptions/key/unsubscribe"
    assert asked.body == b"List-Unsubscribe=One-Click"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "cookie" not in asked.headers


def test_a_link_of_a_mail_opens_in_a_tab_of_its_own(
    stack: Stack, relay: Relay, browse: Callable[..., Browser]
) -> None:
    browser = browse()  # which has no other windows
    path = send(stack, f'<a href="{relay.url}/demo/">The front page</a>', f"{relay.url}/u")
    browser.open(f"{relay.url}{path}")
    driver = browser.driver
    driver.switch_to.frame(driver.find_element("css selector", "iframe"))
    wait_for(lambda: len(driver.find_elements("css selector", "a")), 1)
    driver.find_element("css selector", "a").click()
    wait_for(lambda: len(driver.window_handles), 2)
    driver.switch_to.window(driver.window_handles[1])
    wait_for(lambda: browser.text("h1"), "The Daily Example")
    assert browser.run("return window.opener") is None
