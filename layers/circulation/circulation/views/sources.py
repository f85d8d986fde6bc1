"""Sources: where a reader came from, by what a page tells of itself when it is opened.

This is the one place where it is decided; docs/counting.md has the rules.
"""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pkgutil import get_data
from unicodedata import normalize
from urllib.parse import parse_qsl, unquote

from circulation.articles.via import VIA, Via
from circulation.counting.traits import MAX_CAMPAIGN, Source
from circulation.text import one_line
from circulation.views.referrers import domains_of, public_host

MEDIUM = "utm_medium"
CAMPAIGN_SOURCE = "utm_source"
CAMPAIGN = "utm_campaign"
"""Google's names of the parameters of a campaign's links, which other systems use as well."""

MAX_PATH = 1_024
"""Characters that are read of an own page's path."""
ARTICLE_DIGITS = 5
"""Digits in a row that make the last part of a path an article's number, and no year or page."""
ARTICLE_MARKS = 2
"""Hyphens or underscores that make the last part of a path a title: three words."""

_OF_VIA = {str(Via.MAIL): Source.MAIL, str(Via.SHARE): Source.SHARE, str(Via.FEED): Source.FEED}

# In utm_medium or utm_source, as Google Analytics reads them ("Default channel group") and senders
# of newsletters write them.
_WORDS = {
    Source.MAIL: {"email", "e-mail", "e_mail", "e mail", "mail", "newsletter"},
    Source.FEED: {"rss", "feed", "atom"},
    Source.SOCIAL: {"social", "social-network", "social-media", "sm", "social network"}
    | {"social media"},
    Source.SEARCH: {"organic", "search"},
}
_OF_WORD = {word: source for source, words in _WORDS.items() for word in words}
_OF_WORD |= dict.fromkeys(("fb", "ig", "telegram", "whatsapp"), Source.SOCIAL)  # as utm_source

# Missing from the list: readers of feeds, and services and applications that it does not know.
_UNLISTED = {
    Source.FEED: {"bazqux.com", "commafeed.com", "feedbin.com", "feeder.co", "feedly.com"}
    | {"inoreader.com", "netvibes.com", "newsblur.com", "reader.miniflux.app", "theoldreader.com"},
    Source.SEARCH: {"cn.bing.com", "com.google.android.apps.magazines", "html.duckduckgo.com"}
    | {"com.google.android.apps.searchlite", "kagi.com", "lite.duckduckgo.com", "startpage.com"}
    | {"m.search.naver.com", "ya.ru", "yandex.az", "yandex.com.tr"},
    Source.SOCIAL: {"api.whatsapp.com", "com.facebook.katana", "com.facebook.orca", "wa.me"}
    | {"com.instagram.android", "com.whatsapp", "messenger.com", "org.telegram.messenger", "t.me"}
    | {"threads.com", "threads.net", "tiktok.com", "web.telegram.org", "whatsapp.com"},
    Source.MAIL: {"com.microsoft.office.outlook", "com.yahoo.mobile.client.android.mail"}
    | {"mail.proton.me", "outlook.office.com", "outlook.office365.com"},
}
_WITH_SUBDOMAINS = {Source.SOCIAL, Source.FEED}
"""Whose hosts have subdomains for the same use: m.facebook.com. docs.google.com is no search."""

_AUTHORITY = re.compile(r"(?:https?:)?(//[^/?#]*)", flags=re.IGNORECASE)
_REST = re.compile(r"[?#].*", flags=re.DOTALL)
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)\Z", flags=re.IGNORECASE)
_LISTING = re.compile(
    r"/(?:authors?|category|categories|page|search|sections?|tags?|topics?)/", flags=re.IGNORECASE
)
_DATE = re.compile(r"/(?:19|20)[0-9]{2}/[0-9]{1,2}/")


def read_marks(query: str) -> dict[str, str]:
    """Read what the query of a page's address tells of the link that led there.

    Gives the campaign's parameters and `via` in lower case, each as it stands first and without
    what is empty. A value of `via` that is not ours is left out, as it may name the page.
    """
    marks: dict[str, str] = {}
    for name, value in parse_qsl(query.removeprefix("?"), errors="replace"):
        text = one_line(value).lower()
        is_ours = text in _OF_VIA if name == VIA else name in (MEDIUM, CAMPAIGN_SOURCE, CAMPAIGN)
        if is_ours and text:
            marks.setdefault(name, text)
    return marks


