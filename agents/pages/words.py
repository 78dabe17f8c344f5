"""The pages' own words in the language of the site: English in the code, every other language in a catalogue. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


class Words:
    """Translates headings, labels and sentences of pages; what a catalogue lacks stays English."""

    def __init__(self, language: str = "en") -> None:
        self._catalogue = catalogue(language)

    def __call__(self, english: str, **values: object) -> str:
        """The words in the site's language; `{name}` in them stands for a value."""
        text = self._catalogue.get(english, english)
        return text.format(**values) if values else text


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """English words and what they are in this language; empty for English."""
    if language == "en":
        return {}
    text = files("agents.pages").joinpath(f"words-{language}.toml").read_text("utf-8")
    words: Mapping[str, str] = tomllib.loads(text)["words"]
    return words
