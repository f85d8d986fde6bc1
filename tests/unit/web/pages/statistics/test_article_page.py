"""The page of an article's statistics says what its figures are."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from circulation.access.grant import By, Extent, Grant
from circulation.articles.change import ChangeKind
from circulation.statistics.figures import Against, ArticleFigures, Span, Unit, Version
from circulation.statistics.rows import Sort
from circulation.web.pages.statistics.article_page import OneArticle, article_sheet
from circulation.web.pages.statistics.frame import write_response
from tests.unit.web.pages.statistics.article_figuring import (
    AT,
    OLD_TITLE,
    PUBLISHED,
    ages,
    shown,
    story,
    versions,
)
from tests.unit.web.pages.statistics.figuring import TITLES, publication
from tests.unit.web.pages.statistics.test_charts import HOSTILE, Reader
from tests.unit.web.pages.statistics.test_isolates import MARKS


def read(article: OneArticle) -> Reader:
    return Reader(article_sheet(article).main)


def read_story(**changes: Any) -> Reader:
    return read(shown(story(**changes)))


def test_the_head_says_what_it_is_and_where_it_is_read() -> None:
    page = read(shown())
    for text in (TITLES[0], "City", "Nora Quill, Tom Ledger", "Thursday, 26 November 2026, 08:12"):
        assert text in page.text
    assert "https://news.example/city/barge" in [link["href"] for link in page.all("a")]


def test_a_sentence_says_how_far_it_came_what_followed_a_title_and_who_saw_which() -> None:
    text = read(shown()).text
    last = ages()[-1]
    assert f"50 hours after publication: {last.total:,} views, 4.5 times as many as" in text
    assert "The hour after the new title had 2.1 times the views of the hour before." in text
    assert "84\u202f% of the views were of the text as it is now." in text


@pytest.mark.parametrize(
    ("median", "text"),
    [
        (None, " views."),
        (0.0, " views."),
        (ages()[-1].total, ", as many as a usual article of City"),
        (ages()[-1].total * 2, ", 50\u202f% fewer than a usual article of City"),
        (ages()[-1].total / 1.5, ", 50\u202f% more than a usual article of City"),
    ],
)
def test_a_sentence_compares_with_the_median_of_the_same_age(
    median: float | None, text: str
) -> None:
    made = ages()
    page = read_story(ages=(*made[:-1], replace(made[-1], median=median)))
    assert f"{made[-1].total:,} views{text.removeprefix(' views')}" in page.text


def test_after_three_days_it_also_says_the_views_until_now() -> None:
    assert "Until now: 6,940 views." in read_story(ages=ages(72)).text
    assert "Until now" not in read(shown()).text


def test_the_curve_and_the_hours_are_the_figures_and_hours_to_come_have_no_rows() -> None:
    page = read(shown())
    life = [row for row in page.rows if len(row) == 5 and row[0].endswith("\u202fh")]
    assert [row[1] for row in life] == [f"{age.total:,}" for age in ages()]
    assert [row[2] for row in life] == [f"{round(age.median or 0):,}" for age in ages()]
    hours = [row for row in page.rows if len(row) == 2 and row[0].endswith("\u202fh")]
    assert [row[1] for row in hours] == [f"{age.views:,}" for age in ages()]


def test_a_young_article_leaves_room_for_the_hours_to_come() -> None:
    main = article_sheet(shown(story(ages=ages(6)))).main
    assert main.count('data-room="72"') == 2
    assert 'id="life-walk" min="0" max="5"' in main
    line = re.findall(r'class="now" d="M([^"]*)"', main)[0]
    assert max(float(point.split()[0]) for point in line.split("L")) < 1000 * 6 / 72


def test_details_that_change_with_each_edit_are_not_named_beside_it() -> None:
    both = replace(versions()[1], kinds=(ChangeKind.BODY, ChangeKind.DETAILS))
    alone = replace(versions()[1], kinds=(ChangeKind.DETAILS,))
    assert "edited in its details" not in read_story(versions=(both,), mailings=()).text
    assert "edited in its details" in read_story(versions=(alone,), mailings=()).text


def test_the_way_back_keeps_what_is_compared_with_and_how_it_is_sorted() -> None:
    page = read(shown(against=Against.YEAR, sort=Sort.GAIN))
    ours = [str(link["href"]) for link in page.all("a") if str(link["href"]).startswith("?")]
    assert len(ours) == 5
    assert all("compare=year" in href and "sort=gain" in href for href in ours)


def test_where_clocks_count_to_twelve_every_time_does() -> None:
    article = shown(publication=publication("en-US"))
    page = Reader(write_response(article_sheet(article), article.publication).body.decode())
    assert "8:12 AM" in page.text
    text = page.text.replace("UTC+04:00", "")
    assert re.findall(r"(?<![:\d])\d\d?:\d\d(?::\d\d)?\b(?!:| [AP]M)", text) == []


def test_countries_have_their_names_in_the_words_language() -> None:
    assert "Türkiye" in read(shown()).text
    assert "Almaniya" in read(shown(publication=publication("az"))).text


def test_without_a_curve_of_its_section_it_says_that_too_little_is_known() -> None:
    bare = tuple(replace(age, median=None, low=None, high=None) for age in ages())
    page = read_story(ages=bare)
    assert "Too little is known of its section" in page.text
    assert not [row for row in page.rows if len(row) == 5 and row[0].endswith("\u202fh")]


def test_what_was_done_is_listed_by_time_with_the_numbers_of_the_marks() -> None:
    html = article_sheet(shown()).main
    deeds = html[html.index('<ol class="marks deeds">') : html.index("</ol>")]
    names = ["published", "edited", "retitled", "edited", "mailed in the digest"]
    assert re.findall(r"<b>([^<]*)</b>", deeds) == names
    assert re.findall(r'<span class="flag">(\d)', deeds) == ["1", "2", "3", "4", "5"]
    page = Reader(deeds + "</ol>")
    assert f"from {OLD_TITLE}to {TITLES[0]}" in page.text
    assert "hour before 204, hour after 428" in page.text
    marks = re.findall(r'<span class="flag at\d+" aria-hidden="true">([^<]*)', html)
    assert marks == ["1\u20135"]


def test_an_hour_that_is_not_over_is_compared_with_none() -> None:
    late = Version(5, AT - timedelta(minutes=70), (ChangeKind.BODY,), None, None, 9, 0.1, 500, 3)
    page = read_story(versions=(late,), mailings=[AT - timedelta(minutes=30)])
    assert "hour before" not in page.text.replace("The hour after beside the hour before", "")


def test_an_hour_in_which_it_was_not_there_all_the_time_is_compared_with_none() -> None:
    soon = Version(
        2, PUBLISHED + timedelta(minutes=53), (ChangeKind.BODY,), None, None, 9, 0.1, 5, 90
    )
    page = read_story(versions=(soon,), mailings=[PUBLISHED + timedelta(minutes=50)])
    assert "hour before" not in page.text.replace("The hour after beside the hour before", "")


def test_another_period_of_the_article_is_a_link_away_with_the_key_of_the_share_link() -> None:
    alone = Grant(By.SHARE, Extent.ARTICLE, "barge", "k3y")
    page = read(shown(grant=alone))
    links = {link["id"]: link["href"] for link in page.all("a") if "id" in link}
    assert links == {
        "to-day": "?article=barge&share=k3y",
        "to-week": "?article=barge&period=week&share=k3y",
        "to-month": "?article=barge&period=month&share=k3y",
        "to-year": "?article=barge&period=year&share=k3y",
    }


def test_the_reach_of_a_correction_counts_the_views_before_the_last_change_of_text() -> None:
    page = read(shown())
    assert "1,082 views (16\u202f%) were of an earlier text or title; 5,858 of the one" in page.text
    rows = [row for row in page.rows if len(row) == 5 and row[0] in {"1", "2", "3", "4"}]
    assert [row[3] for row in rows] == [f"{version.views:,}" for version in versions()]
    labels = [image["aria-label"] for image in page.all("svg")]
    assert "earlier text or title, 16\u202f%; as it is now, 84\u202f%" in labels


def test_a_move_is_no_correction() -> None:
    moved = (versions()[0], replace(versions()[3], kinds=(ChangeKind.MOVED,)))
    assert "Reach of a correction" not in read_story(versions=moved).text


def test_the_tables_have_the_figures_and_what_is_not_shown_in_one_row() -> None:
    page = read(shown())
    assert ["Front page", "2,310", "36\u202f%"] in page.rows
    assert ["host-0.example", "900", "11\u202f%"] in page.rows
    assert ["4 others", "1,300", "16\u202f%"] in page.rows
    assert ["Bots that say so", "402", "50\u202f%"] in page.rows
    assert ["Phone", "4,960", "71\u202f%"] in page.rows


def test_an_article_that_nobody_has_read_yet_has_no_empty_charts() -> None:
    page = read(shown(nothing()))
    assert "0 views so far." in page.text
    assert "Its first hour is not over yet." in page.text
    assert "What we did" not in page.text


def nothing() -> ArticleFigures:
    return story(
        views=0, ages=(), days=(), versions=(), mailings=(), sources=(), hosts=(), countries=(),
        devices=(), filtered={}, in_span=0,
    )  # fmt: skip


def test_no_text_of_an_article_becomes_markup_and_nothing_has_a_style() -> None:
    page = read_story(
        title=HOSTILE,
        section=HOSTILE,
        authors=(HOSTILE,),
        url=f"https://news.example/?{HOSTILE}",
        versions=(versions()[0], replace(versions()[2], title=HOSTILE, title_was=f"{HOSTILE}!")),
        hosts=(replace(story().hosts[0], name=HOSTILE),),
    )
    assert page.text.count(HOSTILE) >= 6
    assert not page.all("script")
    assert not any("style" in attributes for _, attributes in page.elements)


def test_no_id_is_there_twice_and_every_reference_has_its_element() -> None:
    article = shown()
    page = Reader(write_response(article_sheet(article), article.publication).body.decode())
    ids = [str(attributes["id"]) for _, attributes in page.elements if "id" in attributes]
    assert sorted(set(ids)) == sorted(ids)
    for _, attributes in page.elements:
        assert set((attributes.get("aria-labelledby") or "").split()) <= set(ids)


@pytest.mark.parametrize(
    ("grant", "back"),
    [
        (Grant(By.TOKEN), "All articles"),
        (Grant(By.SHARE, Extent.SITE, key="k"), "All articles"),
        (Grant(By.SHARE, Extent.SECTION, "City", "k"), "All articles of City"),
        (Grant(By.SHARE, Extent.ARTICLE, "barge", "k"), None),
    ],
)
def test_the_way_back_leads_to_what_the_grant_opens(grant: Grant, back: str | None) -> None:
    main = article_sheet(shown(grant=grant)).main
    found = re.findall('<p class="back">.*?</p>', main)
    assert [Reader(way).text for way in found] == ([f"← {back}"] if back else [])
    page = Reader(main)
    ours = [str(link["href"]) for link in page.all("a") if "news.example" not in str(link["href"])]
    assert all(("share=k" in href) == bool(grant.key) for href in ours)


@pytest.mark.parametrize("language", ["en", "az", "ar"])
def test_it_is_written_in_every_language_and_direction(language: str) -> None:
    article = shown(language=language)
    page = Reader(write_response(article_sheet(article), article.publication).body.decode())
    assert page.all("html")[0]["dir"] == ("rtl" if language == "ar" else "ltr")
    assert TITLES[0] in page.text


def test_a_long_period_is_named_and_summed() -> None:
    span = Span(Unit.WEEK, date(2026, 11, 23), date(2026, 11, 29))
    assert (
        "23 November 2026 to 29 November 2026: 5,000 views"
        in read_story(span=span, in_span=5000).text
    )


def test_marks_after_the_first_three_days_are_listed_and_not_drawn() -> None:
    late = replace(versions()[3], since=PUBLISHED + timedelta(days=9))
    html = article_sheet(shown(story(versions=(versions()[0], late), mailings=()))).main
    assert re.findall(r'<span class="flag at\d+" aria-hidden="true">([^<]*)', html) == ["1"]
    assert re.findall(r'<span class="flag">(\d)', html) == ["1", "2"]


def test_a_section_in_a_text_has_its_own_direction() -> None:
    grant = Grant(By.SHARE, Extent.SECTION, "City", "k")
    main = article_sheet(shown(grant=grant)).main
    for text in (
        "All articles of <bdi>City</bdi>",
        "as many as a usual article of <bdi>City</bdi>",
        "a usual article of <bdi>City</bdi> (median)",
    ):
        assert text in main
    assert not MARKS & set(main)
