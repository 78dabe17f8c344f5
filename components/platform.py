"""One environment: the components, and what passes between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

import pulumi

from agents.environment import AgentEnvironment, StateName
from components import iam
from components.account import Account, find_account
from components.context_store import ContextStore, ContextStoreArgs
from components.dead_letters import DeadLetters, DeadLettersArgs
from components.fargate_agent import FargateAgent, FargateAgentArgs, FargateCluster, FargateClusterArgs
from components.network import Network, NetworkArgs
from components.settings import Settings
from components.short_agent import ShortAgent, ShortAgentArgs, dashed
from components.triggers import Triggers, TriggersArgs
from components.workflow import Workflow, WorkflowArgs, state_machine_name

#: States whose work may be too big for Lambda.
FARGATE_STATES: tuple[StateName, ...] = ("Scan", "AnalyseBatch")
#: Seconds, each a little below the state's own timeout, so that `Sandbox.Timedout` tells what happened.
TIMEOUTS: Mapping[StateName, int] = {"OpenSession": 110, "CloseSession": 290}
LONGEST_TIMEOUT = 890
#: The scanner unpacks on disk, the publisher builds the site there; MiB.
DISKS: Mapping[StateName, int] = {"Scan": 4096, "Publish": 2048}


class Platform(pulumi.ComponentResource):
    """Everything that one environment consists of."""

    def __init__(self, name: str, settings: Settings, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("swarm:platform:Platform", name, {}, opts)
        self._settings = settings
        self._stem = f"swarm-{settings.environment}"
        self._account: Account = find_account(settings, self)
        child = pulumi.ResourceOptions(parent=self)
        self._store = ContextStore(
            "context",
            ContextStoreArgs(
                stem=self._stem,
                account=self._account,
                retention_days=settings.retention_days,
                protected=settings.protected,
                customer_key=settings.customer_key,
            ),
            pulumi.ResourceOptions(parent=self, protect=settings.protected),
        )
        self._dead_letters = DeadLetters("dead-letters", DeadLettersArgs(stem=self._stem), child)
        network = Network(
            "network",
            NetworkArgs(
                stem=self._stem,
                account=self._account,
                cidr=settings.vpc_cidr,
                private=settings.private_subnets,
                bedrock=settings.model.startswith("bedrock:"),
            ),
            child,
        )
        self._cluster = FargateCluster("fargate", FargateClusterArgs(stem=self._stem), child)
        arns = self._agent_arns()
        short = {state: self._short_agent(state, arns) for state in get_args(StateName)}
        fargate = {state: self._fargate_agent(state, arns) for state in FARGATE_STATES}
        self._workflow = Workflow("workflow", self._workflow_args(short, fargate, network), child)
        Triggers(
            "triggers",
            TriggersArgs(
                stem=self._stem,
                upload_bucket=self._store.upload_bucket,
                alias_arn=self._workflow.alias_arn,
                dead_letter_queue_arn=self._dead_letters.queue_arn,
                dead_letter_queue_url=self._dead_letters.queue_url,
            ),
            child,
        )
        self.register_outputs(self.exports())

    def exports(self) -> dict[str, Any]:
        """The stack's outputs, by name."""
        return {
            "environment": self._settings.environment,
            "region": self._settings.region,
            "upload_bucket": self._store.upload_bucket,
            "context_bucket": self._store.context_bucket,
            "context_table": self._store.table_name,
            "state_machine_arn": self._workflow.state_machine_arn,
            "cluster_arn": self._cluster.cluster_arn,
            "model": self._settings.model,
            "release": self._settings.release,
            "cap_usd": self._settings.cap_usd,
        }

    def _agent_arns(self) -> pulumi.Output[iam.AgentArns]:
        machine, settings = state_machine_name(self._stem), self._settings
        found = pulumi.Output.all(
            table=self._store.table_arn,
            context_bucket=self._store.context_bucket_arn,
            upload_bucket=self._store.upload_bucket_arn,
            key=self._store.key_arn,
            state_machine=self._account.arn("states", f"stateMachine:{machine}"),
            executions=self._account.arn("states", f"execution:{machine}:*"),
            models=self._account.partition.apply(lambda p: list(iam.model_arns(settings.model, p, settings.region))),
        )
        return found.apply(lambda arns: iam.AgentArns(**{**arns, "models": tuple(arns["models"])}))

    def _environment(self, state: StateName) -> pulumi.Output[dict[str, str]]:
        store = self._store
        names = pulumi.Output.all(store.table_name, store.context_bucket, store.upload_bucket)
        return names.apply(lambda found: agent_environment(self._settings, state, *found).variables())

    def _short_agent(self, state: StateName, arns: pulumi.Output[iam.AgentArns]) -> ShortAgent:
        settings, analyst = self._settings, state == "AnalyseBatch"
        args = ShortAgentArgs(
            stem=self._stem,
            state=state,
            environment=self._environment(state),
            arns=arns,
            dead_letter_queue_arn=self._dead_letters.queue_arn,
            architecture=settings.lambda_architecture,
            memory_megabytes=settings.analyst_memory_megabytes if analyst else settings.function_memory_megabytes,
            timeout_seconds=TIMEOUTS.get(state, LONGEST_TIMEOUT),
            log_retention_days=settings.log_retention_days,
            log_key_arn=self._store.log_key_arn,
            disk_megabytes=DISKS.get(state, 512),
            reserved_concurrency=settings.reserved_concurrency if analyst else 0,
        )
        return ShortAgent(dashed(state), args, pulumi.ResourceOptions(parent=self))

    def _fargate_agent(self, state: StateName, arns: pulumi.Output[iam.AgentArns]) -> FargateAgent:
        settings = self._settings
        args = FargateAgentArgs(
            stem=self._stem,
            state=state,
            account=self._account,
            environment=self._environment(state),
            arns=arns,
            image=settings.container_image,
            architecture=settings.lambda_architecture,
            cpu_units=settings.task_cpu_units,
            memory_megabytes=settings.task_memory_megabytes,
            disk_gigabytes=settings.task_disk_gigabytes,
            log_retention_days=settings.log_retention_days,
            log_key_arn=self._store.log_key_arn,
        )
        return FargateAgent(f"{dashed(state)}-task", args, pulumi.ResourceOptions(parent=self))

    def _workflow_args(
        self, short: Mapping[StateName, ShortAgent], fargate: Mapping[StateName, FargateAgent], network: Network
    ) -> WorkflowArgs:
        return WorkflowArgs(
            stem=self._stem,
            account=self._account,
            functions={state: agent.alias_arn for state, agent in short.items()},
            task_definitions={state: agent.task_definition_arn for state, agent in fargate.items()},
            task_roles=tuple(arn for agent in fargate.values() for arn in agent.role_arns),
            cluster_arn=self._cluster.cluster_arn,
            subnet_ids=network.subnet_ids,
            security_group_id=network.security_group_id,
            assign_public_ip=network.assign_public_ip,
            table_name=self._store.table_name,
            table_arn=self._store.table_arn,
            context_bucket=self._store.context_bucket,
            context_bucket_arn=self._store.context_bucket_arn,
            key_arn=self._store.key_arn,
            log_retention_days=self._settings.log_retention_days,
            log_level=self._settings.log_level,
            tracing=self._settings.tracing,
            log_key_arn=self._store.log_key_arn,
        )


def agent_environment(
    settings: Settings, state: StateName, table: str, context_bucket: str, upload_bucket: str
) -> AgentEnvironment:
    """What one agent is told about its environment."""
    return AgentEnvironment(
        environment=settings.environment,
        state=state,
        context_table=table,
        context_bucket=context_bucket,
        upload_bucket=upload_bucket,
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
        gap_tolerance_percent=settings.gap_tolerance_percent,
        approval_score=settings.approval_score,
        on_revision_limit=settings.on_revision_limit,
        cap_usd=settings.cap_usd,
        retention_days=settings.retention_days,
    )
