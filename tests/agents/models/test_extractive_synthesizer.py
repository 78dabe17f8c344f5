"""The sentences about a repository's parts: counted in code, and cited where a reader would look."""

from __future__ import annotations

from agents.contracts.synthesis import Module, ModuleBrief, SynthesizerBrief
from agents.models.extractive.synthesizer import respond


def _brief(*modules: Module) -> SynthesizerBrief:
    return SynthesizerBrief(
        repository="demo", modules=tuple(ModuleBrief(module=module, statements=()) for module in modules), readme=()
    )


def _module(name: str, *files: str, symbols: int = 3, depends_on: tuple[str, ...] = ()) -> Module:
    return Module(name=name, files=files, languages={"python": len(files)}, symbols=symbols, depends_on=depends_on)


def test_a_part_is_cited_by_the_file_that_speaks_for_it() -> None:
    core = _module("core", "core/.ignored", "core/a.txt", "core/z.py", "core/y.py", symbols=9)
    users = [_module(name, f"{name}/__init__.py", depends_on=("core",)) for name in ("one", "two")]

    counted, used = respond(_brief(core, *users)).overview

    assert counted.text == "It holds 6 documented files in 3 modules, mostly python; the one with most symbols is core."
    assert counted.path == used.path == "core/z.py"
    assert used.text == "2 other modules import core."


def test_an_index_comes_before_other_files() -> None:
    (counted,) = respond(_brief(_module("web", "web/a.js", "web/b.js", "web/index.js"))).overview
    assert counted.path == "web/index.js"


def test_documents_alone_have_no_part_with_most_symbols() -> None:
    (counted,) = respond(_brief(_module("docs", "docs/a.md", symbols=0))).overview
    assert counted.text == "It holds 1 documented file in 1 module, mostly python."
