"""`swarm bootstrap`: once per account, make the place of Pulumi's state and the roles that deploy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from cli.bootstrap import plan, trust
from cli.bootstrap.account import BootstrapAccount
from cli.confirmation import confirmed
from cli.errors import BadInput, ExitCode

POLICY = Path(__file__).resolve().parents[1] / "bootstrap" / "deployer-policy.json"


@dataclass(frozen=True)
class BootstrapRequest:
    """What a person asked for; at most one of the three parties is given."""

    profile: str | None = None
    region: str | None = None
    principal: str | None = None
    github: str | None = None
    gitlab: str | None = None
    yes: bool = False


def bootstrap(request: BootstrapRequest, answers: Console) -> ExitCode:
    """Show the plan, ask, carry it out; a second call changes nothing. Raises CommandError."""
    if sum(party is not None for party in (request.principal, request.github, request.gitlab)) > 1:
        raise BadInput(
            "Give one of --trust, --github and --gitlab; run again for another: who is trusted stays trusted"
        )
    account = BootstrapAccount(request.profile, request.region)
    place = account.place
    try:
        trusted = _trust(request, account)
    except trust.TrustRefused as refused:
        raise BadInput(f"{refused}") from refused
    policy = POLICY.read_text(encoding="utf-8")
    wanted = plan.things(place, trusted, policy, account.has_role(plan.PREVIEWER))
    steps = [plan.step(thing, account.find(thing)) for thing in wanted]
    _say(answers, f"Account {place.account} ({place.partition}), region {place.region}:")
    for step in steps:
        _say(answers, f"  {step.verdict:<16} {step.thing}{_details(step)}")
    due = [step for step in steps if not step.done]
    if not due:
        _say(answers, "Nothing is to be done.")
    elif request.yes or confirmed(f"Carry out {len(due)} of {len(steps)} in account {place.account}?"):
        for step in due:
            account.carry_out(step)
            _say(answers, f"  {'changed' if step.exists else 'created':<16} {step.thing}")
    else:
        _say(answers, "Nothing was changed.")
        return ExitCode.DONE
    _say(answers, f"Deploy as {place.role_arn(plan.DEPLOYER)}. Next:")
    for command in plan.next_commands(place):
        _say(answers, f"  {command}")
    return ExitCode.DONE


def _trust(request: BootstrapRequest, account: BootstrapAccount) -> trust.Trust | None:
    """Who will be trusted besides those who are; None is nobody. Raises TrustRefused, BadInput."""
    place = account.place
    if request.principal is not None:
        return trust.of_principal(request.principal)
    if request.github is not None:
        return trust.of_github(request.github, place.partition, place.account)
    if request.gitlab is not None:
        return trust.of_gitlab(request.gitlab, place.partition, place.account)
    return None if account.has_role(plan.DEPLOYER) else account.trust_of_caller()


def _details(step: plan.Step) -> str:
    """Which aspects differ, and whom a role will trust."""
    parts = list(step.changes) if step.exists else []
    for statement in step.thing.aspects.get("trust", []) if "trust" in step.changes else []:
        parts.append(f"trusts {_party(statement)}")
    return f": {', '.join(parts)}" if parts else ""


def _party(statement: trust.Statement) -> str:
    conditions = [value for compared in statement.get("Condition", {}).values() for value in compared.values()]
    return " ".join(value for value in conditions if value != trust.AUDIENCE) or str(statement["Principal"]["AWS"])


def _say(answers: Console, line: str) -> None:
    answers.print(line, markup=False, soft_wrap=True)
