"""What an article's row opens to: six panels of its readers, and the way to its own page."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

from circulation.articles.change import ChangeKind
from circulation.statistics.figures import Row
from circulation.statistics.wording import write_time
from circulation.views.hit import FILTERED
from circulation.web.pages.statistics.axis import Axis, step_of
from circulation.web.pages.statistics.plots import Plot, PlotPoint, bar_plot
from circulation.web.pages.statistics.tables import (
    Table,
    bar_table,
    renamed,
    write_share,
)
from circulation.words.countries import name_country
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from circulation.articles.publication import Publication
    from circulation.statistics.figures import ArticleFigures, Version
    from circulation.web.pages.statistics.links import Links
    from circulation.words.texts import Words

_COUNTRY = "country"
MAX_VERSIONS = 10
"""Versions of the table: the last ones."""


def write_details(figures: ArticleFigures, publication: Publication, links: Links) -> str:
    """Write the panels in HTML; the links are those of the page in whose list they open."""
    words = words_in(publication.language)
    href = escape(links.to(article=figures.article))
    prefix = f"article-{figures.article}"
    tables = (
        trait_table("sources", renamed(figures.sources), words, "source", prefix=f"{prefix}-"),
        trait_table("countries", figures.countries, words, "country", prefix=f"{prefix}-"),
        filtered_table(f"{prefix}-filtered", "statistics.filtered", figures.filtered, words),
        write_points(prefix, figures, publication),
        trait_table("devices", renamed(figures.devices), words, "device", prefix=f"{prefix}-"),
        _write_versions(figures.versions, publication, words),
    )
    return (
        f'<div id="details"><div class="six">{"".join(tables)}</div>'
        f'<p><a href="{href}">{escape(words("statistics.all_about"))}</a></p></div>'
    )


def filtered_table(id_: str, title: str, filtered: Mapping[str, int], words: Words) -> str:
    """Write what was not counted, by reason."""
    known = {str(reason): filtered.get(reason, 0) for reason in FILTERED}
    total = sum(known.values())
    rows = tuple(
        Row(reason, hits, hits / total)
        for reason, hits in sorted(known.items(), key=lambda pair: -pair[1])
        if hits
    )

    def name(reason: str) -> str:
        return escape(words(f"statistics.reason.{reason}"))

    return bar_table(Table(id_, words(title), rows, name, views="statistics.hits"), words)


def trait_table(
    path: str, rows: Sequence[Row], words: Words, names: str = "", *, prefix: str = ""
) -> str:
    """Write a table of a trait of readers; names says which words name its rows, if any do."""
    name = partial(name_trait, names=names, words=words)
    return bar_table(
        Table(f"{prefix}{path}-table", words(f"statistics.{path}"), tuple(rows), name), words
    )


def name_trait(text: str, names: str, words: Words) -> str:
    """Name a trait of readers in HTML; names says which words name it, if any do."""
    if names == _COUNTRY:
        return escape(name_country(text, words.language))
    return escape(words(f"statistics.{names}.{text}")) if names else f"<bdi>{escape(text)}</bdi>"


def write_points(
    prefix: str, figures: ArticleFigures, publication: Publication, *, is_large: bool = False
) -> str:
    """Draw an article's views in the period: by hour, day or month; a small chart has no grid."""
    words = words_in(publication.language)
    axis = Axis(step_of(figures.span), publication.language)
    kind = axis.step
    title = words(f"statistics.chart.{kind}")
    number = words.plural("statistics.sentence.views", figures.in_span)
    points = tuple(
        PlotPoint(axis.name(point.start), point.views, complete=point.complete)
        for point in figures.days
    )
    plot = Plot(
        f"{prefix}-{kind}",
        # The site's chart stands on the same page as those of its opened rows.
        title if is_large else f"{title} · {figures.title}",
        f"{title}: {number}.",
        words(f"statistics.chart.unit.{kind}") if is_large else "",
        words(f"statistics.chart.axis.{kind}"),
        (words("statistics.views"),),
        points,
        axis.ticks([point.start for point in figures.days], is_small=not is_large),
        size="mid gutter" if is_large else "low",
    )
    return f"<section><h3>{escape(title)}</h3>{bar_plot(plot, words)}</section>"


def _write_versions(versions: Sequence[Version], publication: Publication, words: Words) -> str:
    heads = "".join(
        f'<th scope="col"{kind}>{escape(words(f"statistics.{key}"))}</th>'
        for key, kind in (
            ("since", ""),
            ("changed", ""),
            ("views", ' class="num"'),
            ("share", ' class="num"'),
        )
    )
    rows = "".join(
        f'<tr><th scope="row">{_since(version, publication, words)}</th>'
        f"<td>{escape(name_kinds(version.kinds, words))}</td>"
        f'<td class="num">{words.write_number(version.views)}</td>'
        f'<td class="num soft">{escape(write_share(version.share, words))}</td></tr>'
        for version in versions[-MAX_VERSIONS:]
    )
    title = escape(words("statistics.versions"))
    return (
        f'<section><h3>{title}</h3><table class="data"><caption class="vh">{title}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></section>"
    )


def name_kinds(kinds: Iterable[ChangeKind], words: Words) -> str:
    """Name what a change was: its details, as the time of the update, change with all else."""
    changed = list(kinds)
    shown = [kind for kind in changed if kind is not ChangeKind.DETAILS] or changed
    return ", ".join(words(f"statistics.event.{kind}") for kind in shown)


def _since(version: Version, publication: Publication, words: Words) -> str:
    since = publication.local(version.since)
    time = write_time(since, words, publication.language)
    return escape(f"{since.day} {words.name_month(since.month)}, {time}")
