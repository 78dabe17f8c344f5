"""Forms of declaration that real projects use beside the plain one, language by language."""

from __future__ import annotations

import json

import pytest

from agents.contracts.documentation import Admonition, Table
from agents.contracts.structure import SymbolKind
from tests.agents.codebase.structure.reading import imports, read, symbols


@pytest.mark.parametrize(
    "listing",
    [
        '__all__: Final[tuple[str, ...]] = ("A", "b")\n',
        '__all__ = ["A"]\n__all__ += ["b"]\n',
        '__all__ = ["A"] + ["b"] + sub.__all__\n',
        '__all__ = ["A", *sub.__all__]\n__all__.extend(["b", "c"])\n__all__.remove("c")\n',
        '__all__ = ("A",)\n__all__ = __all__ + ("b",)\n',
        '__all__ = []\n__all__.append("A")\n__all__.append("b")\n__all__ += sub.__all__\n',
    ],
)
def test_every_form_of_all_says_what_python_offers(listing: str) -> None:
    found = symbols(read("python", f"from .x import b, c\n{listing}class A: ...\ndef hidden(): ...\n"))

    assert {name: symbol.public for name, symbol in found.items()} == {"b": True, "A": True, "hidden": False}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('P = namedtuple("P", "x y")\n', [("P.x", SymbolKind.FIELD, "", ""), ("P.y", SymbolKind.FIELD, "", "")]),
        ('P = NamedTuple("P", [("x", int)])\n', [("P.x", SymbolKind.FIELD, "int", "")]),
        ('P = TypedDict("P", {"in": str}, total=False)\n', [("P.in", SymbolKind.FIELD, "str", "")]),
        (
            'P = enum.Enum("P", "RED BLUE")\n',
            [("P.RED", SymbolKind.VARIANT, "", ""), ("P.BLUE", SymbolKind.VARIANT, "", "")],
        ),
        ('P = IntEnum("P", [("A", 1)])\n', [("P.A", SymbolKind.VARIANT, "", "1")]),
        ('class P(StrEnum):\n    A = "a"\n', [("P.A", SymbolKind.VARIANT, "", '"a"')]),
        ('class P(models.TextChoices):\n    A = "a", _("An a")\n', [("P.A", SymbolKind.VARIANT, "", '"a", _("An a")')]),
        ('class P:\n    __slots__ = {"x": "The x."}\n', [("P.x", SymbolKind.FIELD, "", "")]),
        ("class P:\n    x = property(_get, _set)\n", [("P.x", SymbolKind.PROPERTY, "", "")]),
        ('class P:\n    x: str = "home"\n', [("P.x", SymbolKind.FIELD, "str", '"home"')]),
    ],
)
def test_members_of_python_types_however_they_are_made(
    text: str, expected: list[tuple[str, SymbolKind, str, str]]
) -> None:
    found = symbols(read("python", text))

    assert [(name, one.kind, one.type, one.default) for name, one in found.items() if name != "P"] == expected


@pytest.mark.parametrize(
    "field",
    [
        'x: int = Field(8080, description="The port.", ge=1, alias="A_LONG_NAME_FOR_IT_IN_THE_ENVIRONMENT")',
        'x: Annotated[int, Field(description="The port.")] = 8080',
        'x: t.Annotated[int, Doc("The port.")] = 8080',
        'x: int = field(default=8080, doc="The port.", another="argument that makes the value longer than a line")',
    ],
)
def test_a_field_of_python_is_described_by_its_value_or_its_annotation(field: str) -> None:
    found = symbols(read("python", f"class Row(BaseModel):\n    {field}\n"))["Row.x"]

    assert (found.doc, found.default) == ("The port.", "8080")


