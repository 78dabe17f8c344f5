"""Infrastructure in documents: compose, Kubernetes, CloudFormation, ASL, Terraform, Dockerfiles, CI jobs. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

import yaml

from agents.codebase.structure.artefacts.yaml_outline import YamlEntry, outline
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure, Symbol, SymbolKind

_DEPTH = 16
_LONGEST = 400_000
_CI = {"github-actions": "GitHub Actions", "gitlab-ci": "GitLab CI"}
_TERRAFORM = {"module": "module", "data": "data source", "provider": "provider"}
_WORDS = ("services:", "kind:", "Resources", "StartAt", "jobs:")
_JENKINS = re.compile(r"(?:^|/)jenkinsfile(?:[.-][\w.-]+)?$|\.jenkinsfile$", re.IGNORECASE)
_STAGE = re.compile(r"""^(?!\s*//).*?\bstage\s*\(?\s*(["'])([^"'\n]+)\1\s*\)?\s*\{""", re.MULTILINE)
_COMPOSE = re.compile(r"(?:^|[.-])compose[\w.-]*\.ya?ml$", re.IGNORECASE)


def is_document(path: str, language: str) -> bool:
    """Whether a file may hold infrastructure that only its text tells."""
    if _JENKINS.search(path):
        return True
    return language in {"yaml", "json"} and not path.endswith((".lock", "package.json", "tsconfig.json"))


def infrastructure(path: str, structure: Structure, text: str = "") -> Iterator[Fact]:
    """What one file declares: resources, services, stages, jobs and states."""
    language = structure.language
    if language in _CI:
        for symbol in structure.symbols:
            if symbol.kind is SymbolKind.JOB:
                yield _of_symbol(FactKind.JOB, symbol, _CI[language])
    elif language == "terraform":
        yield from _terraform(structure.symbols)
    elif _JENKINS.search(path):
        yield from _jenkins(text)
    elif language == "dockerfile":
        yield from _dockerfile(structure.symbols)
    elif is_document(path, language) and len(text) <= _LONGEST and any(word in text for word in _WORDS):
        try:
            entries = outline(text, _DEPTH)
        except (yaml.YAMLError, ValueError, RecursionError):
            return
        yield from _document(path, entries)


def _of_symbol(kind: FactKind, symbol: Symbol, source: str, **more: object) -> Fact:
    return Fact.model_validate(
        {
            "kind": kind,
            "name": symbol.name,
            "source": source,
            "lines": symbol.lines,
            "symbol": symbol.name,
            "text": symbol.doc,
            **more,
        }
    )


def _terraform(symbols: Sequence[Symbol]) -> Iterator[Fact]:
    for symbol in symbols:
        words = symbol.signature.replace('"', "").split()
        if words[:1] == ["resource"] and len(words) > 2:
            yield _of_symbol(FactKind.RESOURCE, symbol, "Terraform", type=words[1])
        elif words and words[0] in _TERRAFORM:
            yield _of_symbol(FactKind.RESOURCE, symbol, "Terraform", type=_TERRAFORM[words[0]], target=symbol.target)


def _jenkins(text: str) -> Iterator[Fact]:
    """The stages of a pipeline."""
    for match in _STAGE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        lines = Lines(start=line, end=line)
        yield Fact(kind=FactKind.JOB, name=match[2], source="Jenkins", lines=lines)


def _dockerfile(symbols: Sequence[Symbol]) -> Iterator[Fact]:
    for symbol in symbols:
        if symbol.kind is SymbolKind.STAGE:
            base = symbol.signature.split()
            image = next((word for word in base[1:] if not word.startswith("--")), "")
            yield _of_symbol(FactKind.RESOURCE, symbol, "Dockerfile", type="stage", target=image)
        elif symbol.name in {"EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
            value = symbol.signature.partition(" ")[2]
            yield _of_symbol(FactKind.RESOURCE, symbol, "Dockerfile", type=symbol.name, target=value)


def _document(path: str, entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    top = {entry.path[0] for entry in entries if len(entry.path) == 1}
    name = posixpath.basename(path)
    if "services" in top and (_COMPOSE.search(name) or _has(entries, "services", {"image", "build"})):
        yield from _compose(entries)
    elif {"StartAt", "States"} <= top:
        yield from _states(entries)
    elif "Resources" in top and _has(entries, "Resources", {"Type"}):
        yield from _cloudformation(entries)
    elif {"apiVersion", "kind"} <= top:
        yield from _kubernetes(entries)
    elif "jobs" in top and path.endswith(".circleci/config.yml"):
        for entry in entries:
            if len(entry.path) == 2 and entry.path[0] == "jobs":
                yield _fact(FactKind.JOB, entry.path[1], "CircleCI", entry)


def _has(entries: Sequence[YamlEntry], top: str, keys: set[str]) -> bool:
    return any(len(entry.path) == 3 and entry.path[0] == top and entry.path[2] in keys for entry in entries)


def _fact(kind: FactKind, name: str, source: str, entry: YamlEntry, **more: object) -> Fact:
    lines = Lines(start=entry.line, end=max(entry.line, entry.end))
    return Fact.model_validate({"kind": kind, "name": name, "source": source, "lines": lines, **more})


def _below(entries: Sequence[YamlEntry], path: tuple[str, ...]) -> dict[str, str]:
    return {
        entry.path[len(path)]: entry.value
        for entry in entries
        if len(entry.path) == len(path) + 1 and entry.path[: len(path)] == path
    }


def _compose(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    for entry in entries:
        if len(entry.path) == 2 and entry.path[0] == "services":
            own = _below(entries, entry.path)
            needs = [
                item.value or item.path[3]
                for item in entries
                if item.path[:3] == (*entry.path, "depends_on") and len(item.path) == 4
            ]
            built = own.get("image") or ("build " + (own.get("build") or "")).strip() * ("build" in own)
            yield _fact(
                FactKind.RESOURCE,
                entry.path[1],
                "compose",
                entry,
                type="service",
                target=built,
                marks=tuple(f"needs {item}" for item in dict.fromkeys(needs)),
            )


def _cloudformation(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    sam = any(entry.path == ("Transform",) for entry in entries)
    types = {entry.path[1]: entry.value for entry in entries if len(entry.path) == 3 and entry.path[2] == "Type"}
    for entry in entries:
        if len(entry.path) == 2 and entry.path[0] == "Resources" and "::" in types.get(entry.path[1], ""):
            yield _fact(
                FactKind.RESOURCE, entry.path[1], "SAM" if sam else "CloudFormation", entry, type=types[entry.path[1]]
            )


def _kubernetes(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    kind: YamlEntry | None = None
    for entry in entries:
        if entry.path == ("kind",):
            kind = entry
        elif entry.path == ("metadata", "name") and kind is not None and entry.value:
            yield _fact(FactKind.RESOURCE, entry.value, "Kubernetes", entry, type=kind.value)


def _states(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    """The states of an Amazon States Language document, with the states that each leads to."""
    start = next((entry.value for entry in entries if entry.path == ("StartAt",)), "")
    nexts: dict[tuple[str, ...], list[str]] = {}
    for entry in entries:
        if "States" in entry.path and entry.path[-1] in {"Next", "Default"} and entry.value:
            at = len(entry.path) - 1 - entry.path[::-1].index("States")
            nexts.setdefault(entry.path[: at + 2], []).append(entry.value)
    for entry in entries:
        if len(entry.path) > 1 and entry.path[-2] == "States":
            own = _below(entries, entry.path)
            if own.get("Type"):
                yield _fact(
                    FactKind.STATE,
                    entry.path[-1],
                    "state machine",
                    entry,
                    type=own["Type"],
                    text=own.get("Comment", ""),
                    nexts=tuple(dict.fromkeys(nexts.get(entry.path, ()))),
                    marks=("start",) if entry.path == ("States", start) else (),
                )
