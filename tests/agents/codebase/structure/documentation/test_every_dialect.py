"""Whatever a comment holds: no parser raises, none loses a word, none takes long."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agents.codebase.structure import documentation
from agents.codebase.structure.documentation import document
from agents.codebase.structure.documentation.dialects import DIALECTS, read

LANGUAGES = [*DIALECTS, "bash"]
WORDS = st.sampled_from(
    ["apple", "pear<plum>", "fig", "`kiwi`", "*lime*", "[date]", "x_y", "a < b", "lemon.", "melon:"]
)
LINES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
SHAPES = st.builds(
    lambda shape, text: shape.format(text),
    st.sampled_from(
        ["{}", "- {}", "1. {}", "    {}", "> {}", "| {} | {} |", "# {}", "@param x {}", "@return {}", ":param x: {}",
         "Args:\n    x: {}", "```\n{}\n```", "@example\n{}", "<p>{}</p>", "- Parameter x: {}", "<summary>{}</summary>",
         ".. note:: {}", "@since {}", "@unknown {}", "  - {}"]
    ).map(lambda shape: shape if shape.count("{}") == 1 else shape.replace("{}", "{0}")),
    LINES,
)  # fmt: skip
COMMENTS = st.lists(st.one_of(SHAPES, st.just("")), max_size=12).map("\n".join)
HEADS = re.compile(r"^@param [^:\n]*:", re.MULTILINE)
NAMES = re.compile(r"apple|pear|plum|fig|kiwi|lime|date|lemon|melon")


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60, deadline=None)
@given(text=COMMENTS)
@example(text="@param x melon:\n@param x melon:")
@example(text="@param x melon: fig\n@param x melon: lime")
@example(text="apple\n```\npear\n```\n- fig\n```\nlime\n```\n- kiwi")
def test_every_word_of_a_comment_is_in_its_document(language: str, text: str) -> None:
    found = read(text, language)

    said = found.model_dump_json() if found is not None else ""
    # Fields that name the same parameter are one entry, which has its name and an equal type once.
    heads = "".join(HEADS.findall(text))
    lost = {word for word in NAMES.findall(text) if text.count(word) - max(0, heads.count(word) - 1) > said.count(word)}
    assert not lost


@pytest.mark.parametrize("language", LANGUAGES)
@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_makes_a_parser_raise(language: str, text: str) -> None:
    parsed = read(text, language)
    assert parsed is not None or not text.strip() or not document(text, language).says


def test_an_error_in_a_parser_costs_the_form_of_one_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: str) -> None:
        raise KeyError("a")

    monkeypatch.setattr(documentation, "read", fail)
    assert document("Boils water, slowly.\n\n    kettle.boil()", "python").text.startswith("Boils water, slowly.")


PIECES = ["<", "[", "`", "{@link ", "@param {", "[a](", "<a ", ":a:`", "*a", "a\n", "- a\n", "> ", "\\c a ", "'''a"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_comment_takes_long(language: str) -> None:
    for size, pieces, seconds in ((5_000, PIECES, 5), (120_000, PIECES[-2:], 2.5)):
        for piece in pieces:
            text = piece * (size // len(piece))
            # Tried once more: a collection of the garbage of thirteen thousand tests may fall into the first.
            assert any(_seconds_of(text, language) < seconds for _ in range(2)), (piece, size)


def _seconds_of(text: str, language: str) -> float:
    started = time.process_time()
    document(text, language)
    return time.process_time() - started
