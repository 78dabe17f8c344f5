"""dev and prod, made real and put to work: all that they name exists, no role is refused, no right is idle."""

from __future__ import annotations

import pytest

from agents.contracts.session import SessionStatus
from agents.roster import ROSTER, functions_of
from tests.e2e.stacks import worked
from tests.local.privileges.explained import outlived, unexplained

#: A series of sessions in one cloud takes half a minute on two idle cores, and minutes on busy ones.
pytestmark = [pytest.mark.local, pytest.mark.timeout(900)]
PUBLISHED = {SessionStatus.PUBLISHED, SessionStatus.PUBLISHED_WITH_FINDINGS}


@pytest.mark.parametrize(("stack", "step"), [("dev", "small"), ("prod", "second-try"), ("prod", "large")])
def test_the_main_job_passes_on_the_settings_of_each_stack(stack: str, step: str) -> None:
    record = worked(stack).sessions[step]
    assert record.error is None
    assert record.status in PUBLISHED
    assert record.gaps == ()


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_arn_that_a_machine_a_rule_or_a_policy_names_is_there(stack: str) -> None:
    assert worked(stack).missing_arns == []


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_no_role_was_refused_anything(stack: str) -> None:
    assert worked(stack).refused == []


def test_the_sessions_walked_the_paths_that_the_ledger_is_about() -> None:
    prod = worked("prod")
    lost, again, large, pictures = (prod.sessions[step] for step in ("lost", "second-try", "large", "pictures"))
    assert lost.error is not None
    assert lost.error.name == "TooManyGaps"
    assert (lost.routes.on_lambda, lost.routes.fargate) == (0, 1)
    assert again.routes.on_lambda == 2
    assert prod.duplicates == ["second-try"]
    assert "Scan" in again.timings.states
    oversized = {row.fargate_state for row in ROSTER.values() if row.fargate_state} - {"AnalyseOversizedBatch"}
    assert oversized <= set(large.timings.states)
    assert large.coverage.files_reused == 2
    assert pictures.error is not None
    assert pictures.error.name == "RepositoryEmpty"
    assert len(prod.reaped) == 1


def test_every_agent_has_used_rights_of_its_role() -> None:
    roles = {permission.role for permission in worked("prod").used}
    # And the state machine's, and the trigger's; batch inference has its own series (test_batch_inference.py).
    assert len(roles) >= sum(ROSTER[state].when != "batch inference" for state in functions_of()) + 2


def test_nobody_has_a_right_that_nobody_used_but_those_that_are_explained() -> None:
    assert unexplained(worked("prod").unused) == []


def test_no_explanation_outlives_its_cause() -> None:
    assert outlived(worked("prod").unused) == []


def test_a_right_that_is_taken_away_is_named_with_role_action_and_resource() -> None:
    dev = worked("dev")
    session = dev.sessions["small-again"]
    drafts = f"swarm-dev-context-123456789012-eu-west-1/sessions/{session.session_id}/drafts/1.json"
    refusal = f"swarm-dev-edit may not s3:PutObject on arn:aws:s3:::{drafts}"
    assert refusal in dev.refused_later
    assert session.status is SessionStatus.FAILED
    assert session.error is not None
    assert refusal in session.error.cause


def test_a_right_too_many_is_named() -> None:
    surplus = [permission for permission in worked("dev").unused if permission.action == "s3:DeleteObject"]
    assert {permission.role for permission in surplus} == {"swarm-dev-edit"}
    assert len(unexplained(surplus)) == len(surplus) > 0
