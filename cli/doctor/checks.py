"""The checks of `swarm doctor` on what sessions run on: pure functions of what AWS answered."""

from __future__ import annotations

from collections.abc import Mapping

from cli.doctor.check_result import CheckResult, Facts, failed, ok, refusal_text, refused, unknown, warning
from components.outputs import StackOutputs

_DEPLOY = "Deploy the stack again: `pulumi up --refresh`."


def credentials(facts: Facts, outputs: StackOutputs) -> CheckResult:
    """The credentials work, and belong to the stack's account."""
    check = "credentials"
    if "error" in facts:
        return failed(
            check, refusal_text(facts), "Log in with `aws sso login`, or set AWS_PROFILE to one of the account."
        )
    account = outputs.state_machine_arn.split(":")[4]
    if facts["Account"] != account:
        advice = f"Use credentials of the account {account}: set AWS_PROFILE."
        return failed(check, f"account {facts['Account']}, but the stack is in {account}", advice)
    return ok(check, f"{facts['Arn']}")


def state_machine(facts: Facts, alias: Facts) -> CheckResult:
    """The state machine takes executions, and its alias points to a version."""
    check = "state machine"
    missing = refused(check, facts, _DEPLOY) or refused(check, alias, f"The alias is gone. {_DEPLOY}")
    if missing:
        return missing
    if facts["status"] != "ACTIVE":
        return failed(check, f"{facts['name']} is {facts['status']}", _DEPLOY)
    versions = [route["stateMachineVersionArn"].rpartition(":")[2] for route in alias["routingConfiguration"]]
    return ok(check, f"{facts['name']} is ACTIVE, live is version {', '.join(versions)}")


def functions(facts: Mapping[str, Facts]) -> CheckResult:
    """The code behind every function's alias is Active."""
    check = "functions"
    for name, function in facts.items():
        missing = refused(check, function, f"{name} or its alias `live` is gone. {_DEPLOY}")
        if missing:
            return missing
    asleep = {name: function for name, function in facts.items() if function.get("State", "Active") != "Active"}
    behind = {
        name: function
        for name, function in facts.items()
        if function.get("LastUpdateStatus", "Successful") != "Successful"
    }
    if asleep or behind:
        name, function = next(iter({**behind, **asleep}.items()))
        why = function.get("StateReason") or function.get("LastUpdateStatusReason") or "AWS gives no reason"
        state = f"{function.get('State')}, {function.get('LastUpdateStatus')}"
        advice = "Wait a minute and run `swarm doctor` again; if it stays, deploy again: `pulumi up --refresh`."
        return failed(check, f"{len({*asleep, *behind})} of {len(facts)}: {name} is {state}: {why}", advice)
    return ok(check, f"{len(facts)} are Active behind the alias live")


def bucket(purpose: str, facts: Mapping[str, Facts], needs_events: bool) -> CheckResult:
    """The bucket is reachable and versioned; the upload bucket also sends its events to EventBridge."""
    check = f"{purpose} bucket"
    missing = refused(check, facts["versioning"], f"Nothing can be stored. {_DEPLOY}")
    if missing:
        return missing
    if facts["versioning"].get("Status") != "Enabled":
        return failed(check, "it keeps no versions, so an overwritten object is lost", _DEPLOY)
    if needs_events:
        events = refused(check, facts["notification"], _DEPLOY)
        if events:
            return events
        if "EventBridgeConfiguration" not in facts["notification"]:
            return failed(
                check,
                "EventBridge is off: an upload starts nothing",
                f"It was switched off outside the stack. {_DEPLOY}",
            )
        return ok(check, "reachable, versioned, sends events to EventBridge")
    return ok(check, "reachable, versioned")


def upload_rule(facts: Facts, targets: Facts) -> CheckResult:
    """The rule sends an upload's event to the state machine."""
    check = "upload rule"
    missing = refused(check, facts, f"An upload starts nothing. {_DEPLOY}") or refused(check, targets, _DEPLOY)
    if missing:
        return missing
    if facts.get("State", "ENABLED") != "ENABLED":
        advice = f"`aws events enable-rule --name {facts.get('Name', '')}`, when it is meant to run."
        return failed(check, "it is disabled: an upload starts nothing", advice)
    if not targets["Targets"]:
        return failed(check, "it has no target: an upload starts nothing", _DEPLOY)
    return ok(check, "enabled, its target is the state machine")


