"""What can be wrong with the lines of a file before any keyword is looked at."""

from havipcfg.syntax.problems.definitions import (
    condition_not_judged,
    construct_from_definition,
    endless_definition,
    interrupted_definition,
    invalid_sequence,
    line_outgrown,
    reference_without_braces,
    undefined_definition,
)
from havipcfg.syntax.problems.foreign import (
    foreign_comment,
    foreign_file,
    foreign_format,
    look_alike,
    pasted_shell,
)
from havipcfg.syntax.problems.includes import (
    expansion_limit,
    include_loop,
    include_not_opened,
    include_read_twice,
    include_skipped,
    problem_in_include,
)
from havipcfg.syntax.problems.lines import (
    escaped_comment_sign,
    line_continuation,
    line_too_long,
    nul_byte,
    unclosed_quote,
)
from havipcfg.syntax.problems.predefined import (
    environment_not_given,
    environment_without_name,
    invalid_random,
)
from havipcfg.syntax.problems.structure import (
    stray_brace,
    unclosed_block,
)

__all__ = [
    "condition_not_judged",
    "construct_from_definition",
    "endless_definition",
    "environment_not_given",
    "environment_without_name",
    "escaped_comment_sign",
    "expansion_limit",
    "foreign_comment",
    "foreign_file",
    "foreign_format",
    "include_loop",
    "include_not_opened",
    "include_read_twice",
    "include_skipped",
    "interrupted_definition",
    "invalid_random",
    "invalid_sequence",
    "line_continuation",
    "line_outgrown",
    "line_too_long",
    "look_alike",
    "nul_byte",
    "pasted_shell",
    "problem_in_include",
    "reference_without_braces",
    "stray_brace",
    "unclosed_block",
    "unclosed_quote",
    "undefined_definition",
]
