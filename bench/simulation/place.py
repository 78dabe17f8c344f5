"""Where a session runs: an account of AWS with its quotas, or a laptop. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bench.simulation.figures import Figures


@dataclass(frozen=True)
class Place:
    """Quotas and delays. Endless `cores` are processors of its own for each function; without `model_seconds` a model
    takes as long as an estimate assumes."""

    name: str
    lambda_at_once: float
    new_environments: float
    fargate_vcpus: float
    model_tokens: float
    model_requests: float
    partition_writes: float
    table_writes: float
    object_writes: float
    transition: float
    cold_start: float
    warm_start: float
    object_call: float
    item_call: float
    cores: float = math.inf
    model_seconds: float | None = None


def account(figures: Figures, *, new: bool = False) -> Place:
    """An account of AWS: with the default quotas, or those of a new one."""
    quota, time, suffix = figures.quota, figures.time, "_new_account" if new else ""
    return Place(
        "new account" if new else "default quotas",
        lambda_at_once=quota[f"lambda_concurrency{suffix}"].value,
        new_environments=quota["lambda_scaling"].value,
        fargate_vcpus=quota[f"fargate_vcpus{suffix}"].value,
        model_tokens=quota[f"model_tokens{suffix}"].value,
        model_requests=quota["model_requests"].value,
        partition_writes=quota["partition_writes"].value,
        table_writes=quota["table_writes"].value,
        object_writes=quota["object_writes"].value,
        transition=time["transition"].value,
        cold_start=time["cold_start"].value,
        warm_start=time["warm_start"].value,
        object_call=time["object"].value,
        item_call=time["item"].value,
    )


def laptop(figures: Figures, model_seconds: float) -> Place:
    """A laptop with a stub model that always takes as long; its stores answer at once."""
    time = figures.time
    return Place(
        "laptop",
        lambda_at_once=math.inf,
        new_environments=math.inf,
        fargate_vcpus=math.inf,
        model_tokens=math.inf,
        model_requests=math.inf,
        partition_writes=math.inf,
        table_writes=math.inf,
        object_writes=math.inf,
        transition=0.0,
        cold_start=time["local_import"].value,
        warm_start=time["local_call"].value,
        object_call=0.0,
        item_call=0.0,
        cores=time["local_cores"].value,
        model_seconds=model_seconds,
    )
