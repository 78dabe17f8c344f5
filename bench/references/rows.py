"""What a reference tool and our reader say of a symbol in the same shape, and how far both agree. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    """One symbol: its file below the project's folder, and its name in the file (`Class.method`).

    `tags` is what its documentation's tags say of parameters and results, as a part of `doc`.

    A tool's row that is not `required` is a name that may stand on our page and may not: what a file imports, what an
    object's value holds.
    """

    model_config = ConfigDict(frozen=True)

    path: str
    name: str
    member: bool = False
    public: bool = True
    required: bool = True
    doc: str = ""
    signature: str = ""
    line: int = 0
    tags: str = ""


def _same(rows: Iterable[Row], _theirs: Set[str]) -> Iterable[Row]:
    return rows


@dataclass(frozen=True)
class Convention:
    """What differs between a tool's way of writing and ours without being an error.

    `signature` takes the text of either side to a form in which both can be compared; an empty one is not compared.
    `doc` takes the marks out of the tool's text, which ours has lost. `alike` compares two such forms.
    `by_name` matches rows without their file, where a name is one thing in the whole project. `ignored` are
    fields of our documentation that the tool leaves out, and it `leaves_out_tags` of parameters that a declaration does
    not have; `renamed` gives our rows the names that the tool uses, whose
    set it gets.
    """

    signature: Callable[[str], str]
    doc: Callable[[str], str] = str
    by_name: bool = False
    ignored: frozenset[str] = frozenset()
    renamed: Callable[[Iterable[Row], Set[str]], Iterable[Row]] = _same
    alike: Callable[[str, str], bool] = str.__eq__
    leaves_out_tags: bool = False


@dataclass
class Comparison:
    """The figures of one project, and the rows behind them."""

    symbols: tuple[int, int]
    members: tuple[int, int]
    precision: tuple[int, int]
    docs: tuple[int, int]
    signatures: tuple[int, int]
    missed: list[str]
    false: list[str]
    docs_unequal: list[tuple[str, str, str]]
    signatures_unequal: list[tuple[str, str, str]]

    def figure(self, show: int) -> dict[str, Any]:
        """The counts as [equal, all] pairs, and the first `show` rows of each kind of difference."""
        counts: dict[str, Any] = {key: list(counted) for key, counted in self.counts().items()}
        if not show:
            return counts
        differences: dict[str, list[Any]] = {
            "missed": self.missed,
            "false": self.false,
            "docs_unequal": self.docs_unequal,
            "signatures_unequal": self.signatures_unequal,
        }
        return {**counts, **{kind: rows[:show] for kind, rows in differences.items()}}

    def counts(self) -> dict[str, tuple[int, int]]:
        """Each figure as (equal, all)."""
        return {
            "symbols": self.symbols,
            "members": self.members,
            "precision": self.precision,
            "docs": self.docs,
            "signatures": self.signatures,
        }


KEYS = ("symbols", "members", "precision", "docs", "signatures")


def compare(reference: Iterable[Row], ours: Iterable[Row], convention: Convention) -> Comparison:
    """Ours against the reference's.

    Recall is over what the reference calls public. Precision is over what we call public in the files that the
    reference knows: a name that the reference does not know, or does not call public, is false. Documentation is
    compared where the reference has one, signatures where both have one.
    """

    def key(row: Row) -> tuple[str, str]:
        return ("" if convention.by_name else row.path, row.name)

    theirs = _by_key(reference, key)
    read = _by_key(convention.renamed(ours, {name for _, name in theirs}), key)
    public = {at: rows for at, rows in theirs.items() if any(row.public and row.required for row in rows)}
    files = {row.path for rows in theirs.values() for row in rows}
    shown = [at for at, rows in read.items() if any(row.public and row.required and row.path in files for row in rows)]
    missed = [at for at in public if at not in read]
    false = [at for at in shown if all(row.required and not row.public for row in theirs.get(at, ()))]
    docs: list[tuple[str, str, str]] = []
    signatures: list[tuple[str, str, str]] = []
    documented = signed = 0
    for at, rows in public.items():
        if at not in read:
            continue
        where = " ".join(part for part in at if part)
        wanted = next((row.doc for row in rows if row.doc.strip()), "")
        if wanted:
            documented += 1
            wanted = convention.doc(wanted)
            given = [row.doc for row in read[at]]
            said = any(
                _is_said(wanted, row, convention.leaves_out_tags, numbered=numbered)
                for row in read[at]
                for numbered in (False, True)
            )
            if not said and not (convention.by_name and words(wanted) in _joined(given)):
                docs.append((where, *min((_unlike(wanted, one) for one in given), key=lambda pair: len("".join(pair)))))
        forms = {form for row in rows if (form := convention.signature(row.signature))}
        own = {form for row in read[at] if (form := convention.signature(row.signature))}
        if forms and own:
            signed += 1
            if not any(convention.alike(form, one) for form in forms for one in own):
                signatures.append((where, min(forms), min(own)))
    members = [at for at, rows in public.items() if rows[0].member]
    symbols = [at for at, rows in public.items() if not rows[0].member]
    lost = set(missed)
    return Comparison(
        symbols=(sum(at not in lost for at in symbols), len(symbols)),
        members=(sum(at not in lost for at in members), len(members)),
        precision=(len(shown) - len(false), len(shown)),
        docs=(documented - len(docs), documented),
        signatures=(signed - len(signatures), signed),
        missed=[" ".join(at) for at in missed],
        false=[" ".join(at) for at in false],
        docs_unequal=docs,
        signatures_unequal=signatures,
    )


def _joined(texts: Sequence[str]) -> list[Counter[str]]:
    """The words of comments of one name together, as a tool joins those of a declaration and a definition."""
    counted = [words(text) for text in dict.fromkeys(texts)][:6]
    return [one + other for one, other in combinations(counted, 2)] + [sum(counted, Counter())]


def _is_said(text: str, row: Row, leaves_out_tags: bool, *, numbered: bool) -> bool:
    """Whether a row says what a text does; a number that begins a line may be a list's or, `numbered`, a sentence's."""
    wanted, given = words(text, numbered=numbered), words(row.doc, numbered=numbered)
    return given == wanted or (leaves_out_tags and wanted <= given and given - wanted <= words(row.tags))


def _by_key(rows: Iterable[Row], key: Callable[[Row], tuple[str, str]]) -> dict[tuple[str, str], list[Row]]:
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        grouped.setdefault(key(row), []).append(row)
    return grouped


#: Words that a page writes as a heading, a label or a table instead, whichever dialect the author used.
_LABELS = frozenset(
    [
        "arg",
        "args",
        "argument",
        "arguments",
        "attribute",
        "attributes",
        "param",
        "parameters",
        "parameter",
        "type",
        "rtype",
        "return",
        "returns",
        "returned",
        "raise",
        "raises",
        "except",
        "exception",
        "exceptions",
        "error",
        "errors",
        "throws",
        "yield",
        "yields",
        "example",
        "examples",
        "note",
        "notes",
        "warning",
        "warnings",
        "see",
        "seealso",
        "since",
        "deprecated",
        "brief",
        "code",
        "link",
        "linkplain",
        "endlink",
        "default",
        "defaultvalue",
        "template",
        "typeparam",
        "author",
        "version",
        "versionadded",
        "versionchanged",
        "block",
        "sourcecode",
        "c",
        "p",
        "ref",
        "tparam",
        "usage",
        "access",
        "also",
        "optional",
        "tip",
        "info",
        "caption",
        "category",
    ]
)
_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.)]|\(\d{1,2}\))(?=\s)", re.MULTILINE)


#: What stands above or below a line, as an author writes it and as a page does.
_RAISED_TAG = re.compile(r"</?su[bp]>")
_RAISED = re.compile("[⁰¹²³⁴-⁹⁺⁻⁼⁽⁾ⁿⁱ₀-₉₊₋₌₍₎ᵢⱼ]+")


def words(text: str, *, numbered: bool = False) -> Counter[str]:
    """The words of a comment, counted: a page may move a parameter into a table, but it may lose and add nothing."""
    # The numbers of a list are the page's, as are its dots; "`Row`s" is one word.
    plain = _RAISED_TAG.sub(" ", text if numbered else _NUMBER.sub("", text)).replace("`", "")
    plain = _RAISED.sub(lambda signs: f" {unicodedata.normalize('NFKC', signs.group())} ", plain)
    return Counter(word for word in re.findall(r"[^\W_]+", plain.lower()) if word not in _LABELS)


def _unlike(wanted: str, given: str) -> tuple[str, str]:
    lost, added = words(wanted) - words(given), words(given) - words(wanted)
    return " ".join(lost), " ".join(added)


def total(comparisons: Sequence[Comparison]) -> dict[str, float | None]:
    """The shares of several projects together; None where there was nothing to compare."""
    shares: dict[str, float | None] = {}
    for key in KEYS:
        equal, everything = (sum(getattr(one, key)[at] for one in comparisons) for at in (0, 1))
        shares[key] = round(equal / everything, 4) if everything else None
    return shares
