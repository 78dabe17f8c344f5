"""The arrows, read from docs/architecture.md, and the few exceptions with their reasons."""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.architecture.source import ROOT

_BLOCK = re.compile(r"^```arrows\n(.*?)^```", re.MULTILINE | re.DOTALL)


def _read() -> dict[str, frozenset[str]]:
    found = _BLOCK.search((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8"))
    assert found is not None, "docs/architecture.md has no block of arrows"
    parts = (line.partition("->") for line in found.group(1).splitlines() if line.strip())
    return {layer.strip(): frozenset(targets.split()) for layer, _, targets in parts}


#: Layer -> layers of ours and packages of others that it may import; the standard library is open to all.
ARROWS: Mapping[str, frozenset[str]] = _read()

#: Arrows that no import statement uses, and why they are drawn.
UNUSED: Mapping[tuple[str, str], str] = {
    ("local", "__main__"): "by runpy, as Pulumi itself does",
}

#: Files above 300 lines, and the one reason of each.
LONG_FILES: Mapping[str, str] = {
    "local/cloud.py": "what a local cloud starts, and ends in the opposite order, is read in one place",
    "agents/keys.py": "every key of the table and the buckets stands in one place",
    "agents/ports.py": "every port stands in one place, as the design draws it",
    "agents/roster.py": "one table: a row for every state that runs our code",
    "components/platform.py": "what passes between the components of one environment is read in one place",
    "local/privileges/provider_calls.py": "one table of calls for every kind of resource",
}
