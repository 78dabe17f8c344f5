"""The coverage page: what is documented, what is not, and why. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict

from agents.contracts.draft import Page, PageKind
from agents.contracts.ladder import shortage
from agents.contracts.reruns import Reruns
from agents.contracts.snapshot import SkipReason
from agents.roles.editor import markdown
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder, percent
from agents.roles.editor.people_notes import PeopleNotes

COVERAGE = "coverage.md"
_GAPS = 500
_EXAMPLES = 5
_AGAIN = 100
_REASONS = {
    SkipReason.EMPTY: "nothing in it",
    SkipReason.BINARY: "not text",
    SkipReason.VENDORED: "somebody else's code, copied in",
    SkipReason.GENERATED: "written by a program",
    SkipReason.MINIFIED: "packed for machines",
    SkipReason.LOCK_FILE: "versions written down by a package manager",
    SkipReason.LFS_POINTER: "a pointer of Git LFS: the file itself is not in the archive",
    SkipReason.CREDENTIALS: "made to hold keys or passwords, so neither read nor published",
    SkipReason.LINK: "a link to another place",
    SkipReason.NOT_A_FILE: "a device, a pipe or a socket",
    SkipReason.EXCLUDED: "excluded by swarm.toml",
}


def coverage_page(material: Material, notes: PeopleNotes | None = None, reruns: Reruns | None = None) -> Page:
    """The page that says how much of the repository this site covers, and what was done again."""
    builder = PageBuilder(material, COVERAGE, PageKind.COVERAGE, "Coverage and gaps")
    coverage = material.coverage
    done = coverage.files_analysed + coverage.files_reused
    wanted = done + len(material.gaps)
    builder.add(
        builder.words(
            "{done} of {wanted} files documented ({share}); {skipped} left out on purpose.",
            done=builder.words.number(done),
            wanted=builder.words.number(wanted),
            share=percent(done, wanted, builder.words),
            skipped=builder.words.number(coverage.files_skipped),
        )
    )
    figures = [
        ("Files in the snapshot", coverage.files_total, ""),
        ("Analysed in this session", coverage.files_analysed, ""),
        ("Reused, because their bytes were analysed before", coverage.files_reused, ""),
        ("Left out on purpose", coverage.files_skipped, ""),
        ("Gaps", len(material.gaps), ""),
        ("Gaps with a page of their author's documentation", len(material.refused), ""),
        ("Symbols of code", coverage.symbols_total, ""),
        (
            "Symbols documented by their authors",
            coverage.symbols_documented,
            percent(coverage.symbols_documented, coverage.symbols_total, builder.words),
        ),
        (
            "Further symbols with a note of this site's own",
            coverage.symbols_noted,
            percent(coverage.symbols_noted, coverage.symbols_total, builder.words),
        ),
    ]
    builder.heading("Figures")
    builder.table(
        ("What", "Count", "Share"),
        [(builder.words(n), builder.words.number(c), s) for n, c, s in figures],
        numbers=(1, 2),
    )
    builder.add(
        builder.words(
            "A file is documented when its analyst described it and it has a page here. A symbol of code, such as a "
            "class or a function, is documented when its author wrote a docstring or comment for it; keys of data "
            "files and sections of documents are not counted."
        )
        + " "
        + builder.words(
            "Notes say what was counted in the code." if material.extracted else "Notes are the language model's."
        )
    )
    _budget(builder)
    _again(builder, reruns)
    _gaps(builder)
    if notes is not None:
        notes.coverage(builder)
    _skipped(builder)
    _languages(builder)
    return builder.page()


def _budget(builder: PageBuilder) -> None:
    """What was done with less money: each step of the ladder, and the files it concerned."""
    material = builder.material
    saved = [entry for entry in material.manifest.documented if entry.stepped_down]
    if not material.steps and not saved:
        return
    builder.heading("Budget")
    for sentence in shortage(material.manifest.documented, material.steps):
        builder.add(f"{markdown.escape(builder.templates.note(sentence))}.")
    rows = [
        (
            builder.words("when planned") if step.planned else builder.words("while it ran"),
            step.role,
            step.rung.value,
            builder.words.number(step.answers),
            markdown.escape(step.detail[:300]),
        )
        for step in material.steps
    ]
    if rows:
        builder.table(("Step", "Role", "Instead", "Answers", "Detail"), rows[:_GAPS], numbers=(3,))
    files = [
        (markdown.code(entry.path), markdown.escape(entry.answered_by or material.model), entry.stepped_down)
        for entry in saved
    ]
    if files:
        listed = [(path, model, markdown.escape(reason)) for path, model, reason in files[:_GAPS]]
        builder.table(("File", "Described by", "Why"), listed)
    if len(files) > _GAPS:
        builder.add(builder.words("And {count} more.", count=builder.words.number(len(files) - _GAPS)))


def _again(builder: PageBuilder, reruns: Reruns | None) -> None:
    """What this session did again; of a first session that is everything, and says nothing."""
    if reruns is None or not reruns.previous:
        return
    builder.heading("What was done again, and why")
    words = builder.words
    files, reused = words.counted(len(reruns.files), "file"), words.number(reruns.files_reused)
    builder.add(words("{files} analysed, {reused} reused.", files=files, reused=reused))
    if reruns.pages:
        fresh, pages = words.number(len(reruns.pages_asked)), words.counted(len(reruns.pages), "page")
        builder.add(words("Prose written anew: {fresh} of {pages}.", fresh=fresh, pages=pages))
    why = builder.templates.why
    rows = [(markdown.code(file.path), markdown.escape(why(file.why))) for file in reruns.files[:_AGAIN]]
    rows += [(markdown.code(page.page), markdown.escape(why(page.why))) for page in reruns.pages_asked]
    if rows:
        builder.table(("File or page", "Why"), rows)
    if len(reruns.files) > _AGAIN:
        count = words.number(len(reruns.files) - _AGAIN)
        builder.add(words("And {count} more, which are in the manifest.", count=count))


def _gaps(builder: PageBuilder) -> None:
    gaps = builder.material.gaps
    builder.heading("Gaps")
    if not gaps:
        builder.add(builder.words("None: every file that should be documented is."))
        return
    if builder.material.refused:
        builder.add(
            builder.words(
                "A file whose name is a link here has a page with its author's documentation: what the language model "
                "replied about it was refused, or the file is longer than the model takes."
            )
        )
    rows = [(builder.file(gap.path), markdown.escape(gap.reason), markdown.escape(gap.detail[:300])) for gap in gaps]
    builder.table(("File", "Reason", "Detail"), rows[:_GAPS])
    if len(gaps) > _GAPS:
        count = builder.words.number(len(gaps) - _GAPS)
        builder.add(builder.words("And {count} more, which are in `session.json`.", count=count))


def _skipped(builder: PageBuilder) -> None:
    by_reason: dict[SkipReason, list[str]] = defaultdict(list)
    for entry in builder.material.manifest.entries:
        if entry.skipped is not None:
            by_reason[entry.skipped].append(entry.path)
    if not by_reason:
        return
    builder.heading("Left out on purpose")
    rows = [
        (
            builder.words(reason.value),
            builder.words(_REASONS[reason]),
            builder.words.number(len(paths)),
            ", ".join(markdown.code(path) for path in paths[:_EXAMPLES]) + (" …" if len(paths) > _EXAMPLES else ""),
        )
        for reason, paths in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    builder.table(("Reason", "Meaning", "Files", "For example"), rows, numbers=(2,))


def _languages(builder: PageBuilder) -> None:
    files: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    symbols: Counter[str] = Counter()
    for path, analysis in builder.material.analyses.items():
        language = analysis.structure.language
        files[language] += 1
        lines[language] += builder.material.line_counts[path]
        symbols[language] += analysis.symbols_total
    rows = [
        (
            markdown.escape(name),
            builder.words.number(n),
            builder.words.number(lines[name]),
            builder.words.number(symbols[name]),
        )
        for name, n in files.most_common()
    ]
    if rows:
        builder.heading("Languages")
        builder.table(("Language", "Files", "Lines", "Symbols of code"), rows, numbers=(1, 2, 3))
