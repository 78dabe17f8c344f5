"""YAML files: plain ones by their top-level keys, CI pipelines by their jobs."""

from __future__ import annotations

import yaml

from agents.codebase.structure.artefacts.parts import MAX_PARTS, Parts, comment_above, part, split_lines
from agents.codebase.structure.artefacts.plain_text import unreadable
from agents.codebase.structure.artefacts.yaml_outline import YamlEntry, outline
from agents.contracts.base import Lines
from agents.contracts.structure import Import, Symbol, SymbolKind

_GITLAB_KEYS = frozenset(
    {
        "stages",
        "variables",
        "include",
        "default",
        "workflow",
        "image",
        "services",
        "cache",
        "before_script",
        "after_script",
    }
    | {"pages:deploy", "spec"}
)

#: Where a file says in a sentence what it is: actions, charts, packages, OpenAPI.
_DESCRIPTIONS = (("description",), ("info", "description"), ("info", "title"))


def yaml_keys(text: str) -> Parts:
    """Top-level keys of every document."""
    try:
        entries = outline(text, 2)
    except yaml.YAMLError:
        return unreadable(text)
    lines = split_lines(text)
    keys = [entry for entry in entries if len(entry.path) == 1 and entry.path[0] != "[]"][:MAX_PARTS]
    doc, doc_lines = head_comment(lines, "#")
    if not doc:
        written = {entry.path: entry for entry in entries if entry.path in _DESCRIPTIONS and entry.value.strip()}
        described = [written[path] for path in _DESCRIPTIONS if path in written][:1]
        doc = " ".join(described[0].value.strip().partition("\n\n")[0].split())[:600] if described else ""
        doc_lines = Lines(start=described[0].line, end=described[0].end) if described else None
    return Parts(symbols=tuple(_key(entry, lines) for entry in keys), doc=doc, doc_lines=doc_lines)


def _key(entry: YamlEntry, lines: list[str], kind: SymbolKind = SymbolKind.KEY) -> Symbol:
    name = ".".join(entry.path)
    return part(name, kind, f"{name}: {entry.kind}", entry.line, entry.end, comment_above(lines, entry.line, "#"))


def head_comment(lines: list[str], marker: str) -> tuple[str, Lines | None]:
    """The comment on the first lines, when a blank line or a document's start follows it."""
    end = 0
    while end < len(lines) and lines[end].startswith(marker):
        end += 1
    if end == 0 or (end < len(lines) and lines[end].strip() not in {"", "---"}):
        return "", None
    doc = "\n".join(line.lstrip(marker[0]).strip() for line in lines[:end]).strip(" -=\n")
    return doc, Lines(start=1, end=end) if doc else None


def github_actions(text: str) -> Parts:
    """A workflow's triggers and jobs; the actions its steps use are its imports."""
    try:
        entries = outline(text, 5)
    except yaml.YAMLError:
        return unreadable(text)
    lines = split_lines(text)
    symbols: list[Symbol] = []
    names = {entry.path: entry for entry in entries if entry.path[-1] in {"name", "description"}}
    for entry in entries[: MAX_PARTS * 10]:
        if entry.path == ("on",) or entry.path == ("true",):
            symbols.append(part("on", SymbolKind.KEY, f"on: {_triggers(entries)}", entry.line, entry.end))
        elif len(entry.path) == 2 and entry.path[0] == "jobs":
            job_name = names.get((*entry.path, "name"))
            doc = job_name.value if job_name else comment_above(lines, entry.line, "#")
            symbols.append(part(entry.path[1], SymbolKind.JOB, f"job {entry.path[1]}", entry.line, entry.end, doc))
        elif len(entry.path) == 1 and entry.path[0] in {"inputs", "outputs", "runs", "env", "permissions"}:
            symbols.append(_key(entry, lines))
    imports = tuple(
        Import(target=entry.value, lines=Lines(start=entry.line, end=entry.line))
        for entry in entries
        if entry.path[-1] == "uses" and entry.value
    )
    titled = names.get(("name",))
    description = names.get(("description",)) or titled
    doc_lines = Lines(start=description.line, end=description.line) if description else None
    return Parts(tuple(symbols[:MAX_PARTS]), imports[:MAX_PARTS], description.value if description else "", doc_lines)


def _triggers(entries: list[YamlEntry]) -> str:
    names = [
        (entry.value if entry.path[1] == "[]" else entry.path[1])
        for entry in entries
        if len(entry.path) == 2 and entry.path[0] == "on"
    ]
    return ", ".join(names) or next((entry.value for entry in entries if entry.path == ("on",)), "")


def gitlab_ci(text: str) -> Parts:
    """A pipeline's stages and jobs; local includes are its imports."""
    try:
        entries = outline(text, 3)
    except yaml.YAMLError:
        return unreadable(text)
    lines = split_lines(text)
    stages = {entry.path[0]: entry.value for entry in entries if len(entry.path) == 2 and entry.path[1] == "stage"}
    symbols: list[Symbol] = []
    for entry in entries:
        if len(entry.path) == 2 and entry.path == ("stages", "[]"):
            symbols.append(
                part(f"stages.{entry.value}", SymbolKind.STAGE, f"stage {entry.value}", entry.line, entry.line)
            )
        elif len(entry.path) == 1 and entry.path[0] in _GITLAB_KEYS:
            symbols.append(_key(entry, lines))
        elif len(entry.path) == 1 and entry.kind == "mapping":
            name = entry.path[0]
            signature = f"job {name}" + (f" in stage {stages[name]}" if name in stages else "")
            doc = comment_above(lines, entry.line, "#")
            symbols.append(part(name, SymbolKind.JOB, signature, entry.line, entry.end, doc))
    imports = tuple(
        Import(target=entry.value, lines=Lines(start=entry.line, end=entry.line))
        for entry in entries
        if entry.path[0] == "include"
        and entry.value
        and entry.path[-1] in {"include", "[]", "local", "template", "file"}
    )
    doc, doc_lines = head_comment(lines, "#")
    return Parts(tuple(symbols[:MAX_PARTS]), imports[:MAX_PARTS], doc, doc_lines)
