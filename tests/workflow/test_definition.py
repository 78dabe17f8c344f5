"""The state machine as a file: JSON at rest, rendered strictly, every state reachable, bounded and explained."""

from __future__ import annotations

import copy
import json

import pytest

from agents.roles.analyst.job.core import POLLS
from agents.roles.scanner.router import Prediction, task_size
from agents.roster import ROSTER
from tools.retry_policies import RETRY_POLICIES, policy_name
from tools.state_machine_checks import dangling, unreachable
from workflow import definition
from workflow.definition import PlaceholderMismatch

#: The policies that a state needs because of what it calls, by the integration.
NEEDED = {
    "arn:aws:states:::lambda:invoke.waitForTaskToken": {"lambda concurrency", "lambda service", "throttled"},
    "arn:aws:states:::lambda:invoke": {"lambda concurrency", "lambda service", "throttled"},
    "arn:aws:states:::ecs:runTask.sync": {"task capacity", "task start"},
    "arn:aws:states:::dynamodb:getItem": {"table"},
    "arn:aws:states:::dynamodb:putItem": {"table"},
}
ON_DEMAND = {"task capacity", "task start", "task lost", "task not started", "throttled"}
#: States that read what is known of every file, and how each of them is chosen.
OF_THE_REPOSITORY = {
    "SecurityAgent": "ChooseSecurityReviewer",
    "PerformanceAgent": "ChoosePerformanceReviewer",
    "Synthesize": "ChooseSynthesizer",
    "Edit": "ChooseEditor",
    "Critique": "ChooseCritic",
    "Publish": "ChoosePublisher",
}
#: The two capacities differ in patience: what goes wrong on Spot goes to On-Demand instead of being tried again.
NEEDED_BY_CAPACITY = {
    "AnalyseOversizedBatch": {"spot start", "throttled"},
    "AnalyseOnDemand": ON_DEMAND,
    **{ROSTER[state].fargate_state: ON_DEMAND for state in OF_THE_REPOSITORY},
}
#: Where a dead worker means that the work is too big for Lambda: a second try would die as well.
ESCALATING = {"Scan", "AnalyseBatch", *OF_THE_REPOSITORY}


def _tasks() -> list[definition.State]:
    return [state for state in definition.states(definition.load()) if state.body["Type"] == "Task"]


def test_the_file_is_json_before_it_is_rendered() -> None:
    assert json.loads(definition.DEFINITION_FILE.read_text(encoding="utf-8"))["StartAt"] == "OpenSession"


def test_rendering_fills_every_placeholder_and_leaves_the_paths_alone() -> None:
    machine = definition.load()
    values = {name: f"value-of-{name}" for name in definition.placeholders(machine)}
    rendered = definition.render(machine, values)
    assert "${" not in rendered
    assert '"$$.Task.Token"' in rendered
    assert "value-of-ClusterArn" in rendered


def test_a_missing_value_is_named() -> None:
    with pytest.raises(PlaceholderMismatch, match=r"no value for \$\{Bucket\}"):
        definition.render({"States": {"A": {"Parameters": {"b": "${Bucket}"}}}}, {})


def test_a_surplus_value_is_named() -> None:
    with pytest.raises(PlaceholderMismatch, match="no placeholder for the value Bukcet"):
        definition.render({"States": {"A": {"Parameters": {"b": "${Bucket}"}}}}, {"Bucket": "b", "Bukcet": "b"})


def test_every_state_can_be_reached_and_no_arrow_leads_nowhere() -> None:
    machine = definition.load()
    assert unreachable(machine) == set()
    assert dangling(machine) == set()


def test_a_state_that_nothing_leads_to_is_found() -> None:
    machine = copy.deepcopy(definition.load())
    machine["States"]["Scan"]["Next"] = "ChooseWarmUp"
    machine["States"]["ScanOversized"]["Next"] = "AnalyseFlies"
    job = {"SubmitBatchInference", "CheckBatchInference", "CollectBatchInference", "WaitForBatchInference"}
    plan = {"LoadPlan", "ChoosePlan", "ReadPlan", "RefusePlan", "ChooseWork", "ChooseInference"}
    assert unreachable(machine) == plan | {"BatchInferenceGate"} | job
    assert dangling(machine) == {"AnalyseFlies"}


def test_every_state_gives_its_reason() -> None:
    assert [
        state.path for state in definition.states(definition.load()) if len(state.body.get("Comment", "")) < 20
    ] == []


def test_every_state_name_is_used_once() -> None:
    names = [state.name for state in definition.states(definition.load())]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("state", _tasks(), ids=lambda state: state.name)
