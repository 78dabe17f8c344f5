"""Infrastructure in documents: compose, Kubernetes, CloudFormation, ASL, Terraform, Dockerfiles, CI jobs. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import partial
from typing import Final, TypeAlias

from agents.codebase.facts.infrastructure.ci_jobs import ci_jobs, ci_service
from agents.codebase.facts.infrastructure.provisioned import (
    ansible_plays,
    below,
    bicep_resources,
    helm_chart,
    placed_fact,
    pulumi_resources,
    serverless_functions,
)
from agents.codebase.structure.artefacts.yaml_outline import YamlEntry, readable_outline
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind
from agents.contracts.structure import Structure, Symbol, SymbolKind

_Belongs: TypeAlias = Callable[[str, Set[str], Sequence[YamlEntry]], bool]
_DEPTH = 16
_LONGEST = 400_000
_TERRAFORM = {"module": "module", "data": "data source", "provider": "provider"}
_WORDS = ("services:", "kind:", "Resources", "StartAt", "functions:", "resources:", "hosts:")
_CHART = re.compile(r"^Chart\.ya?ml$")
_JENKINS = re.compile(r"(?:^|/)jenkinsfile(?:[.-][\w.-]+)?$|\.jenkinsfile$", re.IGNORECASE)
_STAGE = re.compile(r"""^(?!\s*//).*?\bstage\s*\(?\s*(["'])([^"'\n]+)\1\s*\)?\s*\{""", re.MULTILINE)
_COMPOSE = re.compile(r"(?:^|[.-])compose[\w.-]*\.ya?ml$", re.IGNORECASE)


def is_document(path: str, language: str) -> bool:
    """Whether a file may hold infrastructure that only its text tells."""
    if any(pattern.search(path) for pattern in _TEXTS):
        return True
    return language in {"yaml", "json"} and not path.endswith((".lock", "package.json", "tsconfig.json"))


def infrastructure(path: str, structure: Structure, text: str = "") -> Iterator[Fact]:
    """What one file declares: resources, services, stages, jobs and states."""
    of_language = _LANGUAGES.get(structure.language)
    of_text = next((reader for pattern, reader in _TEXTS.items() if pattern.search(path)), None)
    if of_language is not None:
        yield from of_language(path, structure.symbols)
    elif of_text is not None:
        yield from of_text(text)
    elif is_document(path, structure.language) and len(text) <= _LONGEST and _may_declare(path, text):
        yield from _document(path, readable_outline(text, _DEPTH))


def _may_declare(path: str, text: str) -> bool:
    by_name = ci_service(path) or _CHART.match(posixpath.basename(path))
    return bool(by_name) or any(word in text for word in _WORDS)


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


def _jobs(source: str, _: str, symbols: Sequence[Symbol]) -> Iterator[Fact]:
    yield from (_of_symbol(FactKind.JOB, symbol, source) for symbol in symbols if symbol.kind is SymbolKind.JOB)


def _helm_template(path: str, symbols: Sequence[Symbol]) -> Iterator[Fact]:
    """The kinds of resources that a template writes, under the template's name: theirs is known once it is rendered."""
    stem = posixpath.basename(path).partition(".")[0]
    kinds = (symbol for symbol in symbols if symbol.kind is SymbolKind.KEY)
    yield from (_of_symbol(FactKind.RESOURCE, symbol, "Helm", name=stem, type=symbol.name) for symbol in kinds)


def _terraform(_: str, symbols: Sequence[Symbol]) -> Iterator[Fact]:
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


def _dockerfile(_: str, symbols: Sequence[Symbol]) -> Iterator[Fact]:
    for symbol in symbols:
        if symbol.kind is SymbolKind.STAGE:
            base = symbol.signature.split()
            image = next((word for word in base[1:] if not word.startswith("--")), "")
            yield _of_symbol(FactKind.RESOURCE, symbol, "Dockerfile", type="stage", target=image)
        elif symbol.name in {"EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK"}:
            value = symbol.signature.partition(" ")[2]
            yield _of_symbol(FactKind.RESOURCE, symbol, "Dockerfile", type=symbol.name, target=value)


def _document(path: str, entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    service = ci_service(path)
    if service:
        for job, entry in ci_jobs(service, entries):
            yield placed_fact(FactKind.JOB, job, service, entry)
        return
    top = frozenset(entry.path[0] for entry in entries if len(entry.path) == 1)
    name = posixpath.basename(path)
    reader = next((reader for belongs, reader in _DOCUMENTS if belongs(name, top, entries)), None)
    if reader is not None:
        yield from reader(entries)


def _is_compose(name: str, top: Set[str], entries: Sequence[YamlEntry]) -> bool:
    return "services" in top and (bool(_COMPOSE.search(name)) or _has(entries, "services", {"image", "build"}))


def _is_template(_: str, top: Set[str], entries: Sequence[YamlEntry]) -> bool:
    return "Resources" in top and _has(entries, "Resources", {"Type"})


def _is_playbook(_: str, __: Set[str], entries: Sequence[YamlEntry]) -> bool:
    return any(entry.path == ("[]", "hosts") for entry in entries)


def _with_keys(*keys: str) -> _Belongs:
    wanted = frozenset(keys)
    return lambda _, top, __: top >= wanted


def _has(entries: Sequence[YamlEntry], top: str, keys: set[str]) -> bool:
    return any(len(entry.path) == 3 and entry.path[0] == top and entry.path[2] in keys for entry in entries)


def _compose(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    for entry in entries:
        if len(entry.path) == 2 and entry.path[0] == "services":
            own = below(entries, entry.path)
            needs = [
                item.value or item.path[3]
                for item in entries
                if item.path[:3] == (*entry.path, "depends_on") and len(item.path) == 4
            ]
            built = own.get("image") or ("build " + (own.get("build") or "")).strip() * ("build" in own)
            yield placed_fact(
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
            yield placed_fact(
                FactKind.RESOURCE, entry.path[1], "SAM" if sam else "CloudFormation", entry, type=types[entry.path[1]]
            )


def _kubernetes(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    kind: YamlEntry | None = None
    for entry in entries:
        if entry.path == ("kind",):
            kind = entry
        elif entry.path == ("metadata", "name") and kind is not None and entry.value:
            yield placed_fact(FactKind.RESOURCE, entry.value, "Kubernetes", entry, type=kind.value)


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
            own = below(entries, entry.path)
            if own.get("Type"):
                yield placed_fact(
                    FactKind.STATE,
                    entry.path[-1],
                    "state machine",
                    entry,
                    type=own["Type"],
                    text=own.get("Comment", ""),
                    nexts=tuple(dict.fromkeys(nexts.get(entry.path, ()))),
                    marks=("start",) if entry.path == ("States", start) else (),
                )


_LANGUAGES: Final[Mapping[str, Callable[[str, Sequence[Symbol]], Iterator[Fact]]]] = {
    "github-actions": partial(_jobs, "GitHub Actions"),
    "gitlab-ci": partial(_jobs, "GitLab CI"),
    "terraform": _terraform,
    "dockerfile": _dockerfile,
    "helm": _helm_template,
}
_TEXTS: Final[Mapping[re.Pattern[str], Callable[[str], Iterator[Fact]]]] = {
    _JENKINS: _jenkins,
    re.compile(r"\.bicep$"): bicep_resources,
}
#: Documents by what they are called or hold, the first that fits.
_DOCUMENTS: Final[Sequence[tuple[_Belongs, Callable[[Sequence[YamlEntry]], Iterator[Fact]]]]] = (
    (lambda name, _, __: bool(_CHART.match(name)), helm_chart),
    (_is_compose, _compose),
    (_with_keys("StartAt", "States"), _states),
    (_is_template, _cloudformation),
    (_with_keys("apiVersion", "kind"), _kubernetes),
    (_with_keys("service", "provider", "functions"), serverless_functions),
    (_with_keys("name", "runtime", "resources"), pulumi_resources),
    (_is_playbook, ansible_plays),
)
