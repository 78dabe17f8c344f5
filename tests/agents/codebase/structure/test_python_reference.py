"""Python's own parser is the reference: what `ast` finds in the standard library, the reader finds as well."""

from __future__ import annotations

import ast
import dataclasses
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.codebase.structure.reader import TreeSitterReader

LIBRARY = Path(sysconfig.get_path("stdlib"))
FILES = ("dataclasses.py", "argparse.py", "enum.py", "http/client.py", "pathlib.py", "typing.py", "asyncio/events.py")


@dataclasses.dataclass
class Names:
    """What a module defines: names that must be found, and names that may be found beside them."""

    must: set[str] = dataclasses.field(default_factory=set)
    may: set[str] = dataclasses.field(default_factory=set)


def assigned(statement: ast.stmt) -> Iterator[ast.Name | ast.Attribute]:
    if isinstance(statement, ast.Assign):
        pending: list[ast.expr] = list(statement.targets)
    else:
        pending = [statement.target] if isinstance(statement, ast.AnnAssign) else []
    while pending:
        target = pending.pop()
        if isinstance(target, ast.Name | ast.Attribute):
            yield target
        elif isinstance(target, ast.Tuple | ast.List):
            pending += target.elts


def blocks(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements, and those of what they hold unless it is a definition."""
    for statement in body:
        yield statement
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for part in ("body", "orelse", "finalbody"):
            yield from blocks(getattr(statement, part, None) or [])
        for handler in getattr(statement, "handlers", []):
            yield from blocks(handler.body)


def collect(body: list[ast.stmt], owner: str, names: Names) -> None:
    for statement in blocks(body):
        for target in assigned(statement):
            if isinstance(target, ast.Name) and target.id == "__slots__":
                # The fake, or the tree at hand, has it.
                names.may |= {owner + one for one in ast.literal_eval(statement.value)}  # type: ignore[attr-defined]
            elif isinstance(target, ast.Name) and target.id != "__all__":
                names.must.add(owner + target.id)
        if isinstance(statement, ast.ClassDef):
            names.must.add(owner + statement.name)
            collect(statement.body, f"{owner}{statement.name}.", names)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            names.must.add(owner + statement.name)
            if owner and statement.name in {"__init__", "__new__", "__post_init__"}:
                found = [one for inner in blocks(statement.body) for one in assigned(inner)]
                own = [one for one in found if isinstance(one, ast.Attribute) and ast.unparse(one.value) == "self"]
                names.must |= {owner + one.attr for one in own}


def expected(text: str) -> Names:
    names = Names()
    collect(ast.parse(text).body, "", names)
    return names


@pytest.mark.parametrize("file", FILES)
def test_every_definition_variable_and_attribute_is_found(file: str) -> None:
    text = (LIBRARY / file).read_text(encoding="utf-8")

    found = {one.name for one in TreeSitterReader().read(file, "python", text).symbols}

    assert expected(text).must - found == set()


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_found_that_the_module_does_not_define(file: str) -> None:
    text = (LIBRARY / file).read_text(encoding="utf-8")

    structure = TreeSitterReader().read(file, "python", text)

    found = {one.name for one in structure.symbols if one.kind.value != "re-export"}
    names = expected(text)
    assert found - names.must - names.may == set()


@pytest.mark.parametrize("file", FILES)
def test_parameters_are_those_of_the_reference(file: str) -> None:
    text = (LIBRARY / file).read_text(encoding="utf-8")
    functions = {
        one.lineno: one for one in ast.walk(ast.parse(text)) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    found = TreeSitterReader().read(file, "python", text).symbols

    compared = 0
    for one in found:
        place = next((line for line in range(one.lines.start, one.lines.end + 1) if line in functions), None)
        if one.kind.value not in {"function", "method"} or place is None or one.overloads:
            continue
        arguments = functions[place].args
        names = [part.arg for part in (*arguments.posonlyargs, *arguments.args)]
        names += [arguments.vararg.arg] if arguments.vararg else []
        names += [part.arg for part in arguments.kwonlyargs]
        names += [arguments.kwarg.arg] if arguments.kwarg else []
        assert [part.name for part in one.parameters] == names, one.name
        compared += 1
    assert compared > 0