def test_what_the_annotations_of_a_python_function_say_is_its_documentation_and_not_its_signature() -> None:
    text = (
        'def get(\n    size: Annotated[int, Doc("""\n        How *many*.\n\n        Not too many.\n        """)] = 3,\n'
        '    *rest: t.Annotated[str | None, Ge(1), Doc("The rest.")],\n    key: str = Query("", help="Its key."),\n'
        '    plain: Annotated[int, Ge(1)] = 1,\n) -> Annotated[str, Doc("What is there.")]:\n'
        '    """Get it.\n\n    Args:\n        key: The author\'s words.\n    """\n'
    )

    (found,) = read("python", text).symbols

    assert found.signature == (
        'def get(size: int = 3, *rest: t.Annotated[str | None, Ge(1)], key: str = Query("", help="Its key."),'
        " plain: Annotated[int, Ge(1)] = 1) -> str"
    )
    assert [one.type for one in found.parameters] == [
        *("int", "t.Annotated[str | None, Ge(1)]", "str", "Annotated[int, Ge(1)]"),
    ]
    assert found.documentation is not None
    assert [(one.name, one.text) for one in found.documentation.parameters] == [
        *(("key", "The author's words."), ("size", "How *many*."), ("rest", "The rest.")),
    ]
    assert [one.text for one in found.documentation.returns] == ["What is there."]


def test_a_field_whose_value_is_a_call_with_more_calls_behind_it_is_described_by_its_help() -> None:
    found = symbols(read("python", 'class Row:\n    size = Int(3, help="How many.").tag(config=True)\n'))

    assert found["Row.size"].doc == "How many."


def test_a_python_default_that_is_a_lambda_with_parameters_is_one_default() -> None:
    (found,) = read("python", "def f(key=lambda a, b: a, *, c=1): ...\n").symbols

    assert [(one.name, one.default) for one in found.parameters] == [("key", "lambda a, b: a"), ("c", "1")]


def _docstring(text: str) -> str:
    return f'def f():\n    """Do.\n\n{text}    """\n'


@pytest.mark.parametrize(
    ("text", "label", "title"),
    [
        ('    !!! note "Mind"\n        Body.\n', "note", "Mind"),
        ("    ??? tip\n        Body.\n", "tip", ""),
        ('    See [it](https://x.org).\n\n    ???+ danger "Mind"\n        Body.\n', "warning", "Mind"),
    ],
)
def test_a_docstring_may_hold_the_notes_of_mkdocs(text: str, label: str, title: str) -> None:
    (found,) = read("python", _docstring(text)).symbols

    assert found.documentation is not None
    (note,) = [block for block in found.documentation.blocks if isinstance(block, Admonition)]
    assert (note.label, note.title, note.blocks[0].text) == (label, title, "Body.")  # type: ignore[union-attr]  # the block is a paragraph


@pytest.mark.parametrize(
    "table",
    [
        "    .. list-table:: Sizes\n       :header-rows: 1\n\n       * - A\n         - B\n       * - 1\n         - 2\n",
        "    .. csv-table:: Sizes\n       :header: A, B\n\n       1, 2\n",
    ],
)
def test_tables_of_rest_that_are_written_as_lists_are_tables(table: str) -> None:
    (found,) = read("python", _docstring(table)).symbols

    assert found.documentation is not None
    assert Table(header=("A", "B"), rows=(("1", "2"),)) in found.documentation.blocks


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("    As in [1]_ and [Knuth74]_.\n", "As in [1] and [Knuth74]."),
        ("    Of |size|.\n\n    .. |size| replace:: two rows\n", "Of two rows."),
        ("    .. image:: a.png\n       :alt: Rows\n", "Rows"),
        ("    :param x: it\n    :type x: ~mod.Row or None\n", "`x` (Row or None): it"),
    ],
)
def test_marks_of_rest_are_read_as_sphinx_reads_them(text: str, words: str) -> None:
    assert symbols(read("python", _docstring(text)))["f"].doc == f"Do.\n\n{words}"


def test_a_python_docstring_can_make_its_function_private() -> None:
    assert not symbols(read("python", _docstring("    :meta private:\n")))["f"].public


TYPEDEF = """/**
 * @typedef {Object} Row A row.
 * @property {string} code Its code.
 * @property {number} [size=1] - Its size.
 */
/**
 * Called at the end.
 * @callback Done
 * @param {Error} err what went wrong
 */
const row = 1;
"""


