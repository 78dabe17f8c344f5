"""The page of commands: what a package installs, what code declares, scripts and documented targets. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from agents.codebase.package_facts import packages
from agents.codebase.paths import is_product
from agents.contracts.draft import Page, PageKind
from agents.contracts.facts import FactKind
from agents.contracts.structure import SymbolKind
from agents.roles.editor import markdown
from agents.roles.editor.fact_pages.command_names import CommandNames
from agents.roles.editor.fact_pages.offered_commands import scripts_of
from agents.roles.editor.fact_pages.rows import (
    PlacedFact,
    bounded,
    code,
    facts_of,
    place,
    section,
    start,
    whole_words,
    words,
)
from agents.roles.editor.front_page import started, started_file
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

COMMANDS = "commands.md"
_OPENING = "The commands that packages of this repository install, its code declares, and its build files offer."
#: Commands with a table of their options, and folders whose manifests are read.
_DETAILED, _FOLDERS = 60, 60
_MANIFESTS = ("pyproject.toml", "setup.cfg", "setup.py", "package.json", "composer.json", "Cargo.toml", ".gemspec")


def commands(material: Material) -> Page | None:
    """The page; None where nothing can be run by a name."""
    builder = start(material, COMMANDS, PageKind.COMMANDS, "Commands", _OPENING)
    declared = list(facts_of(material, FactKind.COMMAND))
    options = list(facts_of(material, FactKind.OPTION))
    installed = list(_installed(builder))
    program = _program(material)
    names = CommandNames(material, declared, list(facts_of(material, FactKind.MOUNT)), program)
    parts = [
        section(builder, "Installed by the package", ("Command", "Starts", "Declared in"), installed, "command"),
        _declared(builder, declared, options, names),
        section(builder, "Scripts of package.json", ("Script", "Runs", "Declared in"), _scripts(builder), "command"),
        section(
            builder,
            "Targets of the Makefile",
            ("Target", "What it does", "Declared in"),
            _targets(builder),
            "command",
        ),
    ]
    return builder.page() if any(parts) else None


def _folders(material: Material) -> list[str]:
    folders = {posixpath.dirname(path) for path in material.line_counts if path.endswith(_MANIFESTS)}
    return sorted(folder for folder in folders if is_product(f"{folder}/x"))[:_FOLDERS]


def _installed(builder: PageBuilder) -> Iterator[tuple[str, ...]]:
    material = builder.material
    if material.texts is None:
        return
    for folder in _folders(material):
        for package in packages(material.line_counts, material.texts.text, folder):
            for name, target in package.commands:
                yield code(name), started(builder, target, folder), builder.cite(package.file)


def _program(material: Material) -> str:
    """What the repository's one command is called; empty where packages install none or several."""
    if material.texts is None:
        return ""
    names = {
        name
        for folder in _folders(material)
        for package in packages(material.line_counts, material.texts.text, folder)
        for name, _ in package.commands
    }
    return names.pop() if len(names) == 1 else ""


def installed_files(material: Material) -> list[str]:
    """The files that the commands of the repository's own packages start: entry points like a `main` in the code."""
    if material.texts is None:
        return []
    started_files = [
        started_file(material, target, folder)
        for folder in _folders(material)
        for package in packages(material.line_counts, material.texts.text, folder)
        for _, target in package.commands
    ]
    return [path for path in dict.fromkeys(started_files) if path]


def _scripts(builder: PageBuilder) -> Iterator[tuple[str, ...]]:
    for folder in _folders(builder.material):
        path = posixpath.join(folder, "package.json")
        for name, run in scripts_of(builder.material, path).items():
            yield code(f"npm run {name}"), code(run), builder.cite(path)


def _targets(builder: PageBuilder) -> Iterator[tuple[str, ...]]:
    for path, analysis in sorted(builder.material.analyses.items()):
        if analysis.structure.language == "makefile" and is_product(path):
            for symbol in analysis.structure.symbols:
                if symbol.kind is SymbolKind.TARGET and symbol.doc:
                    yield code(f"make {symbol.name}"), words(symbol.doc), builder.cite(path, symbol.lines)


def _declared(
    builder: PageBuilder, declared: Sequence[PlacedFact], options: Sequence[PlacedFact], whole: CommandNames
) -> bool:
    if not declared and not options:
        return False
    names = {id(placed.fact): whole.whole(placed) for placed in declared}
    listed = [placed for placed in declared if id(placed.fact) not in whole.arguments]
    ordered = sorted(listed, key=lambda placed: (placed.path, names[id(placed.fact)]))
    builder.heading("Declared in the code")
    rows = [
        (
            code(names[id(fact)]),
            words(whole.text(PlacedFact(path, fact))),
            markdown.escape(fact.source),
            f"{place(builder, path, fact.symbol)} {builder.cite(path, fact.lines)}".strip(),
        )
        for path, fact in ordered
    ]
    bounded(builder, ("Command", "What it does", "By", "Declared in"), rows, "command")
    left = list(options)
    for placed in ordered[:_DETAILED]:
        own = [item for item in left if _is_of(item, placed)]
        if own:
            left = [item for item in left if item not in own]
            builder.heading(builder.words("Options of {command}", command=code(names[id(placed.fact)])), 3)
            _options(builder, own)
    by_file: dict[str, list[PlacedFact]] = {}
    for placed in left:
        by_file.setdefault(placed.path, []).append(placed)
    for path, own in list(by_file.items())[:_DETAILED]:
        builder.heading(builder.words("Options in {file}", file=code(path)), 3)
        _options(builder, own)
    beyond = [placed for own in list(by_file.values())[_DETAILED:] for placed in own]
    if beyond:
        builder.heading("Other options", 3)
        _options(builder, beyond)
    if len(ordered) > _DETAILED:
        count = builder.words.counted(len(ordered) - _DETAILED, "command")
        builder.add(builder.words("The options of the other {count} stand together.", count=count))
    return True


def _is_of(placed: PlacedFact, above: PlacedFact) -> bool:
    option, command = placed.fact, above.fact
    if option.source != command.source or not option.owner:
        return False
    if option.source == "clap" and command.symbol.rpartition(".")[0] == command.owner:
        return option.owner in {command.target, command.symbol}  # a variant, and the struct of its arguments
    by_symbol = option.source in {"click", "typer"}
    return placed.path == above.path and option.owner == (command.symbol if by_symbol else command.owner)


def _options(builder: PageBuilder, options: Sequence[PlacedFact]) -> None:
    rows = [
        (
            code(fact.name),
            code(fact.type) or ", ".join(fact.marks),
            code(fact.default),
            whole_words(fact.text),
            builder.cite(path, fact.lines),
        )
        for path, fact in options
    ]
    bounded(builder, ("Option", "Type", "Default", "What it does", "Declared in"), rows, "option")
