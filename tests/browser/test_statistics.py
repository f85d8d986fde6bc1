"""The page of statistics in Chromium: every behaviour, and every state for everybody."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.browser.conftest import Browser
from tests.browser.editing import SHARE, TOKEN, Newsroom
from tests.browser.looks import faults
from tests.end_to_end.stack import wait_for
from tests.unit.web.pages.statistics.figuring import TITLES, day

HEADING = "Until 14:00: 12,410 views"
SIZES = {"phone": (390, 740), "desktop": (1280, 900)}


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    newsroom = Newsroom()
    with newsroom.serving():
        yield newsroom


@pytest.fixture
def public(newsroom: Newsroom) -> Newsroom:
    newsroom.is_public = True
    return newsroom


def heading(browser: Browser) -> str:
    return browser.text("h1") or ""


def says(browser: Browser, text: str) -> None:
    """Wait until the heading has a text."""
    wait_for(lambda: text in heading(browser), expected=True)


def press(browser: Browser, key: str, selector: str = "body") -> None:
    """Press a key where an element has the focus."""
    browser.run(
        "document.querySelector(arguments[0]).dispatchEvent(new KeyboardEvent('keydown',"
        "{key: arguments[1], bubbles: true, cancelable: true}))",
        selector,
        key,
    )


def click(browser: Browser, selector: str) -> None:
    browser.run("document.querySelector(arguments[0]).click()", selector)


def query(browser: Browser) -> str:
    found: str = browser.run("return location.search")
    return found


def focused(browser: Browser) -> str:
    found: str = browser.run(
        "const {id, tagName} = document.activeElement; return id || tagName.toLowerCase()"
    )
    return found


def show_empty(newsroom: Newsroom, browser: Browser) -> None:
    newsroom.figures = day(all_views=0)
    browser.open(newsroom.url)
    says(browser, "No view has arrived yet")


def show_open_row(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(f"{newsroom.url}?open=article-0")
    wait_for(lambda: "Versions" in (browser.text(".more") or ""), expected=True)
    browser.run("for (const each of document.querySelectorAll('details')) each.open = true")


def show_stale(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(newsroom.url)
    newsroom.fails = True
    wait_for(lambda: browser.run("return document.querySelector('#page').dataset.state"), "stale")


def show_error(newsroom: Newsroom, browser: Browser) -> None:
    newsroom.fails = True
    browser.open(newsroom.url)
    says(browser, "The numbers did not load")


def show_unsaved(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(newsroom.url)
    newsroom.fails = True
    click(browser, "#chart [data-save]")
    wait_for(lambda: browser.text("#chart .err"), "The file did not load (503)")


def show_signed_out(newsroom: Newsroom, browser: Browser) -> None:
    newsroom.is_public = False
    browser.open(newsroom.url)
    says(browser, "Sign in")


def show_bad_token(newsroom: Newsroom, browser: Browser) -> None:
    show_signed_out(newsroom, browser)
    sign_in(browser, "wrong")
    wait_for(lambda: browser.text(".err") is not None, expected=True)


def show_ended(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(f"{newsroom.url}?share=ended")
    says(browser, "This link has ended")


def show_loading(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(newsroom.url)
    newsroom.delay.clear()
    click(browser, "#to-week")
    wait_for(lambda: browser.run("return document.querySelector('#page').dataset.state"), "loading")


def show_week(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(f"{newsroom.url}?period=week")


def show_keys(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(newsroom.url)
    press(browser, "?")


def show_day(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(newsroom.url)


def show_article(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(f"{newsroom.url}?article=article-0")


def show_author(newsroom: Newsroom, browser: Browser) -> None:
    browser.open(f"{newsroom.url}?author=Nora+Quill")


STATES: dict[str, Callable[[Newsroom, Browser], None]] = {
    "day": show_day,
    "week, a day open": show_week,
    "row opened": show_open_row,
    "empty": show_empty,
    "loading": show_loading,
    "stale": show_stale,
    "error": show_error,
    "file that failed": show_unsaved,
    "signed out": show_signed_out,
    "bad token": show_bad_token,
    "link ended": show_ended,
    "keys": show_keys,
    "article": show_article,
    "author": show_author,
}


def sign_in(browser: Browser, token: str) -> None:
    browser.run("document.querySelector('#token').value = arguments[0]", token)
    click(browser, "#sign-in button")


@pytest.mark.parametrize(
    ("name", "language"),
    [*((name, "en") for name in STATES), ("day", "ar"), ("row opened", "ar"), ("day", "az")],
)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(
    browser: Browser, name: str, language: str
) -> None:
    newsroom = Newsroom(language)
    newsroom.is_public = True
    with newsroom.serving():
        STATES[name](newsroom, browser)
        assert faults(browser, SIZES) == {}


def test_a_token_signs_in_this_tab_alone_and_a_wrong_one_says_so(
    newsroom: Newsroom, browser: Browser
) -> None:
    browser.open(newsroom.url)
    sign_in(browser, "wrong")
    wait_for(lambda: focused(browser), "token")
    assert "not known" in (browser.text(".err") or "")
    sign_in(browser, TOKEN)
    says(browser, HEADING)
    assert browser.run("return [sessionStorage.length, localStorage.length, document.cookie]") == [
        1, 0, "",
    ]  # fmt: skip
    assert TOKEN not in query(browser)
    browser.open(f"{newsroom.url}?compare=previous")
    says(browser, HEADING)  # the tab is signed in


def test_a_share_link_goes_on_with_its_key_and_ended_says_nothing_else(
    newsroom: Newsroom, browser: Browser
) -> None:
    browser.open(f"{newsroom.url}?share={SHARE}")
    says(browser, HEADING)
    click(browser, "#to-week")
    wait_for(lambda: query(browser), f"?period=week&share={SHARE}")
    browser.open(f"{newsroom.url}?share=ended")
    says(browser, "This link has ended")


def test_the_whole_state_is_in_the_address_and_the_focus_goes_to_the_sentence(
    public: Newsroom, browser: Browser
) -> None:
    browser.open(public.url)
    click(browser, "#to-week")
    wait_for(lambda: query(browser), "?period=week")
    wait_for(lambda: focused(browser), "h1")
    click(browser, "#to-prev")
    wait_for(lambda: query(browser), "?period=week&date=2026-11-16")
    browser.run("history.back()")
    period = "return document.querySelector('#picker summary').textContent"
    wait_for(lambda: browser.run(period), "23 to 29 November 2026")
    assert query(browser) == "?period=week"
    browser.run("document.querySelector('#compare').value = 'year'")
    click(browser, ".compare button")
    wait_for(lambda: "compare=year" in query(browser), expected=True)
    click(browser, ".sections li:nth-child(2) a")
    wait_for(lambda: "section=city" in query(browser), expected=True)


def test_sorting_leaves_the_focus_where_it_is(public: Newsroom, browser: Browser) -> None:
    browser.open(public.url)
    browser.run("document.querySelector('#sort-gain').focus()")
    click(browser, "#sort-gain")
    wait_for(lambda: query(browser), "?sort=gain")
    wait_for(lambda: browser.text("[aria-sort] a"), "Last hour ▼")
    assert focused(browser) == "sort-gain"


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("w", "?period=week"),
        ("m", "?period=month"),
        ("y", "?period=year"),
        ("ArrowLeft", "?date=2026-11-25"),
    ],
)
def test_single_keys_go_to_periods(
    public: Newsroom, browser: Browser, key: str, expected: str
) -> None:
    browser.open(public.url)
    press(browser, key)
    wait_for(lambda: query(browser), expected)
    press(browser, "d")
    wait_for(lambda: "period" in query(browser), expected=False)


def test_keys_move_the_focus_and_do_nothing_in_a_field_or_once_switched_off(
    public: Newsroom, browser: Browser
) -> None:
    browser.open(public.url)
    press(browser, "x")
    assert focused(browser) == "compare"
    press(browser, "/")
    assert focused(browser) == "find"
    for selector in ("#find", "#compare", "#chart-walk"):
        press(browser, "w", selector)
    assert query(browser) == ""
    press(browser, "?")
    assert browser.run("return document.querySelector('#keys').open")
    click(browser, "#single-keys")
    click(browser, "#keys button")
    press(browser, "w")
    browser.open(public.url)
    press(browser, "w")
    browser.settle()
    assert query(browser) == ""


def test_the_arrows_follow_the_direction_of_reading(browser: Browser) -> None:
    newsroom = Newsroom("ar")
    newsroom.is_public = True
    with newsroom.serving():
        browser.open(newsroom.url)
        press(browser, "ArrowRight")
        wait_for(lambda: query(browser), "?date=2026-11-25")


def test_the_slider_of_a_chart_says_its_points_from_the_table(
    public: Newsroom, browser: Browser
) -> None:
    browser.open(public.url)
    rendered = "13:00\N{EN DASH}14:00 now 1,545 · usual 1,641 · lowest 1,444 · highest 1,838"
    assert browser.text("#chart .readout") == rendered
    browser.run(
        "const walk = document.querySelector('#chart-walk'); walk.value = 9;"
        "walk.dispatchEvent(new Event('input'))"
    )
    spoken = browser.run("return document.querySelector('#chart-walk').ariaValueText")
    assert spoken.startswith("09:00\N{EN DASH}10:00: now 2,012, usual 1,330")
    assert (browser.text("#chart .readout") or "").startswith("09:00\N{EN DASH}10:00 now 2,012")
    cells = browser.run(
        "return [...document.querySelectorAll('#chart tbody tr:nth-child(10) td')]"
        ".map(cell => cell.textContent)"
    )
    assert cells[0] == "2,012"


def test_the_last_minutes_are_asked_for_anew_and_a_pause_stops_that(
    public: Newsroom, browser: Browser
) -> None:
    browser.open(public.url)
    public.now = replace(public.now, views=777)
    wait_for(lambda: browser.text("#now .big b"), "777")
    assert set(public.asked[1:]) == {"part=now"}
    click(browser, "[data-pause]")
    browser.settle()
    public.now = replace(public.now, views=888)
    asked = len(public.asked)
    browser.run("return new Promise(done => setTimeout(done, 1500))")
    assert len(public.asked) == asked
    assert browser.text("#now .big b") == "777"
    assert "Paused" in (browser.run("return document.querySelector('.status').innerText"))


def test_two_missed_answers_make_it_stale_until_one_comes(
    public: Newsroom, browser: Browser
) -> None:
    show_stale(public, browser)
    assert "These numbers are old" in (browser.text("#notice") or "")
    assert HEADING in heading(browser)
    public.fails = False
    click(browser, "#notice button")
    wait_for(lambda: browser.text("#notice"), "")
    assert browser.run("return document.querySelector('#page').dataset.state") == "live"


def test_an_error_says_what_failed_and_tries_again(public: Newsroom, browser: Browser) -> None:
    browser.open(public.url)
    public.fails = True
    click(browser, "#to-week")
    says(browser, "The numbers did not load")
    assert "503" in (browser.text("main") or "")
    public.fails = False
    click(browser, "[data-again]")
    says(browser, "Until")


def test_a_row_opens_to_its_panels_and_stays_open_by_its_address(
    public: Newsroom, browser: Browser
) -> None:
    browser.open(public.url)
    click(browser, ".open")
    wait_for(lambda: "Versions" in (browser.text("#details-0") or ""), expected=True)
    assert query(browser) == "?open=article-0"
    assert browser.run("return document.querySelectorAll('#details-0 h3').length") == 6
    address = browser.run("return location.href")
    browser.open("about:blank")
    browser.open(address)
    wait_for(lambda: "Versions" in (browser.text("#details-0") or ""), expected=True)
    click(browser, ".open")
    assert query(browser) == ""


def test_what_is_looked_for_is_found_in_the_list(public: Newsroom, browser: Browser) -> None:
    browser.open(public.url)
    browser.run(
        "const find = document.querySelector('#find'); find.value = 'FUNIC';"
        "find.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    rows = browser.run(
        "return [...document.querySelectorAll('.articles tbody tr:not([hidden]) a')]"
        ".map(link => link.textContent)"
    )
    assert rows == [TITLES[1]]
    assert query(browser) == "?find=FUNIC"


def test_csv_comes_with_the_token(newsroom: Newsroom, browser: Browser, tmp_path: Path) -> None:
    browser.open(newsroom.url)
    sign_in(browser, TOKEN)
    says(browser, HEADING)
    browser.command("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    click(browser, "#chart [data-save]")
    wait_for(lambda: [path.name for path in tmp_path.glob("*.csv")], ["chart.csv"])
    assert "/statistics/site" in (tmp_path / "chart.csv").read_text()


def test_a_file_that_does_not_come_leaves_the_page_as_it_is(
    public: Newsroom, browser: Browser, tmp_path: Path
) -> None:
    show_unsaved(public, browser)
    assert HEADING in heading(browser)
    public.fails = False
    browser.command("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    click(browser, "#chart [data-save]")
    wait_for(lambda: [path.name for path in tmp_path.glob("*.csv")], ["chart.csv"])
    assert browser.text("#chart .err") is None


def test_without_javascript_the_numbers_are_the_same(public: Newsroom, browser: Browser) -> None:
    browser.open(public.url)
    shown = "return document.querySelector('main').textContent.replace(/\\s+/g, ' ')"
    expected = browser.run(shown)
    browser.command("Emulation.setScriptExecutionDisabled", value=True)
    browser.start(f"{public.url}?date=2026-11-26")
    wait_for(lambda: browser.run("return document.readyState"), "complete")
    assert browser.run(shown) == expected
    hidden = "return [...document.querySelectorAll('.js, .walk')].every(e => !e.checkVisibility())"
    assert browser.run(hidden)
    click(browser, ".compare button")
    wait_for(lambda: query(browser), "?compare=usual")
    browser.command("Emulation.setScriptExecutionDisabled", value=False)


def test_the_last_minutes_of_an_article_are_asked_for_anew(
    public: Newsroom, browser: Browser
) -> None:
    browser.open(f"{public.url}?article=article-0")
    title = heading(browser)
    public.now = replace(public.now, views=777)
    wait_for(lambda: browser.text("#now .big b"), "777")
    assert set(public.asked[1:]) == {"article=article-0&part=now"}
    assert heading(browser) == title
    public.fails = True
    wait_for(lambda: browser.run("return document.querySelector('#page').dataset.state"), "stale")


def test_a_first_view_takes_the_place_of_the_words_for_none(
    public: Newsroom, browser: Browser
) -> None:
    show_empty(public, browser)
    public.figures = day()
    says(browser, HEADING)


def test_what_failed_stays_so_until_an_answer_comes(public: Newsroom, browser: Browser) -> None:
    """No answer for the last minutes makes a page live on which nothing is shown."""
    browser.open(public.url)
    public.breaks = True
    click(browser, "#to-week")
    says(browser, "The numbers did not load")
    public.breaks = False
    browser.run("document.dispatchEvent(new Event('visibilitychange'))")
    browser.run("return new Promise(done => setTimeout(done, 1500))")
    assert browser.run("return document.querySelector('#page').dataset.state") == "plain"
    click(browser, "[data-again]")
    says(browser, "Until")


def test_the_skip_link_moves_within_the_page_and_asks_for_nothing(
    public: Newsroom, browser: Browser
) -> None:
    browser.open(f"{public.url}?date=2026-11-20")
    asked = len(public.asked)
    click(browser, ".skip")
    browser.settle()
    assert browser.run("return location.hash") == "#main"
    assert len(public.asked) == asked


def test_a_link_opens_also_where_the_tab_has_a_token_that_was_revoked(
    newsroom: Newsroom, browser: Browser
) -> None:
    browser.open(newsroom.url)
    browser.run("sessionStorage.setItem('circulation-token', 'revoked')")
    browser.open(f"{newsroom.url}?share={SHARE}")
    click(browser, "#to-week")
    says(browser, "of Wednesday")
    assert query(browser) == f"?period=week&share={SHARE}"


def test_a_token_signs_in_where_the_browser_stores_nothing(
    newsroom: Newsroom, browse: Callable[..., Browser]
) -> None:
    browser = browse(profile__default_content_setting_values__cookies=2)
    browser.open(newsroom.url)
    sign_in(browser, TOKEN)
    says(browser, HEADING)
    click(browser, "#to-prev")
    wait_for(lambda: query(browser), "?date=2026-11-25")
    says(browser, HEADING)


def test_single_keys_leave_a_box_that_scrolls_alone(public: Newsroom, browser: Browser) -> None:
    browser.open(public.url)
    press(browser, "ArrowLeft", "#chart-numbers .scroll")
    browser.settle()
    assert query(browser) == ""


def test_the_slider_ends_with_the_last_hour_that_is_known(
    public: Newsroom, browser: Browser
) -> None:
    browser.open(f"{public.url}?article=article-0")
    browser.run(
        "const walk = document.querySelector('#life-walk'); walk.value = 99;"
        "walk.dispatchEvent(new Event('input'))"
    )
    assert (browser.text("#life .readout") or "").startswith("50")
    places = browser.run("return document.querySelector('#life .cursor').style.insetInlineStart")
    assert abs(float(places.rstrip("%")) - 100 * 49.5 / 72) < 0.01


def test_nothing_is_complained_of(public: Newsroom, browser: Browser) -> None:
    browser.open(public.url)
    click(browser, ".open")
    wait_for(lambda: "Versions" in (browser.text("#details-0") or ""), expected=True)
    click(browser, "#to-week")
    wait_for(lambda: query(browser) != "", expected=True)
    browser.settle()
    assert [text for text in browser.complaints() if "favicon" not in text] == []
