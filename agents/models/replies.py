"""A provider's failure as one of our errors, each of which has one answer in the state machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import ValidationError
from pydantic_ai import exceptions as ai

from agents.contracts.base import clean_text
from agents.errors import (
    ModelAccessDenied,
    ModelContextExceeded,
    ModelReplyInvalid,
    ModelThrottled,
    ModelUnavailable,
    SwarmError,
)

_MESSAGE_LIMIT = 500
#: What a service says when the prompt is too long, where its library does not tell it from other refusals.
_CONTEXT_SIGNS = (
    "exceed_context_size",
    "context_length_exceeded",
    "input is too long",
    "too many input tokens",
    "maximum context length",
    "prompt is too long",
    "exceeds the available context",
)
_ACCESS_SIGNS = ("accessdenied", "don't have access", "not authorized", "unrecognizedclient", "insufficient_quota")
_THROTTLED = 429
_FORBIDDEN = (401, 402, 403, 404)


@contextmanager
def our_errors(model: str) -> Iterator[None]:
    """Turn the library's errors about the model into ours.

    Raises:
        ModelThrottled, ModelUnavailable, ModelContextExceeded, ModelAccessDenied, ModelReplyInvalid: as they say.
    """
    try:
        yield
    except SwarmError:
        raise
    except ai.AgentRunError as error:
        raise _ours(error)(f"{model}: {_plain(error)}") from error
    except TimeoutError as error:
        raise ModelUnavailable(f"{model}: no answer in time") from error


def may_have_been_billed(error: BaseException) -> bool:
    """Whether the service may have done the work although its answer did not arrive."""
    return isinstance(error, (ai.ModelConnectionError, ai.ModelRequestTimeout, TimeoutError)) or not isinstance(
        error, ai.ModelAPIError
    )


def _ours(error: ai.AgentRunError) -> type[SwarmError]:
    said = _plain(error).lower()
    if isinstance(error, ai.ModelContextWindowExceededError) or any(sign in said for sign in _CONTEXT_SIGNS):
        return ModelContextExceeded
    status = error.status_code if isinstance(error, ai.ModelHTTPError) else 0
    if isinstance(error, ai.ModelQuotaExceededError) or any(sign in said for sign in _ACCESS_SIGNS):
        return ModelAccessDenied
    if isinstance(error, ai.ModelRateLimitError) or status == _THROTTLED:
        return ModelThrottled
    if isinstance(error, (ai.ModelAuthenticationError, ai.ModelNotFoundError)) or status in _FORBIDDEN:
        return ModelAccessDenied
    # A request that is refused for another reason will be refused again: that file becomes a gap.
    if isinstance(error, (ai.ModelRequestRejectedError, ai.UnexpectedModelBehavior, ai.UsageLimitExceeded)):
        return ModelReplyInvalid
    return ModelUnavailable


def _plain(error: ai.AgentRunError) -> str:
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        # Its own text quotes the reply, and nobody has cleaned that.
        places = {
            ".".join(map(str, one["loc"])): one["type"] for one in cause.errors(include_url=False, include_input=False)
        }
        told = f"{error} ({', '.join(f'{place}: {kind}' for place, kind in list(places.items())[:5])})"
    elif isinstance(error, ai.UnexpectedModelBehavior):
        told = str(error.message)
    else:
        told = f"{error}" if cause is None else f"{error} ({cause})"
    return clean_text(" ".join(told.split()))[:_MESSAGE_LIMIT]
