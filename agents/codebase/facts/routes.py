"""HTTP routes that code declares by decorators or annotations, and by calls: which reader is for which language."""

from __future__ import annotations

from collections.abc import Iterator

from agents.codebase.facts.dotnet_routes import csharp_routes
from agents.codebase.facts.file import ParsedCode
from agents.codebase.facts.go_routes import go_routes
from agents.codebase.facts.jvm_routes import jvm_routes
from agents.codebase.facts.php_routes import php_routes
from agents.codebase.facts.python_routes import python_routes
from agents.codebase.facts.ruby_routes import ruby_routes
from agents.codebase.facts.rust_routes import rust_routes
from agents.codebase.facts.scala_routes import scala_routes
from agents.codebase.facts.script_routes import script_routes
from agents.codebase.facts.vapor_routes import vapor_routes
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
