"""dev under the real Pulumi engine: nothing is imitated but AWS."""

from __future__ import annotations

import pytest

from agents.contracts.session import SessionStatus
from agents.roster import ROSTER
from components.short_agent import dashed
from tests.engine.lives import dev
from tests.engine.order import misplaced

pytestmark = [pytest.mark.engine, pytest.mark.timeout(900)]
COUNT = 248
#: Task definitions: one for each state that has a form on Fargate.
TASKS = 8


def test_a_preview_plans_every_resource_before_anything_is_known() -> None:
    assert dev().ended["preview"].changes == {"create": COUNT}
    assert dev().ended["preview"].code == 0
    assert dev().steps["preview"] == []


def test_up_creates_what_the_preview_planned_and_passes_the_policy_pack() -> None:
    assert dev().ended["up"].changes == {"create": COUNT}
    assert "mandatory" not in dev().ended["up"].output.lower()


@pytest.mark.parametrize("step", ["again", "refresh"])
def test_a_second_look_finds_no_change(step: str) -> None:
    assert dev().ended[step].changes == {"same": COUNT}
    assert dev().ended[step].code == 0


def test_a_session_on_the_deployed_stack_is_published() -> None:
    assert dev().seen["session"].status is SessionStatus.PUBLISHED
    assert dev().seen["session"].gaps == ()
    assert dev().seen["refused calls"] == []


def test_swarm_finds_the_stack_through_pulumi() -> None:
    session = dev().seen["session"].session_id
    said = {name: dev().ended[f"swarm {name}"] for name in ("doctor", "sessions", "show", "cancel", "reap")}
    assert {name: ended.code for name, ended in said.items()} == {**dict.fromkeys(said, 0), "doctor": 1}
    assert "dev in eu-west-1" in said["doctor"].output
    assert session in said["sessions"].output
    assert session in said["show"].output
    assert f"{session} was not running" in said["cancel"].output
    assert "Nothing to end" in said["reap"].output


def test_a_changed_cap_changes_what_reads_it_and_nothing_else() -> None:
    cap = dev().ended["cap"]
    kinds = {operation.partition(" ")[0] for operation in cap.operations("update")}
    assert kinds == {
        "lambda/function:Function",
        "lambda/alias:Alias",
        "sfn/stateMachine:StateMachine",
        "sfn/alias:Alias",
        # The record of the stack, in which the commands find its outputs.
        "ssm/parameter:Parameter",
    }
    assert cap.changes == {"replace": TASKS, "same": COUNT - TASKS - 35, "update": 35}
    assert cap.diff_of("scan-function") == ["environment"]
    assert cap.diff_of("scan-alias") == ["functionVersion"]
    assert cap.diff_of("workflow-machine") == ["definition"]
    assert cap.diff_of("workflow-alias") == ["routingConfigurations"]
    assert cap.diff_of("scan-task-task") == ["containerDefinitions"]


def test_a_deployment_leaves_the_revisions_that_running_sessions_name() -> None:
    families = [f"swarm-dev-{dashed(row.state)}-task" for row in ROSTER.values() if row.fargate_state]
    assert len(families) == TASKS
    assert dev().seen["revisions"] == {f"{family}:{revision}": "ACTIVE" for family in families for revision in (1, 2)}
    assert dev().seen["versions"] == ["2", "1"]


def test_a_refresh_sees_what_somebody_changed_by_hand_and_up_repairs_it() -> None:
    drift, repair = dev().ended["drift"], dev().ended["repair"]
    assert drift.changes == {"delete": 1, "same": COUNT - 2, "update": 1}
    assert repair.operations("create") == ["cloudwatch/metricAlarm:MetricAlarm observability-dead-letters"]
    assert "lambda/function:Function scan-function" in repair.operations("update")
    assert repair.diff_of("scan-function") == ["memorySize"]
    assert dev().seen["repaired"] == 1024


def test_destroy_deletes_in_the_order_in_which_aws_allows_it_and_leaves_what_the_page_says() -> None:
    assert dev().ended["destroy"].code == 0
    assert dev().ended["destroy"].changes == {"delete": COUNT}
    assert misplaced(dev().steps["destroy"]) == []
    assert set(dev().seen["left"]) == {"ecs:list_task_definitions", "lambda:list_layers"}
    assert len(dev().seen["before"]) > 15
