"""What a session will use of AWS follows its batches, its questions and how long they are waited for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agents.costs.aws_use import PARENT_STATES, DeployedSizes, PlannedWork, expected_use
from agents.costs.estimate import Speed, estimate
from agents.costs.facts import PARTS, Estimate, FileCosts, RoleModel
from agents.costs.run_cost import run_lines
from agents.models.prices import TokenPrice
from agents.roster import MODEL_ROLES

SIZES = DeployedSizes(2.0, 3.0, 1.0, 2.0, 8.0, 50.0)
ON_LAMBDA = PlannedWork(on_lambda=4, on_fargate=0, waves=2, repository_on_fargate=False)


def estimated(questions: bool = True) -> Estimate:
    name = "openai:any" if questions else "extractive"
    models = {role: RoleModel(name, TokenPrice(1.0, 5.0, 1.0, 1.0)) for role in MODEL_ROLES}
    files = [FileCosts(f"f{number}.py", "python", 4_000, 120) for number in range(160)]
    return estimate(files, models, 10.0, Speed(analysts=4))


def test_a_batch_is_three_transitions_and_a_wave_three_more() -> None:
    use = expected_use(estimated(), ON_LAMBDA, SIZES)
    assert use.transitions == PARENT_STATES + 3 + 3 * 4
    assert use.lambda_requests == 9 + 4


def test_a_session_without_anything_new_passes_the_states_of_the_analysts_by() -> None:
    nothing = PlannedWork(on_lambda=0, on_fargate=0, waves=0, repository_on_fargate=False)
    use = expected_use(estimated(), nothing, SIZES)
    assert (use.transitions, use.lambda_requests) == (PARENT_STATES - 5, 9)


def test_waiting_for_a_model_is_what_functions_are_paid_for() -> None:
    silent, asked = expected_use(estimated(False), ON_LAMBDA, SIZES), expected_use(estimated(), ON_LAMBDA, SIZES)
    waits = estimated().waits("analyst").likely * 4 * 2.0
    assert asked.lambda_gb_seconds - silent.lambda_gb_seconds > waits
    assert asked.item_writes > silent.item_writes


def test_what_runs_as_tasks_is_paid_as_tasks() -> None:
    on_tasks = replace(ON_LAMBDA, on_lambda=0, on_fargate=4, repository_on_fargate=True)
    use = expected_use(estimated(), on_tasks, SIZES)
    assert use.lambda_requests == 3
    assert use.fargate_seconds > (4 + 6) * 60
    assert use.lambda_gb_seconds < expected_use(estimated(), ON_LAMBDA, SIZES).lambda_gb_seconds


def test_each_second_of_a_function_is_paid_at_its_own_memory() -> None:
    silent = estimated(False)
    use = expected_use(silent, ON_LAMBDA, SIZES)
    in_agents = 1.5 * 4 + silent.reading
    in_states = 1.5 * 6 + silent.work.likely - silent.reading / silent.agents
    assert use.lambda_gb_seconds == pytest.approx(in_agents * 2.0 + in_states * 3.0 + 1.5 * 3 * 1.0)


@pytest.mark.parametrize("questions", [False, True])
def test_the_least_the_likely_and_the_most_are_in_this_order(questions: bool) -> None:
    low, likely, high = (
        sum(line.usd for line in run_lines(expected_use(estimated(questions), ON_LAMBDA, SIZES, part)))
        for part in PARTS
    )
    assert 0 < low < likely < high
