"""One session of the deployed system as processes: the state machine's states, its agents and their questions. Pure.

Batches, routes, waves, questions and prices are the product's own functions. What differs from AWS: a quota makes a
call wait in line, where AWS refuses it and a retrier comes back later.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from agents.aws.escrow import SHARDS
from agents.contracts.snapshot import PlannedBatch, Route, TaskSize
from agents.contracts.usage import MAX_OUTPUT_TOKENS
from agents.costs import questions
from agents.costs.aws_use import PARENT_STATES
from agents.costs.estimate import answer_seconds, usual
from agents.costs.facts import FileCosts, RoleModel
from agents.costs.run_cost import RunFigures
from agents.models.prices import CHARACTERS_PER_TOKEN
from agents.roles.scanner.plan import FileToPlan, plan
from agents.roles.scanner.repository_route import RepositorySize, route_of
from agents.roles.scanner.router import smallest_task
from agents.roles.scanner.surroundings import MOST_FILES
from agents.roles.scanner.waves import waves
from agents.settings import AgentSettings
from bench.simulation.compute import Compute
from bench.simulation.events import Bucket, Process, Simulation, Slots
from bench.simulation.figures import Figures
from bench.simulation.place import Place
from bench.simulation.stores import Calls, Stores

#: GB of a function: that of most, and that of one which reads what is known of every file (prod's settings).
_FUNCTION_GB, _REPOSITORY_GB = 1.0, 3008 / 1024


@dataclass(frozen=True)
class Subject:
    """What is documented: files, each file's level in the graph of imports, and who answers at which price."""

    files: Sequence[FileCosts]
    levels: Mapping[str, int]
    settings: AgentSettings
    models: Mapping[str, RoleModel]


@dataclass
class Outcome:
    """What a session took."""

    seconds: float = 0.0
    states: dict[str, float] = field(default_factory=dict)
    usd_by_role: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    routes: Counter[str] = field(default_factory=Counter)
    waited: dict[str, float] = field(default_factory=dict)
    most_at_once: dict[str, float] = field(default_factory=dict)
    beyond_lambda: list[str] = field(default_factory=list)
    run: RunFigures = field(default_factory=lambda: RunFigures(0, 0, 0))


def simulate(subject: Subject, place: Place, figures: Figures, seed: int = 1) -> Outcome:
    """Run one session on paper; the same seed gives the same figures."""
    return _Session(subject, place, figures, seed).run()


