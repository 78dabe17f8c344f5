"""A stack's configuration as its files say it, with overrides on top."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

#: libyaml's where the wheel has it: Python alone takes a tenth of a second for the description of every setting.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ProgramFailed(Exception):
    """The Pulumi program did not run to its end; the message names the resource where it stopped."""


def configuration(folder: Path, stack: str, settings: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The project's name and the stack's configuration, with the overrides on top. Raises ProgramFailed."""
    project_file, stack_file = folder / "Pulumi.yaml", folder / f"Pulumi.{stack}.yaml"
    described = _read(project_file)
    project = str(described["name"])
    read = _defaults(project, described)
    read |= {str(name): _text(value) for name, value in (_read(stack_file).get("config") or {}).items()}
    overrides = {name if ":" in name else f"{project}:{name}": value for name, value in settings.items()}
    return project, {**read, **overrides}


def _defaults(project: str, described: Mapping[str, Any]) -> dict[str, str]:
    """What the project's file proposes for keys that a stack leaves out, as Pulumi's engine fills them in."""
    entries = {str(name): entry for name, entry in (described.get("config") or {}).items() if isinstance(entry, dict)}
    return {
        name if ":" in name else f"{project}:{name}": _text(entry["default"])
        for name, entry in entries.items()
        if "default" in entry
    }


def _read(file: Path) -> dict[str, Any]:
    try:
        return yaml.load(file.read_text("utf-8"), _LOADER) or {}  # noqa: S506 (safe, both of them)
    except (OSError, yaml.YAMLError) as problem:
        raise ProgramFailed(f"cannot read {file}: {problem}") from problem


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
