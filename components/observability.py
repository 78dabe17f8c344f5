"""What calls an operator: alarms, the topic that carries them, and the dashboard to look at then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.account import Account
from components.alarms import Subject, Watched
from components.dashboard import DashboardSubject, body
from components.iam import documents as iam

#: A section for each alarm.
RUNBOOKS = "docs/runbooks.md"


@dataclass(frozen=True)
class ObservabilityArgs:
    """What is watched. `mail` is the address that the topic writes to, empty for none; its reader must confirm once.

    `runbook_url` is where docs/runbooks.md is read, empty for nowhere: alarms then name the file.
    Without a `key_arn` the topic has no key but that of SNS's disks: CloudWatch may not use AWS's own KMS key of SNS.
    """

    stem: str
    account: Account
    state_machine_arn: pulumi.Output[str]
    analyst_function: pulumi.Output[str]
    dead_letter_queue: pulumi.Output[str]
    environment: str
    alarms: Sequence[Watched]
    dashboard: bool
    mail: str = ""
    runbook_url: str = ""
    key_arn: pulumi.Output[str] | None = None
    sign_in_function: pulumi.Output[str] | None = None


class Observability(pulumi.ComponentResource):
    """Alarms, and who hears of them."""

    alarm_names: tuple[str, ...]
    topic_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ObservabilityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:observability:Observability", name, {}, opts)
        self._name, self._args = name, args
        topic = self._create_topic()
        self.topic_arn = topic.arn
        subjects: dict[Subject, Mapping[str, pulumi.Input[str]]] = {
            "state machine": {"StateMachineArn": args.state_machine_arn},
            "dead letters": {"QueueName": args.dead_letter_queue},
            "analysts": {"FunctionName": args.analyst_function},
            "environment": {"environment": args.environment},
        }
        if args.sign_in_function is not None:
            subjects["sign-in"] = {"FunctionName": args.sign_in_function}
        self.alarm_names = tuple(self._create_alarm(alarm, subjects[alarm.subject], topic) for alarm in args.alarms)
        if args.dashboard:
            self._create_dashboard()
        self.register_outputs({"topic_arn": self.topic_arn})

    def _create_alarm(self, watched: Watched, dimensions: Mapping[str, pulumi.Input[str]], topic: aws.sns.Topic) -> str:
        name = f"{self._args.stem}-{watched.name}"
        aws.cloudwatch.MetricAlarm(
            f"{self._name}-{watched.name}",
            name=name,
            alarm_description=f"{watched.description}. Runbook: {self._args.runbook_url or RUNBOOKS}#{watched.name}",
            namespace=watched.namespace,
            metric_name=watched.metric,
            dimensions=dimensions,
            statistic=watched.statistic,
            period=watched.seconds,
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

    def _create_dashboard(self) -> None:
        args = self._args

        alarms = [args.account.arn("cloudwatch", f"alarm:{name}") for name in self.alarm_names]
        names = pulumi.Output.all(args.state_machine_arn, args.analyst_function, args.dead_letter_queue, *alarms)

        def rendered(named: Sequence[str]) -> str:
            machine, analyst, queue, *arns = named
            return body(DashboardSubject(args.environment, args.account.region, machine, analyst, queue, arns))

        aws.cloudwatch.Dashboard(
            f"{self._name}-dashboard",
            dashboard_name=args.stem,
            dashboard_body=names.apply(rendered),
            opts=pulumi.ResourceOptions(parent=self),
        )

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