@pytest.mark.parametrize("language", ["javascript"])
def test_types_that_jsdoc_declares_in_comments_are_symbols_with_members(language: str) -> None:
    found = symbols(read(language, TYPEDEF))

    assert [(name, one.kind, one.type, one.default, one.doc) for name, one in found.items()] == [
        ("Row", SymbolKind.TYPE, "", "", "A row."),
        ("Row.code", SymbolKind.FIELD, "string", "", "Its code."),
        ("Row.size", SymbolKind.FIELD, "number", "1", "Its size."),
        ("Done", SymbolKind.TYPE, "", "", "Called at the end.\n\n`err` (Error): what went wrong"),
        ("row", SymbolKind.VARIABLE, "", "1", ""),
    ]


#: language, code, {name: (kind, public)}
SCRIPTS = [
    (
        "class A {}\nfunction hidden() {}\nmodule.exports = { A, b: hidden2, 'c-d': 1, e() {}, f: require('./f') };\n",
        {"A": True, "hidden": False, "b": True, "c-d": True, "e": True, "f": True},
    ),
    ("const a = () => 1, b = 2;\nexports.c = exports.d = a;\n", {"a": True, "b": False, "c": True, "d": True}),
    ("function a() {}\nfunction b() {}\nexports = module.exports = a;\n", {"a": True, "b": False}),
    ("Object.defineProperty(exports, '__esModule', { value: true });\nexports.a = 1;\n", {"a": True}),
    ("Object.defineProperty(exports, 'a', { enumerable: true, get() { return x.a; } });\n", {"a": True}),
    ("export class A {}\nA.SIZE = 1;\nA.prototype.go = () => 1;\n", {"A": True, "A.SIZE": True, "A.go": True}),
    (
        "class A { constructor() { this.b = 1; this._c = 2; } go() { this.d = 1; } }\n",
        {"A": True, "A.constructor": True, "A.b": True, "A._c": False, "A.go": True},
    ),
    ("Object.assign(A.prototype, { go() {}, size: 1 });\n", {"A.go": True}),
    ("Object.defineProperty(A.prototype, 'size', { get() { return 1; } });\n", {"A.size": True}),
    ("const E = Object.freeze({ A: 'a', B: 'b' });\n", {"E": True, "E.A": True, "E.B": True}),
    ("/** @enum {string} */\nconst E = { A: 'a' };\n", {"E": True, "E.A": True}),
    ("const handlers = { 'POST': (r) => r };\n", {"handlers": True, "handlers.POST": True}),
]


@pytest.mark.parametrize(("code", "expected"), SCRIPTS)
def test_what_a_script_or_module_of_javascript_defines_and_offers(code: str, expected: dict[str, bool]) -> None:
    assert {name: one.public for name, one in symbols(read("javascript", code)).items()} == expected


def test_jsdoc_gives_a_variable_its_type_and_what_stands_behind_the_type_documents_it() -> None:
    found = symbols(read("javascript", "/** @type {Map<string, Row>} All of them. */\nconst all = new Map();\n"))["all"]

    assert (found.type, found.doc) == ("Map<string, Row>", "All of them.")


def test_a_directive_before_the_head_of_a_script_does_not_hide_it() -> None:
    assert (
        read("javascript", "'use strict';\n/**\n * @file Tools for rows.\n */\nconst a = 1;\n").doc == "Tools for rows."
    )


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("interface A { get size(): number; set size(v: number) }\n", "A.size", (SymbolKind.PROPERTY, ("get", "set"))),
        ("type A = { go(): void };\n", "A.go", (SymbolKind.METHOD, ())),
        ("class A { static accessor size: number = 1 }\n", "A.size", (SymbolKind.FIELD, ())),
        ("const A = { low: 1 } as const;\n", "A.low", (SymbolKind.VARIANT, ())),
        ("const A = { low: 'l' } as const satisfies B;\n", "A.low", (SymbolKind.VARIANT, ())),
    ],
)
def test_members_of_typescript_in_their_rarer_forms(
    code: str, name: str, expected: tuple[SymbolKind, tuple[str, ...]]
) -> None:
    found = symbols(read("typescript", code))[name]

    assert (found.kind, found.accessors) == expected


