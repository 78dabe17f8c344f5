"""The retrier and the catcher that take a tested state's error: noted, and no retry is waited for."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from moto.stepfunctions.parser.asl.component.common.catch.catch_outcome import CatchOutcome
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEventException
from moto.stepfunctions.parser.asl.component.common.retry.retry_outcome import RetryOutcome


class Retried(BaseException):
    """Ends the evaluation in front of a retry; no `except Exception` of the interpreter takes it."""

    def __init__(self, failure: dict[str, Any]) -> None:
        super().__init__()
        self.failure = failure


def watch_errors(state: Any, retries: int, data: dict[str, Any]) -> None:
    """Let a state say which retrier, after so many retries, or which catcher takes its error."""
    if not hasattr(state, "_handle_retry"):
        return

    def retry(env: Any, failure_event: Any) -> Any:
        for index, retrier in enumerate(state.retry.retriers):
            if not _matches(retrier.error_equals, failure_event.error_name):
                continue
            data["errorDetails"] = {"retryIndex": index}
            if retries >= retrier.max_attempts.attempts:
                return RetryOutcome.CannotRetry
            data["errorDetails"]["retryBackoffIntervalSeconds"] = int(_seconds(env, retrier, retries))
            raise Retried(_failure(failure_event))
        return RetryOutcome.NoRetrier

    catch = state._handle_catch

    def caught(env: Any, failure_event: Any) -> None:
        catch(env=env, failure_event=failure_event)
        if env.stack[-1] is CatchOutcome.Caught:
            matching = (_matches(each.error_equals, failure_event.error_name) for each in state.catch.catchers)
            data["errorDetails"] = data.get("errorDetails", {}) | {"catchIndex": list(matching).index(True)}
            data["caught"] = _failure(failure_event)

    state._handle_retry, state._handle_catch = retry, caught


def _seconds(env: Any, retrier: Any, retries: int) -> float:
    """The wait before the next retry, as the interpreter comes to it: each evaluation is one retry more."""
    seconds = 0.0
    for _ in range(retries + 1):
        for part in (
            retrier.interval_seconds,
            retrier.backoff_rate,
            retrier.max_delay_seconds,
            retrier.jitter_strategy,
        ):
            part.eval(env=env)
        seconds = env.stack.pop()
    return seconds


def _matches(error_equals: Any, error: Any) -> bool:
    """The interpreter's own answer, from a stack of its own."""
    env = SimpleNamespace(stack=[error])
    error_equals._eval_body(env)
    return bool(env.stack.pop())


def _failure(failure_event: Any) -> dict[str, Any]:
    details = FailureEventException(failure_event).get_execution_failed_event_details() or {}
    return {"error": details.get("error"), "cause": details.get("cause")}
