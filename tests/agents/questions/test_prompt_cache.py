"""A prompt's beginning is marked, and warmed, only where that pays."""

from __future__ import annotations

import pytest

from agents.questions.prompt_cache import cacheable, least_prefix_tokens, worth_warming


@pytest.mark.parametrize(
    ("model", "least"),
    [
        ("bedrock:eu.anthropic.claude-haiku-4-5-20251001-v1:0", 4096),
        ("bedrock:anthropic.claude-sonnet-4-5-20250929-v1:0", 1024),
        ("bedrock:amazon.nova-lite-v1:0", 1024),
        ("bedrock:meta.llama3-1-70b-instruct-v1:0", None),
        ("openai:gpt-5-mini", None),
        ("extractive", None),
    ],
)
def test_only_models_that_take_a_mark_have_a_least_beginning(model: str, least: int | None) -> None:
    assert least_prefix_tokens(model) == least


def test_a_beginning_below_the_least_is_not_cacheable() -> None:
    model = "bedrock:amazon.nova-lite-v1:0"
    assert not cacheable(model, "x" * 4_095)
    assert cacheable(model, "x" * 4_096)


def test_a_handful_of_questions_is_not_worth_a_call_of_its_own() -> None:
    model = "bedrock:amazon.nova-lite-v1:0"
    assert not worth_warming(model, "x" * 5_000, 3)
    assert worth_warming(model, "x" * 5_000, 4)
    assert not worth_warming("openai:gpt-5", "x" * 5_000, 400)
