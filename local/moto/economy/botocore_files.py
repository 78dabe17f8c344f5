"""Lets botocore list and parse its files once in a process, which halves the time that a cloud takes to start."""

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


def _load_file(self: JSONFileLoader, file_path: str) -> Any:  # noqa: ARG001  the signature of the replaced method
    return _parsed(file_path)


def _list_available_services(self: Loader, type_name: str) -> list[str]:
    services: list[str] = _services(tuple(self.search_paths), type_name)
    return services


def parse_once() -> None:
    """Replace the file loader of botocore in this process; a second call changes nothing.

    botocore caches by session, and moto opens a session for each service and each list of regions: it parsed a megabyte
    of endpoints a dozen times and listed four hundred folders as often to see which services there are. The files do
    not change, and sessions share what was parsed as the clients of one session do. pydantic's parser takes a quarter
    of the standard library's time.
    """
    # mypy refuses an assignment to a method; to replace botocore's is what this function is for.
    JSONFileLoader.load_file = _load_file  # type: ignore[method-assign]
    Loader.list_available_services = _list_available_services  # type: ignore[method-assign]
