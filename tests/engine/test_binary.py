"""`make engine` without an engine: what it looks for, in which order, and what it says."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.components.mocked_cloud import ROOT
from tests.engine import binary


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing on PATH, nothing built, nothing in the cache."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(binary, "BUILT", tmp_path / "build" / "pulumi")
    (tmp_path / "bin").mkdir()
    return tmp_path


def program(file: Path, script: str = "exit 0") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_without_pulumi_and_without_go_one_sentence_says_what_to_install(places: Path) -> None:
    with pytest.raises(binary.EngineMissing) as missing:
        binary.build(0)
    assert str(missing.value) == binary.MISSING
    assert not (places / "build").exists()


def test_pulumi_on_path_is_the_engine(places: Path) -> None:
    installed = program(places / "bin" / "pulumi")
    program(binary.BUILT)
    assert binary.build(0) == installed


def test_another_clone_takes_the_engine_from_the_cache(places: Path) -> None:
    program(binary.cached(), "echo cached")
    assert places in binary.cached().parents
    assert binary.build(0) == binary.BUILT
    assert "echo cached" in binary.BUILT.read_text(encoding="utf-8")


def test_go_builds_what_is_pinned_into_the_cache(places: Path) -> None:
    program(places / "bin" / "go", _GO)
    assert binary.build(0) == binary.BUILT
    assert binary.version() in binary.BUILT.read_text(encoding="utf-8")
    assert [each.name for each in binary.cached().parent.iterdir()] == ["pulumi"]


@pytest.mark.parametrize(
    ("script", "sentence"),
    [("/bin/sleep 60", "was not built within 1 second"), ("exit 7", "go build ended with 7")],
)
def test_a_build_that_is_slow_or_fails_leaves_nothing_and_says_so(places: Path, script: str, sentence: str) -> None:
    program(places / "bin" / "go", script)
    with pytest.raises(binary.EngineMissing, match=sentence):
        binary.build(1)
    assert not binary.BUILT.exists()
    assert list(binary.cached().parent.iterdir()) == []


#: Writes its arguments to the file that `-o` names.
_GO = 'all="$*"; while [ "$1" != -o ]; do shift; done; echo "$all" > "$2"'


#: A `make` that names its target and fails at those in FAILING.
_MAKE = """[ "$1" = -s ] && shift
echo "target $1"
case " $FAILING " in *" $1 "*) exit 2;; esac"""
_ALL = ["pr", "find-engine", "test-engine"]


@pytest.mark.parametrize(
    ("failing", "seconds", "targets", "code"),
    [
        ("", "0", ["pr"], 0),
        ("", "600", _ALL, 0),
        ("find-engine", "600", ["pr", "find-engine", "engine", "test-engine"], 0),
        ("find-engine engine", "600", ["pr", "find-engine", "engine"], 0),
        ("find-engine", "soon", ["pr"], 0),
        ("test-engine", "600", _ALL, 2),
        ("find-engine test-engine", "600", ["pr", "find-engine", "engine", "test-engine"], 2),
        ("pr", "600", ["pr"], 2),
    ],
)
def test_ci_tests_the_engine_where_it_is_asked_to_and_no_missing_one_fails_it(
    tmp_path: Path, failing: str, seconds: str, targets: list[str], code: int
) -> None:
    program(tmp_path / "make", _MAKE)
    env = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ENGINE_SECONDS": seconds, "FAILING": failing}
    ended = subprocess.run([ROOT / ".ci" / "run"], env=env, capture_output=True, text=True, check=False)
    lines = ended.stdout.splitlines()
    assert ended.returncode == code
    assert [line.removeprefix("target ") for line in lines if line.startswith("target ")] == targets
    assert any("was not tested" in line for line in lines) == (code == 0 and "test-engine" not in targets)


@pytest.mark.parametrize(("script", "code"), [("echo v3.274.1", 0), ("exit 1", 3), ("exec /nowhere", 3)])
def test_an_engine_that_does_not_start_is_no_engine(
    places: Path, monkeypatch: pytest.MonkeyPatch, script: str, code: int
) -> None:
    program(places / "bin" / "pulumi", script)
    monkeypatch.setattr("sys.argv", ["binary", "--find"])
    assert binary.main() == code


def test_looking_for_an_engine_builds_none(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(places / "bin" / "go", _GO)
    monkeypatch.setattr("sys.argv", ["binary", "--find"])
    assert binary.main() == 3
    assert not binary.cached().exists()
