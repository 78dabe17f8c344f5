"""What a component's script declares: props, events, slots, models, what it exposes, and Vue's options."""

from __future__ import annotations

import re
from collections.abc import Iterator

import tree_sitter

from agents.codebase.structure.artefacts.component_nodes import FUNCTIONS, ComponentMember, Nodes, returned
from agents.codebase.structure.documentation import NOTHING
from agents.codebase.structure.source import Source, nth
from agents.contracts.structure import SymbolKind

_MACROS = {
    "defineProps": ("props", SymbolKind.PROPERTY),
    "defineEmits": ("emits", SymbolKind.EVENT),
    "defineSlots": ("slots", SymbolKind.PROPERTY),
    "defineExpose": ("exposed", SymbolKind.PROPERTY),
    "createEventDispatcher": ("emits", SymbolKind.EVENT),
}
_WRAPS_TYPE = frozenset({"Readonly", "Partial", "Required", "Prettify"})
_OPTIONS = {"props": ("props", SymbolKind.PROPERTY), "emits": ("emits", SymbolKind.EVENT)}
_DECLARATIONS = frozenset({"lexical_declaration", "variable_declaration"})
_MOST = 2_000


def members_of(root: tree_sitter.Node, source: Source, language: str) -> Iterator[ComponentMember]:
    """The members that the statements at the top of a script declare."""
    reader = _ComponentScan(root, source, language)
    for number, member in enumerate(reader.members()):
        if number >= _MOST:
            return
        yield member


