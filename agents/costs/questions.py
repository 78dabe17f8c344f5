"""The size of each role's questions and replies in characters and tokens, as agents/questions/prompt.py sends them.

Measured on nine Python, JavaScript and data projects of 0.1 to 1.8 MB (bench/estimate.py compares with metered runs):
a file's question is its text, about ten characters for each line's number, symbols and imports, and the role's frame.

Pure.
"""

from __future__ import annotations

import json
import math
import posixpath
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from agents.contracts.analysis import AnalystReply
from agents.contracts.base import Contract
from agents.contracts.draft import CriticReply, EditorReply
from agents.contracts.review import ReviewReply
from agents.contracts.synthesis import SynthesizerReply
from agents.contracts.usage import MAX_OUTPUT_TOKENS
from agents.costs.facts import FileCosts
from agents.models.prices import CHARACTERS_PER_TOKEN
from agents.questions.instructions import instructions_of
from agents.questions.limits import (
    EVIDENCE_OF_QUESTION,
    MOST_MODULES,
    MOST_TERMS,
    OUTLINE_BYTES,
    PAGE_CHARACTERS,
    REVIEW_OUTPUT_TOKENS,
    STATEMENTS_OF_MODULE,
    SURROUNDINGS_TOKENS,
    TEXT_LIMIT,
)

REPLIES: Mapping[str, type[Contract]] = {
    "analyst": AnalystReply,
    "security": ReviewReply,
    "performance": ReviewReply,
    "synthesizer": SynthesizerReply,
    "editor": EditorReply,
    "critic": CriticReply,
}
#: The rules about material, the fences, the provider's own framing; the analyst has a rule about the outline more.
_FRAME, _OUTLINE_RULE = 270, 230
_A_LINE = 10
_A_FILE = 150
#: Tokens of the outline (agents/roles/scanner/outline.py) and of the neighbours (agents/roles/analyst/packing.py).
_A_FOLDER, OUTLINE_MOST = 14, OUTLINE_BYTES / CHARACTERS_PER_TOKEN
_AROUND, _AROUND_A_BYTE = 200, 0.115
#: Of about ten files, half of that is there.
_AROUND_HALF = 8
#: A statement with its citation: in a brief, and in a reply, in tokens.
_STATEMENT = 185
STATEMENT_IN_REPLY = 55
#: The synthesizer's statements of a module in the overview; characters of paths and modules.
_STATEMENTS_OF_WHOLE = 3
_PATH = 45
_MODULE = 300
_EVIDENCE = 235
_FINDING = 110
#: Pieces of evidence in a thousand lines; from 0 to 2 in what was measured.
_EVIDENCE_A_LINE = {"security": 0.0006, "performance": 0.0005}
#: A reply about one file: its frame, its summary from sixty lines on, a note, and the most notes of a reply.
_REPLY, _SUMMARY, _NOTE, _MOST_NOTES = 45, 90, 26, 40
#: The critic's four scores, and one finding.
_SCORES, _FAULT = 23, 40
_PAGE_LEAST, _PAGE, _PAGE_A_FILE = 400, 1_600, 170


@dataclass(frozen=True)
class ExpectedQuestions:
    """Questions of one role: how many, and the tokens of all of them; `most_out` is what one reply may have."""

    questions: float = 0
    tokens_in: float = 0
    tokens_out: float = 0
    most_out: int = MAX_OUTPUT_TOKENS

    def __add__(self, other: ExpectedQuestions) -> ExpectedQuestions:
        return ExpectedQuestions(
            self.questions + other.questions,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
            max(self.most_out, other.most_out),
        )

    def times(self, factor: float) -> ExpectedQuestions:
        """The same figures multiplied by the factor; the longest reply stays as it is."""
        return ExpectedQuestions(
            self.questions * factor, self.tokens_in * factor, self.tokens_out * factor, self.most_out
        )


@cache
def frame(role: str) -> float:
    """Tokens that every question of the role begins with: instructions, rules, the reply's schema."""
    schema = len(json.dumps(REPLIES[role].model_json_schema()))
    rules = _FRAME + (_OUTLINE_RULE if role == "analyst" else 0)
    return (len(instructions_of(role)) + schema + rules) / CHARACTERS_PER_TOKEN


def surroundings(files: Collection[FileCosts]) -> float:
    """Tokens about the files around a file in its question: larger files have longer signatures.

    Of two files one lies around the other, and seldom does it import it; from some forty on it is nearly all there is.
    """
    if not files:
        return 0.0
    folders = len({posixpath.dirname(file.path) for file in files})
    average = sum(file.bytes for file in files) / len(files)
    share = (len(files) - 1) / (len(files) + _AROUND_HALF)
    around = min(SURROUNDINGS_TOKENS, _AROUND + _AROUND_A_BYTE * average)
    return min(OUTLINE_MOST, _A_FOLDER * folders) + share * around


