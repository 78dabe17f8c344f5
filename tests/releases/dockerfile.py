"""As much of a Dockerfile as our promises about it need: instructions, stages, arguments."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Instruction:
    """One instruction: its keyword in capitals, the rest of its line."""

    keyword: str
    value: str

    @property
    def listed(self) -> Any:
        """The value's list form."""
        return json.loads(self.value[self.value.index("[") :])


def instructions(path: Path) -> list[Instruction]:
    """The file's instructions, with continued lines joined and comments left out."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not re.match(r"\s*#", line)]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [Instruction(*_split(line)) for line in joined.splitlines() if line.strip()]


def stages(found: list[Instruction]) -> list[list[Instruction]]:
    """The instructions of each stage, its FROM first; arguments before the first FROM belong to none."""
    starts = [at for at, one in enumerate(found) if one.keyword == "FROM"]
    return [found[start:end] for start, end in zip(starts, [*starts[1:], len(found)], strict=True)]


def base_of(stage: list[Instruction], found: list[Instruction]) -> str:
    """The stage's image, with the defaults of arguments filled in."""
    defaults = dict(one.value.split("=", 1) for one in found if one.keyword == "ARG" and "=" in one.value)
    return re.sub(r"\$\{(\w+)\}", lambda name: defaults[name[1]], stage[0].value.split()[0])


def _split(line: str) -> tuple[str, str]:
    keyword, _, value = line.strip().partition(" ")
    return keyword.upper(), " ".join(value.split())