def campaign_of(marks: Mapping[str, str]) -> str | None:
    """Give a campaign's name, at most MAX_CAMPAIGN characters; None if there is none.

    A name with an @, also an encoded one, may be somebody's address, so it is none. Characters that
    nobody sees are left out.
    """
    name = marks.get(CAMPAIGN) or marks.get(CAMPAIGN_SOURCE, "")
    plain = normalize("NFKC", unquote(unquote(name)))
    shown = "".join(character for character in name if character.isprintable())
    return shown[:MAX_CAMPAIGN].strip() or None if "@" not in plain else None


def source_of(
    referrer: str | None, marks: Mapping[str, str], own_sites: tuple[str, ...]
) -> Source | None:
    """Decide where a reader came from; None if that is unknown.

    Referrer is the address of the page that led here, its host alone, or its path alone if it is on
    the same site; empty if no page did, and None if the page cannot tell. Marks are the page's own,
    from read_marks, and are believed first. own_sites are addresses of the publication's sites.
    """
    marked = _source_of_marks(marks)
    if marked or (referrer is None and not marks):
        return marked
    text = (referrer or "").strip()
    if not text:
        return Source.OTHER if marks else Source.NONE
    path = _own_path(text, own_sites)
    if path is not None:
        return _source_of_own(path, own_sites)
    host = public_host(text)
    return _source_of_host(host) if host else Source.OTHER


def _source_of_marks(marks: Mapping[str, str]) -> Source | None:
    """Give the source that marks name; None if they name none, as a campaign alone does not."""
    if VIA in marks:
        return _OF_VIA[marks[VIA]]
    name = marks.get(CAMPAIGN_SOURCE, "")
    source = _OF_WORD.get(marks.get(MEDIUM, "")) or _OF_WORD.get(name)
    if source or not name:
        return source
    host = public_host(name if "." in name else f"{name}.com")  # facebook is facebook.com
    source = _source_of_host(host) if host else Source.OTHER
    return None if source is Source.OTHER else source


def _own_path(text: str, own_sites: tuple[str, ...]) -> str | None:
    """Give the path of an own page, empty if it is unknown; None if the page is not one's own."""
    authority = _AUTHORITY.match(text)
    if not authority and text.startswith("/"):
        return text
    own = _own_hosts(own_sites)
    if public_host(text) not in own and not (authority and authority[1].lower() in own):
        return None
    return text[authority.end() :] if authority else ""


def _source_of_own(path: str, own_sites: tuple[str, ...]) -> Source:
    """Tell the front page, an article and any other page apart, by the path alone."""
    path = _INDEX.sub("/", _REST.sub("", path[:MAX_PATH]))
    if path and path.rstrip("/") in _home_paths(own_sites):
        return Source.HOME
    before, _, last = path.rstrip("/").rpartition("/")
    if _LISTING.search(f"{before}/"):
        return Source.SECTION
    is_title = last.count("-") + last.count("_") >= ARTICLE_MARKS and not _is_date(last)
    is_number = bool(re.search(f"[0-9]{{{ARTICLE_DIGITS}}}", last))
    is_dated = bool(_DATE.search(f"{before}/")) and not last.isdecimal()
    return Source.ARTICLE if is_title or is_number or is_dated else Source.SECTION


def _is_date(last: str) -> bool:
    """Tell whether the last part of a path is a date or a number with hyphens, and no title."""
    return last.replace("-", "").isdecimal()


def _source_of_host(host: str) -> Source:
    hosts = _load_hosts()
    source = hosts.get(host)
    if source:
        return source
    above = (hosts.get(domain) for domain in domains_of(host))
    return next((source for source in above if source in _WITH_SUBDOMAINS), Source.OTHER)


@lru_cache(maxsize=16)
def _own_hosts(own_sites: tuple[str, ...]) -> frozenset[str]:
    """Give the public hosts of own sites, and as //host:port also others, such as localhost."""
    authorities = {match[1].lower() for match in map(_AUTHORITY.match, own_sites) if match}
    return frozenset(filter(None, map(public_host, own_sites))) | authorities


@lru_cache(maxsize=16)
def _home_paths(own_sites: tuple[str, ...]) -> frozenset[str]:
    """Give the paths of the front pages, without a slash at the end."""
    return frozenset({"", *(_AUTHORITY.sub("", site).rstrip("/") for site in own_sites)})


@cache
def _load_hosts() -> dict[str, Source]:
    """Load the hosts whose source is known, when the first view comes from another site."""
    listed = json.loads(get_data("circulation", "data/sources.json") or b"")["hosts"]
    of_host: dict[str, Source] = {}
    for name, hosts in (*listed.items(), *_UNLISTED.items()):
        of_host |= dict.fromkeys(hosts, Source(name))
    return of_host
