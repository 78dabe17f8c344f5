"""moto's state as bytes, together with values of ours that belong to it, and back again.

The bytes contain no address of the cloud: a mark takes its place and becomes the next cloud's address. Long texts and
byte strings are written once, however many functions have them as their code. The
format is moto's own and Python's, so the bytes are only for the very same versions of both.
"""

from __future__ import annotations

import hashlib
import importlib
import io
import marshal
import pickle
import threading
import types
import weakref
from collections import defaultdict
from typing import Any, TypeAlias

from moto.core.base_backend import BackendDict

#: Where a backend stands: the module of its class, account, region. Two of moto's tables are both "stepfunctions".
_Place: TypeAlias = tuple[str, str, str]
#: Long texts and bytes, by digest and type.
_Large: TypeAlias = dict[tuple[str, str], str | bytes]
_LARGE = 4_096
_ADDRESS = "address"
_MARK = "\x00endpoint\x00"
_LOCKS = {type(threading.Lock()): threading.Lock, type(threading.RLock()): threading.RLock}


class NotSavable(Exception):
    """Something in the state cannot be written, or must not be; the message names it."""


def dump(values: Any, endpoint_url: str, secret: str) -> bytes:
    """Every backend that moto has now, and `values`. Raises NotSavable."""
    backends: dict[_Place, Any] = {
        (str(services.backend.__module__), account, region): backend
        for services in list(BackendDict._instances)
        for account, regions in dict.items(services)
        for region, backend in dict.items(regions)
    }
    large: _Large = {}
    try:
        written = _bytes_of((backends, values), large, endpoint_url)
    except Exception as problem:  # any object of moto's may refuse in any way
        raise NotSavable(f"{type(problem).__name__}: {problem}") from problem
    for hidden in (endpoint_url.rpartition(":")[2], secret):
        if hidden.encode() in written:
            raise NotSavable("the address or the secret of this cloud is in its state")
    return pickle.dumps((written, large), pickle.HIGHEST_PROTOCOL)


def load(saved: bytes, endpoint_url: str) -> Any:
    """Put the backends into moto, which must have none, and return the values. Raises any error for foreign bytes."""
    written, large = pickle.loads(saved)  # noqa: S301  our own file, which its owner alone can write
    backends, values = _BackendReader(io.BytesIO(written), large, endpoint_url).load()
    tables = {module: _table_of(module) for module, _, _ in backends}
    for (module, account, region), backend in backends.items():
        dict.__setitem__(tables[module][account], region, backend)
    return values


def _table_of(module: str) -> Any:
    """moto's table of the backends whose class is in a module; it is in that module, too."""
    named = vars(importlib.import_module(module)).values()
    return next(each for each in named if isinstance(each, BackendDict) and each.backend.__module__ == module)


def _bytes_of(values: Any, large: _Large, endpoint_url: str) -> bytes:
    written = io.BytesIO()
    _BackendWriter(written, large, endpoint_url).dump(values)
    return written.getvalue()


class _BackendWriter(pickle.Pickler):
    def __init__(self, file: io.BytesIO, large: _Large, endpoint_url: str) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self._large, self._endpoint_url = large, endpoint_url

    def persistent_id(self, value: Any) -> tuple[str, str] | None:
        if isinstance(value, str) and self._endpoint_url in value:
            return _ADDRESS, value.replace(self._endpoint_url, _MARK)
        if isinstance(value, (str, bytes)) and len(value) > _LARGE:
            digest = hashlib.sha256(value if isinstance(value, bytes) else value.encode()).hexdigest()
            self._large[digest, type(value).__name__] = value
            return digest, type(value).__name__
        return None

    def reducer_override(self, value: Any) -> Any:
        if type(value) in _LOCKS:
            return _LOCKS[type(value)], ()
        if isinstance(value, weakref.WeakValueDictionary):
            return weakref.WeakValueDictionary, (dict(value),)
        if isinstance(value, defaultdict) and type(value) is not defaultdict:
            return _table, (type(value), value.default_factory), vars(value), None, iter(value.items())
        if isinstance(value, types.FunctionType) and "<locals>" in value.__qualname__:
            if value.__closure__ or value.__defaults__:
                raise NotSavable(f"{value.__module__}.{value.__qualname__} has values of its surroundings")
            return _function, (marshal.dumps(value.__code__), value.__module__)
        return NotImplemented


class _BackendReader(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, large: _Large, endpoint_url: str) -> None:
        super().__init__(file)
        self._large, self._endpoint_url = large, endpoint_url

    def persistent_load(self, pid: tuple[str, str]) -> Any:
        return pid[1].replace(_MARK, self._endpoint_url) if pid[0] == _ADDRESS else self._large[pid]


def _table(kind: Any, default_factory: Any) -> Any:
    """An empty table of one of moto's own kinds, whose `__init__` takes what defaultdict does not give it."""
    table = kind.__new__(kind)
    table.default_factory = default_factory
    return table


def _function(code: bytes, module: str) -> Any:
    """A function without surroundings, as moto gives its tables for entries that they lack."""
    namespace = vars(importlib.import_module(module))
    return types.FunctionType(marshal.loads(code), namespace)  # noqa: S302  our own file