class _ComponentScan(Nodes):
    def __init__(self, root: tree_sitter.Node, source: Source, language: str) -> None:
        super().__init__(source)
        self._language = language
        self._root = root
        self._types: dict[str, tree_sitter.Node] = {}

    def members(self) -> Iterator[ComponentMember]:
        statements = [
            (nth(node, -1) or node) if node.type == "export_statement" else node for node in self._root.children
        ]
        for statement in statements:
            body = statement.child_by_field_name("body") or statement.child_by_field_name("value")
            if statement.type in {"interface_declaration", "type_alias_declaration"} and body is not None:
                self._types[self.source.name(statement.child_by_field_name("name"))] = statement
        for node, statement in zip(self._root.children, statements, strict=True):
            if node.type == "export_statement":
                yield from self._exported(node)
            if statement.type in _DECLARATIONS:
                for declarator in statement.named_children:
                    yield from self._called(declarator.child_by_field_name("value"), declarator)
            elif statement.type == "expression_statement":
                yield from self._called(nth(statement, 0), None)

    # Macros and runes

    def _called(self, call: tree_sitter.Node | None, declarator: tree_sitter.Node | None) -> Iterator[ComponentMember]:
        if call is None or call.type != "call_expression":
            return
        name = self.source.name(call.child_by_field_name("function"))
        pattern = declarator.child_by_field_name("name") if declarator is not None else None
        defaults = self.defaults(pattern)
        if name == "withDefaults":
            defaults = {key: self.value(value) for key, _, value in self.pairs(self.argument(call, 1))}
            call, name = self.argument(call, 0) or call, "defineProps"
        if name == "$props" and self._language == "svelte" and pattern is not None and declarator is not None:
            yield from self._svelte_props(pattern, declarator.child_by_field_name("type"), defaults)
        elif name == "defineModel":
            yield from self._model(call, declarator)
        elif name in _MACROS:
            owner, kind = _MACROS[name]
            typed = self._of_type(self.argument(call, 0, "type_arguments"), owner, kind)
            for member in (*typed, *self._runtime(self.argument(call, 0), owner, kind)):
                yield member._replace(default=defaults.get(member.name.partition(".")[2], member.default))

    def _of_type(  # noqa: C901 (one branch for each kind)
        self, type_: tree_sitter.Node | None, owner: str, kind: SymbolKind, depth: int = 0
    ) -> Iterator[ComponentMember]:
        """The members of a type: written there, under a name of this script, or put together of several."""
        if type_ is None or depth > 5:
            return
        if type_.type in {"object_type", "interface_body"}:
            for part in type_.named_children:
                yield from self._of_signature(part, owner, kind)
        elif type_.type == "type_identifier":
            declared = self._types.get(self.source.name(type_))
            if declared is not None:
                for part in declared.named_children:
                    if part.type == "extends_type_clause":
                        for base in part.named_children:
                            yield from self._of_type(base, owner, kind, depth + 1)
                body = declared.child_by_field_name("body") or declared.child_by_field_name("value")
                yield from self._of_type(body, owner, kind, depth + 1)
        elif type_.type in {"intersection_type", "parenthesized_type", "union_type"}:
            for part in type_.named_children:
                yield from self._of_type(part, owner, kind, depth + 1)
        elif type_.type == "generic_type":
            named = self.source.name(type_.child_by_field_name("name"))
            inner = self.argument(type_, 0, "type_arguments") if named in _WRAPS_TYPE else None
            wrapped = inner or nth(type_, 0)
            yield from self._of_type(wrapped, owner, kind, depth + 1)
        elif type_.type == "function_type" and owner == "emits":
            yield from self._of_signature(type_, owner, kind)

    def _of_signature(self, part: tree_sitter.Node, owner: str, kind: SymbolKind) -> Iterator[ComponentMember]:
        type_ = self.source.written(part.child_by_field_name("type")).removeprefix(":").strip()
        if part.type in {"property_signature", "method_signature"}:
            name = self.source.name(part.child_by_field_name("name")).strip("\"'")
            returned = self.source.written(part.child_by_field_name("return_type")).removeprefix(":").strip()
            yield self.member(part, owner, name, kind, type_ or returned)
        elif part.type in {"call_signature", "function_type"} and owner == "emits":
            for name in re.findall(r"[\"']([\w:.-]{1,100})[\"']", self._first_parameter(part)):
                yield self.member(part, owner, name, kind, "")

    def _first_parameter(self, part: tree_sitter.Node) -> str:
        return self.source.written(self.argument(part, 0, "parameters"))

    def _runtime(self, value: tree_sitter.Node | None, owner: str, kind: SymbolKind) -> Iterator[ComponentMember]:
        """The members of an object or a list that says at run time what a component has."""
        if value is None:
            return
        if value.type == "array":
            for part in value.named_children:
                if part.type == "string":
                    yield self.member(part, owner, self.source.name(part).strip("\"'"), kind, "")
            return
        for name, part, inner in self.pairs(value):
            if owner != "props":
                called = inner is None or inner.type in FUNCTIONS or part.type == "method_definition"
                exposes = SymbolKind.METHOD if owner == "exposed" and called and part.type != "pair" else kind
                yield self.member(part, owner, name, exposes, "")
                continue
            type_, default = inner, None
            if inner is not None and inner.type == "object":
                options = {key: option for key, _, option in self.pairs(inner)}
                type_, default = options.get("type"), options.get("default")
            yield self.member(part, owner, name, kind, self._type(type_), self.value(default))

    def _type(self, node: tree_sitter.Node | None) -> str:
        """A property's type as Vue is given it: `String`, `[String, Number]`, `Object as PropType<Row>`."""
        written = self.source.written(node)
        if match := re.search(r"\bas\s+(?:\(\)\s*=>\s*)?(?:PropType<(.+)>|(.+))$", written):
            return str(match.group(1) or match.group(2))
        return "" if written == "null" else written.strip("[]").replace(", ", " | ") if written[:1] == "[" else written

    def _model(self, call: tree_sitter.Node, declarator: tree_sitter.Node | None) -> Iterator[ComponentMember]:
        first = self.argument(call, 0)
        named = first is not None and first.type == "string"
        name = self.source.name(first).strip("\"'") if named else "modelValue"
        options = self.argument(call, 1) if named else first
        given = {key: value for key, _, value in self.pairs(options)}
        typed = self.argument(call, 0, "type_arguments")
        type_ = self.source.written(typed) if typed is not None else self._type(given.get("type"))
        place = declarator or call
        yield self.member(place, "props", name, SymbolKind.PROPERTY, type_, self.value(given.get("default")))
        yield self.member(place, "emits", f"update:{name}", SymbolKind.EVENT, type_)._replace(doc=NOTHING)

    def _svelte_props(
        self, pattern: tree_sitter.Node, hint: tree_sitter.Node | None, defaults: dict[str, str]
    ) -> Iterator[ComponentMember]:
        declared = list(self._of_type(nth(hint, 0) if hint is not None else None, "props", SymbolKind.PROPERTY))
        yield from (member._replace(default=defaults.get(member.name[6:], "")) for member in declared)
        names = {member.name for member in declared}
        for key, part in self.unpacked(pattern):
            if f"props.{key}" not in names:
                yield self.member(part, "props", key, SymbolKind.PROPERTY, "", defaults.get(key, ""))

    # Vue's options

    def _exported(self, node: tree_sitter.Node) -> Iterator[ComponentMember]:  # noqa: C901 (one branch for each option)
        declared = node.child_by_field_name("declaration")
        if self._language == "svelte" and declared is not None and self.source.name(declared.child(0)) == "let":
            for declarator in declared.named_children:
                name = self.source.name(declarator.child_by_field_name("name"))
                yield self.member(declarator, "", name, SymbolKind.PROPERTY, "")
        value = node.child_by_field_name("value")
        if value is not None and value.type == "call_expression":
            arguments = value.child_by_field_name("arguments")
            given = arguments.named_children if arguments is not None else ()
            value = next((argument for argument in given if argument.type == "object"), None)
        if value is None or value.type != "object" or self._language != "vue":
            return
        doc = self.doc(node)
        yield ComponentMember("", SymbolKind.MODULE, node.start_point[0] + 1, node.end_point[0] + 1, doc=doc)
        for name, part, inner in self.pairs(value):
            if name in _OPTIONS:
                yield from self._runtime(inner, *_OPTIONS[name])
            elif name == "data":
                for key, place, field in self.pairs(returned(part)):
                    yield self.member(place, "", key, SymbolKind.FIELD, "", self.value(field))
            elif name == "computed":
                for key, place, computed in self.pairs(inner):
                    accessors = tuple(word for word, _, _ in self.pairs(computed) if word in {"get", "set"})
                    yield self.member(place, "", key, SymbolKind.PROPERTY, "")._replace(accessors=accessors or ("get",))
            elif name == "methods":
                for key, place, _ in self.pairs(inner):
                    yield self.member(place, "", key, SymbolKind.METHOD, "")
