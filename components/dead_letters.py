"""Keeps what could not be delivered: events that started no session, and asynchronous calls that failed."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

#: The longest that SQS keeps a message: 14 days, in seconds.
KEPT_SECONDS = 1_209_600


@dataclass(frozen=True)
class DeadLettersArgs:
    """`stem` begins the queue's name."""

    stem: str


class DeadLetters(pulumi.ComponentResource):
    """One queue for everything undeliverable."""

    queue_arn: pulumi.Output[str]
    queue_url: pulumi.Output[str]
    queue_name: pulumi.Output[str]

    def __init__(self, name: str, args: DeadLettersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:dead_letters:DeadLetters", name, {}, opts)
        queue = aws.sqs.Queue(
            f"{name}-queue",
            name=f"{args.stem}-dead-letters",
            message_retention_seconds=KEPT_SECONDS,
            sqs_managed_sse_enabled=True,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.queue_arn, self.queue_url, self.queue_name = queue.arn, queue.url, queue.name
        self.register_outputs({"queue_arn": self.queue_arn})
