"""A draft that nobody decides about in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.cloud import write_modules
from tests.e2e.approvals import Waiting, ask, cloud_with, form, submitted

pytestmark = [pytest.mark.local, pytest.mark.timeout(300)]


@pytest.mark.slow  # 20 s each
@pytest.mark.parametrize(("default", "status"), [("publish", "PUBLISHED"), ("reject", "REJECTED")])
def test_when_nobody_decides_in_time_the_default_does(tmp_path: Path, default: str, status: str) -> None:
    with cloud_with(tmp_path / "state", approvalHours="0.0015", approvalDefault=default) as cloud:
        execution, session_id = submitted(cloud, write_modules(tmp_path / "repo", 1))
        waits = Waiting(cloud, execution, session_id, "")
        link = waits.next_link(1)
        record = waits.record()
        assert record.status == status
        assert record.approvals[0].decided_by == "nobody (the time was up)"
        assert ask(link, "POST", form("approve")).status == 409
