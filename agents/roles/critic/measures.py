"""What a reader needs of a site, measured on its pages and, apart from our own readers, on the sources. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from agents.codebase.paths import is_product
from agents.codebase.snapshot_texts import SnapshotTexts
from agents.contracts.draft import FACT_PAGES, Measure, Page, PageKind, Revision
from agents.text.wording import counted

#: Public names as a line of each language begins that defines one: counted without a grammar, to check the grammars.
_PUBLIC = {
    ".py": r"^(?:async +)?(?:def|class) +([A-Za-z]\w*)",
    ".go": r"^(?:func(?: *\([^)]*\))? +|type +)([A-Z]\w*)",
    ".rs": r"^ *pub +(?:unsafe +|async +|const +)*(?:fn|struct|enum|trait|type) +(\w+)",
    ".ts": r"^export +(?:default +|declare +|abstract +|async +)*(?:function|class|interface|type|enum|const) +(\w+)",
    ".js": r"^export +(?:default +|async +)*(?:function|class|const) +(\w+)",
    ".java": r"^ *public +(?:static +|final +|abstract +)*(?:class|interface|enum|record|@interface) +(\w+)",
    ".kt": r"^(?:public +|open +|data +|sealed +)*(?:class|interface|object|fun) +(\w+)",
}
#: Members of public types: annotated attributes, fields of structs, properties of interfaces.
_MEMBERS = {
    ".py": (
        r"^class +[A-Za-z]\w*[^\n]*:\n((?:    [^\n]*\n|\n)*?)(?=\S|    (?:async +)?def |    @|\Z)",
        r"^    ([a-z]\w*): ",
    ),
    ".go": (r"^type +[A-Z]\w* +struct *\{\n(.*?)^\}", r"^\t([A-Z]\w*) +\S"),
    ".ts": (r"^export +interface +\w+[^{\n]*\{\n(.*?)^\}", r"^  (?:readonly +)?(\w+)\??: "),
}
_EXAMPLE = re.compile(r"^[ /*#!]*(>>> .{4,60})$", re.MULTILINE)
_INTRODUCES = re.compile(
    r"^(?:readme.*|pyproject\.toml|setup\.(?:py|cfg)|package\.json|cargo\.toml|go\.mod|pom\.xml|composer\.json|.*\.gemspec"
    r"|__init__\.py|lib\.rs|doc\.go|package-info\.java|module-info\.java|index\.(?:md|rst|adoc))$",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"^#+ .*(?:install|getting started|quick ?start|usage|how to (?:start|use)|first steps)"
    r"|^ *(?:\$ )?(?:pip3? install|uv add|npm (?:i|install)\b|yarn add|pnpm add|cargo (?:add|install)"
    r"|go (?:get|install)|gem install|composer require|brew install|apt(?:-get)? install|docker run|make install)",
    re.IGNORECASE | re.MULTILINE,
)
_CUT = "…"
#: Names that one measure counts at most.
_LIMIT = 5_000


@dataclass
class _Count:
    present: int = 0
    of: int = 0
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, is_there: bool) -> None:
        self.of += 1
        self.present += is_there
        if not is_there and len(self.missing) < 3:
            self.missing.append(name)

    def measure(self, name: str, thing: str) -> Measure:
        if not self.of:
            return Measure(name=name, share=1, reason=f"The sources hold no {thing} that could be counted.")
        lost = f"; missing are {', '.join(f'`{name}`' for name in self.missing)}" if self.missing else ""
        reason = f"{self.present:,} of {counted(self.of, thing)} stand on the pages{lost}."
        return Measure(name=name, share=self.present / self.of, reason=reason)


def measures(draft: Revision, texts: SnapshotTexts | None) -> tuple[Measure, ...]:
    """Each thing a reader needs, its share from 0 to 1, and the sentence that says why."""
    public, members, examples, whole = _Count(), _Count(), _Count(), _Count()
    introduced, start = "", ""
    for page in draft.pages:
        if page.path == "index.md":
            introduced = _introduction(page)
        if page.kind is PageKind.API:
            text = texts.text(page.subject) if texts is not None and is_product(page.subject) else ""
            _count(page, text, public, members, examples, whole)
        elif not start and page.kind not in _ABOUT_CODE and _STARTS.search(page.markdown):
            start = page.path
    return (
        Measure(
            name="what it is",
            share=bool(introduced),
            reason=f"The first page introduces the project in the words of {introduced}."
            if introduced
            else "The first page does not say what the project is: no README, manifest or package speaks for it there.",
        ),
        Measure(
            name="how to start",
            share=bool(start),
            reason=f"{start} shows how to install or use it."
            if start
            else "No page shows how to install or use the project.",
        ),
        public.measure("public API", "public name"),
        members.measure("members", "member of a public type"),
        examples.measure("examples", "example"),
        whole.measure("whole", "page of code without a cut text"),
    )


_ABOUT_CODE = frozenset({PageKind.SECURITY, PageKind.PERFORMANCE, PageKind.GLOSSARY, PageKind.COVERAGE, *FACT_PAGES})


def _introduction(page: Page) -> str:
    """The file whose words stand first on the front page; empty when none speaks for the project there."""
    opening = page.markdown.partition("\n## ")[0]
    for citation in page.citations:
        if _INTRODUCES.match(posixpath.basename(citation.path)) and citation.path in opening:
            return citation.path
    return ""


def _count(page: Page, text: str, public: _Count, members: _Count, examples: _Count, whole: _Count) -> None:
    ending = posixpath.splitext(page.subject)[1].lower().replace(".tsx", ".ts").replace(".jsx", ".js")
    readable = page.markdown.replace("\\", "")
    for count, names in ((public, _names(ending, text)), (members, _members(ending, text))):
        for name in dict.fromkeys(names):
            if count.of < _LIMIT:
                count.add(name, re.search(rf"(?<!\w){re.escape(name)}(?!\w)", readable) is not None)
    for match in _EXAMPLE.finditer(text):
        examples.add(match[1].strip(), match[1].strip() in page.markdown)
    if text:
        whole.add(page.subject, _CUT not in page.markdown or _CUT in text)


def _names(ending: str, text: str) -> Iterator[str]:
    pattern = _PUBLIC.get(ending)
    return (match[1] for match in re.finditer(pattern, text, re.MULTILINE)) if pattern else iter(())


def _members(ending: str, text: str) -> Iterator[str]:
    if ending not in _MEMBERS:
        return
    body, member = _MEMBERS[ending]
    for match in re.finditer(body, text, re.MULTILINE | re.DOTALL if ending != ".py" else re.MULTILINE):
        yield from (match[1] for match in re.finditer(member, match[1], re.MULTILINE))
