"""Where Python code reads the settings of Django."""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter

from agents.codebase.facts.file import ParsedCode, place, place_at
from agents.codebase.facts.settings.words import DJANGO
from agents.codebase.facts.written import shown_default
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_ATTRIBUTES = "(attribute object: (identifier) attribute: (identifier)) @read"


def django_settings(file: ParsedCode) -> Iterator[Fact]:
    """`settings.NAME` and `getattr(settings, "NAME", default)` of Django, whose names are in capitals."""
    if not file.holds(b"django.conf"):
        return
    for node in in_order(query("python", _ATTRIBUTES), file.root, "read"):
        holder, name = (file.text(child) for child in node.named_children)
        if holder == "settings" and name.isupper() and not _is_given(node):
            yield _django_setting(name, "", place_at(node), file)
    for call in file.calls("getattr"):
        name = call.text(1)
        if call.value(0) == "settings" and name.isupper():
            yield _django_setting(name, shown_default(call.value(2)), place(call), file)


def _django_setting(name: str, default: str, lines: Lines, file: ParsedCode) -> Fact:
    symbol = file.symbol_at(lines.start)
    return Fact(kind=FactKind.SETTING, name=name, source=DJANGO, lines=lines, default=default, symbol=symbol)


def _is_given(node: tree_sitter.Node) -> bool:
    """Whether a setting is given a value there."""
    above = node.parent
    return above is not None and above.type == "assignment" and above.child_by_field_name("left") == node
