"""What a model's name says: `extractive`, `bedrock:<model or profile>`, `openai:<model>`, each with `@<base URL>`.

Pure.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

Provider = Literal["extractive", "bedrock", "openai"]

_NAME = re.compile(
    r"^(?P<provider>bedrock|openai):(?P<model>[A-Za-z0-9._:/-]{1,200})(@(?P<url>https?://[^\s@]{1,200}))?$"
)
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ModelName(NamedTuple):
    """A model's name, taken apart. `base_url` is empty for the provider's own service."""

    provider: Provider
    model: str
    base_url: str = ""

    @property
    def plain(self) -> str:
        """The name without its base URL, as the price table and settings know it."""
        return self.provider if self.provider == "extractive" else f"{self.provider}:{self.model}"

    def __str__(self) -> str:
        """The name as `--model` takes it."""
        return f"{self.plain}@{self.base_url}" if self.base_url else self.plain

    @property
    def on_this_machine(self) -> bool:
        """Whether it is served from the loopback interface."""
        return bool(self.base_url) and urlsplit(self.base_url).hostname in _LOOPBACK


def parse_name(name: str) -> ModelName:
    """The name's parts.

    Raises:
        ValueError: there can be no such model; it says which there are.
    """
    if name == "extractive":
        return ModelName("extractive", "extractive")
    match = _NAME.match(name)
    if match is None:
        raise ValueError(
            f"unknown model {name!r}: say extractive, bedrock:<model or inference profile>, openai:<model>,"
            " or openai:<model>@<base URL> for a compatible server"
        )
    provider: Provider = "bedrock" if match["provider"] == "bedrock" else "openai"
    return ModelName(provider, match["model"], (match["url"] or "").rstrip("/"))
