"""The progress of a session: a live line on a terminal, one line for each phase anywhere else."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from agents.roster import ROSTER

#: Phases of the states that run no code of ours, for the progress line.
_OTHER_PHASES = {
    "LoadPlan": "loading the plan",
    "WaitForBatchInference": "waiting for the batch inference job",
    "AnalyseFiles": "reading the files",
    "ReviewRepository": "reviewing security and performance",
    "Failed": "ended with an error",
}
#: The phase of each state, for the progress line.
PHASES = (
    {row.state: row.phase for row in ROSTER.values()}
    | {row.fargate_state: f"{row.phase} on Fargate" for row in ROSTER.values() if row.fargate_state}
    | _OTHER_PHASES
)


@dataclass(frozen=True)
class Progress:
    """Where the session stands; `usd` is what the model calls have cost so far."""

    seconds: float
    state: str = ""
    batches_done: int = 0
    batches_planned: int = 0
    gaps: int = 0
    usd: float = 0.0

    @property
    def phase(self) -> str:
        """What is being done, in words."""
        return PHASES.get(self.state, self.state or "waiting for the trigger")


class ProgressView(Protocol):
    """Shows progress; a context manager, so that the terminal is always given back."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def say(self, text: str) -> None:
        """One line that stays."""

    def show(self, progress: Progress) -> None:
        """The present state."""


class LineView:
    """One line each time the phase changes."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._state: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def say(self, text: str) -> None:
        """One line that stays."""
        self._console.print(Text(text), soft_wrap=True)

    def show(self, progress: Progress) -> None:
        """A line, if the phase is a new one."""
        if progress.state and progress.state != self._state:
            self._state = progress.state
            self.say(f"{progress.seconds:6.1f} s  {progress.phase}")


class LiveView(LineView):
    """One region of the terminal that is redrawn."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._spinner = Spinner("dots")
        self._live = Live(console=console, transient=True, refresh_per_second=8)

    def __enter__(self) -> Self:
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.__exit__(kind, error, trace)

    def show(self, progress: Progress) -> None:
        """Draw the present state."""
        line = Table.grid(padding=(0, 1))
        self._spinner.update(text=Text(progress.phase, style="bold"))
        line.add_row(self._spinner, Text(f"{progress.seconds:.0f} s", style="dim"))
        rows = [line]
        if progress.batches_planned:
            facts = Text(f"{progress.batches_done} of {progress.batches_planned} batches")
            if progress.gaps:
                facts.append(f" · {progress.gaps} gaps", style="yellow")
            if progress.usd:
                facts.append(f" · ${progress.usd:.4f}")
            bar = Table.grid(padding=(0, 1))
            bar.add_row(ProgressBar(progress.batches_planned, progress.batches_done, width=30), facts)
            rows.append(bar)
        self._live.update(Group(*rows))


def view_for(console: Console) -> ProgressView:
    """The view that suits where the progress goes."""
    return LiveView(console) if console.is_terminal else LineView(console)