def test_every_task_has_a_timeout_a_retrier_and_a_catcher_for_the_rest(state: definition.State) -> None:
    assert "TimeoutSeconds" in state.body or "TimeoutSecondsPath" in state.body
    assert state.body["Retry"]
    assert state.body["Catch"][-1]["ErrorEquals"] == ["States.ALL"]


def test_the_machine_itself_ends_in_time() -> None:
    machine = definition.load()
    # A batch inference job may take its day; what comes before and after it fits the rest.
    assert (
        max(state.body.get("TimeoutSeconds", 0) for state in _tasks()) < machine["TimeoutSeconds"] <= 86_400 + 6 * 3600
    )


def test_a_task_that_answers_by_token_must_beat() -> None:
    tokens = [state for state in _tasks() if state.body["Resource"].endswith(".waitForTaskToken")]
    # A person sends no heartbeat: that state has a catcher for the end of its time instead.
    assert [state.name for state in tokens if "HeartbeatSecondsPath" not in state.body] == ["AwaitApproval"]
    (person,) = (state.body for state in tokens if state.name == "AwaitApproval")
    assert person["Catch"][0] == {
        "ErrorEquals": ["States.Timeout"],
        "ResultPath": "$.failure",
        "Next": "ExpireApproval",
    }
    assert tokens


def test_every_map_and_parallel_is_caught_and_every_map_is_bounded() -> None:
    for state in definition.states(definition.load()):
        if state.body["Type"] in {"Map", "Parallel"}:
            assert state.body["Catch"][-1]["ErrorEquals"] == ["States.ALL"], state.path
        if state.body["Type"] == "Map":
            assert "MaxConcurrencyPath" in state.body, state.path
            assert [policy_name(retrier) for retrier in state.body["Retry"]] == ["plan reader"], state.path
            config = state.body["ItemProcessor"]["ProcessorConfig"]
            assert config == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}


@pytest.mark.parametrize("state", _tasks(), ids=lambda state: state.name)
def test_every_retrier_is_a_copy_of_a_named_policy(state: definition.State) -> None:
    names = [policy_name(retrier) for retrier in state.body["Retry"]]
    assert None not in names
    assert len(names) == len(set(names))
    needed = set(NEEDED_BY_CAPACITY.get(state.name) or NEEDED[state.body["Resource"]])
    if "lambda:invoke" in state.body["Resource"] and state.name not in ESCALATING:
        needed.add("crashed once")
    assert set(names) == needed


def test_every_named_policy_is_used() -> None:
    every = definition.states(definition.load())
    used = {policy_name(retrier) for state in every for retrier in state.body.get("Retry", [])}
    assert used == set(RETRY_POLICIES)


def test_a_retrier_that_drifted_is_noticed() -> None:
    drifted = {**RETRY_POLICIES["throttled"], "MaxAttempts": 9}
    assert policy_name(drifted) is None


def test_states_all_stands_alone_and_last() -> None:
    for state in definition.states(definition.load()):
        for rules in (state.body.get("Retry", []), state.body.get("Catch", [])):
            named = [rule["ErrorEquals"] for rule in rules]
            assert all(errors == ["States.ALL"] for errors in named if "States.ALL" in errors), state.path
            assert not any("States.ALL" in errors for errors in named[:-1]), state.path


def test_out_of_time_or_memory_is_never_retried_but_escalates_to_fargate_once() -> None:
    deterministic = {"Sandbox.Timedout", "States.Timeout", "Runtime.OutOfMemory", "Runtime.ExitError", "Lambda.Unknown"}
    everything = {state.name: state.body for state in definition.states(definition.load())}
    by_name = {state.name: state.body for state in _tasks()}
    first = {"Scan": "ScanOversized", "AnalyseBatch": "ChooseCapacity"}
    for name, oversized in (first | {state: ROSTER[state].fargate_state for state in OF_THE_REPOSITORY}).items():
        retried = {error for retrier in by_name[name]["Retry"] for error in retrier["ErrorEquals"]}
        assert not retried & (deterministic | {"BatchTooLong"})
        own = {"BatchTooLong"} if name in first else set()
        assert set(by_name[name]["Catch"][0]["ErrorEquals"]) == deterministic | own
        assert by_name[name]["Catch"][0]["Next"] == oversized
        assert name not in definition.successors(everything[oversized])


