"""What answers a route: the function or the method of the snapshot that its handler names. Pure."""

from __future__ import annotations

from typing import Final

from agents.codebase.structure.innermost import innermost
from agents.roles.editor.fact_pages.rows import PlacedFact, code, summary
from agents.roles.editor.page_builder import PageBuilder

#: Languages in which a name alone may be a method of the class around it; elsewhere it never is one.
_IMPLICIT: Final = frozenset({"java", "kotlin", "csharp", "scala", "swift", "ruby", "dart"})


def handler_of(builder: PageBuilder, placed: PlacedFact) -> tuple[str, str]:
    """The code that answers a route, linked where it is certain, and what its author says of it."""
    target = placed.fact.target
    definition = _definition(builder, placed) if target else None
    if definition is None:
        return code(target), ""
    path, name = definition
    symbols = builder.material.analyses[path].structure.symbols
    words = next((summary(builder.material, path, item) for item in symbols if item.name == name), "")
    return builder.symbol(path, name, label=target), words


def _definition(builder: PageBuilder, placed: PlacedFact) -> tuple[str, str] | None:
    """The file and the name of a handler: a name alone is looked for where its code sees it, and as no method."""
    target, links = placed.fact.target, builder.material.symbols
    structure = builder.material.analyses[placed.path].structure
    around = innermost(structure.symbols, placed.fact.lines.start)
    owner = around.name if around is not None else ""
    called = links.called(target, placed.path, owner)
    if called is not None:
        return called
    if "." in target:
        return links.mentioned(target, placed.path)
    outer = owner.rpartition(".")[0] or owner
    return links.called(f"{outer}.{target}", placed.path) if outer and structure.language in _IMPLICIT else None
