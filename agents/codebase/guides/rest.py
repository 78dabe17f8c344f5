"""Guides in reStructuredText, by docutils: it inserts files of the repository alone and shows no message. Pure."""

from __future__ import annotations

import copy
import io
import posixpath
import re
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from agents.codebase.guides import markup, news
from agents.codebase.guides.rest_settings import docutils_settings, is_slow
from agents.codebase.guides.source import Repository, code_of_file
from agents.codebase.structure.documentation.rest import blocks as forgiving_blocks
from agents.contracts.documentation import Block

if TYPE_CHECKING:
    from docutils import nodes

#: docutils takes seconds for longer texts; these are read by the linear reader of docstrings.
_LONGEST = 200_000
_MOST_INCLUDES = 20
_DIRECTIVES = re.compile(r"^[ \t]*\.\.[ \t]+(?:\|[^|\n]+\|[ \t]+)?([\w:+.-]+?)::", re.MULTILINE)
_ROLES = re.compile(r":([A-Za-z][\w:+.-]*):`")
_TITLED = re.compile(r"^(.*?)(?<!\s)\s*<([^<>]*)>$", re.DOTALL)
_LABEL = re.compile(r"^\.\. _`?([^:\n`]+)`?:[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"^([=\-~^\"'`#*+:._])\1{2,}\s*$")
_NOTES = {"seealso": "See also", "todo": "To do", **news.VERSIONS}
_CODE = {"code-block", "sourcecode", "code", "highlight-code", "parsed-literal", "prompt", "ipython", "doctest",
         "testcode", "testoutput", "testsetup", "jupyter-execute", "graphviz", "mermaid", "math", "plot", "runblock",
         "command-output", "program-output", "uml", "plantuml", "digraph", "tikz"}  # fmt: skip
#: Extensions' names for directives whose content is code, as `click:example`.
_SHOWS_CODE = re.compile(r"(?:^|[:_-])(?:example|run|code|console|shell|session|prompt|repl|terminal)$")
#: Directives that a reader does not see.
SILENT = {"raw", "meta", "index", "highlight", "currentmodule", "module", "py:module", "py:currentmodule", "contents",
           "date", "header", "footer", "sectnum", "section-numbering", "default-domain", "program", "tabularcolumns",
           "title", "role", "default-role", "target-notes", "class", "rst-class", "cssclass", "testcleanup",
           "automodule-index", "sphinx_gallery"}  # fmt: skip
#: docutils' own directives that need no help.
_OWN = {"note", "warning", "tip", "hint", "important", "caution", "danger", "error", "attention", "admonition", "image",
        "figure", "table", "list-table", "csv-table", "topic", "rubric", "epigraph", "container", "replace", "unicode",
        "sidebar", "line-block", "pull-quote", "highlights", "compound"}  # fmt: skip
#: Roles whose text is words, and roles whose text is a name of code.
_WORDS = {"term", "abbr", "guilabel", "menuselection", "dfn", "rfc", "pep", "pypi", "issue", "pr", "user", "gh", "eq",
          "keyword", "token"}  # fmt: skip
_NAMES = {"class", "func", "meth", "attr", "exc", "data", "mod", "obj", "const", "type"}
#: `.task`, `~a.B`, `a.b()`, `snake_case`: no word of a sentence.
_NAME = re.compile(
    r"[~!.]+[A-Za-z_][\w.]*(?:\(\))?|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+(?:\(\))?|\w+\(\)|[a-z]+(?:_[a-z0-9]+)+"
)
#: Roles of docutils itself.
_OWN_ROLES = {"emphasis", "strong", "literal", "code", "subscript", "superscript", "sub", "sup", "title-reference",
              "title", "t"}  # fmt: skip


def blocks(text: str, path: str, repository: Repository) -> list[Block]:
    """reStructuredText as blocks; what docutils cannot read is read by the reader of docstrings."""
    if len(text) > _LONGEST or is_slow(text):
        return forgiving_blocks(text)
    try:
        return markup.blocks(as_html(text, path, repository))
    except Exception:  # noqa: BLE001 (docutils raises whatever its directives raise; the guide is still shown)
        return forgiving_blocks(text)


def labels(text: str) -> dict[str, str]:
    """The labels of a document with the titles they stand above; a label without a title leads to the document."""
    places: dict[str, str] = {}
    for match in _LABEL.finditer(text):
        lines = [line.strip() for line in text[match.end() :].split("\n", 8)[:8] if line.strip()]
        if lines and _RULE.match(lines[0]):
            lines = lines[1:]
        titled = len(lines) > 1 and _RULE.match(lines[1])
        places[match.group(1).strip().lower()] = lines[0] if titled else ""
    return places


def as_html(text: str, path: str, repository: Repository) -> str:
    """The document's body as HTML, not yet cleaned. Raises what docutils raises."""
    from docutils import nodes
    from docutils.core import publish_doctree, publish_from_doctree

    _register(text)
    settings = copy.copy(docutils_settings())
    vars(settings).update(warning_stream=io.StringIO(), guide=(path, repository), included=[0])
    tree = publish_doctree(text, settings=settings)
    for message in list(tree.findall(nodes.system_message)):
        message.parent.remove(message)
    for problem in list(tree.findall(nodes.problematic)):
        problem_text = re.sub(r"^[`*|_:\w.-]*?`|`?_{0,2}$|\|", "", problem.astext()) or problem.astext()
        problem.parent.replace(problem, nodes.Text(problem_text))
    for unknown in list(tree.findall(nodes.substitution_reference)):
        unknown.parent.replace(unknown, nodes.Text(unknown.astext()))
    # A role that a project sets as its default is nowhere in the text; what looks like a name of code is one.
    for quoted in list(tree.findall(nodes.title_reference)):
        if _NAME.fullmatch(quoted.astext()):
            quoted.parent.replace(quoted, nodes.raw("", role_html("obj", quoted.astext()), format="html"))
    # A whole page is written, of which the body is taken.
    page = str(publish_from_doctree(tree, writer="html5", settings=settings))
    start, end = page.find("<body"), page.rfind("</body>")
    return page[page.find(">", start) + 1 : end]


def toctree_entry(line: str, path: str, repository: Repository) -> str:
    """One line of a table of contents as a link in HTML."""
    titled = _TITLED.match(line)
    label, target = (titled.group(1), titled.group(2)) if titled else ("", line)
    target_path = repository.resolve(target, path)
    if not target_path:
        return markup.escaped(label or target)
    relative = posixpath.relpath("/" + target_path, "/" + posixpath.dirname(path))
    label_shown = label or posixpath.basename(target).replace("-", " ").replace("_", " ").capitalize()
    return f'<a href="{markup.escaped(relative)}">{markup.escaped(label_shown)}</a>'


def _register(text: str) -> None:
    """Let docutils know the directives and roles that Sphinx and its extensions have, as far as a reader needs them."""
    from docutils.parsers.rst import directives, roles

    kinds = _classes()
    for name in {*_DIRECTIVES.findall(text), *_CODE, *SILENT, *_NOTES}:
        plain = name.lower().removeprefix("py:")
        if plain in _OWN:
            continue
        kind = (
            "silent" if name in SILENT or plain in SILENT else
            "code" if plain in _CODE or _SHOWS_CODE.search(plain) else
            "note" if plain in _NOTES else
            plain if plain in {"literalinclude", "include", "toctree"} else
            "other"
        )  # fmt: skip
        directives.register_directive(name, kinds[kind])
    for name in _ROLES.findall(text):
        if name.lower() not in _OWN_ROLES:
            # The stubs of docutils know references alone as a role's result.
            roles.register_local_role(name.lower(), _role)  # type: ignore[arg-type]  # any node will do


def role_html(name: str, text: str) -> str:
    """A role of Sphinx or MyST as HTML: documents and labels are links, names are code, the rest is its text."""
    kind = name.lower().rpartition(":")[2]
    titled = _TITLED.match(text)
    label, target = (titled.group(1), titled.group(2)) if titled else (text, text)
    label_html = markup.escaped(label)
    if kind in {"doc", "download"}:
        return f'<a href="{markup.escaped(target)}">{label_html}</a>'
    if kind in {"ref", "numref", "any"}:
        return f'<a href="{markup.LABEL}{markup.escaped(target.lower())}">{label_html}</a>'
    if kind in _WORDS:
        return f"RFC {label_html}" if kind == "rfc" else label_html
    plain = label.lstrip("!~") if titled else target.lstrip("!")
    if plain.startswith("~"):
        plain = plain.rpartition(".")[2].lstrip("~")
    code = f"<code>{markup.escaped(plain.lstrip('.'))}</code>"
    if kind in _NAMES and re.fullmatch(r"[~!.]*[\w.]+(?:\(\))?", target):
        return f'<a href="symbol:{target.lstrip("~!.").removesuffix("()")}">{code}</a>'
    return code


def _role(
    name: str, _raw: str, text: str, _line: int, _inliner: Any, _options: Any = None, _content: Any = None
) -> tuple[list[nodes.Node], list[nodes.Node]]:
    from docutils import nodes
    from docutils.utils import unescape

    return [nodes.raw("", role_html(name, unescape(text)), format="html")], []


class _AnyOption(dict[str, Any]):
    """Takes every option of a directive: Sphinx has many, and a page needs none of them."""

    def __getitem__(self, _name: str) -> Any:
        return lambda argument: argument or ""

    def __bool__(self) -> bool:
        return True


@cache
def _classes() -> dict[str, Any]:  # noqa: C901 (docutils is imported here, so its classes are made here)
    from docutils import nodes
    from docutils.parsers.rst import Directive

    class Any_(Directive):  # noqa: N801 (a directive's option is any)
        """A directive with any argument, options and content."""

        optional_arguments = 1
        final_argument_whitespace = True
        has_content = True
        option_spec: ClassVar[Any] = _AnyOption()

        @property
        def argument(self) -> str:
            return str(self.arguments[0]) if self.arguments else ""

        @property
        def guide(self) -> tuple[str, Repository]:
            return self.state.document.settings.guide  # type: ignore[no-any-return]  # docutils' settings have no types

        def inside(self, node: nodes.Element) -> nodes.Element:
            self.state.nested_parse(self.content, self.content_offset, node, match_titles=True)
            return node

        def html(self, source: str) -> list[nodes.Node]:
            return [nodes.raw("", source, format="html")]

    class Silent(Any_):
        def run(self) -> list[nodes.Node]:
            return []

    class CodeDirective(Any_):
        def run(self) -> list[nodes.Node]:
            text = "\n".join(self.content)
            lang = self.argument.split()[0] if self.argument and "\n" not in self.argument else ""
            if not text and self.argument:
                text, lang = self.argument, ""
            made = nodes.literal_block(text, text)
            made["classes"] += ["code", lang] if lang else []
            return [made] if text.strip() else []

    class NoteDirective(Any_):
        def run(self) -> list[nodes.Node]:
            name = self.name.lower().removeprefix("py:")
            line, _, words = self.argument.partition("\n")
            node = nodes.admonition(classes=[self.name.lower()])
            # The first word after a directive of versions is a version; any other one is part of what it says.
            title, more = news.titled(_NOTES[name], line) if name in news.VERSIONS else (_NOTES[name], line)
            node += nodes.title("", title)
            text = " ".join(f"{more} {words}".split())
            if text:
                parsed, _ = self.state.inline_text(text, self.lineno)
                node += nodes.paragraph("", "", *parsed)
            return [self.inside(node)]

    class LiteralInclude(Any_):
        def run(self) -> list[nodes.Node]:
            path, repository = self.guide
            return self.html(code_of_file(self.argument, path, repository))

    class Include(Any_):
        def run(self) -> list[nodes.Node]:
            path, repository = self.guide
            counted = self.state.document.settings.included
            counted[0] += 1
            text = repository.text(self.argument, path)
            if not text or counted[0] > _MOST_INCLUDES:
                return [nodes.paragraph("", "", nodes.literal("", self.argument))]
            if (
                "literal" in self.options
                or "code" in self.options
                or not self.argument.lower().endswith((".rst", ".txt", ".inc", ".rest"))
            ):
                return self.html(code_of_file(self.argument, path, repository))
            _register(text)
            lines = text.split("\n")
            after, before = self.options.get("start-after", ""), self.options.get("end-before", "")
            body = "\n".join(lines)
            if after and after in body:
                body = body.partition(after)[2]
            if before and before in body:
                body = body.partition(before)[0]
            self.state_machine.insert_input(body.split("\n"), self.argument)
            return []

    class TocTree(Any_):
        def run(self) -> list[nodes.Node]:
            path, repository = self.guide
            rows = [line.strip() for line in self.content if line.strip() and line.strip() != "self"]
            items = "".join(f"<li>{toctree_entry(row, path, repository)}</li>" for row in rows)
            return self.html(f"<ul>{items}</ul>") if rows else []

    class Other(Any_):
        """What is described by its name and content: `py:function`, `autoclass`, `tab`, `dropdown` …"""

        def run(self) -> list[nodes.Node]:
            made: list[nodes.Node] = []
            if self.argument:
                kind = self.name.rpartition(":")[2]
                names_symbol = kind.startswith("auto") or kind in {
                    "function", "class", "method", "attribute", "data", "exception", "envvar", "option", "click",
                    "confval", "staticmethod", "classmethod", "property", "describe", "object",
                }  # fmt: skip
                node: nodes.Node = nodes.Text(self.argument)
                if names_symbol:
                    node = nodes.literal("", self.argument)
                    if kind.startswith("auto"):
                        symbol = self.argument.partition("(")[0]
                        node = nodes.reference("", "", node, refuri=f"symbol:{symbol}")
                    made.append(nodes.paragraph("", "", node))
                elif self.content:
                    made.append(nodes.paragraph("", "", nodes.strong("", "", node)))
            return [*made, *self.inside(nodes.container()).children] if self.content else made

    return {"silent": Silent, "code": CodeDirective, "note": NoteDirective, "literalinclude": LiteralInclude,
            "include": Include,
            "toctree": TocTree, "other": Other}  # fmt: skip
