"""Holds every JSONPath of the state machine against the contracts, and every read against what was written before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from agents.contracts import batch_inference
from agents.contracts import states as contracts
from agents.contracts.approval import AwaitApprovalOutput
from agents.contracts.snapshot import PlannedBatch
from agents.roster import ROSTER
from agents.settings import REQUEST_VARIABLE
from agents.shells.states import RUN_KEY
from workflow.definition import JsonObject, Machine, State, comparisons, load, machines, states, successors
from workflow.integrations import TASK_SYNC, TASK_TOKEN

_PATH = re.compile(r"\$\$?(?:\.[A-Za-z_]\w*|\[\d+\])*")
_QUOTED = re.compile(r"'[^']*'")
#: What a person's decision answers a task token with.
INTEGRATION_RESULTS = {
    "arn:aws:states:::lambda:invoke.waitForTaskToken": {f"$.{name}" for name in AwaitApprovalOutput.model_fields},
}
#: What the context object offers anywhere; the task token and the map's item are allowed where they exist.
CONTEXT_PATHS = {"$$.Execution.Id", "$$.Execution.Name", "$$.State.RetryCount"}
#: Texts that AWS writes, or DynamoDB's form of a number: no contract of ours lists their values.
TEXTS_OF_AWS = {"$.failure.Error", "$.plan.batches"}
ITEM = "$$.Map.Item.Value."
TOKEN = "$$.Task.Token"
#: FailSession runs the closer, whose contract for it has its name.
PATH_FIELDS = (
    "InputPath",
    "OutputPath",
    "ItemsPath",
    "MaxConcurrencyPath",
    "TimeoutSecondsPath",
    "HeartbeatSecondsPath",
    "SecondsPath",
)


class Read(NamedTuple):
    """A path and the field of the state that reads it."""

    where: str
    path: str


class UnknownPath(Exception):
    """The path leads to no field of its contract."""


def problems(definition: JsonObject) -> list[str]:
    """Every path that leads nowhere, and every value that its contract does not know."""
    found: list[str] = []
    for machine, payload in _machines_with_payload(definition):
        for name, body in machine.states.items():
            state = State(machine.path + name, name, body)
            found += [f"{state.path}: {problem}" for problem in _state_problems(state, payload)]
        found += _unwritten(machine, payload)
    return found


def _machines_with_payload(definition: JsonObject) -> Iterator[tuple[Machine, type[BaseModel]]]:
    for machine in machines(definition):
        in_map = machine.path.startswith("AnalyseFiles/")
        yield machine, contracts.MapItem if in_map else contracts.ExecutionPayload


def _state_problems(state: State, payload: type[BaseModel]) -> Iterator[str]:
    for where, path in _reads(state.body):
        yield from _refused(payload, where, path, state.body)
    for choice in state.body.get("Choices", []):
        for comparison in comparisons(choice):
            yield from _choice_problems(payload, comparison)
    yield from _result_problems(state, payload)
    yield from _input_problems(state)


def _reads(body: JsonObject) -> Iterator[Read]:
    """Every path that is read from the state's input or the context object."""
    for field in (*PATH_FIELDS, "ErrorPath", "CausePath"):
        if body.get(field) is not None:
            yield Read(field, body[field])
    for field in ("Parameters", "ItemSelector"):
        yield from _dynamic(field, body.get(field, {}))
    for field in ("ItemReader", "ResultWriter"):
        yield from _dynamic(field, body.get(field, {}).get("Parameters", {}))


def _dynamic(where: str, node: Any) -> Iterator[Read]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key.endswith(".$"):
                yield from (Read(f"{where}.{key}", path) for path in paths_in(value))
            else:
                yield from _dynamic(f"{where}.{key}", value)
    elif isinstance(node, list):
        for index, item in enumerate(node):
            yield from _dynamic(f"{where}[{index}]", item)


def paths_in(expression: str) -> list[str]:
    """The paths in a `.$` value: one, or the arguments of an intrinsic function."""
    if not expression.startswith(("$", "States.")):
        return [expression]
    return _PATH.findall(_QUOTED.sub("''", expression))


