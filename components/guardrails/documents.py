"""Policy documents inside declared resources."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from components.guardrails.model import DeclaredResource

Statement = Mapping[str, Any]

#: What an identity may do.
IDENTITY_POLICIES = frozenset({"iam:RolePolicy", "iam:Policy", "iam:UserPolicy", "iam:GroupPolicy"})
#: Who may do something to the resource that carries the policy.
RESOURCE_POLICIES = frozenset(
    {"s3:BucketPolicy", "sqs:QueuePolicy", "sns:TopicPolicy", "ecr:RepositoryPolicy", "kms:Key", "sqs:Queue"}
)
#: Kinds whose input `policy` says nothing about who may do what.
OTHER_POLICIES = frozenset({"ecr:LifecyclePolicy"})


class Document(NamedTuple):
    """A policy document and the input it stands in."""

    property: str
    text: str

    def statements(self) -> list[Statement]:
        """Its statements. Raises ValueError when it is not JSON."""
        body = json.loads(self.text)
        content = body.get("Statement", [])
        return [content] if isinstance(content, Mapping) else list(content)

    def readable(self) -> list[Statement]:
        """Its statements, none when it is not JSON: the rule policy-readable tells that."""
        try:
            return self.statements()
        except (ValueError, AttributeError):
            return []


def documents(resource: DeclaredResource) -> Iterator[Document]:
    """The policy documents of a resource; one that is not known yet (a preview) is left out."""
    if resource.kind in OTHER_POLICIES:
        return
    for name in ("policy", "assumeRolePolicy"):
        value = resource.get(name)
        if isinstance(value, str) and value and resource.type.startswith("aws:"):
            yield Document(name, value)
        elif isinstance(value, Mapping):
            # A Mapping and not always a dict: Pulumi's policy SDK hands over views of its own.
            yield Document(name, json.dumps(value, default=_plain))
    for inline in resource.get("inlinePolicies") or ():
        yield Document("inlinePolicies", inline["policy"])


def _plain(view: Mapping[str, Any] | Sequence[Any]) -> dict[str, Any] | list[Any]:
    return dict(view) if isinstance(view, Mapping) else list(view)


def granted(resource: DeclaredResource, name: str = "policy") -> Iterator[Statement]:
    """The Allow statements of the documents in one input; an unreadable document grants nothing."""
    for document in documents(resource):
        if document.property in {name, "inlinePolicies"}:
            yield from (statement for statement in document.readable() if statement.get("Effect") == "Allow")


def listed(statement: Statement, *elements: str) -> list[str]:
    """The values of the statement's elements, each of which may be one text or a list."""
    values: list[str] = []
    for element in elements:
        value = statement.get(element, [])
        values.extend([value] if isinstance(value, str) else value)
    return values


def principals(statement: Statement) -> list[str]:
    """Whom the statement names, as `Service:…` or `AWS:…`; `*` is everybody."""
    named = statement.get("Principal", {})
    if isinstance(named, str):
        return [named]
    names: list[str] = []
    for kind, value in named.items():
        values: Sequence[str] = [value] if isinstance(value, str) else value
        names.extend("*" if principal == "*" else f"{kind}:{principal}" for principal in values)
    return names
