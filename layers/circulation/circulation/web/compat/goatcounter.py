"""GoatCounter's /count as its script calls it: https://www.goatcounter.com/help/pixel.

The data are in the query, whatever the method; the answer is always the pixel, and a header says
why a hit was not counted.
"""

import re
from dataclasses import dataclass, field
from http import HTTPStatus

from circulation.views.hit import MAX_NONCE, Reason
from circulation.views.recording import Recorded
from circulation.web.hits import Claim
from circulation.web.page_url import query_of
from circulation.web.pages.pixel import pixel
from circulation.web.request import Request
from circulation.web.response import Response

MAX_PATH = 2_048
FIRST_BOT = 150
"""The least code in b that says why the script takes the browser for one driven by a program."""

_WIDTH = re.compile(r"\d{1,5}(?=$|[.,])", flags=re.ASCII)
_TRUE = {"true", "1", "on", "t"}
_REASONS = {
    Reason.REPEAT: "the visitor has been counted a moment ago",
    Reason.BOT: "it is a bot",
    Reason.PREFETCH: "nobody has seen the page yet",
    Reason.PRIVACY: "the browser asks not to be followed",
    Reason.LATE: "it began on a day that is over",
    Reason.OWN: "it is from one of the site's own networks",
}


@dataclass(frozen=True, slots=True)
class Counting:
    """What the script asks to count, or the reason why that is refused."""

    page: str = ""
    """The path of the page; empty if refused."""
    claim: Claim = field(default_factory=Claim)
    status: int = HTTPStatus.OK
    refusal: str = ""
    """Empty if the hit can be counted."""


def counting_of(request: Request) -> Counting:
    """Read p (path), r (referrer), q (query), s (size), b (bot), e (event) and rnd."""
    query = request.query
    path, bot = query.get("p", ""), query.get("b", "0")
    if not path:
        return Counting(status=400, refusal="not valid: path: must be set")
    if len(path) > MAX_PATH:
        refusal = f"ignored because path is longer than {MAX_PATH} bytes ({len(path)} bytes)"
        return Counting(status=414, refusal=refusal)
    if not re.fullmatch(r"\d{1,3}", bot, flags=re.ASCII) or 0 < int(bot) < FIRST_BOT:
        return Counting(status=400, refusal=f"wrong value: b={bot[:MAX_NONCE]}")
    if query.get("e", "").lower() in _TRUE:
        return Counting(refusal="ignored because events are not counted")
    width = _WIDTH.match(query.get("s", ""))  # an invalid size is no reason to lose a view
    claim = Claim(
        nonce=query.get("rnd", "")[:MAX_NONCE],
        referrer=query.get("r", ""),
        query=f"{query_of(path)}&{query.get('q', '').removeprefix('?')}",
        width=int(width[0]) if width else None,
        automated=int(bot) >= FIRST_BOT,
    )
    return Counting(f"/{path.lstrip('/')}", claim)


def counted(counting: Counting, recorded: Recorded | None) -> Response:
    """Answer with the pixel, and the reason if the hit was not counted; None is an unknown page."""
    if counting.refusal:
        return pixel(counting.status, _printable(counting.refusal))
    if recorded is None:
        return pixel(reason="ignored because no article is published at this path")
    reason = recorded.reason
    return pixel(reason=f"ignored because {_REASONS[reason]}" if reason else "")


def _printable(text: str) -> str:
    """Replace characters that a header cannot have, and trim the ends (RFC 9110, section 5.5)."""
    return re.sub(r"[^\x20-\x7e]", "?", text).strip()
