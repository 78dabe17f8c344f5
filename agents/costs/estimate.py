"""From files and models to requests, tokens, dollars and seconds. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from agents.bedrock import quota_weight
from agents.costs import questions
from agents.costs.counted import NOTHING_COUNTED, CountedTokens
from agents.costs.facts import Estimate, FileCosts, Range, RoleEstimate, RoleModel
from agents.costs.questions import ExpectedQuestions
from agents.questions.instructions import FILES
from agents.questions.prompt_cache import least_prefix_tokens

#: What is usual: one answer in twenty goes back once, and the first draft is approved.
_REPAIRED = 0.05
#: The most that happens: agents/models/provider.py sends an answer back once, the state machine allows three drafts.
_MOST_REQUESTS = 2
_MOST_DRAFTS = 3
_MORE_EVIDENCE = 8.0
_LONGER_IN, _LONGER_OUT = 1.3, 3.0
_SHORTER_IN, _SHORTER_OUT = 0.75, 0.35
#: Small folders become one module, and a page of which nothing is said is not asked about.
_FEWER_PAGES = 0.75
#: A request: connection and first token, then tokens a second read and written.
_FIRST_SECONDS, _READ_A_SECOND, _WRITTEN_A_SECOND = 1.5, 4_000.0, 60.0
#: Reading structure, a file and a byte; the state machine's own steps, and a page of the site.
_FILE_SECONDS, _BYTE_SECONDS, _STATES_SECONDS, _PAGE_SECONDS = 0.01, 4.0e-6, 6.0, 0.03
#: A job of batch inference: usually within the hour, at the latest after a day.
_JOB_SECONDS = Range(300.0, 3_600.0, 86_400.0)


#: No answer of a session before stands.
NOTHING_STANDS: Mapping[str, ExpectedQuestions] = MappingProxyType({})


@dataclass(frozen=True)
class Speed:
    """How much happens side by side, and whether the analysts' questions wait for a batch inference job.

    `tokens_a_minute` is the account's quota of each model on Bedrock.
    """

    analysts: int = 40
    calls_at_once: int = 12
    batch_files: int = 40
    batch_inference: bool = False
    tokens_a_minute: float = math.inf


def estimate(
    files: Collection[FileCosts],
    models: Mapping[str, RoleModel],
    cap_usd: float,
    speed: Speed | None = None,
    counted: CountedTokens = NOTHING_COUNTED,
    again: Mapping[str, ExpectedQuestions] = NOTHING_STANDS,
) -> Estimate:
    """What documenting these files will cost and take; `models` has every role.

    `again` is what roles ask that have answers of the session before (agents/costs/asked_again.py). In the low figures
    all of these stand, in the high ones none.
    """
    layout = _Layout(files, speed or Speed())
    return Estimate(
        files=len(files),
        bytes=sum(file.bytes for file in files),
        fresh_files=len(layout.fresh),
        roles=tuple(
            _role(role, models[role], _bounds(role, files, counted, again.get(role)), layout)
            if files and models[role].takes_tokens
            else RoleEstimate(role, models[role].name)
            for role in FILES
        ),
        work=layout.work(),
        reading=layout.reading,
        agents=layout.agents,
        cap_usd=cap_usd,
    )


class _Layout:
    """How the work lies side by side."""

    def __init__(self, files: Collection[FileCosts], speed: Speed) -> None:
        self.fresh = [file for file in files if file.fresh]
        self._pages, self._speed = len(files), speed
        batches = max(1, math.ceil(len(self.fresh) / speed.batch_files))
        self.agents = min(batches, speed.analysts)
        self.reading = _FILE_SECONDS * len(self.fresh) + _BYTE_SECONDS * sum(file.bytes for file in self.fresh)

    @property
    def written_at_once(self) -> int:
        """The most questions of analysts that begin together."""
        return self._speed.calls_at_once * self._speed.analysts

    def work(self) -> Range:
        """Seconds of the session without those in which it waits for a model."""
        seconds = _STATES_SECONDS + self.reading / self.agents + _PAGE_SECONDS * self._pages
        return Range(seconds * 0.7, seconds, seconds * 2)

    def waits(self, role: str, model: RoleModel, parts: Sequence[ExpectedQuestions]) -> Range:
        """Seconds until the role's last answer, for the least, the usual and the most questions."""
        if role == "analyst" and self._speed.batch_inference and parts[1].questions:
            return _JOB_SECONDS
        at_once = {"analyst": self.agents * self._speed.calls_at_once, "critic": 1}
        return Range(*(self._wait(part, at_once.get(role, self._speed.calls_at_once), model) for part in parts))

    def _wait(self, expected: ExpectedQuestions, at_once: int, model: RoleModel) -> float:
        if not expected.questions:
            return 0.0
        each = expected.times(1 / expected.questions)
        answered = math.ceil(expected.questions / at_once) * answer_seconds(each.tokens_in, each.tokens_out)
        weighed = expected.tokens_in + quota_weight(model.name) * expected.tokens_out
        on_bedrock = model.name.startswith("bedrock:")
        return max(answered, weighed * 60 / self._speed.tokens_a_minute if on_bedrock else 0.0)


