"""The page of extension points: what others may implement, and the groups under which plugins are found. Pure."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agents.codebase.manifest_values import ini_file, table, text_of, toml_table
from agents.codebase.paths import is_product
from agents.contracts.draft import Page, PageKind
from agents.contracts.structure import Symbol
from agents.roles.editor.fact_pages.rows import bounded, code, start, summary
from agents.roles.editor.hierarchies import Hierarchies
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

EXTENSION_POINTS = "extension-points.md"
_OPENING = (
    "Where this code is made to be extended: abstract classes, protocols, interfaces and traits with what implements "
    "them, and groups of entry points."
)
_IMPLEMENTED = "hookimpl"
_HOOKS = ("hookspec", _IMPLEMENTED)
_IMPLEMENTERS = 8
#: Groups of programs, which the page of commands has.
_SCRIPTS = frozenset({"console_scripts", "gui_scripts"})


class _Hook(NamedTuple):
    """A function that pluggy calls, or that says what is called."""

    path: str
    symbol: Symbol
    kind: str

    @property
    def name(self) -> str:
        """What it is called without its class."""
        return self.symbol.name.rpartition(".")[2]


def extension_points(material: Material) -> Page | None:
    """The page; None where nothing is made to be extended."""
    hierarchies = Hierarchies(material)
    groups, hooks = list(_groups(material)), list(_hooks(material))
    if not hierarchies.extensible and not groups and not hooks:
        return None
    builder = start(material, EXTENSION_POINTS, PageKind.EXTENSION_POINTS, "Extension points", _OPENING)
    rows = []
    for path, name in hierarchies.extensible:
        symbol = hierarchies.types[path, name]
        children = hierarchies.below.get((path, name), [])
        listed = ", ".join(builder.symbol(*child) for child in children[:_IMPLEMENTERS])
        rows.append(
            (
                builder.symbol(path, name),
                builder.words.singular(symbol.kind.value),
                summary(material, path, symbol),
                builder.with_rest(listed, len(children) - _IMPLEMENTERS),
                builder.cite(path, symbol.lines),
            )
        )
    if rows:
        builder.heading("Types to implement")
        bounded(builder, ("Name", "Kind", "What it is for", "Implemented by", "Declared in"), rows, "type")
    if hooks:
        builder.heading("Hooks")
        headers = ("Hook", "Kind", "What it is for", "Implemented by", "Declared in")
        bounded(builder, headers, _hook_rows(builder, hooks), "hook")
    if groups:
        builder.heading("Groups of entry points")
        bounded(
            builder,
            ("Group", "Entry", "Starts", "Declared in"),
            [(code(group), code(name), code(target), builder.cite(path)) for path, group, name, target in groups],
            "entry",
        )
    return builder.page()


def _groups(material: Material) -> Iterator[tuple[str, str, str, str]]:
    for path in sorted(material.line_counts):
        name = posixpath.basename(path)
        if name not in {"pyproject.toml", "setup.cfg"} or not is_product(path) or material.texts is None:
            continue
        if name == "setup.cfg":
            yield from ((path, *row) for row in _setup_cfg(material.texts.text(path)))
            continue
        try:
            data = toml_table(material.texts.text(path))
        except ValueError:
            continue
        poetry = table(table(data.get("tool")).get("poetry")).get("plugins")
        for group, entries in {**table(table(data.get("project")).get("entry-points")), **table(poetry)}.items():
            yield from ((path, group, name, text_of(target)) for name, target in table(entries).items())


def _setup_cfg(text: str) -> Iterator[tuple[str, str, str]]:
    try:
        data = ini_file(text)
    except ValueError:
        return
    for group, entries in data.items("options.entry_points") if data.has_section("options.entry_points") else ():
        for name, sign, target in (line.partition("=") for line in entries.split("\n")):
            if sign and group not in _SCRIPTS:
                yield group, name.strip(), target.strip()


def _hooks(material: Material) -> Iterator[_Hook]:
    for path, analysis in sorted(material.analyses.items()):
        if is_product(path):
            for symbol in analysis.structure.symbols:
                kind = next((kind for kind in _HOOKS if any(kind in text for text in symbol.decorators)), "")
                if kind:
                    yield _Hook(path, symbol, kind)


def _hook_rows(builder: PageBuilder, hooks: Sequence[_Hook]) -> Iterator[tuple[str, ...]]:
    """What can be implemented with what implements it, then implementations of what another package specifies."""
    by_name: dict[str, list[_Hook]] = defaultdict(list)
    for hook in hooks:
        if hook.kind == _IMPLEMENTED:
            by_name[hook.name].append(hook)
    specified = [hook for hook in hooks if hook.kind != _IMPLEMENTED]
    names = {hook.name for hook in specified}
    for hook in (*specified, *(hook for hook in hooks if hook.kind == _IMPLEMENTED and hook.name not in names)):
        own = by_name[hook.name] if hook.name in names else []
        listed = ", ".join(builder.symbol(item.path, item.symbol.name) for item in own[:_IMPLEMENTERS])
        yield (
            builder.symbol(hook.path, hook.symbol.name),
            hook.kind,
            summary(builder.material, hook.path, hook.symbol),
            builder.with_rest(listed, len(own) - _IMPLEMENTERS),
            builder.cite(hook.path, hook.symbol.lines),
        )
