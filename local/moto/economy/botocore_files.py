"""Lets botocore list and parse its files once in a process, which halves the time that a cloud takes to start."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, overload

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
def _every_service(folders: tuple[str, ...], kind: str) -> list[str]:
    loader = Loader(extra_search_paths=list(folders), include_default_search_paths=False)
    services: list[str] = _list_services(loader, kind)
    return services


class _Services(Sequence[str]):
    """The services that have a file of one kind; whoever asks for one of them does not wait for the list of 400."""

    def __init__(self, folders: tuple[str, ...], kind: str) -> None:
        self._folders, self._kind = folders, kind

    def __contains__(self, service: object) -> bool:
        """Whether the service has such a file of any version."""
        return _has_file(self._folders, str(service), self._kind)

    def __iter__(self) -> Iterator[str]:
        return iter(_every_service(self._folders, self._kind))

    def __len__(self) -> int:
        return len(_every_service(self._folders, self._kind))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        return _every_service(self._folders, self._kind)[index]


@cache
def _has_file(folders: tuple[str, ...], service: str, kind: str) -> bool:
    return any(
        file.name in {kind + suffix for suffix in _SUFFIXES}
        for folder in folders
        for file in Path(folder, service).glob("*/*")
    )


def _load_file(self: JSONFileLoader, file_path: str) -> Any:  # noqa: ARG001  the signature of the replaced method
    return _parsed(file_path)


def _list_available_services(self: Loader, type_name: str) -> Sequence[str]:
    return _Services(tuple(self.search_paths), type_name)


def parse_once() -> None:
    """Replace the file loader of botocore in this process; a second call changes nothing.

    botocore caches by session, and moto opens a session for each service and each list of regions: it parsed a megabyte
    of endpoints a dozen times and listed four hundred folders as often to see which services there are. The files do
    not change, and sessions share what was parsed as the clients of one session do. pydantic's parser takes a quarter
    of the standard library's time.
    """
    # mypy refuses an assignment to a method, and what is no list; to replace botocore's is what this function is for.
    JSONFileLoader.load_file = _load_file  # type: ignore[method-assign]  # see above
    Loader.list_available_services = _list_available_services  # type: ignore[method-assign, assignment]  # see above
