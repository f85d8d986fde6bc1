"""An article's statistics in JSON, as docs/api.md describes them."""

from typing import Any

from circulation.statistics.queries import Statistics

Json = dict[str, Any]


def statistics_json(statistics: Statistics) -> Json:
    """Write an article's statistics, the largest sums first."""
    readership = statistics.readership
    return {
        "article": statistics.article,
        "from": statistics.first,
        "to": statistics.last,
        "views": readership.views,
        "visitors": readership.visitors,
        "filtered": statistics.filtered,
        **{name: dict(sums.most_common()) for name, sums in readership.breakdown._asdict().items()},
    }
