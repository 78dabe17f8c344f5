"""Whether whoever deploys may do what a resource takes: each call of the provider, against the deployer's policy."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from local.privileges.policy import Policy
from local.privileges.provider_calls import CALLS, LITERAL, TABLE_KEY, WITHOUT_RESOURCE

if TYPE_CHECKING:  # a cloud that is loaded imports no Pulumi
    from components.guardrails import DeclaredResource

Step = Literal["create", "update", "delete"]
#: The deployer's policy, from the project's folder.
POLICY_FILE = Path("cli") / "bootstrap" / "deployer-policy.json"
#: Kinds whose `name` is not the name of what IAM looks at, but of a part of it.
_PART_NAMES = frozenset({"iam:RolePolicy", "sfn:Alias", "sns:TopicPolicy", "sqs:QueuePolicy", "lambda:Alias"})
#: Properties that hold a physical name, the own before those of what a resource belongs to.
_NAMED = (
    *("functionName", "function", "layerName", "family", "clusterName", "rule", "repository", "role", "bucket"),
    *("topic", "queueUrl", "dashboardName", "name"),
)


class DeployerRefused(Exception):
    """The deployer's policy does not allow a call; the message names the action, its resource and what to do."""


@dataclass(frozen=True)
class ProviderCall:
    """One call of the provider as IAM sees it; `context` is what conditions look at."""

    action: str
    arn: str
    context: Mapping[str, str]


class Deployer:
    """Whoever runs `pulumi up`, with the permissions of one policy document."""

    def __init__(self, document: str, region: str, account: str) -> None:
        self._policy = Policy("deployer", [document])
        self._region, self._account = region, account

    def may(self, step: Step, resource: DeclaredResource) -> None:
        """Raises DeployerRefused unless every call is allowed that the step may make for the resource."""
        for call in self.calls(step, resource):
            if not self.allows(call):
                raise DeployerRefused(
                    f"AccessDenied: the deployer's policy does not allow {call.action} on {call.arn}, which it takes"
                    f" to {step} {resource.kind} {resource.name}: add the action to tools/deployer.py, then write "
                    f"{POLICY_FILE} again (UPDATE_GOLDEN=1)"
                )

    def calls(self, step: Step, resource: DeclaredResource) -> Iterator[ProviderCall]:
        """What the provider calls for one step of a resource's life."""
        return {"create": self._creation, "update": self._update, "delete": self._deletion}[step](resource)

    def allows(self, call: ProviderCall) -> bool:
        """Whether the policy allows it."""
        return bool(self._policy.allowing(call.action, call.arn, call.context))

    def _creation(self, resource: DeclaredResource) -> Iterator[ProviderCall]:
        """The calls of its creation: at first it has no tag, only the request does."""
        calls = CALLS[resource.kind]
        yield from self._calls(resource, calls.create, {f"aws:RequestTag/{k}": v for k, v in resource.tags.items()})
        # A network's tags count at once; a key's take up to five minutes.
        yield from self._calls(resource, calls.after, _tagged(resource) if resource.kind.startswith("ec2:") else {})
        yield from self._passed_roles(resource)
        if resource.kind == "dynamodb:Table" and resource.get("serverSideEncryption"):
            service = f"dynamodb.{self._region}.amazonaws.com"
            context = {"kms:ViaService": service, "kms:GrantIsForAWSResource": "true"}
            yield from (
                ProviderCall(action, self._arn_of("kms", "key/1234abcd"), context) for action in TABLE_KEY.split()
            )

    def _update(self, resource: DeclaredResource) -> Iterator[ProviderCall]:
        """The calls of an update: the resource and the request have the tags."""
        context = _tagged(resource) | {f"aws:RequestTag/{key}": value for key, value in resource.tags.items()}
        yield from self._calls(resource, CALLS[resource.kind].change, context)
        yield from self._passed_roles(resource)

    def _deletion(self, resource: DeclaredResource) -> Iterator[ProviderCall]:
        """The calls of its deletion."""
        yield from self._calls(resource, CALLS[resource.kind].delete, _tagged(resource))
        if resource.get("forceDestroy"):
            objects = self._arn("s3:DeleteObject", resource) + "/*"
            yield from (ProviderCall(f"s3:{name}", objects, {}) for name in ("DeleteObject", "DeleteObjectVersion"))

    def _calls(self, resource: DeclaredResource, actions: str, context: Mapping[str, str]) -> Iterator[ProviderCall]:
        for action in actions.split():
            yield ProviderCall(action, self._arn(action, resource), context)

    def _passed_roles(self, resource: DeclaredResource) -> Iterator[ProviderCall]:
        service = CALLS[resource.kind].passed_to
        target: Mapping[str, Any] = resource.get("target") or {}
        places = (resource.get(name) for name in ("role", "roleArn", "taskRoleArn", "executionRoleArn", "iamRoleArn"))
        for role in (*places, target.get("roleArn")):
            if service and role:
                context = {"iam:PassedToService": f"{service}.amazonaws.com"}
                yield ProviderCall("iam:PassRole", str(role), context)

    def _arn_of(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self._region}:{self._account}:{resource}"

    def _arn(self, action: str, resource: DeclaredResource) -> str:
        service, _, operation = action.partition(":")
        if action in LITERAL:
            return self._arn_of(service, LITERAL[action])
        if action in WITHOUT_RESOURCE or service == "route53":
            return "*"
        kind, inputs = resource.kind, resource.inputs
        if service == "ec2":
            described = operation.startswith("Describe") and operation != "DescribeVpcAttribute"
            return "*" if described else self._arn_of("ec2", f"{kind.partition(':')[2].lower()}/x-1")
        if service == "kms":
            return self._arn_of("kms", str(inputs["name"]) if "Alias" in action else "key/1234abcd")
        if service == "cloudfront":
            of = re.sub(r"(?<!^)(?=[A-Z])", "-", kind.partition(":")[2]).lower()
            named = inputs.get("name") if of == "function" else "E2X"
            return f"arn:aws:cloudfront::{self._account}:{of}/{named}"
        name = _name(kind, inputs)
        if beginning := _GLOBAL.get(kind) or _GLOBAL.get(service):
            return f"arn:aws:{beginning.format(account=self._account)}{name}"
        if service == "ssm":
            return self._arn_of(service, f"parameter{inputs.get('name', '')}")
        log_group = f"log-group:{inputs.get('name', '')}"
        return self._arn_of(
            service, log_group if service == "logs" else f"{_OF_KIND.get(kind, _OF_SERVICE[service])}{name}"
        )


