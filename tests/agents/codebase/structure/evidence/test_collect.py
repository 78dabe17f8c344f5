"""What holds for all evidence: its place, its symbol, its limits, its speed."""

from __future__ import annotations

import time

import tree_sitter
import tree_sitter_python

from agents.codebase.structure.evidence import EXCERPT_LIMIT, RULE_LIMIT, collect
from agents.contracts.base import Lines
from agents.contracts.structure import Symbol, SymbolKind
from tests.agents.codebase.structure.evidence.reading import evidence, rules


def test_should_name_the_innermost_symbol_around_the_place() -> None:
    source = b"class A:\n    def f(self):\n        return eval(x)\n"
    root = tree_sitter.Parser(tree_sitter.Language(tree_sitter_python.language())).parse(source).root_node
    symbols = [
        Symbol(name="A", kind=SymbolKind.CLASS, signature="class A", lines=Lines(start=1, end=3)),
        Symbol(name="A.f", kind=SymbolKind.METHOD, signature="def f(self)", lines=Lines(start=2, end=3)),
    ]

    (found,) = collect("python", root, source, symbols)

    assert (found.symbol, found.lines.start, found.excerpt) == ("A.f", 3, "return eval(x)")


def test_should_say_how_many_more_there_are_when_a_rule_reaches_its_limit() -> None:
    found = evidence("python", "eval(x)\n" * (RULE_LIMIT + 7))

    assert len(found) == RULE_LIMIT
    assert found[-1].excerpt.endswith("(and 7 more in this file)")
    assert "more in this file" not in found[-2].excerpt


def test_should_count_lines_as_the_file_does_whatever_else_a_line_holds() -> None:
    found = evidence("python", "a = '\u2028\x0c'\r\nb = 'äöü'\r\neval(x)\r\n")

    assert [(one.lines.start, one.excerpt) for one in found] == [(3, "eval(x)")]


def test_should_give_nothing_for_nothing() -> None:
    assert evidence("python", "") == ()
    assert evidence("text", "") == ()
    assert collect("python", None, b"\xff\xfe\x00", ()) == ()


def test_should_survive_broken_source() -> None:
    assert rules("python", "def f(:\n    eval(x)\n  )))") <= {"code-execution"}
    assert rules("javascript", "function ( { ] eval(x) ;;; `${") <= {"code-execution"}


def test_should_read_lines_of_100_000_characters_quickly() -> None:
    lines = [
        "password" * 12_500,
        "token='" + "a1" * 50_000,
        "://a:" * 20_000,
        "curl " * 20_000,
        "- uses: a/" + "b" * 100_000,
        "sk-" * 33_000,
        "select " * 14_000,
        "eyJ" * 33_000,
    ]
    started = time.process_time()

    for line in lines:
        for language in ("text", "dockerfile", "github-actions", "yaml"):
            evidence(language, line)
        assert all(len(one.excerpt) <= EXCERPT_LIMIT for one in evidence("python", f"x = '{line}'\neval(y)\n"))

    assert time.process_time() - started < 10


def test_should_read_deep_nesting_without_recursion() -> None:
    assert rules("python", "x = " + "(" * 3000 + "eval(y)" + ")" * 3000) <= {"code-execution"}
