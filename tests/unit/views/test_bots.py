import json
import re
from importlib.resources import files

import pytest

from circulation.views.bots import MAX_USER_AGENT, MIN_USER_AGENT, is_bot, is_listed
from tests.builders import BROWSER

CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36"
TELEVISION = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/84.0.4147.140 Safari/537.36"


def android(model: str, rest: str = CHROME) -> str:
    return f"Mozilla/5.0 (Linux; Android 14; {model}) {rest}"


@pytest.mark.parametrize(
    "user_agent",
    [
        BROWSER,
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
        "Opera/9.80 (Android; Opera Mini/12.0.1987/37.7327; U; pl) Presto/2.12.423 Version/12.16",
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) GSA/397.0 Mobile/15E148 Safari/604.1"
        ),
        android("SM-S928B") + " EdgA/137.0.0.0",
        android("Pixel 9; wv") + " [FB_IAB/FB4A;FBAV/500.0.0.0.1;]",
    ],
)
def test_a_browser_is_no_bot(user_agent: str) -> None:
    assert not is_bot(user_agent)


@pytest.mark.parametrize(
    "user_agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        (
            f"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) {CHROME} "
            "(compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
        ),
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2)",
        "WhatsApp/2.24.20.89 A",
        "curl/8.5.0 (x)",
        "Wget/1.25.0",
        "python-requests/2.32.3",
        "Go-http-client/2.0",
        "okhttp/4.12.0",
        "newsboat/2.32 (Linux x86_64)",
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; 10 subscribers)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/126.0 Safari/537.36",
        "            ",
    ],
)
def test_a_program_is_a_bot(user_agent: str) -> None:
    assert is_bot(user_agent)


@pytest.mark.parametrize("length", [0, 1, MIN_USER_AGENT - 1])
def test_who_says_next_to_nothing_is_a_bot(length: int) -> None:
    assert is_bot("Mozilla/5.0 (X11)"[:length])


@pytest.mark.parametrize(
    "user_agent",
    [
        "Akregator/5.24.1; syndication",
        "Example/1.0 CFNetwork/1490.0.4 Darwin/23.2.0 (iPhone; iOS 17.2)",
        "Dalvik/2.1.0 (Linux; U; Android 13; Pixel 6 Build/TQ3A.230901.001)",
        f"Mozilla/5.0 (X11; Linux x86_64) {TELEVISION} GTmetrix",
        f"Mozilla/5.0 (X11; Linux x86_64) {TELEVISION} Assetnote/1.0.0",
        f"Mozilla/5.0 (X11; Linux x86_64) Miniature.io/6.0 {TELEVISION}",
        f"Mozilla/5.0 (X11; Linux x86_64) {TELEVISION} Puppeteer",
    ],
)
def test_a_program_that_the_list_misses_is_a_bot(user_agent: str) -> None:
    assert is_bot(user_agent)
    assert not is_listed(user_agent), "the list has it now: no need to name it"


@pytest.mark.parametrize(
    "user_agent",
    [
        android("DISCOVERY_2_ME"),
        android("M bot 54"),
        android("M_bot_tab_1150 Build/N9F27F"),
        android("Newsday_N2+"),
        android("Radar Deluxe 2"),
        android("4K Google TV Stick Build/RTT0.210618.003; wv"),
        android("Capture+"),
        android("Spider 8"),
        f"Mozilla/5.0 (Linux; U; Android 4.2.2; it-it; S222 Build/CUBOT) {CHROME}",
        f"Mozilla/5.0 (Linux; arm_64; Android 13; Discovery Pro) {CHROME} YaBrowser/24.4.0.308.00",
        (
            "Mozilla/5.0 (compatible; MSIE 9.0; Windows Phone OS 7.5; Trident/5.0; IEMobile/9.0; "
            "HTC; Radar C110e)"
        ),
        f"Opera/9.80 (Linux armv7l; HbbTV/1.2.1 (; Philips; ; ; ) CE-HTML/1.0; en) {TELEVISION}",
        (
            "Mozilla/5.0 (SAMSUNG; SAMSUNG-GT-S5330/S5330XXJJ1; U; Bada/1.0; it-it) "
            "AppleWebKit/533.1 (KHTML, like Gecko) Dolfin/2.0 Mobile"
        ),
        (
            f"Mozilla/5.0 (Linux armv7l) {TELEVISION} OPR/46.0.2207.0 OMI/4.21.4.112.Catcher4.69 "
            "Model/Hisense-MT9602 VIDAA/5.0(Hisense;SmartTV)"
        ),
        android("ivvi V1M; wv") + " AWP/2.0 SogouMSE,SogouMobileBrowser/5.24.6",
        android("COR-AL10; wv") + " MicroMessenger/7.0.1380(0x27000034) Process/tools NetType/4G",
    ],
)
def test_a_device_whose_name_the_list_takes_for_a_bots_is_none(user_agent: str) -> None:
    assert is_listed(user_agent), "the list knows it now: no need to except it"
    assert not is_bot(user_agent)
    assert is_bot(f"{user_agent} (compatible; Examplebot/1.0)"), "it excuses its name alone"


