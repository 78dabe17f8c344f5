"""`make engine`: the `pulumi` command, from PATH or built from its published Go module; never a prebuilt download.

Built once, it stays in build/engine and, for other clones, in the user's cache, under its version.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs

ROOT = Path(__file__).resolve().parents[2]
MODULE = Path(__file__).parent / "go.mod"
BUILT = ROOT / "build" / "engine" / "pulumi"
COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_VERSION = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"
MISSING = (
    "There is no `pulumi` on PATH and no Go to build it with: install Pulumi 3 (https://www.pulumi.com/docs/install/)"
    " or Go 1.26 (https://go.dev/dl/), then run `make engine` again."
)


class EngineMissing(Exception):
    """There is no engine; the message says what to do."""


def version() -> str:
    """The version that go.mod pins, such as `v3.274.1`."""
    found = re.search(r"github.com/pulumi/pulumi/pkg/v3 (v\S+)", MODULE.read_text(encoding="utf-8"))
    assert found, "go.mod pins the engine"
    return found[1]


def cached() -> Path:
    """Where every clone of this user finds the engine."""
    return Path(platformdirs.user_cache_dir("serverless-swarm")) / "engine" / version() / "pulumi"


def find_engine() -> Path:
    """The engine that there is. Raises EngineMissing."""
    on_path = shutil.which("pulumi")
    if on_path:
        return Path(on_path)
    if not BUILT.is_file() and cached().is_file():
        BUILT.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(cached(), BUILT)
    if not BUILT.is_file():
        raise EngineMissing("There is no engine yet: `make engine` makes it.")
    return BUILT


def build(seconds: float) -> Path:
    """Build it where there is none. Raises EngineMissing: there is no Go, it took longer, or the build failed."""
    try:
        return find_engine()
    except EngineMissing:
        go = shutil.which("go")
    if go is None:
        raise EngineMissing(MISSING)
    cached().parent.mkdir(parents=True, exist_ok=True)
    unfinished = cached().with_name(f"pulumi.{os.getpid()}")
    flags = f"-s -w -X {_VERSION}={version()}"
    command = [go, "build", "-mod=readonly", "-trimpath", "-ldflags", flags, "-o", str(unfinished), COMMAND]
    sys.stdout.write(f"building the engine {version()} from its Go module: once, for 5 to 20 minutes\n")
    sys.stdout.flush()
    try:
        subprocess.run(
            command, cwd=MODULE.parent, env={**os.environ, "CGO_ENABLED": "0"}, timeout=seconds or None, check=True
        )
        unfinished.replace(cached())
    except subprocess.TimeoutExpired:
        raise EngineMissing(
            f"The engine was not built within {seconds:.0f} seconds; what is compiled stays: run `make engine` again."
        ) from None
    except subprocess.CalledProcessError as error:
        raise EngineMissing(f"The engine was not built: go build ended with {error.returncode}.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return find_engine()


def _version_of(engine: Path) -> str:
    try:
        return subprocess.run([str(engine), "version"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError) as error:
        raise EngineMissing(f"{engine} does not start: {error}") from error


def main() -> int:
    """Exit code 0: there is an engine. 3: there is none, and why."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=0, help="the longest time for the build; 0 is no limit")
    parser.add_argument("--find", action="store_true", help="build none")
    options = parser.parse_args()
    try:
        engine = find_engine() if options.find else build(options.seconds)
        sys.stdout.write(f"{engine}: {_version_of(engine)}\n")
    except EngineMissing as missing:
        sys.stderr.write(f"{missing}\n")
        return 3
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
