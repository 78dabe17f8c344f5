"""The merged picture: a readable number of modules, verified statements, too many gaps refused."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from agents.codebase.structure.artefacts.prose import markdown
from agents.contracts.snapshot import Gap
from agents.contracts.states import SynthesizeInput
from agents.contracts.synthesis import CitedStatement, ModuleSummary, Part, SynthesizerBrief, SynthesizerReply
from agents.errors import TooManyGaps
from agents.roles.synthesizer.core import joined, merge, parts, picture, plain_words, refuse_too_many_gaps, verify
from agents.roles.synthesizer.modules import fold, named
from agents.roles.synthesizer.run import run
from tests.agents.fakes import SESSION_ID, ReplayingModel, fake_ports, settings
from tests.agents.roles.editor.samples import FILES, analyses, manifest


def test_folders_become_a_readable_number_of_modules_and_no_file_is_lost() -> None:
    paths = [f"a{n % 7}/b{n % 50}/c{n}/f.py" for n in range(700)] + ["root.py"]
    folders = fold(paths)
    assert len(folders) <= 60
    assert sorted(path for files in folders.values() for path in files) == sorted(paths)


def test_the_root_is_named_after_the_repository_and_distinct_from_a_folder() -> None:
    assert set(named({"": ["a"], "x": ["x/b"]}, "demo")) == {"demo", "x"}
    assert set(named({"": ["a"], "demo": ["demo/b"]}, "demo")) == {"demo (root)", "demo"}


def test_modules_know_what_they_import() -> None:
    known = picture(manifest(), analyses())
    tests = next(module for module in known.modules if module.name == "tests")
    assert tests.depends_on == ("demo",)
    assert [(d.source, d.target) for d in known.dependencies] == [
        ("demo/greet.py", "demo/names.py"),
        ("tests/test_greet.py", "demo/greet.py"),
    ]


def test_a_statement_that_cites_nothing_real_is_dropped_and_counted() -> None:
    known = picture(manifest(), analyses())
    invented = CitedStatement(text="It flies.", path="nowhere.py")
    real = CitedStatement(text="It greets.", path="demo/greet.py")
    reply = SynthesizerReply(overview=(invented, real), modules=(ModuleSummary(module="moon", statements=(real,)),))
    merged = merge(manifest(), known, verify(known, known.brief, reply))
    assert merged.dropped_claims == 2
    assert [one.text for one in merged.overview][1:] == ["It greets."]
    assert merged.overview[0].path == "README.md"


@pytest.mark.parametrize(("gaps", "refused"), [(0, False), (1, False), (2, True)])
def test_more_gaps_than_tolerated_end_the_session(gaps: int, refused: bool) -> None:
    found = [Gap(path=f"f{n}", reason="FileTooLarge", detail="") for n in range(gaps)]
    if not refused:
        refuse_too_many_gaps(manifest(), found, 20)
        return
    with pytest.raises(TooManyGaps, match=r"2 of 6 files .* FileTooLarge"):
        refuse_too_many_gaps(manifest(), found, 20)


def test_the_run_refuses_a_session_whose_batches_were_lost() -> None:
    ports = fake_ports(ReplayingModel())
    ports.blobs.blobs[f"sessions/{SESSION_ID}/manifest.json"] = manifest().model_dump_json().encode()
    with pytest.raises(TooManyGaps):
        run(SynthesizeInput(session_id=SESSION_ID), ports, settings("Synthesize"))


def test_a_readmes_first_words_come_without_badges_and_links() -> None:
    badges = "# Demo\n\n[![ci](x.svg)](y) <img src='z'>\n\n"
    text = badges + "A [demo](http://x) of [things][t], in plain words. Second one. Third. Fourth.\n\n[t]: y\n"
    assert plain_words(markdown(text).doc) == "A demo of things, in plain words. Second one. Third."


def test_a_language_model_is_asked_for_the_overview_and_for_each_module_alone() -> None:
    known = picture(manifest(), analyses())
    asked = list(parts(known.brief))
    assert [(one.part, [m.module.name for m in one.modules]) for one in asked[1:]] == [
        (Part.MODULE, [module.name]) for module in known.modules
    ]
    assert asked[0].part is Part.OVERVIEW
    assert len(asked[0].modules) == len(known.modules)


def test_the_question_about_a_module_is_the_same_whatever_happens_in_another() -> None:
    def asked(files: Mapping[str, tuple[str, str, str]]) -> dict[str, SynthesizerBrief]:
        found = list(parts(picture(manifest(files), analyses(files)).brief))[1:]
        return {one.modules[0].module.name: one for one in found}

    changed = {**FILES, "demo/names.py": ("python", "Knows many more names.", "")}
    before, after = asked(FILES), asked(changed)
    assert {name for name in before if before[name] != after[name]} == {"demo"}


def test_the_parts_replies_are_one_in_the_order_of_the_parts() -> None:
    known = picture(manifest(), analyses())
    real = CitedStatement(text="It greets.", path="demo/greet.py")
    named = ModuleSummary(module="demo", statements=(real,))
    reply_to_each = SynthesizerReply(overview=(real,), modules=(named,))
    asked = list(parts(known.brief))
    joint = joined(verify(known, brief, reply_to_each) for brief in asked)
    assert joint.claims.overview == (real,)
    assert joint.claims.modules == (named,) * (len(asked) - 1)
    assert joint.dropped == 0


def test_a_note_of_a_person_is_no_document_of_the_product() -> None:
    note, document = "docs/notes/demo/greet.py/greet.md", "docs/notes/release-1.2.md"
    files = {**FILES, note: ("markdown", "", "Ask Ada first."), document: ("markdown", "", "What is new.")}

    known = picture(manifest(files), analyses(files))

    listed = [path for module in known.modules for path in module.files]
    assert document in listed
    assert note not in listed
    assert "Ask Ada" not in known.brief.model_dump_json()
    assert note in known.index.line_counts


def test_what_stands_first_for_a_module_is_said_of_its_product_rather_than_its_tests() -> None:
    files = {"pkg/build_test.go": ("go", "Checks.", ""), "pkg/options.go": ("go", "Holds options.", "")}
    known = picture(manifest(files), analyses(files))

    assert known.brief.modules[0].statements[0].path == "pkg/options.go"
