"""The state PerformanceAgent: judges the performance evidence of every analysis."""

from __future__ import annotations

from agents.contracts.states import PerformanceAgentInput, PerformanceAgentOutput
from agents.ports import Ports
from agents.questions.instructions import instructions_of
from agents.roles.reviewer.performance_core import TOPIC
from agents.roles.reviewer.run import run as review
from agents.settings import AgentSettings


def run(request: PerformanceAgentInput, ports: Ports, settings: AgentSettings) -> PerformanceAgentOutput:
    """Write the session's performance review. Raises BlobMissing without a manifest, and whatever the model raises."""
    role = TOPIC.value
    return review(TOPIC, instructions_of(role), request, ports, settings.calls_at_once(role), settings.writer_of(role))
