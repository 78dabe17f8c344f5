"""Functions and tasks on paper: quotas that start them, warm environments, and the seconds that are billed. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import MutableMapping

from agents.contracts.snapshot import TaskSize
from bench.simulation.events import Bucket, Process, Simulation, Slots
from bench.simulation.figures import Figures
from bench.simulation.place import Place

#: AWS bills a task for a minute at least.
_LEAST_TASK_SECONDS = 60.0


class Compute:
    """Lambda, Fargate and the processors of one place; what a session uses of them is added to `used`."""

    def __init__(
        self, simulation: Simulation, place: Place, figures: Figures, used: MutableMapping[str, float]
    ) -> None:
        quota = figures.quota
        self.simulation, self.place, self.used = simulation, place, used
        self.functions = Slots(simulation, place.lambda_at_once)
        self.tasks = Slots(simulation, math.inf)
        self._environments = Bucket(simulation, place.new_environments, place.new_environments)
        self._warm: Counter[str] = Counter()
        self._vcpus = Slots(simulation, place.fargate_vcpus)
        self._starts = Bucket(simulation, quota["fargate_starts"].value, quota["fargate_starts_burst"].value)
        self._start_seconds = figures.time["fargate_start"].value
        self._cores = Slots(simulation, place.cores)

    @property
    def waited_for_fargate(self) -> float:
        """Seconds of all tasks together."""
        return self._vcpus.waited + self._starts.waited

    def work(self, seconds: float) -> Process:
        """Processor time: a core of a laptop is shared, a function's is its own."""
        yield self._cores.take()
        yield seconds
        self._cores.give()

    def function(self, name: str, gigabytes: float, inside: Process) -> Process:
        """One invocation: a slot of the account's, a warm environment or a new one, and the time that is billed."""
        yield self.functions.take()
        began = self.simulation.now
        if self._warm[name]:
            self._warm[name] -= 1
            yield self.place.warm_start
        else:
            yield self._environments.take()
            yield from self.work(self.place.cold_start)
        yield from inside
        self._warm[name] += 1
        self.used["invocations"] += 1
        self.used["gb_seconds"] += gigabytes * (self.simulation.now - began)
        self.functions.give()

    def task(self, inside: Process, size: TaskSize) -> Process:
        """One Fargate task, billed from its start."""
        vcpus = size.cpu_units / 1024
        yield self._vcpus.take(vcpus)
        yield self.tasks.take()
        yield self._starts.take()
        began = self.simulation.now
        yield self._start_seconds
        yield from inside
        billed = max(_LEAST_TASK_SECONDS, self.simulation.now - began)
        for what, amount in (
            ("", 1.0),
            ("vcpu_", vcpus),
            ("gb_", size.memory_megabytes / 1024),
            ("disk_", size.disk_gigabytes),
        ):
            self.used[f"task_{what}seconds"] += amount * billed
        self.tasks.give()
        self._vcpus.give(vcpus)
