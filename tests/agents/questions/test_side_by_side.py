"""Many questions at once: one refusal costs one question, and nothing that was paid for is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from agents.contracts.base import Contract
from agents.contracts.usage import Usage
from agents.errors import BatchTooLong, BudgetExhausted, ModelReplyInvalid, ModelThrottled
from agents.ports import Answer, Question
from agents.questions.side_by_side import answers


class Said(Contract):
    """A question or a reply about a number."""

    number: int


def number_of(question: Question[Any]) -> int:
    assert isinstance(question.brief, Said)
    return question.brief.number


class Model:
    """Answers by a function of the number."""

    name = "fake"

    def __init__(self, by: Callable[[int], None]) -> None:
        self._by = by
        self.asked: list[int] = []
        self.now = self.most = 0
        self._lock = threading.Lock()

    def answer(self, question: Question[Any]) -> Answer[Any]:
        number = number_of(question)
        with self._lock:
            self.asked.append(number)
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            self._by(number)
        finally:
            with self._lock:
                self.now -= 1
        return Answer(Said(number=number), Usage(requests=1))


def questions(count: int) -> Iterator[tuple[int, Question[Said]]]:
    return ((number, Question("analyst", "", Said(number=number), Said)) for number in range(count))


def refuse(error: type[Exception], *numbers: int) -> Callable[[int], None]:
    def by(number: int) -> None:
        if number in numbers:
            raise error(str(number))

    return by


def test_every_question_is_answered_and_as_many_wait_at_once_as_allowed() -> None:
    together = threading.Barrier(4, timeout=60)

    def all_four(_: int) -> None:
        together.wait()

    model = Model(all_four)
    found = dict(answers(model, questions(12), 4))
    assert sorted(found) == list(range(12))
    assert model.most == 4


def test_one_at_a_time_keeps_the_order() -> None:
    model = Model(lambda _: None)
    assert [number for number, _ in answers(model, questions(5), 1)] == [0, 1, 2, 3, 4]
    assert model.most == 1


def test_a_model_that_only_computes_answers_in_its_callers_thread() -> None:
    threads: set[int] = set()
    model = Model(lambda _: threads.add(threading.get_ident()))
    assert [number for number, _ in answers(model, questions(3), 0)] == [0, 1, 2]
    assert threads == {threading.get_ident()}

    given: list[int] = []
    with pytest.raises(ModelThrottled):
        for number, _ in answers(Model(refuse(ModelThrottled, 1)), questions(4), 0):
            given.append(number)
    assert given == [0, 2, 3]


def test_a_bad_reply_is_given_out_as_that_questions_own_error() -> None:
    found = dict(answers(Model(refuse(ModelReplyInvalid, 2)), questions(4), 2))
    assert isinstance(found[2], ModelReplyInvalid)
    assert len(found) == 4


def test_a_throttled_question_is_left_for_the_next_attempt_after_all_others_are_given_out() -> None:
    given: list[int] = []
    with pytest.raises(ModelThrottled):
        for number, _ in answers(Model(refuse(ModelThrottled, 0, 3)), questions(6), 2):
            given.append(number)
    assert sorted(given) == [1, 2, 4, 5]


def test_a_service_that_refuses_everybody_is_not_hammered() -> None:
    model = Model(refuse(ModelThrottled, *range(1000)))
    with pytest.raises(ModelThrottled):
        list(answers(model, questions(1000), 4))
    assert len(model.asked) <= 12


def test_an_empty_budget_ends_the_asking_and_what_is_under_way_is_still_given_out() -> None:
    given: list[int] = []
    model = Model(refuse(BudgetExhausted, 3))
    with pytest.raises(BudgetExhausted):
        for number, _ in answers(model, questions(100), 3):
            given.append(number)
    assert {0, 1, 2} <= set(given)
    assert len(model.asked) < 12
    assert sorted(given) == sorted(number for number in model.asked if number != 3)


def test_a_pause_that_ends_the_batch_loses_no_answer_under_way() -> None:
    left = iter([False, False, True])

    def pause() -> None:
        if next(left):
            raise BatchTooLong("no time")

    given: list[int] = []
    with pytest.raises(BatchTooLong):
        for number, _ in answers(Model(lambda _: time.sleep(0.05)), questions(5), 4, pause):
            given.append(number)
    assert sorted(given) == [0, 1]


def test_the_model_has_the_next_question_before_the_caller_has_the_answer() -> None:
    first, third = threading.Event(), threading.Event()

    def by(number: int) -> None:
        if number == 2:
            third.set()
        elif number == 1:
            assert first.wait(60)

    for number, _ in answers(Model(by), questions(3), 2):
        if number == 0:
            assert third.wait(60)
            first.set()


@pytest.mark.parametrize("at_once", [0, 1])
def test_one_at_a_time_the_caller_has_each_answer_before_the_next_question_is_built(at_once: int) -> None:
    given: list[int] = []

    def built() -> Iterator[tuple[int, Question[Said]]]:
        for number, question in questions(3):
            assert given == list(range(number))
            yield number, question

    for number, _ in answers(Model(lambda _: None), built(), at_once):
        given.append(number)
    assert given == [0, 1, 2]


def test_an_answer_is_given_out_although_the_next_question_cannot_be_built() -> None:
    def built() -> Iterator[tuple[int, Question[Said]]]:
        yield from questions(3)
        raise RuntimeError("no such file")

    given: list[int] = []
    with pytest.raises(RuntimeError, match="no such file"):
        for number, _ in answers(Model(lambda number: time.sleep(0.2 * number)), built(), 3):
            given.append(number)
    assert given == [0]


def test_a_question_that_was_only_prepared_when_the_run_ended_is_not_sent() -> None:
    over, sent = threading.Event(), []

    class Slow(Model):
        def answer(self, question: Question[Any]) -> Answer[Any]:
            if number_of(question) == 1:
                assert over.wait(60)
                assert question.before_request is not None
                question.before_request()
            sent.append(number_of(question))
            return super().answer(question)

    def pause() -> None:
        if sent:
            over.set()
            raise BatchTooLong("no time")

    given: list[int] = []
    with pytest.raises(BatchTooLong):
        for number, _ in answers(Slow(lambda _: None), questions(5), 2, pause):
            given.append(number)
    assert given == sent == [0]
