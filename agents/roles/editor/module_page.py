"""A module's page: what it holds, its files, its neighbours and the symbols worth knowing. Pure."""

from __future__ import annotations

from agents.contracts.draft import Page, PageKind
from agents.contracts.structure import Symbol, SymbolKind
from agents.contracts.synthesis import Module
from agents.roles.editor import markdown
from agents.roles.editor.material import Material
from agents.roles.editor.mermaid import flowchart
from agents.roles.editor.page_builder import PageBuilder
from agents.roles.editor.page_prose import PageProse
from agents.text.sentences import first_sentence

_FILES = 400
_NEIGHBOURS = 8
_NOTABLE = 15
_NOTED_KINDS = (SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.STRUCT, SymbolKind.TRAIT, SymbolKind.ENUM,
                SymbolKind.FUNCTION, SymbolKind.TYPE)  # fmt: skip


def module_page(material: Material, module: Module, prose: PageProse) -> Page:
    """The page of one module."""
    builder = PageBuilder(
        material, material.module_pages[module.name], PageKind.MODULE, module.name, subject=module.name
    )
    languages = ", ".join(markdown.escape(language) for language in list(module.languages)[:4])
    count = builder.words.counted
    symbols = [count(module.symbols, "symbol")] if module.symbols else []
    builder.add(" · ".join([count(len(module.files), "file"), *symbols, languages]))
    builder.paragraphs(prose.paragraphs)
    builder.diagram(prose.diagram)
    _neighbours(builder, module)
    _files(builder, module)
    _notable(builder, module)
    return builder.page()


def _files(builder: PageBuilder, module: Module) -> None:
    material = builder.material
    prefix = f"{module.name}/"
    rows = [
        (
            builder.file(path, path.removeprefix(prefix))
            + (f" ({builder.words('entry point')})" if path in module.entry_points else ""),
            builder.words.number(material.analyses[path].structure.line_count),
            builder.words.number(len(material.analyses[path].structure.definitions)),
            builder.summary(path),
        )
        for path in module.files[:_FILES]
        if path in material.analyses
    ]
    builder.heading("Files")
    builder.table(("File", "Lines", "Symbols", "What it holds"), rows, numbers=(1, 2))
    if len(module.files) > _FILES:
        rest = module.files[_FILES:]
        builder.heading("More files", 3)
        builder.add(", ".join(builder.file(path, path.removeprefix(prefix)) for path in rest))


def _neighbours(builder: PageBuilder, module: Module) -> None:
    material = builder.material
    imports = list(module.depends_on)
    users = material.used_by.get(module.name, [])
    if not imports and not users and not module.external:
        return
    builder.heading("Neighbours")
    if imports or users:
        nearest = sorted(users, key=lambda name: (-material.arrows.get((name, module.name), 0), name))[:_NEIGHBOURS]
        near = list(dict.fromkeys([*nearest, module.name, *imports[:_NEIGHBOURS]]))
        arrows = [
            (source, target, weight)
            for (source, target), weight in sorted(material.arrows.items())
            if source in near and target in near and module.name in {source, target}
        ]
        builder.add(markdown.diagram(flowchart({name: name for name in near}, arrows, "LR")))
    rows = [
        ("Imports", builder.modules(imports)),
        ("Imported by", builder.modules(users)),
        ("From outside", ", ".join(markdown.code(package) for package in module.external)),
    ]
    builder.facts(rows)


def _notable(builder: PageBuilder, module: Module) -> None:
    material = builder.material
    ranked: list[tuple[int, str, Symbol]] = []
    for path in module.files:
        if path not in material.analyses:
            continue
        users = len(material.importers.get(path, ()))
        ranked += [
            (users, path, symbol)
            for symbol in material.analyses[path].structure.symbols
            if symbol.public and symbol.opening and symbol.kind in _NOTED_KINDS and "." not in symbol.name
        ]
    ranked.sort(key=lambda item: (-item[0], _NOTED_KINDS.index(item[2].kind), item[1], item[2].lines.start))
    # Overloads have one place on their file's page.
    first: dict[tuple[str, str], Symbol] = {}
    for _, path, symbol in ranked:
        first.setdefault((path, symbol.name), symbol)
    rows = [
        (
            builder.symbol(path, symbol.name),
            symbol.kind.value,
            f"{markdown.prose(first_sentence(symbol.opening))} {builder.cite(path, symbol.lines)}",
        )
        for (path, _), symbol in list(first.items())[:_NOTABLE]
    ]
    if rows:
        builder.heading("Notable symbols")
        builder.table(("Symbol", "Kind", "What it is for"), rows)
