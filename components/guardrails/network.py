"""Networks: nothing enters from the internet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from agents.roster import ROSTER
from components.guardrails.model import DeclaredResource, ResourceRule, Rule
from components.short_agent import dashed

_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})


def _nothing_enters_from_everywhere(resource: DeclaredResource) -> Iterator[str]:
    match resource.kind:
        case "ec2:SecurityGroupRule":
            entries: list[Mapping[str, Any]] = [resource.inputs] if resource.get("type") == "ingress" else []
        case "vpc:SecurityGroupIngressRule":
            entries = [resource.inputs]
        case _:
            entries = list(resource.get("ingress") or ())
    for entry in entries:
        blocks = [*(entry.get("cidrBlocks") or ()), *(entry.get("ipv6CidrBlocks") or ())]
        blocks += [entry.get("cidrIpv4"), entry.get("cidrIpv6")]
        wide = sorted(block for block in blocks if block in _EVERYWHERE)
        if wide:
            yield f"{', '.join(wide)} may enter at port {entry.get('fromPort')}"


#: How the names of functions end whose own code checks each request: the rows of the roster that answer HTTP.
_CHECKING = tuple(f"-{dashed(row.state)}" for row in ROSTER.values() if row.http)


def _function_url_asks_who(resource: DeclaredResource) -> Iterator[str]:
    checks = str(resource.get("functionName") or "").split(":")[-1].endswith(_CHECKING)
    if resource.get("authorizationType") != "AWS_IAM" and not checks:
        yield "answers without asking who calls"


RULES: tuple[Rule, ...] = (
    ResourceRule(
        "no-open-ingress",
        "The agents only make outgoing connections, so no incoming ones are needed.",
        _nothing_enters_from_everywhere,
        frozenset(
            {
                "ec2:SecurityGroup",
                "ec2:DefaultSecurityGroup",
                "ec2:SecurityGroupRule",
                "vpc:SecurityGroupIngressRule",
            }
        ),
    ),
    ResourceRule(
        "function-url-closed",
        "A function's URL is public; only a function that checks each request has one.",
        _function_url_asks_who,
        frozenset({"lambda:FunctionUrl"}),
    ),
)
