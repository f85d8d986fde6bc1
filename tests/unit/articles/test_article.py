import pytest

from circulation.articles.article import read_submission
from circulation.articles.fields import MAX_BODY_BYTES
from circulation.errors import InvalidInput
from circulation.ids import is_id
from circulation.times import format_time
from tests.builders import submitted


def faults(article_id: str = "harbour-clock", **changes: object) -> set[str]:
    with pytest.raises(InvalidInput) as refused:
        read_submission(article_id, submitted(**changes))
    return {fault.field for fault in refused.value.faults}


def test_a_submission_is_read_into_an_article_with_times_in_utc() -> None:
    told = read_submission(
        "harbour-clock",
        submitted(author="City desk", tags=["harbour", "clocks", "harbour"], views_before=346),
    )
    assert told.article.authors == ("City desk",)
    assert told.article.tags == ("harbour", "clocks")
    assert format_time(told.article.published) == "2026-03-14T08:00:00Z"
    assert told.views_before == 346


def test_every_bad_field_is_named_at_once() -> None:
    assert faults(
        "Bad Id",
        section="a/b",
        title=" ",
        body=None,
        url="ftp://x",
        published="yesterday",
        updated="2026-03-14T12:00:00",
        author=[1],
        language="English please",
        tags="harbour",
        views_before=-1,
        colour="green",
    ) == {
        "id",
        "section",
        "title",
        "body",
        "url",
        "published",
        "updated",
        "author",
        "language",
        "tags",
        "views_before",
        "colour",
    }


def test_what_an_answer_adds_may_be_sent_back() -> None:
    assert read_submission("harbour-clock", submitted(id="harbour-clock", views=12))


def test_an_id_in_the_body_must_be_the_one_in_the_path() -> None:
    assert faults(id="another") == {"id"}


def test_characters_that_xml_forbids_are_dropped() -> None:
    told = read_submission("x", submitted(title="Bell\x08 \ud800rings", body="<p>a\x00b</p>"))
    assert told.article.title == "Bell rings"
    assert told.article.body == "<p>ab</p>"


def test_a_body_that_fits_no_item_is_refused() -> None:
    assert faults(body="é" * (MAX_BODY_BYTES // 2 + 1)) == {"body"}


@pytest.mark.parametrize("total", [True, 1.5, "346"])
def test_views_before_is_a_whole_number(total: object) -> None:
    assert faults(views_before=total) == {"views_before"}


@pytest.mark.parametrize("text", ["264384", "a", "a-b", "0" * 64])
def test_ids_are_small_letters_digits_and_hyphens(text: str) -> None:
    assert is_id(text)


@pytest.mark.parametrize("text", ["", "-a", "A", "a_b", "a#b", "0" * 65, "a\n", "é", "٣"])
def test_anything_else_is_no_id(text: str) -> None:
    assert not is_id(text)
