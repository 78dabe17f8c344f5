"""Where code reads its configuration: environment variables, properties, flags, classes of settings. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.facts.calls import CodeCall
from agents.codebase.facts.file import ParsedCode, place, place_at
from agents.codebase.facts.settings.declared import annotated, flask_settings, settings_classes
from agents.codebase.facts.settings.django import django_settings
from agents.codebase.facts.settings.option_variables import option_variables
from agents.codebase.facts.settings.reading_calls import FLAG, ReadingCall, by_method, by_owner
from agents.codebase.facts.settings.text import settings_of_text
from agents.codebase.facts.settings.words import NAME, PROPERTY, VARIABLE
from agents.codebase.facts.written import literal, shown_default
from agents.codebase.structure.deadline import in_order
from agents.codebase.structure.grammars import query
from agents.contracts.facts import Fact, FactKind

#: The argument that says what a setting is for, where it may stand by its name.
_HELP = {FLAG: ("help",)}
#: A name that may stand for the text of a constant.
_CONSTANT = re.compile(r"^(?:[A-Za-z_]\w*\.)?[A-Za-z_]\w*$")

#: Reads that are no call: the place is the capture `read`, its name the capture's last part.
_JS_READS = "(member_expression) @read (subscript_expression) @read"
_PLACES = {
    "python": "(subscript) @read",
    "javascript": _JS_READS,
    "typescript": _JS_READS,
    "tsx": _JS_READS,
    "ruby": "(element_reference) @read",
    "php": "(subscript_expression) @read",
    "csharp": "(element_access_expression) @read",
}
_HOLDERS = {
    "python": {"os.environ", "environ"},
    "javascript": {"process.env", "import.meta.env", "Bun.env", "env"},
    "ruby": {"ENV"},
    "php": {"$_ENV"},
    "csharp": {"Configuration", "configuration", "config", "_configuration", "_config", "builder.Configuration"},
}
_HOLDERS |= dict.fromkeys(("typescript", "tsx"), _HOLDERS["javascript"] - {"env"})
_HOLDERS["javascript"] -= {"env"}
#: A file without any of these reads nothing that is no call.
_WORDS = {
    "python": (b"environ[",),
    "javascript": (b"process.env", b"import.meta.env", b"Bun.env"),
    "ruby": (b"ENV[",),
    "php": (b"$_ENV",),
    "csharp": (b"onfig",),
}
_WORDS |= dict.fromkeys(("typescript", "tsx"), _WORDS["javascript"])
#: Operators and methods after a read that give what holds when nothing is set.
_ELSE = frozenset({"||", "??", "or", "?:", "//"})
_ELSE_METHODS = frozenset({"unwrap_or", "unwrap_or_else", "unwrap_or_default", "getOrElse", "orElse", "to_s"})


def settings(file: ParsedCode) -> Iterator[Fact]:
    """The settings that a file reads."""
    rules = by_method(file.language)
    methods = [method for owner, names in by_owner(file.language).items() if file.holds(owner) for method in names]
    if methods:
        for call in file.calls(*methods):
            fact = next((fact for rule in rules[call.method] if (fact := _called(rule, call, file))), None)
            if fact is not None:
                yield fact
    yield from _placed(file)
    if file.language == "python":
        yield from settings_classes(file)
        yield from flask_settings(file)
        yield from django_settings(file)
    yield from annotated(file)
    yield from option_variables(file)
    yield from settings_of_text(file.language, file.whole_text, file.symbols)


def _called(rule: ReadingCall, call: CodeCall, file: ParsedCode) -> Fact | None:
    names = rule.names.split()
    if rule.needs and rule.needs not in file.source:
        return None
    if call.name.startswith("environ.") and not file.holds(b"import environ", b", environ"):
        return None  # the environment of a WSGI request
    if call.name not in names and not any("." in item and call.name.endswith("." + item) for item in names):
        return None
    written = call.value(rule.name, "key", "name")
    name = literal(written) or _named(written, call.line, file)
    if not NAME.match(name):
        return None
    default = shown_default(call.value(rule.default, "default")) or _otherwise(call, file)
    return Fact(
        kind=FactKind.SETTING,
        name=name,
        source=rule.source,
        lines=place(call),
        type=call.named.get("cast", rule.type),
        default=default,
        text=call.text(rule.help, *_HELP.get(rule.source, ())),
        symbol=file.symbol_at(call.line),
    )


def _named(written: str, line: int, file: ParsedCode) -> str:
    """The text of the constant that a name stands for, unless it is a parameter of the function around it."""
    if not _CONSTANT.match(written):
        return ""
    around = [item for item in file.symbols if item.lines.start <= line <= item.lines.end]
    is_parameter = any(parameter.name == written for item in around for parameter in item.parameters)
    return "" if is_parameter else file.constant(written)


def _otherwise(call: CodeCall, file: ParsedCode) -> str:
    """What a call's result is replaced by where nothing is set."""
    for later in call.after():
        if later.method in _ELSE_METHODS:
            return shown_default(later.value(0))
    return _other_side(call.node, file) if call.node is not None else ""


def _other_side(node: tree_sitter.Node, file: ParsedCode) -> str:
    above = node.parent
    if above is None or above.child_count != 3 or above.children[0] != node:
        return ""
    return shown_default(file.text(above.children[2])) if file.text(above.children[1]) in _ELSE else ""


def _placed(file: ParsedCode) -> Iterator[Fact]:
    if file.language not in _PLACES or not file.holds(*_WORDS[file.language]):
        return
    for node in in_order(query(file.language, _PLACES[file.language]), file.root, "read"):
        holder = node.named_children[0] if node.named_child_count > 1 else None
        if holder is None or "".join(file.text(holder).split()) not in _HOLDERS[file.language] or _is_written(node):
            continue
        last = file.text(node.named_children[-1]).strip("[]")
        named = literal(last) or _named(last, place_at(node).start, file)
        name = last if node.type == "member_expression" else named
        if NAME.match(name):
            lines = place_at(node)
            yield Fact(
                kind=FactKind.SETTING,
                name=name,
                source=PROPERTY if file.language == "csharp" else VARIABLE,
                lines=lines,
                default=_other_side(node, file),
                symbol=file.symbol_at(lines.start),
            )
    if file.language in _JS:
        for pattern in in_order(query(file.language, _DESTRUCTURED), file.root, "read"):
            yield from _taken_apart(pattern, file)


_JS = frozenset({"javascript", "typescript", "tsx"})
_DESTRUCTURED = "(variable_declarator name: (object_pattern) value: (member_expression)) @read"


def _taken_apart(node: tree_sitter.Node, file: ParsedCode) -> Iterator[Fact]:
    """`const { PORT = "80" } = process.env`."""
    pattern, value = node.child_by_field_name("name"), node.child_by_field_name("value")
    if pattern is None or value is None or file.text(value) not in _HOLDERS[file.language]:
        return
    for child in pattern.named_children:
        name, _, default = file.text(child).partition("=")
        plain = name.partition(":")[0].strip()
        if NAME.match(plain):
            lines = place_at(child)
            yield Fact(
                kind=FactKind.SETTING,
                name=plain,
                source=VARIABLE,
                lines=lines,
                default=shown_default(default),
                symbol=file.symbol_at(lines.start),
            )


def _is_written(node: tree_sitter.Node) -> bool:
    above = node.parent
    return above is not None and "assignment" in above.type and above.child_by_field_name("left") == node
