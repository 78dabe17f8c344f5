"""Without a model, a module's page still reads: files are named, headings do not stand for a folder."""

from __future__ import annotations

from agents.contracts.draft import EditorBrief
from agents.contracts.synthesis import CitedStatement, Module, ModuleBrief, SynthesizerBrief
from agents.models.extractive import editor, synthesizer


def said(text: str, path: str) -> CitedStatement:
    return CitedStatement(text=text, path=path)


def module(*files: str) -> Module:
    return Module(name="docs", files=files, languages={"markdown": len(files)}, symbols=0)


def chosen(*statements: CitedStatement) -> list[str]:
    brief = ModuleBrief(module=module("docs/a.md", "docs/b.md"), statements=statements)
    reply = synthesizer.respond(SynthesizerBrief(repository="demo", modules=(brief,)))
    return [one.text for one in reply.modules[0].statements]


def edited(*statements: CitedStatement) -> list[list[str]]:
    brief = EditorBrief(page="modules/docs.md", title="docs", statements=statements, module=module("docs/a.md"))
    return [[one.text for one in paragraph] for paragraph in editor.respond(brief).paragraphs]


def test_a_heading_alone_does_not_stand_for_a_folder() -> None:
    statements = (
        said("Quickstart.", "docs/a.md"),
        said("Markdown document with two sections (One and Two).", "docs/a.md"),
        said("Tells how to run it on a laptop.", "docs/b.md"),
    )
    assert chosen(*statements) == [statements[1].text, statements[2].text]


def test_a_heading_is_kept_where_there_is_nothing_else() -> None:
    assert chosen(said("Quickstart.", "docs/a.md")) == ["Quickstart."]


def test_what_speaks_for_a_folder_leads_and_other_files_are_named() -> None:
    paragraphs = edited(
        said("Reads files.", "a/__init__.py"),
        said("Opens one file.", "a/one.py"),
        said("Defines the class Two.", "a/two.py"),
        said("YAML document with one top-level key (k).", "a/k.yaml"),
    )
    assert paragraphs == [
        ["Reads files."],
        [
            "`one.py`: Opens one file.",
            "`two.py` defines the class Two.",
            "`k.yaml` is a YAML document with one top-level key (k).",
        ],
    ]


def test_files_of_one_name_are_distinguished_by_their_folder() -> None:
    assert edited(said("Opens it.", "a/x.py"), said("Closes it.", "b/x.py")) == [
        ["`a/x.py`: Opens it.", "`b/x.py`: Closes it."]
    ]
