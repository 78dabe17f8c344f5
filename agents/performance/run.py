"""The state PerformanceAgent: judges the performance evidence of every analysis."""

from __future__ import annotations

from agents.contracts.states import PerformanceAgentInput, PerformanceAgentOutput
from agents.environment import AgentEnvironment
from agents.instructions import instructions_of
from agents.performance.core import TOPIC
from agents.ports import Ports
from agents.review.run import run as review


def run(request: PerformanceAgentInput, ports: Ports, settings: AgentEnvironment) -> PerformanceAgentOutput:
    """Write the session's performance review. Raises BlobMissing without a manifest, and whatever the model raises."""
    role = TOPIC.value
    return review(TOPIC, instructions_of(role), request, ports, settings.calls_at_once(role), settings.writer_of(role))
