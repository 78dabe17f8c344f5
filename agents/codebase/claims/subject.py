"""Whether what a model says is about the file of the question: it names something of it, or uses its words. Pure."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib.resources import files
from typing import Final

from agents.codebase.claims.names import named
from agents.contracts.site_settings import Language
from agents.contracts.structure import Structure

_WORD: Final = re.compile(r"[^\W_]{3,}")
_NAME: Final = re.compile(r"[^\W\d]\w*")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+")
#: Words begin alike in a name and in a sentence about it: `parse_orders`, "parses the order".
_STEM: Final = 5
#: A reply below this share of words that stand in its question, and without a name, is about something else.
_LEAST_SHARE: Final = 0.25
#: Words that stand in a sentence about anything, by the language of the sentence.
_ANYTHING: Final[Mapping[Language, frozenset[str]]] = {
    "en": frozenset(json.loads(files(__package__).joinpath("ordinary_words.json").read_text("utf-8"))),
    "de": frozenset(json.loads(files(__package__).joinpath("ordinary_words-de.json").read_text("utf-8"))),
}
#: What a sentence may append to a name: "die Methoden des OrderParsers". An English one writes a name as it is.
_ENDINGS: Final[Mapping[Language, tuple[str, ...]]] = {"en": (), "de": ("s", "es", "n", "en")}
#: A share of fewer words says nothing.
_ENOUGH: Final = 6
#: Names that are words as well.
_NO_NAMES: Final = frozenset(
    {"a", "A", "I", "it", "is", "in", "of", "on", "to", "as", "or", "an", "at", "by", "do", "if", "no", "so"}
)


class Subject:
    """What one file is about: the words of its names and of its author.

    Where sentences are in another language than the file, few of their words are in it: then the names decide.
    """

    def __init__(self, path: str, structure: Structure, material: str, language: Language = "en") -> None:
        self._path = path
        self._structure = structure
        self._material = material
        self._ordinary = _ANYTHING[language]
        self._endings = _ENDINGS[language]

    @cached_property
    def terms(self) -> frozenset[str]:
        """The beginnings of every word that names something in the file, or that its author wrote of it."""
        structure = self._structure
        texts = [self._path, structure.doc]
        for symbol in structure.symbols:
            texts += [symbol.name, symbol.doc]
        for statement in structure.imports:
            texts += [statement.target, *statement.names]
        return frozenset(self._stems(texts))

    @cached_property
    def names(self) -> frozenset[str]:
        """The file's symbols and imports, as a sentence would name them."""
        texts = [symbol.name for symbol in self._structure.symbols]
        texts += [text for statement in self._structure.imports for text in (statement.target, *statement.names)]
        names = frozenset(word for text in texts for word in _NAME.findall(text)) - _NO_NAMES
        return names if self._ordinary is _ANYTHING["en"] else names - self._ordinary

    @cached_property
    def words(self) -> frozenset[str]:
        """The beginnings of every word of the question."""
        return frozenset(self._stems([self._material]))

    def is_named_in(self, text: str) -> bool:
        """Whether a sentence names a symbol, an import, a part of the path or a term of the file."""
        return self._has_name(text) or not self.terms.isdisjoint(self._stems([text]))

    def is_spoken_of_in(self, texts: Iterable[str]) -> bool:
        """Whether enough words of a reply stand in its question, or a name of the file does."""
        sentences = list(texts)
        if any(self._has_name(text) for text in sentences):
            return True
        stems = list(self._stems(sentences))
        return len(stems) < _ENOUGH or sum(stem in self.words for stem in stems) >= _LEAST_SHARE * len(stems)

    def _has_name(self, text: str) -> bool:
        if posixpath.basename(self._path) in text:
            return True
        return any(True for _ in named(text)) or not self.names.isdisjoint(self._names_in(text))

    def _names_in(self, text: str) -> Iterator[str]:
        """Every word that could be a name, also without the ending that a sentence gives it."""
        for word in _NAME.findall(text):
            yield word
            yield from (word.removesuffix(ending) for ending in self._endings if len(word) > _STEM)

    def _stems(self, texts: Iterable[str]) -> Iterator[str]:
        for text in texts:
            for word in _WORD.findall(_CAMEL.sub(" ", text)):
                if word.lower() not in self._ordinary:
                    yield word.lower()[:_STEM]


def same_words(text: str) -> str:
    """A sentence as it is compared with others: its words alone."""
    return " ".join(_WORD.findall(text.lower()))
