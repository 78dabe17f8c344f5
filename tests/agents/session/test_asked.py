"""An answer stands while what it cites has not changed and the rest of its question has changed little."""

from __future__ import annotations

from agents.contracts.base import Lines
from agents.contracts.draft import EditorBrief
from agents.contracts.synthesis import CitedStatement, Module, ModuleBrief, Part, SynthesizerBrief
from agents.session.asked import EarlierQuestions, earlier_questions
from tests.agents.fakes import FakePorts, fake_ports

FILES = [f"demo/part_{number:02d}.py" for number in range(20)]


def statement(path: str, text: str = "Does its part.") -> CitedStatement:
    return CitedStatement(text=text, path=path, lines=Lines(start=1, end=2))


def module(**changed: str) -> ModuleBrief:
    """A module of twenty files; `changed` has new sentences by the file's number, such as part_03."""
    sentences = {path: changed.get(path[5:-3], "Does its part.") for path in FILES}
    described = Module(name="demo", files=tuple(FILES), languages={"python": len(FILES)}, symbols=len(changed))
    return ModuleBrief(module=described, statements=tuple(statement(path, text) for path, text in sentences.items()))


def picture(part: ModuleBrief) -> SynthesizerBrief:
    return SynthesizerBrief(part=Part.MODULE, repository="demo", modules=(part,))


def page(part: ModuleBrief) -> EditorBrief:
    return EditorBrief(page="modules/demo.md", title="demo", statements=part.statements[:3], module=part.module)


def after(ports: FakePorts, model: str = "openai:a", instructions: str = "f1") -> EarlierQuestions:
    """What the next session finds of one that asked about the module, and whose answer cites its first two files."""
    asked = EarlierQuestions("synthesizer", "openai:a", "f1")
    asked.add("demo", picture(module()), iter(FILES[:2]))
    asked.add("modules/demo.md", page(module()), iter(FILES[:2]))
    asked.save(ports, "s1")
    return earlier_questions(ports, "s1", "synthesizer", model, instructions)


def test_a_changed_file_that_the_answer_does_not_cite_leaves_the_question_as_it_was() -> None:
    earlier = after(fake_ports())
    changed = module(part_09="Does another part.")

    assert earlier.brief("demo", picture(changed)) == picture(module())
    assert earlier.brief("modules/demo.md", page(changed)) == page(module())


def test_a_changed_file_that_the_answer_cites_is_asked_about() -> None:
    changed = picture(module(part_01="Does another part."))
    assert after(fake_ports()).brief("demo", changed) == changed


def test_many_changed_files_are_asked_about() -> None:
    changed = picture(module(**{f"part_{number:02d}": "Does another part." for number in range(5, 12)}))
    assert after(fake_ports()).brief("demo", changed) == changed


def test_a_question_about_something_else_is_asked() -> None:
    earlier = after(fake_ports())
    other = picture(module()).with_changes(repository="other")

    assert earlier.brief("demo", other) == other
    assert earlier.brief("elsewhere", picture(module())) == picture(module())


def test_other_words_of_the_critic_or_a_new_model_are_asked() -> None:
    changed = picture(module(part_09="Does another part."))
    ports = fake_ports()

    assert after(ports, model="openai:b").brief("demo", changed) == changed
    assert after(ports, instructions="f2").brief("demo", changed) == changed
    found = page(module(part_09="Does another part.")).with_changes(findings=("It is too short.",))
    assert after(ports).brief("modules/demo.md", found) == found


def test_without_a_record_every_question_is_asked() -> None:
    earlier = earlier_questions(fake_ports(), "s-gone", "synthesizer", "openai:a", "f1")
    changed = picture(module(part_09="Does another part."))
    assert earlier.brief("demo", changed) == changed


def test_small_changes_of_many_sessions_add_up() -> None:
    ports = fake_ports()
    earlier = after(ports)
    sentences: dict[str, str] = {}
    renewed = 0
    for number in range(5, 20):
        sentences[f"part_{number:02d}"] = "Does another part."
        now = picture(module(**sentences))
        asked = earlier.brief("demo", now)
        renewed += asked == now
        earlier.add("demo", asked, iter(FILES[:2]))
        earlier.save(ports, "s2")
        earlier = earlier_questions(ports, "s2", "synthesizer", "openai:a", "f1")
    assert renewed
