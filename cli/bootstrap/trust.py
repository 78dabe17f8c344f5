"""Who may assume the deployer's role: statements of its trust policy. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Statement = dict[str, Any]

#: CI asks its token for this audience; AWS's own tools use the same.
AUDIENCE = "sts.amazonaws.com"
GITHUB = "token.actions.githubusercontent.com"
GITLAB = "gitlab.com"
_PRINCIPAL = re.compile(r"arn:(aws|aws-cn|aws-us-gov):iam::\d{12}:(root|(role|user)/[\w+=,.@/-]+)")
#: Repositories created since July 2026 have subjects with the numbers of owner and repository: OWNER@1/REPOSITORY@2.
_GITHUB = re.compile(r"[A-Za-z0-9-]+(@\d+)?/[\w.-]+(@\d+)?")
_GITLAB = re.compile(r"[\w.-]+(/[\w.-]+)+")
_SSO = re.compile(r"role/aws-reserved/sso\.amazonaws\.com/(?:[\w-]+/)?(AWSReservedSSO_[\w+=,.@-]+)_[0-9a-f]{16}")


class TrustRefused(ValueError):
    """The role cannot be given to such a party; the message is a sentence."""


@dataclass(frozen=True)
class Trust:
    """Statements of the role that deploys and of the one that previews; `provider` is an OIDC provider's host."""

    deploys: tuple[Statement, ...]
    previews: tuple[Statement, ...] = ()
    provider: str = ""


def of_principal(arn: str) -> Trust:
    """A role, a user or an account of AWS. Raises TrustRefused."""
    if _PRINCIPAL.fullmatch(arn) is None:
        raise TrustRefused(
            f"{arn} is not the ARN of a role, a user or an account's root, such as arn:aws:iam::…:role/…"
        )
    _, partition, _, _, account, name = arn.split(":", 5)
    statement: Statement = {
        "Sid": _sid("Trust", name),
        "Effect": "Allow",
        "Principal": {"AWS": arn},
        "Action": "sts:AssumeRole",
    }
    sso = _SSO.fullmatch(name)
    if sso is not None:
        # IAM Identity Center replaces the role when its permission set changes; a principal named by ARN dies with it.
        pattern = f"arn:{partition}:iam::{account}:role/aws-reserved/sso.amazonaws.com/*{sso[1]}_{'?' * 16}"
        statement |= {
            "Sid": _sid("Trust", sso[1]),
            "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
            "Condition": {"ArnLike": {"aws:PrincipalArn": pattern}},
        }
    return Trust((statement,))


def of_github(repository: str, partition: str, account: str) -> Trust:
    """Workflows of a GitHub repository: environments `dev` and `prod` deploy, requests preview. Raises TrustRefused."""
    if _GITHUB.fullmatch(repository) is None or repository.count("@") == 1:
        raise TrustRefused(f"{repository} is not OWNER/REPOSITORY, or OWNER@NUMBER/REPOSITORY@NUMBER")
    return Trust(
        tuple(
            _federated(GITHUB, partition, account, {"StringEquals": f"repo:{repository}:environment:{name}"})
            for name in ("dev", "prod")
        ),
        (_federated(GITHUB, partition, account, {"StringEquals": f"repo:{repository}:pull_request"}),),
        GITHUB,
    )


def of_gitlab(project: str, partition: str, account: str) -> Trust:
    """Pipelines of a GitLab project: its branch `main` deploys, every branch previews. Raises TrustRefused."""
    if _GITLAB.fullmatch(project) is None:
        raise TrustRefused(f"{project} is not GROUP/PROJECT")
    branches = f"project_path:{project}:ref_type:branch:ref:"
    return Trust(
        (_federated(GITLAB, partition, account, {"StringEquals": f"{branches}main"}),),
        (_federated(GITLAB, partition, account, {"StringLike": f"{branches}*"}),),
        GITLAB,
    )


def provider_arn(host: str, partition: str, account: str) -> str:
    """The ARN of an account's OIDC provider."""
    return f"arn:{partition}:iam::{account}:oidc-provider/{host}"


def caller(arn: str, role_arn: str) -> Trust:
    """The caller itself; `role_arn` is the role behind an assumed one. Raises TrustRefused for an account's root."""
    if arn.endswith(":root"):
        raise TrustRefused(
            "These are the root user's credentials: say with --trust, --github or --gitlab who may deploy"
        )
    return of_principal(role_arn or arn)


def _federated(host: str, partition: str, account: str, subject: Mapping[str, str]) -> Statement:
    ((operator, pattern),) = subject.items()
    condition: dict[str, dict[str, str]] = {"StringEquals": {f"{host}:aud": AUDIENCE}}
    condition.setdefault(operator, {})[f"{host}:sub"] = pattern
    return {
        "Sid": _sid("Ci", pattern),
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn(host, partition, account)},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    }


def _sid(kind: str, name: str) -> str:
    """An identifier that the same party has in every run; IAM allows letters and digits."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    return kind + "".join(word[0].upper() + word[1:] for word in words)
