"""What a run needs once its session has ended: a thread imports it, and compiles the report, while the run waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def prepared() -> Iterator[None]:
    """Prepare the end of a run while the block waits for its session; it is prepared when the block is left."""
    thread = threading.Thread(target=_prepare, name="prepare-the-end", daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _prepare() -> None:
    with suppress(Exception):  # what fails here fails again where it is needed, and is reported there
        from cli.output import report, summary  # noqa: F401  to have it imported is all
        from cli.session import run_outcome_loader  # noqa: F401  likewise

        report.template()
