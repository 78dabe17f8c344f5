"""Command lines that Python declares with click and typer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.command_facts import command_fact
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.written import Written, literal, read_call, shown_default
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Parameter, Symbol, SymbolKind

_REGISTERED = re.compile(r"\(([A-Za-z_]\w*)\)")
_SUFFIX = re.compile(r"_(?:command|cmd|group|grp)$")


def click_commands(file: ParsedCode) -> Iterator[Fact]:
    """Functions that decorators make commands, and what is registered by a call."""
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
