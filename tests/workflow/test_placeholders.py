"""The placeholders of the file are exactly the values that the component supplies."""

from __future__ import annotations

from typing import Any

from agents.roster import FUNCTIONS, ROSTER
from components.workflow import WorkflowArgs, placeholder_values
from workflow import definition


def test_placeholders_equal_what_the_component_supplies() -> None:
    plain: Any = "a name"
    account: Any = None
    args = WorkflowArgs(
        stem="swarm-test",
        account=account,
        functions=dict.fromkeys([state for state in FUNCTIONS if ROSTER[state].conducted], plain),
        task_definitions=dict.fromkeys([state for state in FUNCTIONS if ROSTER[state].fargate_state], plain),
        task_roles=(),
        cluster_arn=plain,
        subnet_ids=(plain, plain),
        security_group_id=plain,
        assign_public_ip="DISABLED",
        table_name=plain,
        table_arn=plain,
        context_bucket=plain,
        context_bucket_arn=plain,
        key_arn=plain,
        log_retention_days=1,
        log_level="OFF",
        tracing=False,
    )
    assert set(placeholder_values(args)) == definition.placeholders(definition.load())
