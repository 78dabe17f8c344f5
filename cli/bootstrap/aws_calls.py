"""How the bootstrap calls AWS: what is missing is None, what is not known yet is waited for, errors are sentences."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, ProfileNotFound

from cli.errors import BadInput, CommandError

_MISSING = {"404", "NoSuchBucket", "NoSuchEntity", "NoSuchBucketPolicy", "NotFoundException"} | {
    "ServerSideEncryptionConfigurationNotFoundError",
    "NoSuchPublicAccessBlockConfiguration",
}
#: A role that was made a moment ago is unknown to KMS and S3 for some seconds.
_UNKNOWN_PRINCIPAL = {"MalformedPolicy", "MalformedPolicyDocument", "MalformedPolicyDocumentException"}
_PATIENCE_SECONDS = 60.0


def code(error: ClientError) -> str:
    """The error's code."""
    return str(error.response.get("Error", {}).get("Code", ""))


def unless_missing(call: Callable[[], Any]) -> Any:
    """What the call answers; None where the thing does not exist."""
    try:
        return call()
    except ClientError as error:
        if code(error) in _MISSING:
            return None
        raise


def patiently(call: Callable[[], object], sleep: Callable[[float], None] = time.sleep) -> None:
    """Repeat a call while a policy's principal is not known everywhere yet."""
    waited, pause = 0.0, 1.0
    while True:
        try:
            call()
        except ClientError as error:
            if code(error) not in _UNKNOWN_PRINCIPAL or waited >= _PATIENCE_SECONDS:
                raise
            sleep(pause)
            waited, pause = waited + pause, min(pause * 2, 15.0)
        else:
            return


@contextmanager
def sentences(doing: str) -> Iterator[None]:
    """AWS's errors as one sentence."""
    try:
        yield
    except (NoCredentialsError, ProfileNotFound) as error:
        raise BadInput(f"{doing}: {error}. Run `aws login` or `aws sso login`, or give --profile") from error
    except ClientError as error:
        refusal = error.response.get("Error", {})
        raise CommandError(
            f"{doing}: AWS refused {error.operation_name} with {refusal.get('Code')}: {refusal.get('Message')}."
            " Run again when this is mended: what is made already stays as it is"
        ) from error
    except BotoCoreError as error:
        raise CommandError(f"{doing}: {error}") from error
