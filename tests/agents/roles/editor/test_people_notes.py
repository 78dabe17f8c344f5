"""Notes of people: shown where they are about, sanitised, following a symbol that moved, listed when lost."""

from __future__ import annotations

from dataclasses import replace

from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.draft import Page
from agents.contracts.structure import SymbolKind
from agents.roles.editor.core import briefs, pages
from tests.agents.roles.editor.samples import FILES, analysis, material, text_of

NOTES = {
    "docs/notes/demo/greet.py/greet.md": "# Why\n\nWe greet *twice* on purpose. "
    "<script>alert(1)</script>[x](javascript:y)\n",
    "docs/notes/demo/names.py.md": "Ask Ada before you change names.\n",
}


def built(notes: dict[str, str], *without: str, kinds: dict[str, SymbolKind] | None = None) -> dict[str, Page]:
    files = {path: words for path, words in FILES.items() if path not in without}
    whole = material({**files, **dict.fromkeys(notes, ("markdown", "", ""))})
    read = dict(whole.analyses)
    for path, kind in (kinds or {}).items():
        symbol = analysis("demo/greet.py", "python", "").structure.symbols[0].model_copy(update={"kind": kind})
        structure = read[path].structure.model_copy(update={"symbols": (symbol,)})
        read[path] = read[path].with_changes(structure=structure)
    known = {**{path: text_of(path) for path in files}, **notes}
    return {page.path: page for page in pages(replace(whole, analyses=read, texts=SnapshotTexts(known.get)), {})}


def test_a_note_is_on_its_symbols_page_as_a_persons_with_its_source() -> None:
    page = built(NOTES)["api/demo/greet.py.md"].markdown

    section = page[page.index("`greet`") :]
    assert '!!! info "A person\'s note"' in section
    assert "We greet <em>twice</em> on purpose." in section or "We greet *twice* on purpose." in section
    assert "Source: [docs/notes/demo/greet.py/greet.md]" in section


def test_a_note_about_a_file_stands_on_its_page() -> None:
    assert "Ask Ada before you change names." in built(NOTES)["api/demo/names.py.md"].markdown


def test_a_note_is_sanitised_as_guides_are() -> None:
    page = built(NOTES)["api/demo/greet.py.md"].markdown

    assert "<script" not in page
    assert "[x](javascript:" not in page


def test_notes_are_no_guides_and_other_documents_of_the_folder_are() -> None:
    found = built({**NOTES, "docs/notes/release-1.2.md": "# Release\n\nWords of a release.\n"})

    assert "guides/docs/notes/release-1.2.md.md" in found
    assert not any(path.startswith("guides/docs/notes/demo") for path in found)


def test_a_note_follows_a_symbol_that_moved() -> None:
    found = built(NOTES, "demo/greet.py", kinds={"demo/names.py": SymbolKind.FUNCTION})

    assert "on purpose" in found["api/demo/names.py.md"].markdown
    assert "(moved here)" in found["api/demo/names.py.md"].markdown
    assert "`demo/greet.py::greet`" in found["coverage.md"].markdown


def test_a_note_about_a_file_follows_it_to_another_folder_if_only_one_file_has_its_name() -> None:
    moved, unclear = "docs/notes/old/names.py.md", "docs/notes/old/gone.py.md"
    found = built({moved: "Ask Ada first.\n", unclear: "Words.\n"})

    assert "Ask Ada first." in found["api/demo/names.py.md"].markdown
    assert "(moved here)" in found["api/demo/names.py.md"].markdown
    assert "lost:" in found["coverage.md"].markdown


def test_a_note_whose_symbol_is_in_several_files_is_lost_unless_it_says_which_kind() -> None:
    kinds = {"demo/names.py": SymbolKind.FUNCTION, "demo/__init__.py": SymbolKind.CLASS}
    said = {
        path: f"---\nkind: class\n---\n{text}" if path.endswith("greet.md") else text for path, text in NOTES.items()
    }

    assert "lost:" in built(NOTES, "demo/greet.py", kinds=kinds)["coverage.md"].markdown
    followed = built(said, "demo/greet.py", kinds=kinds)
    assert "on purpose" in followed["api/demo/__init__.py.md"].markdown
    assert "lost:" not in followed["coverage.md"].markdown


def test_a_lost_note_is_listed_with_its_source() -> None:
    coverage = built({**NOTES, "docs/notes/gone/away.py/vanished.md": "Words."})["coverage.md"].markdown

    assert "3 notes in the repository." in coverage
    assert "[docs/notes/gone/away.py/vanished.md]" in coverage
    assert "lost: it is in no file, or in several" in coverage


def test_no_question_about_a_page_holds_a_note_in_place_of_facts() -> None:
    files = {**FILES, **dict.fromkeys(NOTES, ("markdown", "", ""))}
    known = {**{path: text_of(path) for path in FILES}, **NOTES}

    asked = "".join(
        brief.model_dump_json() for brief in briefs(replace(material(files), texts=SnapshotTexts(known.get)))
    )

    assert "on purpose" not in asked
    assert "Ask Ada" not in asked
