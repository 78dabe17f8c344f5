"""SNS topics."""

from __future__ import annotations

from local.resources.registry import Declared, Realised, Site, realises, tag_list


@realises("aws:sns/topic:Topic")
def topic(declared: Declared, site: Site) -> Realised:
    """A topic."""
    name = declared.named("name")
    attributes = declared.chosen(KmsMasterKeyId="kmsMasterKeyId")
    arn = site.client("sns").create_topic(Name=name, Tags=tag_list(declared.tags), Attributes=attributes)["TopicArn"]
    return Realised(arn, {"name": name, "arn": arn})


@realises("aws:sns/topicSubscription:TopicSubscription")
def subscription(declared: Declared, site: Site) -> Realised:
    """A subscription."""
    arn = site.client("sns").subscribe(
        TopicArn=declared.inputs["topic"],
        Protocol=declared.inputs["protocol"],
        Endpoint=declared.inputs["endpoint"],
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return Realised(arn, {"arn": arn})


@realises("aws:sns/topicPolicy:TopicPolicy")
def topic_policy(declared: Declared, site: Site) -> Realised:
    """Who may publish to a topic."""
    arn = declared.inputs["arn"]
    site.client("sns").set_topic_attributes(
        TopicArn=arn, AttributeName="Policy", AttributeValue=declared.inputs["policy"]
    )
    return Realised(arn)
