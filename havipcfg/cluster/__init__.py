"""cluster.yaml, and which configuration files form a cluster.

``load_cluster`` needs pydantic and a YAML reader, which are imported when it is called;
``Facts`` needs neither. Numbers: ``havipcfg.cluster.allocate``; JSON Schema:
``havipcfg.cluster.schema``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from havipcfg.cluster.facts import Facts, facts_from_options
    from havipcfg.cluster.file import ClusterFile
    from havipcfg.cluster.load import load_cluster

_HOMES = {
    "ClusterFile": "file",
    "Facts": "facts",
    "facts_from_options": "facts",
    "load_cluster": "load",
}

__all__ = ["ClusterFile", "Facts", "facts_from_options", "load_cluster"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
