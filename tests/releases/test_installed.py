"""`pip install .` gives a command that works from any folder, with nothing of the checkout beside it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path

import pytest

from cli.site.ask_extra import ASK_PACKAGES
from local.settings import ROOT
from tests.cli.site.samples import write_site


def _names(text: str) -> set[str]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return {re.split(r"[\[=<> ]", line)[0] for line in lines if line and not line.startswith("-r")}


def test_its_dependencies_are_among_what_the_laptop_pins() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements" / "laptop.txt").read_text(), re.MULTILINE))
    assert set(project["dependencies"]) <= pinned
    # `swarm open` and `swarm site-key` sign with it.
    assert "cryptography" in project["dependencies"]
    assert _names((ROOT / "requirements" / "agents.in").read_text()) <= set(project["dependencies"])


def test_the_extra_ask_has_what_its_commands_import_and_the_laptop_pins() -> None:
    extra = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    wanted = {name for file in ("models", "laptop") for name in _lines(ROOT / "requirements" / f"{file}.in")}
    assert _names("\n".join(extra["ask"])) == set(ASK_PACKAGES)
    assert set(extra["ask"]) <= wanted


def _lines(path: Path) -> set[str]:
    """The requirements of a file, with extras and without versions."""
    return {line.partition("==")[0] for line in path.read_text(encoding="utf-8").splitlines()}


def _said(program: Path, *words: str, folder: Path, code: int = 0) -> str:
    done = subprocess.run(
        [program, *words], capture_output=True, text=True, cwd=folder, env={"HOME": str(folder)}, check=False
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_command_works_in_an_empty_environment(tmp_path: Path) -> None:
    wheels, home = tmp_path / "wheels", tmp_path / "venv"
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(wheels), str(ROOT)]
    subprocess.run(build, check=True)
    venv.create(home, with_pip=True)
    wheel = next(wheels.glob("*.whl"))
    subprocess.run([home / "bin" / "python", "-m", "pip", "install", "--quiet", str(wheel)], check=True)
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "shop.py").write_text('"""Sells."""\n')
    swarm = home / "bin" / "swarm"
    assert "estimate" in _said(swarm, "--help", folder=tmp_path)
    assert "1 files" in _said(swarm, "estimate", "shop", folder=tmp_path)
    assert "No AWS region" in _said(swarm, "sessions", "--stack", "dev", folder=tmp_path, code=2)
    assert "needs a checkout" in _said(swarm, "run", "shop", folder=tmp_path, code=2)
    write_site(tmp_path / "out")
    assert "greet" in _said(swarm, "ask", "What does greet do?", "--site", "out", folder=tmp_path)
    assert ".[ask]" in _said(swarm, "mcp", "--site", "out", folder=tmp_path, code=2)
