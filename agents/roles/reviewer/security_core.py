"""The security agent's pure part: its topic. What both reviewers do alike is in agents.roles.reviewer.core."""

from __future__ import annotations

from agents.contracts.structure import Topic

TOPIC = Topic.SECURITY
