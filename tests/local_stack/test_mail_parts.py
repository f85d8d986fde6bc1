from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation_cli.local_stack.mail_parts import ONE_CLICK, MailParts, read_headers, read_parts

UNSUBSCRIBE = "http://127.0.0.1:8080/subscriptions/key/unsubscribe"


def test_a_mail_has_headers_a_text_and_an_html_part() -> None:
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Şəhər: " + "böyük səhifə " * 12
    message["List-Unsubscribe"] = f"<{UNSUBSCRIBE}>"
    message.set_content("Mətn\n")
    message.add_alternative("<p>مكتبة</p>\n", subtype="html")
    parts = read_parts(message.as_bytes())
    assert parts.header("subject") == "Şəhər: " + "böyük səhifə " * 12
    assert [name for name, _ in parts.headers] == [
        "Subject",
        "List-Unsubscribe",
        "MIME-Version",
        "Content-Type",
    ]
    assert (parts.text, parts.html) == ("Mətn\r\n", "<p>مكتبة</p>\r\n")
    assert read_headers(message.as_bytes()) == parts.headers


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Subject: a\r\n\r\nhello", "hello"),
        (b"Content-Type: text/plain; charset=latin-1\r\n\r\n\xe9", "é"),
        (b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xe9", "\ufffd"),
        (b"Content-Type: text/plain; charset=none-such\r\n\r\nhello", "hello"),
        (b"Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=", "hello"),
        (b"Content-Type: multipart/mixed\r\n\r\nno parts", ""),
        (b"Content-Type: text/html\r\n\r\n<p>", ""),
        (b"", ""),
    ],
)
def test_a_text_is_read_in_whatever_form_it_comes(raw: bytes, text: str) -> None:
    assert read_parts(raw).text == text


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (b"Subject: =?utf-8?q?=C5=9E?=", "Ş"),
        (b"Subject: =?none-such?q?a?=", "=?none-such?q?a?="),
        (b"Subject: =?utf-8?b?a?=", "=?utf-8?b?a?="),
        (b"Subject: a\r\n b", "a b"),
        (b"Subject: \xff", "?"),
        (b"Subject:", ""),
    ],
)
def test_a_header_is_decoded_or_left_as_it_is(line: bytes, value: str) -> None:
    assert read_parts(line + b"\r\n\r\n").header("Subject") == value


def headers(*lines: tuple[str, str]) -> MailParts:
    return MailParts(list(lines))


POST = ("List-Unsubscribe-Post", ONE_CLICK)


@pytest.mark.parametrize(
    "value",
    [
        f"<{UNSUBSCRIBE}>",
        f"<mailto:a@b.example>, <{UNSUBSCRIBE}>",
        f"<{UNSUBSCRIBE}>, <mailto:a@b.example>",
        f" < {UNSUBSCRIBE} >",
    ],
)
def test_a_mail_that_says_so_can_be_unsubscribed_from_with_one_click(value: str) -> None:
    assert headers(("list-unsubscribe", value), POST).one_click_url == UNSUBSCRIBE


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [("List-Unsubscribe", f"<{UNSUBSCRIBE}>")],
        [POST],
        [("List-Unsubscribe", "<mailto:a@b.example>"), POST],
        [("List-Unsubscribe", UNSUBSCRIBE), POST],
        [("List-Unsubscribe", "<javascript:alert(1)>"), POST],
        [("List-Unsubscribe", f"<{UNSUBSCRIBE}>"), ("List-Unsubscribe-Post", "Yes")],
        [("List-Unsubscribe", f"<{UNSUBSCRIBE}>"), POST, POST],
        [("List-Unsubscribe", f"<{UNSUBSCRIBE}>")] * 2 + [POST],
    ],
)
def test_a_mail_that_breaks_the_rules_cannot(lines: list[tuple[str, str]]) -> None:
    assert headers(*lines).one_click_url == ""


FRAGMENTS = [
    b"Subject: ", b"From: ", b"Content-Type: ", b"Content-Transfer-Encoding: ", b"\r\n", b"\n",
    b"\r", b"\x00", b"\xff", b" ", b"\t", b"=?utf-8?b?", b"=?utf-8?q?=", b"=?x?=", b"?=", b"--a",
    b"--a--", b"multipart/mixed; boundary=a", b"multipart/alternative", b"message/rfc822",
    b"message/delivery-status", b"message/partial", b"text/html; charset=", b"text/plain",
    b"charset*=utf-8''%ff", b'boundary="', b"base64", b"quoted-printable", b"uuencode",
    b"begin 644 a", b"utf-7", b"idna", b"rot13", b"hex", b"punycode", b"undefined", b"utf-16",
    b"List-Unsubscribe: <http://a>", b"List-Unsubscribe-Post: ", b"<script>", b"</pre>", b":",
]  # fmt: skip
HOSTILE = st.binary() | st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=5)).map(b"".join)


@given(HOSTILE)
def test_no_mail_breaks_the_reading_of_it(raw: bytes) -> None:
    parts = read_parts(raw)
    texts = [parts.text, parts.html, parts.one_click_url, parts.header("Subject")]
    for text in texts + [part for line in parts.headers for part in line]:
        text.encode()  # so a page can be made of it, and a row of a database
    read_headers(raw)


@pytest.mark.parametrize("encoding", ["rot13", "hex", "undefined", "idna", "utf-7", "x" * 99])
def test_a_charset_that_is_no_charset_is_no_error(encoding: str) -> None:
    raw = f"Content-Type: text/html; charset={encoding}\r\n\r\n<p>a".encode()
    assert read_parts(raw).html == "<p>a"


def test_parts_within_parts_are_no_error() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (depth, depth)
        for depth in range(2_000)
    )
    assert read_parts(nested).header("Content-Type").startswith("multipart/mixed")
