"""One thing that Step Functions finds wrong in a definition. Codes are those of the API reference."""

from __future__ import annotations

from typing import NamedTuple

SCHEMA = "SCHEMA_VALIDATION_FAILED"


class Diagnostic(NamedTuple):
    """One thing that is wrong, or that looks wrong; `location` is a path of the definition."""

    code: str
    message: str
    location: str = ""
    severity: str = "ERROR"

    @property
    def text(self) -> str:
        """As the message of InvalidDefinition has it."""
        return f"{self.code}: {self.message}{f' at {self.location}' if self.location else ''}"


def wrong(message: str, path: str, field: str = "") -> Diagnostic:
    """An error of the schema, in the state of that path, or in a field of it."""
    return Diagnostic(SCHEMA, message, f"/States/{path}{f'/{field}' if field else ''}")
