"""The cases of tests/corpus/executions: what Step Functions does with a state or a state machine, in one schema."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from tests.workflow.rendered import rendered_machine
from workflow import definition

FOLDER = Path(__file__).with_name("executions")
#: Inputs that many cases start from, by name.
BASES: dict[str, dict[str, Any]] = json.loads((FOLDER / "inputs.json").read_text(encoding="utf-8"))
TEST_STATE = "TestState"


class Strict(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def names(self, field: str) -> bool:
        """Whether the case writes the field, be it as null."""
        return field in self.model_fields_set


class Answer(Strict):
    """What a task answers once: a result, an error, or nothing until its time or its heartbeat has run out."""

    result: Any = None
    error: str | None = None
    cause: str | None = None
    silence: Literal["timeout", "heartbeat", ""] = ""

    @model_validator(mode="after")
    def _one_of_three(self) -> Answer:
        if [self.names("result"), self.names("error"), bool(self.silence)].count(True) != 1:
            raise ValueError("an answer is a result, an error or a silence")
        return self


class Expected(Strict):
    """What must be seen. A field that is not written is not compared.

    `status` is TestState's for one state (RETRIABLE, CAUGHT_ERROR) and an execution's for a state machine. `path` has
    the states of the state machine in the order in which they are entered, those of a Map's items and of a Parallel's
    branches left out. `output_has` are some fields of the output, `cause` is a part of the cause. `delay` is the exact
    wait before the retry in seconds, `delay_at_most` its bound where the retrier has full jitter. `waits` are the
    seconds of Wait states.
    """

    status: Literal["SUCCEEDED", "FAILED", "RETRIABLE", "CAUGHT_ERROR", "REFUSED"]
    next: str = ""
    path: tuple[str, ...] = ()
    output: Any = None
    output_has: dict[str, Any] = {}
    error: str | None = None
    cause: str | None = None
    retrier: int | None = None
    catcher: int | None = None
    delay: float | None = None
    delay_at_most: float | None = None
    waits: tuple[float, ...] = ()
    variables: dict[str, Any] | None = None


class Case(Strict):
    """One case. Without `definition` it is about our own state machine: whole, or its state of that path."""

    name: str = Field(pattern=r"^[A-Za-z0-9/_.,:' -]{5,110}$")
    promise: str = Field(min_length=20, max_length=240, pattern=r"^[A-Z`].*\.$")
    state: str = ""
    own: dict[str, Any] | None = Field(default=None, alias="definition")
    base: str = ""
    input: Any = None
    variables: dict[str, Any] | None = None
    tasks: dict[str, tuple[Answer, ...]] = {}
    mock: Answer | None = None
    attempt: int = 0
    objects: dict[str, Any] = {}
    expected: Expected
    aws: str = Field(min_length=9)
    source: str = ""
    laptop: Expected | None = None
    difference: str = ""

    @model_validator(mode="after")
    def _hangs_together(self) -> Case:
        if self.state and self.own is not None:
            raise ValueError("a state of our own state machine needs no definition")
        if (self.laptop is None) != (not self.difference):
            raise ValueError("a difference of the laptop needs a sentence and an answer")
        if self.aws == TEST_STATE and not self.is_one_state:
            raise ValueError("TestState takes one state: say why this case does not run on AWS")
        if self.aws == TEST_STATE and (self.body["Type"] in {"Task", "Map", "Parallel"}) != (self.mock is not None):
            raise ValueError("TestState would call a service: a Task, Map or Parallel needs a mock, no other state may")
        if not self.is_one_state and (self.mock is not None or self.attempt):
            raise ValueError("a state machine's tasks answer by `tasks`")
        return self

    @property
    def is_one_state(self) -> bool:
        """Whether one state is looked at."""
        return bool(self.state) or (self.own is not None and "Type" in self.own)

    @property
    def state_name(self) -> str:
        """The name of the state of a case of one state."""
        return self.state.rpartition("/")[2] or "Tested"

    @property
    def body(self) -> dict[str, Any]:
        """The one state."""
        if self.own is not None:
            return self.own
        return STATES[self.state]

    @property
    def machine(self) -> dict[str, Any]:
        """The state machine that runs: a given one, ours, or the one state with ends in place of those that follow."""
        if not self.is_one_state:
            return rendered_machine() if self.own is None else self.own
        ends = {name: {"Type": "Succeed"} for name in sorted(definition.successors(self.body)) if name != self.state}
        return {"StartAt": self.state_name, "States": {**ends, self.state_name: self.body}}

    @property
    def given(self) -> Any:
        """The input: that of `base` with the fields of `input` in place of its own."""
        given = expanded(self.input)
        if not self.base:
            return {} if given is None else given
        return {**copy.deepcopy(BASES[self.base]), **(given or {})}


STATES = {state.path: state.body for state in definition.states(rendered_machine())}


def expanded(value: Any) -> Any:
    """The value with `{"repeat": [text, times]}` written out: a payload of 256 KiB is no line of a file."""
    if isinstance(value, dict):
        if value.keys() == {"repeat"}:
            text, times = value["repeat"]
            return text * times
        return {key: expanded(inner) for key, inner in value.items()}
    return [expanded(inner) for inner in value] if isinstance(value, list) else value


def cases() -> Iterator[Case]:
    """Every case of every file, in order."""
    for file in sorted(FOLDER.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                yield Case.model_validate_json(line)
            except ValueError as problem:
                raise ValueError(f"{file.name}:{number}: {problem}") from problem