@pytest.mark.parametrize(("state", "choice"), OF_THE_REPOSITORY.items())
def test_a_state_of_the_whole_repository_runs_where_the_plan_says_and_ends_alike(state: str, choice: str) -> None:
    bodies = {each.name: each.body for each in definition.states(definition.load())}
    small, large = bodies[state], bodies[ROSTER[state].fargate_state]
    assert bodies[choice]["Default"] == state
    (rule,) = bodies[choice]["Choices"]
    planned = {"Variable": "$.plan.repository.route", "StringEquals": "fargate"}
    outgrown = {"Variable": "$.outgrown.Error", "IsPresent": True}
    assert rule["Next"] == ROSTER[state].fargate_state
    # The reviews and the synthesis come first: no state before them can have been too big for its function.
    after_synthesis = {"Edit", "Critique", "Publish"}
    assert next(definition.comparisons(rule)).items() >= planned.items()
    assert rule.get("Or", [planned, outgrown]) == [planned, outgrown]
    assert ("Or" in rule) == (state in after_synthesis)
    assert small["Catch"][0]["ResultPath"] == "$.outgrown"
    assert small["Catch"][1:] == large["Catch"]
    assert {name: small.get(name) for name in ("Next", "End", "ResultPath")} == {
        name: large.get(name) for name in ("Next", "End", "ResultPath")
    }
    assert {key: path.replace("$.Payload.", "$.") for key, path in small["ResultSelector"].items()} == large[
        "ResultSelector"
    ]


def test_tasks_that_answer_by_token_are_alike_but_for_what_they_run_and_how_large() -> None:
    bodies = {each.name: each.body for each in definition.states(definition.load())}
    batch = json.dumps(bodies["AnalyseOnDemand"]["Parameters"])
    for state in OF_THE_REPOSITORY:
        parameters = copy.deepcopy(bodies[ROSTER[state].fargate_state]["Parameters"])
        assert parameters["TaskDefinition"] == f"${{{state}TaskDefinitionArn}}"
        parameters["TaskDefinition"] = "${AnalyseBatchTaskDefinitionArn}"
        pointer = parameters["Overrides"]["ContainerOverrides"][0]["Environment"][0]
        assert pointer["Name"] == "SWARM_REQUEST"
        pointer["Value.$"] = "$.pointer"
        assert json.dumps(parameters).replace("$.plan.repository.task.", "$.task.") == batch


def test_the_loop_of_revisions_ends_whatever_the_critic_wants() -> None:
    gate = definition.load()["States"]["RevisionGate"]
    bound = [choice for choice in gate["Choices"] if choice["Variable"] == "$.critique.revision"]
    assert bound == [{"Variable": "$.critique.revision", "NumericGreaterThanEquals": 3, "Next": "OnRevisionLimit"}]
    states = definition.load()["States"]
    into_edit = {name for name, body in states.items() if "ChooseEditor" in definition.successors(body)}
    # A person sends one draft back at most: tests/agents/roles/approval/test_decisions.py.
    assert into_edit == {"FirstDraft", "RevisionGate", "ReturnDraft"}


def test_a_scan_is_repeated_once_and_only_because_its_machine_was_taken_back() -> None:
    states = definition.load()["States"]
    assert states["ChooseScanAgain"]["Choices"][1:] == [
        {"Variable": "$.again.Error", "IsPresent": True, "Next": "ScanFailureReported"},
        {"Variable": "$.reported.Item.error.S", "StringMatches": "TaskInterrupted", "Next": "ScanAgain"},
    ]
    assert states["ScanAgain"]["ResultPath"] == "$.again"
    assert {name for name, body in states.items() if body.get("ResultPath") == "$.again"} == {"ScanAgain"}
    assert {name for name, body in states.items() if "ScanAgain" in definition.successors(body)} == {"ChooseScanAgain"}


def test_a_task_is_enlarged_once_because_a_larger_one_has_none_above_it() -> None:
    bodies = {state.name: state.body for state in definition.states(definition.load())}
    assert bodies["ChooseMemory"]["Choices"][0]["Variable"] == "$.task.larger.memory_megabytes"
    assert (bodies["EnlargeTask"]["InputPath"], bodies["EnlargeTask"]["ResultPath"]) == ("$.task.larger", "$.task")
    for megabytes in (100, 2_000, 5_000, 10_000, 20_000, 99_999):
        size = task_size(Prediction(1, megabytes))
        assert size.larger is None or size.larger.larger is None


def test_the_loop_of_looks_ends_by_their_number_and_by_the_deadline() -> None:
    gate = definition.load()["States"]["BatchInferenceGate"]
    bounds = [choice for choice in gate["Choices"] if "StringEquals" not in choice]
    looked, late = bounds
    assert (looked["Variable"], looked["NumericGreaterThanEquals"]) == ("$.batch_inference.polls", POLLS)
    assert late["NumericGreaterThanEqualsPath"] == "$.batch_inference.deadline"
    assert {choice["Next"] for choice in bounds} == {"CollectBatchInference"}
    assert gate["Default"] == "WaitForBatchInference"


