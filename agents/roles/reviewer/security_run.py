"""The state SecurityAgent: judges the security evidence of every analysis."""

from __future__ import annotations

from agents.contracts.states import SecurityAgentInput, SecurityAgentOutput
from agents.ports import Ports
from agents.questions.instructions import instructions_of
from agents.roles.reviewer.run import run as review
from agents.roles.reviewer.security_core import TOPIC
from agents.settings import AgentSettings


def run(request: SecurityAgentInput, ports: Ports, settings: AgentSettings) -> SecurityAgentOutput:
    """Write the session's security review. Raises BlobMissing without a manifest, and whatever the model raises."""
    role = TOPIC.value
    return review(TOPIC, instructions_of(role), request, ports, settings.calls_at_once(role), settings.writer_of(role))
