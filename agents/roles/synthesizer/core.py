"""Merges analyses into one picture: modules, their graph, and what is known of them. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from agents.codebase.claims.index import SnapshotEvidence, SnapshotIndex, index_of
from agents.codebase.claims.statements import (
    distinct_objections,
    material_of,
    objections_to,
    verified_statements,
)
from agents.codebase.claims.verified import Verified
from agents.codebase.guides.paths import readme_of
from agents.codebase.imports.files import FileIndex
from agents.codebase.imports.resolve import resolve
from agents.codebase.notes import without_notes
from agents.codebase.paths import is_product, speaks_for_folder
from agents.contracts.analysis import Analysis
from agents.contracts.site_settings import WritingStyle
from agents.contracts.snapshot import Gap, Manifest
from agents.contracts.structure import PARTS_OF_DATA, Structure
from agents.contracts.synthesis import (
    CitedStatement,
    Dependency,
    Module,
    ModuleBrief,
    ModuleSummary,
    Part,
    Synthesis,
    SynthesizerBrief,
    SynthesizerReply,
)
from agents.errors import CallOverspent, TooManyGaps
from agents.questions.limits import STATEMENTS_OF_MODULE
from agents.roles.synthesizer.entry_points import entry_points
from agents.roles.synthesizer.external import ranked
from agents.roles.synthesizer.modules import fold, named
from agents.text.cleaning import spoken_text, unmarked
from agents.text.sentences import sentences

#: Of each module in the question for the overview.
_OVERVIEW_STATEMENTS = 3
_OVERVIEW_FILES = 10
#: Words that a README must have to say what a repository is.
_WORDS = 2


@dataclass(frozen=True)
class Picture:
    """What is known before a model is asked."""

    modules: tuple[Module, ...]
    dependencies: tuple[Dependency, ...]
    brief: SynthesizerBrief
    index: SnapshotIndex
    style: WritingStyle

    @cached_property
    def evidence(self) -> SnapshotEvidence:
        """What the claims of a reply are compared with."""
        return SnapshotEvidence(self.index, material_of(self.brief))


def refuse_too_many_gaps(manifest: Manifest, gaps: Sequence[Gap], tolerance_percent: int) -> None:
    """Raises TooManyGaps, naming the commonest reason, when the share of gaps is above the tolerated one.

    A gap of a call that cost more than it may is not tolerated at all: CallOverspent.
    """
    overspent = next((gap for gap in gaps if gap.reason == CallOverspent.__name__), None)
    if overspent is not None:
        raise CallOverspent(overspent.detail)
    wanted = sum(1 for entry in manifest.entries if entry.skipped is None)
    if gaps and len(gaps) * 100 > tolerance_percent * wanted:
        reason, count = Counter(gap.reason for gap in gaps).most_common(1)[0]
        raise TooManyGaps(
            f"{len(gaps)} of {wanted} files are not documented, more than {tolerance_percent} %; "
            f"{count} of them: {reason}"
        )


def picture(manifest: Manifest, analyses: Mapping[str, Analysis]) -> Picture:
    """Modules, dependencies and the brief, without notes of people; `analyses` are keyed by path."""
    index = index_of(manifest, analyses)
    analyses = without_notes(analyses, {entry.path for entry in manifest.entries})
    structures = {path: analysis.structure for path, analysis in analyses.items()}
    dependencies, outside = resolve(structures, FileIndex(structures))
    folders = named(fold(structures), manifest.name)
    home = {path: name for name, files in folders.items() for path in files}
    edges: dict[str, Counter[str]] = defaultdict(Counter)
    for dependency in dependencies:
        source, target = home[dependency.source], home[dependency.target]
        if source != target:
            edges[source][target] += 1
    starts = entry_points(structures)

    def module(name: str, files: tuple[str, ...]) -> Module:
        return Module(
            name=name,
            files=files,
            languages=dict(Counter(structures[path].language for path in files).most_common()),
            symbols=sum(_of_code(structures[path]) for path in files),
            depends_on=tuple(target for target, _ in sorted(edges[name].items(), key=lambda item: (-item[1], item[0]))),
            external=ranked((structures[path].language, target) for path in files for target in outside[path]),
            entry_points=tuple(path for path in files if path in starts),
        )

    modules = tuple(module(name, files) for name, files in folders.items())
    briefs = tuple(ModuleBrief(module=part, statements=_statements(part, analyses)) for part in modules)
    brief = SynthesizerBrief(repository=manifest.name, modules=briefs, readme=_readme(analyses))
    return Picture(modules, dependencies, brief, index, manifest.site.style)


def _of_code(structure: Structure) -> int:
    return sum(1 for symbol in structure.definitions if symbol.kind not in PARTS_OF_DATA)


def parts(brief: SynthesizerBrief) -> Iterator[SynthesizerBrief]:
    """The brief as a question about the overview and one about each module: unchanged questions are not asked again."""
    modules = tuple(
        module_brief.with_changes(
            module=module_brief.module.with_changes(files=module_brief.module.files[:_OVERVIEW_FILES]),
            statements=module_brief.statements[:_OVERVIEW_STATEMENTS],
        )
        for module_brief in brief.modules
    )
    yield brief.with_changes(part=Part.OVERVIEW, modules=modules)
    for module_brief in brief.modules:
        if module_brief.statements:
            yield SynthesizerBrief(part=Part.MODULE, repository=brief.repository, modules=(module_brief,))


def objections(drawn: Picture, reply: SynthesizerReply) -> tuple[str, ...]:
    """The objections to a reply: unknown modules, and statements that the snapshot contradicts."""
    names = {module.name for module in drawn.modules}
    unknown = [f"there is no module {summary.module}" for summary in reply.modules if summary.module not in names]
    statements = [*reply.overview, *(statement for summary in reply.modules for statement in summary.statements)]
    return distinct_objections([*unknown, *objections_to(statements, drawn.evidence)])


def verify(drawn: Picture, brief: SynthesizerBrief, reply: SynthesizerReply) -> Verified[SynthesizerReply]:
    """The statements of a reply that the snapshot supports.

    A reply about the overview is not read for modules, nor the other way round: what it says of them is not a claim.
    """
    names = {module.name for module in drawn.modules}
    overview = verified_statements(reply.overview if brief.part is not Part.MODULE else (), drawn.evidence)
    dropped = overview.dropped
    modules: list[ModuleSummary] = []
    for summary in reply.modules if brief.part is not Part.OVERVIEW else ():
        if summary.module not in names:
            dropped += len(summary.statements)
            continue
        statements = verified_statements(summary.statements, drawn.evidence)
        dropped += statements.dropped
        if statements.claims:
            modules.append(ModuleSummary(module=summary.module, statements=statements.claims))
    return Verified(SynthesizerReply(overview=overview.claims, modules=tuple(modules)), dropped)


def cited(reply: SynthesizerReply) -> Iterator[str]:
    """The files that a reply cites."""
    yield from (statement.path for statement in reply.overview)
    yield from (statement.path for summary in reply.modules for statement in summary.statements)


def joined(parts: Iterable[Verified[SynthesizerReply]]) -> Verified[SynthesizerReply]:
    """The verified replies to the parts as one reply, in the order of the parts."""
    verified = list(parts)
    reply = SynthesizerReply(
        overview=tuple(statement for part in verified for statement in part.claims.overview),
        modules=tuple(summary for part in verified for summary in part.claims.modules),
    )
    return Verified(reply, sum(part.dropped for part in verified))


def merge(manifest: Manifest, drawn: Picture, verified: Verified[SynthesizerReply], model: str = "") -> Synthesis:
    """The picture with a model's verified statements."""
    readme = drawn.brief.readme
    authors = {statement.text for statement in readme}
    overview = (statement for statement in verified.claims.overview if statement.text not in authors)
    return Synthesis(
        session_id=manifest.session_id,
        repository=manifest.name,
        overview=(*readme, *overview),
        modules=drawn.modules,
        summaries=verified.claims.modules,
        dependencies=drawn.dependencies,
        dropped_claims=verified.dropped,
        demands=drawn.index.demands,
        model=model,
    )


