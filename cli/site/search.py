"""Finds passages for a question: BM25 over whole names, their parts and words; an exact name is always first."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from agents.codebase.paths import is_product
from cli.site.finished import CitedLines
from cli.site.passages import Passage

_WORD = re.compile(r"[^\W_]+(?:[_.][^\W_]+)*", re.UNICODE)
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_STOP = frozenset(
    re.split(
        r"\W+",
        "a an and are as at be by can could do does for from get has have how i if in into is it its me my of on or our"
        " should so that the their then there these they this to us use used was we what when where which who why will"
        " with would you your happens happen",
    )
)
#: A name in a sentence that no prose writes so: with a capital inside, an underscore or a dot.
_LIKE_CODE = re.compile(r"\b(?:\w*[a-z]\w*[A-Z]\w*|\w+_\w+|\w+(?:(?:\.|::)\w+)+)\b")
#: Words of a question, without endings, that ask for what is no product.
_ABOUT_TESTS = frozenset({"test", "exampl", "fixtur", "benchmark"})
_K, _B = 1.2, 0.75
#: A word of a title counts as so many in the text; a passage of a test or an example counts for less.
_TITLE_WEIGHT, _NOT_PRODUCT, _EXACT = 3, 0.5, 1_000.0

#: A question in words is answered by these more, or less, than their words say.
_GUIDE, _PAGE, _HISTORY, _PRIVATE, _UNDOCUMENTED, _TITLED = 1.5, 0.8, 0.3, 0.5, 0.6, 1.3
#: Words of a question, without endings, that say what to do and not with what; each counts for less than a thing.
_VERBS, _FAINT = frozenset({"set", "make", "add", "chang", "creat", "work", "need", "want"}), 0.5
_IS_HISTORY = re.compile(
    r"(?:^|/)(?:change(?:s|[-_ ]?log)?|history|news|releases?(?:[-_ ]?notes)?|upgrading|licen[cs]e"
    r"|(?:code[-_ ]of[-_ ])?conduct)(?:[-_.][^/]*)?$",
    re.IGNORECASE,
)


class FoundPassage(NamedTuple):
    """A passage, its score, and the share of the question's words that it has."""

    passage: Passage
    score: float
    share: float


class PassageSearch:
    """An index in memory over the passages."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self.passages: Sequence[Passage] = tuple(passages)
        self._postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
        self._lengths: list[int] = []
        for number, passage in enumerate(self.passages):
            counts = Counter(words(f"{passage.above}\n{passage.text}"))
            for word in words(passage.title):
                counts[word] += _TITLE_WEIGHT
            for word, count in counts.items():
                self._postings[word].append((number, count))
            self._lengths.append(sum(counts.values()))
        self._average = sum(self._lengths) / len(self._lengths) if self._lengths else 1.0

    def knows(self, word: str) -> bool:
        """Whether any passage has this word, as `words` gives it."""
        return word in self._postings

    def find(self, question: str, limit: int = 8) -> list[FoundPassage]:
        """The best passages, the best first; equal ones in the site's order."""
        wanted = list(dict.fromkeys(words(question)))
        scores: dict[int, float] = defaultdict(float)
        hits: dict[int, float] = defaultdict(float)
        in_words = len(question.split()) > 1
        worth = {word: _FAINT if in_words and word in _VERBS else 1.0 for word in wanted}
        whole = sum(worth.values())
        for word in wanted:
            postings = self._postings.get(word, ())
            rarity = math.log(1 + (len(self.passages) - len(postings) + 0.5) / (len(postings) + 0.5))
            for number, count in postings:
                length = _K * (1 - _B + _B * self._lengths[number] / self._average)
                scores[number] += worth[word] * rarity * count * (_K + 1) / (count + length)
                hits[number] += worth[word]
        # A question about a name is one word, has it in code, or writes it as code does; other words are no names.
        names = {question.strip(), *re.findall(r"`([^`]+)`", question)}
        names |= set(_LIKE_CODE.findall(question)) if in_words else set()
        names = {name.replace("::", ".") for name in names}
        for number, passage in enumerate(self.passages):
            if number in scores:
                share = hits[number] / whole
                # Who asks about tests wants them.
                weight = 1.0 if _ABOUT_TESTS.intersection(wanted) else _weight(passage)
                scores[number] *= weight * (0.5 + share / 2) * (_suits(passage, wanted) if in_words else 1.0)
                scores[number] += _EXACT * _exactness(passage.title, names) * weight
        best: dict[tuple[CitedLines, ...], FoundPassage] = {}
        for number in sorted(scores, key=lambda number: (-scores[number], number)):
            passage = self.passages[number]
            # A page repeats what a symbol's own passage says: the same lines are shown once.
            best.setdefault(passage.cites, FoundPassage(passage, round(scores[number], 6), hits[number] / whole))
            if len(best) == limit:
                break
        return list(best.values())


def words(text: str) -> list[str]:
    """The words of a text, in lower case and without endings: whole names, and the parts of compound ones."""
    useful: list[str] = []
    for whole in _WORD.findall(text):
        parts = _PART.findall(whole)
        each = [whole.casefold()] if len(parts) != 1 else []
        each += [_stem(part.casefold()) for part in parts]
        useful += [word for word in each if word not in _STOP]
    return useful


def _stem(word: str) -> str:
    for ending, least in (("ing", 6), ("ies", 5), ("ed", 5), ("es", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith("ss"):
            stem = word[: -len(ending)]
            return f"{stem}y" if ending == "ies" else stem.removesuffix("e")
    return word.removesuffix("e") if len(word) > 4 else word


def _weight(passage: Passage) -> float:
    return 1.0 if all(is_product(place.path) for place in passage.cites) else _NOT_PRODUCT


def _suits(passage: Passage, wanted: Sequence[str]) -> float:
    """How well a passage answers a question in words: a guide explains, a private name does not."""
    titled = _TITLED if (title := words(passage.title)) and set(title) <= set(wanted) else 1.0
    if passage.kind == "document":
        return titled * (_HISTORY if _IS_HISTORY.search(passage.cites[0].path) else _GUIDE)
    if passage.kind in {"page", "file"}:
        return titled * _PAGE
    last = passage.title.rpartition(".")[2]
    is_private = last.startswith("_") or "._" in passage.title or passage.title.startswith("_")
    # A signature alone says less than a sentence of its author.
    return titled * (_PRIVATE if is_private else 1.0) * (1.0 if "\n" in passage.text else _UNDOCUMENTED)


def _exactness(title: str, names: Iterable[str]) -> float:
    if title in names:
        return 1.0
    return 0.9 if title.rpartition(".")[2] in names else 0.0
