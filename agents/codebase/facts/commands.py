"""Command lines that code declares: click, typer, argparse, cobra, urfave/cli, clap, commander, yargs. Tables first."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.argument_parsers import argparse_commands, management_commands, option_parser
from agents.codebase.facts.calls import CodeCall, options
from agents.codebase.facts.clap_commands import built_commands, command_fact, derived_commands
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.written import Written, literal, read_call, shown_default, texts_in
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Parameter, Symbol, SymbolKind

_REGISTERED = re.compile(r"\(([A-Za-z_]\w*)\)")
_SUFFIX = re.compile(r"_(?:command|cmd|group|grp)$")
_GO_FLAG = re.compile(r"^(?P<type>\w+?)(?P<var>Var)?(?P<short>P)?$")
_GO_TYPES = (
    "Bool",
    "String",
    "Int",
    "Int64",
    "Uint",
    "Duration",
    "Float64",
    "StringSlice",
    "StringArray",
    "Count",
    "StringToString",
    "IntSlice",
)
_GO_FLAGS = tuple(f"{kind}{end}" for kind in _GO_TYPES for end in ("", "Var", "P", "VarP"))


def commands(file: ParsedCode) -> Iterator[Fact]:
    """The commands and their options that a file declares."""
    if file.language == "python":
        if file.holds(b"click", b"typer", b"Typer"):
            yield from _decorated(file)
        if file.holds(b"django.core.management"):
            yield from management_commands(file)
        elif file.holds(b"argparse", b"ArgumentParser", b"add_parser", b"add_argument"):
            yield from argparse_commands(file)
    elif file.language == "go":
        yield from _go(file)
    elif file.language == "rust":
        yield from derived_commands(file)
        yield from built_commands(file)
    elif file.language == "ruby" and file.holds(b"OptionParser"):
        yield from option_parser(file)
    elif file.language in {"javascript", "typescript"} and file.holds(b"commander", b"yargs", b"cac", b"program."):
        yield from _javascript(file)


def _decorated(file: ParsedCode) -> Iterator[Fact]:
    for symbol, decorators in file.decorated:
        if symbol.kind not in {SymbolKind.FUNCTION, SymbolKind.METHOD}:
            continue
        declared = next((item for item in decorators if item.method in {"command", "group", "callback"}), None)
        if declared is None or (declared.method == "callback" and not file.holds(b"yper")):
            continue
        is_typer = not file.holds(b"click.") and file.holds(b"yper")
        source = "typer" if is_typer else "click"
        plain = _SUFFIX.sub("", symbol.name.rpartition(".")[2]).replace("_", "-")
        name = declared.text(0, "name") or plain
        receiver = declared.receiver if declared.receiver not in {"click", "asyncclick", "rich_click"} else ""
        text = declared.text(-1, "help", "short_help") or symbol.doc
        if declared.method != "callback":
            marks = ("group",) if declared.method == "group" else ()
            yield command_fact(
                FactKind.COMMAND, name, source, symbol.lines, symbol=symbol.name, owner=receiver, text=text, marks=marks
            )
        for item in decorators:
            if item.method in {"option", "argument"}:
                yield _click_option(item, symbol)
        for parameter in symbol.parameters if is_typer else ():
            yield from _typer_option(parameter, symbol, declared.method == "callback")
    yield from _registered(file)


def _registered(file: ParsedCode) -> Iterator[Fact]:
    """`app.command(name="x")(run)`, `app.add_typer(users, name="users")` and `cli.add_command(users)`."""
    for call in file.calls("add_typer", "add_command"):
        source = "typer" if call.method == "add_typer" else "click"
        lines, target = Lines(start=call.line, end=call.line), call.value(0)
        yield command_fact(FactKind.MOUNT, call.text(1, "name"), source, lines, owner=call.receiver, target=target)
    for call in file.calls("command") if file.holds(b"yper") else ():
        run = _REGISTERED.match(file.source[call.end_byte :].decode("utf-8", "replace")[:200])
        if run is None or not call.receiver:
            continue
        symbol = next((item for item in file.symbols if item.name == run[1]), None)
        yield command_fact(
            FactKind.COMMAND,
            call.text(0, "name") or _SUFFIX.sub("", run[1]).replace("_", "-"),
            "typer",
            Lines(start=call.line, end=call.line),
            owner=call.receiver,
            symbol=run[1],
            text=call.text(-1, "help", "short_help") or (symbol.doc if symbol else ""),
        )


def _click_option(item: Written, symbol: Symbol) -> Fact:
    names = [name for text in item.positional if (name := literal(text))]
    flags = [name for name in names if name.startswith("-")]
    name = ", ".join(flags) or (names[0] if names else "").upper()
    kind = "flag" if item.named.get("is_flag") == "True" else item.named.get("type", "")
    marks = (
        ("argument",) if item.method == "argument" else ("required",) if item.named.get("required") == "True" else ()
    )
    return command_fact(
        FactKind.OPTION,
        name or "…",
        "click",
        symbol.lines,
        owner=symbol.name,
        type=kind,
        default=shown_default(item.named.get("default", "")),
        text=item.text(-1, "help"),
        symbol=symbol.name,
        marks=marks,
    )


def _typer_option(parameter: Parameter, symbol: Symbol, is_callback: bool) -> Iterator[Fact]:
    annotated = re.match(r"^(?:\w+\.)?Annotated\[(.*)\]$", parameter.type, re.DOTALL)
    inner = read_call("x(" + annotated[1] + ")").positional if annotated else ()
    call = read_call(inner[1] if len(inner) > 1 else parameter.default)
    kind = inner[0] if inner else parameter.type
    if kind.endswith("Context") or parameter.name in {"self", "ctx"}:
        return
    is_argument = call.method == "Argument" or (call.method != "Option" and not parameter.default)
    flags = [flag for text in call.positional if (flag := literal(text)) and flag.startswith("-")]
    name = parameter.name.upper() if is_argument else ", ".join(flags) or "--" + parameter.name.replace("_", "-")
    default = parameter.default if annotated or not call.name else call.value(0, "default")
    yield command_fact(
        FactKind.OPTION,
        name,
        "typer",
        symbol.lines,
        owner="" if is_callback else symbol.name,
        type=kind,
        default=shown_default(default),
        text=call.text(-1, "help"),
        symbol=symbol.name,
        marks=("argument",) if is_argument else (),
    )


def _go(file: ParsedCode) -> Iterator[Fact]:
    if not file.holds(b"cobra", b"urfave/cli"):
        return
    for call in file.calls("AddCommand", "Command", "App", *_GO_FLAGS, *(f"{kind}Flag" for kind in _GO_TYPES)):
        symbol = file.symbol_at(call.line)
        if call.method == "AddCommand":
            yield from _added(call, symbol)
        elif call.name.endswith("]*cli.Command"):
            yield from _listed(call, symbol)
        elif call.name in {"cobra.Command", "cli.Command", "cli.App"}:
            name, text = call.text(-1, "Use", "Name"), call.text(-1, "Short", "Usage", "Long")
            if name:
                yield command_fact(
                    FactKind.COMMAND, name, call.receiver, place(call), owner=call.assigned, symbol=symbol, text=text
                )
        elif call.name.startswith("cli.") and call.method.endswith("Flag"):
            yield from _urfave_flag(call, symbol)
        elif call.before is not None and call.before.method in {"Flags", "PersistentFlags", "LocalFlags"}:
            yield from _cobra_flag(call, call.before.receiver, symbol)


def _urfave_flag(call: CodeCall, symbol: str) -> Iterator[Fact]:
    name = call.text(-1, "Name")
    if not name:
        return
    owner = next((outer.assigned for outer in call.around() if outer.name in {"cli.Command", "cli.App"}), "")
    others = [f"-{alias}" if len(alias) == 1 else f"--{alias}" for alias in _aliases(call)]
    yield command_fact(
        FactKind.OPTION,
        ", ".join((f"--{name}", *others)),
        "cli",
        place(call),
        symbol=symbol,
        owner=owner,
        type=call.method.removesuffix("Flag").lower(),
        text=call.text(-1, "Usage"),
        default=shown_default(call.named.get("Value", "")),
    )


def _cobra_flag(call: CodeCall, owner: str, symbol: str) -> Iterator[Fact]:
    shape = _GO_FLAG.match(call.method)
    at = 1 if shape and shape["var"] else 0
    name, short = call.text(at), call.text(at + 1) if shape and shape["short"] else ""
    if not name or not shape:
        return
    after = at + (2 if shape["short"] else 1)
    yield command_fact(
        FactKind.OPTION,
        f"--{name}" + (f", -{short}" if short else ""),
        "cobra",
        place(call),
        owner=owner,
        type=shape["type"].lower(),
        symbol=symbol,
        default=shown_default(call.value(after)),
        text=call.text(after + 1),
    )


def _added(call: CodeCall, symbol: str) -> Iterator[Fact]:
    """cobra's `root.AddCommand(serve, newVersion())`."""
    for child in call.positional:
        made = re.match(r"[\w.]+(?=\()", child)
        lines, target = Lines(start=call.line, end=call.line), f"{made[0]}()" if made else child
        yield command_fact(FactKind.MOUNT, "", "cobra", lines, owner=call.receiver, target=target, symbol=symbol)


