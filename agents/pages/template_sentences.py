"""The extractive model's own sentences in the language of the site; an author's stay as they are. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from agents.pages.words import Words, documents, finding_words, nouns, templates
from agents.text.wording import plural

_VALUE = re.compile(r"\\\{(\w+)\\\}")
_NUMBERS = {"one": 1, "two": 2, "three": 3}
_DEEPEST = 4
#: A value in the case that a translation's preposition asks for.
_DATIVE = re.compile(r"\bmit \{(\w+)\}")
_PLACE = re.compile(r"(?:(?P<symbol>.+?) \(line (?P<inside>\d+)\)|Line (?P<line>\d+)) (?P<rest>.+)", re.DOTALL)
_NOTES = re.compile(r"(?<=\.) (?=Rated|It holds|The same)")
_DETAILS = re.compile(r"; ")
#: Values that are an author's, or numbers.
_AS_WRITTEN = frozenset({"condition", "numbers", "evidence"})


class TemplateSentences:
    """Recognises a sentence by the template that it was made of; what none fits is returned as it is."""

    def __init__(self, language: str) -> None:
        self._words = Words(language)
        self._patterns = _patterns(language)
        self._counted = _counted(language)
        self._singulars = _singulars(language)
        self._documents = documents(language)
        self._findings = finding_words(language)

    def __call__(self, sentence: str) -> str:
        """The sentence in the site's language."""
        return self._translated(sentence, "sentence") or sentence

    def finding(self, text: str) -> str:
        """A finding's title or advice, as a reviewer's table has it."""
        return self._findings.get(text, text)

    def reason(self, text: str) -> str:
        """A finding's reason: where, what, and notes. It stays in English if a part of it has no translation."""
        place = _PLACE.match(text)
        if place is None:
            return text
        symbol, rest = place["symbol"], place["rest"]
        translated = next((words for words in self._findings if rest.startswith(words)), "")
        notes = self._noted(rest[len(translated) :].strip(), _NOTES) if translated else None
        if notes is None:
            return text
        where = self._words("Line {line}", line=place["line"])
        if symbol:
            where = self._words("{symbol} (line {line})", symbol=symbol, line=place["inside"])
        return " ".join(part for part in (where, self._findings[translated], notes) if part)

    def detail(self, text: str) -> str:
        """What a review says of itself."""
        return self._noted(text, _DETAILS, "; ") or text

    def why(self, text: str) -> str:
        """Why a file or a page was done again; what no template fits is returned as it is."""
        return self._translated(text, "why") or text

    def note(self, text: str) -> str:
        """What a session says of its budget; what none fits is returned as it is."""
        return self._translated(text, "note") or text

    def _noted(self, text: str, between: re.Pattern[str], joint: str = " ") -> str | None:
        """Notes one after the other; None where one is of no template."""
        translated = [self._translated(note, "note") for note in between.split(text)] if text else []
        return joint.join(translated) if all(translated) else None

    def _translated(self, text: str, kind: str, *, dative: bool = False) -> str:
        for pattern, translation in self._patterns.get(kind, ()):
            matched = pattern.fullmatch(text)
            if matched is not None:
                after = set(_DATIVE.findall(translation)) | ({"things"} if dative else set())
                return translation.format(**self._values(matched.groupdict(), after))
        return ""

    def _values(self, values: Mapping[str, str], dative: Collection[str]) -> dict[str, str]:
        translated = {}
        for name, text in values.items():
            if name in _AS_WRITTEN:
                translated[name] = text
            elif name == "document":
                plain, sign, title = text.partition(" “")
                translated[name] = f"{self._documents[plain]}{sign}{title}"
            elif name == "why":
                translated[name] = self.why(text)
            elif name == "quoted":
                translated[name] = self._quoted(text, single=values.get("things", "").startswith("one "))
            else:
                translated[name] = self._value(text, dative=name in dative)
        return translated

    def _quoted(self, names: str, *, single: bool) -> str:
        """Names as their authors wrote them; what joins the last two is ours where it is certain which that is."""
        *first, last = names.split(", ")
        if single or last.count(" and ") != 1:
            return names
        before, after = last.split(" and ")
        more = re.fullmatch(r"(\d+) more", after)
        counted = self._translated(after, "part") if more else after
        return ", ".join([*first, f"{before} {self._words('and')} {counted}"])

    def _value(self, text: str, depth: int = 0, *, dative: bool = False) -> str:
        """A list of things, each counted, described or named."""
        whole = self._thing(text, dative=dative)
        if whole or depth > _DEEPEST:
            return whole or text
        *first, last = _parted(text)
        if not first:
            return text
        and_more = self._words("and")
        parts = [self._value(part, depth + 1, dative=dative) for part in (*first, last)]
        return f"{', '.join(parts[:-1])} {and_more} {parts[-1]}"

    def _thing(self, text: str, *, dative: bool) -> str:
        counted = self._counted.fullmatch(text) if self._counted is not None else None
        if counted is not None:
            number = _NUMBERS.get(counted[1]) or int(counted[1].replace(",", ""))
            return self._words.counted(number, self._singulars.get(counted[2], counted[2]), dative=dative)
        return self._translated(text, "part", dative=dative)


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
            (re.compile(_VALUE.sub(lambda name: _group(name[1], language), re.escape(english)), re.DOTALL), translation)
            for english, translation in table.items()
        )
        for kind, table in templates(language).items()
    }


def _group(name: str, language: str) -> str:
    if name == "document":
        return rf"(?P<document>(?:{'|'.join(map(re.escape, documents(language)))})(?: “[^”]*”)?)"
    return r"(?P<quoted>[^()]*(?:\([^()]*\)[^()]*)*)" if name == "quoted" else rf"(?P<{name}>.+?)"


@cache
def _singulars(language: str) -> Mapping[str, str]:
    return {plural(noun): noun for noun in nouns(language)}


@cache
def _counted(language: str) -> re.Pattern[str] | None:
    forms = sorted({form for noun in nouns(language) for form in (noun, plural(noun))}, key=len, reverse=True)
    return re.compile(rf"(one|two|three|[\d,]+) ({'|'.join(map(re.escape, forms))})") if forms else None