def usual(role: str, files: Collection[FileCosts]) -> ExpectedQuestions:
    """What the role asks when one draft is enough and nothing is repaired."""
    if role == "analyst":
        around = questions.surroundings(files)
        return sum((questions.of_file(file, around) for file in files if file.has_question), ExpectedQuestions())
    if role in {"security", "performance"}:
        return questions.of_review(role, files)
    of_all = {
        "synthesizer": questions.of_synthesizer,
        "editor": questions.of_editor,
        "critic": questions.of_critic,
    }
    return of_all[role](files)


def likely(usual_questions: ExpectedQuestions) -> ExpectedQuestions:
    """The same with the repairs that are usual."""
    again = ExpectedQuestions(
        0, usual_questions.tokens_in + usual_questions.tokens_out, usual_questions.tokens_out
    ).times(_REPAIRED)
    return (
        ExpectedQuestions(
            usual_questions.questions * (1 + _REPAIRED), usual_questions.tokens_in, usual_questions.tokens_out
        )
        + again
    )


def _least(role: str, usual_questions: ExpectedQuestions) -> ExpectedQuestions:
    """Short prompts and replies, and fewer modules than folders."""
    fewer = _FEWER_PAGES if role in {"synthesizer", "editor"} else 1.0
    return ExpectedQuestions(
        math.floor(usual_questions.questions * fewer),
        usual_questions.tokens_in * _SHORTER_IN,
        usual_questions.tokens_out * _SHORTER_OUT,
    )


def _most(
    role: str, usual_questions: ExpectedQuestions, files: Collection[FileCosts], counted: CountedTokens
) -> ExpectedQuestions:
    """Every answer goes back once, three drafts of every page, longer prompts and replies."""
    if role in {"security", "performance"} and files:
        usual_questions = counted.applied(role, questions.of_review(role, files, _MORE_EVIDENCE))
    written = min(usual_questions.tokens_out * _LONGER_OUT, usual_questions.questions * usual_questions.most_out)
    sent_again = usual_questions.tokens_in * _LONGER_IN + written
    drafts = _MOST_DRAFTS if role in {"editor", "critic"} else 1
    return ExpectedQuestions(
        usual_questions.questions * _MOST_REQUESTS,
        usual_questions.tokens_in * _LONGER_IN + sent_again,
        written * _MOST_REQUESTS,
    ).times(drafts)


def _written(role: str, model: RoleModel, requests: float, at_once: int) -> int:
    """Tokens that a first wave writes to the prompt cache when nothing has warmed it: each question its beginning."""
    least = least_prefix_tokens(model.name)
    beginning = questions.frame(role) + questions.OUTLINE_MOST
    if role != "analyst" or least is None or beginning < least:
        return 0
    return round(beginning * min(requests, at_once))


def _bounds(
    role: str, files: Collection[FileCosts], counted: CountedTokens, again: ExpectedQuestions | None
) -> tuple[ExpectedQuestions, ExpectedQuestions, ExpectedQuestions]:
    """The least, the usual and the most questions of a role."""
    whole = counted.applied(role, usual(role, files))
    most = _most(role, whole, files, counted)
    if again is None:
        return _least(role, whole), whole, most
    # Every answer may stand, as where each file is summarised in the same words.
    return ExpectedQuestions(), counted.applied(role, again), most


def _role(
    role: str,
    model: RoleModel,
    bounds: tuple[ExpectedQuestions, ExpectedQuestions, ExpectedQuestions],
    layout: _Layout,
) -> RoleEstimate:
    least, once, most = bounds
    usually = likely(once)
    parts = (least, usually, most)
    written = min(round(most.tokens_in), _written(role, model, once.questions, layout.written_at_once))
    return RoleEstimate(
        role,
        model.name,
        requests=Range(*(part.questions for part in parts)),
        input_tokens=Range(*(part.tokens_in for part in parts)),
        output_tokens=Range(*(part.tokens_out for part in parts)),
        usd=Range(_usd(model, least), _usd(model, usually), _usd(model, most, written)),
        waits=layout.waits(role, model, parts),
    )


def _usd(model: RoleModel, expected: ExpectedQuestions, written: int = 0) -> float:
    return model.price.cost(round(expected.tokens_in), round(expected.tokens_out), cache_write=written)


def answer_seconds(tokens_in: float, tokens_out: float) -> float:
    """How long a model takes to answer one request."""
    return _FIRST_SECONDS + tokens_in / _READ_A_SECOND + tokens_out / _WRITTEN_A_SECOND
