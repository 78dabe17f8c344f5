"""Small git repositories for the check."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

SETTINGS = ("-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
CODE = '''def greet(name):
    """Greet a person by name."""
    return "hello " + name


def shout(text):
    return text.upper()
'''


def git(root: Path, *arguments: str | bytes) -> str:
    """Run git in a repository, without the configuration of whoever runs the tests."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    variables |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    command = [shutil.which("git") or "git", "-C", str(root), *SETTINGS, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, env=variables)
    return done.stdout.decode("utf-8", "replace").strip()


def commit(root: Path, files: Mapping[str, str | bytes | None], message: str = "change") -> str:
    """Write or delete files, commit all, and give the commit's name."""
    if not (root / ".git").exists():
        root.mkdir(parents=True, exist_ok=True)
        git(root, "init", "-q", "-b", "main")
    for name, content in files.items():
        place = root / name
        if content is None:
            place.unlink()
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(root, "add", "-A")
    git(root, "commit", "-q", "--allow-empty", "-m", message)
    return git(root, "rev-parse", "HEAD")
