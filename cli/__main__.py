"""`python -m cli` is `swarm`."""

# ruff: noqa: E402  the first lines have to run before anything is imported

from __future__ import annotations

from cli.early_interrupts import leave_when_interrupted

# Before the second of imports: until a command begins there is nothing to end, and Python would print a traceback.
leave_when_interrupted()

import atexit
import gc

# A run imports 3,000 modules and keeps what they define: looking through all of it after every 700 new objects was a
# quarter of the time until the cloud on this machine stood.
gc.set_threshold(50_000, 20, 100)
# The last thing to be called, since it is the first to be registered: the interpreter ends with a look through all.
atexit.register(gc.freeze)

from cli.app import app

app(prog_name="swarm")
