"""Repairs of the fields of a state that take a number by path: what is there must be such a number."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.stepfunctions.parser.asl.component.common.timeouts.heartbeat import HeartbeatSecondsPath
from moto.stepfunctions.parser.asl.component.common.timeouts.timeout import TimeoutSecondsPath
from moto.stepfunctions.parser.asl.component.state.exec.state_map.max_concurrency import MaxConcurrencyPath
from moto.stepfunctions.parser.asl.component.state.exec.state_map.tolerated_failure import (
    ToleratedFailureCountPath,
    ToleratedFailurePercentagePath,
)
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

from local.moto.definition_fields import MOST_SECONDS, whole
from local.moto.repairs.step_functions_paths import Uncaught
from local.moto.repairs.step_functions_refusals import runtime_failure
from local.moto.replacements import replaces

_check_time = whole(1, MOST_SECONDS)


def _time(value: Any) -> bool:
    return not _check_time(value)


def _no_fraction(value: Any) -> bool:
    return not isinstance(value, (bool, float))


def _no_boolean(value: Any) -> bool:
    return not isinstance(value, bool)


def _checking(original: Callable[..., Any], fits: Callable[[Any], bool]) -> Callable[..., Any]:
    def evaluate(self: Any, env: Any) -> Any:
        """moto takes true for 1, cuts fractions, and takes a time of 0 or less."""
        try:
            self.string_sampler.eval(env=env)
            value = env.stack.pop()
        except NoSuchJsonPathError:
            return original(self, env)
        if not fits(value):
            field, path = type(self).__name__, self.string_sampler.literal_value
            problem = f'The {field} field refers to value "{json.dumps(value)}" which is not a valid integer'
            raise Uncaught(runtime_failure(env, f"{problem}: {path}"))
        return original(self, env)

    return evaluate


for _owner, _method, _fits in (
    (TimeoutSecondsPath, "_eval_seconds", _time),
    (HeartbeatSecondsPath, "_eval_seconds", _time),
    (MaxConcurrencyPath, "_eval_max_concurrency", _no_fraction),
    (ToleratedFailureCountPath, "_eval_tolerated_failure_count", _no_fraction),
    (ToleratedFailurePercentagePath, "_eval_tolerated_failure_percentage", _no_boolean),
):
    replaces(_owner, _method)(_checking(getattr(_owner, _method), _fits))
