"""What follows from the region of a language: the first day of the week, and the clock.

The lists are those of the Unicode CLDR 48 (supplemental data: weekData, timeData).
"""

_BEGINNING_ON_SATURDAY = "AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY"
_BEGINNING_ON_SUNDAY = """
AG AS BD BR BS BT BW BZ CA CO DM DO ET GT GU HK HN ID IL IN IS JM JP KE KH KR LA MH MM MO MT MX MZ
NI NP PA PE PH PK PR PT PY SA SG SV TH TT TW UM US VE VI WS YE ZA ZW
"""
_COUNTING_TO_TWELVE = """
AE AG AL AR AS AU BB BD BH BM BN BO BS BT CA CL CO CR CU CY DJ DM DO DZ EC EG EH ER ET FJ FM GD GH
GM GR GT GU GY HK HN IN IQ JM JO KH KI KN KP KR KW KY LB LC LR LS LY MH MO MP MR MW MX MY NA NI NZ
OM PA PE PG PH PK PR PS PW PY QA SA SB SD SG SL SO SS SV SY SZ TC TD TN TO TT TW UM US UY VC VE VG
VI VN VU WF WS YE ZM
"""
_SATURDAY = frozenset(_BEGINNING_ON_SATURDAY.split())
_SUNDAY = frozenset(_BEGINNING_ON_SUNDAY.split())
_FRIDAY = frozenset({"MV"})
_TWELVE_HOURS = frozenset(_COUNTING_TO_TWELVE.split())
_HALVING = frozenset({"ar", "bn", "en", "hi", "ko", "ur"})
"""Languages that count hours to twelve where their region does: French in Canada does not."""
_LIKELY = {
    "ar": "EG",
    "bn": "BD",
    "ckb": "IQ",
    "fa": "IR",
    "he": "IL",
    "hi": "IN",
    "ja": "JP",
    "ko": "KR",
    "ps": "AF",
    "pt": "BR",
    "th": "TH",
    "ur": "PK",
}
"""Regions of languages without one. English has none: it is written everywhere."""
_MONDAY, _FRIDAYS, _SATURDAYS, _SUNDAYS = 0, 4, 5, 6
_REGION_LENGTH = 2


def first_weekday(language: str) -> int:
    """Give the day with which weeks begin in a language (BCP 47), from 0 for Monday."""
    region = _region_of(language)
    for regions, weekday in ((_SUNDAY, _SUNDAYS), (_SATURDAY, _SATURDAYS), (_FRIDAY, _FRIDAYS)):
        if region in regions:
            return weekday
    return _MONDAY


def has_twelve_hours(language: str) -> bool:
    """Say whether a clock counts to twelve twice a day in a language (BCP 47)."""
    first = language.partition("-")[0].lower()
    return first in _HALVING and _region_of(language) in _TWELVE_HOURS


def _region_of(language: str) -> str:
    """Give the region of a language tag, or the likely one; empty if there is none."""
    first, *rest = language.split("-")
    named = (subtag.upper() for subtag in rest if len(subtag) == _REGION_LENGTH)
    return next(named, _LIKELY.get(first.lower(), ""))
