"""An author's sentences are cut at one place, for every role."""

from __future__ import annotations

import pytest

from agents.text.sentences import first_sentence, sentences, shortened


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Reads files. Writes pages.", "Reads files."),
        ("Reads files,\n  line by line. Writes pages.", "Reads files, line by line."),
        ("Reads files\n\nWrites pages.", "Reads files"),
        ("Takes e.g. `YAML`. Refuses the rest.", "Takes e.g. `YAML`."),
        ("The steps are 1. Read 2. Write", "The steps are 1. Read 2. Write"),
        ("Reads version 1.2 of it.", "Reads version 1.2 of it."),
        ("", ""),
    ],
)
def test_the_first_sentence_ends_where_a_reader_ends_it(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_a_long_sentence_is_cut_at_a_word() -> None:
    assert first_sentence("Reads every file, then writes.", longest=20) == "Reads every file…"
    assert shortened("short", 5) == "short"


def test_a_paragraph_has_its_sentences_in_order() -> None:
    assert sentences("One. Two! Three?") == ["One.", "Two!", "Three?"]
