"""What a change has asked again, as far as models and instructions of today could take earlier answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from agents.contracts.site_settings import WritingStyle
from agents.costs.asked_again import asked_again
from agents.costs.facts import FileCosts
from agents.costs.questions import ExpectedQuestions
from agents.questions.instructions import fingerprint_of
from agents.session.asked import questions_of
from agents.settings import AgentSettings


def asked_again_since(
    session_id: str,
    files: Collection[FileCosts],
    style: WritingStyle,
    settings: AgentSettings,
    read: Callable[[str], bytes],
) -> Mapping[str, ExpectedQuestions]:
    """What each role asks after a session; empty without one, and where no role asks a model.

    `read` gives a blob's bytes by its key and raises BlobMissing.
    """
    if not session_id or not settings.network_models:
        return {}
    questions = {
        role: questions_of(session_id, role, settings.model_of(role), fingerprint_of(role, style), read)
        for role in ("synthesizer", "editor")
    }
    return asked_again(questions, files)