def _readme(analyses: Mapping[str, Analysis]) -> tuple[CitedStatement, ...]:
    """The first sentences of the repository's own README; a subfolder's does not speak for it."""
    path = readme_of(analyses)
    structure = analyses[path].structure if path else None
    if structure is None or not structure.doc or not structure.doc_lines:
        return ()
    text = plain_words(structure.doc)
    if len(text.split()) < _WORDS:
        return ()
    # An author's links are no offence: what the contract cuts leaves no mark.
    return (CitedStatement(text=unmarked(spoken_text(text)), path=path, lines=structure.doc_lines),)


def plain_words(doc: str, count: int = 3) -> str:
    """The first sentences of a document's words, which stand below its title."""
    title, _, words = doc.partition("\n\n")
    telling = " ".join((words or title).split())
    return " ".join(sentences(telling)[:count])[:600].strip()


def _statements(module: Module, analyses: Mapping[str, Analysis]) -> tuple[CitedStatement, ...]:
    """What is said of a module's files: its speakers first, then the files with most symbols."""

    def weight(path: str) -> tuple[bool, bool, bool, int, str]:
        return (
            not speaks_for_folder(path),
            not is_product(path),
            not analyses[path].structure.doc,
            -len(analyses[path].structure.definitions),
            path,
        )

    return tuple(
        CitedStatement(text=statement.text, path=path, lines=statement.lines)
        for path in sorted(module.files, key=weight)
        for statement in analyses[path].summary[:2]
    )[:STATEMENTS_OF_MODULE]