# isbot's own answers, one or more for each kind of pattern and for each that is not said in Python
# as it is in JavaScript. `make lists` compares thousands.
@pytest.mark.parametrize(
    ("user_agent", "listed"),
    [
        ("Examplebrowser/2.0 (X; Y) daum/1", True),
        ("Examplebrowser/2.0 (X; Y) daumx", False),
        ("Examplebrowser/2.0 (X; Y) channel/google", False),
        ("Examplebrowser/2.0 (X; Y) google/google", False),
        ("Examplebrowser/2.0 (X; Y) xchannel/google", True),
        ("Examplebrowser/2.0 (X; Y) google/x", True),
        ("Examplebrowser/2.0 (X; Y) googleapp", False),
        ("Examplebrowser/2.0 (X; Y) cubot", False),
        ("Examplebrowser/2.0 (X; Y) xcubot", True),
        ("Examplebrowser/2.0 (X; Y) bot_", True),
        ("Examplebrowser/2.0 (X; Y) botx", False),
        ("Examplebrowser/2.0 (X; Y) gnews", False),
        ("Examplebrowser/2.0 (X; Y) newsSapphire", False),
        ("Examplebrowser/2.0 (X; Y) news", True),
        ("Examplebrowser/2.0 (X; Y) camscan", False),
        ("Examplebrowser/2.0 (X; Y); word;", True),
        ("Examplebrowser/2.0 (X; Y);\xa0word;", True),
        ("Examplebrowser/2.0 (X; Y);\u2028word;", True),
        ("Examplebrowser/2.0 (X; Y); word;\n", False),
        ("Examplebrowser/2.0 (X; Y) \u017fpider", False),
        ("Examplebrowser/2.0 (X; Y) \u212anode", True),
        ("Examplebrowser/2.0 (X; Y) node\xe9", True),
        ("Mozilla/5.0 (compatible; a.b-c 1.0)", True),
        ("Mozilla/5.0 (compatible; a+b 1.0)", False),
        ("a" * 49 + "+", True),
        ("+" * 49, False),
        ("+" * 25 + "\xa0" + "+" * 25, True),
        ("+" * 25 + " " + "+" * 25, False),
        ("ClamAV/1.4.1 (OS: linux-gnu; +)", True),
        ("ClamAV_1 (OS: linux-gnu; +)", False),
    ],
)
def test_the_list_says_in_python_what_it_says_in_javascript(
    user_agent: str, *, listed: bool
) -> None:
    assert is_listed(user_agent) is listed


def test_a_long_user_agent_is_looked_at_up_to_a_bound() -> None:
    filler = "+ " * MAX_USER_AGENT
    upto = BROWSER + filler[: MAX_USER_AGENT - len(BROWSER) - len("crawl")]
    assert is_bot(upto + "crawl" + filler)
    assert not is_bot(upto + "+crawl" + filler)


def test_no_pattern_repeats_what_repeats_without_a_bound() -> None:
    listed = json.loads(files("circulation").joinpath("data/isbot.json").read_text("utf-8"))
    regexes = [each["regex"] for each in listed["regexes"]]
    repeated_group = re.compile(r"\((?:[^()\[\]\\]|\\.|\[[^\]]*\])*[*+](?:[^()]|\\.)*\)[*+{]")
    assert repeated_group.search("(?:a+b)*")
    assert [each for each in regexes if repeated_group.search(each)] == []


def test_the_list_says_whose_it_is() -> None:
    listed = json.loads(files("circulation").joinpath("data/isbot.json").read_text("utf-8"))
    assert (listed["package"], listed["licence"]) == ("isbot", "Unlicense")
    assert re.fullmatch(r"\d+\.\d+\.\d+", listed["version"])
