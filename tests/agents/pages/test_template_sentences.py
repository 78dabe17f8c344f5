# ruff: noqa: E501 (a sentence a line)
"""Sentences that the extractive model makes of templates are in the language of the site; an author's stay."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from agents.contracts.analysis import AnalystBrief, FileBrief
from agents.contracts.review import EvidenceAt, Review, ReviewBrief
from agents.contracts.structure import SymbolKind, Topic
from agents.models.extractive import performance, security
from agents.models.extractive.analyst import _ARTEFACTS, _NOUNS, _NOUNS_BY_LANGUAGE, respond
from agents.pages.template_sentences import TemplateSentences
from agents.pages.words import documents, finding_words, nouns, templates
from agents.roles.editor.core import pages
from agents.roles.editor.review_page import review_page
from tests.agents.roles.editor.test_packages import known

GERMAN = TemplateSentences("de")


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("Defines the class Door with two methods and 1,200 constants.", "Definiert die Klasse Door mit 2 Methoden und 1.200 Konstanten."),
        ("Defines the function run.", "Definiert die Funktion run."),
        ("Defines the functions a, b and c.", "Definiert die Funktionen a, b und c."),
        ("Defines 21 functions (such as a, b and c).", "Definiert 21 Funktionen (etwa a, b und c)."),
        ("Defines the class A, the class B, the enum C and two further types.",
         "Definiert die Klasse A, die Klasse B, die Aufzählung C und 2 weitere Typen."),
        ("`a.py` defines one variable.", "`a.py` definiert 1 Variable."),
        ("It imports os, sys and 40 more.", "Importiert os, sys und 40 weitere."),
        ("Raises ValueError.", "Wirft ValueError."),
        ("Runs three lines of code at the top of the file and defines no names of its own.",
         "Führt 3 Zeilen Code auf oberster Ebene aus und definiert keine eigenen Namen."),
        ("Brings together `a and b`, `c` and `d`.", "Führt `a and b`, `c` und `d` zusammen."),
        ("It holds 12 documented files in 3 modules, mostly python, toml; the one with most symbols is src/x.",
         "Enthält 12 dokumentierte Dateien und 3 Module, meist python und toml; die meisten Symbole hat src/x."),
        ("It holds 2 documented files in 1 module, mostly text.", "Enthält 2 dokumentierte Dateien und 1 Modul, meist text."),
        ("`a` depends on `b` through 2 imports.", "`a` hängt durch 2 Importe von `b` ab."),
        ("Method of Door; calls open and shut; raises ValueError.", "Methode von Door; ruft open und shut auf; wirft ValueError."),
        ("JSON document with 4 top-level keys (a, b and c and d).", "JSON-Dokument mit 4 Schlüsseln oberster Ebene (a, b and c and d)."),
        ("YAML document with two top-level keys (on and env).", "YAML-Dokument mit 2 Schlüsseln oberster Ebene (on und env)."),
        ("`a.md` is a Markdown document “Tea and pots” with one section (Milk and sugar).",
         "`a.md`: Markdown-Dokument “Tea and pots” mit 1 Abschnitt (Milk and sugar)."),
        ("Markdown document “Tea” with two sections (Milk and sugar).", "Markdown-Dokument “Tea” mit 2 Abschnitten (Milk und sugar)."),
        ("Defines the module a with 5 functions and two further types.", "Definiert das Modul a mit 5 Funktionen und 2 weiteren Typen."),
        ("Text file of 1,200 lines.", "Textdatei mit 1.200 Zeilen."),
        ("GitHub Actions workflow “CI” with three jobs (a, b and 3 more) and one top-level key (on).",
         "GitHub-Actions-Workflow “CI” mit 3 Aufgaben (a, b und 3 weitere) und 1 Schlüssel oberster Ebene (on)."),
    ],
)  # fmt: skip
def test_a_sentence_of_a_template_is_german(english: str, german: str) -> None:
    assert GERMAN(english) == german
    assert TemplateSentences("en")(english) == english


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("new file", "neue Datei"),
        ("its bytes changed", "ihr Inhalt hat sich geändert"),
        ("imports a.py, b.py, c.py and 3 more, which changed", "importiert a.py, b.py, c.py und 3 weitere, was sich geändert hat"),
        ("imports a.py, which it did not before", "importiert nun a.py"),
        ("the model changed from openai:a", "ein anderes Modell, zuvor openai:a"),
        ("cites a.py and b.py, analysed again: its bytes changed", "zitiert a.py und b.py, erneut analysiert: ihr Inhalt hat sich geändert"),
        ("a.py of its module was analysed again: imports b.py no more",
         "a.py aus seinem Modul wurde erneut analysiert: importiert b.py nicht mehr"),
    ],
)  # fmt: skip
def test_why_something_was_done_again_is_german(english: str, german: str) -> None:
    assert GERMAN.why(english) == german
    assert TemplateSentences("en").why(english) == english


@pytest.mark.parametrize("words", ["Opens the door.", "Definiert alles.", "Door: Defines the class A.", ""])
def test_any_other_sentence_stays_as_it_is(words: str) -> None:
    assert GERMAN(words) == words


def test_a_translation_has_the_same_values() -> None:
    for table in templates("de").values():
        for english, german in table.items():
            assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", german)), english


FILES = {
    "swarm.toml": 'language = "de"\n',
    "a/door.py": "import os\nimport sys\n\n\nclass Door:\n    def open(self):\n        os.close(1)\n        raise KeyError\n",
    "a/quoted.py": '"""Defines the class Door."""\n\n\ndef f():\n    return 1\n',
    "b/one.py": "from a.door import Door\n\nX = Door()\n",
}


def test_what_the_model_says_of_code_is_made_of_known_templates() -> None:
    structures = {path: analysis.structure for path, analysis in known(FILES).analyses.items() if path.endswith(".py")}
    briefs = [FileBrief(path=path, structure=structure, text="") for path, structure in structures.items()]
    said = [
        text
        for file in respond(AnalystBrief(files=tuple(briefs))).files
        for text in [*(statement.text for statement in file.summary), *(note.text for note in file.notes)]
        if text != "Defines the class Door."
    ]
    assert said
    assert [text for text in said if GERMAN(text) == text] == []


def test_a_german_page_says_templates_in_german_and_quotes_an_author() -> None:
    whole = known(FILES)
    site = whole.manifest.site.with_changes(language="de")
    german = replace(whole, manifest=whole.manifest.with_changes(site=site))
    reply = respond(
        AnalystBrief(
            files=tuple(
                FileBrief(path=path, structure=analysis.structure, text="")
                for path, analysis in german.analyses.items()
                if path.startswith("a/")
            )
        )
    )
    analyses = {
        file.path: german.analyses[file.path].with_changes(summary=file.summary, notes=file.notes)
        for file in reply.files
    }
    made = {page.path: page.markdown for page in pages(replace(german, analyses={**german.analyses, **analyses}), {})}

    assert "Definiert die Klasse Door mit 1 Methode." in made["api/a/door.py.md"]
    assert "Importiert os und sys." in made["api/a/door.py.md"]
    assert "Defines the class Door." in made["api/a/quoted.py.md"]
    assert "Definiert die Funktion f." in made["api/a/quoted.py.md"]


def test_every_word_of_the_extractive_reviewers_is_german() -> None:
    judgements = {**security.JUDGEMENTS, **performance.JUDGEMENTS}
    words = {text for each in judgements.values() for text in (each.title, each.reason, each.advice)}
    assert sorted(words ^ finding_words("de").keys()) == []


def test_every_kind_of_document_has_a_german_name() -> None:
    assert sorted({*_ARTEFACTS.values()} ^ documents("de").keys()) == []


def test_every_kind_that_a_document_counts_has_its_forms_in_german() -> None:
    kinds = {_NOUNS.get(kind, kind.value) for kind in SymbolKind} | {*_NOUNS_BY_LANGUAGE.values()}
    assert sorted(kinds - nouns("de").keys()) == []


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("f (line 44) compiles a fixed regular expression inside a loop. It holds where `x is set`. The same holds for lines 3, 4 and further ones.",
         "f (Zeile 44) übersetzt in einer Schleife einen festen regulären Ausdruck. Das gilt, wo `x is set`. Dasselbe gilt für die Zeilen 3, 4 und weitere."),
        ("Line 2 compiles a fixed regular expression inside a loop. Rated lower, as the file is a test, an example or documentation.",
         "Zeile 2 übersetzt in einer Schleife einen festen regulären Ausdruck. Niedriger eingestuft, da die Datei ein Test, ein Beispiel oder Dokumentation ist."),
        ("Line 2 compiles a fixed regular expression inside a loop. And more.", "Line 2 compiles a fixed regular expression inside a loop. And more."),
        ("A model wrote this.", "A model wrote this."),
    ],
)  # fmt: skip
def test_a_findings_reason_is_german_where_all_of_it_is_of_the_table(english: str, german: str) -> None:
    assert GERMAN.reason(english) == german
    assert TemplateSentences("en").reason(english) == english


def test_a_german_review_page_says_what_the_extractive_reviewers_found_in_german() -> None:
    whole = known({"a/db.py": "import re\ndef f(xs):\n    for x in xs:\n        re.compile('a')\n"})
    evidence = whole.analyses["a/db.py"].structure.evidence
    brief = ReviewBrief(
        topic=Topic.PERFORMANCE, evidence=tuple(EvidenceAt(path="a/db.py", evidence=item) for item in evidence)
    )
    findings = performance.respond(brief).findings
    review = Review(topic=Topic.PERFORMANCE, reviewed=True, evidence=1, findings=findings, model="extractive",
                    detail="1 finding repeats another in the same place and is counted with it")  # fmt: skip
    site = whole.manifest.site.with_changes(language="de")
    german = replace(whole, manifest=whole.manifest.with_changes(site=site), reviews={Topic.PERFORMANCE: review})

    page = review_page(german, Topic.PERFORMANCE).markdown

    assert findings
    assert "Regulärer Ausdruck in jedem Durchlauf übersetzt" in page
    assert "Einmal übersetzen, außerhalb der Schleife" in page
    assert "1 Befund wiederholt einen anderen an derselben Stelle" in page
    assert not [word for word in ("regular expression", "Compile it", "repeats", "| low |") if word in page]
