"""What can be wrong with a keyword or its value, by the file alone. Each function is one rule."""

from havipcfg.keepalived.problems.blocks import (
    empty_block,
    incomplete_block,
    missing_opening_brace,
    repeated_block,
    unexpected_block,
)
from havipcfg.keepalived.problems.entries import (
    deprecated_option,
    duplicate_entry,
    incomplete_entry,
    lost_word,
    unclosed_quote,
    untracked,
)
from havipcfg.keepalived.problems.keywords import (
    flag_not_off,
    ignored_words,
    missing_value,
    repeated_keyword,
    surplus_words,
    unknown_keyword,
)
from havipcfg.keepalived.problems.numbers import (
    not_a_number,
    out_of_range,
    too_many_decimals,
)
from havipcfg.keepalived.problems.options import (
    bad_key,
    bad_mac,
    bad_option_value,
    bad_prefix,
    conflicting_options,
    option_without_value,
    unknown_option,
)
from havipcfg.keepalived.problems.values import (
    consequence,
    interface_too_long,
    not_a_choice,
    not_an_address,
    not_link_local,
    not_multicast,
    too_long,
    wrong_family,
)
from havipcfg.keepalived.problems.versions import (
    deprecated_keyword,
    keyword_not_built,
    keyword_removed,
    keyword_too_new,
)

__all__ = [
    "bad_key",
    "bad_mac",
    "bad_option_value",
    "bad_prefix",
    "conflicting_options",
    "consequence",
    "deprecated_keyword",
    "deprecated_option",
    "duplicate_entry",
    "empty_block",
    "flag_not_off",
    "ignored_words",
    "incomplete_block",
    "incomplete_entry",
    "interface_too_long",
    "keyword_not_built",
    "keyword_removed",
    "keyword_too_new",
    "lost_word",
    "missing_opening_brace",
    "missing_value",
    "not_a_choice",
    "not_a_number",
    "not_an_address",
    "not_link_local",
    "not_multicast",
    "option_without_value",
    "out_of_range",
    "repeated_block",
    "repeated_keyword",
    "surplus_words",
    "too_long",
    "too_many_decimals",
    "unclosed_quote",
    "unexpected_block",
    "unknown_keyword",
    "unknown_option",
    "untracked",
    "wrong_family",
]
