"""What the account must have, and what is missing or different. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cli.bootstrap.trust import Statement, Trust

#: Outside `swarm-*` and without the stacks' tag: the deployer's policy reaches neither its own role nor the state.
DEPLOYER = "pulumi-swarm-deployer"
PREVIEWER = "pulumi-swarm-previewer"
KEY_ALIAS = "alias/pulumi-state"
#: Characters of one managed policy, white space not counted (IAM's quotas). The deployer's statements need several.
POLICY_LIMIT = 6_144
#: Every aspect that is a list of statements, compared by their Sid: statements of other people stay.
_BY_STATEMENT = frozenset({"trust", "policy"})
_PUBLIC_ACCESS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
_USE_KEY = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey")
_READ_KEY = ("kms:Decrypt", "kms:DescribeKey")
#: Ways to take the key over, or to end it. The deployer's own policy allows some of them by tags that it can set.
_CHANGE_KEY = (
    *("kms:CreateGrant", "kms:DisableKey", "kms:DisableKeyRotation", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"),
    *("kms:TagResource", "kms:UntagResource", "kms:UpdateKeyDescription"),
)
_WRITE_STATE = ("s3:DeleteObject", "s3:GetObject", "s3:PutObject")
#: `pulumi preview` takes no lock and reads no resource; it asks for zones, and AWS validates the state machine.
PREVIEWS = ("ec2:DescribeAvailabilityZones", "states:ValidateStateMachineDefinition")


@dataclass(frozen=True)
class AccountPlace:
    """The account, its partition and the region of the state."""

    partition: str
    account: str
    region: str

    @property
    def bucket(self) -> str:
        """The state bucket: one an account, for every region's stacks."""
        return f"pulumi-state-{self.account}"

    def role_arn(self, name: str) -> str:
        """The ARN of a role of this account."""
        return f"arn:{self.partition}:iam::{self.account}:role/{name}"


@dataclass(frozen=True)
class Thing:
    """One thing that must exist, and its aspects by name."""

    kind: str
    name: str
    aspects: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True)
class Step:
    """What is to be done about a thing: `changes` are the aspects to set, with their values."""

    thing: Thing
    exists: bool
    changes: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        """For people: exists, will be created, differs."""
        if not self.exists:
            return "will be created"
        return "differs" if self.changes else "exists"

    @property
    def done(self) -> bool:
        """Whether nothing is to be done."""
        return self.exists and not self.changes


def things(place: AccountPlace, trust: Trust | None, policy: str, previewer: bool) -> tuple[Thing, ...]:
    """All that must exist, in the order in which it is made. Without `trust` roles keep the trust that they have.

    `policy` is the deployer's, as the repository has it; `previewer` tells whether the account has that role already.
    """
    planned: list[Thing] = []
    if trust is not None and trust.provider:
        planned.append(Thing("OIDC provider", trust.provider, {"audience": True}))
    parts = policy_parts(in_partition(policy, place.partition))
    names = [f"{DEPLOYER}-{number}" for number in range(1, len(parts) + 1)]
    planned.extend(Thing("policy", name, {"document": part}) for name, part in zip(names, parts, strict=True))
    planned.append(_role(DEPLOYER, trust.deploys if trust else None, {"policies": names}))
    if previewer or (trust is not None and trust.previews):
        previews = {"Version": "2012-10-17", "Statement": [_allow("Preview", PREVIEWS, "*")]}
        planned.append(_role(PREVIEWER, trust.previews if trust else None, {"permissions": previews}))
    readers = [DEPLOYER, *([PREVIEWER] if any(thing.name == PREVIEWER for thing in planned) else [])]
    planned.append(Thing("key", KEY_ALIAS, {"alias": True, "rotation": True, "policy": _key_policy(place, readers)}))
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY_ALIAS}
    aspects = {
        "versioning": "Enabled",
        "public access block": dict.fromkeys(_PUBLIC_ACCESS, True),
        "encryption": encryption,
        "policy": _bucket_policy(place, readers),
    }
    planned.append(Thing("bucket", place.bucket, aspects))
    return tuple(planned)


def step(thing: Thing, present: Mapping[str, Any] | None) -> Step:
    """Compare a thing with what the account has of it; None is nothing."""
    had = present or {}
    changes: dict[str, Any] = {}
    for aspect, wanted in thing.aspects.items():
        now = had.get(aspect)
        value = merged(now, wanted) if aspect in _BY_STATEMENT else wanted
        if _canonical(value) != _canonical(now):
            changes[aspect] = value
    return Step(thing, present is not None, changes)


