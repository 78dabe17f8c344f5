"""Dockerfiles and Makefiles: stages and what they start, targets and what they need."""

from __future__ import annotations

import re
from itertools import pairwise

from agents.codebase.structure.artefacts.parts import MAX_PARTS, Parts, comment_above, part, split_lines
from agents.codebase.structure.artefacts.yaml_keys import head_comment
from agents.contracts.base import Lines
from agents.contracts.structure import Import, Symbol, SymbolKind

_FROM = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
#: A here-document's closing word, where it begins.
_HERE = re.compile(r"(?<!<)<<-?[\"']?([A-Za-z_]\w{0,60})")
_TOLD = ("ENTRYPOINT", "CMD", "EXPOSE")
_INCLUDE = re.compile(r"-?s?include\s+(\S.*)")
_NOT_TARGETS = ("\t", " ", "#", ".", "$", "@", "-", "define", "export", "ifeq", "ifneq", "ifdef", "else", "endif")


def dockerfile(text: str) -> Parts:
    """Stages up to the next, and what the image starts and exposes."""
    lines = split_lines(text)
    symbols: list[Symbol] = []
    imports: list[Import] = []
    stages: list[int] = []
    for line, end, instruction in _instructions(lines):
        word = instruction.split(None, 1)[0].upper()
        started = _FROM.match(instruction)
        if started and len(stages) < MAX_PARTS:
            image, name = started.group(1), started.group(2)
            stages.append(len(symbols))
            doc = comment_above(lines, line, "#")
            symbols.append(part(name or image, SymbolKind.STAGE, instruction, line, len(lines), doc))
            imports.append(Import(target=image, names=(name,) if name else (), lines=Lines(start=line, end=end)))
        elif word in _TOLD and len(symbols) < MAX_PARTS:
            doc = comment_above(lines, line, "#")
            symbols.append(part(word, SymbolKind.KEY, instruction, line, end, doc))
    for earlier, later in pairwise(stages):
        stage = symbols[earlier]
        last = max(stage.lines.start, symbols[later].lines.start - 1)
        symbols[earlier] = stage.model_copy(update={"lines": Lines(start=stage.lines.start, end=last)})
    doc, doc_lines = head_comment(lines, "#")
    if doc.lower().startswith(("syntax=", "escape=")):
        doc, doc_lines = "", None
    return Parts(tuple(symbols), tuple(imports), doc, doc_lines)


def _instructions(lines: list[str]) -> list[tuple[int, int, str]]:
    """Instructions with their continued lines joined; a here-document belongs to what begins it."""
    instructions: list[tuple[int, int, str]] = []
    pieces: list[str] = []
    start = 0
    words = {line.lstrip("\t") for line in lines}
    closing: list[str] = []
    for at, line in enumerate(lines, 1):
        if closing:
            if line.lstrip("\t") == closing[0]:
                del closing[0]
            if not closing:
                instructions[-1] = (instructions[-1][0], at, instructions[-1][2])
            continue
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if not pieces:
            start = at
        pieces.append(stripped.removesuffix("\\").strip())
        if not stripped.endswith("\\"):
            instruction = " ".join(piece for piece in pieces[:50] if piece) or "-"
            instructions.append((start, at, instruction))
            if instruction[:4].upper() in {"RUN ", "COPY", "ADD "}:
                # One that nothing closes is none.
                closing = [word for word in _HERE.findall(instruction) if word in words]
            pieces = []
    return instructions


def makefile(text: str) -> Parts:
    """Targets with their `##` help or the comment above; prerequisites are what they call."""
    lines = split_lines(text)
    symbols: list[Symbol] = []
    imports: list[Import] = []
    defined = False
    for at, line in enumerate(lines, 1):
        if line.startswith("define ") or (defined and line.startswith("endef")):
            defined = line.startswith("define ")
        elif defined:
            continue
        elif included := _INCLUDE.match(line):
            imports += [Import(target=name, lines=Lines(start=at, end=at)) for name in included.group(1).split()[:20]]
        elif target := _target(line):
            names, needs, help_text = target
            end = at
            while end < len(lines) and lines[end].startswith("\t"):
                end += 1
            symbols += [
                part(
                    name,
                    SymbolKind.TARGET,
                    f"{name}:{needs and ' '}{needs}",
                    at,
                    end,
                    help_text or comment_above(lines, at, "#"),
                ).model_copy(update={"calls": tuple(dict.fromkeys(needs.split()))[:40]})
                for name in names
            ]
        if len(symbols) + len(imports) > MAX_PARTS:
            break
    doc, doc_lines = head_comment(lines, "#")
    return Parts(tuple(symbols), tuple(imports), doc, doc_lines)


def _target(line: str) -> tuple[list[str], str, str] | None:
    """A rule's targets, prerequisites and help."""
    head, colon, rest = line.partition(":")
    if not colon or not head.strip() or line.startswith(_NOT_TARGETS) or rest.startswith("=") or "=" in head:
        return None
    rule, _, help_text = rest.lstrip(":").partition("##")
    if re.match(r"\s*[\w.]+\s*[:?+]?=", rule):
        return None
    needs = rule.partition("#")[0].partition(";")[0].replace("|", " ").strip()
    return head.split()[:20], " ".join(needs.split()), help_text.strip()
