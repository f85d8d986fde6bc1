"""The page of an article's statistics in Chromium: axe, narrow windows, right to left, sliders."""

from pathlib import Path

import pytest

from circulation.web.pages.statistics.article_page import OneArticle, article_sheet
from circulation.web.pages.statistics.frame import write_response
from tests.browser.conftest import Browser
from tests.browser.looks import faults
from tests.unit.web.pages.statistics.article_figuring import shown, story

SIZES = {"phone": (390, 900), "desktop": (1280, 900)}
EMPTY = shown(story(ages=(), days=(), versions=(), mailings=(), sources=(), filtered={}, in_span=0))
PAGES = {
    "english": shown(),
    "azerbaijani": shown(language="az"),
    "right to left": shown(language="ar"),
    "empty": EMPTY,
}


def show(browser: Browser, tmp_path: Path, article: OneArticle) -> None:
    path = tmp_path / "article.html"
    path.write_bytes(write_response(article_sheet(article), article.publication).body)
    browser.open(path.as_uri())
    browser.run("document.querySelectorAll('details').forEach(part => { part.open = true })")


@pytest.mark.parametrize("article", PAGES.values(), ids=PAGES)
def test_axe_finds_nothing_in_any_scheme_and_nothing_is_wider_than_the_window(
    browser: Browser, tmp_path: Path, article: OneArticle
) -> None:
    show(browser, tmp_path, article)
    assert faults(browser, SIZES) == {}
    assert browser.complaints() == []


def test_every_chart_is_walked_from_end_to_end_by_what_its_table_says(
    browser: Browser, tmp_path: Path
) -> None:
    show(browser, tmp_path, shown())
    said = browser.run(
        """
        return [...document.querySelectorAll('.chart')].map(chart => {
          const slider = chart.querySelector('.walk');
          return [...chart.querySelectorAll('.numbers tbody tr')].map((row, place) => {
            slider.value = place;
            slider.dispatchEvent(new Event('input'));
            const [name, views] = [...row.children].map(cell => cell.textContent);
            const text = slider.getAttribute('aria-valuetext');
            return text.startsWith(`${name}:`) && (views === '\\u2013' || text.includes(views));
          });
        });
        """
    )
    assert [len(rows) for rows in said] == [50, 50, 24]
    assert all(all(rows) for rows in said)
