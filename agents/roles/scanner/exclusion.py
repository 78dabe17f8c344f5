"""Applies a repository's swarm.toml to what was examined: excluded files are left out, a wrong file is a gap."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agents.codebase.site_settings import FILE_NAME, left_out, site_settings
from agents.contracts.site_settings import SiteSettings
from agents.contracts.snapshot import Gap, SkipReason
from agents.errors import FileUnreadable
from agents.roles.scanner.core import ExaminedFile


def with_settings(files: Sequence[ExaminedFile], snapshot: Path) -> tuple[list[ExaminedFile], SiteSettings]:
    """The files with what swarm.toml excludes left out, and its settings: the default ones if it is wrong."""
    own = next((file for file in files if file.path == FILE_NAME and not file.skipped and not file.gap), None)
    if own is None:
        return list(files), SiteSettings()
    with zipfile.ZipFile(snapshot) as texts:
        text = texts.read(FILE_NAME).decode("utf-8", "replace")
    try:
        settings = site_settings(text)
    except ValueError as error:
        gap = Gap(path=FILE_NAME, reason=FileUnreadable.__name__, detail=str(error))
        return [replace(file, gap=gap) if file is own else file for file in files], SiteSettings()
    excluded = left_out(settings.exclude)
    return [
        replace(file, skipped=SkipReason.EXCLUDED, gap=None) if not file.skipped and excluded(file.path) else file
        for file in files
    ], settings
