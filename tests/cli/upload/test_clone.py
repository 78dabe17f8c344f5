"""A URL becomes a folder, and nothing of the repository is run on the way."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from cli.errors import BadInput
from cli.upload.clone import check_url, cloned, is_url, without_credentials


def git(folder: Path, *words: str) -> None:
    identity = ("-c", "user.email=a@example.org", "-c", "user.name=a", "-c", "commit.gpgsign=false")
    program = shutil.which("git") or "git"
    subprocess.run([program, *identity, "-C", str(folder), *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "shop.git"
    folder.mkdir()
    git(folder, "init", "--quiet")
    (folder / "main.py").write_text("x = 1\n")
    git(folder, "add", "-A")
    git(folder, "commit", "--quiet", "-m", "first")
    return folder


@pytest.mark.parametrize(
    "url",
    [
        "-x",
        "--upload-pack=touch x",
        "ext::sh",
        "ext::sh -c x",
        "http://example.org/a.git",
        "git://example.org/a.git",
        "ftp://example.org/a",
        "ssh://-oProxyCommand=x/a",
        "https://example.org",
        "https://example.org/a b",
    ],
)
def test_refuses_a_url_that_could_run_a_command_or_goes_unencrypted(url: str) -> None:
    with pytest.raises(BadInput):
        check_url(url)


@pytest.mark.parametrize("url", ["https://example.org/a.git", "ssh://git@example.org/a", "git@example.org:team/a.git"])
def test_takes_what_hosts_of_repositories_offer(url: str) -> None:
    assert is_url(url)
    assert check_url(url) == url


def test_a_path_is_no_url(tmp_path: Path) -> None:
    assert not is_url(str(tmp_path))
    assert not is_url("shop")


def test_clones_the_newest_commit_under_the_repositorys_name(repository: Path) -> None:
    with cloned(f"file://{repository}") as folder:
        assert folder.name == "shop"
        assert (folder / "main.py").read_text() == "x = 1\n"
    assert not folder.exists()


def test_runs_no_hook_of_a_template_and_fetches_no_submodule(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks, ran = tmp_path / "template" / "hooks", tmp_path / "ran"
    hooks.mkdir(parents=True)
    (hooks / "post-checkout").write_text(f"#!/bin/sh\ntouch {ran}\n")
    (hooks / "post-checkout").chmod(0o755)
    git(repository, "-c", "protocol.file.allow=always", "submodule", "add", str(repository), "inner")
    git(repository, "commit", "--quiet", "-m", "second")
    monkeypatch.setenv("GIT_TEMPLATE_DIR", str(tmp_path / "template"))
    with cloned(f"file://{repository}") as folder:
        assert list((folder / "inner").iterdir()) == []
    assert not ran.exists()


def test_a_url_that_cannot_be_cloned_is_one_sentence_without_its_token(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused, cloned(f"file://{tmp_path}/none.git"):
        pass
    assert str(refused.value).startswith(f"git cannot clone file://{tmp_path}/none.git: fatal:")
    assert without_credentials("https://me:token@example.org/a.git?key=1") == "https://example.org/a.git"
