"""Seeded edits of real projects, each with what a check of it has to list.

They know nothing of how the check reads code: Python is taken apart by `ast` and formatted by ruff, Go is taken apart
by what its authors' formatter guarantees.
"""

from __future__ import annotations

import ast
import random
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

Files = dict[str, str]
#: Not every function can be renamed or deleted: another one is taken instead.
_TRIES = 60
_APART = re.compile(r"(?:^|/)(?:tests?|docs|examples)/|setup\.py|conftest")
_GO_FUNCTION = re.compile(
    r"(?:^//[^\n]*\n)+^func (?:\(\w+ \*?(\w+)\) )?([A-Z]\w{4,})\([^\n]*\{\n.*?^\}\n", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True)
class Edit:
    """Two versions of the files that an edit is about, and the names that the check has to list for it."""

    kind: str
    before: Files
    after: Files
    statements: frozenset[str] = frozenset()
    undocumented: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()
    rewritten: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Function:
    path: str
    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef
    text: str = field(repr=False)

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines(keepends=True)

    @property
    def body_start(self) -> int:
        """The first line, from 0, after the documentation comment."""
        return int(self.node.body[0].end_lineno or 0)

    @property
    def start(self) -> int:
        return min([self.node.lineno, *(one.lineno for one in self.node.decorator_list)]) - 1

    @property
    def end(self) -> int:
        return int(self.node.end_lineno or 0)


def python_edits(files: Mapping[str, str], count: int, seed: int) -> Iterator[Edit]:
    """`count` edits of a Python project, the kinds in turn."""
    chance = random.Random(seed)  # noqa: S311 (no secret: the same seed gives the same edits)
    documented = [one for one in _functions(files) if _is_usable(one)]
    used = _used(files)
    once = [one for one in documented if sum(text.count(one.node.name) for text in files.values()) < 40]
    modules = sorted({one.path for one in documented})
    open_modules = [path for path in modules if "__all__" not in files[path]]  # elsewhere a new name is not public
    kinds: list[Callable[[], Edit | None]] = [
        lambda: _body(chance.choice(documented)),
        lambda: _signature(chance.choice(documented)),
        lambda: _rename(chance.choice(once), files),
        lambda: _delete(chance.choice(once), used, files),
        lambda: _add(files, chance.choice(open_modules), chance.random() < 0.5, chance.randrange(9_999)),
        lambda: _move_file(files, chance.choice(modules)),
        lambda: _move_function(
            chance.choice([one for one in documented if "." not in one.name]), files, modules, chance
        ),
        lambda: _comment(chance.choice(documented)),
        lambda: _format(files, chance.choice(modules)),
        lambda: _docstring(chance.choice(documented)),
        lambda: _unrelated(chance),
    ]
    for turn in range(count):
        tried = (kinds[turn % len(kinds)]() for _ in range(_TRIES))
        edit = next((one for one in tried if one is not None and one.before != one.after), None)
        if edit is not None:
            yield edit


def _used(files: Mapping[str, str]) -> set[str]:
    """Every name that the product's code uses."""
    trees = [
        ast.walk(ast.parse(text)) for path, text in files.items() if path.endswith(".py") and not _APART.search(path)
    ]
    nodes = [node for tree in trees for node in tree]
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return names | {node.name for node in nodes if isinstance(node, ast.alias)}


def _functions(files: Mapping[str, str]) -> Iterator[_Function]:
    for path, text in sorted(files.items()):
        if not path.endswith(".py") or _APART.search(path):
            continue
        for node in ast.parse(text).body:
            for inner in node.body if isinstance(node, ast.ClassDef) else [node]:
                if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
                    yield _Function(path, owner + inner.name, inner, text)


def _is_usable(one: _Function) -> bool:
    """It has a comment and a body below it, one definition and no decorator that joins several."""
    node = one.node
    special = node.name.startswith("__") or any(
        "overload" in ast.dump(mark) or "setter" in ast.dump(mark) for mark in node.decorator_list
    )
    again = len(re.findall(rf"def {node.name}\b", one.text)) > 1
    comment = ast.get_docstring(node)
    return bool(comment) and len(node.body) > 1 and not special and not again and len(comment or "") > 24


def _with_lines(one: _Function, lines: list[str]) -> Files:
    return {one.path: "".join(lines)}


