"""The views of a day take little memory, however many days are remembered."""

import tracemalloc

from circulation.popularity.day_views import DayViews


def test_every_article_has_its_views_in_order() -> None:
    views = DayViews((("b", 2), ("a", 0), ("c", 10**12)))
    assert len(views) == 3
    assert list(views.items()) == [("b", 2), ("a", 0), ("c", 10**12)]
    assert list(views.items()) == [("b", 2), ("a", 0), ("c", 10**12)]  # as often as asked


def test_another_day_of_the_same_articles_takes_20_bytes_an_article() -> None:
    articles = 10_000

    def day(number: int) -> DayViews:
        return DayViews((f"article-{place:05}", number * place) for place in range(articles))

    days = [day(0)]
    tracemalloc.start()
    try:
        days += [day(number) for number in range(1, 11)]
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / len(days[1:]) / articles < 20
