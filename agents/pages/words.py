"""The pages' own words in the language of the site: English in the code, every other language in a catalogue. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from agents.text.wording import counted


class Words:
    """Translates headings, labels and sentences of pages; what a catalogue lacks stays English."""

    def __init__(self, language: str = "en") -> None:
        self._catalogue = catalogue(language)
        self._datives: Mapping[str, Sequence[str]] = _table(language).get("datives", {})
        self._nouns: Mapping[str, Sequence[str]] = _table(language)["nouns"]
        self._thousands: str = _table(language)["thousands"]
        self._point: str = _table(language)["point"]

    def __call__(self, english: str, **values: object) -> str:
        """The words in the site's language; `{name}` in them stands for a value."""
        text = self._catalogue.get(english, english)
        return text.format(**values) if values else text

    def number(self, number: int) -> str:
        """`2,000`, as the language writes it."""
        return f"{number:,}".replace(",", self._thousands)

    def decimal(self, number: float, places: int) -> str:
        """`1,234.50`, as the language writes it; `places` is how many digits stand after the point."""
        whole, _, rest = f"{number:,.{places}f}".partition(".")
        return whole.replace(",", self._thousands) + (self._point + rest if rest else "")

    def counted(self, number: int, noun: str, *, dative: bool = False) -> str:
        """`1 file`, `2,000 files`: the noun in the form that the language has for this number and case."""
        forms = (self._datives.get(noun) if dative else None) or self._nouns.get(noun)
        if forms is None:
            return counted(number, noun).replace(",", self._thousands)
        return f"{self.number(number)} {forms[plural_form(number)]}"

    def singular(self, noun: str) -> str:
        """What one thing of a kind is called, such as `function`."""
        return self._nouns.get(noun, (noun,))[0]


def plural_form(number: int) -> int:
    """Which of a noun's forms a number has, by CLDR's rule for German: one thing, or any other number of them.

    A language with another rule needs its own here, with as many forms in its catalogue.
    """
    return 0 if number == 1 else 1


def catalogue(language: str) -> Mapping[str, str]:
    """English words and what they are in this language; empty for English."""
    words: Mapping[str, str] = _table(language)["words"]
    return words


def nouns(language: str) -> Mapping[str, Sequence[str]]:
    """English nouns and their forms in this language; empty for English."""
    forms: Mapping[str, Sequence[str]] = _table(language)["nouns"]
    return forms


def templates(language: str) -> Mapping[str, Mapping[str, str]]:
    """Templates of the extractive model, whole sentences and parts of them, and what they are in this language."""
    tables: Mapping[str, Mapping[str, str]] = _table(language).get("templates", {})
    return tables


def documents(language: str) -> Mapping[str, str]:
    """What the extractive model calls documents, and what they are called in this language."""
    names: Mapping[str, str] = _table(language).get("documents", {})
    return names


def finding_words(language: str) -> Mapping[str, str]:
    """Titles, reasons and advice of the extractive reviewers, and what they are in this language."""
    words: Mapping[str, str] = _table(language).get("findings", {})
    return words


@cache
def _table(language: str) -> Mapping[str, Any]:
    """A language's file, read once; English has none."""
    if language == "en":
        return {"words": {}, "nouns": {}, "thousands": ",", "point": "."}
    return tomllib.loads(files("agents.pages").joinpath(f"words-{language}.toml").read_text("utf-8"))
