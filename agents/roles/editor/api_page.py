"""An API page: one file, its symbols with signature, doc, lines, calls and errors. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from agents.contracts.analysis import Analysis
from agents.contracts.draft import Page, PageKind
from agents.contracts.structure import Symbol, SymbolKind
from agents.roles.editor import markdown
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder, first_sentence, sentence
from agents.text.wording import counted

#: PageProse one by one up to here; a table takes the rest.
_TOLD = 150
_LISTED = 600
_CALLS = 8
_LINKS = 15
#: Languages whose name for a code block is another one.
_FENCE = {"cpp": "cpp", "tsx": "tsx", "github-actions": "yaml", "gitlab-ci": "yaml", "restructuredtext": "rst"}
#: What a table tells better than a section each.
_SMALL = {
    SymbolKind.CONSTANT: "Constants",
    SymbolKind.KEY: "Keys",
    SymbolKind.SECTION: "Sections",
    SymbolKind.STAGE: "Stages",
    SymbolKind.JOB: "Jobs",
    SymbolKind.TARGET: "Targets",
    SymbolKind.MACRO: "Macros",
}


def api_page(material: Material, path: str) -> Page:
    """The page of one file."""
    analysis = material.analyses[path]
    structure = analysis.structure
    builder = PageBuilder(material, material.api[path], PageKind.API, path, subject=path)
    facts = [
        markdown.escape(structure.language),
        counted(structure.line_count, "line"),
        counted(len(structure.symbols), "symbol"),
        f"module {builder.module(material.home[path])}" if path in material.home else "",
        f"source {builder.cite(path)}",
    ]
    builder.add(" · ".join(fact for fact in facts if fact))
    _told(builder, path, analysis)
    _links(builder, path)
    told, tabled, inner = _split(structure.symbols)
    notes = {note.symbol: note.text for note in analysis.notes}
    for symbol in told:
        _section(builder, path, symbol, notes.get(symbol.name, ""), structure.language)
    for kind, title in _SMALL.items():
        _table(builder, path, title, [symbol for symbol in tabled if symbol.kind is kind])
    _table(builder, path, "Internal", inner)
    if structure.parse_errors:
        builder.add(f"The grammar could not read {counted(structure.parse_errors, 'place')} of this file.")
    return builder.page()


def _told(builder: PageBuilder, path: str, analysis: Analysis) -> None:
    doc = analysis.structure.doc
    if doc and analysis.structure.language not in {"markdown", "restructuredtext"}:
        builder.add(f"{markdown.paragraphs(doc)}\n\n{builder.cite(path, analysis.structure.doc_lines)}")
    opening = first_sentence(doc, 10_000).rstrip(".")
    rest = [one for one in analysis.summary if not opening or not one.text.rstrip(".").startswith(opening[:60])]
    builder.add("\n".join(f"- {markdown.prose(sentence(one.text))} {builder.cite(path, one.lines)}" for one in rest))


def _links(builder: PageBuilder, path: str) -> None:
    material = builder.material
    rows = []
    for title, paths in (
        ("Imports", [dependency.target for dependency in material.imports.get(path, ())]),
        ("Imported by", [dependency.source for dependency in material.importers.get(path, ())]),
    ):
        more = f" and {len(paths) - _LINKS} more" if len(paths) > _LINKS else ""
        if paths:
            rows.append((f"**{title}**", ", ".join(builder.file(other) for other in paths[:_LINKS]) + more))
    builder.add(markdown.table(("", ""), rows))


def _split(symbols: Sequence[Symbol]) -> tuple[list[Symbol], list[Symbol], list[Symbol]]:
    """PageProse in a section each; told in a table by kind; private ones without a doc, in one table."""
    told: list[Symbol] = []
    tabled: list[Symbol] = []
    inner: list[Symbol] = []
    for symbol in symbols:
        if symbol.kind in _SMALL:
            tabled.append(symbol)
        elif (symbol.public or symbol.doc) and len(told) < _TOLD:
            told.append(symbol)
        else:
            inner.append(symbol)
    return _members_after_owners(told), tabled, inner


def _members_after_owners(symbols: Sequence[Symbol]) -> list[Symbol]:
    """In the order of the file, but a type's members right after it, wherever they stand."""
    first: dict[str, int] = {}
    for number, symbol in enumerate(symbols):
        first.setdefault(symbol.name.split(".")[0], number)
    order = sorted(enumerate(symbols), key=lambda item: (first[item[1].name.split(".")[0]], item[0]))
    return [symbol for _, symbol in order]


def _section(builder: PageBuilder, path: str, symbol: Symbol, note: str, language: str) -> None:
    builder.heading(f"{markdown.code(symbol.name)}", 3 if "." in symbol.name else 2)
    builder.add(markdown.fence(symbol.signature, _FENCE.get(language, language)))
    body = markdown.paragraphs(symbol.doc) if symbol.doc else markdown.prose(sentence(note)) if note else ""
    tail = [f"{symbol.kind.value} {builder.cite(path, symbol.lines)}"]
    if symbol.raises:
        tail.append("raises " + ", ".join(markdown.code(name) for name in symbol.raises))
    if symbol.calls:
        more = f" and {len(symbol.calls) - _CALLS} more" if len(symbol.calls) > _CALLS else ""
        tail.append("calls " + ", ".join(markdown.code(name) for name in symbol.calls[:_CALLS]) + more)
    builder.add(body, " · ".join(tail))


def _table(builder: PageBuilder, path: str, title: str, symbols: Sequence[Symbol]) -> None:
    if not symbols:
        return
    builder.heading(title)
    rows = [
        (
            markdown.code(symbol.name),
            markdown.prose(first_sentence(symbol.doc)) or markdown.code(symbol.signature[:120]),
            builder.cite(path, symbol.lines),
        )
        for symbol in symbols[:_LISTED]
    ]
    builder.add(markdown.table(("Name", "", "Lines"), rows))
    if len(symbols) > _LISTED:
        builder.add(f"And {counted(len(symbols) - _LISTED, 'more')[:-1]}; the source has them all.")
