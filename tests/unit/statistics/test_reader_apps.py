import pytest

from circulation.statistics.reader_apps import AppReaders, read_subscribers

MOZILLA = "(Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15)"


@pytest.mark.parametrize(
    ("user_agent", "app", "subscribers"),
    [
        (
            f"NewsBlur Feed Fetcher - 16 subscribers - http://www.newsblur.com/site/7/a {MOZILLA}",
            "NewsBlur",
            16,
        ),
        ("NewsBlur Feed Fetcher - 1 subscriber - https://www.newsblur.com/site/7/a", "NewsBlur", 1),
        (
            "Feedly/1.0 (+http://www.feedly.com/; 16 subscribers; like FeedFetcher-Google)",
            "Feedly",
            16,
        ),
        (
            "Inoreader/1.0 (+http://www.inoreader.com/feed-fetcher; 3 subscribers; )",
            "Inoreader",
            3,
        ),
        ("Feedbin feed-id:1373711 - 5 subscribers", "Feedbin", 5),
        ("BazQux/2.4 (+https://bazqux.com/fetcher; 2 subscribers)", "BazQux", 2),
        (
            "Mozilla/5.0 (compatible; theoldreader.com; 12 subscribers; feed-id=5a3f)",
            "The Old Reader",
            12,
        ),
        (
            "Feedfetcher-Google; (+http://www.google.com/; 2 subscribers; feed-id=69246763831674)",
            "Google Feedfetcher",
            2,
        ),
        ("LiveJournal.com (webmaster@livejournal.com; for a; 4 readers)", "LiveJournal", 4),
        ("Harbour Reader/2.1 (+https://harbour.example; 7 subscribers)", "Harbour Reader", 7),
        ("Mozilla/5.0 (compatible; Quayside/1.0; 9 subscribers)", "Quayside", 9),
    ],
)
def test_an_app_and_its_subscribers_are_read(user_agent: str, app: str, subscribers: int) -> None:
    readers = read_subscribers(user_agent)
    assert readers
    assert (readers.app, readers.subscribers) == (app, subscribers)


@pytest.mark.parametrize(
    "user_agent",
    [
        "",
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "FreshRSS/1.24.1 (Linux; https://freshrss.org)",
        "NetNewsWire (RSS Reader; https://netnewswire.com/)",
        "Feedly/1.0 (+http://www.feedly.com/fetcher.html; like FeedFetcher-Google)",
        "Feedly/1.0 (0 subscribers)",
        "Feedly/1.0 (12345678 subscribers)",
        "Feedly/1.0 (1.5 subscribers)",
        "Quayside/1.0 (1,204 subscribers)",
        "Mozilla/5.0 (X11; Linux x86_64; 5 subscribers)",
        "16 subscribers",
        "<b>/1.0 (16 subscribers)",
    ],
)
def test_what_tells_no_number_or_no_name_tells_nothing(user_agent: str) -> None:
    assert read_subscribers(user_agent) is None


def test_an_app_may_have_several_ids_of_a_feed() -> None:
    agents = [f"Overcast/1.0 Podcast Sync (1 subscribers; feed-id={name})" for name in ("7", "8")]
    assert [read_subscribers(agent) for agent in agents] == [
        AppReaders("Overcast", "7", 1),
        AppReaders("Overcast", "8", 1),
    ]


def test_whatever_is_sent_names_and_ids_stay_short_and_plain() -> None:
    readers = read_subscribers(f"{'a' * 99} (1 subscriber; feed-id={'b' * 99}")
    assert readers == AppReaders("a" * 40, "b" * 40, 1)
    readers = read_subscribers("Quay#side\x00/1 (1 subscriber; feed-id=a#b)")
    assert readers == AppReaders("Quay", "a", 1)
