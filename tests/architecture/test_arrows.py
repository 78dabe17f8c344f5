"""A module imports only what its arrow reaches, and an arrow that nothing uses is not drawn."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.architecture.arrows import ARROWS, EXCEPTIONS, UNUSED
from tests.architecture.source import Import, imports, imports_of, layer, modules, role


def _target(found: Import) -> str:
    """The target's layer; a package of type stubs counts as the package it describes."""
    name = layer(found.target)
    return "boto3" if name.startswith("types_boto3") else name


def _allowed(layer_name: str) -> set[str]:
    return {target.replace("_", " ") if target.startswith("role_") else target for target in ARROWS[layer_name]}


def _broken(found: Import) -> str | None:
    source, target = layer(found.module), _target(found)
    if target in sys.stdlib_module_names or target == "agents":
        return None
    if role(found.module) and role(found.target) and role(found.module) != role(found.target):
        return f"{found.module} imports {found.target}: one agent never imports another"
    if (found.module, target) in EXCEPTIONS:
        return None
    if source == target and source not in {"role core", "role run"}:
        return None
    if source == target == "role run" or target not in _allowed(source):
        return f"{found.module} imports {found.target}: there is no arrow {source} -> {target}"
    return None


def test_every_import_follows_an_arrow() -> None:
    assert [problem for found in imports() if (problem := _broken(found))] == []


def test_every_module_has_a_layer() -> None:
    assert {layer(module) for module in modules()} - set(ARROWS) - {"agents"} == set()


def _import(module: str, target: str) -> Import:
    return Import(Path("imagined.py"), module, target)


def test_a_forbidden_import_is_named_with_its_arrow() -> None:
    assert _broken(_import("agents.roles.analyst.core", "boto3")) == (
        "agents.roles.analyst.core imports boto3: there is no arrow role core -> boto3"
    )
    assert "one agent never imports another" in (
        _broken(_import("agents.roles.critic.run", "agents.roles.editor.core")) or ""
    )
    assert "components -> boto3" in (_broken(_import("components.workflow", "boto3")) or "")
    assert "agents.models -> boto3" in (_broken(_import("agents.models.bedrock", "boto3")) or "")
    assert "agents.aws -> cli" in (_broken(_import("agents.aws.wiring", "cli.app")) or "")


def test_an_import_inside_a_function_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "lazy.py"
    path.write_text("def late() -> None:\n    import boto3\n", encoding="utf-8")
    assert [found.target for found in imports_of("agents.roles.analyst.core", path)] == ["boto3"]


def test_no_arrow_is_dead() -> None:
    used = {(layer(found.module), _target(found)) for found in imports()}
    drawn = {(source, target) for source in ARROWS for target in _allowed(source)}
    assert drawn - used - set(UNUSED) == set()


def test_no_exception_outlives_its_import() -> None:
    single = {(found.module, _target(found)) for found in imports()}
    assert set(EXCEPTIONS) - single == set()
    used = {(layer(found.module), _target(found)) for found in imports()}
    assert set(UNUSED) & used == set()
