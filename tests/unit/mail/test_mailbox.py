import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circulation.mail.mailbox import MAX_ADDRESS, Mailbox, read_mailbox


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("reader@example.org", "reader@example.org"),
        ("  reader@Example.ORG\n", "reader@example.org"),
        ("First.Last+news@mail.example.org", "First.Last+news@mail.example.org"),
        ("o'neil@example.org", "o'neil@example.org"),
        ("reader@müller.example", "reader@xn--mller-kva.example"),
        ("reader@xn--mller-kva.example", "reader@xn--mller-kva.example"),
    ],
)
def test_one_address_is_read_in_its_plain_form(text: str, address: str) -> None:
    mailbox = read_mailbox(text)
    assert mailbox == Mailbox(address)
    assert read_mailbox(mailbox.address) == mailbox


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "reader",
        "reader@",
        "@example.org",
        "reader@localhost",
        "reader@192.0.2.1",
        "reader@[192.0.2.1]",
        "a@example.org,b@example.org",
        "a@example.org b@example.org",
        "a@example.org;b@example.org",
        "a@b@example.org",
        "Reader <reader@example.org>",
        "<reader@example.org>",
        '"a b"@example.org',
        "reader@example.org\r\nBcc: other@example.org",
        "rea\nder@example.org",
        "reader\x00@example.org",
        "=?utf-8?q?a?=@example.org",
        "=?@example.org",
        ".reader@example.org",
        "rea..der@example.org",
        "reader@-example.org",
        "reader@example..org",
        "reader@exam_ple.org",
        "über@example.org",
        "reader@\u202eexample.org",
        "(comment)reader@example.org",
        "x" * 65 + "@example.org",
        "x@" + "a" * 64 + ".org",
        "x@" + ".".join(["a" * 60] * 5) + ".org",
    ],
)
def test_what_is_not_one_plain_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        read_mailbox(text)


def test_case_before_the_at_does_not_make_another_person() -> None:
    assert (
        read_mailbox("Reader@example.org").identity == read_mailbox("READER@example.ORG").identity
    )


@given(st.text(max_size=300) | st.text(string.printable, max_size=80).map("a@{}.org".format))
def test_whatever_is_read_can_stand_in_a_header(text: str) -> None:
    try:
        address = read_mailbox(text).address
    except ValueError:
        return
    assert address.isascii()
    assert address.isprintable()
    assert not set(address) & set(' ,;:<>()[]\\"')
    assert address.count("@") == 1
    assert "=?" not in address
    assert len(address) <= MAX_ADDRESS


@pytest.mark.parametrize(
    ("text", "inbox"),
    [
        ("Sam+Paper@mail.example", "sam@mail.example"),
        ("sam+a+b@mail.example", "sam@mail.example"),
        ("s.am@mail.example", "s.am@mail.example"),
        ("S.A.M+x@gmail.com", "sam@gmail.com"),
        ("sam@GoogleMail.com", "sam@gmail.com"),
        ("sam@notgmail.com", "sam@notgmail.com"),
        ("+sam@mail.example", "+sam@mail.example"),
        ("sam+@mail.example", "sam@mail.example"),
    ],
)
def test_an_inbox_is_one_however_its_address_is_written(text: str, inbox: str) -> None:
    assert read_mailbox(text).inbox == read_mailbox(inbox)
    assert read_mailbox(inbox).inbox == read_mailbox(inbox)
