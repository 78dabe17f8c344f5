"""Members on an API page: under their owner, in a table when short and in a section each when documented at length.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from agents.contracts.structure import MEMBER_KINDS, Symbol, SymbolKind
from agents.roles.editor import markdown
from agents.roles.editor.page_builder import PageBuilder
from agents.roles.editor.signatures import grouped, linked_types, shortened
from agents.text.sentences import first_sentence

#: A member whose doc is longer, or has paragraphs, has a section of its own.
_SHORT_DOC = 160
_MOST_ROWS = 600
_MOST_PRIVATE = 60
#: Members of the file itself, by the title of their table.
OF_THE_FILE = {
    SymbolKind.VARIABLE: "Variables",
    SymbolKind.ALIAS: "Aliases",
    SymbolKind.RE_EXPORT: "Re-exports",
}


def by_owner(symbols: Iterable[Symbol], owners: Mapping[str, object]) -> dict[str, list[Symbol]]:
    """Members by the name of the nearest owner that has a section; those of the file itself under ''."""
    owned: dict[str, list[Symbol]] = {}
    for symbol in symbols:
        if symbol.kind not in MEMBER_KINDS:
            continue
        owner = symbol.name.rpartition(".")[0]
        while owner and owner not in owners:
            owner = owner.rpartition(".")[0]
        owned.setdefault(owner, []).append(symbol)
    return owned


def add_members(
    builder: PageBuilder, path: str, owner: str, members: Sequence[Symbol], doc: Callable[[Symbol], str], language: str
) -> None:
    """Append an owner's members: public ones with type, default and documentation, private ones by name."""
    add_described(builder, path, [visible for visible in members if visible.public], doc, language, owner)
    private = [
        f"{builder.anchor(member)}{markdown.code(_short(member, owner))}" for member in members if not member.public
    ]
    if private:
        listed = builder.with_rest(", ".join(private[:_MOST_PRIVATE]), len(private) - _MOST_PRIVATE)
        builder.add(f"{builder.words('Private')}: {listed}")


def add_described(
    builder: PageBuilder,
    path: str,
    members: Sequence[Symbol],
    doc: Callable[[Symbol], str],
    language: str,
    owner: str = "",
) -> None:
    """Append a table of members, and a section for each that its author describes at length."""
    long = [member for member in members[:_MOST_ROWS] if _is_long(member)]
    add_table(builder, path, members, owner, long)
    for section in grouped(long):
        builder.heading(f"{builder.anchor(section.first)}{markdown.code(section.first.name)}", 4 if owner else 3)
        for signatures, words in section.parts(doc):
            builder.add(markdown.fence(signatures, language), words)


def add_table(
    builder: PageBuilder, path: str, members: Sequence[Symbol], owner: str = "", elsewhere: Sequence[Symbol] = ()
) -> None:
    """Append a table of members; a column that nothing fills is left out. `elsewhere` have a section of their own."""
    apart = {id(member) for member in elsewhere}
    rows = [
        (
            f"{_named(builder, path, member, owner, linked=id(member) in apart)}{_how(member)}",
            linked_types(builder, path, shortened(member.type, 80)),
            markdown.code(shortened(member.target or member.default, 60)),
            markdown.prose(first_sentence(member.opening)),
            builder.cite(path, member.lines),
        )
        for member in members[:_MOST_ROWS]
    ]
    titles = ("Member" if owner else "Name", "Type", "Value", "Meaning", "Lines")
    columns = [number for number in range(len(titles)) if any(row[number] for row in rows)]
    builder.table([titles[number] for number in columns], [[row[number] for number in columns] for row in rows])
    if len(members) > _MOST_ROWS:
        builder.add(
            builder.words(
                "And {count} more; the source has them all.", count=builder.words.number(len(members) - _MOST_ROWS)
            )
        )


def _named(builder: PageBuilder, path: str, member: Symbol, owner: str, *, linked: bool) -> str:
    label = _short(member, owner)
    return builder.symbol(path, member.name, label) if linked else f"{builder.anchor(member)}{markdown.code(label)}"


def _is_long(member: Symbol) -> bool:
    tags = member.documentation is not None and bool(member.documentation.facts)
    return len(member.doc) > _SHORT_DOC or "\n\n" in member.doc or tags


def _short(member: Symbol, owner: str) -> str:
    return member.name.removeprefix(f"{owner}.") if owner else member.name


def _how(member: Symbol) -> str:
    """What is special about a member: its kind where it is no field, and its accessors."""
    words = [] if member.kind in {SymbolKind.FIELD, SymbolKind.VARIANT, *OF_THE_FILE} else [member.kind.value]
    if member.accessors and member.kind is SymbolKind.PROPERTY:
        words = ["/".join(member.accessors)]
    return f" ({', '.join(words)})" if words else ""
