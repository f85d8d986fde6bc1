"""The pages on subscriptions: the form, the yes, the choices and the end, without a script."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING

from circulation.mail.subscriber import FOREVER, Choices, Frequency
from circulation.mail.wording import digest_name, local_moment, section_list
from circulation.web.pages.mail_frame import CONTENT_TYPE, write_page
from circulation.web.pages.mail_style import HEADERS
from circulation.web.response import Response
from circulation.words.texts import Words, words_in

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from circulation.articles.publication import Publication
    from circulation.mail.mailbox import Mailbox
    from circulation.mail.sender import Plan
    from circulation.mail.subscribers import Pending

INVALID = 422
"""The status of a form with faults."""
PRIVATE = """<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
"""
"""In the head of a page whose address holds a key."""
MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Site:
    """What every page is written with."""

    publication: Publication
    plan: Plan
    sections: tuple[str, ...] = ()
    """The names of all sections, where the page lets somebody choose."""

    @property
    def words(self) -> Words:
        """The words of the publication's language."""
        return words_in(self.publication.language)


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form shows: what was typed into it last, and what is wrong with it."""

    address: str = ""
    choices: Choices = field(default_factory=Choices)
    faults: frozenset[str] = frozenset()
    """The names of the fields that cannot be taken: address, frequency, section."""


def subscribe_page(site: Site, filled: Filled, *, at: datetime, status: int = 200) -> Response:
    """Write the form; at is when it was opened, which the form sends back."""
    words = site.words
    advice = {"address": "no_address", "frequency": "no_frequency", "section": "no_section"}
    faults = {name: words(f"subscribe.{advice[name]}") for name in advice if name in filled.faults}
    lead = f'<p class="stand">{escape(words("subscribe.lead"))}</p>'
    is_wrong = "address" in faults
    invalid = ' aria-invalid="true" aria-describedby="address-fault"' if is_wrong else ""
    main = f"""{summary(faults, words) if faults else lead}
<form method="post" action="/subscriptions" novalidate>
<div class="field"><label for="address">{escape(words("subscribe.address"))}</label>
{fault_line("address", faults)}
<input id="address" name="address" type="email" value="{escape(filled.address)}" maxlength="254"
 autocomplete="email" required{invalid}></div>
{_choosing(site, filled.choices, faults)}
<input type="hidden" name="opened" value="{int(at.timestamp() * 1000)}">
<p class="note">{escape(words("subscribe.consent"))}</p>
<p><button>{escape(words("subscribe.button"))}</button></p>
</form>"""
    return mail_page(site, "subscribe.kicker", words("subscribe.heading"), main, status)


def sent_page(site: Site, address: str) -> Response:
    """Say the same for every address that is one."""
    words = site.words
    main = f"""<p class="stand">{isolated(words, "subscribe.sent_text", address=address)}</p>
<p class="note">{escape(words("subscribe.sent_note", title=site.publication.title))}</p>
<p><a href="/subscriptions">{escape(words("subscribe.another"))}</a></p>"""
    return mail_page(site, "subscribe.kicker", words("subscribe.sent"), main, 202)


def confirm_page(site: Site, pending: Pending) -> Response:
    """Ask, by a button: whoever opens links by machine confirms nothing."""
    words = site.words
    asked = isolated(
        words,
        "confirm.asked",
        moment=local_moment(pending.asked, site.publication, words),
        digest=digest_name(pending.choices.frequency, words),
        title=site.publication.title,
        sections=section_list(pending.choices.sections, words),
        address=masked(pending.mailbox),
    )
    main = f"""<p class="stand">{asked}</p>
<form method="post"><p><button>{escape(words("confirm.button"))}</button></p></form>
<p class="note">{escape(words("confirm.note"))}</p>"""
    return mail_page(site, "subscription.kicker", words("confirm.heading"), main)


def confirmed_page(site: Site, choices: Choices, key: str, *, at: datetime) -> Response:
    """Welcome a subscriber; key opens the page of choices."""
    words = site.words
    main = f"""<p class="stand">{escape(_next(site, "confirm.next", choices, at))}</p>
<p><a href="/subscriptions/{key}">{escape(words("confirm.choose"))}</a></p>"""
    return mail_page(site, "subscription.kicker", words("confirm.done"), main)


def ended_page(site: Site) -> Response:
    """Say the same of a link that is too old, was used, or never was one."""
    words = site.words
    main = f"""<p class="stand">{escape(words("confirm.ended_text"))}</p>
