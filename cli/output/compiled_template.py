"""A page's template, compiled once for all commands: its bytecode is stored where Python stores that of modules."""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress
from pathlib import Path

import jinja2
from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined, Template
from jinja2.bccache import Bucket


class _Bytecode(FileSystemBytecodeCache):
    """A folder of bytecode. What cannot be read is compiled again, what cannot be written is not stored."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, EOFError, ValueError, pickle.UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_template(source: Path) -> Template:
    """The template of this file, which escapes all that it is given and refuses a name that it is not given."""
    environment = Environment(
        loader=FileSystemLoader(source.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_bytecode_beside(source),
    )
    return environment.get_template(source.name)


def _bytecode_beside(source: Path) -> _Bytecode | None:
    """Where Python stores the bytecode of modules beside this file; None if this process shall store none."""
    if sys.dont_write_bytecode:
        return None
    # jinja2 compares the source and Python's version with the stored ones, but not its own version.
    pattern = f"{source.name}-{jinja2.__version__}-%s.cache"
    return _Bytecode(str(source.with_name("__pycache__")), pattern)
