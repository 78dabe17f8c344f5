"""The repairs moto 5.2.5 needs to run our state machine; each file groups one service's, `economy` what saves time.

A repair replaces one attribute of moto and is registered with its reason. `apply` puts them all in place, `without`
takes some out again, which is how the tests notice that moto has mended itself.
"""

from __future__ import annotations

from local.moto import economy
from local.moto.repairs import (
    dynamodb,
    ecs,
    event_bridge,
    lambda_,
    object_store,
    step_functions,
    step_functions_ecs,
    step_functions_refusals,
)
from local.moto.repairs.registry import Repair, apply, repairs, take_out, without

__all__ = ["Repair", "apply", "repairs", "take_out", "without"]

_GROUPS = (
    dynamodb,
    economy,
    ecs,
    event_bridge,
    lambda_,
    object_store,
    step_functions,
    step_functions_ecs,
    step_functions_refusals,
)
