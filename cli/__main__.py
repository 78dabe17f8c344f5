"""`python -m cli` is `swarm`."""

# ruff: noqa: E402  the first lines have to run before anything is imported

from __future__ import annotations

from cli.early_interrupts import leave_when_interrupted

# Before the second of imports: until a command begins there is nothing to end, and Python would print a traceback.
leave_when_interrupted()

import gc
import os
import sys

# A run imports 3,000 modules and keeps what they define: looking through all of it after every 700 new objects was a
# quarter of the time until the cloud on this machine stood, and after every 50,000 still a tenth of a short run.
gc.set_threshold(1_000_000, 20, 100)
# There are none, and pydantic would look for some in the metadata of every library.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from cli.app import app
from cli.leaving import leave
from cli.one_command import with_one_command

try:
    with_one_command(app, sys.argv[1:])(prog_name="swarm")
except SystemExit as leaving:
    if not isinstance(leaving.code, int):
        raise
    leave(leaving.code)
