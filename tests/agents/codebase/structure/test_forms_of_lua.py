# ruff: noqa: E501 (a case is a source text on one line)
"""Lua as LDoc reads it: what comments alone declare, and comments over a blank line."""

from __future__ import annotations

import pytest

from agents.codebase.structure.reader import TreeSitterReader
from agents.contracts.structure import Symbol, SymbolKind


def _symbols(text: str) -> dict[str, Symbol]:
    return {symbol.name: symbol for symbol in TreeSitterReader().read("a.lua", "lua", text).symbols}


@pytest.mark.parametrize(
    "text",
    [
        "--- Sets the year.\n-- @int y four digits\n-- @class function\n-- @name Date.year\n\n--- Of others.\nfor _ in x do end\n",
        "--- Sets the year.\n-- @int y four digits\n-- @function Date:year\n\n--- Next.\n-- @function Date:day\n",
        "--- Sets the year.\n-- @int y four digits\n-- @function Date.year\nif not Date.year then\n  x = 1\nend\n",
        "local Date = {}\n--- Sets the year.\n-- @int y four digits\n-- @function Date.year\n\nDate.year = setter\n",
    ],
    ids=["LuaDoc's tags", "several", "over a condition", "over a blank line"],
)
def test_a_function_that_a_comment_names_has_that_documentation(text: str) -> None:
    symbol = _symbols(text)["Date.year"]
    assert symbol.doc == "Sets the year.\n\n`y` (int): four digits"


def test_a_field_that_a_comment_names_is_a_variable_and_no_class() -> None:
    symbols = _symbols(
        "--- The separator.\n-- @class field\n-- @name path.sep\n\n--- A flag.\n-- @field jit\nif x then end\n"
    )
    assert {name: symbol.kind for name, symbol in symbols.items()} == {
        "path.sep": SymbolKind.VARIABLE,
        "jit": SymbolKind.VARIABLE,
    }


def test_what_the_code_below_declares_is_declared_once() -> None:
    structure = TreeSitterReader().read("a.lua", "lua", "--- Makes one.\n-- @function new\nlocal function new(a) end\n")
    assert [(symbol.name, symbol.doc) for symbol in structure.symbols] == [("new", "Makes one.")]


def test_a_field_of_a_class_stays_one() -> None:
    symbols = _symbols("---@class Bar\n---@field a string The a\nlocal Bar = {}\n")
    assert symbols["Bar"].kind is SymbolKind.CLASS
    assert symbols["Bar.a"].doc == "The a"
