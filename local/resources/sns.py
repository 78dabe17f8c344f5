"""SNS topics."""

from __future__ import annotations

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


@realises("aws:sns/topic:Topic")
def topic(declared: Declared, cloud: CloudBackend) -> Realised:
    """A topic."""
    name = declared.named("name")
    attributes = declared.chosen(KmsMasterKeyId="kmsMasterKeyId")
    arn = cloud.client("sns").create_topic(Name=name, Tags=tag_list(declared.tags), Attributes=attributes)["TopicArn"]
    return Realised(arn, {"name": name, "arn": arn})


@realises("aws:sns/topicSubscription:TopicSubscription")
def subscription(declared: Declared, cloud: CloudBackend) -> Realised:
    """A subscription."""
    arn = cloud.client("sns").subscribe(
        TopicArn=declared.inputs["topic"],
        Protocol=declared.inputs["protocol"],
        Endpoint=declared.inputs["endpoint"],
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return Realised(arn, {"arn": arn})


@realises("aws:sns/topicPolicy:TopicPolicy")
def topic_policy(declared: Declared, cloud: CloudBackend) -> Realised:
    """Who may publish to a topic."""
    arn = declared.inputs["arn"]
    cloud.client("sns").set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=declared.inputs["policy"]
    )
    return Realised(arn)
