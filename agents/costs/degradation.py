"""The ladder: what the scanner does with files when the planned work does not fit what may still be spent. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from agents.contracts.ladder import LadderStep, Rung
from agents.costs import questions
from agents.costs.estimate import likely
from agents.costs.facts import FileCosts, RoleModel
from agents.costs.value import little_value, worth

#: Files of one question, and their bytes together: replies stay far below a reply's limit.
TOGETHER_FILES = 6
TOGETHER_BYTES = 12_000
_SMALL_BYTES = 4_000
#: The likely cost times this is what is planned with.
_MARGIN = 1.2


@dataclass(frozen=True)
class Choice:
    """What is done with one file: another model, empty for the role's own, a shared question, and why."""

    model: str = ""
    together: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Taken:
    """A step that was taken, for how many files, and the sentence that says why."""

    rung: Rung
    files: int
    detail: str


@dataclass(frozen=True)
class Descent:
    """Choices by path, only for the files that are treated differently, and the steps in their order."""

    choices: Mapping[str, Choice] = field(default_factory=dict)
    steps: tuple[Taken, ...] = ()


def step_down(
    files: Collection[FileCosts], budget_usd: float, analyst: RoleModel, economy: RoleModel | None = None
) -> Descent:
    """Cheaper models, larger questions, extractive pages, in this order and no further than the budget asks.

    Only files that a model is asked about cost anything. `economy` is left out when it is not cheaper than the
    analyst's own model.
    """
    plan = _Plan([file for file in files if file.has_question], analyst, economy)
    if not analyst.takes_tokens or plan.usd <= budget_usd:
        return Descent()
    poor = sorted((file for file in plan.files if little_value(file)), key=worth)
    if economy is not None and plan.is_cheaper(economy):
        plan.take(Rung.ECONOMY_MODEL, poor, budget_usd, lambda choice: replace(choice, model=economy.name))
    if plan.usd > budget_usd:
        small = [file for file in plan.files if file.bytes <= _SMALL_BYTES]
        plan.take(
            Rung.LARGER_QUESTIONS, small if len(small) > 1 else [], -1.0, lambda choice: replace(choice, together=True)
        )
    if plan.usd > budget_usd:
        everything = sorted(plan.files, key=worth)
        plan.take(Rung.EXTRACTIVE, everything, budget_usd, lambda _: Choice(model="extractive"))
    return Descent({path: choice for path, choice in plan.choices.items() if choice != Choice()}, tuple(plan.steps))


def shared(files: Iterable[tuple[str, int]], choices: Mapping[str, Choice]) -> dict[str, str]:
    """Which files of one batch share a question: a word by path, for those that do; files come with their bytes."""
    words: dict[str, str] = {}
    open_questions: dict[str, tuple[str, int, int]] = {}
    for path, size in files:
        choice = choices.get(path)
        if choice is None or not choice.together or choice.model == "extractive":
            continue
        word, count, size_so_far = open_questions.get(choice.model, (path, 0, 0))
        if count == TOGETHER_FILES or size_so_far + size > TOGETHER_BYTES:
            word, count, size_so_far = path, 0, 0
        words[path] = word
        open_questions[choice.model] = (word, count + 1, size_so_far + size)
    alone = Counter(words.values())
    return {path: word for path, word in words.items() if alone[word] > 1}


def planned_step(taken: Taken, now: int) -> LadderStep:
    """The step as it is recorded."""
    return LadderStep(
        rung=taken.rung, planned=True, role="analyst", answers=taken.files, detail=taken.detail, taken_at=now
    )


class _Plan:
    """What the files will cost as they are treated now."""

    def __init__(self, files: list[FileCosts], analyst: RoleModel, economy: RoleModel | None) -> None:
        self.files = files
        self._around = questions.surroundings(files)
        self.choices: dict[str, Choice] = {file.path: Choice() for file in files}
        self.steps: list[Taken] = []
        self._models = {"": analyst, "extractive": RoleModel("extractive")}
        if economy is not None:
            self._models[economy.name] = economy

    @property
    def usd(self) -> float:
        """US dollars that all of it will cost, on the safe side of likely."""
        return sum(self._cost(file, self.choices[file.path]) for file in self.files)

    def is_cheaper(self, economy: RoleModel) -> bool:
        """Whether the economy model would save anything."""
        return any(self._cost(file, Choice(economy.name)) < self._cost(file, Choice()) for file in self.files)

    def take(
        self, rung: Rung, files: Collection[FileCosts], budget_usd: float, how: Callable[[Choice], Choice]
    ) -> None:
        """Treat these files differently, one after the other, until everything fits."""
        before = now = self.usd
        taken = 0
        for file in files:
            if now <= budget_usd:
                break
            old, new = self.choices[file.path], how(self.choices[file.path])
            self.choices[file.path] = replace(new, reason=_reason(rung, file))
            now += self._cost(file, new) - self._cost(file, old)
            taken += 1
        if taken:
            self.steps.append(Taken(rung, taken, _sentence(rung, taken, before, max(0.0, now))))

    def _cost(self, file: FileCosts, choice: Choice) -> float:
        model = self._models[choice.model]
        if not model.takes_tokens:
            return 0.0
        expected = likely(questions.of_file(file, self._around))
        if choice.together:
            shared = questions.frame("analyst") * (1 - 1 / TOGETHER_FILES)
            expected = replace(expected, tokens_in=max(0.0, expected.tokens_in - shared))
        return _MARGIN * model.price.cost(round(expected.tokens_in), round(expected.tokens_out))


def _reason(rung: Rung, file: FileCosts) -> str:
    if rung is Rung.LARGER_QUESTIONS:
        return "the budget: small files share a question"
    return f"the budget: {little_value(file) or 'of the files that count, among the least imported and smallest'}"


def _sentence(rung: Rung, files: int, before: float, after: float) -> str:
    what = {
        Rung.ECONOMY_MODEL: "of little value, described by the economy model",
        Rung.LARGER_QUESTIONS: "small enough to share a question with others",
        Rung.EXTRACTIVE: "of least value, described without a model",
    }[rung]
    return f"{files:,} file{'' if files == 1 else 's'} {what}: about ${before:.4f} of reading become ${after:.4f}"
