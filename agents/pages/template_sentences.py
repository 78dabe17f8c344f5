"""The extractive model's own sentences in the language of the site; an author's stay as they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from agents.pages.words import Words, nouns, templates
from agents.text.wording import plural

_VALUE = re.compile(r"\\\{(\w+)\\\}")
_NUMBERS = {"one": 1, "two": 2, "three": 3}
_DEEPEST = 4


class TemplateSentences:
    """Recognises a sentence by the template that it was made of; what none fits is returned as it is."""

    def __init__(self, language: str) -> None:
        self._words = Words(language)
        self._patterns = _patterns(language)
        self._counted = _counted(language)
        self._singulars = _singulars(language)

    def __call__(self, sentence: str) -> str:
        """The sentence in the site's language."""
        return self._translated(sentence, "sentence") or sentence

    def _translated(self, text: str, kind: str) -> str:
        for pattern, translation in self._patterns.get(kind, ()):
            matched = pattern.fullmatch(text)
            if matched is not None:
                return translation.format(**{name: self._value(value) for name, value in matched.groupdict().items()})
        return ""

    def _value(self, text: str, depth: int = 0) -> str:
        """A list of things, each counted, described or named."""
        whole = self._thing(text)
        if whole or depth > _DEEPEST:
            return whole or text
        *first, last = _parted(text)
        if not first:
            return text
        and_more = self._words("and")
        return f"{', '.join(self._value(part, depth + 1) for part in first)} {and_more} {self._value(last, depth + 1)}"

    def _thing(self, text: str) -> str:
        counted = self._counted.fullmatch(text) if self._counted is not None else None
        if counted is not None:
            number = _NUMBERS.get(counted[1]) or int(counted[1].replace(",", ""))
            return self._words.counted(number, self._singulars.get(counted[2], counted[2]))
        return self._translated(text, "part")


def _parted(text: str) -> list[str]:
    """The parts of `a, b (c, d) and e`."""
    parts: list[str] = []
    depth = start = at = 0
    quoted = False
    while at < len(text):
        depth += (text[at] in "([") - (text[at] in ")]")
        quoted ^= text[at] == "`"
        separator = next(
            (sign for sign in (", ", " and ") if depth == 0 and not quoted and text.startswith(sign, at)), ""
        )
        if separator:
            parts.append(text[start:at])
            start = at = at + len(separator)
        else:
            at += 1
    return [*parts, text[start:]]


@cache
def _patterns(language: str) -> Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]:
    return {
        kind: tuple(
            (re.compile(_VALUE.sub(r"(?P<\1>.+?)", re.escape(english)), re.DOTALL), translation)
            for english, translation in table.items()
        )
        for kind, table in templates(language).items()
    }


@cache
def _singulars(language: str) -> Mapping[str, str]:
    return {plural(noun): noun for noun in nouns(language)}


@cache
def _counted(language: str) -> re.Pattern[str] | None:
    forms = sorted({form for noun in nouns(language) for form in (noun, plural(noun))}, key=len, reverse=True)
    return re.compile(rf"(one|two|three|[\d,]+) ({'|'.join(map(re.escape, forms))})") if forms else None
