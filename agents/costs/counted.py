"""Input tokens as Bedrock counted them for a sample of the questions, in place of those that length suggests. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from agents.costs.questions import ExpectedQuestions, frame


@dataclass(frozen=True)
class CountedTokens:
    """By role: the tokens that each question begins with, and those of its material as a factor of the expected ones.

    `calls` were made for it; `problems` says, by model, why nothing was counted.
    """

    frames: Mapping[str, int] = field(default_factory=dict)
    material: Mapping[str, float] = field(default_factory=dict)
    calls: int = 0
    problems: Mapping[str, str] = field(default_factory=dict)

    def applied(self, role: str, expected: ExpectedQuestions) -> ExpectedQuestions:
        """The role's questions with counted tokens, as far as they were counted."""
        if role not in self.frames:
            return expected
        usual_frames = expected.questions * frame(role)
        material = max(0.0, expected.tokens_in - usual_frames) * self.material.get(role, 1.0)
        return replace(expected, tokens_in=expected.questions * self.frames[role] + material)


#: Every figure is the usual one.
NOTHING_COUNTED = CountedTokens()
