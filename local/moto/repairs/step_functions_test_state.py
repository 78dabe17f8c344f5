"""TestState, which moto answers with NotImplementedError: one state with its data, by the interpreter of executions."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse

from local.moto.replacements import replaces
from local.moto.tested_state import TestedState
from local.moto.tested_state_fields import refuse_misfit
from local.moto.tested_state_request import asked_by


@replaces(StepFunctionResponse, "test_state")
def _test_state(self: Any) -> ActionResult:
    """A state without a mock calls its service under the role that is given."""
    asked = asked_by(self)
    refuse_misfit(asked)
    return ActionResult(TestedState(asked, self.current_account, self.region).run())
