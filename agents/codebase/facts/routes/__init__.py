"""HTTP routes that code declares by decorators or annotations, and by calls: which reader is for which language."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.routes.dotnet import csharp_routes
from agents.codebase.facts.routes.go import go_routes
from agents.codebase.facts.routes.jvm import jvm_routes
from agents.codebase.facts.routes.php import php_routes
from agents.codebase.facts.routes.python import python_routes
from agents.codebase.facts.routes.ruby import ruby_routes
from agents.codebase.facts.routes.rust import rust_routes
from agents.codebase.facts.routes.scala import scala_routes
from agents.codebase.facts.routes.script import script_routes
from agents.codebase.facts.routes.vapor import vapor_routes
from agents.contracts.facts import Fact


def routes(file: ParsedCode) -> Iterator[Fact]:
    """The routes that a file declares, and the routers it mounts."""
    reader = _READERS.get(file.language)
    if reader is not None:
        yield from reader(file)


_READERS = {
    "python": python_routes,
    "java": jvm_routes,
    "kotlin": jvm_routes,
    **dict.fromkeys(("javascript", "typescript", "tsx"), script_routes),
    "go": go_routes,
    "php": php_routes,
    "ruby": ruby_routes,
    "csharp": csharp_routes,
    "rust": rust_routes,
    "scala": scala_routes,
    "swift": vapor_routes,
}
