"""A repository of very many files publishes in small functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import many_files

#: While the publisher held the site in memory, so many files took it 550 MiB.
_FILES = 12_000
_LIMIT = {"functionMemoryMegabytes": "512", "repositoryMemoryMegabytes": "512"}


@pytest.mark.slow  # two minutes
@pytest.mark.local
@pytest.mark.timeout(1200)
def test_twelve_thousand_files_publish_with_half_the_memory(tmp_path: Path) -> None:
    many_files.write_repository(tmp_path / "many", _FILES)

    figures = many_files.measure(tmp_path / "many", tmp_path, _FILES, _LIMIT)

    assert (figures["status"], figures["error"]) == ("PUBLISHED", None)
    assert figures["functions_mb"]["swarm-local-publish"]["used"] < 300
