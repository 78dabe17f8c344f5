"""An API page: one file, its symbols with signature, doc, lines, calls and errors. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from agents.contracts.analysis import Analysis
from agents.contracts.draft import Page, PageKind
from agents.contracts.structure import MEMBER_KINDS, Structure, Symbol, SymbolKind
from agents.contracts.synthesis import CitedStatement
from agents.pages.addresses import OVERVIEW
from agents.roles.editor import documentation, markdown, members
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder, sentence
from agents.roles.editor.people_notes import PeopleNotes
from agents.roles.editor.relatives import Relatives
from agents.roles.editor.signatures import SymbolGroup, grouped, linked_types, shortened
from agents.text.sentences import first_sentence

#: Public symbols have a section each up to here, private ones while the page has fewer sections than this.
_PUBLIC_SECTIONS = 600
_DESCRIBED = 150
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


def api_page(
    material: Material, path: str, written: PeopleNotes | None = None, relatives: Relatives | None = None
) -> Page:
    """The page of one file."""
    analysis = material.analyses[path]
    structure = analysis.structure
    builder = PageBuilder(material, material.api[path], PageKind.API, path, subject=path)
    facts = [
        markdown.escape(structure.language),
        builder.words.counted(structure.line_count, "line"),
        builder.words.counted(len(structure.definitions), "symbol"),
        builder.words("source {place}", place=builder.cite(path)),
    ]
    _place(builder, path)
    builder.add(" · ".join(fact for fact in facts if fact))
    _summary(builder, path, analysis)
    if written is not None:
        written.add(builder, path)
    described, more, inner = _split(structure.symbols)
    notes = {note.symbol: note.text for note in analysis.notes}
    owned = members.by_owner(structure.symbols, {symbol.name: symbol for symbol in described})
    fence = _FENCE.get(structure.language, structure.language)
    for section in grouped(described):
        symbol = section.first
        _section(builder, path, section, notes.get(symbol.name, ""), structure.language)
        if written is not None:
            written.add(builder, path, symbol.name)
        own_members = owned.pop(symbol.name, [])
        members.add_members(
            builder,
            path,
            symbol.name,
            own_members,
            lambda member: _doc(builder, path, member, structure.language),
            fence,
        )
        if relatives is not None:
            relatives.add(builder, path, symbol.name)
    loose = owned.get("", [])
    for kind, title in members.OF_THE_FILE.items():
        of_kind = [symbol for symbol in loose if symbol.kind is kind and symbol.public]
        if of_kind:
            builder.heading(title)
            members.add_described(
                builder, path, of_kind, lambda member: _doc(builder, path, member, structure.language), fence
            )
    for kind, title in _SMALL.items():
        _table(builder, path, title, [symbol for symbol in more if symbol.kind is kind])
    _table(builder, path, "More", [symbol for symbol in more if symbol.kind not in _SMALL])
    _table(
        builder,
        path,
        "Members",
        [symbol for symbol in loose if symbol.public and symbol.kind not in members.OF_THE_FILE],
    )
    _table(builder, path, "Internal", [*inner, *(symbol for symbol in loose if not symbol.public)])
    if structure.parse_errors:
        count = builder.words.counted(structure.parse_errors, "place")
        builder.add(builder.words("The grammar could not read {count} of this file.", count=count))
    if written is not None:
        written.add_others(builder, path)
    _links(builder, path)
    _siblings(builder, path)
    page = builder.page()
    return page.with_changes(images=tuple(written.images[page.path])) if written is not None else page


def _summary(builder: PageBuilder, path: str, analysis: Analysis) -> None:
    doc = analysis.structure.doc
    if doc and analysis.structure.language not in {"markdown", "restructuredtext"}:
        builder.add(f"{_doc(builder, path, analysis.structure)}\n\n{builder.cite(path, analysis.structure.doc_lines)}")
    opening = first_sentence(doc, 10_000).rstrip(".")
    rest = [
        statement
        for statement in analysis.summary
        if not opening or not statement.text.rstrip(".").startswith(opening[:60])
    ]
    builder.add(
        "\n".join(
            f"- {builder.statement(CitedStatement(text=statement.text, path=path, lines=statement.lines))}"
            for statement in rest
        )
    )


def _place(builder: PageBuilder, path: str) -> None:
    """The way from the overview to this page."""
    module = builder.material.home.get(path)
    steps = [markdown.to(builder.words("Overview"), builder.path, OVERVIEW), builder.module(module) if module else ""]
    builder.add(" › ".join([*(step for step in steps if step), markdown.code(path.rpartition("/")[2])]))


def _siblings(builder: PageBuilder, path: str) -> None:
    """The files before and after this one in its module."""
    home = builder.material.neighbours.get(path)
    if home is None:
        return
    before, after = home
    ways = [
        f"← {builder.file(before, before.rpartition('/')[2])}" if before else "",
        f"{builder.file(after, after.rpartition('/')[2])} →" if after else "",
    ]
    builder.add(" · ".join(way for way in ways if way))


def _doc(builder: PageBuilder, path: str, documented: Symbol | Structure, language: str = "") -> str:
    """What its author wrote of a symbol or a file."""
    if documented.documentation is None:
        return markdown.paragraphs(documented.doc) if documented.doc else ""
    own = documented.language if isinstance(documented, Structure) else language
    parameters = documented.parameters if isinstance(documented, Symbol) else ()
    owner = documented.name if isinstance(documented, Symbol) else ""
    return documentation.rendered(
        documented.documentation,
        _FENCE.get(own, own),
        builder.resolver(path, owner),
        parameters,
        lambda type_: linked_types(builder, path, type_),
        builder.words,
    )


def _links(builder: PageBuilder, path: str) -> None:
    """What the file imports, and what imports it: below its symbols, which a reader comes for."""
    material = builder.material
    rows = []
    for title, paths in (
        ("Imports", [dependency.target for dependency in material.imports.get(path, ())]),
        ("Imported by", [dependency.source for dependency in material.importers.get(path, ())]),
    ):
        if paths:
            listed = ", ".join(builder.file(other) for other in paths[:_LINKS])
            rows.append((title, builder.with_rest(listed, len(paths) - _LINKS)))
    if rows:
        builder.heading("Neighbours")
    builder.facts(rows)


def _split(symbols: Sequence[Symbol]) -> tuple[list[Symbol], list[Symbol], list[Symbol]]:
    """With a section each, public ones first; public in tables; private in one table."""
    definitions = [symbol for symbol in symbols if symbol.kind not in MEMBER_KINDS]
    tabled = [definition for definition in definitions if definition.kind in _SMALL and definition.public]
    large = [definition for definition in definitions if definition.kind not in _SMALL]
    public = [definition for definition in large if definition.public]
    documented = [definition for definition in large if not definition.public and definition.doc][
        : max(0, _DESCRIBED - len(public))
    ]
    taken = {id(definition) for definition in (*public, *documented)}
    inner = [definition for definition in definitions if not definition.public and id(definition) not in taken]
    described = [*_members_after_owners(public[:_PUBLIC_SECTIONS]), *_members_after_owners(documented)]
    return described, [*tabled, *public[_PUBLIC_SECTIONS:]], inner


def _members_after_owners(symbols: Sequence[Symbol]) -> list[Symbol]:
    """In the order of the file, but a type's members right after it, wherever they stand."""
    first: dict[str, int] = {}
    for number, symbol in enumerate(symbols):
        first.setdefault(symbol.name.split(".")[0], number)
    order = sorted(enumerate(symbols), key=lambda item: (first[item[1].name.split(".")[0]], item[0]))
    return [symbol for _, symbol in order]


