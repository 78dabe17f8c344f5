"""What a Lambda worker sees of the world: its unpacked code and the variables that Lambda would set."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from local.whole_folder import make_whole

#: What a call without a version runs.
LATEST = "$LATEST"
#: Our stand-in for the runtime client's native part, which is built for Linux only.
_PORTABLE_CLIENT = Path(__file__).with_name("client")
#: What starts the runtime client.
_START = Path(__file__).with_name("start")


@dataclass(frozen=True)
class Function:
    """A Lambda function as deployed; `code` is its zip, the virtual environment replaces its layers.

    `role` is the ARN that its calls are made under; without one they are the person's own. `libraries`, and `modules`
    of its own code, are what its processes should find imported, and `builders` what should have been called then. One
    that `begins_warm` may be given a process before its first call.
    """

    name: str
    arn: str
    code: bytes = field(repr=False)
    handler: str
    environment: Mapping[str, str]
    timeout_seconds: float
    memory_mb: int
    role: str = ""
    libraries: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    builders: tuple[str, ...] = ()
    begins_warm: bool = False
    version: str = LATEST

    @property
    def key(self) -> tuple[str, str]:
        """Name and version: what a call names."""
        return self.name, self.version


def unpack(code: bytes, folder: Path) -> Path:
    """Unpack a function's zip once per content, below `folder`. Raises zipfile.BadZipFile."""
    target = folder / digest_of(code)
    if target.is_dir():
        return target
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(code)) as archive:
        make_whole(target, archive.extractall)  # leaves no folder: zipfile drops drive letters and `..`
    return target


# The functions of a program share one zip, of megabytes.
@lru_cache(maxsize=2)
def digest_of(code: bytes) -> str:
    """A name for a zip, by its content."""
    return hashlib.sha256(code).hexdigest()[:32]


def worker_environment(
    function: Function, task_root: Path, scratch: Path, runtime_api: str, base: Mapping[str, str]
) -> dict[str, str]:
    """Lambda's variables, then the laptop cloud's (`base`: endpoint, the role's key), then the function's own."""
    region = function.arn.split(":")[3] if function.arn.count(":") >= 6 else "us-east-1"
    native = importlib.util.find_spec("runtime_client") is not None
    return {
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{sys.version_info.major}.{sys.version_info.minor}",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "PYTHONUTF8": "1",  # what LANG gives on Lambda's own system
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "PYTHONPATH": os.pathsep.join(
            map(str, [task_root, _START] if native else [task_root, _START, _PORTABLE_CLIENT])
        ),
        "HOME": str(scratch),
        "TMPDIR": str(scratch),  # Lambda's /tmp is each worker's own
        **base,
        **function.environment,
        "_HANDLER": function.handler,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": scratch.name,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "LAMBDA_TASK_ROOT": str(task_root),
    }
