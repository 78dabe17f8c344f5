"""The glossary: what this code calls things, each term with the lines that define it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.contracts.draft import Page, PageKind
from agents.contracts.structure import Symbol, SymbolKind
from agents.contracts.synthesis import CitedStatement
from agents.questions.limits import MOST_TERMS
from agents.roles.editor import markdown
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder, Paragraphs, sentence
from agents.text.cleaning import spoken_text, unmarked
from agents.text.sentences import first_sentence

GLOSSARY = "glossary.md"
#: With fewer types than this, functions are terms as well.
_FEW = 10
_TYPES = (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT, SymbolKind.ENUM, SymbolKind.TYPE)
#: A note about work on the code defines nothing.
_REMARK = re.compile(
    r"\b(?:TODO|FIXME|XXX|HACK)\b|\?$|(?i:^(?:must|should|time to|remember to)\b|\b(?:fix (?:this|me)|some ?day)\b)"
)
_TERM = re.compile(r"^`([^`]{1,120})`: \S")


def term_of(statement: CitedStatement) -> str:
    """The term that a sentence of the glossary defines; empty when it is no such sentence."""
    match = _TERM.match(statement.text)
    return match[1] if match else ""


def terms(material: Material) -> tuple[CitedStatement, ...]:
    """The code's documented types, and functions where there are few types, in their authors' words."""
    definitions = list(_defined(material, _TYPES))
    if len(definitions) < _FEW:
        definitions += _defined(material, (SymbolKind.FUNCTION,))
    first: dict[str, tuple[int, CitedStatement]] = {}
    for users, statement in sorted(definitions, key=lambda item: (-item[0], item[1].path)):
        first.setdefault(term_of(statement), (users, statement))
    statements = [statement for _, statement in list(first.values())[:MOST_TERMS]]
    return tuple(sorted(statements, key=lambda statement: term_of(statement).casefold()))


def glossary_page(material: Material, telling: Paragraphs) -> Page:
    """The page of terms."""
    builder = PageBuilder(material, GLOSSARY, PageKind.GLOSSARY, "Glossary")
    statements = sorted(
        (statement for paragraph in telling for statement in paragraph),
        key=lambda statement: term_of(statement).casefold(),
    )
    if not statements:
        builder.add(
            builder.words(
                "No type or function of this repository is documented by its authors, so there is no term to list."
            )
        )
        return builder.page()
    builder.add(builder.words("What this code calls things, each with the lines that define it."))
    builder.add("\n".join(f"- {_entry(builder, statement)}" for statement in statements))
    return builder.page()


def _entry(builder: PageBuilder, statement: CitedStatement) -> str:
    term = term_of(statement)
    if not term:
        return builder.statement(statement)
    meaning = markdown.prose(sentence(statement.text[len(term) + 3 :]))
    return f"{builder.symbol(statement.path, term)}: {meaning} {builder.cite(statement.path, statement.lines)}"


def _defined(material: Material, kinds: tuple[SymbolKind, ...]) -> Iterator[tuple[int, CitedStatement]]:
    for path, analysis in material.analyses.items():
        users = len(material.importers.get(path, ()))
        for symbol in analysis.structure.symbols:
            if symbol.kind in kinds and symbol.public and "." not in symbol.name and (text := _definition(symbol)):
                yield users, CitedStatement(text=text, path=path, lines=symbol.lines)


def _definition(symbol: Symbol) -> str:
    """The term and its author's first sentence; empty where that says nothing."""
    text = unmarked(spoken_text(first_sentence(symbol.opening))) if symbol.opening else ""
    name = symbol.name.strip()
    if _REMARK.search(text):
        return ""
    return f"`{name}`: {text}" if len(text.split()) > 1 and "`" not in name and name else ""
