"""What must be equal for one cloud on this machine to do for another's run, and for a saved one to be loaded."""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

from agents.keys import fingerprint
from cli.stack.model_options import KEY_VARIABLE
from cli.stack.stack_settings import StackSettings
from local.settings import ROOT

#: Parts of an identity that no setting names, in words.
_CODE, _KEY, _STACK, _PYTHON, _LIBRARIES = (
    "the code",
    "the model's key",
    "the stack",
    "Python",
    "the installed packages",
)
_VARIABLES = "the environment's SWARM_ and proxy variables"
#: Variables that decide how a cloud or its functions work, beside those that begin with SWARM_.
_DECIDING = frozenset({"TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
#: What is read by commands alone, or is compared by itself.
_OF_COMMANDS = frozenset({"SWARM_KEEPER", "SWARM_COMMENT_TOKEN"})
#: Whatever the program and the local cloud are made of; the agents' code is in the release, which is a setting.
_PACKAGES = ("components", "local", "releases", "workflow")
_FILES = ("__main__.py", "Pulumi.yaml", "cli/bootstrap/deployer-policy.json")


def identity_of(settings: StackSettings, overrides: Mapping[str, str]) -> dict[str, str]:
    """Stack, settings, code, Python, libraries, variables, and the model's key (hashed).

    `overrides` are the command's own settings, with the release and the secret of the model's key.
    """
    named = {key.rpartition(":")[2]: value for key, value in {**settings.configuration, **overrides}.items()}
    key = os.environ.get(KEY_VARIABLE, "") if "modelKeySecret" in overrides else ""
    return {
        **named,
        _STACK: settings.stack,
        _CODE: code_of(ROOT),
        _KEY: fingerprint(key) if key else "",
        _PYTHON: f"{sys.version} {sys.executable}",
        _LIBRARIES: _libraries(),
        _VARIABLES: _variables(os.environ),
    }


def differing(own: Mapping[str, str], other: Mapping[str, str]) -> str:
    """The parts in which two identities differ, in words; empty if nothing does."""
    return ", ".join(sorted(name for name in {*own, *other} if own.get(name) != other.get(name)))


def name_of(identity: Mapping[str, str]) -> str:
    """A fingerprint of an identity, which a saved cloud has as its name; the model's key is not in a saved cloud."""
    parts = {name: value for name, value in identity.items() if name != _KEY}
    return fingerprint(json.dumps(parts, sort_keys=True))


def code_of(root: Path) -> str:
    """A fingerprint of the code that a cloud is made of."""
    return fingerprint(*(part for path in sorted(_files(root)) for part in (str(path), path.read_bytes())))


def _files(root: Path) -> Iterator[Path]:
    yield from (path for name in _FILES if (path := root / name).is_file())
    for package in _PACKAGES:
        for folder, folders, names in os.walk(root / package):  # a third of the time of Path.rglob
            # What Python writes there has other names while it is written.
            folders[:] = [name for name in folders if name != "__pycache__"]
            yield from (Path(folder, name) for name in names if not name.endswith(".pyc"))


def _libraries() -> str:
    """The installed distributions by name and version, and when each was installed."""
    with os.scandir(sysconfig.get_paths()["purelib"]) as entries:
        installed = [(entry.name, entry.stat().st_mtime_ns) for entry in entries if entry.name.endswith(".dist-info")]
    return fingerprint(json.dumps(sorted(installed)))


def _variables(environment: Mapping[str, str]) -> str:
    deciding = {
        name: value
        for name, value in environment.items()
        if (name.startswith("SWARM_") and name not in _OF_COMMANDS)
        or name in _DECIDING
        or name.lower().endswith("_proxy")
    }
    return fingerprint(json.dumps(deciding, sort_keys=True)) if deciding else ""
