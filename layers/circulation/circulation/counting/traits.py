"""Traits of a view, and the closed lists of their values."""

from enum import StrEnum
from typing import NamedTuple

# ISO 3166-1 alpha-2: the officially assigned codes, without reserved and user-assigned ones.
_ASSIGNED = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
COUNTRIES = frozenset(_ASSIGNED.split())
"""Country codes, in upper case."""

FORM_FACTORS = frozenset({"phone", "tablet", "desktop"})

MAX_CAMPAIGN = 64
"""Characters of a campaign's name."""


class Source(StrEnum):
    """Where readers come from; views.sources decides which one it is."""

    HOME = "home"
    """The front page of one of the publication's sites."""
    SECTION = "section"
    """Another page of one of them that is no article's."""
    ARTICLE = "article"
    SEARCH = "search"
    SOCIAL = "social"
    MAIL = "mail"
    FEED = "feed"
    SHARE = "share"
    """An address that another reader passed on."""
    OTHER = "other"
    NONE = "none"
    """No page led here: a typed address, a bookmark, or an application that tells nothing."""


SOURCES = frozenset(Source)


class Traits(NamedTuple):
    """What is counted about a view besides its number; None for an unknown trait."""

    referrer: str | None = None
    """The host that led to the article; None for the publication's own sites."""
    country: str | None = None
    """One of COUNTRIES."""
    form_factor: str | None = None
    """One of FORM_FACTORS."""
    source: str | None = None
    """One of SOURCES."""
    campaign: str | None = None
    """The name that the publication gave to what links here, at most MAX_CAMPAIGN characters."""


NO_TRAITS = Traits()
"""The traits of a view of which none is known."""