def table(facts: Facts, backups: Facts, outputs: StackOutputs) -> CheckResult:
    """The table is ACTIVE and point-in-time recovery is on."""
    check = "context table"
    missing = refused(check, facts, f"Sessions cannot be opened. {_DEPLOY}")
    if missing:
        return missing
    described = facts["Table"]
    if described["TableStatus"] not in {"ACTIVE", "UPDATING"}:
        return failed(
            check, f"it is {described['TableStatus']}", "Wait until it is ACTIVE, then run `swarm doctor` again."
        )
    if outputs.protected and not described.get("DeletionProtectionEnabled"):
        return failed(check, "deletion protection is off, though the stack is protected", _DEPLOY)
    recovery = backups.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
    if recovery.get("PointInTimeRecoveryStatus") != "ENABLED":
        report = failed if outputs.protected else warning
        return report(check, "point-in-time recovery is off, or cannot be seen", _DEPLOY)
    return ok(check, f"{described['TableStatus']}, point-in-time recovery on")


def cluster(facts: Facts) -> CheckResult:
    """The cluster of the Fargate tasks is ACTIVE."""
    check = "cluster"
    missing = refused(check, facts, _DEPLOY)
    if missing:
        return missing
    active = [described for described in facts["clusters"] if described["status"] == "ACTIVE"]
    if not active:
        return failed(check, "it does not exist, or is not ACTIVE: no task can start", _DEPLOY)
    return ok(check, "ACTIVE")


def dead_letters(facts: Facts) -> CheckResult:
    """No event and no asynchronous call failed to be delivered."""
    check = "dead letters"
    missing = refused(check, facts, _DEPLOY)
    if missing:
        return missing
    count = int(facts["Attributes"]["ApproximateNumberOfMessages"])
    if count:
        advice = "Read them and submit the uploads they name again: docs/operations.md, Dead letters."
        return failed(check, f"{count} in the queue: uploads that started no session, or calls that failed", advice)
    return ok(check, "none")


def alarms(facts: Facts, subscriptions: Facts, outputs: StackOutputs) -> CheckResult:
    """None of the stack's alarms is raised or deleted, and the topic has a confirmed subscription."""
    check = "alarms"
    missing = refused(check, facts, _DEPLOY)
    if missing:
        return missing
    known_alarms = {alarm["AlarmName"]: alarm for alarm in facts["MetricAlarms"]}
    gone = [name for name in outputs.alarm_names if name not in known_alarms]
    if gone:
        return failed(check, f"deleted: {', '.join(gone)}", _DEPLOY)
    raised = [name for name, alarm in known_alarms.items() if alarm.get("StateValue") == "ALARM"]
    if raised:
        return failed(check, f"raised: {', '.join(raised)}", "docs/operations.md, Alarms, says what each one means.")
    if outputs.alarm_topic_arn and "error" in subscriptions:
        return unknown(
            check,
            f"none raised; subscriptions unknown: {refusal_text(subscriptions)}",
            "Look at the topic's subscriptions.",
        )
    if outputs.alarm_topic_arn and not _confirmed(subscriptions):
        waiting = [subscription.get("Endpoint", "?") for subscription in subscriptions.get("Subscriptions", ())]
        if waiting:
            seen = f"none raised, but nobody hears them: {', '.join(waiting)} has not confirmed the subscription"
            return warning(check, seen, "Open AWS's mail there and confirm; `pulumi up` after a change sends it again.")
        advice = "Set alarmEmail and confirm the mail, or subscribe a pager to the stack's topic."
        return warning(check, "none raised, but nobody hears them: the topic has no subscription", advice)
    return ok(check, f"{len(known_alarms)}, none raised")


def _confirmed(subscriptions: Facts) -> bool:
    return any(
        subscription["SubscriptionArn"].startswith("arn:") for subscription in subscriptions.get("Subscriptions", ())
    )
