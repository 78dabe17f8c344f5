"""Builds the models of a session: chosen by role, paid from the session's budget, kept in its conversation."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from agents.aws import clients
from agents.aws.conversation import StoredConversation
from agents.aws.secrets import StoredSecrets
from agents.contracts.ladder import LadderStep, Rung
from agents.contracts.usage import Usage
from agents.errors import BudgetExhausted, ModelAccessDenied, SecretUnreadable
from agents.models import model_named
from agents.ports import Answer, LanguageModel, Ports, Question, ReplyT
from agents.settings import AgentSettings

if TYPE_CHECKING:
    from agents.contracts.base import Contract
    from agents.models.provider import ProviderModel

#: The analyst's results are analyses, stored under a key of their own.
_ASKED_ANEW = frozenset({"analyst"})
#: Roles that ask once about everything: without an answer there would be no site.
_ONE_QUESTION = frozenset({"synthesizer", "critic"})


def load_model(name: str) -> None:
    """Import what asking this model takes; a process that will ask it need not wait for that with a call."""
    if name != "extractive":
        from agents.models.provider import load_library

        load_library(name)


def settle_calls(reason: Exception) -> None:
    """Give up the calls in flight, each settled as if it had been paid; their callers get `reason` raised."""
    from agents.models.event_loop import end_calls

    end_calls(reason)


def finish_calls(seconds: float) -> None:
    """Before this process ends: let the calls in flight finish for so long, and settle the rest."""
    from agents.models.event_loop import finish_calls as finish

    finish(seconds)


class ModelsByRole:
    """The models that settings name, each built at its first question: intake, scanner and closer ask none."""

    def __init__(self, settings: AgentSettings, session_id: str = "", ports: Ports | None = None) -> None:
        self.name = settings.model
        self._settings = settings
        self._session_id = session_id
        self._ports = ports
        self._models: dict[str, LanguageModel] = {}
        self._slots = asyncio.Semaphore(settings.model_calls_at_once)
        self._building = threading.Lock()
        self._unpaid: Counter[str] = Counter()
        self._counting = threading.Lock()

    def in_session(self, session_id: str, ports: Ports) -> ModelsByRole:
        """The same for one session."""
        return ModelsByRole(self._settings, session_id, ports)

    def answer(self, question: Question[ReplyT]) -> Answer[ReplyT]:
        """The role's model answers."""
        name = question.model or self._settings.model_of(question.role)
        with self._building:
            if name not in self._models:
                self._models[name] = self._build(name)
        return self._models[name].answer(question)

    def warm(self, question: Question[Contract]) -> Usage:
        """Fill the prompt cache of the role's model."""
        name = self._settings.model_of(question.role)
        if name == "extractive" or self._ports is None:
            return Usage()
        return self._provider(name, self._ports).warm(question)

    def _build(self, name: str) -> LanguageModel:
        if name == "extractive":
            return model_named(name)
        if self._ports is None:
            raise RuntimeError(f"{name} was asked outside a session: nobody would pay for it")
        return self._with_budget(name, self._ports)

    def _with_budget(self, name: str, ports: Ports) -> LanguageModel:
        from agents.questions.fallback import FallbackModel
        from agents.questions.remembered import RememberedModel

        conversation = StoredConversation(
            self._session_id,
            clients.dynamodb(),
            self._settings.context_table,
            ports.blobs,
            ports.clock,
            self._settings.retention_days,
        )
        remembered = RememberedModel(self._provider(name, ports), conversation, ports.clock, _ASKED_ANEW)
        return FallbackModel(remembered, model_named("extractive"), _ONE_QUESTION, self._step_of(ports))

    def _provider(self, name: str, ports: Ports) -> ProviderModel:
        """The model on the network, paid from the session's budget."""
        from agents.models.access import ModelAccess
        from agents.models.metered import Budget
        from agents.models.provider import ProviderModel

        settings = self._settings
        access = ModelAccess(
            key=self._key,
            bedrock=clients.bedrock_runtime,
            prices=settings.model_prices,
            timeout_seconds=settings.model_timeout_seconds,
            tier_of=settings.tier_of,
            slots=self._slots,
        )

        def unanswered(role: str, spent: Usage) -> None:
            if spent.requests:
                at = f"{ports.clock.now():.6f}"
                ports.store.save_usage(self._session_id, f"{role}-unanswered-{at}", spent)

        return ProviderModel(name, access, Budget(ports.ledger, self._session_id), unanswered)

    def _step_of(self, ports: Ports) -> Callable[[str, BudgetExhausted], None]:
        """Records that questions of a role were not paid for; the analyst's are recorded with its batch."""

        def record(role: str, error: BudgetExhausted) -> None:
            if role in _ASKED_ANEW:
                return
            with self._counting:
                self._unpaid[role] += 1
                step = LadderStep(
                    rung=Rung.EXTRACTIVE,
                    planned=False,
                    role=role,
                    answers=self._unpaid[role],
                    detail=str(error),
                    taken_at=int(ports.clock.now()),
                )
                ports.store.save_step(self._session_id, step)

        return record

    def _key(self) -> str:
        name = self._settings.model_key_secret
        if not name:
            return ""
        try:
            return StoredSecrets(clients.secrets_manager).read(name)
        except SecretUnreadable as error:
            raise ModelAccessDenied(str(error)) from error
