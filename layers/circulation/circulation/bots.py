"""Who is not a reader: programs that say so in their user agent, or that say nothing."""

import re

MIN_USER_AGENT = 12

# Whole families by the words they use for themselves; browsers use none of these.
_BOT = re.compile(
    r"(?<!cu)bot(\b|_)|crawl|spider|slurp|scrap(e|y)|fetch|monitor|preview|archiver|validator|"
    r"feed(ly|burner|fetch|parser)|newsboat|miniflux|\brss\b|facebookexternalhit|whatsapp|"
    r"headless|phantomjs|puppeteer|playwright|selenium|lighthouse|"
    r"^(curl|wget|libwww|python|go-http|java|okhttp|ruby|perl|php|node|axios|got|httpie|apache-http)|"
    r"python-(requests|urllib|httpx)|httpclient|https?://",
    flags=re.IGNORECASE,
)


def is_bot(user_agent: str) -> bool:
    """Tell whether a user agent is a program's, or too short to be any browser's."""
    return len(user_agent) < MIN_USER_AGENT or _BOT.search(user_agent) is not None