def _aliases(call: CodeCall) -> list[str]:
    return texts_in("[" + call.named.get("Aliases", "").partition("{")[2].rpartition("}")[0] + "]")


def _listed(call: CodeCall, symbol: str) -> Iterator[Fact]:
    """The commands of `[]*cli.Command{{Name: "add"}, …}`, whose type stands before the list alone."""
    for item in call.positional:
        named = options(item)
        if name := literal(named.get("Name", "")):
            line = call.line_of(item)
            text = literal(named.get("Usage", "")) or ""
            lines = Lines(start=line, end=line + item.count("\n"))
            yield command_fact(FactKind.COMMAND, name, "cli", lines, owner=name, symbol=symbol, text=text)


#: What makes a program of commander, yargs or cac, and what one is called.
_PROGRAMS = frozenset({"Command", "createCommand", "yargs", "cac", "require"})
_PROGRAM = re.compile(r"(?:program|commander|cli|cmd|command|argv|yargs|y|prog|parser)$", re.IGNORECASE)


def _javascript(file: ParsedCode) -> Iterator[Fact]:
    source = "yargs" if file.holds(b"yargs") else "cac" if file.holds(b'"cac"', b"'cac'") else "commander"
    for call in file.calls("command", "option", "requiredOption", "argument", "positional"):
        name = call.text(0) or next(iter(texts_in(call.value(0))), "")
        base = call.first
        is_of_program = base.method in _PROGRAMS if not base.receiver else bool(_PROGRAM.search(base.receiver))
        if not name or not is_of_program:
            continue
        symbol = file.symbol_at(call.line)
        above = next((item for item in call.chain() if item.method == "command"), None)
        if call.method == "command":
            later = next((item.text(0) for item in call.after() if item.method in {"description", "describe"}), "")
            yield command_fact(
                FactKind.COMMAND,
                name,
                source,
                Lines(start=call.line, end=call.line),
                symbol=symbol,
                owner=name,
                text=later or call.text(1),
            )
            continue
        given = options(call.value(1))
        text = call.text(1) if not given else literal(given.get("describe", given.get("description", ""))) or ""
        flags = name if name.startswith("-") or call.method in {"argument", "positional"} else f"--{name}"
        default = given.get("default", "") if given else call.value(2)
        yield command_fact(
            FactKind.OPTION,
            flags,
            source,
            Lines(start=call.line, end=call.line),
            symbol=symbol,
            text=text,
            owner=above.text(0) if above else "",
            default=shown_default(default),
            type=literal(given.get("type", "")) or "",
            marks=("required",) if call.method == "requiredOption" else (),
        )
