"""SQS queues."""

from __future__ import annotations

from local.resources.registry import CloudBackend, Declared, Realised, realises

_ATTRIBUTES = {
    "VisibilityTimeout": "visibilityTimeoutSeconds",
    "MessageRetentionPeriod": "messageRetentionSeconds",
    "ReceiveMessageWaitTimeSeconds": "receiveWaitTimeSeconds",
    "DelaySeconds": "delaySeconds",
    "RedrivePolicy": "redrivePolicy",
    "Policy": "policy",
    "KmsMasterKeyId": "kmsMasterKeyId",
}


@realises("aws:sqs/queue:Queue")
def queue(declared: Declared, cloud: CloudBackend) -> Realised:
    """A queue."""
    name = declared.named("name")
    attributes = {name_: _text(value) for name_, value in declared.chosen(**_ATTRIBUTES).items()}
    if declared.get("fifoQueue"):
        attributes["FifoQueue"] = "true"
    url = cloud.client("sqs").create_queue(QueueName=name, Attributes=attributes, tags=dict(declared.tags))["QueueUrl"]
    arn = f"arn:aws:sqs:{cloud.region}:{cloud.account}:{name}"
    return Realised(url, {"name": name, "url": url, "arn": arn})


@realises("aws:sqs/queuePolicy:QueuePolicy")
def queue_policy(declared: Declared, cloud: CloudBackend) -> Realised:
    """Who may send to a queue."""
    url = declared.inputs["queueUrl"]
    cloud.client("sqs").set_queue_attributes(QueueUrl=url, Attributes={"Policy": _text(declared.inputs["policy"])})
    return Realised(url)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) else str(value)
