"""Answers the synthesizer by choosing sentences that are already there."""

from __future__ import annotations

import posixpath
from collections import Counter

from agents.codebase.code_languages import code_first
from agents.codebase.guides.paths import dialect
from agents.codebase.paths import is_apart, speaks_for_folder
from agents.contracts.synthesis import (
    CitedStatement,
    Module,
    ModuleBrief,
    ModuleSummary,
    SynthesizerBrief,
    SynthesizerReply,
)

#: What a module's page tells; a list shows the first.
_SENTENCES = 6
#: Words below which a statement is a heading, such as "Quickstart."
_WORDS = 4


def respond(brief: SynthesizerBrief) -> SynthesizerReply:
    """The README's words, a counted sentence about the parts, and each module's first statements."""
    return SynthesizerReply(
        overview=(*brief.readme, *_parts(brief)),
        modules=tuple(
            ModuleSummary(module=brief_of_module.module.name, statements=_chosen(brief_of_module))
            for brief_of_module in brief.modules
        ),
    )


def _parts(brief: SynthesizerBrief) -> tuple[CitedStatement, ...]:
    modules = [brief_of_module.module for brief_of_module in brief.modules if brief_of_module.module.files]
    if not modules:
        return ()
    languages: Counter[str] = Counter()
    for module in modules:
        languages.update(module.languages)
    files = sum(languages.values())
    main = ", ".join(code_first(language for language, _ in languages.most_common())[:3])
    product = [module for module in modules if not is_apart(module.files)] or modules
    largest = max(product, key=lambda module: (module.symbols, len(module.files)))
    counted = f"It holds {_count(files, 'documented file')} in {_count(len(modules), 'module')}, mostly {main}"
    most = f"; the one with most symbols is {largest.name}" if largest.symbols else ""
    return (CitedStatement(text=f"{counted}{most}.", path=_first_file(largest)), *_most_used(modules))


def _most_used(modules: list[Module]) -> tuple[CitedStatement, ...]:
    used = Counter(target for module in modules if not is_apart(module.files) for target in module.depends_on)
    if not used:
        return ()
    name, count = max(used.items(), key=lambda item: (item[1], item[0]))
    target = next((module for module in modules if module.name == name), None)
    if target is None or count < 2:
        return ()
    return (CitedStatement(text=f"{_count(count, 'other module')} import {name}.", path=_first_file(target)),)


def _first_file(module: Module) -> str:
    """The file that a reader opens first: one that speaks for its folder, else one of the module's main kind."""
    endings = Counter(posixpath.splitext(path)[1] for path in module.files)
    return min(
        module.files,
        key=lambda path: (
            posixpath.basename(path).startswith("."),
            not speaks_for_folder(path),
            -endings[posixpath.splitext(path)[1]],
        ),
    )


def _chosen(brief: ModuleBrief) -> tuple[CitedStatement, ...]:
    """One statement of each file, the first that tells something: a document's own words may be its heading alone."""
    by_file: dict[str, list[CitedStatement]] = {}
    for statement in brief.statements:
        by_file.setdefault(statement.path, []).append(statement)
    first_statements = [next(filter(_tells, statements), statements[0]) for statements in by_file.values()]
    once = {statement.text: statement for statement in reversed(first_statements)}
    distinct = [statement for statement in first_statements if once[statement.text] is statement]
    return tuple(sorted(distinct, key=lambda statement: not _tells(statement))[:_SENTENCES])


def _tells(statement: CitedStatement) -> bool:
    words = len(statement.text.split())
    # A document's few words are its heading; a docstring's are what its author says.
    return words >= _WORDS or (words > 1 and not dialect(statement.path))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
