"""What the settings say to an agent."""

from __future__ import annotations

from agents.settings import AgentSettings, StateName
from components.settings.model import Settings


def agent_settings(
    settings: Settings,
    state: StateName,
    table: str,
    context_bucket: str,
    upload_bucket: str,
    cluster_arn: str = "",
    batch_inference_role: str = "",
) -> AgentSettings:
    """What one agent is told about its environment."""
    return AgentSettings(
        environment=settings.environment,
        state=state,
        context_table=table,
        context_bucket=context_bucket,
        upload_bucket=upload_bucket,
        cluster_arn=cluster_arn,
        model=settings.model,
        release=settings.release,
        scan_lambda_bytes=settings.scan_lambda_megabytes * 1_000_000,
        batch_lambda_bytes=settings.batch_lambda_kilobytes * 1_000,
        batch_target_bytes=settings.batch_target_kilobytes * 1_000,
        batch_target_files=settings.batch_target_files,
        file_limit_bytes=settings.file_limit_kilobytes * 1_000,
        repository_limit_files=settings.repository_limit_files,
        repository_limit_bytes=settings.repository_limit_megabytes * 1_000_000,
        analyst_concurrency=settings.analyst_concurrency,
        heartbeat_seconds=settings.heartbeat_seconds,
        lambda_seconds=settings.lambda_seconds,
        fargate_spot=settings.fargate_spot,
        analyst_memory_megabytes=settings.analyst_memory_megabytes,
        task_memory_megabytes=settings.task_memory_megabytes,
        task_cpu_units=settings.task_cpu_units,
        task_disk_gigabytes=settings.task_disk_gigabytes,
        repository_lambda_bytes=settings.repository_lambda_megabytes * 1_000_000,
        gap_tolerance_percent=settings.gap_tolerance_percent,
        approval_score=settings.approval_score,
        on_revision_limit=settings.on_revision_limit,
        role_models=settings.role_models,
        economy_model=settings.economy_model,
        model_prices=settings.model_prices,
        model_key_secret=settings.model_key_secret,
        model_timeout_seconds=settings.model_timeout_seconds,
        model_calls_at_once=settings.model_calls_at_once,
        inference=settings.inference,
        batch_inference_role=batch_inference_role,
        batch_inference_minimum_records=settings.batch_inference_minimum_records,
        batch_inference_poll_seconds=settings.batch_inference_poll_seconds,
        batch_inference_seconds=settings.batch_inference_seconds,
        cap_usd=settings.cap_usd,
        day_cap_usd=settings.day_cap_usd,
        retention_days=settings.retention_days,
    )
