"""Lets botocore list and parse its files once in a process: more than half of what a cloud's start would cost."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader
from pydantic_core import from_json

_SUFFIXES = (".json", ".json.gz")
_list_services = Loader.list_available_services


@cache
def _parsed(stem: str) -> Any:
    for suffix in _SUFFIXES:
        file = Path(stem + suffix)
        if file.exists():
            body = file.read_bytes()
            return from_json(gzip.decompress(body) if suffix.endswith(".gz") else body)
    return None


@cache
def _services(folders: tuple[str, ...], kind: str) -> Any:
    loader = Loader(extra_search_paths=list(folders), include_default_search_paths=False)
    return _list_services(loader, kind)


def parse_once() -> None:
    """Replace the file loader of botocore in this process; doing it twice changes nothing.

    botocore caches by session, and moto opens a session for each service and each list of regions: a megabyte of
    endpoints was parsed a dozen times, and four hundred folders were listed as often to see which services there are.
    The files do not change, and the clients of one session share what was parsed just as all sessions do now.
    pydantic's parser takes a quarter of the standard one's time.
    """
    # mypy asks not to assign to methods; here that is the point.
    JSONFileLoader.load_file = lambda self, file_path: _parsed(file_path)  # type: ignore[method-assign]  # noqa: ARG005
    Loader.list_available_services = lambda self, type_name: _services(  # type: ignore[method-assign]
        tuple(self.search_paths), type_name
    )
