"""The provider of the tests, and a browser before its first sign-in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.agents.roles.sign_in.browser import Browser, browser_at
from tests.oidc_provider import OidcProvider


@pytest.fixture(scope="module")
def _serving() -> Iterator[OidcProvider]:
    with OidcProvider() as provider:
        yield provider


@pytest.fixture
def provider(_serving: OidcProvider) -> OidcProvider:
    """The provider, honest."""
    _serving.published = [_serving.key.published]
    _serving.claims, _serving.description, _serving.methods = {}, {}, ["client_secret_basic"]
    _serving.sign = _serving.signed
    _serving.requests.clear()
    return _serving


@pytest.fixture
def browser(provider: OidcProvider) -> Browser:
    return browser_at(provider)
