"""Java: javadoc's own model of a project, printed by the doclet beside this file."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

from bench.references.rows import Convention, Row
from bench.references.tools import on_path, run

LANGUAGES = frozenset({"java"})
_DOCLET = Path(__file__).with_name("Reference.java")
_OPTIONS = ["-quiet", "-private", "--ignore-source-errors", "-encoding", "UTF-8"]


def rows(top: Path, _package: str) -> Iterator[Row]:
    """What javadoc documents of the sources below `top`."""
    on_path("javadoc", "install a JDK")
    compiled = top.parent / "doclet"
    run(["javac", "-d", str(compiled), str(_DOCLET)], top)
    # module-info.java asks for modules that the sources alone do not hold.
    sources = [
        str(path) for path in sorted(top.rglob("*.java")) if path.name not in {"module-info.java", "package-info.java"}
    ]
    (top.parent / "sources.txt").write_text("\n".join(sources))
    # An empty source path: else it reads package-info.java after all, whose annotations may be of other projects.
    command = ["javadoc", *_OPTIONS, "-sourcepath", str(compiled), "-doclet", "Reference", "-docletpath", str(compiled)]
    for line in run([*command, f"@{top.parent / 'sources.txt'}"], top).splitlines():
        if line.startswith("{"):
            one = json.loads(line)
            yield Row(**{**one, "path": str(Path(one["path"]).relative_to(top))})


def signature(text: str) -> str:
    """A method's head without annotations and the words before its type, which javadoc completes."""
    text = re.sub(r"@[\w.]+(?:\s*\((?:[^()]|\([^()]*\))*\))?\s*", "", text)
    if "(" not in text:
        return ""
    text = re.sub(r"\s+default\s.*$", "", text)
    text = re.sub(
        r"\b(?:public|protected|private|static|final|abstract|default|synchronized|native|strictfp)\s+", "", text
    )
    # javadoc writes packages and outer classes before every type.
    text = re.sub(r"(?:\b\w+(?:<\w+>)?\.)+(?=[A-Z])", "", text)
    # `byte b[]` is `byte[] b`.
    text = re.sub(r"\b(\w+)\s+(\w+)\[\](?=\s*[,)])", r"\1[] \2", text)
    text = re.sub(r"(?<=[\w>])\[\]\s*(?=\w+[,)]\s*$)", "[]", text)
    return re.sub(r"\s+", "", text)


CONVENTION = Convention(signature=signature, doc=html.unescape)
