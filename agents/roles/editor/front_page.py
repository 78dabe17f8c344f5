"""The front page's first part: what the project is, how to get it, how to use it, in its authors' words. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence

from agents.codebase.guides.front import Front, example_of, front, is_definition, opening
from agents.codebase.guides.paths import readme_of
from agents.codebase.guides.reading import Guide
from agents.codebase.package_facts import PackageFacts, packages
from agents.codebase.package_facts.workspace import merged
from agents.codebase.paths import is_product
from agents.codebase.structure.artefacts.manual_pages import name_of
from agents.contracts.base import Lines
from agents.contracts.documentation import Block, Code, Paragraph
from agents.contracts.structure import Symbol
from agents.roles.editor import markdown
from agents.roles.editor.documentation import rendered
from agents.roles.editor.guides import Guides
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder, sentence
from agents.text import marked

#: Files whose own documentation speaks for a whole repository, in the order in which they are asked.
_SPEAKERS = (
    r"(?:src/)?lib\.rs", r"(?:src/)?main\.rs", r"doc\.go", r"[^/]+\.go", r"(?:src/|lib/)?[^/]+/__init__\.py",
    r"(?:src/)?__init__\.py", r"(?:src/)?index\.[cm]?[jt]sx?", r"(?:.*/)?package-info\.java",
    r"(?:.*/)?module-info\.java",
    r"(?:src/|include/|lib/)?[^/]+\.(?:h|hpp|py|rb|lua|php)", r"(?:src/)?[^/]+\.[cm]?[jt]sx?",
)  # fmt: skip
_MANUAL = re.compile(r"^(?:(?:man|docs?|manpages?)/(?:man\d/)?)?[^/]+\.[1-8](?:\.in)?$")
_COMMANDS = 20
#: Guides that say how to get the project, and those that show its use, by their names.
_INSTALLS = re.compile(r"^(?:install(?:ation|ing)?|building|setup)(?:\.\w+)?$", re.IGNORECASE)
_USES = re.compile(
    r"^(?:quick[-_ ]?start|getting[-_ ]?started|usage|tutorial|introduction|intro)(?:\.\w+)?$", re.IGNORECASE
)

#: Where projects keep their guides, the usual places first.
_GUIDES = (
    "docs", "doc", "documentation", "docs/source", "docs/src", "doc/source", "docs/en", "docs/content", "docs/guide",
    "docs/guides", "docs/user", "docs/user-guide", "docs/user_guide", "docs/tutorial", "sites/docs", "website/docs",
    "site/docs", "site/content/docs", "guide", "guides", "book/src",
)  # fmt: skip


def add_front(builder: PageBuilder, guides: Guides | None, folder: str = "") -> tuple[str, tuple[str, ...]]:
    """Add the part to the page: of the repository, or of the package in a folder.

    Returns the file that it was taken from, empty for none, and the pictures it shows.
    """
    if guides is None:
        return "", ()
    manifests = merged(packages(guides.material.line_counts, guides.text, folder))
    readme = readme_of(guides.paths, folder)
    images: tuple[str, ...] = ()
    taken = ""
    guide = guides.read(readme) if readme else None
    parts = front(guide) if guide is not None else None
    writer = guides.writer(guide, builder.path) if guide is not None else None
    if parts is not None and writer is not None and parts.introduction:
        taken = readme
        described = next((manifest for manifest in manifests if manifest.description), None)
        if described is not None and not is_definition(parts.introduction) and not _says(parts, described.description):
            builder.add(f"{markdown.prose(sentence(described.description))} {builder.cite(described.file)}")
        builder.add(writer.markdown(parts.introduction, 1))
        page = markdown.to(builder.words("the whole README"), builder.path, guides.places[readme])
        builder.add(builder.words("In the words of {place}; read {page}.", place=builder.cite(readme), page=page))
    else:
        taken = _from_elsewhere(builder, manifests, folder)
    if parts is not None and writer is not None and parts.installation:
        builder.heading("Installation")
        builder.add(writer.markdown(parts.installation, 1), builder.cite(readme))
    elif not add_installation(builder, manifests):
        images += _of_guide(builder, guides, folder, _INSTALLS, "Installation", opening)
    if parts is not None and writer is not None and parts.example:
        builder.heading("First example")
        builder.add(writer.markdown(parts.example, 1), builder.cite(readme))
    elif parts is None or not any(isinstance(block, Code) for block in parts.introduction):
        images += _of_guide(builder, guides, folder, _USES, "First example", example_of)
    if writer is not None:
        images += tuple(writer.images)
    _facts(builder, manifests, folder)
    return taken, tuple(dict.fromkeys(images))


def _says(parts: Front, description: str) -> bool:
    """Whether an introduction holds a description in the same words."""
    introduction = " ".join(marked.words(block.text) for block in parts.introduction if isinstance(block, Paragraph))
    return _plain(description) in _plain(introduction)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _of_guide(
    builder: PageBuilder,
    guides: Guides,
    folder: str,
    names: re.Pattern[str],
    heading: str,
    part: Callable[[Guide], tuple[Block, ...]],
) -> tuple[str, ...]:
    """What another guide says where the README says nothing; the pictures that it shows."""
    folders = [folder, *(posixpath.join(folder, place) for place in _GUIDES)]
    places = ((posixpath.dirname(path), posixpath.basename(path), path) for path in guides.paths)
    matching = [(folders.index(place), path) for place, name, path in places if place in folders and names.match(name)]
    for _, path in sorted(matching):
        guide = guides.read(path)
        blocks = part(guide)
        if blocks:
            writer = guides.writer(guide, builder.path)
            builder.heading(heading)
            page = markdown.to(markdown.escape(guide.title), builder.path, guides.places[path])
            builder.add(
                writer.markdown(blocks, 1),
                builder.words("In the words of {place}; read {page}.", place=builder.cite(path), page=page),
            )
            return tuple(writer.images)
    return ()


def spoken(material: Material, folder: str = "") -> str:
    """The file whose own documentation speaks for the repository, or for the package in a folder; empty for none."""
    prefix = f"{folder}/" if folder else ""
    below = sorted(
        (path for path in material.analyses if path.startswith(prefix)), key=lambda path: (path.count("/"), path)
    )
    for pattern in _SPEAKERS:
        for path in below:
            structure = material.analyses[path].structure
            if (
                re.fullmatch(pattern, path[len(prefix) :])
                and is_product(path)
                and structure.doc
                and structure.doc_lines
            ):
                return path
    return ""


def _namesake(material: Material) -> tuple[str, Symbol] | None:
    """The documented type of the product that is called as its folder or the repository is: `spark/Spark.java`."""
    plain = re.sub(r"[^a-z]", "", re.sub(r"[-_.]v?\d.*$", "", material.manifest.name.lower()))
    for path in sorted(material.analyses, key=lambda path: (path.count("/"), path)):
        folder, name = posixpath.split(path)
        stem = posixpath.splitext(name)[0]
        names = {posixpath.basename(folder).lower(), plain, plain.removesuffix("core")}
        if stem[:1].isupper() and stem.lower() in names and is_product(path):
            for symbol in material.analyses[path].structure.symbols:
                if symbol.name == stem and symbol.doc:
                    return path, symbol
    return None


def _from_elsewhere(builder: PageBuilder, manifests: list[PackageFacts], folder: str) -> str:
    """What the project is, by its manifest, else by what the code's own entry says; the file that says it."""
    described = next((manifest for manifest in manifests if manifest.description), None)
    if described is not None:
        builder.add(f"{markdown.prose(sentence(described.description))} {builder.cite(described.file)}")
    path = spoken(builder.material, folder)
    if path:
        structure = builder.material.analyses[path].structure
        if structure.documentation is not None:
            # Who wrote the file, and how its tools treat it, says nothing of the project.
            words_of_entry = structure.documentation.model_copy(update={"facts": ()})
            builder.add(rendered(words_of_entry, structure.language, words=builder.words))
        else:
            builder.add(markdown.paragraphs(structure.doc))
        builder.add(builder.cite(path, structure.doc_lines))
        return path
    if described is not None:
        return described.file
    manual = "" if folder else _manual(builder)
    namesake = None if folder or manual else _namesake(builder.material)
    if namesake is None:
        return manual
    path, symbol = namesake
    builder.add(builder.symbol(path, symbol.name))
    if symbol.documentation is not None:
        documentation = symbol.documentation.model_copy(update={"facts": ()})
        builder.add(rendered(documentation, builder.material.analyses[path].structure.language, words=builder.words))
    else:
        builder.add(markdown.paragraphs(symbol.doc))
    builder.add(builder.cite(path, symbol.lines))
    return path


