"""The editor's pages and the critic's judgement of them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeAlias

from pydantic import Field

from agents.contracts.base import Contract, Lines, RepositoryPath, RepositoryText, SpokenText
from agents.contracts.synthesis import CitedStatement, Module

#: Three by the critic's wish, and one more when a person has sent the third back.
LAST_REVISION = 4


class PageKind(StrEnum):
    """What a page is about."""

    OVERVIEW = "overview"
    GUIDE = "guide"
    PACKAGE = "package"
    ARCHITECTURE = "architecture"
    MODULE = "module"
    API = "api"
    SECURITY = "security"
    PERFORMANCE = "performance"
    GLOSSARY = "glossary"
    COVERAGE = "coverage"
    GETTING_STARTED = "getting-started"
    PUBLIC_API = "public-api"
    COMMANDS = "commands"
    CONFIGURATION = "configuration"
    HTTP_API = "http-api"
    DATA_MODEL = "data-model"
    INFRASTRUCTURE = "infrastructure"
    EXTENSION_POINTS = "extension-points"
    TESTS = "tests"


#: Pages of facts, in the order of the navigation: a repository that has nothing for one has no such page.
FACT_PAGES = (
    PageKind.GETTING_STARTED,
    PageKind.PUBLIC_API,
    PageKind.COMMANDS,
    PageKind.CONFIGURATION,
    PageKind.HTTP_API,
    PageKind.DATA_MODEL,
    PageKind.INFRASTRUCTURE,
    PageKind.EXTENSION_POINTS,
    PageKind.TESTS,
)


class Citation(Contract):
    """Lines of a file that a page cites."""

    path: RepositoryPath
    lines: Lines | None = None
    digest: str = Field(default="", description="hash of the cited text: a page never cites lines that have changed")


class Page(Contract):
    """One page of the site: Markdown that is already safe, and every citation in it."""

    path: str = Field(description="relative to the site's sources, such as modules/agents.md", pattern=r"^[^/].*\.md$")
    kind: PageKind
    title: RepositoryText
    subject: str = Field(default="", description="the module's name or the file's path that it is about")
    markdown: str
    citations: tuple[Citation, ...] = ()
    images: tuple[RepositoryPath, ...] = Field(default=(), description="pictures of the repository that it shows")
    apart: bool = Field(default=False, description="about tests, examples or generated code, not about the product")
    model: str = Field(default="", description="whose sentences it holds; empty for facts alone")


class PageLine(NamedTuple):
    """A page as a draft stores it: its JSON, which nobody has to read to store it."""

    path: str
    line: bytes


#: A page that is to be stored.
AnyPage: TypeAlias = Page | PageLine


class EditorBrief(Contract):
    """The editor's question: the facts of a page, to be written as prose."""

    page: str
    title: RepositoryText
    statements: tuple[CitedStatement, ...]
    module: Module | None = None
    findings: tuple[RepositoryText, ...] = Field(default=(), description="what the critic found in the page before")


class EditorReply(Contract):
    """A model's prose of one page: paragraphs of cited statements, and perhaps a flowchart."""

    paragraphs: tuple[tuple[CitedStatement, ...], ...]
    diagram: str = Field(default="", description="a Mermaid flowchart, or empty")


def writers(models: Iterable[str]) -> str:
    """Whose words a site holds, from its pages' models: by name, or `extractive` when no page has any model's."""
    return " and ".join(sorted({*models} - {"", "extractive"})) or "extractive"


class Draft(Contract):
    """The pages of one revision."""

    revision: int = Field(ge=1, le=LAST_REVISION)
    pages: tuple[Page, ...]
    rewritten: tuple[str, ...] = Field(default=(), description="paths of pages that this revision changed")


class Revision(Protocol):
    """One revision's pages, which may be read more than once: a Draft, or one that is read from disk page by page."""

    @property
    def revision(self) -> int:
        """Which revision it is."""

    @property
    def pages(self) -> Iterable[Page]:
        """The pages, from the first, each time they are asked for."""


class CritiqueFinding(Contract):
    """What is wrong with one page."""

    page: str
    problem: SpokenText
    blocking: bool = False


class PageFacts(Contract):
    """A page as the critic shows it to a model."""

    page: str
    title: RepositoryText
    markdown: str


class Measure(Contract):
    """One thing that readers need, measured: its share, and the sentence that says why."""

    name: str
    share: float = Field(ge=0, le=1)
    reason: RepositoryText


class CriticReply(Contract):
    """A model's judgement: a score by criterion from 0 to 100, and findings tied to pages."""

    completeness: int = Field(ge=0, le=100)
    truthfulness: int = Field(ge=0, le=100)
    helpfulness: int = Field(ge=0, le=100)
    consistency: int = Field(ge=0, le=100)
    findings: tuple[CritiqueFinding, ...] = ()


class CriticBrief(Contract):
    """What the critic asks a model: the pages, and what checks without a model found."""

    pages: tuple[PageFacts, ...]
    checked: tuple[CritiqueFinding, ...]
    coverage: float = Field(ge=0, le=1, description="share of the files to document that are documented")
    measures: tuple[Measure, ...] = Field(default=(), description="what readers need, measured on the pages")
    before: CriticReply | None = Field(
        default=None, description="the scores of an earlier draft; `pages` are then what it does not have"
    )


class Verdict(StrEnum):
    """What the critic tells RevisionGate."""

    APPROVED = "approved"
    RISING = "rising"
    STALLED = "stalled"


class Critique(Contract):
    """The critic's judgement of one revision."""

    revision: int = Field(ge=1, le=LAST_REVISION)
    score: int = Field(ge=0, le=100, description="the mean of the four criteria")
    reply: CriticReply
    verdict: Verdict
    best_revision: int = Field(ge=1, le=LAST_REVISION)
    measures: tuple[Measure, ...] = Field(default=(), description="what readers need, and why each has its share")
    execution: str = Field(default="", description="the execution it was written in; an earlier, failed one's is stale")
    model: str = Field(default="", description="who was asked")
    instructions: str = Field(default="", description="fingerprint of the critic's instructions")
    renewed: CriticBrief | None = Field(default=None, description="what was asked where only new lines were judged")
    renewals: int = Field(default=0, description="drafts judged by their changes since one was judged whole")