def _section(builder: PageBuilder, path: str, section: SymbolGroup, note: str, language: str) -> None:
    symbol = section.first
    builder.heading(f"{builder.anchor(symbol)}{markdown.code(symbol.name)}", 3 if "." in symbol.name else 2)
    first_doc = ""
    for signatures, doc in section.parts(lambda defined: _doc(builder, path, defined, language)):
        builder.add(markdown.fence(signatures, _FENCE.get(language, language)), doc)
        first_doc = first_doc or doc
    body = markdown.prose(sentence(builder.localised(note, path))) if note and not first_doc else ""
    places = ", ".join(builder.cite(path, defined.lines) for defined in section.symbols)
    tail = [f"{builder.words.singular(symbol.kind.value)} {places}"]
    if symbol.trait:
        tail.append(f"{builder.words('implements')} {markdown.code(symbol.trait)}")
    written = [text for defined in section.symbols for text in (defined.signature, *defined.overloads)]
    types = builder.material.symbols.types(" ".join(dict.fromkeys(written)), path)
    used = [builder.symbol(*place, label=name) for name, place in types if place != (path, symbol.name)]
    raises = list(dict.fromkeys(name for defined in section.symbols for name in defined.raises))
    calls = list(dict.fromkeys(name for defined in section.symbols for name in defined.calls))
    if used:
        tail.append(f"{builder.words('types')} " + ", ".join(used))
    if raises:
        tail.append(
            f"{builder.words('raises')} " + ", ".join(builder.called(name, path, symbol.name) for name in raises)
        )
    if calls:
        called = ", ".join(builder.called(name, path, symbol.name) for name in calls[:_CALLS])
        tail.append(f"{builder.words('calls')} {builder.with_rest(called, len(calls) - _CALLS)}")
    builder.add(body, " · ".join(tail))


def _table(builder: PageBuilder, path: str, title: str, symbols: Sequence[Symbol]) -> None:
    if not symbols:
        return
    builder.heading(title)
    rows = [
        (
            f"{builder.anchor(symbol)}{markdown.code(symbol.name)}",
            markdown.code(shortened(symbol.signature)),
            markdown.prose(first_sentence(symbol.opening)),
            builder.cite(path, symbol.lines),
        )
        for symbol in symbols[:_LISTED]
    ]
    builder.table(("Name", "Signature", "Meaning", "Lines"), rows)
    if len(symbols) > _LISTED:
        count = builder.words.number(len(symbols) - _LISTED)
        builder.add(builder.words("And {count} more; the source has them all.", count=count))
