"""The stack's outputs: what the command line, `swarm doctor` and the laptop's cloud find an environment by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import pulumi


@dataclass(frozen=True)
class Outputs:
    """Exported by __main__.py under the fields' own names; cli/stack/deployed.py is what reads them."""

    environment: str
    region: str
    upload_bucket: pulumi.Output[str]
    context_bucket: pulumi.Output[str]
    context_table: pulumi.Output[str]
    state_machine_arn: pulumi.Output[str]
    cluster_arn: pulumi.Output[str]
    model: str
    network_models: tuple[str, ...]
    model_key_secret: str
    release: str
    cap_usd: float
    state_machine_alias_arn: pulumi.Output[str]
    function_names: tuple[pulumi.Output[str], ...]
    upload_rule: pulumi.Output[str]
    dead_letter_queue_url: pulumi.Output[str]
    alarm_names: tuple[str, ...]
    alarm_topic_arn: pulumi.Output[str]
    release_bucket: pulumi.Output[str]
    image_repository: pulumi.Output[str]
    image_repository_url: pulumi.Output[str]
    container_image: str
    analyst_concurrency: int
    reserved_concurrency: int
    task_cpu_units: int
    fargate_spot: bool
    protected: bool
    site_access: str
    site_bucket: pulumi.Output[str]
    site_domain: pulumi.Output[str]
    site_key_id: pulumi.Output[str]
    site_key_secret: str
    site_public_key: str

    def exports(self) -> dict[str, Any]:
        """Value by name, for `pulumi.export`."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}
