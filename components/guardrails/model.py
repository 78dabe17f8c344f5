"""The words of the guardrails: a resource as it is declared, a rule, a violation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

#: An environment that begins so holds what people rely on; one that begins otherwise may be thrown away.
PRODUCTION = ("prod", "live")


class Level(StrEnum):
    """What a violation does: it stops the deployment, or it is only reported."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"


@dataclass(frozen=True)
class DeclaredResource:
    """A resource as the program declares it.

    `inputs` are in the provider's camelCase, `tags` those that AWS will see, the provider's defaults included;
    `protect` is Pulumi's option, None where the one who declares does not know it.
    """

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    tags: Mapping[str, str] = field(default_factory=dict)
    protect: bool | None = None

    @cached_property
    def kind(self) -> str:
        """The service and the type without the provider's versions: `aws:s3/bucketV2:BucketV2` is `s3:Bucket`."""
        package, module, name = (*self.type.split(":"), "", "")[:3]
        return f"{module.split('/')[0]}:{name.removesuffix('V2')}" if package == "aws" else self.type

    @property
    def production(self) -> bool:
        """Whether its environment, as the tag names it, is a production."""
        return self.tags.get("environment", "").startswith(PRODUCTION)

    def get(self, *path: str) -> Any:
        """The input at the path, None where any step is missing."""
        value: Any = self.inputs
        for step in path:
            value = value.get(step) if isinstance(value, Mapping) else None
        return value


@dataclass(frozen=True)
class Violation:
    """One resource that breaks one rule, and how."""

    rule: Rule
    resource: DeclaredResource
    problem: str

    def __str__(self) -> str:
        return f"{self.rule.name} ({self.rule.level}): {self.resource.kind} {self.resource.name}: {self.problem}"


class GuardrailsBroken(Exception):
    """A mandatory guardrail is violated; the message lists every violation."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__("\n".join(["guardrails are violated:", *(f"  {violation}" for violation in violations)]))
        self.violations = tuple(violations)


@dataclass(frozen=True)
class ResourceRule:
    """Looks at one resource of the named kinds, all of AWS when none is named; `check` tells what is wrong."""

    name: str
    why: str
    check: Callable[[DeclaredResource], Iterable[str]]
    kinds: frozenset[str] = frozenset()
    level: Level = Level.MANDATORY

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """What breaks the rule."""
        for resource in resources:
            if resource.kind in self.kinds or (not self.kinds and resource.type.startswith("aws:")):
                for problem in self.check(resource):
                    yield Violation(self, resource, problem)


@dataclass(frozen=True)
class StackRule:
    """Looks at all resources together; `check` tells which is wrong, and what."""

    name: str
    why: str
    check: Callable[[Sequence[DeclaredResource]], Iterable[tuple[DeclaredResource, str]]]
    level: Level = Level.MANDATORY

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """What breaks the rule."""
        for resource, problem in self.check(resources):
            yield Violation(self, resource, problem)


Rule = ResourceRule | StackRule


def effective_tags(provider: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, str]:
    """The tags that AWS will see: the provider's default tags, and the resource's own over them.

    `provider` holds the provider's inputs; nested settings of a provider travel as JSON text.
    """
    written = provider.get("defaultTags") or {}
    defaults = json.loads(written) if isinstance(written, str) else written
    layers = (defaults.get("tags"), inputs.get("tags"))
    return {key: str(layer[key]) for layer in layers if layer for key in layer}
