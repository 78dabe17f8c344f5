"""Asks a model many questions side by side. A throttle costs one question, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from agents.errors import GapError, ModelContextExceeded, RetriedError, SwarmError
from agents.ports import Answer, LanguageModel, Question, ReplyT

_T = TypeVar("_T")

#: After this many refusals in a row the service means everybody: no further question is sent.
_REFUSALS_IN_A_ROW = 8


def _carry_on() -> None:
    """The question between two questions when nobody hurries."""


def answers(
    model: LanguageModel,
    questions: Iterable[tuple[_T, Question[ReplyT]]],
    at_once: int,
    pause: Callable[[], None] = _carry_on,
) -> Iterator[tuple[_T, Answer[ReplyT] | GapError | ModelContextExceeded]]:
    """Each question's answer, or the error that concerns it alone, as they arrive.

    Questions are made in the caller's thread, one when it is needed. `pause` is asked before each. An error that
    concerns more than one question is raised when everything that was asked has been given out: the caller loses
    nothing that was paid for.
    """
    waiting: dict[Future[Answer[ReplyT]], _T] = {}
    asked = _Asked()
    more = iter(questions)
    with ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="question") as pool:
        while True:
            while len(waiting) < at_once and asked.goes_on:
                try:
                    pause()
                    about, question = next(more)
                except StopIteration:
                    asked.goes_on = False
                except SwarmError as error:
                    asked.stop(error)
                else:
                    waiting[pool.submit(model.answer, question)] = about
            if not waiting:
                break
            for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                about = waiting.pop(done)
                outcome = asked.outcome(done)
                if outcome is not None:
                    yield about, outcome
    if asked.error is not None:
        raise asked.error


class _Asked:
    """Whether to go on, and the error that ends it."""

    def __init__(self) -> None:
        self.goes_on = True
        self.error: SwarmError | None = None
        self._refusals = 0

    def stop(self, error: SwarmError) -> None:
        """Ask nothing more. A retried error gives way to one that decides more."""
        self.goes_on = False
        if self.error is None or isinstance(self.error, RetriedError):
            self.error = error

    def outcome(self, done: Future[Answer[ReplyT]]) -> Answer[ReplyT] | GapError | ModelContextExceeded | None:
        """What became of one question; None if it has to be asked again by the state's next attempt."""
        try:
            answer = done.result()
        except (GapError, ModelContextExceeded) as error:
            return error
        except RetriedError as error:
            self.error = self.error or error
            self._refusals += 1
            if self._refusals >= _REFUSALS_IN_A_ROW:
                self.goes_on = False
            return None
        except SwarmError as error:
            self.stop(error)
            return None
        self._refusals = 0
        return answer
