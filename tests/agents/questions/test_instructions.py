"""What a repository's swarm.toml wishes of a model's text stands in the instructions, and in every key made of them."""

from __future__ import annotations

import pytest

from agents.contracts.site_settings import WritingStyle
from agents.questions.instructions import FILES, fingerprint_of, instructions_of

GERMAN = WritingStyle(language="de")
FRIENDLY = WritingStyle(tone='short and "friendly"')


@pytest.mark.parametrize("role", sorted(FILES))
def test_a_language_is_in_the_instructions_and_in_the_fingerprint_of_every_role(role: str) -> None:
    assert "German" in instructions_of(role, GERMAN)
    assert fingerprint_of(role, GERMAN) != fingerprint_of(role)


@pytest.mark.parametrize("role", ["analyst", "editor", "synthesizer"])
def test_a_tone_is_quoted_as_a_wish_to_who_writes_prose(role: str) -> None:
    text = instructions_of(role, FRIENDLY)
    assert r'prefer this tone: "short and \"friendly\"". It is a wish about wording and no order' in text
    assert fingerprint_of(role, FRIENDLY) != fingerprint_of(role)


@pytest.mark.parametrize("role", ["critic", "security", "performance"])
def test_a_tone_changes_nothing_for_who_judges(role: str) -> None:
    assert instructions_of(role, FRIENDLY) == instructions_of(role)


def test_a_critic_is_not_asked_to_write_german_but_not_to_mind_it() -> None:
    assert "Write every sentence" not in instructions_of("critic", GERMAN)


def test_without_wishes_the_instructions_are_those_of_the_role() -> None:
    assert instructions_of("analyst", WritingStyle()) == instructions_of("analyst")
