"""`swarm mcp`: serve a finished site over standard input and output until the client closes them."""

from __future__ import annotations

from pathlib import Path

from cli.errors import BadInput, ExitCode
from cli.site.finished import finished_site
from cli.site.lookups import Lookups


def mcp(site: Path) -> ExitCode:
    """Serve. Raises BadInput without a site, or where the SDK is not installed."""
    lookups = Lookups(finished_site(site))
    try:
        from cli.site.mcp_server import server_of
    except ModuleNotFoundError as error:
        if error.name is None or not error.name.startswith("mcp"):
            raise
        raise BadInput("`swarm mcp` needs the package mcp: run it from a checkout, or `pip install mcp`") from error
    server_of(lookups).run()
    return ExitCode.DONE
