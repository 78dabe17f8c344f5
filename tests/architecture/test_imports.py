"""What an import costs: a core pulls in no cloud, and no module makes a client when it is imported."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.architecture.source import ROLES, ROOT, modules, syntax_tree

CLOUD = ("boto3", "botocore", "pulumi", "pulumi_aws", "pydantic_ai")
CORES = [f"agents.{name}.core" for name in ROLES if f"agents.{name}.core" in modules()]


def test_most_roles_have_a_core() -> None:
    assert len(CORES) >= 5


def test_importing_every_core_pulls_in_neither_boto3_nor_pulumi() -> None:
    program = f"import sys, {', '.join(CORES)}\nprint(*(name for name in {CLOUD} if name in sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


@pytest.mark.parametrize("module", sorted(modules()))
def test_no_module_makes_a_boto3_client_when_imported(module: str) -> None:
    tree = syntax_tree(modules()[module])
    bodies = [node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    calls = [call for node in bodies for call in ast.walk(node) if isinstance(call, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in {"client", "resource"}]
    assert made == []