def _refused(payload: type[BaseModel], where: str, path: str, body: JsonObject) -> Iterator[str]:
    if path.startswith("$$"):
        if path.startswith(ITEM) and where.startswith("ItemSelector"):
            known = path.removeprefix(ITEM) in PlannedBatch.model_fields
        elif path == TOKEN:
            known = str(body.get("Resource", "")).endswith(".waitForTaskToken")
        else:
            known = path in CONTEXT_PATHS
        if not known:
            yield f"{where} reads {path}, which the context object does not have here"
        return
    try:
        resolve(payload, path)
    except UnknownPath as unknown:
        yield f"{where} reads {path}: {unknown}"


def resolve(payload: type[BaseModel], path: str) -> Any:
    """The type of the field that the path leads to.

    Raises:
        UnknownPath: there is no such field.
    """
    if not path.startswith("$") or "[" in path:
        raise UnknownPath(f"{path} is no path of the reference form")
    kind: Any = payload
    for part in path.split(".")[1:]:
        kind = _plain(kind)
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            raise UnknownPath(f"{part} is asked of {kind}, which has no fields")
        named = {field.alias or name: field for name, field in kind.model_fields.items()}
        if part not in named:
            raise UnknownPath(f"{kind.__name__} has no field {part}")
        kind = named[part].annotation
    return _plain(kind)


def _plain(kind: Any) -> Any:
    if get_origin(kind) in {Union, UnionType}:
        (kind,) = [option for option in get_args(kind) if option is not NoneType]
    return kind


def _compared(choice: Mapping[str, Any]) -> Iterator[str]:
    """The paths that a choice reads: its variable, and what that is compared with."""
    yield choice["Variable"]
    yield from (path for name, path in choice.items() if name.endswith("Path") and name != "Variable")


def _choice_problems(payload: type[BaseModel], choice: Mapping[str, Any]) -> Iterator[str]:
    try:
        kind = resolve(payload, choice["Variable"])
    except UnknownPath as unknown:
        yield f"a choice reads {choice['Variable']}: {unknown}"
        return
    for path in list(_compared(choice))[1:]:
        try:
            resolve(payload, path)
        except UnknownPath as unknown:
            yield f"a choice reads {path}: {unknown}"
    if "StringEquals" not in choice or choice["Variable"] in TEXTS_OF_AWS:
        return
    if isinstance(kind, type) and issubclass(kind, Enum):
        allowed = {str(member.value) for member in kind}
    else:
        allowed = (
            {str(getattr(value, "value", value)) for value in get_args(kind)} if get_origin(kind) is Literal else set()
        )
    if choice["StringEquals"] not in allowed:
        yield f"{choice['Variable']} is never {choice['StringEquals']!r}, only one of {sorted(allowed)}"


def _result_problems(state: State, payload: type[BaseModel]) -> Iterator[str]:
    body = state.body
    for catcher in body.get("Catch", []):
        if _target(payload, catcher["ResultPath"]) is not contracts.FailureState:
            yield f"a catcher writes {catcher['ResultPath']}, which is no FailureState"
    selector = body.get("ResultSelector", {})
    for key, path in selector.items():
        if not all(_in_result(state, each) for each in paths_in(path)):
            yield f"ResultSelector.{key} reads {path}, which {body.get('Resource', body['Type'])} does not answer"
    made = selector or (body.get("Parameters", {}) if body["Type"] == "Pass" else {})
    written = {key.removesuffix(".$") for key in made} or set(body.get("Result", {}))
    if body.get("ResultPath") and (made or "Result" in body):
        target = _target(payload, body["ResultPath"])
        if target is None:
            yield f"ResultPath {body['ResultPath']} is no field of {payload.__name__}"
        elif missing := written - set(target.model_fields):
            yield f"ResultPath {body['ResultPath']}: {target.__name__} has no {sorted(missing)}"


def _target(payload: type[BaseModel], path: str) -> type[BaseModel] | None:
    try:
        kind = resolve(payload, path)
    except UnknownPath:
        return None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def _contract(name: str) -> type[BaseModel]:
    """A state's input or output, by name; those of a batch inference job have a module of their own."""
    found: type[BaseModel] = getattr(contracts, name, None) or getattr(batch_inference, name)
    return found


