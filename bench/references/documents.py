"""Components, notebooks and AsciiDoc: what their own tools see. Names alone are compared."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Set
from pathlib import Path

from bench.references import tools
from bench.references.rows import Convention, Row

_SCRIPT = Path(__file__).with_name("markup.mjs")
_PACKAGES = {
    "vue": ("vue-docgen-api@4.79.2", "vue@3.5.13"),
    "svelte": ("svelte@5.16.0",),
    "asciidoc": ("@asciidoctor/core@3.0.4",),
}
_SUFFIXES = {"vue": "*.vue", "svelte": "*.svelte", "asciidoc": "*.adoc"}
_DEFINES = re.compile(r"(?:@|async |def |class )")
_OF_COMPONENT = re.compile(r"(?:props|emits|slots)\.")


def _of_components(rows: Iterable[Row], _theirs: Set[str]) -> Iterable[Row]:
    """What a script declares for itself is no part of a component's interface to the tool."""
    for row in rows:
        yield row if _OF_COMPONENT.match(row.name) else row.model_copy(update={"required": False})


def _titles(rows: Iterable[Row], _theirs: Set[str]) -> Iterable[Row]:
    return (row.model_copy(update={"name": _title(row.name)}) for row in rows)


def _definitions(rows: Iterable[Row], _theirs: Set[str]) -> Iterable[Row]:
    """The headings of a notebook, and names that are given by assignment alone, are no definitions."""
    for row in rows:
        yield row if _DEFINES.match(row.signature) else row.model_copy(update={"required": False})


COMPONENTS = Convention(signature=lambda _text: "", renamed=_of_components)
TITLES = Convention(signature=lambda _text: "", renamed=_titles)
DEFINITIONS = Convention(signature=lambda _text: "", renamed=_definitions)


def rows(kind: str) -> Callable[[Path, str], Iterator[Row]]:
    """What the tool of a kind sees in every file; a file that it does not understand is not compared."""

    def listed(top: Path, package: str) -> Iterator[Row]:
        node = tools.on_path("node", "install Node.js")
        folder = tools.from_npm(*_PACKAGES[kind])
        files = sorted(str(file) for file in (top / package).rglob(_SUFFIXES[kind]))
        command = [node, str(_SCRIPT), kind, str(folder)]
        done = subprocess.run(command, input="\n".join(files), capture_output=True, text=True, timeout=600, check=True)
        for line in dict.fromkeys(done.stdout.splitlines()):
            file, name, member, required = json.loads(line)
            name = _title(name) if kind == "asciidoc" else name
            yield Row(path=str(Path(file).relative_to(top)), name=name, member=member, required=required)

    return listed


def _title(text: str) -> str:
    """A title without elements and typographic signs, which the tool writes and we do not."""
    text = html.unescape(re.sub(r"<[^<>]*>", "", text)).replace("\u200b", "").replace("\u2019", "'")
    return " ".join(text.replace("\u2026", "...").replace("\u2014", "--").split())


_NOTEBOOKS = """
import ast, json, sys, warnings
warnings.simplefilter("ignore")
import nbformat
from IPython.core.inputtransformer2 import TransformerManager
def below(body, owner):
    for one in body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield owner + one.name
            if isinstance(one, ast.ClassDef):
                yield from below(one.body, owner + one.name + ".")
        elif isinstance(one, (ast.If, ast.Try, ast.With, ast.For)):
            yield from below(one.body, owner)
for path in sys.stdin.read().split("\\n"):
    book = nbformat.read(path, as_version=4)
    if book.metadata.get("kernelspec", {}).get("language", "python") != "python":
        continue
    names, understood = [], True
    for cell in book.cells:
        if cell.cell_type == "code":
            try:
                names += below(ast.parse(TransformerManager().transform_cell(cell.source)).body, "")
            except SyntaxError:
                understood = False
    if understood:
        print(json.dumps([path, names]))
"""


def notebooks(top: Path, package: str) -> Iterator[Row]:
    """Functions and classes of the code cells, by nbformat, IPython's own reading of magics and ast."""
    folders = [tools.from_pypi("nbformat==5.10.4"), tools.from_pypi("ipython==8.30.0")]
    files = sorted(str(file) for file in (top / package).rglob("*.ipynb"))
    done = subprocess.run(
        [sys.executable, "-c", _NOTEBOOKS],
        input="\n".join(files),
        env={"PYTHONPATH": ":".join(map(str, folders)), "HOME": str(top)},
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    for line in done.stdout.splitlines():
        path, names = json.loads(line)
        for name in dict.fromkeys(names):
            yield Row(path=str(Path(path).relative_to(top)), name=name)