def merged(document: Mapping[str, Any] | None, wanted: Sequence[Statement]) -> dict[str, Any]:
    """The document with our statements in it; those of the same Sid are replaced, all others stay."""
    ours = {statement["Sid"] for statement in wanted}
    before = (document or {}).get("Statement", [])
    others = [
        statement
        for statement in (before if isinstance(before, list) else [before])
        if statement.get("Sid") not in ours
    ]
    return {"Version": "2012-10-17", "Statement": [*others, *wanted]}


def in_partition(policy: str, partition: str) -> dict[str, Any]:
    """The deployer's policy for the partition: its ARNs, and in China also the services' names there."""
    document: dict[str, Any] = json.loads(policy.replace("arn:aws:", f"arn:{partition}:"))
    if partition == "aws-cn":
        for statement in document["Statement"]:
            for compared in statement.get("Condition", {}).values():
                compared.update({key: _with_china(value) for key, value in compared.items()})
    return document


def next_commands(place: AccountPlace) -> tuple[str, ...]:
    """What to run after the bootstrap."""
    secrets = f"awskms://{KEY_ALIAS}?region={place.region}"
    return (
        f'pulumi login "s3://{place.bucket}?region={place.region}&awssdk=v2"',
        f'pulumi stack init dev --secrets-provider "{secrets}"',
    )


def policy_parts(document: Mapping[str, Any], limit: int = POLICY_LIMIT) -> list[dict[str, Any]]:
    """The document's statements, in their order, as documents that each fit a managed policy."""
    parts: list[list[Any]] = [[]]
    for statement in document["Statement"]:
        if parts[-1] and _size([*parts[-1], statement]) > limit:
            parts.append([])
        parts[-1].append(statement)
    return [{"Version": document["Version"], "Statement": statements} for statements in parts]


def _size(statements: Sequence[Any]) -> int:
    return len(json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":")))


def _role(name: str, trust: Sequence[Statement] | None, aspects: Mapping[str, Any]) -> Thing:
    return Thing("role", name, {**aspects, **({"trust": list(trust)} if trust else {})})


def _allow(sid: str, actions: Sequence[str], resource: object) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}


def _key_policy(place: AccountPlace, roles: Sequence[str]) -> list[Statement]:
    root = {"AWS": f"arn:{place.partition}:iam::{place.account}:root"}
    users = [
        _allow(f"Use{_camel(role)}", _USE_KEY if role == DEPLOYER else _READ_KEY, "*")
        | {"Principal": {"AWS": place.role_arn(role)}}
        for role in roles
    ]
    deployer = {"Effect": "Deny", "Principal": {"AWS": place.role_arn(DEPLOYER)}}
    denied = _allow("KeepFromDeployer", _CHANGE_KEY, "*") | deployer
    return [_allow("Account", ("kms:*",), "*") | {"Principal": root}, *users, denied]


def _bucket_policy(place: AccountPlace, roles: Sequence[str]) -> list[Statement]:
    bucket = f"arn:{place.partition}:s3:::{place.bucket}"
    statements: list[Statement] = [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket, f"{bucket}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ]
    for role in roles:
        to = {"Principal": {"AWS": place.role_arn(role)}}
        objects = _WRITE_STATE if role == DEPLOYER else ("s3:GetObject",)
        statements.append(_allow(f"List{_camel(role)}", ("s3:ListBucket",), bucket) | to)
        statements.append(_allow(f"Use{_camel(role)}", objects, f"{bucket}/*") | to)
    return statements


def _camel(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("-"))


def _with_china(value: Any) -> Any:
    """AWS's Chinese regions call most services by the same name as elsewhere, and some by one that ends with `.cn`."""
    values = value if isinstance(value, list) else [value]
    return (
        [*values, *(f"{service}.cn" for service in values if str(service).endswith(".amazonaws.com"))]
        if values
        else value
    )


def _canonical(value: Any) -> Any:
    """A policy as AWS may give it back: a list of one is that one, the order of a list is none, true is "true"."""
    if isinstance(value, Mapping):
        return {key: _canonical(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        items = sorted((_canonical(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
        return items[0] if len(items) == 1 else items
    return str(value).lower() if isinstance(value, bool) else value
