"""Every role in one process, in the state machine's order, with a FunctionModel for the provider's library."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from agents import keys
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.draft import Draft, Verdict
from agents.contracts.session import SessionRecord
from agents.contracts.snapshot import Manifest
from agents.contracts.states import (
    AnalyseBatchInput,
    CloseSessionInput,
    CritiqueInput,
    CritiqueOutput,
    EditInput,
    PublishInput,
    ReviewInput,
    ScanInput,
    SynthesizeInput,
)
from agents.errors import ModelContextExceeded
from agents.models.access import ModelAccess
from agents.models.extractive.model import ExtractiveModel
from agents.models.metered import Budget
from agents.models.provider import ProviderModel
from agents.ports import Ports
from agents.questions.fallback import FallbackModel
from agents.roles.analyst.run import run as analyse
from agents.roles.closer.run import run as close
from agents.roles.critic.run import run as criticise
from agents.roles.editor.run import run as edit
from agents.roles.publisher.run import run as publish
from agents.roles.reviewer.run import review_performance, review_security
from agents.roles.scanner.run import run as scan
from agents.roles.synthesizer.run import run as synthesize
from agents.session.drafts import stored_draft
from agents.settings import AgentSettings
from bench.stub_replies import Json, kind_of, material_of, reply_to
from tests.agents.fakes import EXECUTION, SESSION_ID, FakePorts, fake_ports, running_session, settings
from tests.agents.roles.scanner.archives import tar_gz

MODEL = "openai:gpt-5-mini"
#: A revision is worth another one while the score rises, three times at most.
_REVISIONS = 3


@dataclass
class Scripted:
    """What the function behind the model answers: honest replies, but for what a test sets."""

    poison: str = ""
    verdicts: list[Json] = field(default_factory=list)
    broken: frozenset[str] = frozenset()
    asked: Counter[str] = field(default_factory=Counter)
    pages: list[list[str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def respond(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        """One request's response."""
        prompt = "\n".join(str(part.content) for part in messages[0].parts if part.part_kind == "user-prompt")
        kind, material = kind_of("", prompt), material_of(prompt)
        with self._lock:
            self.asked[kind] += 1
        if self.poison and self.poison in material:
            raise ModelContextExceeded("poisoned")
        reply = self._reply(kind, material)
        return ModelResponse(parts=[ToolCallPart(info.output_tools[0].name, reply)])

    def _reply(self, kind: str, material: str) -> Json:
        if kind in self.broken:
            return {"nothing": "of the kind"}
        if kind == "CriticReply" and self.verdicts:
            with self._lock:
                return self.verdicts.pop(0)
        return reply_to(kind, material)


def verdict(score: int, *findings: tuple[str, str]) -> Json:
    """A critic's reply: one score for all criteria, findings as (page, problem)."""
    scores = dict.fromkeys(("completeness", "truthfulness", "helpfulness", "consistency"), score)
    return {**scores, "findings": [{"page": page, "problem": problem} for page, problem in findings]}


def work_before_the_pages(ports: Ports, settings_of: Callable[[Any], AgentSettings]) -> Manifest:
    """From the upload to the merged picture: Scan, each batch, both reviews, Synthesize."""
    scan(ScanInput(session_id=SESSION_ID), ports, settings_of("Scan"))
    manifest = Manifest.model_validate_json(ports.blobs.read(keys.manifest(SESSION_ID)))
    for batch in manifest.batches:
        request = AnalyseBatchInput(session_id=SESSION_ID, batch_id=batch.batch_id, route=batch.route)
        analyse(request, ports, settings_of("AnalyseBatch"))
    review_security(ReviewInput(session_id=SESSION_ID), ports, settings_of("SecurityAgent"))
    review_performance(ReviewInput(session_id=SESSION_ID), ports, settings_of("PerformanceAgent"))
    synthesize(SynthesizeInput(session_id=SESSION_ID), ports, settings_of("Synthesize"))
    return manifest


@dataclass
class Session:
    """One session, state by state."""

    script: Scripted
    fakes: FakePorts
    ports: Ports

    def before_the_pages(self, files: Mapping[str, str]) -> None:
        """From the upload to the merged picture."""
        archive = tar_gz({f"demo/{name}": text.encode() for name, text in files.items()})
        self.fakes.uploads.blobs[running_session().archive_key] = archive
        work_before_the_pages(self.ports, _settings)

    def revise(self) -> list[CritiqueOutput]:
        """The loop of Edit and Critique, as RevisionGate steers it."""
        judged: list[CritiqueOutput] = []
        while True:
            before = self.script.asked["EditorReply"]
            draft = edit(EditInput(session_id=SESSION_ID, previous_revision=len(judged)), self.ports, _settings("Edit"))
            self.script.pages.append(list(self.draft(draft.revision).rewritten))
            self.script.asked[f"editor {draft.revision}"] = self.script.asked["EditorReply"] - before
            request = CritiqueInput(session_id=SESSION_ID, revision=draft.revision)
            judged.append(criticise(request, self.ports, _settings("Critique")))
            if judged[-1].verdict is not Verdict.RISING or len(judged) == _REVISIONS:
                return judged

    def publish(self, judged: CritiqueOutput) -> SessionRecord:
        """Publish the best draft and close."""
        request = PublishInput(session_id=SESSION_ID, revision=judged.best_revision, verdict=judged.verdict)
        status = publish(request, self.ports, _settings("Publish")).status
        close(
            CloseSessionInput(session_id=SESSION_ID, execution=EXECUTION, status=status),
            self.ports,
            _settings("CloseSession"),
        )
        return SessionRecord.model_validate_json(self.fakes.blobs.blobs[keys.record(SESSION_ID)])

    def draft(self, revision: int) -> Draft:
        """A revision's pages."""
        with stored_draft(self.ports, SESSION_ID, revision) as stored:
            return Draft(revision=stored.revision, pages=tuple(stored.pages), rewritten=stored.rewritten)


def session(script: Scripted) -> Session:
    """A world of its own, whose roles ask the scripted model."""
    fakes = fake_ports()
    fakes.store.sessions[SESSION_ID] = running_session(model=MODEL)
    library = FunctionModel(script.respond)
    provider = ProviderModel(MODEL, ModelAccess(), Budget(fakes.ledger, SESSION_ID), lambda *_: None, library)
    model = FallbackModel(provider, ExtractiveModel(), ("synthesizer", "critic"))
    plain: dict[str, Any] = {name: getattr(fakes, name) for name in Ports.__dataclass_fields__}
    return Session(script, fakes, replace(Ports(**plain), model=model, structure=TreeSitterReader()))


def _settings(state: Any) -> Any:
    return settings(state, model=MODEL, batch_target_files=40, model_calls_at_once=4)
