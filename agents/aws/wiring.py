"""Builds an agent's ports from its environment. Models and grammars are imported only when they are first asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from agents.aws import clients
from agents.aws.approvals import DynamoDbApprovals
from agents.aws.batch_inference import BedrockBatchJobs
from agents.aws.blob_store import S3BlobStore
from agents.aws.branches import DynamoDbBranches
from agents.aws.events import EventBridgeEvents
from agents.aws.executions import StepFunctionsExecutions
from agents.aws.figure_items import DynamoDbFigureItems
from agents.aws.ledger import DynamoDbLedger
from agents.aws.models import ModelsByRole
from agents.aws.notices import SnsAndWebhooks
from agents.aws.reaper import LambdaReapRequests
from agents.aws.rollout import LazyRollout
from agents.aws.secrets import StoredSecrets
from agents.aws.session_items import DynamoDbSessionItems
from agents.aws.site_store import S3SiteStore
from agents.aws.system_clock import SystemClock
from agents.aws.task_callback import StepFunctionsTaskCallback
from agents.aws.tasks import EcsTasks
from agents.aws.webhooks import AwsWebhooks, code_host_credentials
from agents.code_hosts.client import HttpCodeHosts
from agents.contracts.reaping import RunningTask, StoppedTask
from agents.ports import Clock, Ports, StructureReader
from agents.settings import AgentSettings
from agents.web import HttpsWeb

if TYPE_CHECKING:
    from agents.contracts.structure import Structure


class GrammarReader:
    """The structure reader, its grammars loaded at the first file: only the analyst reads any."""

    @cached_property
    def _reader(self) -> StructureReader:
        from agents.codebase.structure.reader import TreeSitterReader

        return TreeSitterReader()

    def read(self, path: str, language: str, text: str) -> Structure:
        """Symbols, imports and evidence of one file. Raises FileUnparseable."""
        return self._reader.read(path, language, text)


class LazyTasks:
    """The cluster's tasks, their client built at the first call: only the reaper and the task-end role make one."""

    def __init__(self, cluster: str) -> None:
        self._cluster = cluster

    @cached_property
    def _tasks(self) -> EcsTasks:
        return EcsTasks(clients.ecs(), self._cluster)

    def running(self) -> Sequence[RunningTask]:
        """Our tasks that run or are about to."""
        return self._tasks.running()

    def stop(self, arn: str, reason: str) -> None:
        """Ask a task to stop."""
        self._tasks.stop(arn, reason)

    def ended(self, arn: str) -> StoppedTask | None:
        """How a task of ours ended."""
        return self._tasks.ended(arn)


def aws_ports(settings: AgentSettings) -> Ports:
    """Everything an agent's run may use in this environment."""
    clock = SystemClock()
    return Ports(
        blobs=S3BlobStore(clients.s3(), settings.context_bucket),
        uploads=S3BlobStore(clients.s3(), settings.upload_bucket),
        sites=S3SiteStore(clients.s3(), settings.site_bucket) if settings.site_bucket else None,
        store=DynamoDbSessionItems(clients.dynamodb(), settings.context_table, clock, settings.retention_days),
        executions=StepFunctionsExecutions(clients.step_functions()),
        reaper=LambdaReapRequests(settings.reap_function),
        model=ModelsByRole(settings),
        structure=GrammarReader(),
        clock=clock,
        tasks=LazyTasks(settings.cluster_arn),
        ledger=ledger_of(settings, clock),
        jobs=BedrockBatchJobs(settings),
        branches=DynamoDbBranches(clients.dynamodb(), settings.context_table, clock, settings.retention_days),
        webhooks=AwsWebhooks(settings, clock),
        hosts=HttpCodeHosts(
            settings.hosts_by_provider(), lambda: code_host_credentials(settings.code_host_secret), clock.now
        ),
        figures=DynamoDbFigureItems(clients.dynamodb(), settings.context_table, clock, settings.retention_days),
        rollout=LazyRollout(settings),
        approvals=DynamoDbApprovals(
            clients.dynamodb(), clients.step_functions(), settings.context_table, clock, settings.retention_days
        ),
        notices=SnsAndWebhooks(settings.approval_topic, settings.approval_webhook_secret),
        events=EventBridgeEvents(
            settings.event_bus, clients.events, (clients.dynamodb(), settings.context_table), clock
        ),
        secrets=StoredSecrets(clients.secrets_manager),
        web=HttpsWeb(),
    )


def ledger_of(settings: AgentSettings, clock: Clock) -> DynamoDbLedger:
    """The environment's budget ledger."""
    return DynamoDbLedger(
        clients.dynamodb(),
        settings.context_table,
        clock,
        settings.environment,
        (settings.cap_usd, settings.day_cap_usd),
        settings.retention_days,
    )


def in_session(ports: Ports, session_id: str) -> Ports:
    """The same ports for one session: its models' calls are paid from its budget and kept in its conversation."""
    if not isinstance(ports.model, ModelsByRole):
        return ports
    return replace(ports, model=ports.model.in_session(session_id, ports))


def task_callback(token: str) -> StepFunctionsTaskCallback:
    """Answers this task token."""
    return StepFunctionsTaskCallback(clients.step_functions(), token)
