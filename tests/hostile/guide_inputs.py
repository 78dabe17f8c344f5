"""Guides in the dialects of other site builders, and guides that would take the page around them for their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tests.hostile.content import OUTSIDE, SCRIPT

#: Each guide begins with this sentence, which its page shows whatever comes behind it.
BEGINNING = "The guide begins."
#: What one guide defines, and another uses: nothing of it may be on the other's page.
DEFINED = "DefinedElsewhere"
#: Names of elements of the theme: a heading of that name would be found in their place.
ELEMENTS = ("__config", "__drawer", "__palette_0", "__search", "__toc", "swarm-search", "swarm-search-results")

_FRAGMENTS: Mapping[str, str] = {
    "mdx": f"import X from './x'\n\nexport const a = {{b: 1}}\n\n<X onClick={{() => {{{SCRIPT}}}}} />\n\n{{`${{{SCRIPT}}}`}} <>x</>\n",
    "vue": f'<script setup>\n{SCRIPT}\n</script>\n\n<div v-html="x" @click="{SCRIPT}">{{{{ constructor.constructor("{SCRIPT}")() }}}}</div>\n\n'
    "<style scoped>body { display: none }</style>\n",
    "liquid": "{% include_relative ../../../etc/passwd %} {{ site.github | jsonify }} {% raw %}\n",
    "includes": "--8<--\n/etc/passwd\n--8<--\n\n{% include-markdown '/etc/passwd' %}\n\n![[/etc/passwd]]\n\n<<< /etc/passwd\n\n<!--@include: /etc/passwd-->\n\n"
    "```{literalinclude} /etc/passwd\n```\n\n```{eval-rst}\n.. include:: /etc/passwd\n```\n\n[x](:include ../../../etc/passwd)\n",
    "containers": f":::danger <script>{SCRIPT}</script>\nx\n:::\n\n/// details | <b onclick=x>\n    attrs: {{onclick: x}}\nx\n///\n\n> [!CAUTION]<img src=x onerror=x>\n",
    "services": f'```plantuml\n!includeurl {OUTSIDE}/x\n```\n\n```vega-lite\n{{"data": {{"url": "{OUTSIDE}"}}}}\n```\n\n```html run\n<script>{SCRIPT}</script>\n```\n',
    "comment": "<!-- never closed\n\ntext\n",
    "elements": "<details><summary>x\n\n<div><table><tr><td><textarea><title><plaintext><xmp><listing><select><noembed>\n",
    "fence": "`````\nnever closed\n",
    "cover": f"<style>* {{ display: none }}</style><p style='position: fixed; inset: 0; z-index: 9'>x</p>{{: style='position: fixed' {SCRIPT} }}\n",
    "own-signs": "\\x02stx\\x03 klzzwxh:0001 wzxhzdk:0 \u0002amp\u0003 swarm-own-content-7d21ba swarm-content-2f6c1e\n\n## swarm-contents-2f6c1e\n",
    "marks": "Z" + "\u0301\u0489" * 3_000 + "\n",
    "boundary": "&lt;!-- page: index.md --&gt;\n\n\\`\\`\\`\n\n`<!-- page: a.md -->`\n\n```text\n<!-- page: b.md -->\n```\n",
}  # fmt: skip


def guide_inputs() -> Iterator[tuple[str, Mapping[str, bytes]]]:
    """What each is, and its files."""
    yield (
        "guides for other builders, or with markup that is never closed",
        {f"docs/whole/{name}.md": _guide(name, text) for name, text in _FRAGMENTS.items()},
    )
    headings = "".join(f"## {name}\n\nSee [it](#{name}).\n\n" for name in ELEMENTS)
    yield (
        "headings and symbols with the names of the theme's elements",
        {
            "docs/whole/names.md": _guide("names", headings),
            "src/names.py": "".join(
                f'def {name}():\n    """Do."""\n\n\n' for name in ELEMENTS if "-" not in name
            ).encode(),
        },
    )
    defining = f"[innocent]: {OUTSIDE}/{DEFINED}\n[^shared]: {DEFINED}\n*[SHARED]: {DEFINED}\n\n[innocent][] SHARED [^shared]\n"
    yield (
        "definitions that another guide uses",
        {
            "docs/whole/a-defining.md": _guide("defining", defining),
            "docs/whole/using.md": _guide("using", "[innocent] [x][innocent] SHARED [^shared]\n"),
        },
    )


def _guide(name: str, text: str) -> bytes:
    return f"# Guide {name}\n\n{BEGINNING}\n\n{text}".encode()
