"""Pages of statistics without numbers: signed out, ended, failed, not found."""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from circulation.statistics.wording import write_time
from circulation.times import format_time
from circulation.web.pages.statistics.frame import Sheet, write_response
from circulation.web.problems import detail_of
from circulation.words.texts import words_in

if TYPE_CHECKING:
    from circulation.articles.publication import Publication
    from circulation.web.request import Request
    from circulation.web.response import Response

_OF_FILES = {"format", "table", "limit"}
"""Parameters that the pages have none of."""


def problem_page(request: Request, problem: Response, publication: Publication) -> Response:
    """Write the page of a problem, with its status and its headers."""
    words = words_in(publication.language)
    status = HTTPStatus(problem.status)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN} and "share" not in request.query:
        key = _fault_of(request, status)
        sheet = Sheet(words("statistics.sign_in"), _write_form(publication, key))
    elif status is HTTPStatus.GONE and "share" in request.query:
        sheet = _sheet(publication, "statistics.ended", "statistics.ended_text")
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        sheet = _failed(request, status, publication)
    else:
        sheet = _refused(publication, detail_of(problem))
    return _answer(sheet, problem, publication)


def file_problem_page(request: Request, problem: Response, publication: Publication) -> Response:
    """Write the page of a problem with a file of numbers, with the way back to their page."""
    words = words_in(publication.language)
    heading = words("statistics.unsaved", status=problem.status)
    query = {name: text for name, text in request.query.items() if name not in _OF_FILES}
    if "id" in request.path:
        query["article"] = request.path["id"]
    sheet = Sheet(
        heading,
        f'<div class="blank"><h1 tabindex="-1">{escape(heading)}</h1>'
        f'<p lang="en">{escape(detail_of(problem))}</p><p><a href="/statistics?'
        f'{escape(urlencode(query))}">{escape(words("statistics.to_numbers"))}</a></p></div>',
    )
    return _answer(sheet, problem, publication)


def _answer(sheet: Sheet, problem: Response, publication: Publication) -> Response:
    page = write_response(sheet, publication, problem.status)
    headers = {name: value for name, value in problem.headers.items() if name not in page.headers}
    return type(page)(
        page.status, page.body, page.content_type, headers={**headers, **page.headers}
    )


def _fault_of(request: Request, status: HTTPStatus) -> str:
    """Give the key of what is wrong with the token that came; empty if none did."""
    if status is HTTPStatus.FORBIDDEN:
        return "statistics.token_of_other_scope"
    return "statistics.token_unknown" if request.headers.get("authorization") else ""


def _write_form(publication: Publication, fault: str) -> str:
    words = words_in(publication.language)
    error = f'<p class="err" id="token-fault">{escape(words(fault))}</p>' if fault else ""
    described = ' aria-invalid="true" aria-describedby="token-fault"' if fault else ""
    return (
        f'<div class="blank"><h1 tabindex="-1">{escape(words("statistics.sign_in"))}</h1>'
        f"<p>{escape(words('statistics.sign_in_text'))}</p>"
        f"<noscript><p><strong>{escape(words('statistics.needs_script'))}</strong></p></noscript>"
        '<form id="sign-in" class="js" method="post">'
        f'<label for="token">{escape(words("statistics.token"))}</label>'
        '<input id="token" name="token" type="password" autocomplete="off" required'
        f"{described}>{error}"
        f'<button class="primary">{escape(words("statistics.show"))}</button></form></div>'
    )


def _sheet(publication: Publication, heading: str, text: str) -> Sheet:
    words = words_in(publication.language)
    return Sheet(
        words(heading),
        f'<div class="blank"><h1 tabindex="-1">{escape(words(heading))}</h1>'
        f"<p>{escape(words(text))}</p></div>",
    )


def _refused(publication: Publication, detail: str) -> Sheet:
    words = words_in(publication.language)
    return Sheet(
        words("statistics.refused"),
        f'<div class="blank"><h1 tabindex="-1">{escape(words("statistics.refused"))}</h1>'
        f'<p lang="en">{escape(detail)}</p>'
        f'<p><a href="?">{escape(words("statistics.start"))}</a></p></div>',
    )


def _failed(request: Request, status: HTTPStatus, publication: Publication) -> Sheet:
    words = words_in(publication.language)
    time = write_time(publication.local(request.at), words, publication.language)
    again = escape(words("statistics.again"))
    operator = words("statistics.operator", number=request.id, time=format_time(request.at))
    return Sheet(
        words("statistics.failed"),
        '<div class="blank" role="alert">'
        f'<h1 tabindex="-1">{escape(words("statistics.failed"))}</h1>'
        f"<p>{escape(words('statistics.failed_text', status=status.value, time=time))}</p>"
        f'<p><button type="button" class="primary js" data-again>{again}</button></p>'
        f'<p class="note">{escape(operator)}</p></div>',
    )
