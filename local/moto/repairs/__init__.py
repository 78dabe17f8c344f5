"""What is replaced in moto 5.2.5 so that it runs our state machine; each file groups one service's repairs.

Each replaces one attribute of moto and is registered with its reason. `apply` puts them in place, `without` takes some
out again, which is how the tests notice that moto no longer needs one. What only saves time is in `local.moto.economy`.
"""

from __future__ import annotations

from local.moto.economy import dispatch as faster_dispatch
from local.moto.economy import dynamodb as faster_dynamodb
from local.moto.economy import dynamodb_expressions as faster_expressions
from local.moto.economy import dynamodb_values as faster_values
from local.moto.economy import parsing as faster_parsing
from local.moto.economy import reading as faster_reading
from local.moto.economy import requests as faster_requests
from local.moto.economy import serializing as faster_serializing
from local.moto.repairs import (
    bucket_policies,
    definitions,
    dynamodb,
    ecs,
    event_bridge,
    json_requests,
    lambda_,
    missing_calls,
    object_store,
    step_functions,
    step_functions_beginnings,
    step_functions_context,
    step_functions_definitions,
    step_functions_ecs,
    step_functions_language,
    step_functions_map_runs,
    step_functions_numbers,
    step_functions_paths,
    step_functions_redrive,
    step_functions_refusals,
    step_functions_test_state,
    step_functions_values,
    step_functions_versions,
)
from local.moto.replacements import Replacement, apply, repairs, replacements, take_out, without

__all__ = ["Replacement", "apply", "repairs", "replacements", "take_out", "without"]

_GROUPS = (
    bucket_policies,
    definitions,
    dynamodb,
    ecs,
    event_bridge,
    json_requests,
    lambda_,
    missing_calls,
    object_store,
    step_functions,
    step_functions_beginnings,
    step_functions_context,
    step_functions_definitions,
    step_functions_ecs,
    step_functions_language,
    step_functions_map_runs,
    step_functions_numbers,
    step_functions_paths,
    step_functions_redrive,
    step_functions_refusals,
    step_functions_test_state,
    step_functions_values,
    step_functions_versions,
)
_SAVING_TIME = (
    faster_dispatch,
    faster_dynamodb,
    faster_expressions,
    faster_parsing,
    faster_reading,
    faster_requests,
    faster_serializing,
    faster_values,
)
