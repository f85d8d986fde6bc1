"""The outbox on the demo's pages: what the mail server accepted, as a mail program would show it.

A mail may be of anybody: what it says is text here, and its HTML part is a document of its own in
which no script runs, no form is sent and nothing is fetched.
"""

from datetime import UTC, datetime
from importlib.resources import files

from circulation.web.response import Response
from circulation_cli.local_stack.demo import html_page
from circulation_cli.local_stack.mail_parts import ONE_CLICK, read_parts
from circulation_cli.local_stack.outbox import MAX_MAILS, Mail, Outbox

LISTED = 100
"""How many mails the list has, the newest."""

HTML_HEADERS = {
    "content-security-policy": (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    ),
    "referrer-policy": "no-referrer",
    "x-dns-prefetch-control": "off",
}
TEXT_HEADERS = {"content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}

# Links open in a new tab, as in a mail program: the first base element of a document decides,
# wherever it stands, and here it leaves the beginning of the document as it is.
_LINKS_IN_NEW_TABS = '<base target="_blank">'


class MailPages:
    """The pages below /demo/outbox, of a stack at a URL."""

    def __init__(self, outbox: Outbox, url: str) -> None:
        self._outbox = outbox
        self._url = url

    def page(self, path: str) -> Response | None:
        """Respond with a page at a path; None if the outbox has none there."""
        match path.split("/")[1:]:
            case ["demo", "outbox"]:
                return self._list()
            case ["demo", "outbox.css"]:
                style = files(__package__).joinpath("outbox.css").read_bytes()
                return Response(200, style, "text/css; charset=utf-8", headers=TEXT_HEADERS)
            case ["demo", "outbox", mail_id, *rest]:
                mail = self._outbox.read(mail_id)
                return self._mail_page(mail, rest) if mail else None
        return None

    def _list(self) -> Response:
        mails = [
            (envelope, self._outbox.events_of(envelope.id))
            for envelope in self._outbox.newest(LISTED)
        ]
        return html_page(
            "outbox.html",
            datetime.now(UTC),
            headers=_page_headers("'none'"),
            mails=mails,
            count=self._outbox.count(),
            max_mails=MAX_MAILS,
        )

    def _mail_page(self, mail: Mail, rest: list[str]) -> Response | None:
        match rest:
            case []:
                return self._mail(mail)
            case ["html"]:
                content = (read_parts(mail.raw).html + _LINKS_IN_NEW_TABS).encode()
                return Response(200, content, "text/html; charset=utf-8", headers=HTML_HEADERS)
            case ["source"]:
                content = mail.raw.decode(errors="backslashreplace").encode()
                return Response(200, content, "text/plain; charset=utf-8", headers=TEXT_HEADERS)
        return None

    def _mail(self, mail: Mail) -> Response:
        """Show a mail; its unsubscribe button may ask this stack alone."""
        parts = read_parts(mail.raw)
        url = parts.one_click_url
        is_own = url.startswith(f"{self._url}/")
        return html_page(
            "mail.html",
            datetime.now(UTC),
            headers=_page_headers(self._url if is_own else "'none'"),
            envelope=mail.envelope,
            events=self._outbox.events_of(mail.envelope.id),
            mail=parts,
            one_click_url=url,
            one_click=ONE_CLICK.partition("="),
            is_own=is_own,
        )


def _page_headers(form_action: str) -> dict[str, str]:
    """Give the headers of a page that frames a mail and sends forms to a source (CSP) alone."""
    return {
        "content-security-policy": (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
            f"connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action {form_action}; "
            "frame-ancestors 'none'"
        ),
        "x-content-type-options": "nosniff",
    }
