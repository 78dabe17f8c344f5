"""Stacks of the real program as the guardrails see them, and invented resources for single rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from components.guardrails import DeclaredResource, effective_tags
from tests.components.mocked_cloud import build_stack

#: The tags of an invented resource, by environment.
TAGS = {
    environment: {
        "project": "serverless-swarm",
        "environment": environment,
        "owner": "us",
        "cost-centre": "ours",
        "managed-by": "pulumi",
    }
    for environment in ("dev", "prod")
}


#: Prod with every setting that adds resources switched on.
EVERYTHING = "everything"
_SWITCHED_ON = {
    "alarmEmail": "someone@example.com",
    "monthlyBudgetUsd": "100",
    "flowLogs": "true",
    "accessLogs": "true",
    "imageScanning": "enhanced",
    "webhookRepositories": "owner/*",
    "schedules": "github:owner/name@main cron(0 3 ? * MON *) Europe/Berlin",
    "approveBeforePublish": "true",
    "approvalWebhookSecret": "swarm-prod-webhooks",
    "siteSignInIssuer": "https://login.example.com",
    "siteSignInClientId": "swarm-docs",
}


@cache
def stack(name: str) -> tuple[DeclaredResource, ...]:
    """Everything that one stack declares; EVERYTHING is prod with all that a setting may add."""
    return changed_stack("prod", **_SWITCHED_ON) if name == EVERYTHING else changed_stack(name)


@cache
def changed_stack(name: str, **changes: str) -> tuple[DeclaredResource, ...]:
    """Everything that one stack declares with some settings changed."""
    built = build_stack(name, preview=False, **changes)
    providers = {provider.urn: provider.inputs for provider in built.of("pulumi:providers:aws")}
    return tuple(
        DeclaredResource(
            resource.token,
            resource.name,
            resource.urn,
            resource.inputs,
            effective_tags(providers.get(resource.provider.rpartition("::")[0], {}), resource.inputs),
        )
        for resource in built.resources
        if resource.token.startswith("aws:")
    )


def invented(
    type_token: str,
    inputs: Mapping[str, Any] | None = None,
    environment: str = "dev",
    protect: bool | None = None,
    name: str = "it",
) -> DeclaredResource:
    """A resource that no program declares; `type_token` as in `aws:s3/bucket:Bucket`."""
    urn = f"urn:pulumi:{environment}::serverless-swarm::{type_token}::{name}"
    return DeclaredResource(type_token, name, urn, inputs or {}, TAGS[environment], protect)


def policy(**statement: Any) -> dict[str, str]:
    """The input `policy` with one statement, an Allow unless said otherwise."""
    return {"policy": json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **statement}]})}


def container(**changes: Any) -> dict[str, str]:
    """The input `containerDefinitions` with one container that every rule passes, but for the changes."""
    good = {
        "name": "agent",
        "image": "registry.example/agent@sha256:" + "a" * 64,
        "user": "65532:65532",
        "readonlyRootFilesystem": True,
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/aws/ecs/agent"}},
    }
    return {"containerDefinitions": json.dumps([{**good, **changes}])}
