"""Letters on their way: what waits in the letter queue, and its delivery to SendLetter."""

from typing import Any

from circulation.aws.sdk import session
from circulation.runtime import Container
from functions import send_letter


def queued(store: Container) -> list[dict[str, Any]]:
    """Take what waits in the letter queue, as Lambda's records."""
    client = session().create_client("sqs")
    url = store.settings.letter_queue_url
    found = client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    for message in found:
        client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [{"body": message["Body"]} for message in found]


def deliver(records: list[dict[str, Any]]) -> None:
    for record in records:
        send_letter.handler({"Records": [record]}, None)
