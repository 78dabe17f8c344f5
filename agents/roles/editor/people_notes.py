"""Notes of people on the pages: shown beside what they are about, marked as theirs; lost ones are listed. Pure."""

from __future__ import annotations

from collections import defaultdict

from agents.codebase.guides import markdown as guide_markdown
from agents.codebase.notes import NoteState, PlacedNote
from agents.roles.editor import markdown
from agents.roles.editor.guides import Guides
from agents.roles.editor.material import Material
from agents.roles.editor.page_builder import PageBuilder

_HEADING = "Notes of people"


class PeopleNotes:
    """The notes of a session's snapshot, by the file that they are about now."""

    def __init__(self, material: Material, guides: Guides) -> None:
        self._guides = guides
        self.all = material.notes
        self._by_path: dict[str, dict[str, list[PlacedNote]]] = defaultdict(lambda: defaultdict(list))
        for note in self.all:
            if note.state is not NoteState.LOST:
                self._by_path[note.path][note.symbol].append(note)
        self.images: dict[str, dict[str, None]] = defaultdict(dict)

    def add(self, builder: PageBuilder, path: str, symbol: str = "") -> None:
        """Append the notes about a file, or about one of its symbols, each once on its page."""
        for note in self._by_path[path].pop(symbol, ()) if path in self._by_path else ():
            builder.add(self._shown(builder, note))

    def add_others(self, builder: PageBuilder, path: str) -> None:
        """Append the notes about symbols of a file that have no section of their own."""
        left = self._by_path.pop(path, None)
        if not left:
            return
        builder.heading(_HEADING)
        for symbol, notes in left.items():
            builder.add(builder.symbol(path, symbol), *(self._shown(builder, note) for note in notes))

    def coverage(self, builder: PageBuilder) -> None:
        """Append what became of the notes: those that followed a move, and those that are about nothing any more."""
        if not self.all:
            return
        builder.heading(_HEADING)
        builder.add(builder.words("{count} notes in the repository.", count=builder.words.number(len(self.all))))
        rows = [
            (
                builder.cite(note.source),
                markdown.code(f"{note.wanted}::{note.symbol}" if note.symbol else note.wanted),
                builder.symbol(note.path, note.symbol) + " " + builder.file(note.path)
                if note.state is NoteState.MOVED
                else builder.words("lost: it is in no file, or in several"),
            )
            for note in self.all
            if note.state is not NoteState.IN_PLACE
        ]
        if rows:
            builder.table(("Note", "Written about", "Now"), rows)

    def _shown(self, builder: PageBuilder, note: PlacedNote) -> str:
        blocks = guide_markdown.blocks(self._guides.text(note.source), note.source, self._guides.repository)
        writer = self._guides.writer_of(note.source, builder.path)
        # Not on the outermost level: a note's headings are no headings of the page.
        body = writer.markdown(blocks, depth=1)
        self.images[builder.path] |= writer.images
        moved = " " + builder.words("(moved here)") if note.state is NoteState.MOVED else ""
        source = f"{builder.words('Source')}: {builder.cite(note.source)}{moved}"
        return markdown.admonition("info", builder.words("A person's note"), f"{body}\n\n{source}")
