"""Leaves out moto's lists of EC2's machine types: nobody starts a machine here, and reading them takes 0.3 s.

DescribeInstanceTypes and DescribeInstanceTypeOfferings list nothing then, and a machine of any type is refused.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

_READER = "moto.ec2.models.instance_types"
_TYPES, _OFFERINGS = "ec2/resources/instance_types.json", "ec2/resources/instance_type_offerings/"


class _BeforeTheReader(MetaPathFinder):
    """Finds no module; when the one that reads the lists is about to be loaded, it replaces moto's reader of files.

    moto cannot be imported sooner for that: it takes as long as the lists. It stays among the finders: if it left while
    another thread goes through them, that thread would pass one over and not find its module.
    """

    def __init__(self) -> None:
        self._waits = True

    def find_spec(self, fullname: str, _: Sequence[str] | None, __: ModuleType | None = None) -> ModuleSpec | None:
        if self._waits and fullname == _READER:
            self._waits = False
            files: Any = importlib.import_module("moto.utilities.utils")
            read = files.load_resource

            def without_machine_types(resource: str) -> Any:
                if resource == _TYPES:
                    return {}
                return [] if resource.startswith(_OFFERINGS) else read(resource)

            files.load_resource = without_machine_types
        return None


def leave_out_machine_types() -> None:
    """Leave them out, unless moto has read them already; a second call changes nothing."""
    if _READER not in sys.modules and not any(isinstance(each, _BeforeTheReader) for each in sys.meta_path):
        sys.meta_path.insert(0, _BeforeTheReader())
