"""EventBridge Scheduler: described, never fired on a laptop."""

from __future__ import annotations

from local.resources.registry import Declared, Realised, Site, realises, tag_list


@realises("aws:scheduler/scheduleGroup:ScheduleGroup")
def schedule_group(declared: Declared, site: Site) -> Realised:
    """A group of schedules."""
    name = declared.named("name")
    arn = site.client("scheduler").create_schedule_group(Name=name, Tags=tag_list(declared.tags))["ScheduleGroupArn"]
    return Realised(name, {"name": name, "arn": arn})


@realises("aws:scheduler/schedule:Schedule")
def schedule(declared: Declared, site: Site) -> Realised:
    """A schedule."""
    name, target = declared.named("name"), declared.inputs["target"]
    described = {"Arn": target["arn"], "RoleArn": target["roleArn"]}
    if target.get("input"):
        described["Input"] = target["input"]
    arn = site.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=declared.inputs["scheduleExpression"],
        FlexibleTimeWindow={"Mode": declared.inputs["flexibleTimeWindow"]["mode"]},
        State=declared.get("state", "ENABLED"),
        Target=described,
        **declared.chosen(GroupName="groupName", ScheduleExpressionTimezone="scheduleExpressionTimezone"),
    )["ScheduleArn"]
    return Realised(name, {"name": name, "arn": arn})
