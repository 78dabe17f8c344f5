"""Each way in which AWS cannot be asked, or refuses, is one sentence and one exit code."""

from __future__ import annotations

import pytest
from botocore import exceptions as aws

from cli.aws_errors import explanation
from cli.errors import BadInput, ExitCode


def refusal(code: str) -> aws.ClientError:
    return aws.ClientError({"Error": {"Code": code, "Message": "no\nmore"}}, "GetItem")


@pytest.mark.parametrize(
    ("error", "said", "code"),
    [
        (aws.NoCredentialsError(), "No AWS credentials were found", ExitCode.AWS_REFUSED),
        (aws.NoRegionError(), "Give --region", ExitCode.BAD_INPUT),
        (aws.ProfileNotFound(profile="x"), "(x) could not be found", ExitCode.BAD_INPUT),
        (aws.EndpointConnectionError(endpoint_url="http://h"), "AWS cannot be reached", ExitCode.AWS_REFUSED),
        (aws.ReadTimeoutError(endpoint_url="http://h"), "AWS cannot be reached", ExitCode.AWS_REFUSED),
        (refusal("ExpiredToken"), "does not accept the credentials", ExitCode.AWS_REFUSED),
        (refusal("AccessDeniedException"), "AWS refused GetItem", ExitCode.AWS_REFUSED),
        (refusal("ThrottlingException"), "no more requests for now", ExitCode.AWS_REFUSED),
        (refusal("ResourceNotFoundException"), "still deployed", ExitCode.AWS_REFUSED),
        (ValueError("Invalid endpoint: foo"), "check AWS_ENDPOINT_URL", ExitCode.BAD_INPUT),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else None,
)
def test_says_what_happened_and_what_to_do(error: Exception, said: str, code: ExitCode) -> None:
    explained = explanation(error)
    assert explained is not None
    sentence, exit_code = explained
    assert said in sentence
    assert "\n" not in sentence
    assert exit_code is code


def test_leaves_every_other_error_alone() -> None:
    assert explanation(BadInput("x")) is None
    assert explanation(ValueError("x")) is None
