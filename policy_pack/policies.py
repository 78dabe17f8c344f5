"""Each guardrail as a policy of Pulumi's SDK; nothing is decided here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyProviderResource,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from components.guardrails import (
    RULES,
    DeclaredResource,
    Level,
    ResourceRule,
    StackRule,
    effective_tags,
)

_LEVELS = {Level.MANDATORY: EnforcementLevel.MANDATORY, Level.ADVISORY: EnforcementLevel.ADVISORY}


def policies() -> list[Policy]:
    """Every guardrail: a rule about one resource is asked before it is created, a rule about all after the last."""
    return [_of_resource(rule) if isinstance(rule, ResourceRule) else _of_stack(rule) for rule in RULES]


def _of_resource(rule: ResourceRule) -> ResourceValidationPolicy:
    def validate(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        for violation in rule.violations([_declared(args)]):
            report_violation(violation.problem, None)

    return ResourceValidationPolicy(rule.name, rule.why, validate, _LEVELS[rule.level])


def _of_stack(rule: StackRule) -> StackValidationPolicy:
    def validate(args: StackValidationArgs, report_violation: ReportViolation) -> None:
        for violation in rule.violations([_declared(resource) for resource in args.resources]):
            report_violation(violation.problem, violation.resource.urn)

    return StackValidationPolicy(rule.name, rule.why, validate, _LEVELS[rule.level])


def _declared(resource: ResourceValidationArgs | PolicyResource) -> DeclaredResource:
    return DeclaredResource(
        type=resource.resource_type,
        name=resource.name,
        urn=resource.urn,
        inputs=resource.props,
        tags=effective_tags(_settings(resource.provider), resource.props),
        protect=resource.opts.protect,
    )


def _settings(provider: PolicyProviderResource | None) -> Mapping[str, Any]:
    return provider.props if provider else {}
