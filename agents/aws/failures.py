"""What AWS's error codes mean to us, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as ConnectionFailed

from agents.errors import BlobMissing, StoreThrottled

_THROTTLES = frozenset(
    {
        "ProvisionedThroughputExceededException",
        "ThrottlingException",
        "RequestLimitExceeded",
        "LimitExceededException",
        "InternalServerError",
        "ServiceUnavailable",
        "SlowDown",
        "TransactionConflictException",
        "Throttling",
        "TooManyRequestsException",  # Lambda's
        "ServiceException",
        "RequestTimeout",
        "InternalError",
        "500",
        "503",
    }
)
#: The request was signed too long ago, or with a token that is over: the next one is signed anew.
_SIGNED_TOO_EARLY = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "RequestTimeTooSkewed"})
_MISSING = frozenset({"NoSuchKey", "NoSuchVersion", "404"})


def code_of(error: ClientError) -> str:
    """The error code that AWS answered with."""
    return str(error.response.get("Error", {}).get("Code", ""))


@contextmanager
def our_errors(what: str) -> Iterator[None]:
    """Turn AWS's errors about `what` into ours; those that mean neither pass as they are.

    Raises:
        StoreThrottled: the service asked to slow down, failed inside, was not reached, broke off its answer, or
            found the signature too old; the state's retrier waits.
        BlobMissing: there is no such object.
    """
    try:
        yield
    except ClientError as error:
        if code_of(error) in _THROTTLES | _SIGNED_TOO_EARLY:
            raise StoreThrottled(f"{what}: {error}") from error
        if code_of(error) in _MISSING:
            raise BlobMissing(what) from error
        raise
    except (ConnectionFailed, HTTPClientError, IncompleteReadError) as error:
        raise StoreThrottled(f"{what}: {error}") from error