def test_whatever_becomes_of_a_batch_inference_job_the_analysts_come_after_it() -> None:
    states = definition.load()["States"]
    assert definition.successors(states["CollectBatchInference"]) == {"FirstWave", "ChooseWarmUp"}
    for name in ("SubmitBatchInference", "CheckBatchInference"):
        assert definition.successors(states[name]) == {"BatchInferenceGate", "CollectBatchInference"}


def test_a_day_of_looks_leaves_room_in_the_history() -> None:
    """Entered and left three times a round, scheduled, started and done once: nine events a look."""
    assert POLLS * 9 < 250


#: The ways back, each with the test above that says why it ends.
WAYS_BACK = (
    ("RevisionGate", "ChooseEditor"),
    ("ReturnDraft", "ChooseEditor"),
    ("ForgetInterruption", "ScanOversized"),
    ("EnlargeTask", "AnalyseOnDemand"),
    ("BatchInferenceGate", "WaitForBatchInference"),
    ("NextWave", "AnalyseFiles"),
)


def test_every_other_way_goes_forward() -> None:
    """Without the named ways back the machine has no cycle: nothing else can run for ever."""
    for machine in definition.machines(definition.load()):
        arrows = {name: definition.successors(body) for name, body in machine.states.items()}
        for state, earlier in WAYS_BACK:
            arrows.get(state, set()).discard(earlier)
        while arrows:
            ends = {name for name, following in arrows.items() if not following & set(arrows)}
            assert ends, f"a cycle among {sorted(arrows)}"
            arrows = {name: following for name, following in arrows.items() if name not in ends}


def test_the_loop_of_waves_ends_with_the_plan() -> None:
    states = definition.load()["States"]
    assert states["ChooseWave"]["Choices"] == [
        {"Variable": "$.wave.number", "NumericLessThanPath": "$.wave.of", "Next": "NextWave"}
    ]
    assert states["NextWave"]["Parameters"]["number.$"] == "States.MathAdd($.wave.number, 1)"
    assert {name for name, body in states.items() if "AnalyseFiles" in definition.successors(body)} == {
        "FirstWave",
        "NextWave",
    }


def test_a_cold_prompt_cache_stops_nothing() -> None:
    warm_up = definition.load()["States"]["WarmPromptCache"]
    assert definition.successors(warm_up) == {"FirstWave"}


def test_spot_comes_first_where_the_session_allows_it_and_its_failures_go_to_on_demand_once() -> None:
    bodies = {state.name: state.body for state in definition.states(definition.load())}
    assert bodies["ChooseCapacity"]["Choices"] == [
        {"Variable": "$.capacity", "StringEquals": "spot", "Next": "AnalyseOversizedBatch"}
    ]
    assert bodies["ChooseCapacity"]["Default"] == "AnalyseOnDemand"
    spot, on_demand = bodies["AnalyseOversizedBatch"], bodies["AnalyseOnDemand"]
    assert spot["Catch"][0]["Next"] == "AnalyseOnDemand"
    lost = {
        "TaskInterrupted",
        "TaskKilled",
        "TaskNotStarted",
        "States.HeartbeatTimeout",
        "States.Timeout",
        *RETRY_POLICIES["spot start"]["ErrorEquals"],
    }
    assert lost <= set(spot["Catch"][0]["ErrorEquals"])
    assert "AnalyseOversizedBatch" not in definition.successors(on_demand)


def test_what_would_repeat_is_not_repeated_on_fargate() -> None:
    bodies = {state.name: state.body for state in definition.states(definition.load())}
    for name in ("AnalyseOversizedBatch", "AnalyseOnDemand"):
        retried = {error for retrier in bodies[name]["Retry"] for error in retrier["ErrorEquals"]}
        assert not retried & {"TaskExited", "TaskOutOfMemory", "States.TaskFailed", "States.ALL"}
        caught = {error: rule["Next"] for rule in bodies[name]["Catch"] for error in rule["ErrorEquals"]}
        assert "TaskExited" not in caught  # so it is one of States.ALL
        assert (caught["TaskOutOfMemory"], caught["States.ALL"]) == ("ChooseMemory", "ChooseGapName")


def test_the_two_capacities_run_the_same_task_but_for_where() -> None:
    bodies = {state.name: state.body for state in definition.states(definition.load())}
    spot = dict(bodies["AnalyseOversizedBatch"]["Parameters"])
    on_demand = dict(bodies["AnalyseOnDemand"]["Parameters"])
    assert spot.pop("CapacityProviderStrategy") == [{"CapacityProvider": "FARGATE_SPOT", "Weight": 1}]
    assert on_demand.pop("LaunchType") == "FARGATE"
    assert spot == on_demand
