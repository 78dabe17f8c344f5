"""The state DecideCanary: a schedule calls it every few minutes."""

from __future__ import annotations

from agents import keys
from agents.contracts.events import ReleaseEvent
from agents.contracts.trail import (
    NEWEST_SESSIONS,
    CanaryDecision,
    CanaryFigures,
    DecideCanaryInput,
    DecideCanaryOutput,
    TrailEntry,
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
    figures = CanaryFigures(percent=settings.canary_percent, former=former, new=new)
    if decision.action == "begin":
        ports.rollout.split(former.version, new.version, settings.canary_percent)
        announce("canary-began", figures, ports, settings)
    elif decision.action == "go back":
        # The trail first: were it missing, the next call would begin the same canary again.
        announce("went-back", figures.with_changes(alarms=decision.reasons), ports, settings)
        ports.rollout.give_all(former.version)
    else:
        # The alias after the functions: until it is moved, the next call decides again.
        ports.rollout.move_functions(new.release)
        ports.rollout.give_all(new.version)
        announce("rolled-out", figures, ports, settings)


def announce(decision: CanaryDecision, figures: CanaryFigures, ports: Ports, settings: AgentSettings) -> None:
    """Write a decision into the trail, then send it to whoever listens: the one place where each becomes known."""
    former, new = figures.former, figures.new
    leads_to, other = (former, new) if decision == "went-back" else (new, former)
    now, by = ports.clock.now(), f"swarm-{settings.environment}-decide-canary"
    ports.rollout.append(
        TrailEntry(
            event=decision,
            release=leads_to.release,
            before=other.release,
            at=int(now * 1000),
            by=by,
            version=new.version,
            canary=figures,
        )
    )
    ports.events.send_release(
        ReleaseEvent(
            event_id=keys.event_id(by, decision, new.version),
            decision=decision,
            occurred_at=int(now),
            environment=settings.environment,
            release=leads_to.release,
            before=other.release,
            version=new.version,
            canary=figures,
        )
    )