class _Session:
    def __init__(self, subject: Subject, place: Place, figures: Figures, seed: int) -> None:
        self.subject, self.place, self.figures = subject, place, figures
        # Two, so that the number of processes does not change how long a model's answers take.
        self.dice, self.shards = (random.Random(seed) for _ in range(2))  # noqa: S311 (the same figures each time are the point)
        self.outcome, self.simulation = Outcome(), Simulation()
        quota = figures.quota
        simulation = self.simulation
        self.task = smallest_task(subject.settings)
        files = subject.files
        size = RepositorySize(len(files), sum(file.lines for file in files), sum(file.bytes for file in files))
        self.repository = route_of(size, subject.settings)
        self.tokens = Bucket(simulation, place.model_tokens / 60, place.model_tokens)
        self.requests = Bucket(simulation, place.model_requests / 60, place.model_requests)
        self.moves = Bucket(simulation, quota["state_transitions"].value, quota["state_transitions_burst"].value)
        self.answering = Slots(simulation, math.inf)
        self.used: dict[str, float] = defaultdict(float)
        self.compute = Compute(simulation, place, figures, self.used)
        self.stores = Stores(simulation, place, self.used)
        self.by_path = {file.path: file for file in subject.files}
        self.around = questions.surroundings(subject.files)

    def run(self) -> Outcome:
        self.simulation.start(self._states())
        outcome, used = self.outcome, self.used
        outcome.seconds = self.simulation.run()
        outcome.waited = {
            "Lambda": self.compute.functions.waited,
            "Fargate": self.compute.waited_for_fargate,
            "model": self.tokens.waited + self.requests.waited,
            "table": self.stores.waited_for_the_table,
            "objects": self.stores.objects.waited,
            "transitions": self.moves.waited,
        }
        outcome.most_at_once = {
            "functions": self.compute.functions.most_used,
            "tasks": self.compute.tasks.most_used,
            "questions": self.answering.most_used,
        }
        seconds = used["task_seconds"] or 1.0
        outcome.run = RunFigures(
            lambda_gb_seconds=used["gb_seconds"],
            lambda_requests=round(used["invocations"]),
            transitions=round(used["transitions"]),
            fargate_seconds=used["task_seconds"],
            # Tasks differ in size: the mean over their seconds.
            fargate_vcpus=used["task_vcpu_seconds"] / seconds,
            fargate_memory_gigabytes=used["task_gb_seconds"] / seconds,
            fargate_disk_gigabytes=used["task_disk_seconds"] / seconds,
            item_writes=round(used["item_writes"]),
            item_reads=round(used["item_reads"]),
            object_writes=round(used["object_writes"]),
            object_reads=round(used["object_reads"]),
        )
        return outcome

    def _states(self) -> Process:
        """The parent execution."""
        files, time, settings = self.subject.files, self.figures.time, self.subject.settings
        size = sum(file.bytes for file in files)
        planned = self._plan()
        pages, count = len(questions.modules(files)) + 6 + len(files), len(files)
        per_file = sum(time[name].value for name in ("archive_file", "secrets_file"))
        read = time["parse_file"].value if count <= MOST_FILES else 0.0
        scan = count * (per_file + read)
        archive = size * self.figures.share["archive"].value
        yield from self._transitions(PARENT_STATES)
        with self._timed("OpenSession"):
            yield from self.compute.function("OpenSession", _FUNCTION_GB, self.compute.work(0.0))
        with self._timed("Scan"):
            yield from self.stores.put_objects(len(planned) + 2)
            if archive > settings.scan_lambda_megabytes * 1_000_000:
                yield from self.compute.task(self.compute.work(scan), self.task)
            else:
                yield from self._function_then_task("Scan", scan, self.task)
        with self._timed("AnalyseFiles"):
            children = Slots(self.simulation, settings.analyst_concurrency)
            for wave in sorted({batch.wave for batch, _ in planned}):
                of_wave = [pair for pair in planned if pair[0].wave == wave]
                yield self.simulation.all(self._child(batch, paths, children) for batch, paths in of_wave)
        with self._timed("ReviewRepository"):
            topics = (("SecurityAgent", "security"), ("PerformanceAgent", "performance"))
            yield self.simulation.all(self._role(state, role) for state, role in topics)
        # A page's own work is the site's; the editor writes the same pages as text, which nobody measured by itself.
        for state, role in (("Synthesize", "synthesizer"), ("Edit", "editor"), ("Critique", "critic")):
            with self._timed(state):
                yield from self._role(state, role)
        with self._timed("Publish"):
            building = pages * time["page"].value
            yield from self.stores.put_objects(pages)
            if self.repository.route is Route.FARGATE:
                yield from self.compute.task(self.compute.work(building), self.repository.task)
            else:
                yield from self._function_then_task("Publish", building, self.repository.task)
        with self._timed("CloseSession"):
            yield from self.compute.function("CloseSession", _FUNCTION_GB, self.compute.work(0.0))

    def _plan(self) -> list[tuple[PlannedBatch, tuple[str, ...]]]:
        """The product's own plan."""
        to_plan = [FileToPlan(file.path, file.bytes, file.language) for file in self.subject.files]
        return plan(to_plan, self.subject.settings, {}, waves(self.subject.levels))

    def _child(self, batch: PlannedBatch, paths: Sequence[str], children: Slots) -> Process:
        """One child execution of the Distributed Map: Lambda, and once more on Fargate what did not fit its time."""
        yield children.take()
        yield from self._transitions(3)
        files = [self.by_path[path] for path in paths]
        self.outcome.routes[batch.route.value] += 1
        left = list(reversed(files))
        if batch.route is Route.LAMBDA:
            deadline = self.subject.settings.lambda_seconds * 1.0
            memory = self.subject.settings.analyst_memory_megabytes / 1024
            yield from self.compute.function("AnalyseBatch", memory, self._batch(left, deadline))
        if left:
            yield from self.compute.task(self._batch(left, math.inf), self.task)
        children.give()

    def _batch(self, left: list[FileCosts], seconds: float) -> Process:
        """Questions side by side while there is time; what is not asked stays in `left`."""
        until, before, calls = self.simulation.now + seconds, len(left), self._calls()

        def asking() -> Process:
            while left and self.simulation.now < until:
                file = left.pop()
                yield from self.compute.work(self.figures.time["parse_file"].value)
                yield from self._question("analyst", questions.of_file(file, self.around), calls)

        yield self.place.object_call
        yield self.simulation.all(asking() for _ in range(min(len(left), self._side_by_side("analyst"))))
        self.used["object_reads"] += 1
        yield from self.stores.put_objects(1)
        yield self.place.object_call
        # A pointer for each analysis, and the batch's outcome.
        yield from self.stores.put_items("analyses", before - len(left) + 1)
        yield self.place.item_call

    def _role(self, state: str, role: str) -> Process:
        if self.repository.route is Route.FARGATE:
            yield from self.compute.task(self._questions(role), self.repository.task)
        else:
            yield from self.compute.function(state, _REPOSITORY_GB, self._questions(role))

    def _function_then_task(self, state: str, seconds: float, task: TaskSize) -> Process:
        """A function; where its time is over before the work is done, a task that begins again."""
        limit = self.subject.settings.lambda_seconds
        yield from self.compute.function(state, _REPOSITORY_GB, self.compute.work(min(seconds, limit)))
        if seconds > limit:
            self.outcome.beyond_lambda.append(f"{state}: {seconds:,.0f} s")
            yield from self.compute.task(self.compute.work(seconds), task)

    def _questions(self, role: str) -> Process:
        """The role's questions, equally large, so many side by side."""
        expected = usual(role, self.subject.files)
        many = math.ceil(expected.questions)
        self.used["object_reads"] += 1
        yield from self.compute.work(0.0)
        left = [expected.times(1 / many) for _ in range(many)] if many and expected.tokens_in else []
        calls = self._calls()

        def asking() -> Process:
            while left:
                yield from self._question(role, left.pop(), calls)

        yield self.simulation.all(asking() for _ in range(min(len(left), self._side_by_side(role))))

    def _side_by_side(self, role: str) -> int:
        return max(1, self.subject.settings.calls_at_once(role))

    def _calls(self) -> Calls:
        """What a process writes that begins now."""
        return Calls(self.stores, self.shards.randrange(SHARDS))

    def _question(self, role: str, expected: questions.ExpectedQuestions, calls: Calls) -> Process:
        """Reserve the money and the quota, wait for the answer, settle and store."""
        model = self.subject.models[role]
        if not model.takes_tokens:
            return
        # Analyses are stored by themselves; other answers are looked for in this session and in those before.
        shared = 0.0 if role == "analyst" else expected.tokens_out * CHARACTERS_PER_TOKEN
        self.used["item_reads"] += 1 if shared else 0
        weight = self.figures.quota["model_output_weight"].value
        most = min(expected.most_out, MAX_OUTPUT_TOKENS)
        yield from calls.reserve()
        yield self.requests.take()
        yield self.tokens.take(expected.tokens_in + most)
        yield self.answering.take()
        yield self._answer_seconds(expected)
        self.answering.give()
        self.tokens.give(max(0.0, most - weight * expected.tokens_out))
        self.outcome.usd_by_role[role] += model.price.cost(round(expected.tokens_in), round(expected.tokens_out))
        yield from calls.settle()
        yield from calls.store(shared)

    def _answer_seconds(self, expected: questions.ExpectedQuestions) -> float:
        if self.place.model_seconds is not None:
            return self.place.model_seconds
        sigma = self.figures.share["jitter"].value
        jitter = self.dice.lognormvariate(-(sigma**2) / 2, sigma)
        return answer_seconds(expected.tokens_in, expected.tokens_out) * jitter

    def _transitions(self, many: int) -> Process:
        self.used["transitions"] += many
        yield self.moves.take(many)
        yield many * self.place.transition

    @contextmanager
    def _timed(self, state: str) -> Iterator[None]:
        began = self.simulation.now
        yield
        self.outcome.states[state] = self.simulation.now - began
