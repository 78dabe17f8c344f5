"""Builds an agent's ports from its environment. Models and grammars are imported only when they are first asked."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from agents.aws import clients
from agents.aws.blob_store import S3BlobStore
from agents.aws.context_store import DynamoDbContextStore
from agents.aws.executions import StepFunctionsExecutions
from agents.aws.task_callback import StepFunctionsTaskCallback
from agents.environment import AgentEnvironment
from agents.ports import Answer, LanguageModel, Ports, Question, ReplyT, StructureReader

if TYPE_CHECKING:
    from agents.contracts.structure import Structure


class SystemClock:
    """The machine's time."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()


class NamedModel:
    """The model with this name, built at its first question: intake, scanner and closer ask none."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def _model(self) -> LanguageModel:
        from agents.models import model_named

        return model_named(self.name)

    def answer(self, question: Question[ReplyT]) -> Answer[ReplyT]:
        """Answer with a reply of the asked type."""
        return self._model.answer(question)


class GrammarReader:
    """The structure reader, its grammars loaded at the first file: only the analyst reads any."""

    @cached_property
    def _reader(self) -> StructureReader:
        from agents.structure.reader import TreeSitterReader

        return TreeSitterReader()

    def read(self, path: str, language: str, text: str) -> Structure:
        """Symbols, imports and evidence of one file. Raises FileUnparseable."""
        return self._reader.read(path, language, text)


def aws_ports(settings: AgentEnvironment) -> Ports:
    """Everything an agent's run may use in this environment."""
    clock = SystemClock()
    return Ports(
        blobs=S3BlobStore(clients.s3(), settings.context_bucket),
        uploads=S3BlobStore(clients.s3(), settings.upload_bucket),
        store=DynamoDbContextStore(clients.dynamodb(), settings.context_table, clock, settings.retention_days),
        executions=StepFunctionsExecutions(clients.step_functions()),
        model=NamedModel(settings.model),
        structure=GrammarReader(),
        clock=clock,
    )


def task_callback(token: str) -> StepFunctionsTaskCallback:
    """Answers this task token."""
    return StepFunctionsTaskCallback(clients.step_functions(), token)
