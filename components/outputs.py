"""The stack's outputs: what the command line, `swarm doctor` and the laptop's cloud find an environment by. Pure."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class StackOutputs(BaseModel):
    """What __main__.py exports, under the fields' own names, and what a command reads of a deployed stack."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    environment: str
    region: str
    upload_bucket: str
    context_bucket: str
    context_table: str
    state_machine_arn: str
    cluster_arn: str
    model: str
    network_models: tuple[str, ...]
    model_key_secret: str
    release: str
    cap_usd: float
    state_machine_alias_arn: str
    function_names: tuple[str, ...]
    upload_rule: str
    dead_letter_queue_url: str
    alarm_names: tuple[str, ...]
    alarm_topic_arn: str
    release_bucket: str
    image_repository: str
    image_repository_url: str
    container_image: str
    analyst_concurrency: int
    reserved_concurrency: int
    task_cpu_units: int
    fargate_spot: bool
    protected: bool
    event_bus: str
    webhook_url: str
    approval_url: str
    site_access: str
    site_bucket: str
    site_domain: str
    site_key_id: str
    site_key_secret: str
    site_public_key: str
    sign_in_secret: str


def exports(**values: Any) -> dict[str, Any]:
    """The outputs by name, for `pulumi.export`; a value may be a pulumi.Output.

    Raises:
        TypeError: an output is missing, or a name is no output's.
    """
    if wrong := values.keys() ^ StackOutputs.model_fields.keys():
        raise TypeError(f"the stack's outputs are listed in components/outputs.py; missing or unknown: {sorted(wrong)}")
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
