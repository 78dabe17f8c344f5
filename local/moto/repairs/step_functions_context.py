"""Repairs of what paths read: the context object behind `$$`, and the input of a ResultWriter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.stepfunctions.parser.asl.component.state import state as state_module
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.result_writer_decl import ResultWriter
from moto.stepfunctions.parser.asl.eval.states import ContextObject

from local.moto.repairs.step_functions import DistributedItemProcessorWorker
from local.moto.replacements import replaces

_original_context = ContextObject.__init__


@replaces(ContextObject, "__init__")
def _context(self: Any, context_object: Any) -> None:
    """`$$.Execution.RedriveCount` is a part of the context that moto does not have."""
    _original_context(self, context_object)
    execution = context_object.get("Execution")
    if execution is not None:
        execution.setdefault("RedriveCount", 0)


@replaces(state_module, "StateData")
def _state(**data: str) -> dict[str, str]:
    """AWS writes the time with milliseconds and a Z; moto with microseconds and an offset."""
    entered = datetime.fromisoformat(data["EnteredTime"]).astimezone(UTC)
    return {**data, "EnteredTime": entered.isoformat(timespec="milliseconds").replace("+00:00", "Z")}


_original_input = DistributedItemProcessorWorker._eval_input


@replaces(DistributedItemProcessorWorker, "_eval_input")
def _child_input(self: Any, env_frame: Any) -> None:
    """What a child is given is known once its ItemSelector is evaluated; moto keeps no record of it.

    Its ItemSelector can tell items of the state's input from others; a child itself has no `$$.Map`, and no variable of
    the state machine: moto knows no difference to an inline Map.
    """
    context = env_frame.states.context_object.context_object_data
    if self._item_reader is None:
        context["Map"]["Item"]["Source"] = "STATE_DATA"
    _original_input(self, env_frame)
    del context["Map"]
    env_frame.variable_store._outer_scope.clear()
    child = vars(env_frame).get("child")
    if child is not None:
        child.given = env_frame.states.get_input()


@replaces(ResultWriter, "_eval_body")
def _write_results(self: Any, env: Any) -> None:
    """The paths of a ResultWriter read the state's input on AWS; moto reads them in the results."""
    env.stack.append(env.stack[0])
    self.parargs.eval(env=env)
    parameters = {"Prefix": "", **env.stack.pop()}
    env.stack.pop()
    env.stack.append(parameters)
    self.resource_eval.eval_resource(env=env)
