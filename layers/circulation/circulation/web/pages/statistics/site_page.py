"""The page of statistics: whether this is normal, what moves, where from, and what we did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property, partial
from html import escape
from typing import TYPE_CHECKING

from circulation.access.grant import Extent
from circulation.counting.breakdown import OTHER
from circulation.counting.traits import Source
from circulation.statistics.figures import Against, Span, Unit
from circulation.statistics.rollup import THE_SITE, SubjectKind
from circulation.statistics.rows import Sort
from circulation.statistics.spans import (
    following,
    is_single_day,
    previous,
    span_of,
)
from circulation.statistics.wording import write_hour, write_sentences, write_time
from circulation.web.pages.statistics.axis import Axis, Step, step_of
from circulation.web.pages.statistics.details import filtered_table, name_kinds, name_trait
from circulation.web.pages.statistics.frame import (
    FORMS,
    Sheet,
    current,
    write_group,
    write_notes,
    write_now,
    write_status,
    write_units,
)
from circulation.web.pages.statistics.isolates import marked, write_marked, write_name
from circulation.web.pages.statistics.links import Links, links_of, order_of
from circulation.web.pages.statistics.plots import (
    Flag,
    Plot,
    PlotPoint,
    Tick,
    bar_plot,
    line_plot,
    sparkline,
)
from circulation.web.pages.statistics.tables import Table, bar_table, renamed, write_change
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from circulation.access.grant import Grant
    from circulation.articles.publication import Publication
    from circulation.statistics.figures import (
        ArticleRow,
        Event,
        Mover,
        Now,
        Point,
        Row,
        SiteFigures,
    )

MAX_FLAGS = 8
"""Marks of a chart: the last ones."""
_FIVE = 5
_DAY = 24
_PER_HOUR_WHOLE = 10
_OF_ANY_PERIOD = (Sort.VIEWS, Sort.PER_HOUR)


@dataclass(frozen=True, slots=True)
class Site:
    """What the page shows, and to whom."""

    figures: SiteFigures
    publication: Publication
    grant: Grant
    at: datetime
    """When it is shown."""
    today: date
    """The local date then."""
    now: Now | None = None
    """The last minutes, where the period runs and is the site's."""
    sort: Sort = Sort.VIEWS
    refresh: int = 0
    """Seconds of the tally window."""
    sections: tuple[str, ...] = ()
    """The site's, for the bar of a page that is of one of them, of an author or of a tag."""

    @property
    def links(self) -> Links:
        """The links of the page's own state."""
        return links_of(
            self.figures.span,
            self.figures.against,
            self.grant,
            subject=self.figures.subject,
            is_current=self.is_current,
            sort=self.sort,
        )

    @property
    def is_current(self) -> bool:
        """Whether its period has today."""
        return self.today in self.figures.span


def site_sheet(site: Site) -> Sheet:
    """Write the page."""
    page = _Page(site)
    return Sheet(
        page.say("title", name=page.name),
        page.write_main(),
        nav=page.write_nav(),
        status=page.write_status(),
        notes=page.write_notes(),
        state="live" if site.is_current else "past",
        refresh=site.refresh if site.now else 0,
    )


def now_sheet(site: Site) -> Sheet:
    """Write the parts that the script asks for anew: the last minutes and what moves."""
    page = _Page(site)
    main = page.write_now() + page.write_movers()
    return Sheet(page.say("title", name=page.name), main, status=page.write_status())


