"""A cluster.yaml as text: keys in the order given, small mappings on one line, comments above keys."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from typing import Any

WIDTH = 100
"""Mappings and lists up to so many characters stand on one line."""


def yaml_text(data: Mapping[str, Any], remarks: Mapping[str, str]) -> str:
    """The text; ``remarks`` are comments by key of the top level."""
    from ruamel.yaml import YAML

    writer = YAML()
    writer.width = 4096
    writer.indent(mapping=2, sequence=4, offset=2)
    root = _node(data, 0)
    root.fa.set_block_style()
    for key, remark in remarks.items():
        if key in root:
            root.yaml_set_comment_before_after_key(key, before=remark)
    stream = StringIO()
    writer.dump(root, stream)
    return stream.getvalue()


def _node(value: Any, depth: int) -> Any:
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    if isinstance(value, Mapping):
        node: Any = CommentedMap()
        for key, item in value.items():
            node[key] = _node(item, depth + 1)
        if depth > 1 and _short(value, depth):
            node.fa.set_flow_style()
        return node
    if isinstance(value, list):
        node = CommentedSeq([_node(item, depth + 1) for item in value])
        if _short(value, depth):
            node.fa.set_flow_style()
        return node
    return _scalar(value)


def _short(value: Any, depth: int) -> bool:
    return len(str(value)) + 2 * depth < WIDTH and "\n" not in str(value)


def _scalar(value: Any) -> Any:
    """Text that could be taken for a number or a word of YAML is quoted."""
    from havipcfg.cluster.document import reads_as_text

    if not isinstance(value, str) or (reads_as_text(value) and not set(value) & set("{}[],&*#?|<>=!%@`:\"'\\")):
        return value
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    return DoubleQuotedScalarString(value)
