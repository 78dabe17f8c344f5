"""What a grammar stumbles over is read a second time, and what would exhaust it is refused in time."""

from __future__ import annotations

import time

import pytest

from agents.codebase.structure.conditionals import tidied
from agents.codebase.structure.reader import TreeSitterReader
from agents.errors import FileUnparseable
from tests.agents.codebase.structure.reading import read, symbols


def test_a_branch_that_splits_braces_is_read_by_its_first_side() -> None:
    code = (
        "int take(int x)\n#ifdef FAST\n{ return fast(x);\n#else\n{ return slow(x);\n#endif\n}\n"
        "int give(void) { return 1; }\n"
    )

    structure = read("c", code)

    assert structure.parse_errors == 0
    assert list(symbols(structure)) == ["take", "give"]
    assert symbols(structure)["give"].lines.start == 8


def test_macros_in_the_place_of_declarations_hide_nothing_below_them() -> None:
    structure = read(
        "cpp",
        'DECLARE_HOOK(Reset)\nDEFINE_FLAG(int, depth, 4, "how deep");\nclass Till {\n public:\n  void take();\n};\n',
    )

    assert structure.parse_errors == 0
    assert list(symbols(structure)) == ["Till", "Till.take"]


def test_what_is_left_out_leaves_every_offset_where_it_was() -> None:
    code = b"#if A\nint a;\n#else\nint b;\n#endif\nHOOK(x)\nint c;\n"

    kept = tidied("c", code)

    assert len(kept) == len(code)
    assert kept.split() == [b"int", b"a;", b"int", b"b;", b"int", b"c;"]
    assert kept.count(b"\n") == code.count(b"\n")


def test_a_test_macros_arguments_are_the_tests_name() -> None:
    structure = read("cpp", "TEST(Till, Takes) { CHECK(take()); }\nTEST(Till, Gives)\n{\n}\n")

    assert [(one.name, one.signature) for one in structure.symbols] == [
        ("Till.Takes", "TEST(Till, Takes)"),
        ("Till.Gives", "TEST(Till, Gives)"),
    ]


def test_a_comment_between_head_and_body_is_no_part_of_the_signature() -> None:
    structure = read("python", "def take(x):\n    # first of all\n    # this\n    return x\n")

    assert symbols(structure)["take"].signature == "def take(x)"


def test_a_doc_inside_a_signature_is_no_part_of_it() -> None:
    structure = read("kotlin", "class Till(/** How much. */ val amount: Int) { }")

    assert symbols(structure)["Till"].signature == "class Till(val amount: Int)"


def test_a_type_parameter_is_no_error() -> None:
    structure = read("java", "class Till { <E extends Exception> void take() throws E, IOException {} }")

    assert symbols(structure)["Till.take"].raises == ("IOException",)


@pytest.mark.parametrize(("language", "text"), [("php", "<?php " + "{[" * 10_000), ("c", "{" * 50_000)])
def test_thousands_of_open_brackets_are_a_gap_within_a_second(language: str, text: str) -> None:
    started = time.thread_time()
    with pytest.raises(FileUnparseable, match="thousands of brackets are never closed"):
        TreeSitterReader().read("a", language, text)
    assert time.thread_time() - started < 1


@pytest.mark.parametrize(
    ("language", "text"), [("javascript", "a=>" * 20_000 + "1"), ("javascript", "a" + ".b()" * 20_000)]
)
def test_depth_without_brackets_does_not_take_the_square_of_its_time(language: str, text: str) -> None:
    started = time.thread_time()
    TreeSitterReader().read("a.js", language, text)
    assert time.thread_time() - started < 3


def test_what_was_too_deep_to_look_at_is_admitted() -> None:
    structure = read("python", "x = " + "(" * 1_000 + ")" * 1_000 + "\n")

    assert structure.parse_errors == 1


def test_a_macro_before_a_type_hides_neither_the_declaration_nor_its_comment() -> None:
    structure = read(
        "c",
        "/** Makes a queue. */\nLIBRARY_SYMBOL\nstruct queue *queue_new(void);\n\n"
        "/** Frees it. */\nLIBRARY_SYMBOL void queue_free(struct queue *one);\n",
    )

    assert {name: symbol.doc for name, symbol in symbols(structure).items()} == {
        "queue_new": "Makes a queue.",
        "queue_free": "Frees it.",
    }
    assert "struct queue *queue_new(void)" in symbols(structure)["queue_new"].signature


def test_the_reading_that_loses_less_of_a_file_is_taken() -> None:
    code = "context(log: Logger)\nfun first(x: Int): Int = 1\n\nclass Till { fun go() {} }\n"
    code += "fun <R> suspend(block: () -> R): R = block()\nfun last() {}\n"

    assert list(symbols(read("kotlin", code))) == ["first", "Till", "Till.go", "suspend", "last"]


def test_a_tuple_of_one_keeps_its_comma_and_calls_lose_their_last() -> None:
    code = "def pick(\n    of: tuple[str, ...] = (\n        'href',\n    ),\n    at: int = len('x',),\n) -> int: ...\n"

    signature = symbols(read("python", code))["pick"].signature

    assert signature == "def pick(of: tuple[str, ...] = ('href',), at: int = len('x')) -> int"