def _name(kind: str, inputs: Mapping[str, Any]) -> str:
    named = [key for key in _NAMED if not (key == "name" and kind in _PART_NAMES)]
    name = next((str(inputs[key]) for key in named if inputs.get(key)), "swarm-dev-x").rpartition("/")[2]
    return name.partition(":function:")[2].partition(":")[0] if ":function:" in name else name.rpartition(":")[2]


def _tagged(resource: DeclaredResource) -> dict[str, str]:
    return {f"aws:ResourceTag/{key}": value for key, value in resource.tags.items()}


#: What stands before a name in the resource part of an ARN, by service, and where a service has two, by kind.
_OF_SERVICE = {
    "cloudwatch": "alarm:",
    "dynamodb": "table/",
    "ecr": "repository/",
    "ecs": "cluster/",
    "events": "rule/",
    "lambda": "function:",
    "scheduler": "schedule/default/",
    "sns": "",
    "sqs": "",
    "states": "stateMachine:",
}
#: Services whose ARNs have no region, and kinds of other services.
_GLOBAL = {
    "budgets": "budgets::{account}:budget/",
    "cloudwatch:Dashboard": "cloudwatch::{account}:dashboard/",
    "iam": "iam::{account}:role/",
    "s3": "s3:::",
}
_OF_KIND = {
    "cloudwatch:EventBus": "event-bus/",
    "ecs:TaskDefinition": "task-definition/",
    "lambda:LayerVersion": "layer:",
}
