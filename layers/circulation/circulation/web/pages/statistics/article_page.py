"""The page of an article's statistics: its life beside others, what was done to it, its readers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from circulation.access.grant import Extent
from circulation.articles.change import ChangeKind
from circulation.statistics.curve import HOURS
from circulation.statistics.figures import Against
from circulation.statistics.rows import Sort
from circulation.statistics.sentence import difference_of
from circulation.statistics.spans import is_single_day
from circulation.statistics.wording import write_percent, write_time
from circulation.times import hour_of
from circulation.web.pages.statistics.details import (
    filtered_table,
    name_kinds,
    trait_table,
    write_points,
)
from circulation.web.pages.statistics.frame import (
    FORMS,
    Sheet,
    write_group,
    write_notes,
    write_now,
    write_status,
    write_units,
)
from circulation.web.pages.statistics.isolates import marked, without_marks, write_marked
from circulation.web.pages.statistics.links import links_of
from circulation.web.pages.statistics.plots import (
    Flag,
    Plot,
    PlotPoint,
    Tick,
    bar_plot,
    line_plot,
)
from circulation.web.pages.statistics.tables import renamed, write_change, write_share
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from circulation.access.grant import Grant
    from circulation.articles.publication import Publication
    from circulation.statistics.figures import Age, ArticleFigures, Version

_HOUR = timedelta(hours=1)
_TICK_HOURS = 12
_DAY_HOURS = 24
_NOT_THE_TEXT = {ChangeKind.UNPUBLISHED, ChangeKind.MAILED}


@dataclass(frozen=True, slots=True)
class OneArticle:
    """The article that the page shows, and to whom."""

    figures: ArticleFigures
    publication: Publication
    grant: Grant
    at: datetime
    """When it is shown."""
    today: date
    """The local date then."""
    against: Against = Against.USUAL
    """What the page that leads here compares with, and by what it sorts, for the way back."""
    sort: Sort = Sort.VIEWS
    refresh: int = 0
    """Seconds of the tally window."""


@dataclass(frozen=True, slots=True)
class _Deed:
    """What the publication did with the article at a time."""

    at: datetime
    kinds: Sequence[ChangeKind]
    title: str | None = None
    title_was: str | None = None
    before: int | None = None
    """Views of the full hour before, and of the one after; None if they are not known."""
    after: int | None = None


def article_sheet(shown: OneArticle) -> Sheet:
    """Write the page."""
    page = _ArticlePage(shown)
    return Sheet(
        page.say("title", title=page.title),
        page.write_main(),
        status=page.write_status(),
        notes=page.write_notes(),
        state="live",
        refresh=shown.refresh,
    )


def article_now_sheet(title: str, views: int, publication: Publication, at: datetime) -> Sheet:
    """Write the parts that the script asks for anew: an article's last minutes."""
    status = write_status(publication, at, is_live=True)
    return Sheet(title, write_now(views, words_in(publication.language)), status=status)


