"""Command lines that Python declares with click and typer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.commands.command_facts import command_fact, marks, text_in
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.written import Written, literal, read_call, shown_default, texts_in
from agents.codebase.structure.documentation.words import text_of
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Parameter, Symbol, SymbolKind

_REGISTERED = re.compile(r"\(([A-Za-z_]\w*)\)")
#: Flask's applications have a group of click's as `app.cli`, and need no import.
_IMPORTED = re.compile(
    rb"^[ \t]*(?:from[ \t]+|import\b[^\n]*\b)(?:click|asyncclick|rich_click|cloup|typer)\b", re.MULTILINE
)
_CLICK = frozenset({"click", "asyncclick", "rich_click"})
_TYPER = (b"import typer", b"from typer", b"typer.")
_SUFFIX = re.compile(r"_(?:command|cmd|group|grp)$")


def click_commands(file: ParsedCode) -> Iterator[Fact]:
    """Functions that decorators make commands, and what is registered by a call."""
    if not file.holds(b".cli.command") and _IMPORTED.search(file.source) is None:
        return
    for symbol, decorators in file.decorated:
        if symbol.kind not in {SymbolKind.FUNCTION, SymbolKind.METHOD}:
            continue
        declared = next((item for item in decorators if item.method in {"command", "group", "callback"}), None)
        if declared is None or (declared.method == "callback" and not file.holds(*_TYPER)):
            continue
        if declared.named.get("hidden") == "True":
            continue
        is_typer = file.holds(*_TYPER) and not any(_is_clicks(item) for item in decorators)
        source = "typer" if is_typer else "click"
        plain = _SUFFIX.sub("", symbol.name.rpartition(".")[2]).replace("_", "-")
        name = declared.text(0, "name") or plain
        receiver = declared.receiver if declared.receiver not in _CLICK else ""
        text = text_in(declared.value(-1, "help", "short_help")) or _purpose(symbol)
        if declared.method != "callback":
            kinds = ("group",) if declared.method == "group" else ()
            yield command_fact(
                FactKind.COMMAND, name, source, symbol.lines, symbol=symbol.name, owner=receiver, text=text, marks=kinds
            )
        for item in decorators:
            if item.method in {"option", "argument"} and item.named.get("hidden") != "True":
                yield _click_option(item, symbol)
        for parameter in symbol.parameters if is_typer else ():
            yield from _typer_option(parameter, symbol, declared.method == "callback")
    yield from _registered(file)


def _purpose(symbol: Symbol) -> str:
    """What the command is for; its arguments and options have lines of their own."""
    own = symbol.documentation
    return symbol.doc if own is None else text_of(own.with_changes(parameters=(), returns=()))


def _is_clicks(item: Written) -> bool:
    """Whether only click has such a decorator: files with typer use click beside it."""
    return item.method in {"option", "argument", "group"} or item.receiver in _CLICK


def _registered(file: ParsedCode) -> Iterator[Fact]:
    """`app.command(name="x")(run)`, `app.add_typer(users, name="users")` and `cli.add_command(users)`."""
    for call in file.calls("add_typer", "add_command"):
        source = "typer" if call.method == "add_typer" else "click"
        lines, target = Lines(start=call.line, end=call.line), call.value(0)
        yield command_fact(FactKind.MOUNT, call.text(1, "name"), source, lines, owner=call.receiver, target=target)
    for call in file.calls("command") if file.holds(*_TYPER) else ():
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
            text=call.text(-1, "help", "short_help") or (_purpose(symbol) if symbol else ""),
        )


def _click_option(item: Written, symbol: Symbol) -> Fact:
    names = [name for text in item.positional if (name := literal(text))]
    flags = [name for name in names if name.startswith("-")]
    name = ", ".join(flags) or (names[0] if names else "").upper()
    is_flag = item.named.get("is_flag") == "True" or (bool(flags) and "/" in flags[0])
    is_counted = item.named.get("count") == "True"
    return command_fact(
        FactKind.OPTION,
        name or "…",
        "click",
        symbol.lines,
        owner=symbol.name,
        type="flag" if is_flag else "count" if is_counted else _kind(item.named.get("type", "")),
        default=shown_default(item.named.get("default", "")),
        text=text_in(item.value(-1, "help")),
        symbol=symbol.name,
        marks=marks(argument=item.method == "argument", required=item.named.get("required") == "True"),
    )


def _kind(written: str) -> str:
    """A type in words: the values of a choice, and the plain name of a type of click's."""
    made = read_call(written)
    if made.method == "Choice":
        return " | ".join(texts_in(made.value(0))) or "choice"
    return written if made.receiver not in _CLICK else made.method


def _typer_option(parameter: Parameter, symbol: Symbol, is_callback: bool) -> Iterator[Fact]:
    annotated = re.match(r"^(?:\w+\.)?Annotated\[(.*)\]$", parameter.type, re.DOTALL)
    inner = read_call("x(" + annotated[1] + ")").positional if annotated else ()
    call = read_call(inner[1] if len(inner) > 1 else parameter.default)
    kind = inner[0] if inner else parameter.type
    if kind.endswith("Context") or parameter.name in {"self", "ctx"}:
        return
    if call.named.get("hidden") == "True":
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
        default="" if default == "..." else shown_default(default),
        text=text_in(call.value(-1, "help")),
        symbol=symbol.name,
        marks=marks(argument=is_argument, required=default == "..."),
    )
