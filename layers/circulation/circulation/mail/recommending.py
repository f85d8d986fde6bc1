"""Recommending: from the form to the sender's yes, to one mail to the friend, and its refusal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from circulation.articles.queries import read_uncounted
from circulation.aws.mail_service import (
    MailQuotaSpent,
    MailRefused,
    MailStopped,
    MailThrottled,
    MailUncertain,
)
from circulation.errors import ArticleGone, ArticleNotFound
from circulation.mail.limits import friend_limit, recommendation_limits
from circulation.mail.mail_event import Harm, harm_of, tag_of
from circulation.mail.message import mime_bytes
from circulation.mail.recommendation import REFUSING
from circulation.mail.recommendation_letters import question_message, recommendation_message
from circulation.mail.subscriber import key_hash, link_key, subscriber_id, subscriber_of_link
from circulation.mail.subscribers import State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from circulation.articles.article import Article
    from circulation.articles.catalogue import Catalogue
    from circulation.mail.limits import Limits
    from circulation.mail.mailbox import Mailbox
    from circulation.mail.recommendations import Recommendations
    from circulation.mail.subscribers import Subscribers
    from circulation.mail.subscribing import Post

_TAG = "recommendation"


@dataclass(frozen=True, slots=True)
class RecommendationStores:
    """What recommending reads and keeps."""

    catalogue: Catalogue
    subscribers: Subscribers
    recommendations: Recommendations
    limits: Limits


def ask_sender(  # noqa: PLR0913  what a question is made of
    key: str,
    network: str,
    stores: RecommendationStores,
    post: Post,
    *,
    now: datetime,
    random_bytes: Callable[[int], bytes],
) -> str:
    """Send the mail that asks a sender for a yes, and give `sent`, or why it was not sent.

    That is `gone` without such a recommendation or its article, `refused` for a mailbox that
    nothing is sent to, or the kind of limit that is reached; then both addresses are deleted.
    Network is a keyed hash. Raises the mail service's errors and StoreUnavailable; then it may be
    tried again, and is not counted again.
    """
    waiting = key_hash(key)
    recommendation = stores.recommendations.find(waiting, now=now)
    if recommendation is None:
        return "gone"
    sender = recommendation.sender.mailbox
    mail_key = stores.subscribers.mail_key(random_bytes)
    article = _find_article(recommendation.article, stores, now)
    person = subscriber_id(mail_key, sender.inbox)
    limits = recommendation_limits(person, network, post.confirmations_per_day, now=now)
    hindrance = (
        ("" if article else "gone")
        or ("refused" if _is_closed(sender, mail_key, stores) else "")
        or ((reached := stores.limits.admit(waiting, limits, now=now)) and reached.kind)
    )
    if hindrance or article is None:
        stores.recommendations.delete(waiting)
        return hindrance or "gone"
    url = f"{recommendation.base_url}/recommendations/confirm/{key}"
    message = question_message(recommendation, article, url, post.sender, post.publication)
    _send(mime_bytes(message), sender, person, post)
    return "sent"


def send_recommendation(
    waiting: str,
    stores: RecommendationStores,
    post: Post,
    *,
    now: datetime,
    random_bytes: Callable[[int], bytes],
) -> str:
    """Send the one mail to the friend, and give `sent`, or why it was not sent.

    Waiting is the hash of the sender's key. Nobody gets it twice: where nobody knows whether SES
    took the mail (`uncertain`), or a run was broken off between its claim and its end
    (`repeated`), it is not sent again; `friend` is the limit of letters to one. Both addresses are
    deleted in any case but that SES takes no mail just now. Then its error is raised, and it may be
    tried again; they are stored anew, since another worker with the same message has perhaps
    deleted them.
    """
    recommendation = stores.recommendations.find(waiting, now=now)
    if recommendation is None:
        return "gone"
    article = _find_article(recommendation.article, stores, now)
    mail_key = stores.subscribers.mail_key(random_bytes)
    mailbox = recommendation.friend.mailbox
    friend = subscriber_id(mail_key, mailbox.inbox)
    people = (mailbox, recommendation.sender.mailbox)
    if article is None:
        outcome = "gone"
    elif any(_is_closed(person, mail_key, stores) for person in people):
        outcome = "refused"
    elif reached := stores.limits.admit(f"{waiting}#letter", [friend_limit(friend, now)], now=now):
        outcome = reached.kind
    elif not stores.recommendations.claim(friend, article.id, now=now):
        outcome = "repeated"
    else:
        key = link_key(mail_key, friend, REFUSING)
        refusal = f"{recommendation.base_url}/recommendations/{key}/refuse"
        message = recommendation_message(
            recommendation, article, refusal, post.sender, post.publication
        )
        try:
            outcome = _send(mime_bytes(message), mailbox, friend, post)
        except (MailThrottled, MailQuotaSpent, MailStopped):
            stores.recommendations.release(friend, article.id)
            stores.recommendations.put(waiting, recommendation)
            raise
        except MailUncertain:
            outcome = "uncertain"
        except MailRefused:
            stores.recommendations.delete(waiting)
            raise
    stores.recommendations.delete(waiting)
    return outcome


def refuse(key: str, stores: RecommendationStores, random_bytes: Callable[[int], bytes]) -> bool:
    """Never write to a link's person again; tell whether the link is a person's at all."""
    person = refusing_person(key, stores, random_bytes)
    if person is None:
        return False
    stores.recommendations.refuse(person)
    return True


def refusing_person(
    key: str, stores: RecommendationStores, random_bytes: Callable[[int], bytes]
) -> str | None:
    """Give whose a link to refuse is; None if it is nobody's."""
    return subscriber_of_link(stores.subscribers.mail_key(random_bytes), key, REFUSING)


def apply_recommendation_event(event: Mapping[str, Any], recommendations: Recommendations) -> str:
    """Refuse for whom a recommendation's mail bounced or annoyed; give the metric that counts it.

    An event may come twice; one about another mail changes nothing.
    """
    harm = harm_of(event) if tag_of(event, "k") == _TAG else None
    if harm is None:
        return ""
    recommendations.refuse(tag_of(event, "s"))
    return "RecommendationsBounced" if harm is Harm.BOUNCED else "RecommendationsComplained"


def _find_article(article_id: str, stores: RecommendationStores, now: datetime) -> Article | None:
    try:
        return read_uncounted(article_id, stores.catalogue, now=now)
    except (ArticleNotFound, ArticleGone):
        return None


def _is_closed(mailbox: Mailbox, mail_key: bytes, stores: RecommendationStores) -> bool:
    """Tell whether nothing is sent to a person."""
    state = stores.subscribers.find_state(subscriber_id(mail_key, mailbox))
    inbox = subscriber_id(mail_key, mailbox.inbox)
    return state is State.SUPPRESSED or stores.recommendations.is_refused(inbox)


def _send(mail: bytes, mailbox: Mailbox, person: str, post: Post) -> str:
    tags = {"k": _TAG, "s": person}
    post.service.send(mail, post.sender.mailbox.address, mailbox.address, tags)
    return "sent"