@pytest.mark.parametrize(
    ("language", "code", "names"),
    [
        ("typescript", "function f([a, b]: T = [], c = 1) {}\n", ["[a, b]", "c"]),
        ("javascript", "const f = async n => n;\n", ["n"]),
    ],
)
def test_parameters_of_javascript_and_typescript_in_their_rarer_forms(
    language: str, code: str, names: list[str]
) -> None:
    assert [one.name for one in symbols(read(language, code))["f"].parameters] == names


#: What a component is written with, and its members with kind, type and default.
COMPONENTS = [
    (
        "vue",
        (
            '<script setup lang="ts">\ninterface Props extends Base { a: string; b?: number }\n'
            "interface Base { c: boolean }\n"
            "const props = withDefaults(defineProps<Props & { d: Row }>(), { b: 2 })\n</script>\n"
        ),
        [("props.a", "string", ""), ("props.b", "number", "2"), ("props.c", "boolean", ""), ("props.d", "Row", "")],
    ),
    (
        "vue",
        '<script setup lang="ts">\nconst { a = "x" } = defineProps<{ a?: string }>()\n</script>\n',
        [("props.a", "string", '"x"')],
    ),
    (
        "vue",
        "<script setup>\ndefineProps({ a: { type: [String, Number], default: () => [] }, b: Boolean })\n</script>\n",
        [("props.a", "String | Number", "[]"), ("props.b", "Boolean", "")],
    ),
    (
        "vue",
        '<script setup lang="ts">\nconst m = defineModel<string>("size", { default: "l" })\n</script>\n',
        [("emits.update:size", "string", ""), ("props.size", "string", '"l"')],
    ),
    (
        "vue",
        (
            '<script setup lang="ts">\ndefineSlots<{ head(props: { a: Row }): any }>()\n</script>\n'
            '<template><slot name="head"/><slot :name="x"/><slot/></template>\n'
        ),
        [("slots.default", "", ""), ("slots.head", "any", "")],
    ),
    ("vue", "<script setup>\nfunction go() {}\ndefineExpose({ go })\n</script>\n", [("exposed.go", "", "")]),
    (
        "vue",
        (
            "<script>\nexport default defineComponent({\n  props: { a: String },\n  emits: ['b'],\n"
            "  data() { return { c: 1 } },\n  computed: { d() {}, e: { get() {}, set(v) {} } },\n"
            "  watch: { a() {} },\n  methods: { f() {}, g: debounce(() => 1) },\n  created() {},\n})\n</script>\n"
        ),
        [
            ("c", "", "1"),
            ("d", "", ""),
            ("e", "", ""),
            ("emits.b", "", ""),
            ("f", "", ""),
            ("g", "", ""),
            ("props.a", "String", ""),
        ],
    ),
    (
        "vue",
        "<template><p @click=\"$emit('tap')\"/></template>\n<script>\nexport default { }\n</script>\n",
        [("emits.tap", "", "")],
    ),
    (
        "svelte",
        (
            '<script lang="ts">\ninterface Props { a: string; b?: number }\n'
            "let { a, b = $bindable(2), class: c = 'x', ...rest }: Props = $props();\n</script>\n"
        ),
        [("props.a", "string", ""), ("props.b", "number", "2"), ("props.class", "", "'x'")],
    ),
    (
        "svelte",
        (
            "<script>\nexport let a = 1;\nconst dispatch = createEventDispatcher();\n"
            "function go() { dispatch('save'); }\n</script>\n"
            '<slot name="head" {a}/><b on:click on:keydown={go}/>\n'
        ),
        [("a", "", "1"), ("emits.click", "", ""), ("emits.save", "", ""), ("slots.head", "", "")],
    ),
]


@pytest.mark.parametrize(("language", "text", "expected"), COMPONENTS)
def test_what_a_component_takes_emits_and_offers_however_it_says_so(
    language: str, text: str, expected: list[tuple[str, str, str]]
) -> None:
    public = [symbol for symbol in read(language, text).symbols if symbol.public]

    assert sorted((symbol.name, symbol.type, symbol.default) for symbol in public) == expected