def _in_result(state: State, path: str) -> bool:
    body = state.body
    if body["Type"] == "Parallel":
        return path in {f"$[{index}]" for index in range(len(body["Branches"]))}
    if body["Resource"] == "arn:aws:states:::lambda:invoke":
        output = _contract(f"{state.name}Output")
        return path.startswith("$.Payload.") and path.removeprefix("$.Payload.") in output.model_fields
    if body["Resource"] == TASK_TOKEN:
        output = _contract(f"{on_lambda(state.name)}Output")
        return path.removeprefix("$.") in output.model_fields
    return path in INTEGRATION_RESULTS.get(body["Resource"], set())


def on_lambda(state: str) -> str:
    """The state that runs the same code as a function."""
    return next(row.state for row in ROSTER.values() if row.fargate_state == state)


def _input_problems(state: State) -> Iterator[str]:
    """A function's payload has its contract's fields and what identifies the call, a map's item those of MapItem."""
    payload = state.body.get("Parameters", {}).get("Payload")
    if payload is not None:
        row = ROSTER[state.name]
        wanted = {RUN_KEY, *row.request.model_fields} | ({"state"} if row.shares else set())
        if row.shares and payload.get("state") != state.name:
            yield f"the payload names the state {payload.get('state')}, not {state.name}"
        given = {key.removesuffix(".$") for key in payload}
        if given != wanted:
            yield f"the payload's fields are {sorted(given)}, the contract's {sorted(wanted)}"
    if state.body.get("Resource") in {TASK_SYNC, TASK_TOKEN}:
        yield from _pointer_problems(state)
    if "ItemSelector" in state.body:
        required = {name for name, field in contracts.MapItem.model_fields.items() if field.is_required()}
        given = {key.removesuffix(".$") for key in state.body["ItemSelector"]}
        if given != required:
            yield f"the item's fields are {sorted(given)}, those of MapItem {sorted(required)}"


def _pointer_problems(state: State) -> Iterator[str]:
    """A task's pointer has what its function's payload has, in the order of the contract's fields."""
    variables = state.body["Parameters"]["Overrides"]["ContainerOverrides"][0]["Environment"]
    (pointer,) = (each["Value.$"] for each in variables if each["Name"] == REQUEST_VARIABLE)
    if pointer == "$.pointer":  # the item of the Map has it ready
        return
    name = on_lambda(state.name)
    (payload,) = (each.body["Parameters"]["Payload"] for each in states(load()) if each.name == name)
    wanted = [payload[f"{field}.$"] for field in ROSTER[name].request.model_fields]
    if paths_in(pointer) != wanted:
        yield f"the pointer's paths are {paths_in(pointer)}, the payload's {wanted}"


def _unwritten(machine: Machine, payload: type[BaseModel]) -> Iterator[str]:
    """Reads of a field that some way through the machine has not written yet."""
    everything = set(payload.model_fields)
    start = {name for name, field in payload.model_fields.items() if field.is_required()}
    if payload is contracts.ExecutionPayload:
        start = {"detail"} if not machine.path else everything
    known = dict.fromkeys(machine.states, everything)
    known[machine.start_at] = start
    changed = True
    while changed:
        changed = False
        for name, body in machine.states.items():
            for following, written in _edges(body, known[name]):
                if following in known and not known[following] <= written:
                    known[following] = known[following] & written
                    changed = True
    for name, body in machine.states.items():
        # Whether a field is present is asked where it may not have been written.
        every = [comparison for choice in body.get("Choices", []) for comparison in comparisons(choice)]
        asked = [comparison for comparison in every if "IsPresent" not in comparison]
        variables = [Read("Choices", path) for choice in asked for path in _compared(choice)]
        for where, path in [*_reads(body), *variables]:
            field = path.split(".")[1] if path.startswith("$.") else ""
            if field in everything - known[name]:
                yield f"{machine.path}{name}: {where} reads {path}, which is not written on every way here"


def _edges(body: JsonObject, before: set[str]) -> Iterator[tuple[str, set[str]]]:
    caught = {rule["Next"] for rule in body.get("Catch", [])}
    for rule in body.get("Catch", []):
        yield rule["Next"], before | {rule["ResultPath"].removeprefix("$.")}
    result = body.get("ResultPath")
    written = before | ({result.removeprefix("$.")} if result else set())
    for name in successors({key: value for key, value in body.items() if key != "Catch"}):
        yield name, written
    assert caught or body["Type"] != "Task"