class _Page:
    """Writes the parts of the page."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._figures = site.figures
        self._publication = site.publication
        self._language = site.publication.language
        self._words = words_in(self._language)
        self._links = site.links
        self.name = self._figures.subject.name or self._write_span(self._figures.span)

    def say(self, key: str, **values: object) -> str:
        """Give a text of the page, not yet HTML."""
        return self._words(f"statistics.{key}", **values)

    def _html(self, key: str, **values: object) -> str:
        return escape(self.say(key, **values))

    def _number(self, number: float) -> str:
        return self._words.write_number(round(number))

    def _time(self, local: datetime) -> str:
        return write_time(local, self._words, self._language)

    def _clock(self, moment: datetime) -> str:
        return write_hour(self._publication.local(moment), self._words, self._language)

    # The top of the page

    def write_status(self) -> str:
        """Write how new the numbers are."""
        site = self._site
        return write_status(self._publication, site.at, is_live=site.now is not None)

    def write_nav(self) -> str:
        """Write the sections, which are the filter, and the period."""
        return self._write_sections_bar() + self._write_range()

    def _write_sections_bar(self) -> str:
        site, subject = self._site, self._figures.subject
        clear = {str(kind): "" for kind in SubjectKind if kind is not SubjectKind.SITE}
        names = [row.name for row in self._figures.sections if row.name != OTHER]
        names = names if subject == THE_SITE else list(site.sections)
        is_section = subject.kind is SubjectKind.SECTION
        if is_section and subject.name not in names:
            names.insert(0, subject.name)
        if site.grant.extent is not Extent.SITE:
            return ""
        items = [(self._links.to(**clear), self.say("all_sections"), subject == THE_SITE)] + [
            (
                self._links.to(**clear | {"section": name}),
                name,
                is_section and name == subject.name,
            )
            for name in names
        ]
        if subject.kind in {SubjectKind.AUTHOR, SubjectKind.TAG}:
            items.insert(1, (self._links.to(), subject.name, True))
        links = "".join(
            f'<li><a href="{escape(href)}"{current(is_current)}><bdi>{escape(name)}</bdi></a></li>'
            for href, name, is_current in items
        )
        return f'<nav class="sections" aria-label="{self._html("sections")}"><ul>{links}</ul></nav>'

    def _write_range(self) -> str:
        units = write_units(self._figures.span, self._site.today, self._links, self._publication)
        return (
            f'<nav class="range" aria-label="{self._html("period")}">{units}'
            f'<div class="step">{self._write_step("prev")}{self._write_picker()}'
            f"{self._write_step('next')}</div>{self._write_compare()}"
            '<div class="end js">'
            f'<button type="button" class="quiet" data-print>{self._html("print")}</button>'
            f'<button type="button" class="quiet" data-keys>{self._html("keys")} '
            '<kbd aria-hidden="true">?</kbd></button></div></nav>'
        )

    def _write_step(self, rel: str) -> str:
        span = self._figures.span
        other = previous(span) if rel == "prev" else following(span)
        arrow = f'<span class="arrow" aria-hidden="true">{"←" if rel == "prev" else "→"}</span>'
        label = escape(self._write_span(other))
        if other.first > self._site.today:
            return f"<span>{arrow}</span>"
        href = escape(self._links.to_span(other, is_current=self._site.today in other))
        return f'<a id="to-{rel}" rel="{rel}" href="{href}" aria-label="{label}">{arrow}</a>'

    def _write_picker(self) -> str:
        span, today = self._figures.span, self._site.today
        label = escape(self._write_span(span))
        shortcuts = (
            ("today", span_of(Unit.DAY, today)),
            ("yesterday", span_of(Unit.DAY, today - timedelta(days=1))),
            ("last_7", _last_days(today, 7)),
            ("last_28", _last_days(today, 28)),
        )
        links = "".join(
            f'<li><a href="{escape(self._links.to_span(other, is_current=other.first == today))}">'
            f"{self._html(key)}</a></li>"
            for key, other in shortcuts
        )
        fields = "".join(
            f'<label>{self._html(name)}<input type="date" name="{name}" required '
            f'value="{value.isoformat()}" max="{today.isoformat()}"></label>'
            for name, value in (("from", span.first), ("to", min(span.last, today)))
        )
        return (
            f'<details class="pop" id="picker"><summary>{label}</summary>'
            f'<form class="sheet" method="get"><ul class="row">{links}</ul>'
            f"{self._write_hidden('period', 'date', 'from', 'to')}"
            f'<input type="hidden" name="period" value="range"><div class="two">{fields}</div>'
            f'<button class="primary">{self._html("apply")}</button></form></details>'
        )

    def _write_hidden(self, *names: str) -> str:
        return "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name, value in self._links.hidden(*names).items()
        )

    def _write_compare(self) -> str:
        chosen = self._figures.against
        options = "".join(
            f'<option value="{against}"{" selected" if against is chosen else ""}>'
            f"{escape(self._write_against(against))}</option>"
            for against in Against
        )
        return (
            f'<form class="compare" method="get">{self._write_hidden("compare")}'
            f'<label for="compare">{self._html("against")}</label>'
            f'<select id="compare" name="compare">{options}</select>'
            f'<button class="quiet">{self._html("apply")}</button></form>'
        )

    def _write_against(self, against: Against) -> str:
        span = self._figures.span
        if against in {Against.USUAL, Against.PREVIOUS}:
            weekday = self._words.name_weekday(span.first)
            return self.say(f"against.{against}.{span.unit}", weekday=weekday)
        return self.say(f"against.{against}")

    def _write_span(self, span: Span) -> str:
        """Write a period: Thursday, 26 November; 23 to 29 November 2026; November 2026; 2026."""
        words, first, last = self._words, span.first, span.last
        if span.unit is Unit.YEAR:
            return str(first.year)
        if span.unit is Unit.MONTH:
            return f"{words.name_month(first.month)} {first.year}"
        if span.first == span.last:
            date = words.write_date(first)
            return self.say("weekday", weekday=words.name_weekday(first), date=date)
        start = words.write_date(first)
        if first.year == last.year:
            start = start.removesuffix(f" {first.year}")
            if first.month == last.month:
                start = str(first.day)
        return self.say("span", first=start, last=words.write_date(last))

    # What it says

    def write_main(self) -> str:
        """Write the parts in the order in which they stand at every width."""
        if not self._figures.all_views:
            return self._write_empty()
        side = f'<div class="aside">{self.write_now()}{self._write_facts()}</div>'
        return (
            f'<div class="top"><div>{self._write_lead()}{self._write_chart()}</div>{side}</div>'
            f"{self.write_movers()}{self._write_articles()}{self._write_dimensions()}"
            f"{self._write_sources()}{self._write_filtered()}"
        )

    def _write_empty(self) -> str:
        is_current = self._site.is_current
        script = ""
        now = self._site.now
        if now and not any(views for _, views in now.minutes):
            script = (
                f"<p>{self._html('empty_script')}</p><pre><code>&lt;script async "
                'src="/widget.js"&gt;&lt;/script&gt;</code></pre>'
                f"<p>{self._html('empty_next')}</p>"
            )
        back = escape(self._links.to_span(previous(self._figures.span)))
        return (
            f'<div class="blank"><p class="kicker">{write_name(self.name)}</p>'
            f'<h1 tabindex="-1">{self._html("empty" if is_current else "empty_past")}</h1>{script}'
            f'<p><a href="{back}">{self._html("before")}</a></p></div>'
        )

    def _write_lead(self) -> str:
        first, *rest = write_sentences(self._figures, self._words, self._language, mark=marked)
        more = "".join(f"<p>{write_marked(text, self._link_story)}</p>" for text in rest)
        return (
            f'<div class="lead"><p class="kicker">{write_marked(self._kicker())}</p>'
            f'<h1 tabindex="-1">{escape(first)}</h1>{more}{self._write_open_days()}</div>'
        )

    def _kicker(self) -> str:
        span = self._write_span(self._figures.span)
        name = self._figures.subject.name
        return self.say("subject", name=marked(name), span=span) if name else span

    def _link_story(self, name: str) -> str:
        """Link what a sentence names, if it is the title of one of the articles."""
        for row in self._figures.rows:
            if marked(row.title) == marked(name):
                return self._link_article(row.article, name)
        return write_name(name)

    def _write_open_days(self) -> str:
        days = self._figures.open_days
        if not days:
            return ""
        text = self._words.plural("statistics.open_days", len(days), days=", ".join(days))
        return f'<p class="note">{escape(text)}</p>'

    def _write_chart(self) -> str:
        figures = self._figures
        axis = Axis(step_of(figures.span), self._language)
        kind = axis.step
        compared = [point.usual for point in figures.points if point.usual]
        has_band = any(usual.of > 1 for usual in compared)
        columns = [self.say("now"), *([self._compared()] if compared else [])]
        if has_band:
            columns += [self.say("lowest"), self.say("highest")]
        plot = Plot(
            "chart",
            self.say(f"chart.{kind}"),
            self._label(kind),
            self.say(f"chart.unit.{kind}"),
            self.say(f"chart.axis.{kind}"),
            tuple(columns),
            tuple(self._point(point, axis, has_band=has_band) for point in figures.points),
            axis.ticks([point.start for point in figures.points]),
            self._flags() if kind is not Step.MONTH else (),
            csv=self._links.api("site", format="csv"),
            legend=self._legend(kind, has_usual=bool(compared), has_band=has_band),
        )
        draw, size = (line_plot, "tall") if kind is Step.HOUR else (bar_plot, "tall gutter")
        return (
            f'<section aria-labelledby="chart-heading"><h2 class="sub" id="chart-heading">'
            f"{escape(plot.title)}</h2>{draw(replace(plot, size=size), self._words)}</section>"
        )

    def _compared(self) -> str:
        usual = self._figures.against is Against.USUAL
        return self.say("usual") if usual else self._write_against(self._figures.against)

    def _legend(self, kind: Step, *, has_usual: bool, has_band: bool) -> str:
        shape = "" if kind is Step.HOUR else ' class="l-strong"'
        parts = [f"<span><i{shape}></i>{write_name(self.name)}</span>"]
        if has_usual:
            name = escape(self._write_against(self._figures.against))
            parts.append(f'<span><i class="l-usual"></i>{name}</span>')
        if has_band and kind is Step.HOUR:
            parts.append(f'<span><i class="l-band"></i>{self._html("chart.band")}</span>')
        if any(not point.complete and point.views is not None for point in self._figures.points):
            key = f"chart.so_far.{kind}"
            parts.append(f'<span><i class="l-sofar"></i>{self._html(key)}</span>')
        if self._figures.against is Against.USUAL and not has_usual:
            parts.append(f"<span>{self._html('chart.no_usual')}</span>")
        return "".join(parts)

    def _label(self, kind: Step) -> str:
        """Say what the chart shows: the sentence, and the longest stretch outside its band."""
        title = self.say(f"chart.{kind}")
        sentence = write_sentences(self._figures, self._words, self._language)[0]
        stretch = self._longest_stretch()
        outside = ""
        if stretch and kind is Step.HOUR:
            key, first, last = stretch
            outside = " " + self.say(
                f"chart.{key}",
                first=self._clock(first.start),
                last=self._clock(last.start + timedelta(hours=1)),
            )
        return f"{title}. {sentence}.{outside}"

    def _longest_stretch(self) -> tuple[str, Point, Point] | None:
        best: list[Point] = []
        best_key = ""
        for key in ("above", "below"):
            run: list[Point] = []
            for point in self._figures.points:
                run = [*run, point] if _is_outside(point, key) else []
                if len(run) > max(1, len(best)):
                    best, best_key = run, key
        return (best_key, best[0], best[-1]) if best else None

    def _point(self, point: Point, axis: Axis, *, has_band: bool) -> PlotPoint:
        usual = point.usual
        note = ""
        if not point.complete and point.views is not None:
            as_of = self._figures.as_of or self._site.at
            note = self.say("chart.until", time=self._time(self._publication.local(as_of)))
        return PlotPoint(
            axis.name(point.start),
            point.views,
            note,
            point.complete,
            usual.median if usual else None,
            usual.lowest if usual and has_band else None,
            usual.highest if usual and has_band else None,
        )

    def _short_date(self, moment: date) -> str:
        return f"{moment.day} {self._words.name_month(moment.month)}"

    def _flags(self) -> tuple[Flag, ...]:
        points = self._figures.points
        if not points:
            return ()
        start = points[0].start
        step = (points[1].start - start) if len(points) > 1 else timedelta(hours=1)
        whole = points[-1].start + step - start
        is_day = is_single_day(self._figures.span)
        return tuple(
            Flag(
                min(100, max(0, round(100 * ((event.at - start) / whole)))),
                self._time(event.at) if is_day else self._short_date(event.at),
                self._write_event(event),
            )
            for event in self._figures.events[-MAX_FLAGS:]
        )

    def _write_event(self, event: Event) -> str:
        kinds, title = name_kinds(event.kinds, self._words), marked(event.title)
        if event.others:
            key = "statistics.event.with"
            return self._words.plural(key, event.others, title=title, kinds=kinds)
        return self.say("event", title=title, kinds=kinds)

    def write_now(self) -> str:
        """Write the last five minutes, and the last thirty one by one."""
        now = self._site.now
        if now is None:
            return ""
        names = [self._time(self._publication.local(start)) for start, _ in now.minutes]
        count = len(names)
        shown = {0: 0, count // 2: 50, count - 1: 100}
        plot = Plot(
            "minutes",
            self.say("minutes"),
            self.say("minutes_label", views=self._number(now.views)),
            "",
            self.say("chart.axis.minute"),
            (self.say("views"),),
            tuple(
                PlotPoint(name, views) for name, (_, views) in zip(names, now.minutes, strict=True)
            ),
            tuple(Tick(at, names[number]) for number, at in shown.items() if count),
            strong=_FIVE,
            legend=self._html("minutes"),
            size="low",
        )
        return write_now(now.views, self._words, bar_plot(plot, self._words))

    def _write_facts(self) -> str:
        figures = self._figures
        name = self.say("views")
        if figures.until and is_single_day(figures.span):
            name = self.say("views_until", time=self._clock(figures.until))
        change = ""
        if figures.views.before is not None:
            against = self._write_against(figures.against)
            changed = write_change(figures.views.views, figures.views.before, self._words)
            change = f"{changed} {self._html('against')} {escape(against)}"
        facts = [(name, self._number(figures.views.views), change)]
        if figures.all_views != figures.views.views:
            facts.append((self.say("all_views"), self._number(figures.all_views), ""))
        facts += [
            (
                self.say("visitors"),
                self._number(figures.visitors),
                self._html("visitors_note"),
            ),
            (
                self.say("articles_read"),
                self._number(figures.articles),
                "" if is_single_day(figures.span) else self._html("articles_note"),
            ),
        ]
        rows = "".join(
            f"<div><dt>{escape(term)}</dt><dd><b>{number}</b>"
            f"{f'<small>{note}</small>' if note else ''}</dd></div>"
            for term, number, note in facts
        )
        return f'<dl class="facts">{rows}</dl>'

    def write_movers(self) -> str:
        """Write which articles gain or lose readers now."""
        now = self._site.now
        if now is None:
            return ""
        items = "".join(self._write_mover(mover) for mover in now.movers)
        listed = f'<ol class="movers">{items}</ol>' if items else ""
        note = self._html("movers_note") if items else self._html("movers_none")
        return (
            '<section class="group" id="movers" data-part aria-labelledby="movers-heading">'
            f'<div class="h"><h2 id="movers-heading">{self._html("movers")}</h2>'
            f'<p class="note">{note}</p></div>{listed}</section>'
        )

    def _write_mover(self, mover: Mover) -> str:
        source = self.say(f"source.{mover.source}") if mover.source else ""
        section = write_name(mover.section) if mover.section else ""
        small = " · ".join(text for text in (section, escape(source)) if text)
        return (
            f"<li><div>{self._link_article(mover.article, mover.title)}<small>{small}</small></div>"
            f'<div class="v"><b>{self._number(mover.views)}<span class="vh"> '
            f"{self._html('views')}</span></b>"
            f"{write_change(mover.views, mover.before, self._words)}</div></li>"
        )

    def _link_article(self, article: str, title: str) -> str:
        """Link to an article's page; where the reader may not see that, only name the article."""
        name = write_name(title or article)
        if not self._site.grant.allows(Extent.ARTICLE, article):
            return f"<span>{name}</span>"
        href = escape(self._links.to(article=article))
        return f'<a href="{href}">{name}</a>'

    # The articles

    def _write_articles(self) -> str:
        rows = "".join(
            self._write_article(number, row) for number, row in enumerate(self._figures.rows)
        )
        unlisted = self._figures.unlisted
        note = (
            f'<p class="note">{self._html("unlisted", views=self._number(unlisted))}</p>'
            if unlisted
            else ""
        )
        csv = escape(self._links.api("top", format="csv"))
        heads = "".join(self._write_head(sort) for sort in self._sorts)
        return (
            '<section class="group" aria-labelledby="articles-heading"><div class="h">'
            f'<h2 id="articles-heading">{self._html("articles")}</h2>'
            '<div class="find js"><label class="vh" for="find">'
            f'{self._html("find")}</label><input id="find" type="search" '
            f'placeholder="{self._html("find")}"><kbd aria-hidden="true">/</kbd></div></div>'
            '<table class="articles" role="table" aria-labelledby="articles-heading">'
            '<thead role="rowgroup"><tr role="row">'
            f'<th role="columnheader" scope="col" class="nosort">{self._html("article")}</th>'
            f"{self._write_trend_head()}{heads}</tr></thead>"
            f'<tbody role="rowgroup">{rows}</tbody></table>'
            f'<p class="note" id="found-none" role="status" hidden>{self._html("found_none")}</p>'
            f'{note}<a class="button quiet" href="{csv}" data-save="articles.csv">CSV'
            f'<span class="vh"> {self._html("articles")}</span></a></section>'
        )

    @property
    def _sorts(self) -> list[Sort]:
        """The columns of numbers: the last hours of articles are read for a single day alone."""
        is_day = is_single_day(self._figures.span)
        return [sort for sort in Sort if is_day or sort in {self._site.sort, *_OF_ANY_PERIOD}]

    @cached_property
    def _has_trends(self) -> bool:
        return any(row.sparkline for row in self._figures.rows)

    def _write_trend_head(self) -> str:
        if not self._has_trends:
            return ""
        keys = {Step.HOUR: "hours_24", Step.DAY: "days", Step.MONTH: "months"}
        key = keys[step_of(self._figures.span)]
        return f'<th role="columnheader" scope="col" class="nosort">{self._html(key)}</th>'

    def _write_head(self, sort: Sort) -> str:
        is_sorted = sort is self._site.sort
        href = escape(self._links.to(sort=order_of(sort)))
        order = ' aria-sort="descending"' if is_sorted else ""
        sign = ' <span aria-hidden="true">▼</span>' if is_sorted else ""
        least = " least" if sort is self._least_shown() else ""
        return (
            f'<th role="columnheader" scope="col" class="num{least}"{order}>'
            f'<a id="sort-{sort}" data-stay href="{href}">'
            f"{self._html(f'sort.{sort}')}{sign}</a></th>"
        )

    def _least_shown(self) -> Sort:
        """Give the column that a narrow window does without: never the one that sorts."""
        return Sort.GAIN if self._site.sort is Sort.PER_HOUR else Sort.PER_HOUR

    def _write_article(self, number: int, row: ArticleRow) -> str:
        details = f"details-{number}"
        article = escape(row.article)
        names = (row.section, ", ".join(row.authors))
        small = " · ".join([*(write_name(name) for name in names if name), escape(self._age(row))])
        least = self._least_shown()
        line = sparkline(row.sparkline, self._trend(row.sparkline)) if row.sparkline else ""
        trend = f'<td role="cell" class="s">{line}</td>' if self._has_trends else ""
        cells = {
            Sort.VIEWS: f'<span class="total">{self._number(row.views)}</span>',
            Sort.GAIN: write_change(row.last_hour.views, row.last_hour.before, self._words),
            Sort.PER_HOUR: self._rate(row.per_hour),
        }
        numbers = "".join(
            f'<td role="cell" class="num{" least" if sort is least else ""}">{cell}</td>'
            for sort, cell in cells.items()
            if sort in self._sorts
        )
        opener = more = ""
        if self._site.grant.allows(Extent.ARTICLE, row.article):
            opener = (
                '<button type="button" class="open js" aria-expanded="false" '
                f'data-article="{article}" aria-controls="{details}" '
                f'aria-label="{self._html("details_of", title=row.title or row.article)}"></button>'
            )
            columns = 1 + self._has_trends + len(self._sorts)
            more = (
                f'<tr role="row" class="more" id="{details}" data-article="{article}" hidden>'
                f'<td role="cell" colspan="{columns}"><p>{self._html("loading")}</p></td></tr>'
            )
        return (
            f'<tr role="row" data-article="{article}"><th role="rowheader" scope="row" class="t">'
            f"<div>{opener}{self._link_article(row.article, row.title)}"
            f"<small>{small}</small></div></th>"
            f"{trend}{numbers}</tr>{more}"
        )

    def _rate(self, per_hour: float) -> str:
        if per_hour >= _PER_HOUR_WHOLE:
            return self._number(per_hour)
        return escape(self._words.write_decimal(round(per_hour, 1)))

    def _age(self, row: ArticleRow) -> str:
        hours = max(0, (self._site.at - row.published) // timedelta(hours=1))
        if hours < _DAY:
            return self._words.plural("statistics.age.hours", hours)
        return self._words.plural("statistics.age.days", hours // _DAY)

    def _trend(self, numbers: Sequence[int]) -> str:
        """Say how a sparkline ends: its last quarter beside the one before."""
        quarter = max(1, len(numbers) // 4)
        last, before = sum(numbers[-quarter:]), sum(numbers[-2 * quarter : -quarter])
        if 4 * abs(last - before) <= before:
            return self.say("trend.steady")
        return self.say("trend.rising" if last > before else "trend.falling")

    # Where from, and what was not counted

    def _write_dimensions(self) -> str:
        figures = self._figures
        if figures.subject != THE_SITE:
            return ""
        tables = "".join(
            bar_table(
                Table(
                    f"{path}-table",
                    self.say(path),
                    rows,
                    partial(self._link_subject, kind),
                    is_compared=figures.against is not Against.NONE,
                    csv=self._links.api(path, format="csv"),
                ),
                self._words,
            )
            for kind, path, rows in (
                (SubjectKind.SECTION, "sections", figures.sections),
                (SubjectKind.AUTHOR, "authors", figures.authors),
                (SubjectKind.TAG, "tags", figures.tags),
            )
        )
        return self._group("dimensions", f'<div class="three">{tables}</div>')

    def _group(self, key: str, main: str) -> str:
        return write_group(key, self._html(key), main)

    def _link_subject(self, kind: SubjectKind, name: str) -> str:
        href = escape(self._links.to(**{str(kind): name}))
        return f'<a href="{href}"><bdi>{escape(name)}</bdi></a>'

    def _write_sources(self) -> str:
        figures = self._figures
        compared = figures.against is not Against.NONE

        def table(path: str, rows: Iterable[Row], prefix: str = "") -> str:
            name = partial(name_trait, names=prefix, words=self._words)
            title = self.say(path)
            return bar_table(
                Table(f"{path}-table", title, tuple(rows), name, is_compared=compared), self._words
            )

        sources = [row for row in figures.sources if row.name in set(Source)]
        first = (
            table("source_kinds", renamed(sources), "source")
            + table("hosts", figures.hosts)
            + table("campaigns", figures.campaigns)
        )
        second = table("countries", figures.countries, "country") + table(
            "devices", renamed(figures.devices), "device"
        )
        return self._group(
            "sources",
            f'<div class="uneven">{first}</div><div class="three">{second}'
            f"{self._write_readers()}</div>",
        )

    def _write_readers(self) -> str:
        readers = self._figures.feed_readers
        if not readers:
            return ""
        title = self._html("feed_readers")
        rows = "".join(
            f'<tr><th scope="row"><bdi>{escape(reader.app)}</bdi> <span class="soft">'
            f"<bdi>{escape(reader.feed)}</bdi></span></th>"
            f'<td class="num">{self._number(reader.subscribers)}</td></tr>'
            for reader in readers[:10]
        )
        return (
            f'<section id="readers-table"><h3>{title}</h3><table class="barlist">'
            f'<caption class="vh">{title}</caption>'
            f'<thead><tr><th scope="col">{self._html("app")}</th>'
            f'<th scope="col" class="num">{self._html("subscribers")}</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
            f'<p class="note">{self._html("readers_note")}</p></section>'
        )

    def _write_filtered(self) -> str:
        table = filtered_table(
            "filtered-table", "statistics.reasons", self._figures.filtered, self._words
        )
        note = f'<p class="note">{self._html("filtered_note")}</p>'
        return self._group("filtered", f'{note}<div class="three">{table}</div>')

    def write_notes(self) -> str:
        """Write what is exact and what is not, and the links to the same numbers."""
        addresses = {form: self._links.api("site", format=form) for form in FORMS}
        return write_notes(self._publication, self._site.at, "statistics", addresses)


def _is_outside(point: Point, key: str) -> bool:
    usual = point.usual
    if not point.complete or point.views is None or usual is None or usual.of == 1:
        return False
    return point.views > usual.highest if key == "above" else point.views < usual.lowest


def _last_days(today: date, days: int) -> Span:
    return Span(Unit.RANGE, today - timedelta(days=days - 1), today)
