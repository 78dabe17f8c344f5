"""No secret of a repository leaves the process in a prompt, whatever role asks; lines keep their numbers."""

from __future__ import annotations

import string
from random import Random

import pytest

from agents.codebase.secrets import STARS, without_secrets
from agents.contracts.analysis import AnalystBrief, AnalystReply, FileBrief
from agents.contracts.base import Contract, Lines
from agents.contracts.draft import CriticBrief, CriticReply, EditorBrief, EditorReply, PageFacts
from agents.contracts.review import EvidenceAt, ReviewBrief, ReviewReply
from agents.contracts.structure import Evidence, Structure, Topic
from agents.contracts.synthesis import CitedStatement, SynthesizerBrief, SynthesizerReply
from agents.ports import Question
from agents.questions.prompt import prompt_of

#: Put together while the test runs, so that no scanner trips over this file.
# A seeded test value, no secret.
_TAIL = "".join(Random(3).choices(string.ascii_uppercase + string.digits, k=12)) + "QZ7K"  # noqa: S311
KEY = "AKIA" + _TAIL
BODY = "MIIEpAIBAAKCAQEAx3Yt9Zq1Vw7Lr5Kp2Nn8Bb4Cc6Dd0Ee"
BLOCK = f"-----BEGIN {'PRIVATE'} KEY-----\n{BODY}\n{BODY[::-1]}\n-----END {'PRIVATE'} KEY-----"
SAID = CitedStatement(text=f"It signs with {KEY}.", path="a.py", lines=Lines(start=1, end=1))
PIECE = Evidence(topic=Topic.SECURITY, rule="weak-hash", lines=Lines(start=1, end=1), excerpt=f'md5("{KEY}")')

QUESTIONS: list[Question[Contract]] = [
    Question(
        "analyst",
        "",
        AnalystBrief(
            files=(
                FileBrief(
                    path="a.py",
                    text=f"a = '{KEY}'\n{BLOCK}\nz = 1\n",
                    structure=Structure(language="python", line_count=6),
                ),
            )
        ),
        AnalystReply,
    ),
    Question(
        "security",
        "",
        ReviewBrief(topic=Topic.SECURITY, evidence=(EvidenceAt(path="a.py", evidence=PIECE),)),
        ReviewReply,
    ),
    Question("synthesizer", "", SynthesizerBrief(repository="demo", modules=(), readme=(SAID,)), SynthesizerReply),
    Question("editor", "", EditorBrief(page="index.md", title="demo", statements=(SAID,)), EditorReply),
    Question(
        "critic",
        "",
        CriticBrief(
            pages=(PageFacts(page="index.md", title="demo", markdown=f"It signs with `{KEY}`.\n\n{BLOCK}\n"),),
            checked=(),
            coverage=1,
        ),
        CriticReply,
    ),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.role)
def test_no_role_sends_a_secret(question: Question[Contract]) -> None:
    text = prompt_of(question).user
    assert STARS in text
    assert not any(secret in text for secret in (KEY, BODY, BODY[::-1]))


def test_the_lines_behind_a_secret_of_several_lines_keep_their_numbers() -> None:
    assert "\n6| z = 1\n" in prompt_of(QUESTIONS[0]).user


@pytest.mark.parametrize("text", ["x = 1\n", "password = input()\n", "\udcff odd", ""])
def test_text_without_a_secret_is_left_as_it_is(text: str) -> None:
    assert without_secrets(text) == text
