"""The packages of the extra `ask` in pyproject.toml, which an installation without it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cli.errors import BadInput

#: What the extra's packages are called when they are imported; a test holds them against pyproject.toml.
ASK_PACKAGES = {"mcp": "mcp", "pydantic-ai-slim": "pydantic_ai"}


@contextmanager
def ask_extra(command: str) -> Iterator[None]:
    """Import the extra's packages inside. Raises BadInput where one of them is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        if missing not in ASK_PACKAGES.values():
            raise
        raise BadInput(
            f"`{command}` needs the package {missing}: install the command as `pipx install '.[ask]'`,"
            " or run it in a checkout"
        ) from error
