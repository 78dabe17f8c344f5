"""Types and functions of rustdoc's JSON as Rust writes them. Pure."""

from __future__ import annotations

from typing import Any


def function(name: str, inner: Any) -> str:
    """A function's head."""
    header, signature = inner["header"], inner["sig"]
    abi = header["abi"]
    words = [word for word in ("const", "async", "unsafe") if header[f"is_{word}"]]
    words += ['extern "C"'] if isinstance(abi, dict) and "C" in abi else []
    inputs = ", ".join(_input(one, kind) for one, kind in signature["inputs"])
    output = f" -> {type_text(signature['output'])}" if signature["output"] is not None else ""
    parameters, where = _generics(inner["generics"])
    return f"{' '.join([*words, 'fn'])} {name}{parameters}({inputs}){output}{where}"


def type_text(one: Any) -> str:  # noqa: C901 (one branch for each kind of type)
    """A type."""
    if isinstance(one, str):
        return "_" if one == "infer" else one
    ((kind, of),) = one.items()
    if kind in {"generic", "primitive"}:
        return "!" if of == "never" else str(of)
    if kind == "resolved_path":
        return f"{of['path']}{_arguments(of['args'])}"
    if kind == "borrowed_ref":
        lifetime = f"{of['lifetime']} " if of["lifetime"] else ""
        inner = type_text(of["type"])
        inner = f"({inner})" if inner.startswith(("dyn ", "impl ")) and " + " in inner else inner
        return f"&{lifetime}{'mut ' if of['is_mutable'] else ''}{inner}"
    if kind == "raw_pointer":
        return f"*{'mut' if of['is_mutable'] else 'const'} {type_text(of['type'])}"
    if kind == "slice":
        return f"[{type_text(of)}]"
    if kind == "array":
        return f"[{type_text(of['type'])}; {of['len']}]"
    if kind == "tuple":
        return f"({', '.join(map(type_text, of))}{',' if len(of) == 1 else ''})"
    if kind == "impl_trait":
        return f"impl {_bounds(of)}"
    if kind == "dyn_trait":
        traits = [f"{_for(one)}{_path(one['trait'])}" for one in of["traits"]]
        return "dyn " + " + ".join([*traits, *([of["lifetime"]] if of["lifetime"] else [])])
    if kind == "qualified_path":
        trait = of["trait"]
        holder = type_text(of["self_type"])
        if trait is None or not trait["path"]:
            return f"{holder}::{of['name']}{_arguments(of['args'])}"
        return f"<{holder} as {_path(trait)}>::{of['name']}{_arguments(of['args'])}"
    if kind == "function_pointer":
        signature = of["sig"]
        output = f" -> {type_text(signature['output'])}" if signature["output"] is not None else ""
        abi = 'extern "C" ' if isinstance(of["header"]["abi"], dict) else ""
        unsafe = "unsafe " if of["header"]["is_unsafe"] else ""
        return f"{unsafe}{abi}fn({', '.join(type_text(kind) for _, kind in signature['inputs'])}){output}"
    return f"?{kind}"


def _input(name: str, of: Any) -> str:
    if name == "self":
        if of == {"generic": "Self"}:
            return "self"
        borrowed = of.get("borrowed_ref")
        if borrowed and borrowed["type"] == {"generic": "Self"}:
            return type_text(of).replace("Self", "self")
    return f"{name}: {type_text(of)}"


def _path(trait: Any) -> str:
    return f"{trait['path']}{_arguments(trait['args'])}"


def _for(bound: Any) -> str:
    names = [one["name"] for one in bound["generic_params"]]
    return f"for<{', '.join(names)}> " if names else ""


def _arguments(of: Any) -> str:
    if of is None:
        return ""
    if "parenthesized" in of:
        inner = of["parenthesized"]
        output = f" -> {type_text(inner['output'])}" if inner["output"] is not None else ""
        return f"({', '.join(map(type_text, inner['inputs']))}){output}"
    if "angle_bracketed" not in of:
        return ""
    inner = of["angle_bracketed"]
    parts = [_argument(one) for one in inner["args"]]
    for one in inner["constraints"]:
        ((kind, bound),) = one["binding"].items()
        said = f" = {_term(bound)}" if kind == "equality" else f": {_bounds(bound)}"
        parts.append(f"{one['name']}{_arguments(one['args'])}{said}")
    return f"<{', '.join(parts)}>" if parts else ""


def _term(bound: Any) -> str:
    return type_text(bound["type"]) if "type" in bound else str(bound["constant"]["expr"])


def _argument(one: Any) -> str:
    if isinstance(one, str):
        return "_"
    ((kind, of),) = one.items()
    return str(of) if kind == "lifetime" else type_text(of) if kind == "type" else str(of["expr"])


def _bounds(bounds: Any) -> str:
    said = []
    for bound in bounds:
        ((kind, of),) = bound.items()
        if kind == "trait_bound":
            sign = "?" if of["modifier"] == "maybe" else ""
            said.append(f"{sign}{_for(of)}{_path(of['trait'])}")
        elif kind == "outlives":
            said.append(of)
        else:
            said.append(f"use<{', '.join(next(iter(one.values())) for one in of)}>")
    return " + ".join(said)


def _generics(of: Any) -> tuple[str, str]:
    """The list of parameters, and the conditions behind it."""
    named = []
    for one in of["params"]:
        ((kind, inner),) = one["kind"].items()
        if kind == "lifetime":
            named.append(one["name"] + (f": {' + '.join(inner['outlives'])}" if inner["outlives"] else ""))
        elif kind == "type" and not inner["is_synthetic"]:
            bounds = f": {_bounds(inner['bounds'])}" if inner["bounds"] else ""
            named.append(f"{one['name']}{bounds}")
        elif kind == "const":
            named.append(f"const {one['name']}: {type_text(inner['type'])}")
    where = []
    for one in of["where_predicates"]:
        ((kind, inner),) = one.items()
        if kind == "bound_predicate":
            names = [name["name"] for name in inner["generic_params"]]
            every = f"for<{', '.join(names)}> " if names else ""
            where.append(f"{every}{type_text(inner['type'])}: {_bounds(inner['bounds'])}")
        elif kind == "lifetime_predicate":
            where.append(f"{inner['lifetime']}: {' + '.join(inner['outlives'])}")
    return (f"<{', '.join(named)}>" if named else "", f" where {', '.join(where)}" if where else "")
