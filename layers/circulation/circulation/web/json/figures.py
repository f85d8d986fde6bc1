"""The figures of statistics in JSON, as docs/api.md describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from circulation.times import format_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from circulation.statistics.figures import (
        Age,
        ArticleFigures,
        ArticleRow,
        Change,
        Event,
        FeedReaders,
        Mover,
        Now,
        Point,
        Row,
        SiteFigures,
        Span,
        Usual,
        Version,
    )

Json = dict[str, Any]


def site_json(figures: SiteFigures, sentences: Sequence[str]) -> Json:
    """Write the figures of the site, a section, an author or a tag."""
    return {
        **head_json(figures),
        "sentences": list(sentences),
        "views": change_json(figures.views),
        "usual": usual_json(figures.usual),
        "until": _time(figures.until),
        "all_views": figures.all_views,
        "visitors": figures.visitors,
        "articles": figures.articles,
        "points": [point_json(point) for point in figures.points],
        "events": [event_json(event) for event in figures.events],
        "top": [article_row_json(row) for row in figures.rows],
        "unlisted": figures.unlisted,
        **{name: rows_json(rows) for name, rows in tables_of(figures).items()},
        "filtered": dict(figures.filtered),
        "feed_readers": [feed_readers_json(readers) for readers in figures.feed_readers],
        "open_days": list(figures.open_days),
    }


def table_json(name: str, figures: SiteFigures) -> Json:
    """Write one table of dimensions: sections, authors or tags."""
    return {**head_json(figures), name: rows_json(tables_of(figures)[name])}


def top_json(figures: SiteFigures) -> Json:
    """Write the list of articles."""
    return {
        **head_json(figures),
        "top": [article_row_json(row) for row in figures.rows],
        "unlisted": figures.unlisted,
    }


def head_json(figures: SiteFigures) -> Json:
    """Write of what figures are, of which period, and when they were found."""
    return {
        "of": str(figures.subject.kind),
        "name": figures.subject.name,
        **span_json(figures.span),
        "compare": str(figures.against),
        "as_of": _time(figures.as_of),
    }


def tables_of(figures: SiteFigures) -> dict[str, tuple[Row, ...]]:
    """Give the tables of dimensions by name."""
    return {
        "sections": figures.sections,
        "authors": figures.authors,
        "tags": figures.tags,
        **_sources_of(figures),
    }


def _sources_of(figures: SiteFigures | ArticleFigures) -> dict[str, tuple[Row, ...]]:
    return {
        "sources": figures.sources,
        "hosts": figures.hosts,
        "campaigns": figures.campaigns,
        "countries": figures.countries,
        "devices": figures.devices,
    }


def span_json(span: Span) -> Json:
    """Write a period."""
    return {"period": str(span.unit), "from": f"{span.first}", "to": f"{span.last}"}


def change_json(change: Change) -> Json:
    """Write a number beside the one before."""
    return {"views": change.views, "before": change.before, "percent": change.percent}


def usual_json(usual: Usual | None) -> Json | None:
    """Write what is usual, and how many periods say so."""
    if usual is None:
        return None
    return {
        "median": usual.median,
        "lowest": usual.lowest,
        "highest": usual.highest,
        "of": usual.of,
    }


def point_json(point: Point) -> Json:
    """Write one point of a chart."""
    return {
        "start": _time(point.start),
        "views": point.views,
        "usual": usual_json(point.usual),
        "complete": point.complete,
        "settled": point.settled,
    }


def event_json(event: Event) -> Json:
    """Write what the publication did at a time."""
    return {
        "at": _time(event.at),
        "kinds": list(event.kinds),
        "article": event.article,
        "title": event.title,
    }


def rows_json(rows: Sequence[Row]) -> list[Json]:
    """Write a table of dimensions."""
    return [
        {
            "name": row.name,
            "views": row.views,
            "share": round(row.share, 4),
            "before": None if row.before is None else round(row.before, 1),
        }
        for row in rows
    ]


def article_row_json(row: ArticleRow) -> Json:
    """Write a row of the list of articles."""
    return {
        "article": row.article,
        "title": row.title,
        "section": row.section,
        "authors": list(row.authors),
        "published": _time(row.published),
        "views": row.views,
        "last_hour": change_json(row.last_hour),
        "per_hour": round(row.per_hour, 1),
        "sparkline": list(row.sparkline),
    }


def feed_readers_json(readers: FeedReaders) -> Json:
    """Write the subscribers of a feed in one app."""
    return {"feed": readers.feed, "app": readers.app, "subscribers": readers.subscribers}


def now_json(now: Now) -> Json:
    """Write the last half hour."""
    return {
        "views": now.views,
        "minutes": [{"start": _time(start), "views": views} for start, views in now.minutes],
        "movers": [mover_json(mover) for mover in now.movers],
        "as_of": _time(now.as_of),
    }


def mover_json(mover: Mover) -> Json:
    """Write an article that gains or loses readers."""
    return {
        "article": mover.article,
        "title": mover.title,
        "section": mover.section,
        "views": mover.views,
        "before": round(mover.before, 1),
        "source": mover.source,
    }


def article_json(figures: ArticleFigures) -> Json:
    """Write the figures of one article."""
    return {
        "article": figures.article,
        "title": figures.title,
        "section": figures.section,
        "authors": list(figures.authors),
        "tags": list(figures.tags),
        "url": figures.url,
        "published": _time(figures.published),
        "views": figures.views,
        "today": figures.today,
        "visitors": figures.visitors,
        "now": figures.now,
        **span_json(figures.span),
        "in_period": figures.in_span,
        "ages": [age_json(age) for age in figures.ages],
        "points": [point_json(point) for point in figures.days],
        "versions": [version_json(version) for version in figures.versions],
        "mailings": [_time(mailing) for mailing in figures.mailings],
        **{name: rows_json(rows) for name, rows in _sources_of(figures).items()},
        "filtered": dict(figures.filtered),
        "as_of": _time(figures.as_of),
    }


def age_json(age: Age) -> Json:
    """Write an hour of an article's life."""
    return {
        "hour": age.hour,
        "views": age.views,
        "total": age.total,
        "median": age.median,
        "low": age.low,
        "high": age.high,
    }


def version_json(version: Version) -> Json:
    """Write a version of an article and how many views were of it."""
    return {
        "number": version.number,
        "since": _time(version.since),
        "kinds": list(version.kinds),
        "title": version.title,
        "title_was": version.title_was,
        "views": version.views,
        "share": round(version.share, 4),
        "hour_before": version.hour_before,
        "hour_after": version.hour_after,
    }


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None