def _manual(builder: PageBuilder) -> str:
    """What a manual page's NAME says."""
    texts = builder.material.texts
    for path in sorted(builder.material.line_counts):
        name = name_of(texts.text(path)) if texts is not None and _MANUAL.match(path) else None
        if name is not None:
            cited = builder.cite(path, Lines(start=name.first, end=name.last))
            builder.add(f"{markdown.prose(sentence(name.words))} {cited}")
            return path
    return ""


def add_installation(builder: PageBuilder, manifests: Sequence[PackageFacts]) -> bool:
    """How a package is got by the name in its manifest; whether one says so."""
    ways = [manifest for manifest in manifests if manifest.install]
    if not ways:
        return False
    builder.heading("Installation")
    for way in ways[:3]:
        builder.add(
            builder.words("By the name in {place}:", place=builder.cite(way.file)),
            markdown.fence(way.install, "xml" if way.install.startswith("<") else "console"),
        )
    return True


def _facts(builder: PageBuilder, manifests: list[PackageFacts], folder: str) -> None:
    rows: list[tuple[str, str]] = []
    for manifest in manifests:
        if not manifest.name:
            continue
        version = f" {markdown.escape(manifest.version)}" if manifest.version else ""
        rows.append(
            (
                builder.words("{ecosystem} package", ecosystem=markdown.escape(manifest.ecosystem)),
                f"{markdown.code(manifest.name)}{version} {builder.cite(manifest.file)}",
            )
        )
        rows += [
            (label, markdown.escape(value))
            for label, value in (("Licence", manifest.licence), ("Requires", manifest.requires))
        ]
        rows += [
            (label, markdown.code(value))
            for label, value in (("Homepage", manifest.homepage), ("Repository", manifest.repository))
        ]
    if rows:
        builder.heading("Package")
        builder.facts(rows)
    commands = [(name, target, manifest.file) for manifest in manifests for name, target in manifest.commands]
    if commands:
        builder.heading("Commands")
        listed = [
            (markdown.code(name), started(builder, target, folder), builder.cite(file))
            for name, target, file in commands[:_COMMANDS]
        ]
        builder.table(("Command", "Starts", "Declared in"), listed)
        if len(commands) > _COMMANDS:
            builder.add(builder.words("And {count} more.", count=len(commands) - _COMMANDS))


def started(builder: PageBuilder, target: str, folder: str) -> str:
    """A command's target, linked to its file where it is one of the repository's."""
    path = started_file(builder.material, target, folder)
    return builder.file(path, target) if path else markdown.code(target)


def started_file(material: Material, target: str, folder: str) -> str:
    """The file that a command's target is in; empty where it is none of the repository's."""
    module = target.partition(":")[0].strip()
    stem = module.replace(".", "/")
    plain = posixpath.normpath(target.removeprefix("./"))
    for path in (plain, *(f"{base}{stem}{end}" for base in ("", "src/", "lib/") for end in (".py", "/__init__.py"))):
        whole = posixpath.join(folder, path)
        if whole in material.api:
            return whole
    return ""
