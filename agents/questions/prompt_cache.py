"""Which models cache a prompt's beginning when its end is marked, and when warming the cache pays. Pure."""

from __future__ import annotations

import re

from agents.questions.tokens import BYTES_PER_TOKEN

#: Tokens below which a service does not cache: by what the model's name contains, the first that fits.
#: https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
_LEAST: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"claude-(haiku-4-5|opus-4-[5-9])"), 4096),
    (re.compile(r"claude-3-5-haiku"), 2048),
    (re.compile(r"claude-|amazon\.nova-"), 1024),
)
#: With fewer questions than this a first call that only warms the cache costs more time than it saves money.
_FEWEST_QUESTIONS = 4


def least_prefix_tokens(model: str) -> int | None:
    """Tokens from which the model caches a marked beginning; None if it takes no mark.

    OpenAI's service and its like cache by themselves and charge nothing for writing, so they need no mark, and a
    warm-up would cost a second to save what the first few questions read at full price.
    """
    if not model.startswith("bedrock:"):
        return None
    return next((least for name, least in _LEAST if name.search(model)), None)


def cacheable(model: str, prefix: str) -> bool:
    """Whether marking the end of this beginning makes the model cache it."""
    least = least_prefix_tokens(model)
    return least is not None and len(prefix.encode("utf-8", "replace")) // BYTES_PER_TOKEN >= least


def worth_warming(model: str, prefix: str, questions: int) -> bool:
    """Whether one call before all others pays: else every question of the parallel first wave writes the cache."""
    return questions >= _FEWEST_QUESTIONS and cacheable(model, prefix)
