"""Loads, renders and inspects the state machine: pure functions of its text, standard library only."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

JsonObject = dict[str, Any]

DEFINITION_FILE = Path(__file__).with_name("documentation.asl.json")
#: Only this form is a placeholder: `$states`, `$$.Task.Token` and `$.path` are the language's own.
_PLACEHOLDER = re.compile(r"\$\{([A-Za-z][A-Za-z0-9]*)\}")


class PlaceholderMismatch(ValueError):
    """The values supplied are not exactly the placeholders in the file; the message names each."""


class Machine(NamedTuple):
    """A StartAt with its States: the whole machine, a branch of a Parallel, or a Map's item processor."""

    path: str
    start_at: str
    states: Mapping[str, JsonObject]


class State(NamedTuple):
    """A state, its name, and where it stands, such as `AnalyseFiles/AnalyseBatch`."""

    path: str
    name: str
    body: JsonObject


def load(path: Path = DEFINITION_FILE) -> JsonObject:
    """The definition as it stands in the file, placeholders unfilled."""
    loaded: JsonObject = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def placeholders(definition: JsonObject) -> set[str]:
    """The names of every `${Name}` in the definition's strings."""
    names: set[str] = set()

    def collect(text: str) -> str:
        names.update(_PLACEHOLDER.findall(text))
        return text

    _map_strings(definition, collect)
    return names


def render(definition: JsonObject, values: Mapping[str, str]) -> str:
    """The definition as JSON text with every placeholder filled.

    Raises:
        PlaceholderMismatch: a placeholder has no value, or a value has no placeholder.
    """
    wanted = placeholders(definition)
    problems = [f"no value for ${{{name}}}" for name in sorted(wanted - set(values))]
    problems += [f"no placeholder for the value {name}" for name in sorted(set(values) - wanted)]
    if problems:
        raise PlaceholderMismatch("; ".join(problems))
    filled = _map_strings(definition, lambda text: _PLACEHOLDER.sub(lambda match: values[match[1]], text))
    return json.dumps(filled, indent=2)


def machines(definition: JsonObject, path: str = "") -> Iterator[Machine]:
    """The machine itself, then every machine nested in it."""
    yield Machine(path, definition["StartAt"], definition["States"])
    for name, body in definition["States"].items():
        items = [body[name] for name in ("ItemProcessor", "Iterator") if name in body]
        nested = [*body.get("Branches", []), *items]
        for inner in nested:
            yield from machines(inner, f"{path}{name}/")


def states(definition: JsonObject) -> Iterator[State]:
    """Every state, those of branches and item processors included."""
    for machine in machines(definition):
        for name, body in machine.states.items():
            yield State(machine.path + name, name, body)


def successors(body: JsonObject) -> set[str]:
    """The names of the states that may follow: by Next, Default, a choice or a catcher."""
    rules = [body, *body.get("Choices", []), *body.get("Catch", [])]
    return {rule["Next"] for rule in rules if "Next" in rule} | ({body["Default"]} if "Default" in body else set())


def reachable(start_at: str, states: Mapping[str, JsonObject]) -> set[str]:
    """The names of the states that an execution may enter when it begins at one of them."""
    reached: set[str] = set()
    waiting = [start_at]
    while waiting:
        name = waiting.pop()
        if name in states and name not in reached:
            reached.add(name)
            waiting.extend(successors(states[name]))
    return reached


def comparisons(choice: JsonObject) -> Iterator[JsonObject]:
    """The comparisons of a choice in the order in which they are read, those inside And, Or and Not included."""
    nested = [*choice.get("And", []), *choice.get("Or", []), *([choice["Not"]] if "Not" in choice else [])]
    if not nested:
        yield choice
    for inner in nested:
        yield from comparisons(inner)


def _map_strings(node: Any, change: Callable[[str], str]) -> Any:
    if isinstance(node, str):
        return change(node)
    if isinstance(node, list):
        return [_map_strings(item, change) for item in node]
    if isinstance(node, dict):
        return {key: _map_strings(value, change) for key, value in node.items()}
    return node