@pytest.mark.parametrize(
    ("language", "text", "doc"),
    [
        ("svelte", "<!--\n@component\nA row.\n-->\n<script>\nlet a;\n</script>\n", "A row."),
        ("vue", "<!-- A row. -->\n<template/>\n<script setup>\nlet a\n</script>\n", "A row."),
        ("vue", "<script>\n/** A row. */\nexport default { methods: { /** Goes. */ go() {} } }\n</script>\n", "A row."),
    ],
)
def test_a_component_is_documented_where_its_tools_look(language: str, text: str, doc: str) -> None:
    assert read(language, text).doc == doc


def test_a_slot_of_vue_is_documented_by_the_comment_above_it() -> None:
    comment = "<!-- @slot The head.\n  @binding {Row} row the row -->"
    text = f'<template>\n{comment}\n<slot name="head" :row="row"/></template>\n'

    assert symbols(read("vue", text))["slots.head"].doc == "The head.\n\n`row` (Row): the row"


def test_commands_of_a_notebook_are_no_code_and_cells_of_other_languages_define_nothing() -> None:
    cells = [
        ["files = !ls\n", "def load():\n", "    %time x = 1\n", "    return x\n", "load?\n"],
        ["%%bash\n", "def no(): ls\n"],
        ["%%writefile a.py\n", "def no(): pass\n"],
        ["%%time\n", "class Row: pass\n"],
    ]
    text = json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}, indent=1)

    structure = read("notebook", text)

    assert (list(symbols(structure)), structure.parse_errors) == (["files", "load", "Row"], 0)


#: language, code, {name: (kind, public, type, default, doc)}
MEMBERS = [
    (
        "ruby",
        ("class A\n  # @!attribute [r] size\n  #   @return [Integer] how big\n  # @!method go(x)\n  #   Goes.\nend\n"),
        {
            "A.size": ("property", True, "Integer", "", "Returns: `Integer`: how big"),
            "A.go": ("method", True, "", "", "Goes."),
        },
    ),
    (
        "ruby",
        "module A\n  def A.go; end\n  def B.run; end\nend\n",
        {"A.go": ("function", True, "", "", ""), "A.B.run": ("function", True, "", "", "")},
    ),
    (
        "ruby",
        "A::LIMIT = 1\nSIZE ||= 2\nclass ::B; end\n",
        {
            "A.LIMIT": ("constant", True, "", "1", ""),
            "SIZE": ("constant", True, "", "2", ""),
            "B": ("class", True, "", "", ""),
        },
    ),
    (
        "ruby",
        (
            "class A\n  delegate :size, to: :b\n  mattr_reader :c\n"
            "  alias_attribute :d, :e\n  refine String do\n    def up = 1\n  end\nend\n"
        ),
        {
            "A.size": ("method", True, "", "", ""),
            "A.c": ("property", True, "", "", ""),
            "A.d": ("alias", True, "", "", ""),
            "A.String.up": ("method", True, "", "", ""),
        },
    ),
    (
        "php",
        (
            "<?php\n/**\n * A.\n * @property-read int $size The size.\n"
            " * @method static self make(int $a) Makes.\n */\nclass A {}\n"
        ),
        {"A.$size": ("property", True, "int", "", "The size."), "A.make": ("method", True, "self", "", "Makes.")},
    ),
    (
        "php",
        "<?php\nclass A {\n  /** @var array<string, int> Rows by name. */\n  private $rows = [];\n}\n",
        {"A.$rows": ("property", False, "array<string, int>", "[]", "Rows by name.")},
    ),
    ("php", "<?php\nreturn new class extends B { public function run() {} };\n", {}),
    (
        "lua",
        (
            "---A row.\n---@class Row : Base\n---@field code string Its code.\n"
            "---@field private size? number\nlocal Row = {}\n"
        ),
        {
            "Row": ("class", True, "", "{}", "A row."),
            "Row.code": ("field", True, "string", "", "Its code."),
            "Row.size": ("field", False, "number", "", ""),
        },
    ),
    (
        "lua",
        '---@alias Mode "r"|"w" How.\nM["go"] = function(a, ...) end\n',
        {"Mode": ("type", True, "", "", "How."), "M.go": ("method", True, "", "", "")},
    ),
    (
        "elixir",
        (
            'defmodule A do\n  @doc since: "1.2"\n'
            "  @spec go(String.t(), keyword) :: {:ok, t} | nil\n"
            "  def go(a, b \\\\ []), do: a\nend\n"
        ),
        {"A.go": ("function", True, "{:ok, t} | nil", "", "Since: 1.2")},
    ),
    (
        "elixir",
        "defmodule A do\n  @moduledoc false\n  defstruct [:a, b: [], c: %{}]\n  def go, do: 1\nend\n",
        {
            "A": ("module", False, "", "", ""),
            "A.a": ("field", True, "", "", ""),
            "A.b": ("field", True, "", "[]", ""),
            "A.c": ("field", True, "", "%{}", ""),
            "A.go": ("function", False, "", "", ""),
        },
    ),
    (
        "elixir",
        (
            'defmodule A do\n  schema "a" do\n    field :size, :integer, default: 3\n'
            "  end\n  def unquote(x)(), do: 1\nend\n"
        ),
        {"A.size": ("field", True, ":integer", "3", "")},
    ),
    (
        "elixir",
        "defimpl Size, for: [Row, Map] do\n  def size(x), do: 1\nend\n",
        {"Size.Row.size": ("function", True, "", "", "")},
    ),
]