class _ArticlePage:
    """Writes the parts of the page."""

    def __init__(self, shown: OneArticle) -> None:
        figures = shown.figures
        self._shown = shown
        self._figures = figures
        self._publication = shown.publication
        self._words = words_in(shown.publication.language)
        self._links = links_of(
            figures.span,
            shown.against,
            shown.grant,
            is_current=shown.today in figures.span,
            sort=shown.sort,
        )
        self._own_links = replace(
            self._links, state={**self._links.state, "article": figures.article}
        )
        self.title = figures.title or figures.article

    def say(self, key: str, **values: object) -> str:
        """Give a text of the page, not yet HTML."""
        return self._words(f"statistics.article.{key}", **values)

    def _html(self, key: str, **values: object) -> str:
        return escape(self.say(key, **values))

    def _number(self, number: float) -> str:
        return self._words.write_number(round(number))

    def _time(self, moment: datetime) -> str:
        """Write a time with its day: Thursday, 26 November 2026, 08:12."""
        local = self._publication.local(moment)
        weekday = self._words.name_weekday(local)
        return self.say(
            "time", weekday=weekday, date=self._words.write_date(local), time=self._clock(local)
        )

    def _short_time(self, moment: datetime) -> str:
        """Write a time of a list: 26 November, 08:12; with the year if it is another."""
        local = self._publication.local(moment)
        date = f"{local.day} {self._words.name_month(local.month)}"
        if local.year != self._shown.today.year:
            date = f"{date} {local.year}"
        return self.say("short_time", date=date, time=self._clock(local))

    def _clock(self, local: datetime) -> str:
        return write_time(local, self._words, self._publication.language)

    def write_status(self) -> str:
        """Write how new the numbers are."""
        return write_status(self._publication, self._shown.at, is_live=bool(self._shown.refresh))

    def write_main(self) -> str:
        """Write the parts in the order in which they stand at every width."""
        return (
            f"{self._write_back()}{self._write_head()}"
            f'<div class="top"><div>{self._write_life()}</div>'
            f'<div class="aside">{write_now(self._figures.now, self._words)}'
            f"{self._write_facts()}</div></div>"
            f"{self._write_deeds()}{self._write_reach()}{self._write_period()}"
            f"{self._write_readers()}{self._write_filtered()}"
        )

    def write_notes(self) -> str:
        """Write what is exact and what is not, and the links to the same numbers."""
        addresses = {form: self._api(form) for form in FORMS}
        name = f"article-{self._figures.article}"
        return write_notes(self._publication, self._shown.at, name, addresses)

    def _api(self, form: str) -> str:
        return self._links.api(f"articles/{self._figures.article}", format=form)

    # The top of the page

    def _write_back(self) -> str:
        """Write the way back to what the grant opens beside the article; none if nothing."""
        grant = self._shown.grant
        if grant.extent is Extent.ARTICLE:
            return ""
        section = grant.name if grant.extent is Extent.SECTION else ""
        href = escape(self._links.to(section=section))
        name = self.say("back_to", section=marked(section)) if section else self.say("back")
        return (
            f'<p class="back"><a href="{href}"><span class="arrow" aria-hidden="true">←</span> '
            f"{write_marked(name)}</a></p>"
        )

    def _write_head(self) -> str:
        figures = self._figures
        authors = ", ".join(figures.authors)
        line = [f"<bdi>{escape(authors)}</bdi>"] if authors else []
        line.append(f"<span>{escape(self._time(figures.published))}</span>")
        if figures.url:
            line.append(f'<a href="{escape(figures.url)}">{self._html("read")}</a>')
        kicker = (
            f'<p class="kicker"><bdi>{escape(figures.section)}</bdi></p>' if figures.section else ""
        )
        return (
            f'<div class="lead">{kicker}<h1 tabindex="-1"><bdi>{escape(self.title)}</bdi></h1>'
            f'<p class="note row">{"".join(line)}</p><p>{write_marked(self._sentence)}</p></div>'
        )

    @cached_property
    def _sentence(self) -> str:
        """What is said of the article: how far it came, what a new title changed, who saw which."""
        return " ".join((self._say_life(), *self._say_title(), *self._say_reach()))

    def _say_life(self) -> str:
        figures = self._figures
        if not figures.ages:
            return self._plural("so_far", figures.views)
        last = figures.ages[-1]
        hours = self._words.plural("statistics.article.hours", last.hour + 1)
        text = self._plural("after", last.total, hours=hours, compared=self._compare(last))
        if last.hour + 1 < HOURS:
            return text
        return f"{text} {self._plural('in_all', figures.views)}"

    def _plural(self, key: str, number: int, **values: object) -> str:
        return self._words.plural(f"statistics.article.{key}", number, **values)

    def _compare(self, age: Age) -> str:
        """Say how a total stands to a usual article's; nothing if none is known."""
        difference = difference_of(age.total, age.median)
        if difference is None:
            return ""
        section = self._figures.section
        usual = self.say("usual_of", section=marked(section)) if section else self.say("usual")
        return self.say(
            str(difference.direction),
            usual=usual,
            percent=write_percent(difference.percent, self._words),
            factor=self._words.write_decimal(difference.factor),
        )

    def _say_title(self) -> list[str]:
        """Say what came after the last new title, not because of it."""
        retitled = [deed for deed in self._deeds if ChangeKind.TITLE in deed.kinds]
        if not retitled or retitled[-1].after is None:
            return []
        difference = difference_of(retitled[-1].after, retitled[-1].before)
        if difference is None:
            return []
        return [
            self.say(
                f"title_{difference.direction}",
                percent=write_percent(difference.percent, self._words),
                factor=self._words.write_decimal(difference.factor),
            )
        ]

    def _say_reach(self) -> list[str]:
        before, after = self._parted
        if not before or not after:
            return []
        views = sum(version.views for version in after)
        total = sum(version.views for version in (*before, *after))
        if not total:
            return []
        return [self.say("reach_sentence", share=write_share(views / total, self._words))]

    # Its life

    def _write_life(self) -> str:
        figures = self._figures
        if not figures.ages:
            return f'<p class="note">{self._html("no_hours")}</p>'
        known = any(age.median is not None for age in figures.ages)
        points = tuple(self._life_point(age) for age in figures.ages)
        columns = [self.say("in_all_column")]
        if known:
            columns += [self.say(name) for name in ("median", "low", "high")]
        curve = Plot(
            "life",
            self.say("life"),
            f"{self.say('life')}. {without_marks(self._say_life())}",
            self.say("life_unit"),
            self.say("axis"),
            tuple(columns),
            points,
            self._life_ticks(),
            self._life_flags(),
            csv=self._api("csv"),
            legend=self._life_legend(is_known=known),
            size="tall yend",
            room=HOURS,
            lists_flags=False,
        )
        most = max(figures.ages, key=lambda age: age.views)
        hours = Plot(
            "hours",
            self.say("life_hours"),
            self._plural("hours_label", most.views, hour=self._name_age(most.hour)),
            self.say("hours_unit"),
            self.say("axis"),
            (self._words("statistics.views"),),
            tuple(PlotPoint(self._name_age(age.hour), age.views) for age in figures.ages),
            self._life_ticks(),
            csv=self._api("csv"),
            legend=self._html("life_hours"),
            size="low yend",
            room=HOURS,
        )
        return (
            '<section aria-labelledby="life-heading"><h2 class="sub" id="life-heading">'
            f"{self._html('life')}</h2>{line_plot(curve, self._words)}"
            f"{bar_plot(hours, self._words)}</section>"
        )

    def _life_point(self, age: Age) -> PlotPoint:
        return PlotPoint(
            self._name_age(age.hour),
            age.total,
            usual=age.median,
            lowest=None if age.low is None else round(age.low),
            highest=None if age.high is None else round(age.high),
        )

    def _name_age(self, hour: int) -> str:
        return self.say("age", hour=self._number(hour + 1))

    def _life_ticks(self) -> tuple[Tick, ...]:
        return tuple(
            Tick(
                round(100 * hour / HOURS),
                self._plural("tick_days", hour // _DAY_HOURS)
                if hour and hour % _DAY_HOURS == 0
                else self.say("tick_hours", hours=self._number(hour)),
                hour % _DAY_HOURS != 0,
            )
            for hour in range(0, HOURS + 1, _TICK_HOURS)
        )

    def _life_flags(self) -> tuple[Flag, ...]:
        """Give the marks of the first hours: the first of the list of what was done."""
        start = hour_of(self._figures.published)
        whole = HOURS * _HOUR
        return tuple(
            Flag(
                max(0, round(100 * ((deed.at - start) / whole))),
                self._short_time(deed.at),
                self._name_deed(deed),
            )
            for deed in self._deeds
            if deed.at - start <= whole
        )

    def _life_legend(self, *, is_known: bool) -> str:
        parts = [f"<span><i></i>{self._html('this')}</span>"]
        if not is_known:
            return f"{parts[0]}<span>{self._html('no_usual')}</span>"
        section = self._figures.section
        usual = (
            self.say("median_of", section=marked(section)) if section else self.say("median_of_all")
        )
        parts.append(f'<span><i class="l-usual"></i><bdi>{write_marked(usual)}</bdi></span>')
        parts.append(f'<span><i class="l-band"></i>{self._html("band")}</span>')
        return "".join(parts)

    def _write_facts(self) -> str:
        figures = self._figures
        facts = [
            (self._words("statistics.views"), figures.views, ""),
            (self._words("statistics.today"), figures.today, ""),
            (
                self._words("statistics.visitors"),
                figures.visitors,
                self.say("visitors_note"),
            ),
            (
                self._words("statistics.filtered"),
                sum(figures.filtered.values()),
                self._words("statistics.about_right"),
            ),
        ]
        rows = "".join(
            f"<div><dt>{escape(term)}</dt><dd><b>{self._number(number)}</b>"
            f"{f'<small>{escape(note)}</small>' if note else ''}</dd></div>"
            for term, number, note in facts
        )
        return f'<dl class="facts">{rows}</dl>'

    # What was done

    @cached_property
    def _deeds(self) -> tuple[_Deed, ...]:
        """What was done, the oldest first: versions and mailings."""
        versions = [
            _Deed(
                version.since,
                version.kinds,
                version.title,
                version.title_was,
                version.hour_before if self._has_hours_around(version.since) else None,
                version.hour_after if self._has_hours_around(version.since) else None,
            )
            for version in self._figures.versions
        ]
        mailings = [
            _Deed(at, (ChangeKind.MAILED,), None, None, self._hour(at, -1), self._hour(at, 1))
            for at in self._figures.mailings
        ]
        return tuple(sorted((*versions, *mailings), key=lambda deed: deed.at))

    def _has_hours_around(self, at: datetime) -> bool:
        """Say whether the hours before and after a time are whole ones of the article's life."""
        start, end = hour_of(at) - _HOUR, hour_of(at) + 2 * _HOUR
        return self._figures.published <= start and end <= self._shown.at

    def _hour(self, at: datetime, step: int) -> int | None:
        """Give the views of an hour beside that of a time; None outside the first hours."""
        place = (hour_of(at) - hour_of(self._figures.published)) // _HOUR + step
        ages = self._figures.ages
        known = self._has_hours_around(at) and 0 <= place < len(ages)
        return ages[place].views if known else None

    def _name_deed(self, deed: _Deed) -> str:
        """Name what was done; the style makes its first letter large, as its language has it."""
        return name_kinds(deed.kinds, self._words)

    def _write_deeds(self) -> str:
        if not self._deeds:
            return ""
        items = "".join(
            f'<li><span class="flag">{number}</span>'
            f'<span class="soft">{escape(self._short_time(deed.at))}</span>'
            f"<div><b>{escape(self._name_deed(deed))}</b>{self._write_titles(deed)}</div>"
            f"<span>{self._write_after(deed)}</span></li>"
            for number, deed in enumerate(self._deeds, start=1)
        )
        note = f'<p class="note">{self._html("deeds_note")}</p>'
        return self._group("deeds", f'<ol class="marks deeds">{items}</ol>', note)

    def _write_titles(self, deed: _Deed) -> str:
        """Write the title that was and the one that is, with words for whoever sees no line."""
        if not deed.title or not deed.title_was or deed.title == deed.title_was:
            return ""
        return (
            f'<small><span class="vh">{self._html("title_was")} </span>'
            f"<del><bdi>{escape(deed.title_was)}</bdi></del></small><small>"
            f'<span class="vh">{self._html("title_is")} </span>'
            f"<ins><bdi>{escape(deed.title)}</bdi></ins></small>"
        )

    def _write_after(self, deed: _Deed) -> str:
        """Write the hour after beside the hour before; nothing of its publication."""
        if deed.after is None or not deed.before:
            return ""
        numbers = self.say(
            "hour_after", before=self._number(deed.before), after=self._number(deed.after)
        )
        return (
            f"{write_change(deed.after, deed.before, self._words)} "
            f'<small class="soft">{escape(numbers)}</small>'
        )

    def _group(self, key: str, main: str, more: str = "") -> str:
        return write_group(key, self._html(key), main, more)

    # Which version was seen

    @cached_property
    def _parted(self) -> tuple[Sequence[Version], Sequence[Version]]:
        """The versions before the last change of what the article says, and those from it on."""
        versions = [
            version for version in self._figures.versions if not _NOT_THE_TEXT & set(version.kinds)
        ]
        says = {ChangeKind.BODY, ChangeKind.TITLE}
        places = [place for place, version in enumerate(versions) if says & set(version.kinds)]
        place = places[-1] if places else 0
        return versions[:place], versions[place:]

    def _write_reach(self) -> str:
        before, after = self._parted
        earlier = sum(version.views for version in before)
        later = sum(version.views for version in after)
        total = earlier + later
        if not before or not total:
            return ""
        text = self._plural(
            "reach_text",
            earlier,
            share=write_share(earlier / total, self._words),
            later=self._number(later),
            time=self._short_time(after[0].since),
        )
        return self._group(
            "reach",
            f'<p class="serif">{escape(text)}</p>{self._write_reach_bar(earlier, total)}'
            f'{self._write_versions()}<p class="note">{self._html("reach_note")}</p>',
        )

    def _write_reach_bar(self, earlier: int, total: int) -> str:
        width = round(1000 * earlier / total)
        parts = [
            (self.say("earlier"), "l-band", earlier / total),
            (self.say("later"), "l-strong", (total - earlier) / total),
        ]
        names = [
            (f"{name}, {write_share(share, self._words)}", kind) for name, kind, share in parts
        ]
        legend = "".join(
            f'<span><i class="{kind}"></i><bdi>{escape(name)}</bdi></span>' for name, kind in names
        )
        label = escape("; ".join(name for name, _ in names))
        return (
            f'<svg class="c reach" role="img" aria-label="{label}" viewBox="0 0 1000 100" '
            'preserveAspectRatio="none" focusable="false">'
            f'<path class="band edge" d="M0 0H{width}V100H0z"/>'
            f'<path class="bar strong" d="M{width} 0H1000V100H{width}z"/></svg>'
            f'<div class="legend" aria-hidden="true">{legend}</div>'
        )

    def _write_versions(self) -> str:
        heads = "".join(
            f'<th scope="col"{kind}>{escape(text)}</th>'
            for text, kind in (
                (self.say("version"), ""),
                (self._words("statistics.since"), ""),
                (self._words("statistics.changed"), ""),
                (self._words("statistics.views"), ' class="num"'),
                (self._words("statistics.share"), ' class="num"'),
            )
        )
        rows = "".join(
            f'<tr><th scope="row">{self._number(version.number)}</th>'
            f"<td>{escape(self._short_time(version.since))}</td>"
            f"<td>{escape(self._name_deed(_Deed(version.since, version.kinds)))}</td>"
            f'<td class="num">{self._number(version.views)}</td>'
            f'<td class="num soft">{escape(write_share(version.share, self._words))}</td></tr>'
            for version in self._figures.versions
        )
        title = escape(self._words("statistics.versions"))
        return (
            f'<div class="scroll" role="region" tabindex="0" aria-label="{title}">'
            f'<table class="data" id="versions"><caption class="vh">{title}</caption>'
            f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    # The period, its readers, and what was not counted

    def _write_period(self) -> str:
        figures = self._figures
        text = escape(self._plural("period_views", figures.in_span, period=self._span))
        points = ""
        if figures.in_span:
            points = write_points("period", figures, self._publication, is_large=True)
        units = write_units(
            figures.span, self._shown.today, self._own_links, self._publication, stays=True
        )
        return self._group("period", f"{units}<p>{text}</p>{points}")

    @cached_property
    def _span(self) -> str:
        span = self._figures.span
        first, last = (self._words.write_date(day) for day in (span.first, span.last))
        if is_single_day(span):
            return first
        return self._words("statistics.span", first=first, last=last)

    def _write_readers(self) -> str:
        figures, words = self._figures, self._words
        first = (
            trait_table("source_kinds", renamed(figures.sources), words, "source")
            + trait_table("hosts", figures.hosts, words)
            + trait_table("campaigns", figures.campaigns, words)
        )
        second = trait_table("countries", figures.countries, words, "country") + trait_table(
            "devices", renamed(figures.devices), words, "device"
        )
        note = f'<p class="note">{escape(self._span)}</p>'
        return self._group(
            "readers", f'<div class="uneven">{first}</div><div class="three">{second}</div>', note
        )

    def _write_filtered(self) -> str:
        table = filtered_table(
            "reasons-table", "statistics.reasons", self._figures.filtered, self._words
        )
        note = f'<p class="note">{escape(self._words("statistics.filtered_note"))}</p>'
        return self._group("not_counted", f'{note}<div class="three">{table}</div>')
