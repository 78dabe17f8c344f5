"""Dependency layers: the folders of packages that Lambda mounts at /opt beside our code."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from agents.roster_row import LayerName
from releases.pins import pins

Architecture: TypeAlias = Literal["arm64", "x86_64"]
#: What uv calls the platform. Lambda's python3.13 has glibc 2.34; with `manylinux2014` uv silently took older majors.
PLATFORMS: dict[Architecture, str] = {"arm64": "aarch64-manylinux_2_34", "x86_64": "x86_64-manylinux_2_34"}
PYTHON = "3.13"
#: AWS services whose descriptions stay in botocore; the rest of its 400 would be half of the layer.
SERVICES = frozenset({"bedrock", "bedrock-runtime", "dynamodb", "s3", "secretsmanager", "ssm", "stepfunctions", "sts"})


class LayerFailed(RuntimeError):
    """The packages of a layer could not be installed; the message holds what the installer said."""


@dataclass(frozen=True)
class Layer:
    """One layer: whose pins it takes, which of them by the start of their name, and whose are there already."""

    name: LayerName
    requirements: Path
    only: str = ""
    without: tuple[str, ...] = ()
    on_top_of: tuple[Path, ...] = ()


#: The container needs what base and structure hold together, so the two share one pinned file.
LAYERS = (
    Layer("base", Path("requirements", "agents.txt"), without=("tree-sitter",)),
    Layer("structure", Path("requirements", "agents.txt"), only="tree-sitter"),
    Layer("models", Path("requirements", "models.txt"), on_top_of=(Path("requirements", "agents.txt"),)),
    Layer("site", Path("requirements", "site.txt"), on_top_of=(Path("requirements", "agents.txt"),)),
    Layer("signing", Path("requirements", "signing.txt"), on_top_of=(Path("requirements", "agents.txt"),)),
)


def own_pins(layer: Layer, root: Path) -> list[str]:
    """What the layer itself must install: its pins without those that the layers below hold in the same version."""
    below = {pin for path in layer.on_top_of for pin in pins((root / path).read_text(encoding="utf-8"))}
    taken = (pin for pin in pins((root / layer.requirements).read_text(encoding="utf-8")) if pin not in below)
    return [pin for pin in taken if pin.startswith(layer.only) and not pin.startswith(layer.without)]


def install(requirements: Sequence[str], target: Path, architecture: Architecture, sources: Sequence[str] = ()) -> None:
    """Put the pinned wheels for Lambda's Python into `target`; `sources` are further arguments for uv.

    Raises:
        LayerFailed: a wheel is missing for the platform, has another hash, or cannot be fetched.
    """
    target.mkdir(parents=True, exist_ok=True)
    listed = target.with_suffix(".requirements.txt")
    listed.write_text("\n".join(requirements) + "\n", encoding="utf-8")
    platform = ["--python-version", PYTHON, "--python-platform", PLATFORMS[architecture]]
    # The pins are complete, so nothing is resolved; wheels only, because a source distribution runs its own code.
    strict = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--link-mode", "copy", "--quiet"]
    uv = shutil.which("uv", path=sysconfig.get_path("scripts")) or "uv"
    command = [uv, "pip", "install", "--target", str(target), *platform, *strict, *sources, "-r", str(listed)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=_environment())
    if done.returncode:
        raise LayerFailed(f"uv could not install the packages of {target.name} for {architecture}:\n{done.stderr}")


def _environment() -> dict[str, str]:
    """Ours, with pip's index for uv, which reads none of pip's settings."""
    index = os.environ.get("UV_DEFAULT_INDEX") or _pips_index()
    return {**os.environ, **({"UV_DEFAULT_INDEX": index} if index else {})}


@cache
def _pips_index() -> str:
    command = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    configured = subprocess.run(command, check=False, capture_output=True, text=True)
    return os.environ.get("PIP_INDEX_URL") or configured.stdout.strip()


def tidy(folder: Path) -> None:
    """Remove what differs from machine to machine, and what no function reads."""
    for path in sorted(folder.rglob("*"), reverse=True):
        name = path.relative_to(folder).as_posix()
        if any(left_out(name) for left_out in _LEFT_OUT):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _installers_own(name: str) -> bool:
    """Start scripts name the builder's Python, and RECORD lists them with their hashes."""
    note = re.fullmatch(r"[^/]+\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json|uv_cache\.json)", name)
    return name in {"bin", ".lock"} or note is not None or name.endswith("__pycache__")


def _for_editors(name: str) -> bool:
    return name.endswith(".pyi")


def _other_services(name: str) -> bool:
    service = re.fullmatch(r"botocore/data/([^/.]+)", name)
    return service is not None and service[1] not in SERVICES


def _boto3_resources(name: str) -> bool:
    """boto3.resource() is used nowhere; its examples neither."""
    return re.fullmatch(r"boto3/(data|examples)/[^/]+", name) is not None


def _other_languages(name: str) -> bool:
    """The site's own words are English: Babel falls back to `root`."""
    return re.fullmatch(r"babel/locale-data/(?!root\.dat|en\.dat|en_US\.dat)[^/]+", name) is not None


def _other_icons(name: str) -> bool:
    """The theme names icons of one set (agents/roles/publisher/config.py); the four sets are 14,000 files."""
    return re.fullmatch(r"material/templates/\.icons/(fontawesome|octicons|simple)", name) is not None


def _other_themes(name: str) -> bool:
    return re.fullmatch(r"mkdocs/themes/(mkdocs|readthedocs)", name) is not None


#: Parts of packages that no agent imports, and that nothing imports that an agent imports.
UNUSED = frozenset(
    {
        "aws_lambda_powertools/event_handler",
        "charset_normalizer",
        "docutils/writers/latex2e",
        "docutils/writers/odf_odt",
        "docutils/writers/s5_html",
        "docutils/writers/xetex",
        "openai/resources/admin",
        "openai/resources/beta",
        "openai/resources/live",
        "openai/resources/realtime",
        "openai/types/admin",
        "openai/types/beta",
        "openai/types/evals",
        "openai/types/live",
        "openai/types/realtime",
        "pydantic/v1",
        "pydantic_ai/.agents",
        "pydantic_ai/_cli",
        "pydantic_ai/durable_exec/dbos",
        "pydantic_ai/durable_exec/prefect",
        "pydantic_ai/durable_exec/temporal",
        "pydantic_ai/models/anthropic",
        "pydantic_ai/models/google.py",
        "pydantic_ai/realtime",
        "pydantic_ai/ui",
        "regex",
        "requests",
        "tiktoken",
        "tiktoken_ext",
    }
)


def _unused(name: str) -> bool:
    return name in UNUSED


_LEFT_OUT: Iterable[Callable[[str], bool]] = (
    _installers_own,
    _for_editors,
    _other_services,
    _boto3_resources,
    _other_languages,
    _other_icons,
    _other_themes,
    _unused,
)