<p><a class="button" href="/subscriptions">{escape(words("subscription.again"))}</a></p>"""
    return mail_page(site, "subscription.kicker", words("confirm.ended"), main, 404)


def preferences_page(  # noqa: PLR0913  what the page shows
    site: Site,
    key: str,
    mailbox: Mailbox,
    choices: Choices,
    *,
    at: datetime,
    saved: bool = False,
    faults: Collection[str] = (),
) -> Response:
    """Show what a subscriber is sent, to be changed."""
    words = site.words
    reasons = {
        name: words(reason)
        for name, reason in (
            ("frequency", "subscribe.no_frequency"),
            ("section", "preferences.no_section"),
        )
        if name in faults
    }
    banner = summary(reasons, words, "preferences.not_saved") if reasons else ""
    if saved:
        paused = choices.paused_until == FOREVER
        then = (
            words("preferences.saved_paused")
            if paused
            else _next(site, "preferences.saved_next", choices, at)
        )
        title = escape(words("preferences.saved"))
        banner = f'<p class="ok" role="status"><strong>{title}</strong> {escape(then)}</p>'
    main = f"""{banner}
<form method="post" action="/subscriptions/{key}" novalidate>
{_choosing(site, choices, reasons)}
<div class="field short"><label for="pause">{escape(words("preferences.pause"))}</label>
<select id="pause" name="pause">{_pauses(choices, words, local_date(site, at))}</select></div>
<p><button>{escape(words("preferences.button"))}</button></p>
</form>
<hr>
<p class="row"><a href="/subscriptions/{key}/unsubscribe">\
{escape(words("preferences.unsubscribe"))}</a>
<a href="/subscriptions/{key}/export">{escape(words("preferences.export"))}</a></p>
<p class="note">{escape(words("preferences.note"))}</p>"""
    heading = words("preferences.heading", address=masked(mailbox))
    return mail_page(site, "subscription.kicker", heading, main, 422 if reasons else 200)


def gone_page(site: Site) -> Response:
    """Say that a link opens no subscription any more."""
    words = site.words
    main = f"""<p class="stand">{escape(words("preferences.gone"))}</p>
<p><a href="/subscriptions">{escape(words("preferences.subscribe"))}</a></p>"""
    return mail_page(site, "subscription.kicker", words("confirm.ended"), main, 404)


def unsubscribe_page(site: Site, key: str, mailbox: Mailbox) -> Response:
    """Ask, by a button: whoever opens links by machine ends nothing."""
    words = site.words
    main = f"""<form method="post" action="/subscriptions/{key}/unsubscribe">
<p class="row"><button>{escape(words("unsubscribe.button"))}</button>
<a class="button" href="/subscriptions/{key}">{escape(words("unsubscribe.less"))}</a></p></form>
<p class="note">{escape(words("unsubscribe.note"))}</p>"""
    heading = words("unsubscribe.heading_address", address=masked(mailbox))
    return mail_page(site, "subscription.kicker", heading, main)


def unsubscribed_page(site: Site) -> Response:
    """Say that it is done, however often it was."""
    words = site.words
    main = f"""<p class="stand">{escape(words("unsubscribe.done_text"))}</p>
<p><a href="/subscriptions">{escape(words("unsubscribe.mistake"))}</a></p>"""
    return mail_page(site, "subscription.kicker", words("unsubscribe.done"), main)


def nothing_page(site: Site, status: int) -> Response:
    """Say that there is nothing to end."""
    words = site.words
    main = f'<p class="stand">{escape(words("unsubscribe.already_text"))}</p>'
    return mail_page(site, "subscription.kicker", words("unsubscribe.already"), main, status)


def failure_page(site: Site, status: int) -> Response:
    """Say that a form was not taken."""
    words = site.words
    main = f"""<p class="summary" role="alert">{escape(words("failure.text", status=status))}</p>
<p><a href="/subscriptions">{escape(words("failure.again"))}</a></p>"""
    return mail_page(site, "subscription.kicker", words("failure.heading"), main, status)


def masked(mailbox: Mailbox) -> str:
    """Hide most of an address from who looks over a shoulder: s…@mail.example."""
    local_part, _, domain = mailbox.address.rpartition("@")
    return f"{local_part[0]}…@{domain}"


def paused_until(pause: str, choices: Choices, today: date) -> str:
    """Read a choice of the list of pauses as a date; any other text leaves the pause as it is."""
    match pause:
        case "none":
            return ""
        case "week":
            return (today + timedelta(days=7)).isoformat()
        case "month":
            return (today + timedelta(days=30)).isoformat()
        case "forever":
            return FOREVER
    return choices.paused_until


def local_date(site: Site, at: datetime) -> date:
    """Give the publication's date of an instant."""
    return site.publication.local(at).date()


