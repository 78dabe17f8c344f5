"""A layer holds pinned wheels for Lambda's Python and nothing that differs from machine to machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agents.roster import FUNCTIONS, layers_of
from releases import layers
from releases.build import ROOT
from releases.layers import LAYERS, Layer, LayerFailed, own_pins, tidy
from tests.releases.tiny_wheels import wheel


def _offline(wheels: Path) -> list[str]:
    return ["--no-index", "--find-links", str(wheels), "--no-cache"]


def _names(pins: list[str]) -> set[str]:
    return {pin.split("==")[0] for pin in pins}


def test_should_install_wheels_for_the_platform_asked_for_whatever_the_machine_is(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    pins = [wheel(wheels, "native", {"native/here.py": ""}, "cp313-cp313-manylinux_2_17_aarch64")]
    layers.install(pins, tmp_path / "arm", "arm64", _offline(wheels))
    assert (tmp_path / "arm" / "native" / "here.py").is_file()
    with pytest.raises(LayerFailed, match="for x86_64"):
        layers.install(pins, tmp_path / "intel", "x86_64", _offline(wheels))


def test_should_refuse_a_wheel_with_another_hash(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    pin = wheel(wheels, "good", {"good.py": ""})
    wheel(wheels, "good", {"good.py": "import os\n"})
    with pytest.raises(LayerFailed, match=r"(?i)hash"):
        layers.install([pin], tmp_path / "target", "arm64", _offline(wheels))


def test_should_leave_out_start_scripts_and_the_installers_notes_but_keep_entry_points(tmp_path: Path) -> None:
    wheels, target = tmp_path / "wheels", tmp_path / "target"
    layers.install([wheel(wheels, "tool", {"tool.py": "", "tool.pyi": ""})], target, "arm64", _offline(wheels))
    assert (target / "bin").is_dir()
    tidy(target)
    left = sorted(path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
    info = "tool-1.0.dist-info"
    assert left == [f"{info}/METADATA", f"{info}/WHEEL", f"{info}/entry_points.txt", "tool.py"]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("botocore/data/s3/2006-03-01/service-2.json.gz", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("botocore/data/partitions.json", True),
        ("babel/locale-data/root.dat", True),
        ("babel/locale-data/en.dat", True),
        ("babel/locale-data/en_AU.dat", False),
        ("babel/locale-data/de.dat", False),
        ("material/templates/.icons/material/source-branch.svg", True),
        ("material/templates/.icons/simple/github.svg", False),
        ("mkdocs/themes/readthedocs/base.html", False),
        ("mkdocs/themes/__init__.py", True),
        ("mkdocs/commands/build.py", True),
        ("pydantic_ai/realtime/__init__.py", False),
        ("pydantic_ai/durable_exec/__init__.py", True),
    ],
)
def test_should_keep_what_agents_read_of_large_packages(tmp_path: Path, path: str, kept: bool) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text("content")
    tidy(tmp_path)
    assert (tmp_path / path).exists() is kept


#: Imports all of agents/ and what it imports later, while nothing below the names in the first argument can be.
_IMPORT = """
import importlib, pkgutil, sys
unused = sys.argv[1].split()
class Refusing:
    def find_spec(self, name, path=None, target=None):
        if any(f"{name}.".startswith(f"{each}.") for each in unused):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refusing())
import agents
for module in pkgutil.walk_packages(agents.__path__, "agents."):
    importlib.import_module(module.name)
for name in ("pydantic_ai.models.bedrock", "pydantic_ai.models.openai", "pydantic_ai.providers.bedrock",
             "pydantic_ai.providers.openai", "aws_lambda_powertools.utilities.idempotency"):
    importlib.import_module(name)
from docutils.core import publish_string
publish_string("Title\\n=====", writer="html5")
from pydantic_ai import Agent
from pydantic_ai.models.test import TestModel
Agent(TestModel(), output_type=int).run_sync("how many?")
from pydantic_ai.exceptions import ModelAPIError
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider
nobody = OpenAIProvider(base_url="http://127.0.0.1:9/v1", api_key="none")
try:
    Agent(OpenAIChatModel("any", provider=nobody), output_type=int).run_sync("how many?")
except ModelAPIError as error:
    assert "Connection error" in str(error), error
"""


def test_nothing_that_agents_import_needs_what_is_left_out() -> None:
    unused = " ".join(sorted(name.removesuffix(".py").replace("/", ".") for name in layers.UNUSED))
    ran = subprocess.run([sys.executable, "-c", _IMPORT, unused], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("state", FUNCTIONS)
def test_no_function_carries_a_package_twice(state: str) -> None:
    carried = [layer for layer in LAYERS if layer.name in layers_of(state, "bedrock:any")]
    names = [_names(own_pins(layer, ROOT)) for layer in carried]
    assert len(set().union(*names)) == sum(map(len, names))


def test_should_keep_the_grammars_and_the_models_clients_out_of_the_base_layer() -> None:
    base, structure, models, site, signing = (_names(own_pins(layer, ROOT)) for layer in LAYERS)
    assert {"boto3", "pydantic", "aws-lambda-powertools"} <= base
    assert all(name.startswith("tree-sitter") for name in structure)
    assert "pydantic-ai-slim" in models
    assert "mkdocs-material" in site
    assert {"pyjwt", "cryptography"} <= signing
    assert not base & signing
    assert not any(name.startswith(("tree-sitter", "pydantic-ai", "mkdocs")) for name in base)


def test_should_carry_a_package_again_when_the_layer_below_has_another_version(tmp_path: Path) -> None:
    (tmp_path / "below.txt").write_text("six==1.0 \\\n    --hash=sha256:aa\nyaml==1.0 \\\n    --hash=sha256:bb\n")
    (tmp_path / "above.txt").write_text("six==1.0 \\\n    --hash=sha256:aa\nyaml==2.0 \\\n    --hash=sha256:cc\n")
    above = Layer("site", Path("above.txt"), on_top_of=(Path("below.txt"),))
    assert own_pins(above, tmp_path) == ["yaml==2.0 --hash=sha256:cc"]
