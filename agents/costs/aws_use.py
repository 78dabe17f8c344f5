"""What a session will likely use of AWS beside the model: states, functions' time, tasks, items and objects."""

from __future__ import annotations

from dataclasses import dataclass

from agents.costs.facts import Estimate, Part
from agents.costs.run_cost import RunFigures, transitions

#: States that the parent enters with one wave, all on Lambda, if the first draft is approved (tests/guardrails).
PARENT_STATES = 31
#: NextWave, AnalyseFiles and ChooseWave; the two of the editor, the two of the critic, and RevisionGate.
_STATES_A_WAVE, _STATES_A_DRAFT = 3, 5
#: From ChooseInference to ChooseWave: where everything is stored, ChooseWork leads past them.
_STATES_OF_WORK = 5
#: Roles that ask about the whole repository: with the publisher, who asks nothing, they can be functions or tasks.
_REPOSITORY_ROLES = ("security", "performance", "synthesizer", "editor", "critic")
_REPOSITORY_STATES = len(_REPOSITORY_ROLES) + 1
#: Functions that the parent calls beside those.
_OTHER_FUNCTIONS = 3
#: Drafts after the first in the three cases.
_MORE_DRAFTS = {"low": 0, "likely": 0, "high": 2}
#: The editor and the critic.
_ROLES_OF_A_DRAFT = 2
#: What a function bills beside waiting for a model: its start, reading and writing.
_OWN_SECONDS = {"low": 0.5, "likely": 1.5, "high": 4.0}
#: A task takes a minute to start, and is billed for one at least.
_TASK_START_SECONDS = 60.0
#: Write and read units, objects written and read: of a session, and of each question. Counted at the cloud on a laptop
#: with sessions of 0, 19 and 82 questions; a write of a transaction counts twice, as AWS says. An analysis is an item.
_ITEM_WRITES, _ITEM_READS, _OBJECT_WRITES, _OBJECT_READS = (40, 11.5), (400, 75.0), (17, 1.0), (35, 1.0)


@dataclass(frozen=True)
class DeployedSizes:
    """Memory of the functions, in GB: the analyst's, of those that read the whole repository, and of the others.

    `task_vcpus`, `task_gigabytes` and `task_disk_gigabytes` are a Fargate task's.
    """

    analyst_gigabytes: float
    repository_gigabytes: float
    other_gigabytes: float
    task_vcpus: float
    task_gigabytes: float
    task_disk_gigabytes: float


@dataclass(frozen=True)
class PlannedWork:
    """Batches by where they run, their waves, and whether the states that read the whole repository are tasks."""

    on_lambda: int
    on_fargate: int
    waves: int
    repository_on_fargate: bool

    @property
    def batches(self) -> int:
        """Of both."""
        return self.on_lambda + self.on_fargate


def expected_use(estimated: Estimate, planned: PlannedWork, sizes: DeployedSizes, part: Part = "likely") -> RunFigures:
    """What one session uses; `part` says whether the least, the likely or the most of the estimate's figures."""
    own = _OWN_SECONDS[part]
    waits = {role.role: float(getattr(role.waits, part)) for role in estimated.roles}
    questions = sum(float(getattr(role.requests, part)) for role in estimated.roles)
    at_once = min(planned.batches, estimated.agents)
    in_agents = waits["analyst"] * at_once + own * planned.batches + estimated.reading
    work = float(getattr(estimated.work, part)) - estimated.reading / estimated.agents
    drafts = _MORE_DRAFTS[part]
    in_states = _REPOSITORY_STATES + _ROLES_OF_A_DRAFT * drafts
    in_repository = sum(waits[role] for role in _REPOSITORY_ROLES) + own * in_states
    share = planned.on_fargate / planned.batches if planned.batches else 0.0
    tasks = planned.on_fargate + (in_states if planned.repository_on_fargate else 0)
    task_seconds = in_agents * share + tasks * _TASK_START_SECONDS
    gb_seconds = in_agents * (1 - share) * sizes.analyst_gigabytes + _OTHER_FUNCTIONS * own * sizes.other_gigabytes
    if planned.repository_on_fargate:
        task_seconds += in_repository + work
    else:
        gb_seconds += (in_repository + work) * sizes.repository_gigabytes
    waves = _STATES_A_WAVE * (planned.waves - 1) if planned.batches else -_STATES_OF_WORK
    states = PARENT_STATES + waves + _STATES_A_DRAFT * drafts
    return RunFigures(
        lambda_gb_seconds=gb_seconds,
        lambda_requests=_OTHER_FUNCTIONS + planned.on_lambda + (0 if planned.repository_on_fargate else in_states),
        transitions=transitions(states, planned.batches),
        fargate_seconds=task_seconds,
        fargate_vcpus=sizes.task_vcpus,
        fargate_memory_gigabytes=sizes.task_gigabytes,
        fargate_disk_gigabytes=sizes.task_disk_gigabytes,
        item_writes=_count(_ITEM_WRITES, questions) + estimated.fresh_files,
        item_reads=_count(_ITEM_READS, questions),
        object_writes=_count(_OBJECT_WRITES, questions),
        object_reads=_count(_OBJECT_READS, questions),
    )


def _count(rates: tuple[int, float], questions: float) -> int:
    session, question = rates
    return round(session + question * questions)
