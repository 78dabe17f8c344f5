"""The overview: what the repository is, its size, where to start, and what was found. Pure."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Sequence

from agents.codebase.code_languages import code_first, is_code
from agents.contracts.draft import Page, PageKind
from agents.contracts.review import SEVERITIES
from agents.contracts.structure import Topic
from agents.contracts.synthesis import CitedStatement
from agents.pages.addresses import OVERVIEW
from agents.roles.editor import markdown
from agents.roles.editor.fact_pages.commands import installed_files
from agents.roles.editor.front_page import add_front
from agents.roles.editor.guides import Guides
from agents.roles.editor.material import Material
from agents.roles.editor.module_table import module_table
from agents.roles.editor.packages import PackagePages
from agents.roles.editor.page_builder import PageBuilder, percent
from agents.roles.editor.page_prose import EXTRACTED, PageProse
from agents.session.figures import repository_record

_STARTS = 15
_BUILDS = frozenset({"build.rs", "makefile", "dockerfile", "containerfile", "setup.py"})


def overview(
    material: Material, prose: PageProse, guides: Guides | None = None, packages: PackagePages | None = None
) -> Page:
    """The page that a reader opens first."""
    builder = PageBuilder(material, OVERVIEW, PageKind.OVERVIEW, material.manifest.title)
    taken, images = add_front(builder, guides)
    paragraphs = prose.paragraphs
    if taken:
        # The authors' introduction stands above; a sentence of it is not said twice, a model's are added.
        paragraphs = [
            paragraph
            for paragraph in paragraphs
            if prose.model not in {"", EXTRACTED} or not _repeats(paragraph, taken)
        ]
        if any(paragraphs) or prose.diagram or material.extracted:
            builder.heading("In this repository")
    builder.paragraphs(paragraphs)
    builder.diagram(prose.diagram)
    if material.extracted:
        builder.add(
            markdown.admonition(
                "note",
                builder.words("Extracted, not AI-written"),
                builder.words(
                    "No language model wrote this site. Sentences are the authors' own (docstrings, comments, README) "
                    "or say what was counted in the code; every one of them links to the lines it comes from."
                ),
            )
        )
    if packages is not None:
        packages.add_to(builder)
    _glance(builder)
    _starts(builder)
    _modules(builder)
    _findings(builder)
    return builder.page().with_changes(images=images)


def _repeats(paragraph: Sequence[CitedStatement], taken: str) -> bool:
    """Whether a paragraph is nothing but what a file says that the page has shown."""
    return all(statement.path == taken or statement.path.lower().startswith("readme") for statement in paragraph)


def _glance(builder: PageBuilder) -> None:
    material = builder.material
    record, coverage = repository_record(material.manifest), material.coverage
    languages = ", ".join(
        f"{markdown.escape(name)} ({builder.words.number(record.languages[name])})"
        for name in code_first(record.languages)[:6]
    )
    done = coverage.files_analysed + coverage.files_reused
    wanted = done + len(material.gaps)
    lines, words = sum(entry.lines for entry in material.manifest.documented), builder.words
    share = percent(coverage.symbols_documented, coverage.symbols_total, words)
    builder.heading("At a glance")
    builder.facts(
        [
            ("Languages", builder.with_rest(languages, len(record.languages) - 6)),
            (
                "Files documented",
                words(
                    "{done} of {wanted} ({share})",
                    done=words.number(done),
                    wanted=words.number(wanted),
                    share=percent(done, wanted, words),
                ),
            ),
            (
                "Left out on purpose",
                f"{words.counted(coverage.files_skipped, 'file')}; {_link(builder, 'reasons', 'coverage.md')}",
            ),
            ("Lines", words.number(lines)),
            (
                "Symbols of code",
                words(
                    "{count}, {share} documented by their authors",
                    count=words.number(coverage.symbols_total),
                    share=share,
                ),
            ),
            (
                "Modules",
                f"{words.number(len(material.synthesis.modules))}; "
                + _link(builder, "how they fit together", "architecture.md"),
            ),
            ("Terms", _link(builder, "the glossary", "glossary.md")),
        ],
    )


def _link(builder: PageBuilder, label: str, target: str) -> str:
    return markdown.to(builder.words(label), builder.path, target)


def _starts(builder: PageBuilder) -> None:
    material = builder.material
    starts = [path for module in material.synthesis.modules for path in module.entry_points]
    installed = installed_files(material)
    starts += [path for path in installed if path not in starts]
    if not starts:
        return
    starts.sort(key=lambda path: (path not in installed, _is_build(path), path.count("/"), path))
    builder.heading("Where to start")
    builder.add(builder.words("Files that something runs: programs, commands, container and build files."))
    builder.table(
        ("File", "What it is"),
        [(builder.file(path), builder.summary(path)) for path in starts[:_STARTS]],
    )
    if len(starts) > _STARTS:
        count = builder.words.number(len(starts) - _STARTS)
        builder.add(builder.words("And {count} more, listed on the modules' pages.", count=count))


def _is_build(path: str) -> bool:
    """Whether a file makes the program or what it runs in: a reader starts in the program."""
    return posixpath.basename(path).lower() in _BUILDS


def _modules(builder: PageBuilder) -> None:
    material = builder.material
    builder.heading("Modules")
    product = material.product
    documents = [module for module in product if not any(map(is_code, module.languages))]
    documents = documents if len(documents) < len(product) else []
    module_table(builder, [module for module in product if module not in documents])
    if documents:
        builder.heading("Documents and configuration", 3)
        module_table(builder, documents)
    others = [module for module in material.synthesis.modules if module.name in material.apart]
    if others and len(others) < len(material.synthesis.modules):
        builder.heading("Tests, examples and generated code", 3)
        module_table(builder, others)
    users = {name: [user for user in used if user not in material.apart] for name, used in material.used_by.items()}
    leaned = sorted(users.items(), key=lambda item: (-len(item[1]), item[0]))[:5]
    if leaned and len(leaned[0][1]) > 1:
        names = ", ".join(
            f"{builder.module(name)} ({builder.words.counted(len(by), 'module')})" for name, by in leaned if len(by) > 1
        )
        builder.add(builder.words("The rest leans most on {names}.", names=names))


def _findings(builder: PageBuilder) -> None:
    material = builder.material
    builder.heading("Findings")
    rows = []
    for topic in Topic:
        review = material.reviews.get(topic)
        link = _link(builder, builder.words(topic.value.capitalize()), f"{topic.value}.md")
        if review is None or not review.reviewed:
            rows.append((link, *(builder.words("not reviewed") if n == 0 else "" for n in range(len(SEVERITIES)))))
            continue
        counts = Counter(finding.severity for finding in review.findings)
        rows.append((link, *(builder.words.number(counts[severity]) for severity in SEVERITIES)))
    builder.table(("Review", *(s.value.capitalize() for s in SEVERITIES)), rows, numbers=range(1, len(SEVERITIES) + 1))
