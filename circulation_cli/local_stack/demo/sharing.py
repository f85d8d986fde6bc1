"""How readers recommend an article: the words of the letter, and the addresses that they pass on.

The page has these words in it, for recommend.js. Nothing that a reader writes is sent to us, unless
the stack sends recommendations.
"""

from urllib.parse import quote

from circulation.articles.article import Article
from circulation.articles.via import Via, with_via

WORDS = {
    "greeting": "Dear {friend},",
    "greeting_without_name": "Hello,",
    "sentence": "I thought this would interest you:",
    "copied": "Copied",
    "not_copied": "Not copied",
    "one_fault": "1 thing to correct",
    "faults": "{number} things to correct",
    "name_missing": "Who are you? Write your name.",
    "friend_name_missing": "Who is it for? Write your friend\u2019s name.",
    "name_with_link": "A name has no links in it.",
    "friend_email_missing": "Where does it go? Write your friend\u2019s address.",
    "several_emails": "One friend at a time: write one address.",
    "email_incomplete": "Write the whole address, such as {example}.",
    "sent": "Look in your mailbox.",
    "sent_text": (
        "We write to {address}. Press the button there within 24 hours and {friend} gets the "
        "letter; otherwise nobody does."
    ),
    "change": "Change an address",
    "not_sent": "Not sent.",
    "not_sent_text": "The server did not take it just now. You can still write it yourself, below.",
    "own_example": "sam@mail.example",
    "friend_example": "robin@mail.example",
}
"""What the letter and recommend.js say; {names} are replaced."""


def shared_url(article: Article) -> str:
    """Give the address of an article as readers pass it on: with via=share."""
    return with_via(article.url, Via.SHARE)


def letter_url(article: Article) -> str:
    """Write the letter to nobody yet as a mailto URL (RFC 6068), for readers without JavaScript."""
    lines = (WORDS["greeting_without_name"], WORDS["sentence"], shared_url(article))
    body = "\r\n".join(lines)
    return f"mailto:?subject={quote(article.title, safe='')}&body={quote(body, safe='')}"