def _indent(one: _Function) -> str:
    return " " * one.node.body[0].col_offset


def _body(one: _Function) -> Edit:
    lines = one.lines
    lines.insert(one.body_start, f"{_indent(one)}limit_of_calls = {len(lines)}\n")
    return Edit("body", {one.path: one.text}, _with_lines(one, lines), statements=frozenset({one.name}))


def _signature(one: _Function) -> Edit | None:
    lines = one.lines
    at = one.node.lineno - 1
    changed = re.sub(r"\)( *->[^\n]*)?:\s*$", r", *, limit_of_calls=7)\1:" + "\n", lines[at])
    if changed == lines[at] or one.node.args.kwarg or one.node.args.kwonlyargs or one.node.args.vararg:
        return None
    lines[at] = changed.replace("(, *", "(*")
    return Edit("signature", {one.path: one.text}, _with_lines(one, lines), statements=frozenset({one.name}))


def _rename(one: _Function, files: Mapping[str, str]) -> Edit | None:
    old, new = one.node.name, f"{one.node.name}_of_calls"
    before = {path: text for path, text in files.items() if re.search(rf"\b{old}\b", text) and path.endswith(".py")}
    if any(old in text for source in before.values() for text in _texts(source)):
        return None  # comments and strings are not renamed by a tool
    after = {path: re.sub(rf"\b{old}\b", new, text) for path, text in before.items()}
    return Edit("rename", before, after, statements=frozenset({one.name}))


def _texts(source: str) -> Iterator[str]:
    """The strings and the comments of a file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
    yield from re.findall(r"#[^\n]*", source)


def _delete(one: _Function, used: set[str], files: Mapping[str, str]) -> Edit | None:
    if one.node.name in used:
        return None  # somebody calls it: no one deletes it alone
    again = sum(len(re.findall(rf"\bdef {one.node.name}\b", text)) for text in files.values()) > 1
    owner = one.name.rpartition(".")[0] or one.path.split("/")[-2]  # its class, or the package that it is called by
    called = f"{owner}.{one.node.name}" if again else one.node.name
    guide = {"docs/calls.md": f"# Calls\n\nCall `{called}` first.\n"}
    lines = one.lines
    del lines[one.start : one.end]
    after = {**_with_lines(one, lines), **guide}
    return Edit("delete", {one.path: one.text, **guide}, after, removed=frozenset({one.name}))


def _add(files: Mapping[str, str], path: str, documented: bool, number: int) -> Edit:
    name = f"limit_calls_{number}"
    comment = '    """Limit how often a thing is called."""\n' if documented else ""
    text = files[path].rstrip("\n") + f"\n\n\ndef {name}(count):\n{comment}    return count * {number}\n"
    undocumented = frozenset() if documented else frozenset({name})
    return Edit("add symbol", {path: files[path]}, {path: text}, undocumented=undocumented)


def _move_file(files: Mapping[str, str], path: str) -> Edit:
    folder, _, name = path.rpartition("/")
    return Edit("move file", {path: files[path]}, {f"{folder}/moved/the_{name.lstrip('_')}": files[path]})


def _move_function(one: _Function, files: Mapping[str, str], modules: list[str], chance: random.Random) -> Edit | None:
    target = chance.choice(modules)
    lines = one.lines
    moved = "".join(lines[one.start : one.end])
    del lines[one.start : one.end]
    rest = "".join(lines)
    text = (rest if target == one.path else files[target]).rstrip("\n") + "\n\n\n" + moved
    try:
        ast.parse(rest)
    except SyntaxError:
        return None  # it was the only one in an `if`
    before = {one.path: one.text, target: files[target]}
    return Edit("move function", before, {one.path: rest, target: text})


def _comment(one: _Function) -> Edit:
    lines = one.lines
    lines.insert(one.body_start, f"{_indent(one)}# Calls are counted here, see the guide.\n\n")
    lines.insert(one.start, "# The next one was written in a hurry.\n" if one.node.col_offset == 0 else "")
    return Edit("comment", {one.path: one.text}, _with_lines(one, lines))


def _format(files: Mapping[str, str], path: str) -> Edit | None:
    command = [
        str(Path(sys.executable).with_name("ruff")),
        "format",
        "--isolated",
        "--no-cache",
        "--line-length",
        "64",
        "--config",
    ]
    command += ['format.quote-style="single"', "--stdin-filename", "a.py", "-"]
    done = subprocess.run(command, input=files[path], capture_output=True, text=True, check=True)
    return Edit("format", {path: files[path]}, {path: done.stdout})


def _docstring(one: _Function) -> Edit:
    lines = one.lines
    at = one.node.body[0].lineno - 1
    quotes = re.compile(r'([rRuU]?(?:"""|\'\'\'|"|\'))')
    lines[at] = quotes.sub(r"\1Since the limit of calls: ", lines[at], count=1)
    return Edit("docstring", {one.path: one.text}, _with_lines(one, lines), rewritten=frozenset({one.name}))


