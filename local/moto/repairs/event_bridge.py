"""EventBridge that delivers: to Step Functions, Lambda and SQS, with transformed input and a dead-letter queue."""

from __future__ import annotations

import copy
import json
import logging
from typing import Any

from moto.events.models import Rule
from moto.stepfunctions.parser.asl.component.state.exec.state_task.credentials import StateCredentials

from local.moto import bridge as moto_bridge
from local.moto.events import aws_time, target_input
from local.moto.repairs.step_functions import client_for
from local.moto.replacements import replaces

_log = logging.getLogger(__name__)
_original_send = Rule.send_to_targets


@replaces(Rule, "send_to_targets")
def _send_to_targets(self: Any, original_event: Any, transform_input: bool = True) -> None:
    """moto raises NotImplementedError at a Step Functions or Lambda target, and skips the targets after it.

    https://github.com/getmoto/moto/issues/8452 asks for Step Functions; pull request 9132 added it elsewhere, to
    moto/events/notifications.py, which the events of S3 and PutEvents do not pass.

    Each target is tried on its own. What cannot be delivered goes to the target's dead-letter queue at once, where
    EventBridge would try for a day first. Rules with a schedule do not fire on a laptop.
    """
    if self.state != "ENABLED" or not self.event_pattern.matches_event(original_event):
        return
    event = aws_time(original_event)
    for target in list(self.targets):
        service = target["Arn"].split(":")[2]
        try:
            if service in {"states", "lambda", "sqs"}:
                moto_bridge.current().deliveries.submit(_deliver, self, target, event)
            else:
                single = copy.copy(self)
                single.targets = [target]
                _original_send(single, original_event, transform_input)
        except Exception:  # noqa: BLE001  one target's failure must not keep the event from the others
            _log.exception("EventBridge could not deliver to %s", target["Arn"])


def _deliver(rule: Any, target: dict[str, Any], event: dict[str, Any]) -> None:
    try:
        _send(rule, target, target_input(target, event))
    except Exception as problem:  # noqa: BLE001  whatever the target answers, the event belongs in the dead-letter queue
        _log.warning("EventBridge could not deliver to %s: %s", target["Arn"], problem)
        _bury(rule, target, event, problem)


def _send(rule: Any, target: dict[str, Any], body: str) -> None:
    arn: str = target["Arn"]
    service = arn.split(":")[2]
    if service == "states":
        role = StateCredentials(role_arn=target["RoleArn"]) if target.get("RoleArn") else None
        client_for(rule.region_name, "stepfunctions", role).start_execution(
            stateMachineArn=arn, name=moto_bridge.unique_name(), input=body
        )
    elif service == "lambda":
        client_for(rule.region_name, "lambda").invoke(
            FunctionName=arn, InvocationType="Event", Payload=body.encode("utf-8")
        )
    else:
        send_to_queue(rule.region_name, arn, body, {}, target.get("SqsParameters", {}).get("MessageGroupId"))


def _bury(rule: Any, target: dict[str, Any], event: dict[str, Any], problem: Exception) -> None:
    queue = target.get("DeadLetterConfig", {}).get("Arn")
    if not queue:
        return
    about = {
        "RULE_ARN": rule.arn,
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": type(problem).__name__,
        "ERROR_MESSAGE": str(problem)[:1024] or "none",
    }
    try:
        send_to_queue(rule.region_name, queue, json.dumps(event), about, None)
    except Exception:  # noqa: BLE001  EventBridge drops an event it cannot bury, too
        _log.exception("EventBridge could not reach the dead-letter queue %s", queue)


def send_to_queue(region: str, arn: str, body: str, attributes: dict[str, str], group: str | None) -> None:
    """Put a message into a queue, with attributes that are text."""
    sqs = client_for(region, "sqs")
    message: dict[str, Any] = {
        "QueueUrl": sqs.get_queue_url(QueueName=arn.split(":")[-1])["QueueUrl"],
        "MessageBody": body,
        "MessageAttributes": {k: {"DataType": "String", "StringValue": v} for k, v in attributes.items()},
    }
    if group:
        message["MessageGroupId"] = group
    sqs.send_message(**message)
