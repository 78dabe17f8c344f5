"""What an import costs: a core pulls in no cloud, and no module makes a client when it is imported."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT, imports_of, modules, says_pure, syntax_tree

CLOUD = ("boto3", "botocore", "pulumi", "pulumi_aws", "pydantic_ai")
PURE = sorted(module for module in modules() if says_pure(module))
#: Rooms that hold no side effect, so that a pure module may import them.
CALM = ("agents.contracts", "agents.errors", "agents.keys", "agents.text", "agents.pages")
#: Modules of the standard library through which a module touches a file, a clock, a process or the network.
OUTSIDE = frozenset(
    ["asyncio", "concurrent", "ctypes", "http", "logging", "multiprocessing", "os", "random", "shutil", "signal",
     "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time", "urllib.request", "uuid"]
)  # fmt: skip


def test_every_core_says_that_it_is_pure() -> None:
    cores = [module for module in modules() if module.startswith("agents.roles.") and module.endswith(".core")]
    assert len(cores) >= 9
    assert [core for core in cores if not says_pure(core)] == []


@pytest.mark.parametrize("module", PURE)
def test_a_module_that_says_pure_is(module: str) -> None:
    tree = syntax_tree(modules()[module])
    for found in imports_of(module, modules()[module]):
        top = found.target.partition(".")[0]
        if found.target in modules():
            assert says_pure(found.target) or found.target.startswith(CALM), f"{module} imports {found.target}"
        else:
            assert top not in {*CLOUD, *OUTSIDE}, f"{module} imports {found.target}"
            assert found.target not in OUTSIDE, f"{module} imports {found.target}"
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    opened = [call for call in calls if isinstance(call, ast.Name) and call.id in {"open", "print", "input"}]
    assert opened == []


def test_importing_every_pure_module_pulls_in_neither_boto3_nor_pulumi() -> None:
    program = f"import sys, {', '.join(PURE)}\nprint(*(name for name in {CLOUD} if name in sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


@pytest.mark.parametrize("module", sorted(modules()))
def test_no_module_makes_a_boto3_client_when_imported(module: str) -> None:
    tree = syntax_tree(modules()[module])
    bodies = [node for node in tree.body if not isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    calls = [call for node in bodies for call in ast.walk(node) if isinstance(call, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in {"client", "resource"}]
    assert made == []


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_file_that_a_module_names_beside_itself_is_there(module: str) -> None:
    path = modules()[module]
    for call in ast.walk(syntax_tree(path)):
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "Path(__file__).with_name":
            (name,) = call.args
            assert isinstance(name, ast.Constant), ast.unparse(call)
            file = str(name.value)
            assert path.with_name(file).exists(), f"{module}: {file}"
