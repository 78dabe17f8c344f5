"""Finds states of a definition that no execution enters, and names that lead to no state."""

from __future__ import annotations

from workflow.definition import JsonObject, machines, reachable, successors


def unreachable(definition: JsonObject) -> set[str]:
    """Paths of states that no execution can enter."""
    lost: set[str] = set()
    for machine in machines(definition):
        reached = reachable(machine.start_at, machine.states)
        lost |= {machine.path + name for name in set(machine.states) - reached}
    return lost


def dangling(definition: JsonObject) -> set[str]:
    """Names that a StartAt, Next, Default, choice or catcher points to and that are no state beside it."""
    missing: set[str] = set()
    for machine in machines(definition):
        targets = {machine.start_at}.union(*(successors(body) for body in machine.states.values()))
        missing |= {machine.path + name for name in targets - set(machine.states)}
    return missing
