"""ServeSubscriptions: the form, the yes, the choices and the end of a subscription."""

import os
from dataclasses import replace

from circulation.articles.queries import section_names
from circulation.errors import SubscriptionNotFound
from circulation.mail.ask import MAX_SECTIONS, ask_json, network_hash
from circulation.mail.subscriber import key_hash, link_key
from circulation.mail.subscribing import export_person, find_subscriber, save_choices, unsubscribe
from circulation.runtime import container, warm_up
from circulation.times import day_of
from circulation.web.handler import http_handler
from circulation.web.pages import mail_pages as pages
from circulation.web.pages.mail_style import HEADERS
from circulation.web.request import Request
from circulation.web.response import Response, json_response
from circulation.web.subscriptions import (
    Typed,
    ask_of,
    check_form_origin,
    filled_of,
    read_choices,
    read_sent,
    read_typed,
    wants_page,
)
from circulation.web.viewer import viewer_of


def form(request: Request) -> Response:
    """Give the form."""
    return pages.subscribe_page(_site(request), pages.Filled(), at=request.at)


def subscribe(request: Request) -> Response:
    """Take what was typed: the same answer and the same work for every address."""
    _check_origin(request)
    site = _site(request)
    typed = read_typed(read_sent(request), site.sections, request)
    if not typed.is_machine:
        _queue(request, typed)
    if wants_page(request):
        return pages.sent_page(site, typed.mailbox.address)
    return json_response({"status": "accepted"}, 202, headers=HEADERS)


def _queue(request: Request, typed: Typed) -> None:
    runtime = container()
    viewer = viewer_of(request, origin_secret=runtime.settings.origin_secret)
    network = network_hash(runtime.salts.of(day_of(request.at), os.urandom), viewer.address)
    ask = ask_of(request, typed, network, runtime.settings.api_url)
    runtime.letter_queue.send("ask", ask_json(ask))


def confirmation(request: Request) -> Response:
    """Ask for the yes."""
    pending = container().subscribers.find_pending(key_hash(request.path["key"]), now=request.at)
    site = _bare_site()
    return pages.confirm_page(site, pending) if pending else pages.ended_page(site)


def confirm(request: Request) -> Response:
    """Take the yes."""
    _check_origin(request)
    subscribers, site = container().subscribers, _bare_site()
    mail_key = subscribers.mail_key(os.urandom)
    subscriber = subscribers.confirm(key_hash(request.path["key"]), mail_key, now=request.at)
    if subscriber is None:
        return pages.ended_page(site)
    key = link_key(mail_key, subscriber.id)
    return pages.confirmed_page(site, subscriber.choices, key, at=request.at)


def preferences(request: Request) -> Response:
    """Show what a subscriber is sent."""
    return _preferences(request)


def save(request: Request) -> Response:
    """Change what a subscriber is sent."""
    _check_origin(request)
    key, subscribers, site = request.path["key"], container().subscribers, _site(request)
    standing = find_subscriber(key, subscribers, os.urandom)
    if standing is None or standing.subscriber is None:
        return pages.gone_page(site)
    person, sent = standing.subscriber, read_sent(request)
    today = pages.local_date(site, request.at)
    until = pages.paused_until(sent.first("pause"), person.choices, today)
    chosen = read_choices(sent, site.sections, person.choices.sections)
    choices = replace(chosen, paused_until=until)
    if not save_choices(key, choices, subscribers, os.urandom):
        return pages.gone_page(site)
    return pages.preferences_page(site, key, person.mailbox, choices, at=request.at, saved=True)


def _preferences(request: Request, faults: frozenset[str] = frozenset()) -> Response:
    key, site = request.path["key"], _site(request)
    standing = find_subscriber(key, container().subscribers, os.urandom)
    if standing is None or standing.subscriber is None:
        return pages.gone_page(site)
    person = standing.subscriber
    return pages.preferences_page(
        site, key, person.mailbox, person.choices, at=request.at, faults=faults
    )


def end_page(request: Request) -> Response:
    """Ask whether to end; a GET never ends anything (RFC 8058, section 3.1)."""
    key, site = request.path["key"], _bare_site()
    standing = find_subscriber(key, container().subscribers, os.urandom)
    if standing is None or standing.subscriber is None:
        return pages.nothing_page(site, 404 if standing is None else 200)
    return pages.unsubscribe_page(site, key, standing.subscriber.mailbox)


def end(request: Request) -> Response:
    """End at once, whatever the body and the origin; answer without a redirect (RFC 8058)."""
    site = _bare_site()
    is_link = unsubscribe(request.path["key"], container().subscribers, os.urandom, now=request.at)
    return pages.unsubscribed_page(site) if is_link else pages.nothing_page(site, 404)


def export(request: Request) -> Response:
    """Give everything that is stored of the person."""
    runtime = container()
    standing = find_subscriber(request.path["key"], runtime.subscribers, os.urandom)
    if standing is None:
        raise SubscriptionNotFound
    mail_key = runtime.subscribers.mail_key(os.urandom)
    person = export_person(standing, mail_key, runtime.limits, now=request.at)
    return json_response(person, headers=HEADERS)


def _site(request: Request) -> pages.Site:
    names = section_names(container().catalogue, now=request.at, limit=MAX_SECTIONS)
    return replace(_bare_site(), sections=tuple(names))


def _bare_site() -> pages.Site:
    settings = container().settings
    return pages.Site(settings.publication, settings.digest_plan)


def _check_origin(request: Request) -> None:
    settings = container().settings
    check_form_origin(request, settings.allowed_origins, settings.api_url)


def _failed(request: Request, problem: Response) -> Response:
    """Show a problem to who sent a form."""
    if not wants_page(request):
        return replace(problem, headers={**HEADERS, **problem.headers})
    page = pages.failure_page(_bare_site(), problem.status)
    return replace(page, headers={**page.headers, **problem.headers})


def _not_subscribed(request: Request, problem: Response) -> Response:
    """Show the form again with its faults."""
    if problem.status != pages.INVALID or not wants_page(request):
        return _failed(request, problem)
    site = _site(request)
    filled = filled_of(request, problem, site.sections)
    return pages.subscribe_page(site, filled, at=request.at, status=problem.status)


def _not_saved(request: Request, problem: Response) -> Response:
    """Show the choices again with their faults."""
    if problem.status != pages.INVALID or not wants_page(request):
        return _failed(request, problem)
    return _preferences(request, faults=filled_of(request, problem, ()).faults)


routes = {
    "GET /subscriptions": form,
    "POST /subscriptions": subscribe,
    "GET /subscriptions/confirm/{key}": confirmation,
    "POST /subscriptions/confirm/{key}": confirm,
    "GET /subscriptions/{key}": preferences,
    "POST /subscriptions/{key}": save,
    "GET /subscriptions/{key}/unsubscribe": end_page,
    "POST /subscriptions/{key}/unsubscribe": end,
    "GET /subscriptions/{key}/export": export,
}
handler = http_handler(
    "ServeSubscriptions",
    routes,
    displays={
        **dict.fromkeys(routes, _failed),
        "POST /subscriptions": _not_subscribed,
        "POST /subscriptions/{key}": _not_saved,
    },
)
warm_up()