def _next(site: Site, key: str, choices: Choices, at: datetime) -> str:
    words = site.words
    moment = site.plan.next(choices.frequency, at, paused_until=choices.paused_until)
    return words(
        key,
        weekday=words.name_weekday(moment),
        date=words.write_date(moment),
        hour=f"{moment:%H:%M}",
        sections=section_list(choices.sections, words),
    )


def _choosing(site: Site, choices: Choices, faults: dict[str, str]) -> str:
    words, hour = site.words, f"{site.plan.hour:02}:00"
    weekday = words.name_weekday(MONDAY + timedelta(days=site.plan.weekday))
    often = {
        Frequency.DAILY: words("subscribe.daily", hour=hour),
        Frequency.WEEKLY: words("subscribe.weekly", hour=hour, weekday=weekday),
    }
    radios = "\n".join(
        f'<label class="choice"><input type="radio" name="frequency" value="{frequency}"'
        f"{' checked' if choices.frequency is frequency else ''}>{escape(label)}</label>"
        for frequency, label in often.items()
    )
    none = "section" in faults
    boxes = "\n".join(
        f'<label class="choice"><input type="checkbox" name="section" value="{escape(name)}"'
        f"{' checked' if choices.wants(name) and not none else ''}>"
        f'<span dir="auto">{escape(name)}</span></label>'
        for name in _shown(site.sections, choices)
    )
    sections = f"""<fieldset id="section" tabindex="-1">
<legend>{escape(words("subscribe.sections"))}</legend>
{fault_line("section", faults)}
<div class="choices">{boxes}</div></fieldset>
<input type="hidden" name="choosing" value="sections">"""
    return f"""<fieldset id="frequency" tabindex="-1">
<legend>{escape(words("subscribe.often"))}</legend>
{fault_line("frequency", faults)}
{radios}</fieldset>
{sections if boxes else ""}"""


def _shown(sections: Sequence[str], choices: Choices) -> list[str]:
    """Give the sections to choose from: those that there are, and those chosen before."""
    return sorted({*sections, *choices.sections})


def _pauses(choices: Choices, words: Words, today: date) -> str:
    names = ("none", "week", "month", "forever")
    keys = {name: words(f"preferences.pause.{name}") for name in names}
    selected = "forever" if choices.paused_until == FOREVER else "none"
    if today.isoformat() < choices.paused_until < FOREVER:
        until = words.write_date(date.fromisoformat(choices.paused_until))
        keys = {"kept": words("preferences.pause.kept", date=until), **keys}
        selected = "kept"
    return "".join(
        f'<option value="{name}"{" selected" if name == selected else ""}>{escape(label)}</option>'
        for name, label in keys.items()
    )


def summary(faults: dict[str, str], words: Words, heading: str = "") -> str:
    """List what is wrong with a form, by field, with links to the fields."""
    title = words(heading) if heading else words.plural("subscribe.faults", len(faults))
    links = "".join(
        f'<li><a href="#{name}">{escape(reason)}</a></li>' for name, reason in faults.items()
    )
    strong = f"<strong>{escape(title)}</strong>"
    return f'<div class="summary" role="alert">{strong}<ul>{links}</ul></div>'


def fault_line(name: str, faults: dict[str, str]) -> str:
    """Say what is wrong with a field, if anything is."""
    if name not in faults:
        return ""
    return f'<p class="err" id="{name}-fault">{escape(faults[name])}</p>'


def isolated(words: Words, key: str, **values: str) -> str:
    """Give a text as HTML whose values may be of another direction."""
    return words(key, **{name: f"<bdi>{escape(value)}</bdi>" for name, value in values.items()})


def mail_page(site: Site, kicker: str, heading: str, main: str, status: int = 200) -> Response:
    """Write a page; kicker is the key of the words above the heading, main is HTML."""
    body = write_page(site.publication, site.words(kicker), heading, main, head=PRIVATE)
    return Response(status, body, CONTENT_TYPE, headers=HEADERS)
