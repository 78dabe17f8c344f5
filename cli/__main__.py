"""`python -m cli` is `swarm`."""

from __future__ import annotations

import atexit
import gc

# A run imports 3,000 modules and keeps what they define: looking through all of it after every 700 new objects was a
# quarter of the time until the cloud on this machine stood.
gc.set_threshold(50_000, 20, 100)
# The last thing to be called, since it is the first to be registered: the interpreter ends with a look through all.
atexit.register(gc.freeze)

from cli.app import app  # noqa: E402  the line above is for this import

app(prog_name="swarm")