def of_file(file: FileCosts, around: float = 0.0) -> ExpectedQuestions:
    """The analyst's question about one file, with `around` tokens about the files around it."""
    if file.read is None:
        beside, notes = _A_LINE * file.lines + around * CHARACTERS_PER_TOKEN, min(40.0, 0.045 * file.lines)
    else:
        beside, notes = line_numbers(file.lines) + file.read.characters, min(_MOST_NOTES, file.read.undocumented)
    material = _text_shown(file) + beside + _A_FILE
    reply_tokens = _REPLY + _SUMMARY * min(1.0, file.lines / 60) + _NOTE * notes
    return ExpectedQuestions(1, frame("analyst") + material / CHARACTERS_PER_TOKEN, reply_tokens)


def _text_shown(file: FileCosts) -> float:
    """Characters of a file's text in its question, which ends with a whole line: of one endless line it shows none."""
    if file.bytes <= TEXT_LIMIT:
        return file.bytes
    a_line = file.bytes / max(1, file.lines)
    return TEXT_LIMIT // a_line * a_line


def line_numbers(lines: int) -> int:
    """Characters of the numbers before so many lines, each with a bar and a space."""
    digits = sum(lines - int("1" + "0" * power) + 1 for power in range(len(str(lines))) if lines)
    return digits + 2 * lines


def _evidence(role: str, file: FileCosts) -> float:
    """Pieces that the role judges in a file."""
    if file.read is None:
        return _EVIDENCE_A_LINE[role] * file.lines
    return file.read.security if role == "security" else file.read.performance


def of_review(role: str, files: Collection[FileCosts], factor: float = 1.0) -> ExpectedQuestions:
    """A reviewer's questions, with `factor` times the usual evidence; how much there is shows when files are read."""
    pieces = factor * sum(_evidence(role, file) for file in files)
    # Less than one piece is the chance that there is one, and nothing is asked without.
    questions = pieces if pieces < 1 else float(math.ceil(pieces / EVIDENCE_OF_QUESTION))
    tokens_in = questions * frame(role) + pieces * _EVIDENCE / CHARACTERS_PER_TOKEN
    return ExpectedQuestions(questions, tokens_in, pieces * _FINDING, REVIEW_OUTPUT_TOKENS)


def modules(files: Collection[FileCosts]) -> dict[str, int]:
    """Files by folder; as many folders as become modules, the largest first."""
    return dict(Counter(posixpath.dirname(file.path) for file in files).most_common(MOST_MODULES))


def of_synthesizer(files: Collection[FileCosts]) -> ExpectedQuestions:
    """A question about the whole repository, with a few statements of each module, and one about each module."""
    folders = modules(files)
    statements = sum(min(STATEMENTS_OF_MODULE, 2 * count) for count in folders.values())
    whole = len(folders) * (_STATEMENTS_OF_WHOLE * _STATEMENT + _MODULE)
    material = statements * _STATEMENT + len(files) * _PATH + len(folders) * _MODULE + whole
    questions = 1 + len(folders)
    reply_tokens = (min(3, len(folders)) + sum(min(3, 2 * count) for count in folders.values())) * STATEMENT_IN_REPLY
    return ExpectedQuestions(
        questions, questions * frame("synthesizer") + material / CHARACTERS_PER_TOKEN, reply_tokens
    )


def of_editor(files: Collection[FileCosts]) -> ExpectedQuestions:
    """A question for each module, the overview and the architecture, and one for the glossary where there are terms."""
    folders = modules(files)
    terms = min(MOST_TERMS, sum(file.read.terms for file in files if file.read))
    pages = len(folders) + 2 + (terms > 0)
    # Two statements a file, in its module's brief; the other pages choose among them.
    statements = min(pages * 3, 2 * len(files)) + min(pages, len(files)) + terms
    material = statements * _STATEMENT + pages * _MODULE / 2 + len(files) * _PATH
    return ExpectedQuestions(
        pages, pages * frame("editor") + material / CHARACTERS_PER_TOKEN, statements * STATEMENT_IN_REPLY
    )


def of_modules(role: str, files: Collection[FileCosts]) -> ExpectedQuestions:
    """The synthesizer's or the editor's question about each module of these files, and none about the whole."""
    folders = modules(files)
    statements = sum(min(STATEMENTS_OF_MODULE, 2 * count) for count in folders.values())
    material = statements * _STATEMENT + len(folders) * _MODULE + len(files) * _PATH
    return ExpectedQuestions(
        len(folders),
        len(folders) * frame(role) + material / CHARACTERS_PER_TOKEN,
        sum(min(3, 2 * count) for count in folders.values()) * STATEMENT_IN_REPLY,
    )


def of_critic(files: Collection[FileCosts]) -> ExpectedQuestions:
    """One question about every page except the lists of symbols."""
    folders = modules(files)
    page = min(_PAGE, _PAGE_LEAST + _PAGE_A_FILE * len(files))
    pages = sum(min(PAGE_CHARACTERS, page + _PAGE_A_FILE * count) for count in folders.values())
    material = pages + 4 * page + min(PAGE_CHARACTERS, len(files) * _PAGE_A_FILE)
    return ExpectedQuestions(1, frame("critic") + material / CHARACTERS_PER_TOKEN, _SCORES + _FAULT)