def _unrelated(chance: random.Random) -> Edit:
    name, number = (
        chance.choice(["notes/plan.md", "config.toml", ".github/workflows/a.yml", "tests/test_calls.py"]),
        chance.random(),
    )
    old, new = (f"{kind}: {number}\n" if name.endswith("yml") else f'{kind} = "{number}"\n' for kind in ("old", "new"))
    return Edit("unrelated", {name: old}, {name: old + new})


def go_edits(files: Mapping[str, str], count: int, seed: int) -> Iterator[Edit]:
    """`count` edits of a Go project, the kinds in turn."""
    chance = random.Random(seed)  # noqa: S311 (no secret: the same seed gives the same edits)
    places = [
        (path, found)
        for path, text in sorted(files.items())
        if path.endswith(".go") and not path.endswith("_test.go")
        for found in _GO_FUNCTION.finditer(text)
        if "`" not in found[0]  # whitespace in a raw string is no layout
        and found[2] in found[0].partition("\nfunc ")[0]
        and found[0].count("\n") > 5
        if sum(len(re.findall(rf"^func (?:\([^)]*\) )?{found[2]}\(", one, re.MULTILINE)) for one in files.values()) == 1
    ]
    kinds = [
        "body",
        "signature",
        "delete",
        "add symbol",
        "move file",
        "move function",
        "comment",
        "format",
        "docstring",
    ]
    for turn in range(count):
        path, found = chance.choice(places)
        yield _go_edit(kinds[turn % len(kinds)], path, files[path], found)


def _go_edit(kind: str, path: str, text: str, found: re.Match[str]) -> Edit:
    whole = found[0]
    head, brace, rest = whole.partition("{\n")
    name = frozenset({f"{found[1]}.{found[2]}" if found[1] else found[2]})
    before, folder = {path: text}, path.rpartition("/")[0]

    def edited(new: str) -> Files:
        return {path: text.replace(whole, new, 1)}

    match kind:
        case "body":
            return Edit(kind, before, edited(f"{head}{brace}\tlimitOfCalls := 7\n\t_ = limitOfCalls\n{rest}"), name)
        case "signature":
            before_name, _, parameters = head.rpartition(f"{found[2]}(")
            more = "limit int" if parameters.startswith(")") else "limit int, "
            return Edit(kind, before, edited(f"{before_name}{found[2]}({more}{parameters}{brace}{rest}"), name)
        case "delete":
            guide = {"docs/calls.md": f"# Calls\n\nUse `{next(iter(name))}` first.\n"}
            return Edit(kind, {**before, **guide}, {**edited(""), **guide}, removed=name)
        case "add symbol":
            return Edit(
                kind,
                before,
                edited(f"{whole}\nfunc LimitCalls(count int) int {{\n\treturn count\n}}\n"),
                undocumented=frozenset({"LimitCalls"}),
            )
        case "move file":
            return Edit(kind, before, {f"{folder}/moved/{path.rpartition('/')[2]}": text})
        case "move function":
            package = text[text.index("package ") :].partition("\n")[0]
            return Edit(kind, before, {**edited(""), f"{folder}/calls.go": f"{package}\n\n{whole}"})
        case "comment":
            return Edit(kind, before, edited(f"{head}{brace}\t// Calls are counted.\n{rest}"))
        case "format":
            return Edit(kind, before, edited(f"{head}{brace}\n" + rest.replace("\t", "    ").replace("\n", "\n\n")))
        case _:
            changed = whole.replace("// ", "// Since the limit of calls: ", 1)
            return Edit(kind, before, edited(changed), rewritten=name)
