"""A repository's URL becomes a folder: a shallow clone in a temporary folder, in which nothing of it is run."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from cli.disk_errors import explained, temporary_files
from cli.errors import BadInput
from cli.git_call import git_variables
from local.temporary import temporary_folder

_PROTOCOLS = ("https", "ssh", "file")
#: `git@host:path`, which is ssh; a drive's letter or a path with a colon in it has no `@` before it.
_SCP_LIKE = re.compile(r"^[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:(?!:)[^\s]+$")
_CONTROL = re.compile(r"[\x00-\x20\x7f]")
#: Nothing that the repository or a template names may run: no hook, no file system monitor, no filter of large files.
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "protocol.allow=never",
    *(f"protocol.{name}.allow=always" for name in _PROTOCOLS),
    # A server that has gone silent ends the clone instead of holding it for ever.
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=60",
)
_VARIABLES = {
    "GIT_ALLOW_PROTOCOL": ":".join(_PROTOCOLS),
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_LFS_SKIP_SMUDGE": "1",
    "GIT_PROTOCOL_FROM_USER": "0",
}


def is_url(text: str) -> bool:
    """Whether an argument names a repository elsewhere rather than a path."""
    return "://" in text or "::" in text or (bool(_SCP_LIKE.match(text)) and not Path(text).exists())


def check_url(url: str) -> str:
    """The URL, if git may be given it. Raises BadInput."""
    if url.startswith("-"):
        raise BadInput(f"A repository's URL does not begin with a dash: {url}")
    if _CONTROL.search(url):
        raise BadInput("A repository's URL has no spaces and no control characters in it")
    if _SCP_LIKE.match(url):
        return url
    scheme, separator, _ = url.partition("://")
    if not separator or scheme.lower() not in _PROTOCOLS:
        raise BadInput(
            f"{without_credentials(url)} is not cloned: the URL of a repository begins with https://, ssh:// or file://"
        )
    parts = urlsplit(url)
    if (parts.hostname or "").startswith("-") or parts.path.strip("/") == "":
        raise BadInput(f"{without_credentials(url)} names no repository")
    return url


def without_credentials(url: str) -> str:
    """The URL without the password or token that may be in it."""
    if _SCP_LIKE.match(url):
        return url
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))


@contextmanager
def cloned(url: str) -> Iterator[Path]:
    """A folder with the newest commit of the default branch, named as the repository; it is gone afterwards.

    Raises:
        BadInput: git is not there, or cannot clone the URL.
    """
    check_url(url)
    program = shutil.which("git")
    if program is None:
        raise BadInput("git is not on PATH: install it, or give a folder or an archive")
    with explained(f"The folder for temporary files, {temporary_files()} (TMPDIR)"):
        folder = temporary_folder("swarm-clone-")
    with folder as around:
        target = around / (_name(url) or "repository")
        _clone(program, url, target)
        yield target


def _name(url: str) -> str:
    last = re.split(r"[/:]", url.rstrip("/").removesuffix(".git").rstrip("/"))[-1]
    return re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip("-.")


def _clone(program: str, url: str, target: Path) -> None:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    command = [
        *(program, *settings, "clone", "--quiet", "--depth=1", "--single-branch", "--no-tags"),
        *("--no-recurse-submodules", "--template=", "--", url, str(target)),
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=git_variables(**_VARIABLES), stdin=subprocess.DEVNULL
    )
    if done.returncode != 0:
        printed = [line for line in done.stderr.replace(url, without_credentials(url)).splitlines() if line.strip()]
        reason = next(
            (line for line in printed if line.startswith(("fatal:", "ERROR:"))), printed[-1] if printed else ""
        )
        address = without_credentials(url)
        raise BadInput(f"git cannot clone {address}: {reason or 'it gave no reason'}. Check the URL and your access")
