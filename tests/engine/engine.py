"""The real `pulumi` command over a copy of the project, with our provider on an empty local cloud."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import override

from local.cloud import LocalCloud
from local.privileges.deployer import Deployer
from tests.engine.provider import Provider, serving

ROOT = Path(__file__).resolve().parents[2]
#: What a program needs of the project; the stack files are copies, since `pulumi config set` writes into them.
_LINKED = ("agents", "components", "workflow", "policy_pack", "docs", "local", "cli", "releases", ".venv", "containers")
_COPIED = ("__main__.py", "Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.prod.yaml", "pyproject.toml")
_PATIENCE = 240
Project = Callable[[Path], object]


class EmptyCloud(LocalCloud):
    """A local cloud with nothing in it: the engine deploys."""

    @override  # a method that only looks like an override would deploy the stack before the engine does
    def _built(self, stack: str) -> Mapping[str, Any]:
        del stack
        return {}


@dataclass(frozen=True)
class Ended:
    """A command of pulumi that has ended."""

    code: int
    output: str
    events: Sequence[Mapping[str, Any]] = ()

    @property
    def changes(self) -> dict[str, int]:
        """How many resources had which operation, from the engine's own summary."""
        for event in reversed(self.events):
            if "summaryEvent" in event:
                return {name: int(count) for name, count in event["summaryEvent"]["resourceChanges"].items()}
        return {}

    def operations(self, operation: str) -> list[str]:
        """The kind and name of each resource with that operation, such as `lambda/function:Function scan-function`."""
        steps = [e["resourcePreEvent"]["metadata"] for e in self.events if "resourcePreEvent" in e]
        return [_short(step["urn"]) for step in steps if step["op"] == operation]

    def diff_of(self, name: str) -> list[str]:
        """The properties for which a resource is updated or replaced."""
        for event in self.events:
            step = event.get("resourcePreEvent", {}).get("metadata", {})
            if _short(step.get("urn", "")).endswith(f" {name}") and step["op"] != "same":
                return sorted(step.get("diffs") or [])
        return []


def _short(urn: str) -> str:
    return f"{urn.split('::')[2].rpartition('$')[2].removeprefix('aws:')} {urn.rpartition('::')[2]}" if urn else ""


class Engine:
    """`pulumi` in a folder of its own, over one local cloud."""

    def __init__(
        self, binary: Path, folder: Path, cloud: LocalCloud, provider: Provider, port: int, project: Project
    ) -> None:
        self.cloud, self.provider, self.folder = cloud, provider, folder / "project"
        self._binary, self._home = binary, folder
        self._port = port
        project(self.folder)
        _language_host(folder / "bin")
        (folder / "state").mkdir()

    @property
    def variables(self) -> dict[str, str]:
        """The environment in which `pulumi` and `swarm` find the engine, its state and the cloud."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PULUMI_"))}
        return {
            **kept,
            **self.cloud.variables(),
            "PATH": os.pathsep.join([str(self._home / "bin"), str(self._binary.parent), os.environ["PATH"]]),
            "PULUMI_BACKEND_URL": f"file://{self._home / 'state'}",
            "PULUMI_HOME": str(self._home / "home"),
            "PULUMI_CONFIG_PASSPHRASE": "tests",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_PROVIDERS": f"aws:{self._port}",
            # The whole state after each of 248 resources would be half of the time.
            "PULUMI_EXPERIMENTAL": "1",
            "PULUMI_DEBUG_COMMANDS": "1",  # for --event-log
            "PULUMI_SKIP_CHECKPOINTS": "1",
            "GRPC_ENABLE_FORK_SUPPORT": "0",
            "PYTHONPATH": str(ROOT),
        }

    def pulumi(self, *arguments: str) -> Ended:
        """Run one command of pulumi to its end."""
        log = self._home / "events.jsonl"
        log.unlink(missing_ok=True)
        asks_engine = arguments[0] in {"up", "preview", "refresh", "destroy"}
        more = (
            ["--non-interactive", "--event-log", str(log), "--suppress-progress"]
            if asks_engine
            else ["--non-interactive"]
        )
        ended = subprocess.run(
            [str(self._binary), *arguments, *more],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        return Ended(ended.returncode, ended.stdout + ended.stderr, [json.loads(line) for line in lines])

    def outputs(self, stack: str) -> dict[str, Any]:
        """What `pulumi stack output --json` says."""
        found: dict[str, Any] = json.loads(self.pulumi("stack", "output", "--json", "--stack", stack).output)
        return found

    def swarm(self, *arguments: str) -> Ended:
        """Run one command of swarm, which asks pulumi for the stack's outputs."""
        command = [sys.executable, "-m", "cli", *arguments]
        ended = subprocess.run(
            command, cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
        return Ended(ended.returncode, ended.stdout + ended.stderr)


@contextmanager
def engine_for(
    stack: str, binary: Path, folder: Path, policy: str | None = None, project: Project | None = None
) -> Iterator[Engine]:
    """An empty cloud, our provider over it, and pulumi with an initialised stack.

    `policy` is another deployer's; `project` makes the folder that pulumi runs in, else it is a copy with links.
    """
    document = policy or (ROOT / "cli" / "bootstrap" / "deployer-policy.json").read_text(encoding="utf-8")
    with EmptyCloud(stack) as cloud:
        provider = Provider(cloud, Deployer(document, cloud.region, cloud.account))
        with serving(provider) as port:
            engine = Engine(binary, folder, cloud, provider, port, project or _project)
            begun = engine.pulumi("stack", "init", stack)
            assert begun.code == 0, begun.output
            yield engine


def _project(folder: Path) -> None:
    folder.mkdir(parents=True)
    for name in _LINKED:
        (folder / name).symlink_to(ROOT / name)
    for name in _COPIED:
        shutil.copy(ROOT / name, folder / name)
    release = folder / "build" / "release"
    release.mkdir(parents=True)
    # The engine hashes what `make package` would have built; on the laptop the virtual environment replaces it.
    for name in ("function", *(f"layer-{layer}-arm64" for layer in ("base", "structure", "models", "site", "signing"))):
        with zipfile.ZipFile(release / f"{name}.zip", "w") as archive:
            archive.writestr(f"{name}.txt", name)


def _language_host(folder: Path) -> None:
    folder.mkdir()
    program = folder / "pulumi-language-python"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.engine.language_host "$@"\n', encoding="utf-8")
    program.chmod(0o755)
