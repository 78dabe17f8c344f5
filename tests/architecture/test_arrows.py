"""A module imports only what its arrow reaches, and an arrow that nothing uses is not drawn."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.architecture.arrows import ARROWS, UNUSED
from tests.architecture.source import Import, imports, imports_of, layer, modules, role


def _target(found: Import) -> str:
    """The target's layer; a package of type stubs counts as the package it describes."""
    name = layer(found.target)
    return "boto3" if name.startswith("types_boto3") else name


def _broken(found: Import) -> str | None:
    source, target = layer(found.module), _target(found)
    if target in sys.stdlib_module_names or target == "agents":
        return None
    if role(found.module) and role(found.target) and role(found.module) != role(found.target):
        return f"{found.module} imports {found.target}: one role never imports another"
    if source == target or target in ARROWS[source]:
        return None
    return f"{found.module} imports {found.target}: there is no arrow {source} -> {target}"


def test_every_import_follows_an_arrow() -> None:
    assert [problem for found in imports() if (problem := _broken(found))] == []


def test_every_module_has_a_layer() -> None:
    assert {layer(module) for module in modules()} - set(ARROWS) - {"agents"} == set()


def _import(module: str, target: str) -> Import:
    return Import(Path("imagined.py"), module, target)


@pytest.mark.parametrize(
    ("module", "target", "reason"),
    [
        ("agents.roles.analyst.core", "boto3", "agents.roles -> boto3"),
        ("agents.roles.critic.run", "agents.roles.editor.core", "one role never imports another"),
        ("agents.models.bedrock", "boto3", "agents.models -> boto3"),
        ("agents.aws.wiring", "cli.app", "agents.aws -> cli"),
        ("agents.contracts.base", "agents.codebase.imports.files", "agents.contracts -> agents.codebase"),
        ("components.workflow", "boto3", "components -> boto3"),
    ],
)
def test_a_forbidden_import_is_named_with_its_arrow(module: str, target: str, reason: str) -> None:
    assert reason in (_broken(_import(module, target)) or "")


def test_an_import_inside_a_function_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "lazy.py"
    path.write_text("def late() -> None:\n    import boto3\n", encoding="utf-8")
    assert [found.target for found in imports_of("agents.roles.analyst.core", path)] == ["boto3"]


def test_no_arrow_is_dead() -> None:
    used = {(layer(found.module), _target(found)) for found in imports()}
    drawn = {(source, target) for source, targets in ARROWS.items() for target in targets}
    assert drawn - used - set(UNUSED) == set()


def test_no_reason_outlives_its_unused_arrow() -> None:
    used = {(layer(found.module), _target(found)) for found in imports()}
    assert set(UNUSED) & used == set()
