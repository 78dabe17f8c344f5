"""A provider's failure as one of our errors, each of which has one answer in the state machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

from pydantic import ValidationError
from pydantic_ai import exceptions as ai

from agents.codebase.secrets import without_secrets
from agents.contracts.base import clean_text
from agents.errors import (
    ModelAccessDenied,
    ModelContextExceeded,
    ModelRedirected,
    ModelReplyInvalid,
    ModelThrottled,
    ModelUnavailable,
    SwarmError,
)
from agents.models.broken_contract import broken_places

_MESSAGE_LIMIT, _ORIGIN_LIMIT = 500, 300
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
_OK = 200
_STAYS_BROKEN = "the reply breaks its contract, also after it was sent back with the reason"
#: The library's words for what we say otherwise; some of them quote the reply.
_LIBRARYS_WORDS = {
    re.compile(r"Exceeded maximum output retries \(\d+\)"): _STAYS_BROKEN,
    re.compile(r"Tool .* exceeded max retries count of .*", re.DOTALL): _STAYS_BROKEN,
    re.compile(r"Content filter triggered\. Refusal: .*", re.DOTALL): "the model refuses to answer",
}
#: Behind these words the library quotes an answer that it could not read.
_LIBRARYS_QUOTE = re.compile(r"(?<=endpoint):.*", re.DOTALL)
#: The request did not leave this machine: the names of these errors in httpx and botocore, which are not imported here.
_NEVER_SENT = frozenset(
    {"ConnectError", "ConnectTimeout", "PoolTimeout", "EndpointConnectionError", "ConnectTimeoutError"}
)
#: Libraries whose errors are the network's.
_NETWORK = frozenset(
    {"anyio", "botocore", "h11", "httpcore", "httpcore2", "httpx", "httpx2", "socket", "ssl", "urllib3"}
)


class LedgerFailed(Exception):
    """The ledger, and not the model, failed in a way that is none of ours; the cause says how."""


@contextmanager
def our_errors(model: str) -> Iterator[None]:
    """Turn the library's errors about the model into ours.

    Raises:
        ModelThrottled, ModelUnavailable, ModelContextExceeded, ModelAccessDenied, ModelReplyInvalid, ModelRedirected:
        as they say. Any other error of a library is ModelReplyInvalid, or ModelUnavailable if it is of the network.
    """
    try:
        yield
    except SwarmError:
        raise
    except LedgerFailed as failed:
        raise failed.__cause__ or failed from None
    except ai.AgentRunError as error:
        for cause in _causes(error):
            if isinstance(cause, SwarmError):
                raise cause from error
        raise _ours(error)(f"{model}: {_plain(error)}") from error
    except TimeoutError as error:
        raise ModelUnavailable(f"{model}: no answer in time") from error
    except Exception as error:  # a library fails in any way over an answer; it concerns this one question
        raise _of_unforeseen(error, model) from error


@contextmanager
def library_errors() -> Iterator[None]:
    """Around one request: what the library does not call an error of the model is one all the same."""
    try:
        yield
    except (SwarmError, ai.AgentRunError, TimeoutError):
        raise
    except Exception as error:  # as above: IndexError over `"choices": []` was one
        raise _of_unforeseen(error, "the model") from error


def may_have_been_billed(error: BaseException) -> bool:
    """Whether the service may have done the work although its answer did not arrive, or could not be read."""
    for cause in _causes(error):
        if isinstance(cause, ModelRedirected) or type(cause).__name__ in _NEVER_SENT:
            return False
        if isinstance(cause, ai.ModelHTTPError) and cause.status_code != _OK:
            return False
    return True


def refuse_redirect(url: str, location: str) -> None:
    """Raises ModelRedirected when a redirect leads to another origin; neither the prompt nor the key may follow it."""
    target = urljoin(url, location)
    if _origin(url) != _origin(target):
        raise ModelRedirected(
            f"{_origin(url)} redirects the question to {_origin(target)}; nothing was sent there. If that is"
            " the model's address, name it after the @ in --model"
        )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2][:_ORIGIN_LIMIT]}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it was raised from."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _of_unforeseen(error: Exception, model: str) -> SwarmError:
    for cause in _causes(error):
        if isinstance(cause, SwarmError):
            return cause
        if isinstance(cause, OSError) or type(cause).__module__.partition(".")[0] in _NETWORK:
            return ModelUnavailable(f"{model}: {type(cause).__name__}")
    # Its own text may quote the reply, and nobody has cleaned that.
    return ModelReplyInvalid(f"{model}: the answer cannot be read ({type(error).__name__})")


def _ours(error: ai.AgentRunError) -> type[SwarmError]:
    message = _plain(error).lower()
    if isinstance(error, ai.ModelContextWindowExceededError) or any(sign in message for sign in _CONTEXT_SIGNS):
        return ModelContextExceeded
    status = error.status_code if isinstance(error, ai.ModelHTTPError) else 0
    if isinstance(error, ai.ModelQuotaExceededError) or any(sign in message for sign in _ACCESS_SIGNS):
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
        message = f"{_LIBRARYS_QUOTE.sub('', str(error))} ({broken_places(cause)})"
    elif isinstance(error, ai.UsageLimitExceeded):
        message = "the reply was cut, and the shorter one that was asked for breaks its contract"
    elif isinstance(error, ai.UnexpectedModelBehavior):
        message = str(error.message)
    elif of_aws := _words_of_aws(error):
        message = of_aws
    else:
        message = f"{error}" if cause is None else f"{error} ({cause})"
    for words, ours in _LIBRARYS_WORDS.items():
        message = words.sub(ours, message)
    # A server may repeat what a question held, and pages show why a file is a gap.
    return without_secrets(clean_text(" ".join(message.split())))[:_MESSAGE_LIMIT]


def _words_of_aws(error: ai.AgentRunError) -> str:
    """What boto3's error says, without the answer's headers and identifiers around it; empty for other errors."""
    body = error.body if isinstance(error, ai.ModelHTTPError) else None
    details = body.get("Error") if isinstance(body, dict) else None
    return f"{details.get('Code')}: {details.get('Message')}" if isinstance(details, dict) else ""