@pytest.mark.parametrize(("language", "code", "expected"), MEMBERS)
def test_members_of_scripting_languages_in_their_rarer_forms(
    language: str, code: str, expected: dict[str, tuple[str, bool, str, str, str]]
) -> None:
    found = symbols(read(language, code))

    assert {
        name: (str(one.kind), one.public, one.type, one.default, one.doc)
        for name, one in found.items()
        if name in expected or (not expected and name != "A")
    } == expected


@pytest.mark.parametrize(
    ("language", "code", "names"),
    [
        ("ruby", "define_method(:go) { |a, b = 1| a }\n", ["a", "b"]),
        ("php", "<?php\nfunction go($a, &$b) {}\n", ["$a", "$b"]),
        ("lua", "function go(a, ...) end\n", ["a", "..."]),
        ("elixir", "def go(%{a: a} = row, [h | t] \\\\ []), do: a\n", ["row", "[h | t]"]),
    ],
)
def test_parameters_of_scripting_languages_in_their_rarer_forms(language: str, code: str, names: list[str]) -> None:
    assert [one.name for one in symbols(read(language, code))["go"].parameters] == names


@pytest.mark.parametrize(
    ("language", "code", "doc"),
    [
        ("ruby", "# Goes.\n# @example\n#   go\ndef go; end\n", "Goes.\n\nExample:\n\n    go"),
        (
            "php",
            "<?php\n/**\n * Goes.\n * @param int|null &$a by name\n */\nfunction go(&$a) {}\n",
            "Goes.\n\n`$a` (int|null): by name",
        ),
        (
            "lua",
            "--- Goes.\n-- @treturn[2] nil\n-- @raise when empty\nfunction go() end\n",
            "Goes.\n\nReturns: `nil`\n\nRaises: when empty",
        ),
    ],
)
def test_tags_of_scripting_languages_in_their_rarer_forms(language: str, code: str, doc: str) -> None:
    assert symbols(read(language, code))["go"].doc == doc


def test_the_head_of_a_php_file_is_its_documentation_behind_its_declare() -> None:
    assert read("php", "<?php\ndeclare(strict_types=1);\n/**\n * Rows.\n */\nnamespace App;\n").doc == "Rows."


def test_several_aliases_of_elixir_and_an_autoload_of_ruby_are_imports() -> None:
    assert [target for target, _ in imports(read("elixir", "alias A.{B, C.D}\n"))] == ["A.B", "A.C.D"]
    assert [target for target, _ in imports(read("ruby", 'autoload :A, "lib/a"\n'))] == ["lib/a"]


