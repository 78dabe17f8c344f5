"""What calls an operator: four alarms, and the topic that carries them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.iam import documents as iam

#: One look at a metric, in seconds.
PERIOD_SECONDS = 300


@dataclass(frozen=True)
class ObservabilityArgs:
    """What is watched. `mail` is the address that the topic writes to, empty for none; its reader must confirm once.

    Without a `key_arn` the topic has no key but that of SNS's disks: CloudWatch may not use AWS's own KMS key of SNS.
    """

    stem: str
    account: Account
    state_machine_arn: pulumi.Output[str]
    analyst_function: pulumi.Output[str]
    dead_letter_queue: pulumi.Output[str]
    mail: str = ""
    key_arn: pulumi.Output[str] | None = None
    sign_in_function: pulumi.Output[str] | None = None


@dataclass(frozen=True)
class Watched:
    """One alarm: a metric that reached `threshold` in each of `periods` looks."""

    name: str
    description: str
    namespace: str
    metric: str
    statistic: str
    threshold: int = 1
    periods: int = 1


SESSIONS_FAILED = Watched("sessions-failed", "A session ended as Failed", "AWS/States", "ExecutionsFailed", "Sum")
SESSIONS_TIMED_OUT = Watched(
    "sessions-timed-out",
    "A session ran into the state machine's own timeout",
    "AWS/States",
    "ExecutionsTimedOut",
    "Sum",
)
DEAD_LETTERS = Watched(
    "dead-letters",
    "An upload that started no session, or an asynchronous call that failed, lies in the queue",
    "AWS/SQS",
    "ApproximateNumberOfMessagesVisible",
    "Maximum",
)
#: The state machine waits and tries again for half an hour; a quarter of it says that the quota is too small.
ANALYST_THROTTLED = Watched(
    "analyst-throttled",
    "The account's concurrency is too small for the analysts",
    "AWS/Lambda",
    "Throttles",
    "Sum",
    1,
    3,
)
#: What a reader does wrong is answered with a page; an error is the provider's, a secret's or ours.
SIGN_IN_FAILED = Watched(
    "sign-in-failed",
    "Readers of the sites cannot sign in",
    "AWS/Lambda",
    "Errors",
    "Sum",
)


class Observability(pulumi.ComponentResource):
    """Alarms, and who hears of them."""

    alarm_names: tuple[str, ...]
    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:observability:Observability", name, {}, opts)
        self._name, self._args = name, args
        topic = self._create_topic()
        self.topic_arn = topic.arn
        machine = {"StateMachineArn": args.state_machine_arn}
        watched: dict[Watched, Mapping[str, pulumi.Input[str]]] = {
            SESSIONS_FAILED: machine,
            SESSIONS_TIMED_OUT: machine,
            DEAD_LETTERS: {"QueueName": args.dead_letter_queue},
            ANALYST_THROTTLED: {"FunctionName": args.analyst_function},
        }
        if args.sign_in_function is not None:
            watched[SIGN_IN_FAILED] = {"FunctionName": args.sign_in_function}
        self.alarm_names = tuple(self._create_alarm(alarm, dimensions, topic) for alarm, dimensions in watched.items())
        self.register_outputs({"topic_arn": self.topic_arn})

    def _create_alarm(self, watched: Watched, dimensions: Mapping[str, pulumi.Input[str]], topic: aws.sns.Topic) -> str:
        name = f"{self._args.stem}-{watched.name}"
        aws.cloudwatch.MetricAlarm(
            f"{self._name}-{watched.name}",
            name=name,
            alarm_description=f"{watched.description}. docs/operations.md says what to do.",
            namespace=watched.namespace,
            metric_name=watched.metric,
            dimensions=dimensions,
            statistic=watched.statistic,
            period=PERIOD_SECONDS,
            evaluation_periods=watched.periods,
            threshold=watched.threshold,
            comparison_operator="GreaterThanOrEqualToThreshold",
            # These metrics exist only while something happens; silence is health.
            treat_missing_data="notBreaching",
            alarm_actions=[topic.arn],
            ok_actions=[topic.arn],
            opts=pulumi.ResourceOptions(parent=self),
        )
        return name

    def _create_topic(self) -> aws.sns.Topic:
        args, child = self._args, pulumi.ResourceOptions(parent=self)
        topic = aws.sns.Topic(
            f"{self._name}-topic", name=alarm_topic_name(args.stem), kms_master_key_id=args.key_arn, opts=child
        )
        alarms = args.account.arn("cloudwatch", f"alarm:{args.stem}-*")
        aws.sns.TopicPolicy(
            f"{self._name}-topic-policy",
            arn=topic.arn,
            policy=pulumi.Output.all(topic.arn, alarms).apply(lambda arns: topic_for_alarms(arns[0], arns[1])),
            opts=child,
        )
        if args.mail:
            aws.sns.TopicSubscription(
                f"{self._name}-mail", topic=topic.arn, protocol="email", endpoint=args.mail, opts=child
            )
        return topic


def alarm_topic_name(stem: str) -> str:
    """The topic's name, needed before it exists: functions that it watches send messages through it."""
    return f"{stem}-alarms"


def topic_for_alarms(topic: str, alarms: str) -> str:
    """Topic policy: only these alarms may publish."""
    statement = iam.allow("PublishAlarms", ["sns:Publish"], [topic], {"ArnLike": {"aws:SourceArn": alarms}})
    return iam.document([{**statement, "Principal": {"Service": "cloudwatch.amazonaws.com"}}])
