"""Grammars, loaded on a language's first use and cached until the process ends."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache

import tree_sitter

from agents.codebase.structure.language import LanguageTable

#: Language name -> module in agents/codebase/structure/languages that holds its TABLE.
LANGUAGES = {
    "python": "python",
    "javascript": "javascript",
    "typescript": "typescript",
    "tsx": "tsx",
    "go": "go",
    "java": "java",
    "kotlin": "kotlin",
    "scala": "scala",
    "c": "c",
    "cpp": "cpp",
    "csharp": "csharp",
    "rust": "rust",
    "ruby": "ruby",
    "php": "php",
    "swift": "swift",
    "lua": "lua",
    "bash": "bash",
}


@dataclass(frozen=True)
class Grammar:
    """A language's table with its parser and its compiled queries."""

    table: LanguageTable
    loaded: tree_sitter.Language
    parser: tree_sitter.Parser
    query: tree_sitter.Query
    errors: tree_sitter.Query


@cache
def query(language: str, text: str) -> tree_sitter.Query:
    """A query of a language's grammar, compiled once per process."""
    return tree_sitter.Query(grammar(language).loaded, text)


@cache
def grammar(language: str) -> Grammar:
    """The grammar of one of LANGUAGES."""
    table: LanguageTable = importlib.import_module(f"agents.codebase.structure.languages.{LANGUAGES[language]}").TABLE
    module = importlib.import_module(f"tree_sitter_{table.grammar}")
    loaded = tree_sitter.Language(getattr(module, table.entry)())
    return Grammar(
        table,
        loaded,
        tree_sitter.Parser(loaded),
        tree_sitter.Query(loaded, table.query()),
        tree_sitter.Query(loaded, "(ERROR) @error (MISSING) @error"),
    )
