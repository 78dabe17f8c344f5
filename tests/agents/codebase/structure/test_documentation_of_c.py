"""Where C and C++ keep the documentation of a symbol, and what of it is for readers."""

from __future__ import annotations

import pytest

from tests.agents.codebase.structure.reading import docs


@pytest.mark.parametrize("mark", ["\\", "@"])
def test_a_reference_to_a_section_of_the_file_reads_as_the_section_is_called(mark: str) -> None:
    text = (
        f"/** {mark}page lib_mt Threads and I/O\n * All of it.\n */\n"
        f'/**\n * See {mark}ref lib_mt, {mark}ref lib_mt "here" and {mark}ref other.\n * Or {mark}ref flags::LIB_A\n'
        ' * "LIB_A" instead.\n */\nvoid go(void);\n'
    )

    assert docs("c", text)["go"] == "See Threads and I/O, here and `other`. Or LIB_A instead."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "/** Gives one. */\n#ifdef T\n/** \\note Safe. */\n#endif\n/** \\return One. */\nint one(void);\n",
            {"one": "Gives one.\n\nNote: Safe.\n\nReturns: One."},
        ),
        (
            "/** A status. */\n/* If it is defined,\n * not twice. */\n#ifndef LIB_OK\ntypedef int status_t;\n#endif\n",
            {"status_t": "A status."},
        ),
        (
            "#define LIB_BITS 16\n/**< How many bits.\n *\n * In all. */\nint a;\n",
            {"LIB_BITS": "How many bits.\n\nIn all."},
        ),
        (
            "#define LIB_TAG 0x02 /**< A short tag,\n                for one. */\nint a;\n",
            {"LIB_TAG": "A short tag, for one."},
        ),
        ("/** \\} end of the group */\n\nint a;\n", {}),
        ("/// @} end of the group\nint a;\n", {}),
    ],
    ids=[
        "conditions between",
        "a remark between",
        "below",
        "behind a macro",
        "a group's end",
        "a group's end in a line",
    ],
)
def test_documentation_of_c_is_found_over_conditions_and_remarks(text: str, said: dict[str, str]) -> None:
    assert docs("c", text) == said


def test_what_doxygen_keeps_from_readers_is_not_shown_unless_it_is_all() -> None:
    text = (
        "/** Gets. @internal\n * @param a b */\nint get(int a);\n/** @internal Sets. */\nint set(int a);\n"
        "/** Goes. \\internal Slowly. \\endinternal On. */\nint go(int a);\n"
    )

    assert docs("c", text) == {"get": "Gets.", "set": "Sets.", "go": "Goes. On."}
