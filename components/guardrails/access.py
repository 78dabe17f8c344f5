"""IAM: nothing beyond what is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from components.guardrails.documents import IDENTITY_POLICIES, RESOURCE_POLICIES, documents, granted, listed, principals
from components.guardrails.model import DeclaredResource, ResourceRule, Rule, StackRule

_LOG_DELIVERY = "log delivery is kept by the account, not by a log group: AWS knows no resource for it"
_TRACES = "X-Ray's traces and sampling rules belong to the account: AWS knows no resource for them"
#: Actions for which AWS has no resource but `*`, each with the reason. A test holds that each is needed.
RESOURCE_FREE: Mapping[str, str] = {
    "ecs:ListTasks": "Fargate tasks are listed by cluster, which the statement names as its condition",
    "ecr:GetAuthorizationToken": "the token opens the account's registry as a whole; layers are granted by repository",
    "logs:CreateLogDelivery": _LOG_DELIVERY,
    "logs:GetLogDelivery": _LOG_DELIVERY,
    "logs:UpdateLogDelivery": _LOG_DELIVERY,
    "logs:DeleteLogDelivery": _LOG_DELIVERY,
    "logs:ListLogDeliveries": _LOG_DELIVERY,
    "logs:PutResourcePolicy": _LOG_DELIVERY,
    "logs:DescribeResourcePolicies": _LOG_DELIVERY,
    "logs:DescribeLogGroups": _LOG_DELIVERY,
    "xray:PutTraceSegments": _TRACES,
    "xray:PutTelemetryRecords": _TRACES,
    "xray:GetSamplingRules": _TRACES,
    "xray:GetSamplingTargets": _TRACES,
}
#: Kinds whose policy is about the resource that carries it: `Resource: *` is that one resource, and AWS has no
#: other form for a key.
_POLICY_ON_ITSELF = frozenset({"kms:Key", "ecr:RepositoryPolicy"})
_GRANTING = IDENTITY_POLICIES | RESOURCE_POLICIES | {"iam:Role"}


def _documents_are_json(resource: DeclaredResource) -> Iterator[str]:
    for document in documents(resource):
        try:
            document.statements()
        except (ValueError, AttributeError):
            yield f"{document.property} is not a policy document"


def _actions_are_named(resource: DeclaredResource) -> Iterator[str]:
    for statement in granted(resource):
        if "NotAction" in statement:
            yield f"statement {statement.get('Sid', '?')} allows all but NotAction"
        # The account's own IAM must rule its key, or nobody could ever change the key again.
        root = resource.kind == "kms:Key" and all(principal.endswith(":root") for principal in principals(statement))
        wild = [action for action in listed(statement, "Action") if "*" in action and not root]
        if wild:
            yield f"statement {statement.get('Sid', '?')} allows {', '.join(wild)}"


def _resources_are_named(resource: DeclaredResource) -> Iterator[str]:
    if resource.kind in _POLICY_ON_ITSELF:
        return
    for statement in granted(resource):
        if "NotResource" in statement:
            yield f"statement {statement.get('Sid', '?')} allows all but NotResource"
        if any(_names_nothing(arn) for arn in listed(statement, "Resource")):
            unexplained = [action for action in listed(statement, "Action") if action not in RESOURCE_FREE]
            if unexplained:
                yield f"statement {statement.get('Sid', '?')} allows {', '.join(unexplained)} on every resource"


def _names_nothing(resource: str) -> bool:
    """Whether the ARN's own part, after the account, is all wildcard."""
    return resource.split(":", 5)[-1].lstrip("*/:") == ""


def _trust_is_named(role: DeclaredResource) -> Iterator[str]:
    for statement in granted(role, "assumeRolePolicy"):
        if "*" in principals(statement) or "NotPrincipal" in statement:
            yield "everybody may take the role on"


def _policies_are_ours(resource: DeclaredResource) -> Iterator[str]:
    attached = [resource.get("policyArn"), *(resource.get("managedPolicyArns") or ())]
    for arn in attached:
        if isinstance(arn, str) and ":iam::aws:policy/" in arn:
            yield f"{arn.rpartition('/')[2]} is AWS's: it grants more than we name, and changes without us"


def _is_no_user(resource: DeclaredResource) -> Iterator[str]:
    yield f"{resource.kind} is a credential that never expires; use a role"


def _no_role_is_shared(resources: Sequence[DeclaredResource]) -> Iterator[tuple[DeclaredResource, str]]:
    users: dict[str, list[DeclaredResource]] = defaultdict(list)
    for resource in resources:
        roles = {"lambda:Function": ("role",), "ecs:TaskDefinition": ("taskRoleArn", "executionRoleArn")}
        for name in (*roles.get(resource.kind, ()), *(("roleArn",) if resource.kind == "sfn:StateMachine" else ())):
            role = resource.get(name)
            if isinstance(role, str):
                users[role].append(resource)
    for role, sharing in users.items():
        for resource in sharing[1:]:
            yield resource, f"shares the role {role.rpartition('/')[2]} with {sharing[0].name}"


RULES: tuple[Rule, ...] = (
    ResourceRule(
        "policy-readable",
        "A policy document must be valid JSON, or the other rules cannot check it.",
        _documents_are_json,
        _GRANTING,
    ),
    ResourceRule(
        "no-wildcard-action",
        "A wildcard also grants the actions that AWS adds later.",
        _actions_are_named,
        _GRANTING,
    ),
    ResourceRule(
        "no-wildcard-resource",
        "A permission on every resource includes other teams' resources in the same account.",
        _resources_are_named,
        _GRANTING,
    ),
    ResourceRule(
        "trust-named",
        "A trust policy for everybody lets any AWS account assume the role.",
        _trust_is_named,
        frozenset({"iam:Role"}),
    ),
    ResourceRule(
        "no-managed-policy",
        "AWS's managed policies grant more than one role needs, and AWS changes them.",
        _policies_are_ours,
        frozenset({"iam:RolePolicyAttachment", "iam:PolicyAttachment", "iam:Role"}),
    ),
    ResourceRule(
        "no-long-lived-key",
        "A leaked access key of a user works until somebody deletes it; a role's credentials expire within hours.",
        _is_no_user,
        frozenset({"iam:User", "iam:AccessKey", "iam:UserLoginProfile"}),
    ),
    StackRule(
        "role-not-shared",
        "Two agents that share a role both have the permissions of both; a task's two roles are separate, too.",
        _no_role_is_shared,
    ),
)
