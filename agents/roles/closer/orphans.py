"""Which tasks work for nobody, and what to call the end of a session whose execution is gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from agents.contracts.reaping import Ending, RunningTask
from agents.contracts.session import ErrorRecord, Session, SessionStatus
from agents.errors import ExecutionLost, Superseded

#: A report is for people: the counts are exact, the names are the first of them.
LONGEST_LIST = 100


def orphans(tasks: Iterable[RunningTask], alive: Collection[str], only: str | None = None) -> list[RunningTask]:
    """The tasks of sessions that no execution works on; with `only`, of that session alone."""
    return [task for task in tasks if task.session_id not in alive and only in {None, task.session_id}]


def lost(ending: Ending) -> ErrorRecord:
    """The error of a session that its execution left open: the execution's own where it has one."""
    cause = ending.cause or "nothing is known of its execution any more"
    return ErrorRecord(name=ending.error or ExecutionLost.__name__, cause=f"{cause}"[:2000])


def ending_of(session: Session, ending: Ending) -> Ending:
    """How the execution ended; one whose session is superseded was stopped for that, or died before it could be."""
    if not session.superseded or ending.error == Superseded.__name__:
        return ending
    return Ending(error=Superseded.__name__, cause="a newer commit of the same branch was pushed")


def status_of(ending: Ending) -> SessionStatus:
    """How a session ends whose execution is over: OpenSession stops that of an older commit as Superseded."""
    return SessionStatus.SUPERSEDED if ending.error == Superseded.__name__ else SessionStatus.FAILED


def shortened(names: Iterable[str]) -> tuple[str, ...]:
    """The first of many names."""
    return tuple(names)[:LONGEST_LIST]
