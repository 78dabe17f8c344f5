"""CloudWatch logs, alarms and dashboards, and EventBridge, which Pulumi files under CloudWatch."""

from __future__ import annotations

from typing import Any

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


@realises("aws:cloudwatch/logGroup:LogGroup")
def log_group(declared: Declared, cloud: CloudBackend) -> Realised:
    """A log group; the lines of functions and tasks go to files in the cloud's folder."""
    name = declared.named("name")
    logs = cloud.client("logs")
    logs.create_log_group(logGroupName=name, tags=dict(declared.tags), **declared.chosen(kmsKeyId="kmsKeyId"))
    if declared.get("retentionInDays"):
        logs.put_retention_policy(logGroupName=name, retentionInDays=int(declared.inputs["retentionInDays"]))
    return Realised(name, {"name": name, "arn": f"arn:aws:logs:{cloud.region}:{cloud.account}:log-group:{name}"})


@realises("aws:cloudwatch/metricAlarm:MetricAlarm")
def metric_alarm(declared: Declared, cloud: CloudBackend) -> Realised:
    """An alarm: described, never raised."""
    name = declared.named("name")
    chosen = declared.chosen(
        AlarmDescription="alarmDescription",
        Namespace="namespace",
        MetricName="metricName",
        Statistic="statistic",
        ExtendedStatistic="extendedStatistic",
        Threshold="threshold",
        TreatMissingData="treatMissingData",
        AlarmActions="alarmActions",
        OKActions="okActions",
    )
    if declared.get("period"):
        chosen["Period"] = int(declared.inputs["period"])
    if declared.get("dimensions"):
        chosen["Dimensions"] = [{"Name": k, "Value": v} for k, v in declared.inputs["dimensions"].items()]
    cloud.client("cloudwatch").put_metric_alarm(
        AlarmName=name,
        ComparisonOperator=declared.inputs["comparisonOperator"],
        EvaluationPeriods=int(declared.inputs["evaluationPeriods"]),
        Tags=tag_list(declared.tags),
        **chosen,
    )
    return Realised(name, {"name": name, "arn": f"arn:aws:cloudwatch:{cloud.region}:{cloud.account}:alarm:{name}"})


@realises("aws:cloudwatch/dashboard:Dashboard")
def dashboard(declared: Declared, cloud: CloudBackend) -> Realised:
    """A dashboard: kept as it is declared, shown nowhere."""
    name = declared.inputs["dashboardName"]
    cloud.client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody=declared.inputs["dashboardBody"])
    return Realised(name, {"dashboardArn": f"arn:aws:cloudwatch::{cloud.account}:dashboard/{name}"})


@realises("aws:cloudwatch/eventBus:EventBus")
def event_bus(declared: Declared, cloud: CloudBackend) -> Realised:
    """A bus."""
    name = declared.named("name")
    arn = cloud.client("events").create_event_bus(
        Name=name, Tags=tag_list(declared.tags), **declared.chosen(Description="description")
    )["EventBusArn"]
    return Realised(name, {"name": name, "arn": arn})


@realises("aws:cloudwatch/eventRule:EventRule")
def event_rule(declared: Declared, cloud: CloudBackend) -> Realised:
    """A rule; one with a schedule does not fire on a laptop."""
    name = declared.named("name")
    enabled = declared.get("state") or ("ENABLED" if declared.get("isEnabled", True) else "DISABLED")
    arn = cloud.client("events").put_rule(
        Name=name,
        State=enabled,
        Tags=tag_list(declared.tags),
        **declared.chosen(
            EventPattern="eventPattern",
            ScheduleExpression="scheduleExpression",
            Description="description",
            EventBusName="eventBusName",
        ),
    )["RuleArn"]
    return Realised(name, {"name": name, "arn": arn})


@realises("aws:cloudwatch/eventTarget:EventTarget")
def event_target(declared: Declared, cloud: CloudBackend) -> Realised:
    """A rule's target; its retry policy is dropped: what fails goes to the dead letters at once."""
    target: dict[str, Any] = {
        "Id": declared.named("targetId"),
        "Arn": declared.inputs["arn"],
        **declared.chosen(Input="input", InputPath="inputPath", RoleArn="roleArn"),
    }
    transformer = declared.get("inputTransformer")
    if transformer:
        target["InputTransformer"] = {
            "InputPathsMap": transformer.get("inputPaths") or {},
            "InputTemplate": transformer["inputTemplate"],
        }
    if declared.get("deadLetterConfig"):
        target["DeadLetterConfig"] = {"Arn": declared.inputs["deadLetterConfig"]["arn"]}
    cloud.client("events").put_targets(
        Rule=declared.inputs["rule"], Targets=[target], **declared.chosen(EventBusName="eventBusName")
    )
    return Realised(f"{declared.inputs['rule']}-{target['Id']}", {"targetId": target["Id"]})
