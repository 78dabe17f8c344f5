"""EventBridge Scheduler: described, never fired on a laptop."""

from __future__ import annotations

from local.resources.registry import CloudBackend, Declared, Realised, realises


@realises("aws:scheduler/schedule:Schedule")
def schedule(declared: Declared, cloud: CloudBackend) -> Realised:
    """A schedule."""
    name, target = declared.named("name"), declared.inputs["target"]
    described = {"Arn": target["arn"], "RoleArn": target["roleArn"]}
    if target.get("input"):
        described["Input"] = target["input"]
    arn = cloud.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=declared.inputs["scheduleExpression"],
        FlexibleTimeWindow={"Mode": declared.inputs["flexibleTimeWindow"]["mode"]},
        State=declared.get("state", "ENABLED"),
        Target=described,
        **declared.chosen(ScheduleExpressionTimezone="scheduleExpressionTimezone", Description="description"),
    )["ScheduleArn"]
    return Realised(name, {"name": name, "arn": arn})
