"""The endpoints that the tests of models share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pydantic_ai.models import override_allow_model_requests

from tests.agents.models.over_http.converse import Converse


@pytest.fixture(autouse=True)
def stubs_may_be_asked() -> Iterator[None]:
    with override_allow_model_requests(True):
        yield


@pytest.fixture
def converse(monkeypatch: pytest.MonkeyPatch) -> Iterator[Converse]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    endpoint = Converse()
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", f"http://127.0.0.1:{endpoint.server.server_address[1]}")
    yield endpoint
    endpoint.server.shutdown()
    endpoint.server.server_close()
