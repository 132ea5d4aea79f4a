"""The pydantic model of a block, made from its declarations. Imported only where a block is made by hand."""

from __future__ import annotations

from importlib import import_module
from inspect import get_annotations
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from havipcfg.keepalived.declare import Block, Body, Declared


def model(block: type[Block]) -> type[BaseModel]:
    """A model with the types, defaults, constraints and sentences of a block's declarations."""
    fields: dict[str, Any] = {}
    for name, declared in block.declared().items():
        kind = declared.keyword.kind
        info = Field(declared.default, description=declared.keyword.doc, **kind.constraints())
        fields[name] = (_type(block, name, declared), info)
    config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, protected_namespaces=())
    made: type[BaseModel] = create_model(block.__name__, __config__=config, __doc__=block.__doc__, **fields)
    return made


def _type(block: type[Block], name: str, declared: Declared) -> Any:
    kind = declared.keyword.kind
    if isinstance(kind, Body):
        return tuple[kind.block, ...] if declared.default == () else kind.block | None  # type: ignore[name-defined]
    owner = next(each for each in block.__mro__ if name in get_annotations(each))
    annotation = get_annotations(owner)[name]
    return eval(annotation, vars(import_module(owner.__module__))) if isinstance(annotation, str) else annotation
