"""The stores that editors' figures are read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from circulation.articles.changes import Changes
    from circulation.counting.books import Books
    from circulation.popularity.site import Site
    from circulation.popularity.tops import Tops
    from circulation.statistics.article_pages import ArticlePages
    from circulation.statistics.feed_readers import FeedReaderBook
    from circulation.statistics.glances import Glances
    from circulation.statistics.live_views import LiveViews
    from circulation.statistics.rollups import Rollups


@dataclass(frozen=True, slots=True)
class FigureStores:
    """The roll-ups, the tops, the last minutes, and what is known of single articles."""

    rollups: Rollups
    site: Site
    tops: Tops
    glances: Glances
    article_pages: ArticlePages
    books: Books
    changes: Changes
    live_views: LiveViews
    feed_readers: FeedReaderBook
