"""The questions of the session before, as far as the models and instructions of today could take their answers."""

from __future__ import annotations

from collections.abc import Callable

from agents.contracts.site_settings import WritingStyle
from agents.costs.before import NO_SESSION_BEFORE, SessionBefore
from agents.questions.instructions import fingerprint_of
from agents.session.asked import questions_of
from agents.settings import AgentSettings

_ROLES = ("synthesizer", "editor")


def session_before(
    session_id: str, style: WritingStyle, settings: AgentSettings, read: Callable[[str], bytes]
) -> SessionBefore:
    """What the session asked; nothing without one, and where no role asks a model.

    `read` gives a blob's bytes by its key and raises BlobMissing.
    """
    if not session_id or not settings.network_models:
        return NO_SESSION_BEFORE
    return SessionBefore(
        {
            role: questions_of(session_id, role, settings.model_of(role), fingerprint_of(role, style), read)
            for role in _ROLES
        }
    )
