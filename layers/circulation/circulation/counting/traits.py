"""Traits: what a view tells of itself, and the closed lists of what it may tell."""

from typing import NamedTuple

# ISO 3166-1 alpha-2: the officially assigned codes, no reserved and no user-assigned ones.
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
"""The codes of countries."""

FORM_FACTORS = frozenset({"phone", "tablet", "desktop"})


class Traits(NamedTuple):
    """What a view tells of itself; None stands for what it does not tell."""

    referrer: str | None = None
    """The host that led to the article; none for the publication's own sites."""
    country: str | None = None
    """An ISO 3166-1 code of two letters."""
    form_factor: str | None = None
    """Phone, tablet or desktop."""


UNTOLD = Traits()
"""The traits of a view that tells nothing of itself."""
