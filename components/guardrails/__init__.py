"""What no environment may do: rules over declared resources, run by the policy pack and by the local cloud."""

from __future__ import annotations

from collections.abc import Iterable

from components.guardrails import access, logs_and_tags, network, production, sites, storage, tasks
from components.guardrails.model import (
    DeclaredResource,
    GuardrailsBroken,
    Level,
    ResourceRule,
    Rule,
    StackRule,
    Violation,
    effective_tags,
)

__all__ = [
    "RULES",
    "DeclaredResource",
    "GuardrailsBroken",
    "Level",
    "ResourceRule",
    "Rule",
    "StackRule",
    "Violation",
    "effective_tags",
    "enforce",
    "violations",
]

#: Every rule; names are unique, and are what the policy pack calls them.
RULES: tuple[Rule, ...] = (
    *storage.RULES,
    *access.RULES,
    *network.RULES,
    *sites.RULES,
    *tasks.RULES,
    *logs_and_tags.RULES,
    *production.RULES,
)


def violations(resources: Iterable[DeclaredResource], rules: Iterable[Rule] = RULES) -> list[Violation]:
    """Every violation of every rule, in the order of the rules."""
    declared = tuple(resources)
    return [violation for rule in rules for violation in rule.violations(declared)]


def enforce(resources: Iterable[DeclaredResource], rules: Iterable[Rule] = RULES) -> list[Violation]:
    """The advisory violations.

    Raises:
        GuardrailsBroken: a mandatory rule is violated; the message lists every violation.
    """
    broken = violations(resources, rules)
    if any(violation.rule.level is Level.MANDATORY for violation in broken):
        raise GuardrailsBroken(broken)
    return broken
