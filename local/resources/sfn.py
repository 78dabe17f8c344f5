"""Step Functions state machines, run by moto's interpreter."""

from __future__ import annotations

from typing import Any

from local.resources.registry import CloudBackend, Declared, Realised, realises, tag_list


@realises("aws:sfn/stateMachine:StateMachine")
def state_machine(declared: Declared, cloud: CloudBackend) -> Realised:
    """A state machine; its logging is not described, because nothing is written there."""
    name = declared.named("name")
    publish = bool(declared.get("publish"))
    made = cloud.client("stepfunctions").create_state_machine(
        name=name,
        definition=declared.inputs["definition"],
        roleArn=declared.inputs["roleArn"],
        type=declared.get("type", "STANDARD"),
        tags=tag_list(declared.tags, "key", "value"),
        publish=publish,
    )
    arn = made["stateMachineArn"]
    version = made.get("stateMachineVersionArn") or f"{arn}:1"
    return Realised(arn, {"name": name, "arn": arn, "stateMachineVersionArn": version, "status": "ACTIVE"})


@realises("aws:sfn/alias:Alias")
def alias(declared: Declared, cloud: CloudBackend) -> Realised:
    """An alias; started by its ARN, it chooses one of its versions by their weights (local/moto/repairs)."""
    routes: list[dict[str, Any]] = [
        {"stateMachineVersionArn": route["stateMachineVersionArn"], "weight": int(route["weight"])}
        for route in declared.inputs["routingConfigurations"]
    ]
    name = declared.named("name")
    arn = cloud.client("stepfunctions").create_state_machine_alias(name=name, routingConfiguration=routes)[
        "stateMachineAliasArn"
    ]
    return Realised(arn, {"name": name, "arn": arn})
