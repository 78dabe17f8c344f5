"""What tools of provisioning declare in their own documents: Serverless, Ansible, Pulumi's YAML, Helm, Bicep. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from agents.codebase.structure.artefacts.yaml_outline import YamlEntry
from agents.contracts.base import Lines
from agents.contracts.facts import Fact, FactKind

_BICEP: Final = re.compile(
    r"^[^\S\n]*(?P<kind>resource|module)\s+(?P<name>\w+)\s+'(?P<type>[^'\n]+)'\s*=", re.MULTILINE
)


def placed_fact(kind: FactKind, name: str, source: str, entry: YamlEntry, **more: object) -> Fact:
    """A fact that stands where a document's entry does."""
    lines = Lines(start=entry.line, end=max(entry.line, entry.end))
    return Fact.model_validate({"kind": kind, "name": name, "source": source, "lines": lines, **more})


def below(entries: Sequence[YamlEntry], path: tuple[str, ...]) -> dict[str, str]:
    """The plain values directly below a place, by key."""
    return {
        entry.path[len(path)]: entry.value
        for entry in entries
        if len(entry.path) == len(path) + 1 and entry.path[: len(path)] == path
    }


def serverless_functions(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    """The functions of the Serverless Framework, each with its handler."""
    for entry in entries:
        if len(entry.path) == 2 and entry.path[0] == "functions":
            handler = below(entries, entry.path).get("handler", "")
            yield placed_fact(
                FactKind.RESOURCE, entry.path[1], "Serverless Framework", entry, type="function", target=handler
            )


def ansible_plays(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    """The plays of an Ansible playbook: what each is called, the hosts that it is for, the roles that it needs."""
    yield from (_play(keys) for keys in _keys_by_play(entries) if "hosts" in keys)


def _keys_by_play(entries: Sequence[YamlEntry]) -> Iterator[dict[str, list[YamlEntry]]]:
    """Each play's keys. An outline has no marks between items: a name or a repeated key begins a play."""
    keys: dict[str, list[YamlEntry]] = {}
    previous = ""
    for entry in entries:
        if len(entry.path) == 2:
            begins = entry.path[1] in keys or (entry.path[1] == "name" and previous not in {"", "hosts"})
            if begins:
                yield keys
                keys = {}
            previous = entry.path[1]
            keys[previous] = [entry]
        elif entry.path[:2] == ("[]", "roles") and entry.path[2:] in {("[]",), ("[]", "role")} and "roles" in keys:
            keys["roles"].append(entry)
    yield keys


def _play(keys: Mapping[str, Sequence[YamlEntry]]) -> Fact:
    hosts = keys["hosts"][0]
    name = keys["name"][0].value if "name" in keys else hosts.value
    marks = tuple(f"needs {role.value}" for role in keys.get("roles", ())[1:])
    return placed_fact(FactKind.RESOURCE, name, "Ansible", hosts, type="play", target=hosts.value, marks=marks)


def pulumi_resources(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    """The resources of a program in Pulumi's YAML."""
    types = {
        entry.path[1]: entry.value
        for entry in entries
        if entry.path[:1] == ("resources",) and entry.path[2:] == ("type",)
    }
    for entry in entries:
        if len(entry.path) == 2 and entry.path[0] == "resources" and entry.path[1] in types:
            yield placed_fact(FactKind.RESOURCE, entry.path[1], "Pulumi", entry, type=types[entry.path[1]])


def helm_chart(entries: Sequence[YamlEntry]) -> Iterator[Fact]:
    """A chart, with the charts that it needs."""
    needs = [entry.value for entry in entries if entry.path == ("dependencies", "[]", "name") and entry.value]
    for entry in entries:
        if entry.path == ("name",):
            marks = tuple(f"needs {chart}" for chart in dict.fromkeys(needs))
            yield placed_fact(FactKind.RESOURCE, entry.value, "Helm", entry, type="chart", marks=marks)


def bicep_resources(text: str) -> Iterator[Fact]:
    """The resources and modules of a Bicep file."""
    for match in _BICEP.finditer(text):
        line = text.count("\n", 0, match.start("kind")) + 1
        is_module = match["kind"] == "module"
        yield Fact(
            kind=FactKind.RESOURCE,
            name=match["name"],
            source="Bicep",
            lines=Lines(start=line, end=line),
            type="module" if is_module else match["type"],
            target=match["type"] if is_module else "",
        )
