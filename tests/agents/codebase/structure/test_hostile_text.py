"""Whatever a repository holds, a reader answers with a Structure or with FileUnparseable."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.codebase.structure import syntax
from agents.codebase.structure.artefacts import ARTEFACTS
from agents.codebase.structure.artefacts.embedded import EMBEDDED
from agents.codebase.structure.grammars import LANGUAGES
from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.structure import Structure
from agents.errors import FileUnparseable
from tests.agents.codebase.structure.reading import read, symbols

EVERY = [*LANGUAGES, *ARTEFACTS, *EMBEDDED, "text", "something-else"]


def is_whole(structure: Structure) -> bool:
    return all(symbol.lines.end <= structure.line_count for symbol in structure.symbols)


@pytest.mark.parametrize("language", EVERY)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\ufeff",
        "\x00\x00\n\x00",
        "\ufffd\ufffd{\ufffd",
        "x" * 100_000,
        "(" * 10_000 + ")" * 10_000,
        "{[" * 2_000,
        '"' * 10_001,
        "/*" * 5_000,
        "<a " * 2_000,
        "a:\r\n  b: 1\r\n# c\r\n",
        "\ud800 lone",
        "-" * 5_000,
        "* " * 2_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_hostile_text_never_raises_and_never_takes_long(language: str, text: str) -> None:
    started = time.process_time()

    try:
        assert is_whole(read(language, text))
    except FileUnparseable as gap:
        assert any(reason in str(gap) for reason in ("never closed", "hundreds of signs in a row"))
    assert time.process_time() - started < 10


@settings(max_examples=60)
@given(language=st.sampled_from(EVERY), text=st.text(max_size=400))
def test_no_text_makes_anything_but_a_structure_or_a_named_gap(language: str, text: str) -> None:
    try:
        assert is_whole(read(language, text))
    except FileUnparseable as gap:
        assert f"example.{language}" in str(gap)


FRAGMENTS = st.sampled_from(
    [
        "class ",
        "def f(",
        "):",
        "\n",
        "  ",
        "{",
        "}",
        "(",
        ")",
        "fn x",
        "import ",
        "from ",
        '"',
        "'",
        "/*",
        "*/",
        "//",
        "#",
        "- ",
        "a: ",
        "b",
        "[",
        "]",
        "<",
        ">",
        "=",
        ";",
        "@x",
        "function ",
        "public ",
        "raise ",
        "throw new X",
        "\r\n",
        "&a",
        "*a",
    ]
)


@settings(max_examples=80)
@given(language=st.sampled_from(EVERY), pieces=st.lists(FRAGMENTS, max_size=60))
def test_no_heap_of_code_pieces_breaks_a_reader(language: str, pieces: list[str]) -> None:
    assert is_whole(read(language, "".join(pieces)))


def test_a_parsers_own_exception_becomes_a_gap_that_names_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **_options: object) -> Structure:
        raise RuntimeError("grammar fell over")

    monkeypatch.setattr(syntax, "read", broken)

    with pytest.raises(FileUnparseable, match=r"src/a\.py: .*RuntimeError: grammar fell over"):
        TreeSitterReader().read("src/a.py", "python", "x = 1")


def test_lines_are_counted_alike_with_carriage_returns() -> None:
    structure = read("python", "# one\r\n\r\ndef f():\r\n    return 1\r\n")

    assert structure.line_count == 4
    assert symbols(structure)["f"].lines.start == 3
    assert symbols(structure)["f"].lines.end == 4


@pytest.mark.parametrize(("text", "count"), [("", 0), ("a", 1), ("a\n", 1), ("a\nb", 2), ("\n\n", 2)])
def test_a_newline_at_the_end_begins_no_line(text: str, count: int) -> None:
    assert read("text", text).line_count == count


def test_places_that_the_grammar_cannot_read_are_counted() -> None:
    assert read("python", "def f(:\n    pass\n\ndef g(): pass\n").parse_errors > 0


def test_deeply_nested_definitions_do_not_grow_their_names() -> None:
    structure = read(
        "python", "".join(" " * depth + f"class C{depth}:\n" for depth in range(400)) + " " * 400 + "pass\n"
    )

    assert 0 < len(structure.symbols) <= 20


def test_a_yaml_bomb_stays_small() -> None:
    text = "a: &a [x, x]\n" + "".join(f"k{n}: &k{n} [*a, *a, *a, *a, *a]\n" for n in range(200))

    assert len(read("yaml", text).symbols) == 201


def test_an_xml_file_that_declares_entities_is_not_expanded() -> None:
    text = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'

    assert read("xml", text).parse_errors == 1
