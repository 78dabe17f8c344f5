"""How a function's process is started: with its role's keys, and forked from one that has imported its libraries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from local.lambda_.layers import EVERYWHERE
from local.lambda_.waiting import Deployed
from local.lambda_.worker import Worker
from local.processes.child_processes import Processes
from local.processes.memory import MemoryWatch


class WorkerStarter:
    """Starts the processes of one cloud's functions; each gets a folder of its own in `scratch`."""

    def __init__(
        self,
        scratch: Path,
        base_environment: Mapping[str, str],
        credentials: Callable[[str], Mapping[str, str]] | None,
        processes: Processes | None,
    ) -> None:
        """`credentials` gives the variables under which the processes of a role sign, by the role's ARN."""
        self._scratch = scratch
        self._base_environment = dict(base_environment)
        self._credentials = credentials or (lambda _: {})
        self._owns_processes = processes is None
        self._processes = Processes(forks=True) if processes is None else processes
        self._processes.import_ahead(EVERYWHERE)
        self._memory = MemoryWatch()

    def start(self, deployed: Deployed) -> Worker:
        """A new process of the function. Raises ProcessNotStarted or OSError."""
        function = deployed.function
        variables = {**self._base_environment, **self._credentials(function.role)}
        # Just before: a function that is called first does not wait for what another will want.
        self._processes.import_ahead(function.libraries)
        self._processes.import_ahead(function.modules, deployed.task_root, function.builders)
        return Worker(function, deployed.task_root, variables, self._processes, self._memory, self._scratch)

    def close(self) -> None:
        """End what watches the processes, and what starts them if it was begun here."""
        self._memory.close()
        if self._owns_processes:
            self._processes.close()
