"""The state machine rendered with invented names, for checks that need no stack."""

from __future__ import annotations

import json
from typing import Any

from workflow import definition

#: Placeholders whose values are checked for their form by validators.
FORMS = {
    "FunctionArn": "arn:aws:lambda:eu-west-1:111122223333:function:swarm-test-agent:live",
    "TaskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/swarm-test:1",
    "ClusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/swarm-test",
}


def rendered_machine() -> dict[str, Any]:
    """A fresh copy."""
    machine = definition.load()
    values = {
        name: next((form for ending, form in FORMS.items() if name.endswith(ending)), f"test-{name}")
        for name in definition.placeholders(machine)
    }
    rendered: dict[str, Any] = json.loads(definition.render(machine, values))
    return rendered
