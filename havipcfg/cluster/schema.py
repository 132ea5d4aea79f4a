"""The JSON Schema of cluster.yaml, for editors and other programs."""

from __future__ import annotations

from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"
IDENTIFIER = "https://github.com/havipcfg/havipcfg/blob/main/docs/cluster.schema.json"


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of a cluster.yaml, short forms included; a new object every time."""
    from havipcfg.cluster.model import ClusterSpec

    body = ClusterSpec.model_json_schema(mode="validation")
    body["oneOf"] = [{"required": ["havips"]}, {"required": ["instances"]}]
    body["properties"]["nodes"]["minProperties"] = 2
    body["if"] = {"properties": {"additions": {"const": False}}, "required": ["additions"]}
    body["else"] = {"properties": {"nodes": {"additionalProperties": {"required": ["address"]}}}}
    check = body["$defs"]["Check"]
    check["oneOf"] = [{"required": [kind]} for kind in _kinds()]
    return {"$schema": DIALECT, "$id": IDENTIFIER, **_plain(body), "title": "cluster.yaml"}


def _kinds() -> tuple[str, ...]:
    from havipcfg.cluster.checks import CHECK_KINDS

    return CHECK_KINDS


def _plain(part: Any) -> Any:
    """Without generated titles and null defaults, which say nothing to a reader in an editor."""
    if isinstance(part, list):
        return [_plain(item) for item in part]
    if not isinstance(part, dict):
        return part
    named = part.get("properties") if isinstance(part.get("properties"), dict) else None
    kept = {
        key: _plain(value)
        for key, value in part.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and value in (None, [], {}))
    }
    if "patternProperties" in part:
        kept["additionalProperties"] = False
    if named is not None:
        kept["properties"] = {key: _plain(value) for key, value in named.items()}
    return kept
