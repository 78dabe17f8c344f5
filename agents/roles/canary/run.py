"""The state DecideCanary: a schedule calls it every few minutes."""

from __future__ import annotations

from agents.contracts.trail import (
    NEWEST_SESSIONS,
    CanaryFigures,
    DecideCanaryInput,
    DecideCanaryOutput,
    TrailEntry,
    TrailEvent,
    VersionFigures,
)
from agents.ports import Ports
from agents.roles.canary.core import Rules, before_figures, in_figures, judge
from agents.settings import AgentSettings


def run(_: DecideCanaryInput, ports: Ports, settings: AgentSettings) -> DecideCanaryOutput:
    """Look where the alias leads, decide, and do it. A call that was cut short is made good by the next one."""
    routing = ports.rollout.routing()
    decision = before_figures(routing)
    if decision is not None and decision.action == "nothing":
        return decision
    new = routing.newest if decision is not None and decision.action == "begin" else routing.new or routing.newest
    figures = _figures(routing.former, ports), _figures(new, ports)
    if decision is None:
        rules = Rules(settings.canary_minutes, settings.canary_minimum_sessions)
        decision = judge(routing, *figures, rules, ports.clock.now())
    if decision.action != "wait":
        _act(decision, *figures, ports, settings)
    return decision


def _figures(version: int, ports: Ports) -> VersionFigures:
    sessions = ports.figures.of_version(version)
    # Executions before the oldest of the newest sessions say as little as their sessions do.
    since = min(each.opened_at for each in sessions) if len(sessions) == NEWEST_SESSIONS else 0
    failed = ports.rollout.failed_executions(version, since)
    return in_figures(version, ports.rollout.release_of(version), sessions, failed)


def _act(
    decision: DecideCanaryOutput, former: VersionFigures, new: VersionFigures, ports: Ports, settings: AgentSettings
) -> None:
    if decision.action == "begin":
        ports.rollout.split(former.version, new.version, settings.canary_percent)
        announce(_entry("canary-began", new, former, settings.canary_percent, ports, settings), ports)
    elif decision.action == "go back":
        # The trail first: were it missing, the next call would begin the same canary again.
        entry = _entry("went-back", former, new, settings.canary_percent, ports, settings, decision.reasons)
        announce(entry, ports)
        ports.rollout.give_all(former.version)
    else:
        # The alias after the functions: until it is moved, the next call decides again.
        ports.rollout.move_functions(new.release)
        ports.rollout.give_all(new.version)
        announce(_entry("rolled-out", new, former, settings.canary_percent, ports, settings), ports)


def _entry(
    event: TrailEvent,
    leads_to: VersionFigures,
    other: VersionFigures,
    percent: int,
    ports: Ports,
    settings: AgentSettings,
    alarms: tuple[str, ...] = (),
) -> TrailEntry:
    former, new = sorted((leads_to, other), key=lambda figures: figures.version)
    return TrailEntry(
        event=event,
        release=leads_to.release,
        before=other.release,
        at=int(ports.clock.now() * 1000),
        by=f"swarm-{settings.environment}-decide-canary",
        version=new.version,
        canary=CanaryFigures(percent=percent, former=former, new=new, alarms=alarms),
    )


def announce(entry: TrailEntry, ports: Ports) -> None:
    """Write a decision into the trail: the one place where each becomes known."""
    ports.rollout.append(entry)
