"""The ARNs that agents' policies name, gathered from what the environment consists of."""

from __future__ import annotations

from typing import Any

import pulumi

from agents import keys
from agents.settings import ALIAS
from components.account import Account
from components.batch_inference import BatchInference, models_of
from components.context_store import ContextStore
from components.iam import documents as iam
from components.observability import alarm_topic_name
from components.settings.model import Settings
from components.short_agent import function_name_of
from components.workflow import state_machine_name


def agent_arns(
    settings: Settings,
    account: Account,
    store: ContextStore,
    cluster_arn: pulumi.Output[str],
    batch_inference: BatchInference | None,
    site_bucket_arn: pulumi.Input[str],
    release_bucket_arn: pulumi.Input[str],
) -> pulumi.Output[iam.AgentArns]:
    """What an agent of this environment may be allowed to touch."""
    stem = f"swarm-{settings.environment}"
    machine = state_machine_name(stem)
    outputs = pulumi.Output.all(
        table=store.table_arn,
        context_bucket=store.context_bucket_arn,
        upload_bucket=store.upload_bucket_arn,
        key=store.key_arn,
        site_bucket=site_bucket_arn,
        state_machine=account.arn("states", f"stateMachine:{machine}"),
        executions=account.arn("states", f"execution:{machine}:*"),
        cluster=cluster_arn,
        models=models_of(account, *settings.network_models),
        site_key=account.arn("secretsmanager", f"secret:{keys.site_key_secret(settings.environment)}-??????"),
        sign_in=account.arn("secretsmanager", f"secret:{keys.sign_in_secret(settings.environment)}-??????"),
        model_key=account.arn("secretsmanager", f"secret:{settings.model_key_secret}-??????"),
        webhook_secret=account.arn("secretsmanager", f"secret:{settings.webhook_secret}-??????"),
        code_host_secret=account.arn("secretsmanager", f"secret:{settings.code_host_secret}-??????"),
        reap_function=account.arn("lambda", f"function:{settings.reap_function}:{ALIAS}"),
        fetch_function=account.arn("lambda", f"function:{settings.fetch_function}:{ALIAS}"),
        release_bucket=release_bucket_arn,
        functions=[account.arn("lambda", f"function:{function_name_of(stem, state)}") for state in settings.functions],
        event_bus=account.arn("events", f"event-bus/{settings.event_bus}"),
        topic=account.arn("sns", alarm_topic_name(stem)),
        webhooks=account.arn("secretsmanager", f"secret:{settings.approval_webhook_secret}-??????"),
        jobs=account.arn("bedrock", "model-invocation-job/*"),
        job_role=batch_inference.role_arn if batch_inference else "",
        job_models=models_of(account, settings.analyst_model),
    )
    key = settings.model_key_secret

    def gathered(arns: dict[str, Any]) -> iam.AgentArns:
        role, every, models = (arns.pop(name) for name in ("job_role", "jobs", "job_models"))
        jobs = iam.BatchJobArns(every, tuple(models), role) if batch_inference else None
        secrets = tuple(arns.pop(name) for name in ("site_key", "sign_in"))
        names = {**arns, "models": tuple(arns["models"]), "model_key": arns["model_key"] if key else ""}
        names["functions"] = tuple(arns["functions"]) if settings.canaries else ()
        if not settings.asks_for_approval:
            names["topic"] = ""
        if not settings.approval_webhook_secret:
            names["webhooks"] = ""
        return iam.AgentArns(**names, jobs=jobs, sign_in_secrets=secrets if settings.signs_in else ())

    return outputs.apply(lambda arns: gathered(dict(arns)))
