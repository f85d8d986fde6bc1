from hypothesis import given
from hypothesis import strategies as st

from circulation.mail.mailbox import read_mailbox
from circulation.mail.subscriber import (
    BUCKETS,
    Choices,
    all_buckets,
    bucket_of,
    link_key,
    subscriber_id,
    subscriber_of_link,
)

KEY = bytes(range(32))
OTHER_KEY = bytes(32)
PERSON = subscriber_id(KEY, read_mailbox("sam@mail.example"))


def test_one_mailbox_is_one_subscriber_however_it_is_written() -> None:
    assert subscriber_id(KEY, read_mailbox(" Sam@MAIL.example")) == PERSON
    assert subscriber_id(KEY, read_mailbox("sam@mail2.example")) != PERSON
    assert subscriber_id(OTHER_KEY, read_mailbox("sam@mail.example")) != PERSON


def test_a_link_names_its_subscriber() -> None:
    assert subscriber_of_link(KEY, link_key(KEY, PERSON)) == PERSON


def test_a_link_of_another_stack_names_nobody() -> None:
    assert subscriber_of_link(OTHER_KEY, link_key(KEY, PERSON)) is None


@given(st.text(max_size=80) | st.integers(0, 63).map(lambda at: link_key(KEY, PERSON)[:at]))
def test_no_other_text_names_a_subscriber(text: str) -> None:
    assert subscriber_of_link(KEY, text) is None


@given(place=st.integers(0, 63), letter=st.sampled_from("Ab0_-"))
def test_a_changed_link_names_nobody(place: int, letter: str) -> None:
    key = link_key(KEY, PERSON)
    changed = key[:place] + letter + key[place + 1 :]
    assert subscriber_of_link(KEY, changed) == (PERSON if changed == key else None)


@given(st.binary(min_size=16, max_size=16))
def test_every_subscriber_is_in_one_of_the_buckets(subscriber: bytes) -> None:
    assert bucket_of(subscriber.hex()) in all_buckets()
    assert len(set(all_buckets())) == BUCKETS


def test_no_sections_are_all_sections() -> None:
    assert Choices().wants("City")
    assert Choices(sections=frozenset({"City"})).wants("City")
    assert not Choices(sections=frozenset({"City"})).wants("Sport")
