"""The state SecurityAgent: judges the security evidence of every analysis."""

from __future__ import annotations

from agents.contracts.states import SecurityAgentInput, SecurityAgentOutput
from agents.environment import AgentEnvironment
from agents.instructions import instructions_of
from agents.ports import Ports
from agents.review.run import run as review
from agents.security.core import TOPIC


def run(request: SecurityAgentInput, ports: Ports, settings: AgentEnvironment) -> SecurityAgentOutput:
    """Write the session's security review. Raises BlobMissing without a manifest, and whatever the model raises."""
    role = TOPIC.value
    return review(TOPIC, instructions_of(role), request, ports, settings.calls_at_once(role), settings.writer_of(role))
