"""The theme's templates as code: compiled when the layer is made, else by the first site that a process builds.

jinja2 compiles a template to Python. For the 34 templates of a page this takes 0.4 s, as long as building 200 pages.
The package `swarm_vendor.templates` holds the Python, one module for each template (template_package.py). A template
that has changed since has another module's name, and is compiled here.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import CodeType

from jinja2 import Environment, FileSystemLoader
from jinja2.bccache import Bucket, BytecodeCache
from mkdocs.theme import Theme

#: Where compiled templates are looked up.
PACKAGE = "swarm_vendor.templates"


class CompiledTemplates(BytecodeCache):
    """Templates as code: those of the layer, and those that this process has compiled."""

    def __init__(self, package: str = PACKAGE) -> None:
        self._package = package
        self._code: dict[tuple[str, str], CodeType] = {}

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002  jinja2's signature
        """The template's name: each site is built in a folder of its own."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the code of a template that was compiled before, if it has not changed."""
        key = bucket.key, bucket.checksum
        if key not in self._code and (code := _code_of(f"{self._package}.{module_name(*key)}")) is not None:
            self._code[key] = code
        bucket.code = self._code.get(key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of a template."""
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code

    def as_python(self, env: Environment) -> Mapping[str, str]:
        """The Python of every template so far, by the name of its module; `env` has loaded them."""
        loader = env.loader
        if loader is None:
            raise ValueError("templates without a loader cannot be read again")
        sources = {name: loader.get_source(env, name)[0] for name in sorted({name for name, _ in self._code})}
        return {
            module_name(name, self.get_source_checksum(source)): env.compile(source, name, raw=True)
            for name, source in sources.items()
        }


def module_name(template: str, checksum: str) -> str:
    """The module of a template with this content. The Python names its template, so the name counts as well."""
    return f"t{hashlib.sha256(f'{template} {checksum}'.encode()).hexdigest()[:32]}"


def _code_of(module: str) -> CodeType | None:
    with suppress(ModuleNotFoundError):  # no such package: a laptop whose set-up is older than the package
        spec = importlib.util.find_spec(module)
        if spec is not None and spec.loader is not None:
            code: CodeType | None = spec.loader.get_code(module)  # type: ignore[attr-defined]  # a source loader has it
            return code
    return None


class WithoutHiddenFolders(FileSystemLoader):
    """A theme's templates. mkdocs asks for all files to copy the visible ones: 14,000 icons, 0.3 s."""

    def list_templates(self) -> list[str]:
        """The files outside hidden folders, each by its path."""
        paths: set[str] = set()
        for root in self.searchpath:
            for folder, folders, names in os.walk(root):
                folders[:] = [name for name in folders if not name.startswith(".")]
                place = Path(folder).relative_to(root)
                paths.update((place / name).as_posix() for name in names)
        return sorted(paths)


def environment_of(theme: Theme, compiled: BytecodeCache) -> Environment:
    """mkdocs' environment for a theme, with templates that are compiled already."""
    env = Theme.get_env(theme)
    env.loader = WithoutHiddenFolders(theme.dirs)
    env.bytecode_cache = compiled
    return env
