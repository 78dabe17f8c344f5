"""The table in which `doctor` and `smoke` show their checks."""

from __future__ import annotations

from rich.table import Table


def checks_table() -> Table:
    """An empty table of three columns: the outcome, what was checked, and what was seen."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    return table
