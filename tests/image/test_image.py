"""The image that `make image` built, started as Fargate starts it: read-only root, user 65532, only /tmp writable.

`make test-image`: as root, on Linux, with buildah. A session's scan and batches run in it on the local cloud.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.roster import ROSTER
from components import fargate_agent
from local import cloud as local_cloud
from local.ecs.runner import ContainerTask, TaskRunner
from releases.build import build
from releases.image import IMAGE
from tests.e2e.test_new_account import _documented, _repository

pytestmark = [pytest.mark.image, pytest.mark.timeout(900)]

#: Mounts as a task has them, and no others; `exec` all along, so that signals reach the command itself.
_CONTAIN = """
set -e
root=$1; user=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
exec /usr/sbin/chroot --userspec="$user" "$root" "$@"
"""
#: What the laptop's own process is given in place of the image's variables.
_LAPTOPS = ("HOME", "LANG", "PATH", "PYTHONPATH", "PYTHONUNBUFFERED", "TMPDIR", "PWD", "SHLVL", "_")


def _buildah(*arguments: str) -> str:
    buildah = shutil.which("buildah") or "buildah"
    return subprocess.run([buildah, *arguments], capture_output=True, text=True, check=True).stdout.strip()


class Image:
    """A mounted image and its configuration."""

    def __init__(self, root: Path, config: dict[str, Any]) -> None:
        self.root, self.config = root, config

    def contained(self, command: list[str], environment: dict[str, str]) -> list[str]:
        """The command that runs `command` in the image, with the image's variables and these."""
        own = {key: value for key, value in environment.items() if key not in _LAPTOPS}
        variables = [*self.config["Env"], *(f"{key}={value}" for key, value in own.items())]
        shell = ["unshare", "--mount", "--propagation", "private", "sh", "-c", _CONTAIN, "task"]
        inside = ["/usr/bin/env", "-i", "-C", self.config["WorkingDir"], *variables, *command]
        return [*shell, str(self.root), self.config["User"], *inside]

    def python(self, source: str) -> subprocess.CompletedProcess[str]:
        command = self.contained(["python", "-c", source], {})
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def image() -> Iterator[Image]:
    container = _buildah("from", "--pull-never", f"localhost/{IMAGE}")
    try:
        config = json.loads(_buildah("inspect", "--type", "image", f"localhost/{IMAGE}"))["Docker"]["config"]
        yield Image(Path(_buildah("mount", container)), config)
    finally:
        _buildah("umount", container)
        _buildah("rm", container)


def test_command_and_user_are_those_of_the_task_definition(image: Image) -> None:
    assert image.config["Cmd"] == fargate_agent.COMMAND
    assert image.config["User"] == fargate_agent.USER
    assert not image.config.get("Entrypoint")


def test_it_runs_as_nobody_and_writes_nowhere_but_to_tmp(image: Image) -> None:
    source = (
        "import os\n"
        "assert (os.getuid(), os.getgid()) == (65532, 65532)\n"
        "open('/tmp/x', 'w').close()\n"
        "for folder in ('/', '/opt/swarm', '/opt/agents', '/var/tmp', '/home', '/usr'):\n"
        "    try:\n        open(folder + '/x', 'w')\n"
        "    except OSError as error:\n        print(error.errno)\n"
        "    else:\n        raise SystemExit(folder + ' is writable')\n"
    )
    done = image.python(source)
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()) == {"30"}  # EROFS: a read-only file system, not a missing permission


def test_nothing_in_it_installs_packages(image: Image) -> None:
    assert image.python("import pip").returncode != 0
    assert image.python("import ensurepip").returncode != 0
    found = [path for path in (image.root / "usr").rglob("pip*") if path.suffix == ".whl" or path.parent.name == "bin"]
    assert found == []


def test_without_settings_it_ends_with_a_sentence_that_names_them(image: Image) -> None:
    command = image.contained(fargate_agent.COMMAND, {})
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1
    assert "SWARM_" in done.stderr


def test_a_sessions_tasks_run_in_it_and_answer_their_tokens(
    image: Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    tasks: list[ContainerTask] = []

    class InImage(TaskRunner):
        def start(self, task: ContainerTask) -> None:
            tasks.append(task)
            environment = self._environment(task, tmp_path)
            super().start(replace(task, command=image.contained(list(task.command), environment)))

    monkeypatch.setattr(local_cloud, "TaskRunner", InImage)
    began = time.monotonic()
    record = _documented(tmp_path, _repository(2), {"repositoryLambdaMegabytes": "0"}, quotas="grown")
    assert (record.status.published, record.gaps, record.routes.fargate) == (True, (), 2)
    # Each ended by SendTaskSuccess: nothing else ends such a state well.
    on_fargate = {row.state for row in ROSTER.values() if row.fargate_state}
    assert {task.environment["SWARM_STATE"] for task in tasks} == on_fargate - {"Scan"}
    assert all(task.environment.get("SWARM_TASK_TOKEN") for task in tasks)
    os.write(2, f"a session with {len(tasks)} tasks in the image: {time.monotonic() - began:.1f} s\n".encode())
