"""Fills a model's prompt cache: the analysts' questions begin alike, and those of the first wave are asked at once."""

from __future__ import annotations

import logging

from agents.contracts.analysis import AnalystBrief, AnalystReply
from agents.contracts.waves import WarmPromptCacheInput, WarmPromptCacheOutput
from agents.errors import SwarmError
from agents.ports import Ports, Question, WarmsCache
from agents.questions.instructions import instructions_of
from agents.roles.analyst.question import ROLE, sources_of

#: Every batch's sources hold the outline; a session that is warmed has this one.
_FIRST_BATCH = "b00000"

_log = logging.getLogger("swarm")


def warm(request: WarmPromptCacheInput, ports: Ports) -> WarmPromptCacheOutput:
    """Ask for one token after the beginning that all questions share. It fails quietly: then questions cost more."""
    if not isinstance(ports.model, WarmsCache):
        return WarmPromptCacheOutput(warmed=False)
    try:
        sources = sources_of(request.session_id, _FIRST_BATCH, ports)
        brief = AnalystBrief(files=(), outline=sources.outline)
        question = Question(ROLE, instructions_of(ROLE, sources.style), brief, AnalystReply)
        usage = ports.model.warm(question)
        ports.store.save_usage(request.session_id, f"{ROLE}-warm-up", usage)
    except SwarmError as error:
        _log.warning("the prompt cache stays cold: %s", error)
        return WarmPromptCacheOutput(warmed=False)
    return WarmPromptCacheOutput(warmed=usage.requests > 0)
