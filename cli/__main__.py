"""`python -m cli` is `swarm`."""

from __future__ import annotations

from cli.app import app

app(prog_name="swarm")