#: language, code, {name: (kind, type, default, doc, parameters)}
OWN_READERS: list[tuple[str, str, dict[str, tuple[str, str, str, str, list[str]]]]] = [
    (
        "cython",
        (
            "cdef class Row:\n    cdef np.ndarray[double, ndim=2] cells(self): ...\n"
            "    cdef (int, double) pair(self): pass\n    property size:\n"
            "        def __get__(self): return 1\n        def __set__(self, v): pass\n"
        ),
        {
            "Row": ("class", "", "", "", []),
            "Row.cells": ("method", "np.ndarray[double, ndim=2]", "", "", ["self"]),
            "Row.pair": ("method", "(int, double)", "", "", ["self"]),
            "Row.size": ("property", "", "", "", []),
        },
    ),
    (
        "cython",
        (
            "@cython.final\ncdef class A: pass\ncdef double[:, ::1] view\n"
            "cdef enum: LIMIT = 3\nctypedef int (*done)(void *d) except -1\n"
            "cpdef str join(list parts, sep=','): return ''\n"
            "cdef inline int go(const int* a, np.ndarray[int, ndim=1] b=None) nogil: pass\n"
        ),
        {
            "A": ("class", "", "", "", []),
            "view": ("variable", "double[:, ::1]", "", "", []),
            "LIMIT": ("variant", "", "3", "", []),
            "done": ("type", "int (*done)(void *d) except -1", "", "", []),
            "join": ("function", "str", "", "", ["parts", "sep"]),
            "go": ("function", "int", "", "", ["a", "b"]),
        },
    ),
    (
        "cython",
        (
            'cdef extern from "a.h" nogil:\n    """\n    int inline_c;\n    """\n'
            '    int go "real_go" (int a)\n    cppclass Vec[T]:\n        T& at(size_t i)\n'
            "        int size\n    ctypedef struct row_t:\n        int x, y\n"
        ),
        {
            "go": ("function", "int", "", "", ["a"]),
            "Vec": ("class", "", "", "", []),
            "Vec.at": ("method", "T&", "", "", ["i"]),
            "Vec.size": ("field", "int", "", "", []),
            "row_t": ("struct", "", "", "", []),
            "row_t.x": ("field", "int", "", "", []),
            "row_t.y": ("field", "int", "", "", []),
        },
    ),
    (
        "sql",
        (
            "CREATE TYPE kind AS ENUM ('a', 'b');\nCREATE TYPE addr AS (street text);\n"
            "CREATE TABLE t (k ENUM('x', 'y') COMMENT 'its kind', n int);\n"
            "COMMENT ON COLUMN t.n IS 'How many';\n"
            "ALTER TABLE ONLY t ADD COLUMN IF NOT EXISTS m int DEFAULT 3, ADD CONSTRAINT c CHECK (m > 1);\n"
        ),
        {
            "kind": ("type", "", "", "", []),
            "kind.a": ("variant", "", "", "", []),
            "kind.b": ("variant", "", "", "", []),
            "addr": ("type", "", "", "", []),
            "addr.street": ("field", "text", "", "", []),
            "t": ("table", "", "", "", []),
            "t.k": ("field", "ENUM('x', 'y')", "", "its kind", []),
            "t.n": ("field", "int", "", "How many", []),
            "t.m": ("field", "int", "3", "", []),
        },
    ),
    (
        "sql",
        (
            "CREATE FUNCTION add(a int, b int DEFAULT 1)\n"
            "RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql;\n"
            "CREATE PROCEDURE dbo.go @id INT = 1, @name NVARCHAR(50) OUTPUT AS BEGIN SELECT 1; END\n"
            "GO\n"
        ),
        {
            "add": ("function", "int", "", "", ["a", "b"]),
            "dbo.go": ("function", "", "", "", ["@id", "@name"]),
        },
    ),
    (
        "graphql",
        (
            'type A { b(first: Int = 10, after: String): [B!]! @deprecated(reason: "Use c") }\n'
            'input D { e: String = "x" }\ndirective @auth(role: Role = ADMIN) on OBJECT\n'
        ),
        {
            "A": ("class", "", "", "", []),
            "A.b": ("field", "[B!]!", "", "Deprecated: Use c", ["first", "after"]),
            "D": ("struct", "", "", "", []),
            "D.e": ("field", "String", '"x"', "", []),
            "@auth": ("function", "", "", "", ["role"]),
        },
    ),
    (
        "powershell",
        (
            "function Get-Row {\n    <#\n    .SYNOPSIS\n        Gets it.\n    #>\n"
            "    [OutputType([Row])]\n    param(\n"
            "        [Parameter(Mandatory)] [string[]] $Name,\n        # How.\n"
            "        [ValidateSet('a', 'b')][string]$Kind = 'a'\n    )\n}\n"
            "[Flags()] enum Access { Read = 1 }\nclass Row {\n"
            "    [ValidateRange(1, 5)][int] $Size = 3\n}\n"
        ),
        {
            "Get-Row": ("function", "Row", "", "Gets it.\n\n`Kind`: How.", ["Name", "Kind"]),
            "Access": ("enum", "", "", "", []),
            "Access.Read": ("variant", "", "1", "", []),
            "Row": ("class", "", "", "", []),
            "Row.Size": ("property", "int", "3", "", []),
        },
    ),
]


