"""Asks a model many questions side by side. A throttle costs one question, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from typing import ParamSpec, TypeVar

from agents.errors import GapError, ModelContextExceeded, RetriedError, SwarmError
from agents.ports import Answer, LanguageModel, Question, ReplyT

_T = TypeVar("_T")
_R = TypeVar("_R")
_P = ParamSpec("_P")

#: After this many refusals in a row the service refuses all of our questions: no further one is sent.
_REFUSALS_IN_A_ROW = 8


def never_interrupts() -> None:
    """Default pause hook: it lets every question be asked."""


def answers(
    model: LanguageModel,
    questions: Iterable[tuple[_T, Question[ReplyT]]],
    at_once: int,
    pause: Callable[[], None] = never_interrupts,
) -> Iterator[tuple[_T, Answer[ReplyT] | GapError | ModelContextExceeded]]:
    """Each question's answer, or the error that concerns it alone, as they arrive.

    Questions are built in the caller's thread, each when it is needed; `at_once` are asked at the same time, with 0
    each in the caller's thread. `pause` is called before each question and raises to stop the asking. An error that
    concerns more than one question is raised after every answer has been yielded: the caller loses nothing that was
    paid for.
    """
    waiting: dict[Future[Answer[ReplyT]], _T] = {}
    run = _Run()
    more = iter(questions)
    with _pool(at_once) as pool:
        while True:
            while len(waiting) < max(at_once, 1) and run.goes_on:
                try:
                    pause()
                    about, question = next(more)
                except StopIteration:
                    run.goes_on = False
                except SwarmError as error:
                    run.stop(error)
                else:
                    waiting[pool.submit(model.answer, question)] = about
            if not waiting:
                break
            for done in wait(waiting, return_when=FIRST_COMPLETED).done:
                about = waiting.pop(done)
                outcome = run.outcome(done)
                if outcome is not None:
                    yield about, outcome
    if run.error is not None:
        raise run.error


def _pool(at_once: int) -> Executor:
    return ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="question") if at_once else _CallersThread()


class _CallersThread(Executor):
    """Runs what it is given at once: a model that only computes would contend with its caller for the interpreter."""

    def submit(self, call: Callable[_P, _R], /, *args: _P.args, **words: _P.kwargs) -> Future[_R]:
        """The call's outcome, which is there already."""
        done: Future[_R] = Future()
        try:
            done.set_result(call(*args, **words))
        except Exception as error:  # noqa: BLE001 (as in a thread, it is raised to who asks for the result)
            done.set_exception(error)
        return done


class _Run:
    """Whether further questions are asked, and the error that ends the run."""

    def __init__(self) -> None:
        self.goes_on = True
        self.error: SwarmError | None = None
        self._refusals = 0

    def stop(self, error: SwarmError) -> None:
        """Ask no further question. An error that the state machine retries gives way to one that it does not."""
        self.goes_on = False
        if self.error is None or isinstance(self.error, RetriedError):
            self.error = error

    def outcome(self, done: Future[Answer[ReplyT]]) -> Answer[ReplyT] | GapError | ModelContextExceeded | None:
        """The answer or its own error; None if the state's next attempt has to ask the question again."""
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
