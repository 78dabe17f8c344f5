"""A small finished site, as the publisher writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agents.codebase.published import Hidden
from agents.roles.publisher.source_view import source_page

GREET = """\"\"\"Greets people.\"\"\"


def greet(name: str) -> str:
    \"\"\"Say hello to a person.\"\"\"
    return hello(name)


def hello(name: str) -> str:
    return f"<b>hello</b> {name}"
"""
README = "# Demo\n\nGreets people politely.\n\n## Timeouts\n\nSet a timeout with `Client(timeout=3)`.\n"
TEXTS = {"demo/greet.py": GREET, "README.md": README}


def symbol(name: str, start: int, end: int, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "kind": "function",
        "lines": [start, end],
        "signature": f"def {name}(name: str) -> str",
        **more,
    }


def write_site(out: Path) -> Path:
    """OUT with a site of two files and one page."""
    site = out / "site"
    for path, text in TEXTS.items():
        place = site / f"source/{path}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(source_page(f"source/{path}.html", path, text, Hidden(), None))
    (site / "api/demo").mkdir(parents=True)
    (site / "api/demo/greet.py.md").write_text("# greet.py\n")
    (site / "index.md").write_text("# demo\n\nIt greets. [demo/greet.py\\#L4-L6](source/demo/greet.py.html#L4)\n")
    symbols = [symbol("greet", 4, 6, doc="Say hello to a person.", calls=["hello"]), symbol("hello", 9, 10)]
    rows = [
        {"version": 1, "repository": "demo", "written_by": "extractive", "pages": [["index.md", "overview", "demo"]]},
        {
            "path": "demo/greet.py",
            "lines": 10,
            "source": "source/demo/greet.py.html",
            "api": "api/demo/greet.py.md",
            "doc": "Greets people.",
            "symbols": symbols,
            "imports": [],
        },
        {"path": "README.md", "lines": 7, "source": "source/README.md.html", "symbols": [], "imports": []},
    ]
    (site / "index.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n")
    return out
