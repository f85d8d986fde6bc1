import pytest

from circulation.views.hit import Reason, dismissal
from tests.builders import BROWSER, hit


@pytest.mark.parametrize(
    "user_agent",
    [
        BROWSER,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; CUBOT KINGKONG) AppleWebKit/537.36 Chrome/126 Mobile",
        "Opera/9.80 (Android; Opera Mini/12.0.1987/37.7327; U; pl) Presto/2.12.423 Version/12.16",
    ],
)
def test_a_browsers_hit_is_a_view(user_agent: str) -> None:
    assert dismissal(hit(user_agent=user_agent)) is None


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "Mozilla",
        "curl/8.5.0",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "newsboat/2.32 (Linux x86_64)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/126.0 Safari/537.36",
        "python-requests/2.32.3",
    ],
)
def test_a_program_is_no_reader(user_agent: str) -> None:
    assert dismissal(hit(user_agent=user_agent)) is Reason.BOT


def test_a_page_loaded_ahead_is_no_view() -> None:
    assert dismissal(hit(prefetched=True)) is Reason.PREFETCH


def test_a_browser_that_opts_out_is_left_alone() -> None:
    assert dismissal(hit(opted_out=True)) is Reason.PRIVACY
