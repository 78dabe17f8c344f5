"""The publisher's memory hardly grows with the site: what it holds at once is a page, and a few lines for each."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from agents import keys
from tests.agents.fakes import SESSION_ID
from tests.agents.roles.publisher.on_disk import prepare

#: One blob of analyses is read whole, so both sizes stay small enough for it to weigh little.
_FEW, _MANY = 500, 2_000
#: Bytes that may grow with each page: its entries in zips, manifest, tables of contents and search.
#: While mkdocs held every page and both zips were in memory, it was 41,000.
_A_PAGE = 14_000
_PUBLISH = """
import re, sys
from pathlib import Path
from agents.contracts.draft import Verdict
from agents.contracts.states import PublishInput
from agents.roles.publisher.run import run
from tests.agents.fakes import SESSION_ID, settings
from tests.agents.roles.publisher.on_disk import ports_of

run(PublishInput(session_id=SESSION_ID, revision=1, verdict=Verdict.APPROVED), ports_of(Path(sys.argv[1])),
    settings("Publish"))
print(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])
"""


def _peak_bytes(folder: Path, files: int) -> int:
    folder.mkdir()
    prepare(folder, files)
    done = subprocess.run([sys.executable, "-c", _PUBLISH, str(folder)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / keys.site(SESSION_ID)) as site:
        assert sum(name.startswith("api/") and name.endswith(".html") for name in site.namelist()) == files
    return int(done.stdout) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="the largest memory of a process is read from /proc")
def test_four_times_the_pages_need_little_more_memory(tmp_path: Path) -> None:
    few, many = _peak_bytes(tmp_path / "few", _FEW), _peak_bytes(tmp_path / "many", _MANY)
    assert (many - few) / (_MANY - _FEW) < _A_PAGE, f"{few >> 20} MiB, then {many >> 20} MiB"
