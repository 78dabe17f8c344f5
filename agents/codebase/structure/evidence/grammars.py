"""Which nodes of each language's tree are sites and scopes: one query per language, run in C by tree-sitter."""

from __future__ import annotations

_JAVASCRIPT = """
(call_expression) @call (new_expression) @call
(assignment_expression) @assign (augmented_assignment_expression) @assign (variable_declarator value: (_)) @assign
(pair) @pair
(for_statement) @loop (for_in_statement) @loop (while_statement) @loop (do_statement) @loop
(function_declaration) @function (function_expression) @function (arrow_function) @function
(method_definition) @function (generator_function_declaration) @function
(import_statement) @import
(variable_declarator value: (call_expression function: (identifier) @required (#eq? @required "require"))) @import
"""
_JSX = "\n(jsx_attribute) @pair"
_C = """
(call_expression) @call (assignment_expression) @assign
(for_statement) @loop (while_statement) @loop (do_statement) @loop (function_definition) @function
"""

QUERIES = {
    "python": """
        (call) @call (assignment right: (_)) @assign (augmented_assignment) @assign (comparison_operator) @compare
        (for_statement) @loop (while_statement) @loop (list_comprehension) @loop (set_comprehension) @loop
        (dictionary_comprehension) @loop (generator_expression) @loop
        (function_definition) @function (lambda) @function
        (import_statement) @import (import_from_statement) @import
        """,
    "javascript": _JAVASCRIPT + _JSX,
    "typescript": _JAVASCRIPT,
    "tsx": _JAVASCRIPT + _JSX,
    "go": """
        (call_expression) @call (assignment_statement) @assign (short_var_declaration) @assign (keyed_element) @pair
        (for_statement) @loop (defer_statement) @node
        (function_declaration) @function (method_declaration) @function (func_literal) @function
        """,
    "java": """
        (method_invocation) @call (object_creation_expression) @call (assignment_expression) @assign
        (variable_declarator value: (_)) @assign
        (for_statement) @loop (enhanced_for_statement) @loop (while_statement) @loop (do_statement) @loop
        (method_declaration) @function (constructor_declaration) @function (lambda_expression) @function
        """,
    "kotlin": """
        (call_expression) @call (assignment) @assign (property_declaration) @assign
        (for_statement) @loop (while_statement) @loop
        (function_declaration) @function (lambda_literal) @function
        """,
    "csharp": """
        (invocation_expression) @call (object_creation_expression) @call (assignment_expression) @assign
        (variable_declarator (_) (_)) @assign
        (for_statement) @loop (foreach_statement) @loop (while_statement) @loop (unsafe_statement) @node
        (method_declaration) @function (local_function_statement) @function (lambda_expression) @function
        """,
    "php": """
        (function_call_expression) @call (member_call_expression) @call (scoped_call_expression) @call
        (object_creation_expression) @call (assignment_expression) @assign (augmented_assignment_expression) @assign
        (echo_statement) @node (include_expression) @node (include_once_expression) @node (require_expression) @node
        (require_once_expression) @node (shell_command_expression) @node
        (for_statement) @loop (foreach_statement) @loop (while_statement) @loop (do_statement) @loop
        (function_definition) @function (method_declaration) @function (anonymous_function) @function
        """,
    "ruby": """
        (call) @call (assignment) @assign (pair) @pair (subshell) @node
        (while) @loop (until) @loop (for) @loop
        (call method: (identifier) @required block: (_)
          (#any-of? @required "each" "each_with_index" "each_pair" "each_slice" "find_each" "times" "upto" "map"
            "flat_map" "each_with_object" "select" "reject")) @loop
        (method) @function (singleton_method) @function
        """,
    "rust": """
        (call_expression) @call (unsafe_block) @node
        (for_expression) @loop (while_expression) @loop (loop_expression) @loop
        (function_item) @function (closure_expression) @function
        """,
    "c": _C,
    "cpp": _C + "(for_range_loop) @loop (lambda_expression) @function",
    "bash": "(command) @call (pipeline) @node (function_definition) @function",
}
