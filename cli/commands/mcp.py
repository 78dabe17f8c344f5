"""`swarm mcp`: serve a finished site over standard input and output until the client closes them."""

from __future__ import annotations

from pathlib import Path

from cli.errors import ExitCode
from cli.site.ask_extra import ask_extra
from cli.site.finished import finished_site
from cli.site.lookups import Lookups


def mcp(site: Path) -> ExitCode:
    """Serve. Raises BadInput without a site, or where the SDK is not installed."""
    lookups = Lookups(finished_site(site))
    with ask_extra("swarm mcp"):
        from cli.site.mcp_server import server_of
    server_of(lookups).run()
    return ExitCode.DONE
