"""The queue pump: what an event source mapping does for the queues."""

import threading

import boto3

from cli.local_stack.function import Function, FunctionFailed
from cli.local_stack.template import Template

POLL_SECONDS = 0.5


class QueuePump:
    """Hands each message of a queue to the function that it wakes, and deletes it when it is done.

    A message whose function failed comes again when its visibility timeout is over, as in SQS.
    """

    def __init__(self, template: Template) -> None:
        self._wakes: list[tuple[str, Function]] = [
            (mapping["Queue"]["Fn::GetAtt"][0], template.function(function))
            for function, mapping in template.events("SQS")
        ]
        self._client = boto3.client("sqs")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._pump, name="queue pump")

    def start(self) -> None:
        """Begin with what was left in the queues."""
        self._thread.start()

    def stop(self) -> None:
        """End; a function that is running is waited for, and messages stay where they are."""
        self._stopping.set()
        self._thread.join()

    def _pump(self) -> None:
        while not self._stopping.is_set():
            for queue, function in self._wakes:
                self._drain(queue, function)
            self._stopping.wait(POLL_SECONDS)

    def _drain(self, queue: str, function: Function) -> None:
        url = self._client.get_queue_url(QueueName=queue)["QueueUrl"]
        while not self._stopping.is_set():
            messages = self._client.receive_message(QueueUrl=url).get("Messages", [])
            if not messages:
                return
            for message in messages:
                record = {"messageId": message["MessageId"], "body": message["Body"]}
                try:
                    function.invoke({"Records": [record]})
                except FunctionFailed:
                    continue
                self._client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
