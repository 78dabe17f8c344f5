"""Starts the official runtime client as `python -m awslambdaric` does, with a secret in the address of its API.

The client's native part sends what follows the port in AWS_LAMBDA_RUNTIME_API as the beginning of each path, and so
passes a secret on. Its part in Python, which alone reports a failed start-up, takes the whole for a host and a port
(`http.client.InvalidURL`): here it is handed the two apart. Seen in awslambdaric 4.2; tests/local/test_functions.py
has a function that cannot be loaded.
"""

from __future__ import annotations

import sys
from typing import Any

from awslambdaric.__main__ import main
from awslambdaric.lambda_runtime_client import BaseLambdaRuntimeClient

_call = BaseLambdaRuntimeClient.call_rapid


def _call_rapid(self: Any, http_method: str, endpoint: str, *arguments: Any, **named: Any) -> None:
    address, _, secret = self.lambda_runtime_address.partition("/")
    self.lambda_runtime_address = address
    try:
        _call(self, http_method, f"/{secret}{endpoint}", *arguments, **named)
    finally:
        self.lambda_runtime_address = f"{address}/{secret}"


if __name__ == "__main__":
    BaseLambdaRuntimeClient.call_rapid = _call_rapid
    main(sys.argv)
