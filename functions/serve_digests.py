"""ServeDigests: the list of digests, the web copy of each, and their feed."""

from circulation.errors import DigestNotFound
from circulation.feeds.channel import Format
from circulation.mail.digest import contents_for
from circulation.mail.digest_feed import digest_channel
from circulation.mail.digest_letter import Letterhead
from circulation.mail.subscriber import Choices, Frequency
from circulation.runtime import container, warm_up
from circulation.times import parse_day
from circulation.web.handler import http_handler
from circulation.web.pages.digest_pages import MAX_AGE, archive_page, copy_page
from circulation.web.request import Request
from circulation.web.response import Response
from circulation.web.syndication import channel_response

LISTED = {Frequency.DAILY: 43, Frequency.WEEKLY: 7}
"""Digests in the list, 50 in all: as many of each frequency as about seven weeks have."""
IN_FEED = 10


def archive(request: Request) -> Response:
    """List the newest digests."""
    settings, digests = container().settings, container().digests
    headings = [
        heading
        for frequency, number in LISTED.items()
        for heading in digests.headings(frequency, number)
    ]
    headings.sort(key=lambda heading: (heading.date, heading.frequency), reverse=True)
    return archive_page(settings.publication, headings, _base_url(request))


def web_copy(request: Request) -> Response:
    """Give a digest as everybody may see it: with all sections, and no link of a subscriber's."""
    digest = container().digests.get(*_name_of(request))
    contents = contents_for(digest, Choices()) if digest else None
    if not digest or not contents:
        raise DigestNotFound
    return copy_page(digest, contents, _letterhead(request))


def feed(request: Request) -> Response:
    """Give the daily digests as a feed."""
    digests = container().digests.newest(Frequency.DAILY, IN_FEED)
    form = Format(request.route.rpartition(".")[2])
    channel = digest_channel(digests, _letterhead(request), form, max_age=MAX_AGE)
    return channel_response(channel, form)


def _name_of(request: Request) -> tuple[Frequency, str]:
    try:
        return Frequency(request.path["frequency"]), parse_day(request.path["date"])
    except ValueError as error:
        raise DigestNotFound from error


def _letterhead(request: Request) -> Letterhead:
    settings = container().settings
    return Letterhead(
        settings.publication, settings.sender, _base_url(request), settings.digest_plan
    )


def _base_url(request: Request) -> str:
    return request.public_url(container().settings.api_url)


routes = {
    "GET /digests": archive,
    "GET /digests/{frequency}/{date}": web_copy,
    **{f"GET /digests/feed.{form}": feed for form in Format},
}
handler = http_handler("ServeDigests", routes)
warm_up()
