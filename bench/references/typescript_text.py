"""Functions and types of typedoc's JSON as TypeScript writes them. Pure."""

from __future__ import annotations

from typing import Any


def head(one: Any) -> str:
    """A function's head."""
    named = one.get("typeParameters") or one.get("typeParameter") or ()
    parameters = ", ".join(map(_parameter, one.get("parameters", ())))
    types = f"<{', '.join(item['name'] for item in named)}>" if named else ""
    return f"{one['name']}{types}({parameters}): {type_text(one['type'])}"


def _parameter(one: Any) -> str:
    flags = one["flags"]
    sign = "?" if flags.get("isOptional") or "defaultValue" in one else ""
    return f"{'...' if flags.get('isRest') else ''}{one['name']}{sign}: {type_text(one['type'])}"


def type_text(one: Any) -> str:
    """A type; a question mark and the kind for one that this does not write."""
    write = _WRITERS.get(one["type"])
    return str(write(one)) if write else f"?{one['type']}"


def _reference(one: Any) -> str:
    arguments = one.get("typeArguments")
    return f"{one['name']}<{', '.join(map(type_text, arguments))}>" if arguments else str(one["name"])


def _literal(one: Any) -> str:
    value = one["value"]
    if isinstance(value, bool) or value is None:
        return "null" if value is None else str(value).lower()
    if isinstance(value, dict):
        return f"{'-' if value['negative'] else ''}{value['value']}n"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _reflection(one: Any) -> str:
    declaration = one["declaration"]
    members = [
        f"{'readonly ' if child['flags'].get('isReadonly') else ''}{child['name']}"
        f"{'?' if child['flags'].get('isOptional') else ''}: {type_text(child['type'])}"
        if "type" in child
        else head(child["signatures"][0])
        for child in declaration.get("children", ())
        if "type" in child or "signatures" in child
    ]
    members += [
        f"[{', '.join(map(_parameter, index['parameters']))}]: {type_text(index['type'])}"
        for index in declaration.get("indexSignatures", ())
    ]
    functions = declaration.get("signatures", ())
    if functions and not members and len(functions) == 1:
        named = functions[0].get("typeParameters") or functions[0].get("typeParameter") or ()
        types = f"<{', '.join(map(_type_parameter, named))}>" if named else ""
        parameters = ", ".join(map(_parameter, functions[0].get("parameters", ())))
        new = "new " if functions[0]["kind"] == _CONSTRUCTOR else ""
        return f"{new}{types}({parameters}) => {type_text(functions[0]['type'])}"
    called = [head({**function, "name": ""}) for function in functions]
    return f"{{ {'; '.join([*called, *members])} }}"


_CONSTRUCTOR = 16384


def _type_parameter(one: Any) -> str:
    bound: str = f" extends {type_text(one['type'])}" if "type" in one else ""
    return str(one["name"]) + bound + (f" = {type_text(one['default'])}" if "default" in one else "")


def _mapped(one: Any) -> str:
    named = f" as {type_text(one['nameType'])}" if "nameType" in one else ""
    signs = {"+": "?", "-": "-?"}
    readonly = {"+": "readonly ", "-": "-readonly "}.get(one.get("readonlyModifier", ""), "")
    optional = signs.get(one.get("optionalModifier", ""), "")
    key = f"{one['parameter']} in {type_text(one['parameterType'])}{named}"
    return f"{{ {readonly}[{key}]{optional}: {type_text(one['templateType'])} }}"


def _template(one: Any) -> str:
    return f"`{one['head']}{''.join(f'${{{type_text(kind)}}}{text}' for kind, text in one['tail'])}`"


def _predicate(one: Any) -> str:
    said = f"{'asserts ' if one['asserts'] else ''}{one['name']}"
    return f"{said} is {type_text(one['targetType'])}" if "targetType" in one else said


_WRITERS: dict[str, Any] = {
    "intrinsic": lambda one: one["name"],
    "reference": _reference,
    "literal": _literal,
    "reflection": _reflection,
    "unknown": lambda one: one["name"],
    "union": lambda one: " | ".join(map(type_text, one["types"])),
    "intersection": lambda one: " & ".join(map(type_text, one["types"])),
    "array": lambda one: f"{type_text(one['elementType'])}[]",
    "typeOperator": lambda one: f"{one['operator']} {type_text(one['target'])}",
    "conditional": lambda one: (
        f"{type_text(one['checkType'])} extends {type_text(one['extendsType'])}"
        f" ? {type_text(one['trueType'])} : {type_text(one['falseType'])}"
    ),
    "query": lambda one: f"typeof {type_text(one['queryType'])}",
    "tuple": lambda one: f"[{', '.join(map(type_text, one.get('elements', ())))}]",
    "namedTupleMember": lambda one: f"{one['name']}{'?' if one['isOptional'] else ''}: {type_text(one['element'])}",
    "inferred": lambda one: f"infer {one['name']}",
    "predicate": _predicate,
    "mapped": _mapped,
    "indexedAccess": lambda one: f"{type_text(one['objectType'])}[{type_text(one['indexType'])}]",
    "rest": lambda one: f"...{type_text(one['elementType'])}",
    "optional": lambda one: f"{type_text(one['elementType'])}?",
    "templateLiteral": _template,
}
