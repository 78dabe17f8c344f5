"""What is said about AWS's refusals, and about an AWS that cannot be asked: one sentence, and what to do."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from cli.errors import ExitCode

if TYPE_CHECKING:
    from botocore.exceptions import BotoCoreError, ClientError

_CREDENTIALS_REFUSED = frozenset(
    {
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_NOT_ALLOWED = frozenset({"AccessDenied", "AccessDeniedException", "Forbidden", "403", "UnauthorizedOperation"})
_RENEW = "Log in again (`aws sso login`), or name another profile with --profile."
#: What to do about errors of botocore, by their class' name; the others are shown as they are.
_ADVICE = {
    "NoCredentialsError": "No AWS credentials were found. Log in (`aws sso login`), or give --profile.",
    "PartialCredentialsError": f"The AWS credentials are incomplete. {_RENEW}",
    "CredentialRetrievalError": f"The AWS credentials cannot be loaded. {_RENEW}",
    "TokenRetrievalError": f"The AWS login has expired. {_RENEW}",
    "SSOTokenLoadError": f"There is no valid AWS login. {_RENEW}",
    "UnauthorizedSSOTokenError": f"The AWS login has expired. {_RENEW}",
}
_INPUT = {
    "NoRegionError": "No AWS region is configured. Give --region, such as --region eu-west-1, or set AWS_REGION.",
}
_AS_INPUT = frozenset({"ProfileNotFound", "InvalidRegionError", "ConfigParseError", "ConfigNotFound"})
_UNREACHABLE = frozenset(
    {
        "ConnectTimeoutError",
        "ConnectionClosedError",
        "EndpointConnectionError",
        "HTTPClientError",
        "ProxyConnectionError",
        "ReadTimeoutError",
        "SSLError",
    }
)


def explanation(error: Exception) -> tuple[str, ExitCode] | None:
    """The sentence about an error of AWS or of reaching it, and the exit code; None for any other error."""
    if "botocore.exceptions" not in sys.modules:  # nobody has asked AWS
        return None
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, ClientError):
        return _refusal(error), ExitCode.AWS_REFUSED
    if isinstance(error, BotoCoreError):
        return _unasked(error)
    if isinstance(error, ValueError) and str(error).startswith("Invalid endpoint"):
        return f"{error}: check AWS_ENDPOINT_URL.", ExitCode.BAD_INPUT
    return None


def _refusal(error: ClientError) -> str:
    answer = error.response.get("Error", {})
    code, message = str(answer.get("Code", "")), " ".join(str(answer.get("Message", "")).split()).rstrip(".")
    if code in _CREDENTIALS_REFUSED:
        return f"AWS does not accept the credentials ({code}). {_RENEW}"
    if code in _NOT_ALLOWED:
        reason = f": {message}" if message else ""
        return f"AWS refused {error.operation_name}{reason}. Ask for this permission, or name another --profile."
    if "Throttl" in code or code in {"SlowDown", "RequestLimitExceeded", "TooManyRequestsException"}:
        return f"AWS takes no more requests for now ({error.operation_name}: {code}). Try again in a minute."
    first = message[:300] or "no message"
    return (
        f"AWS answered {error.operation_name} with {code}: {first}. Check --stack and --region with `swarm doctor`,"
        " and whether the stack is still deployed."
    )


def _unasked(error: BotoCoreError) -> tuple[str, ExitCode]:
    name = type(error).__name__
    message = " ".join(str(error).split()).rstrip(".")
    if name in _INPUT:
        return _INPUT[name], ExitCode.BAD_INPUT
    if name in _AS_INPUT:
        return f"{message}. Check --profile and --region.", ExitCode.BAD_INPUT
    if name in _ADVICE:
        return _ADVICE[name], ExitCode.AWS_REFUSED
    if name in _UNREACHABLE:
        return (
            f"AWS cannot be reached: {message}. Check the network, --region and AWS_ENDPOINT_URL.",
            ExitCode.AWS_REFUSED,
        )
    return f"AWS could not be asked: {message}.", ExitCode.AWS_REFUSED
