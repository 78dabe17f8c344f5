"""The offline default: a LanguageModel that extracts sentences instead of writing them, and says so."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

from agents.contracts.analysis import AnalystBrief
from agents.contracts.base import Contract
from agents.contracts.draft import CriticBrief, EditorBrief
from agents.contracts.review import ReviewBrief
from agents.contracts.structure import Topic
from agents.contracts.synthesis import SynthesizerBrief
from agents.contracts.usage import Usage
from agents.errors import ModelReplyInvalid
from agents.ports import Answer, Question, ReplyT
from agents.text.cleaning import CUT, unmarked

#: What a page says about sentences of this model.
LABEL: Final = "extracted, not AI-written"

_RESPONDERS: Final[dict[type[Contract], str]] = {
    AnalystBrief: "analyst",
    SynthesizerBrief: "synthesizer",
    EditorBrief: "editor",
    CriticBrief: "critic",
}
_REVIEWERS: Final[dict[Topic, str]] = {Topic.SECURITY: "security", Topic.PERFORMANCE: "performance"}


class ExtractiveModel:
    """Answers from the brief alone: no network, no key, no cost, the same reply every time."""

    name: Final = "extractive"

    def answer(self, question: Question[ReplyT]) -> Answer[ReplyT]:
        """Answer by the brief's type. Raises ModelReplyInvalid for a brief that no responder knows."""
        reply = _responder(question.brief)(question.brief)
        if not isinstance(reply, question.reply_type):
            requested, given = question.reply_type.__name__, type(reply).__name__
            raise ModelReplyInvalid(f"{question.role} asked for {requested}, not {given}")
        return Answer(_unmarked(reply), Usage())


def _unmarked(reply: ReplyT) -> ReplyT:
    """An author's links and tags are no offence: what the contracts cut leaves no mark in an author's own words."""
    if CUT not in reply.model_dump_json():
        return reply
    return type(reply).model_validate(_each(reply.model_dump(mode="json")))


def _each(value: Any) -> Any:
    if isinstance(value, str):
        return unmarked(value)
    if isinstance(value, list):
        return [_each(item) for item in value]
    return {key: _each(item) for key, item in value.items()} if isinstance(value, dict) else value


def _responder(brief: Contract) -> Callable[[Contract], Contract]:
    """The role's responder, imported when it is first asked: a function needs no other role's code."""
    role = _REVIEWERS[brief.topic] if isinstance(brief, ReviewBrief) else _RESPONDERS.get(type(brief))
    if role is None:
        raise ModelReplyInvalid(f"the extractive model cannot answer a {type(brief).__name__}")
    respond: Callable[[Contract], Contract] = import_module(f"agents.models.extractive.{role}").respond
    return respond
