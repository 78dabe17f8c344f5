"""The settings of one agent: what the stack's settings say, and the names of what the platform made for it."""

from __future__ import annotations

from agents.settings import AgentSettings, SharedSettings
from components.settings.model import Settings


def agent_settings(
    settings: Settings,
    state: str,
    table: str,
    context_bucket: str,
    upload_bucket: str,
    cluster_arn: str = "",
    batch_inference_role: str = "",
    site_bucket: str = "",
    site_key_id: str = "",
    approval_url: str = "",
    approval_topic: str = "",
    state_machine_alias: str = "",
    release_bucket: str = "",
    function_names: str = "",
) -> AgentSettings:
    """The settings of the agent that runs one state's code."""
    shared = settings.model_dump(include=set(SharedSettings.model_fields))
    return AgentSettings.model_validate(
        {
            **shared,
            "state": state,
            "context_table": table,
            "context_bucket": context_bucket,
            "upload_bucket": upload_bucket,
            "cluster_arn": cluster_arn,
            "batch_inference_role": batch_inference_role,
            "site_bucket": site_bucket,
            "approval_url": approval_url,
            "approval_topic": approval_topic,
            "site_key_id": site_key_id,
            "state_machine_alias": state_machine_alias,
            "release_bucket": release_bucket,
            "function_names": function_names,
        }
    )
