"""Command lines that Rust declares with clap, by derive and by builder."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agents.codebase.facts.commands.command_facts import command_fact, dashed
from agents.codebase.facts.file import ParsedCode, place
from agents.codebase.facts.written import Written, literal, read_call, shown_default
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Symbol, SymbolKind

_IMPORTED = re.compile(rb"\buse\s+clap\s*::[^;]{0,1000}(?:\b(?:Command|App)\b|\*)")
_NO_OPTION = frozenset({"subcommand", "flatten", "skip"})
_DERIVED = frozenset({"Parser", "Args", "Subcommand", "StructOpt"})


def derived_commands(file: ParsedCode) -> Iterator[Fact]:
    """clap's derive: a struct is a command, its fields are options, an enum's variants are subcommands."""
    for symbol, attributes in file.decorated:
        derive = next((item for item in attributes if item.name == "derive"), None)
        if derive is None or not _DERIVED.intersection(part.rpartition("::")[2] for part in derive.positional):
            continue
        about = next((item for item in attributes if item.method in {"command", "clap", "structopt"}), Written(""))
        members = [item for item in file.symbols if item.name.rpartition(".")[0] == symbol.name]
        below = next((_last_type(item.type) for item in members if _is_subcommand(item)), "")
        is_command = below or any(part.rpartition("::")[2] in {"Parser", "StructOpt"} for part in derive.positional)
        if is_command and symbol.kind is SymbolKind.STRUCT:
            yield command_fact(
                FactKind.COMMAND,
                about.text(-1, "name") or symbol.name,
                "clap",
                symbol.lines,
                owner=symbol.name,
                symbol=symbol.name,
                target=below,
                text=about.text(-1, "about") or symbol.doc,
            )
        for member in members:
            if symbol.kind is SymbolKind.ENUM and member.kind is SymbolKind.VARIANT:
                yield from _variant(member, symbol, file)
            elif symbol.kind is SymbolKind.STRUCT and member.kind is SymbolKind.FIELD:
                yield from _derived_option(member, symbol)


def _variant(member: Symbol, owner: Symbol, file: ParsedCode) -> Iterator[Fact]:
    """A subcommand, what holds its arguments or leads to its own subcommands, and the options in its braces."""
    given = [read_call(text) for text in member.decorators]
    about = next((item for item in given if item.method in {"command", "clap", "structopt"}), Written(""))
    if about.named.get("hide") == "true" or "external_subcommand" in about.positional:
        return
    inner = [item for item in file.symbols if item.name.rpartition(".")[0] == member.name]
    below = next((_last_type(item.type) for item in inner if _is_subcommand(item)), "")
    payload = re.match(r"\w+\s*\(([^()]*)\)", member.signature)
    plain = dashed(member.name.rpartition(".")[2])
    yield command_fact(
        FactKind.COMMAND,
        about.text(-1, "name") or plain,
        "clap",
        member.lines,
        owner=owner.name,
        symbol=member.name,
        target=below or (_last_type(payload[1]) if payload else ""),
        text=about.text(-1, "about") or member.doc,
    )
    for item in inner:
        yield from _derived_option(item, member)


def _is_subcommand(member: Symbol) -> bool:
    return any("subcommand" in item.positional for item in map(read_call, member.decorators))


def _last_type(written: str) -> str:
    """`Add` of `Box<cli::Add>`."""
    names = re.findall(r"\w+", re.sub(r"#\[[^\]]*\]", "", written))
    return names[-1] if names else ""


def _derived_option(member: Symbol, owner: Symbol) -> Iterator[Fact]:
    calls = [read_call(text) for text in member.decorators]
    if any(_NO_OPTION.intersection(item.positional) or item.named.get("hide") == "true" for item in calls):
        return
    arg = next((item for item in calls if item.method in {"arg", "clap", "structopt"}), Written(""))
    plain = member.name.rpartition(".")[2].replace("_", "-")
    long = arg.text(-1, "long") or (plain if "long" in arg.positional else "")
    short = literal(arg.named.get("short", "")) or (plain[0] if "short" in arg.positional else "")
    flags = [f"--{long}"] * bool(long) + [f"-{short}"] * bool(short)
    yield command_fact(
        FactKind.OPTION,
        ", ".join(flags) or plain.upper(),
        "clap",
        member.lines,
        owner=owner.name,
        type=member.type,
        default=shown_default(arg.value(-1, "default_value", "default_value_t")),
        symbol=member.name,
        text=arg.text(-1, "help") or member.doc,
        marks=() if flags else ("argument",),
    )


def built_commands(file: ParsedCode) -> Iterator[Fact]:
    # A process that a program starts is a `Command` as well.
    is_claps = _IMPORTED.search(file.source) is not None
    for call in file.calls("new"):
        kind = {"Command.new": FactKind.COMMAND, "App.new": FactKind.COMMAND, "Arg.new": FactKind.OPTION}.get(
            call.name.removeprefix("clap.")
        )
        name = call.text(0)
        if kind is None or not name or not (is_claps or call.name.startswith("clap.")):
            continue
        later = {item.method: item for item in call.after()}
        words_given = next((later[key].text(0) for key in ("about", "help") if key in later), "")
        symbol = file.symbol_at(call.line)
        outer = [
            item.text(0)
            for around in call.around()
            for item in (around, *around.chain())
            if item.method == "new" and item.name.endswith(("Command.new", "App.new"))
        ]
        owner = " ".join(reversed(outer))
        if kind is FactKind.COMMAND:
            name = f"{owner} {name}".strip()
            yield command_fact(kind, name, "clap", place(call), owner=name, symbol=symbol, text=words_given)
            continue
        flags = [f"--{later['long'].text(0) or name}"] if "long" in later else []
        if "short" in later:
            flags.append(f"-{literal(later['short'].value(0)) or name[0]}")
        default = shown_default(later["default_value"].value(0)) if "default_value" in later else ""
        yield command_fact(
            kind,
            ", ".join(flags) or name.upper(),
            "clap",
            place(call),
            text=words_given,
            symbol=symbol,
            default=default,
            owner=owner,
            marks=() if flags else ("argument",),
        )