@pytest.mark.parametrize(("language", "code", "expected"), OWN_READERS)
def test_declarations_of_languages_without_a_grammar_in_their_rarer_forms(
    language: str, code: str, expected: dict[str, tuple[str, str, str, str, list[str]]]
) -> None:
    structure = read(language, code)

    assert {
        name: (str(one.kind), one.type, one.default, one.doc, [parameter.name for parameter in one.parameters])
        for name, one in symbols(structure).items()
    } == expected
    assert structure.parse_errors == 0


def test_what_is_hidden_in_powershell_is_not_public_and_a_head_ends_with_its_block() -> None:
    structure = read(
        "powershell", ("<#\n.SYNOPSIS\nRows.\n#>\n#Requires -Version 7\nclass A {\n    hidden [int] $b\n}\n")
    )

    assert (structure.doc, symbols(structure)["A.b"].public) == ("Rows.", False)


def test_a_shell_function_is_documented_as_the_style_guide_writes_it() -> None:
    code = (
        "# Goes.\n# Globals:\n#   ROWS\n# Arguments:\n#   $1 - the path\n#   $2 - how\n"
        "# Returns:\n#   0 if fine\ngo() { :; }\n"
    )

    document = symbols(read("bash", code))["go"].documentation

    assert document is not None
    assert [(one.name, one.text) for one in document.parameters] == [("$1", "the path"), ("$2", "how")]
    assert document.returns[0].text == "0 if fine"


def test_tags_of_shdoc_are_parameters_options_and_exit_codes() -> None:
    code = (
        "# @description Goes.\n# @arg $1 string A name\n"
        "# @option -v | --verbose Talks.\n# @exitcode 0 If fine\ngo() { :; }\n"
    )

    document = symbols(read("bash", code))["go"].documentation

    assert document is not None
    assert [(one.name, one.type, one.text) for one in document.parameters] == [
        ("$1", "string", "A name"),
        ("-v | --verbose", "", "Talks."),
    ]
    assert (document.returns[0].name, document.returns[0].text) == ("0", "If fine")


def test_asciidoc_titles_of_both_forms_and_words_without_marks() -> None:
    text = (
        "= Guide\nA Writer\n:url: https://x.org\n\nRows *hold* _cells_, see link:{url}[the site].\n\n== Use `rows`\n\n"
        "[source,sh]\n----\n== no title\n----\n\n[discrete]\n== No section\n\nOlder title\n-----------\n\nIts words.\n"
    )

    structure = read("asciidoc", text)

    assert structure.doc == "Guide\n\nRows hold cells, see the site."
    assert [(one.name, one.doc) for one in structure.symbols] == [
        ("Guide", "Rows hold cells, see the site."),
        ("Use rows", ""),
        ("Older title", "Its words."),
    ]
