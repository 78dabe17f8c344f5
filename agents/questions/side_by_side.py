"""Asks a model many questions side by side. A throttle costs one question, and the others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Generic, ParamSpec, TypeVar

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

    Questions are built in the caller's thread, each when it is needed; `at_once` are under way at the same time, with 0
    each in the caller's thread. `pause` is called before each question and raises to stop the asking. An error that
    concerns more than one question is raised after every answer has been yielded: the caller loses nothing that was
    paid for.
    """
    with _pool(at_once) as pool:
        run = _Run(iter(questions), pause, lambda question: pool.submit(model.answer, question))
        while True:
            if at_once <= 1:  # each question may need what the caller makes of the answer before it
                yield from run.arrived()
            try:
                run.ask(max(at_once, 1))
            finally:
                # After the next questions: while the caller works on these answers, the model works on those.
                yield from run.arrived()
            if not run.receive():
                break
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


class _Run(Generic[_T, ReplyT]):
    """Questions under way, whether further ones are asked, and the error that ends the run."""

    def __init__(
        self,
        questions: Iterator[tuple[_T, Question[ReplyT]]],
        pause: Callable[[], None],
        begin: Callable[[Question[ReplyT]], Future[Answer[ReplyT]]],
    ) -> None:
        self.error: SwarmError | None = None
        self._questions = questions
        self._pause = pause
        self._begin = begin
        self._waiting: dict[Future[Answer[ReplyT]], _T] = {}
        self._arrived: list[tuple[_T, Answer[ReplyT] | GapError | ModelContextExceeded]] = []
        self._goes_on = True
        self._refusals = 0

    def ask(self, at_once: int) -> None:
        """Ask until so many questions are under way."""
        while len(self._waiting) < at_once and self._goes_on:
            try:
                self._pause()
                about, question = next(self._questions)
            except StopIteration:
                self._goes_on = False
            except SwarmError as error:
                self._stop(error)
            else:
                self._waiting[self._begin(replace(question, before_request=self._unless_over))] = about

    def receive(self) -> bool:
        """Wait for an answer; False when no question is under way."""
        if not self._waiting:
            return False
        for done in wait(self._waiting, return_when=FIRST_COMPLETED).done:
            about = self._waiting.pop(done)
            outcome = self._outcome(done)
            if outcome is not None:
                self._arrived.append((about, outcome))
        return True

    def arrived(self) -> Iterator[tuple[_T, Answer[ReplyT] | GapError | ModelContextExceeded]]:
        """What has arrived, each once."""
        while self._arrived:
            yield self._arrived.pop(0)

    def _unless_over(self) -> None:
        """Raises the run's error when it has ended: a question that was only prepared is not sent any more."""
        if self.error is not None and not self._goes_on:
            raise self.error

    def _stop(self, error: SwarmError) -> None:
        """Ask no further question. An error that the state machine retries gives way to one that it does not."""
        self._goes_on = False
        if self.error is None or isinstance(self.error, RetriedError):
            self.error = error

    def _outcome(self, done: Future[Answer[ReplyT]]) -> Answer[ReplyT] | GapError | ModelContextExceeded | None:
        """The answer or its own error; None if the state's next attempt has to ask the question again."""
        try:
            answer = done.result()
        except (GapError, ModelContextExceeded) as error:
            return error
        except RetriedError as error:
            self.error = self.error or error
            self._refusals += 1
            if self._refusals >= _REFUSALS_IN_A_ROW:
                self._goes_on = False
            return None
        except SwarmError as error:
            self._stop(error)
            return None
        self._refusals = 0
        return answer
