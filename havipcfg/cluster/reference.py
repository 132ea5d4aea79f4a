"""The reference of cluster.yaml as Markdown, from the descriptions of its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

HEAD = """\
# cluster.yaml

What an operator says of a cluster; `havipcfg generate` makes the files of its nodes. The smallest one:

```yaml
provider: tencent
subnet: 10.0.1.0/24
havips: [10.0.1.100]
nodes:
  web-a: {address: 10.0.1.11, interface: eth0}
  web-b: {address: 10.0.1.12, interface: eth0}
checks:
  web: {tcp: 80}
```

| task | what to write |
|---|---|
| return to a preferred node | `prefer: web-a`; `preempt_delay: 30` waits before it takes the address back |
| active and active | `instances:` with `prefer:` of different nodes, in place of `havips:` |
| two addresses that move together | both in `havips:`; on two interfaces: two `instances:` in one of `sync_groups:` |
| IPv6 | a second `subnet:`, a second `address:` of each node, an instance with the IPv6 HAVIP |
| a password | `authentication: {password: {file: web.password}}`; IPv6 has none |
| a check that only lowers the node | `on_failure: lower`, with `prefer:` |
| a keyword that is not here | `extra: {garp_master_refresh: 30}` in an instance; `false` takes one away |
| one node that differs | `overrides:` in that node |

Further keywords under `extra:` are keepalived's own, and are checked as the rest. A value stands behind its keyword,
`true` gives a keyword without a value, a list one line for each item, a mapping a block; the name of a block belongs to
its key:

```yaml
extra:
  global_defs: {smtp_server: 192.0.2.25, process_names: true}
  static_routes: [198.51.100.0/24 via 10.0.1.1 dev eth0]
  virtual_server 10.0.1.100 80:
    protocol: TCP
    lb_algo: rr
    lb_kind: NAT
    real_server 10.0.1.21 80: {TCP_CHECK: {connect_timeout: 3}}
    real_server 10.0.1.22 80: {TCP_CHECK: {connect_timeout: 3}}
```

`false` takes away what would stand there, and a list that begins with `false` takes its place
([import.md](import.md)).

`havipcfg init` asks for the first file, `havipcfg import` makes one of configurations that run, `havipcfg
schema` prints the JSON Schema for editors. What was made is linted and proven before it is written.
"""


def reference() -> str:
    """The page: tasks, then a table of keys for each kind of mapping."""
    from havipcfg.cluster.schema import schema

    body = schema()
    parts = [HEAD, *_section("The file", body)]
    for name, definition in sorted(body["$defs"].items()):
        if definition.get("properties"):
            parts += _section(name, definition)
    return "\n".join(parts)


def _section(title: str, body: dict[str, Any]) -> Iterator[str]:
    yield f"## {title}\n"
    if body.get("description"):
        yield f"{' '.join(str(body['description']).split())}\n"
    yield "| key | value | meaning |\n|---|---|---|"
    required = body.get("required", ())
    for key, part in body["properties"].items():
        name = f"`{key}`" + (", needed" if key in required else "")
        default = part.get("default")
        said = (
            f" Default: `{str(default).lower() if isinstance(default, bool) else default}`."
            if default is not None and default not in ({}, [])
            else ""
        )
        meaning = " ".join(str(part.get("description", "")).split()).replace("|", "\\|")
        yield f"| {name} | {_kind(part)} | {meaning}{said} |"
    yield ""


def _kind(part: dict[str, Any]) -> str:
    """What a key takes, in a few words."""
    if "$ref" in part:
        name = str(part["$ref"]).rsplit("/", 1)[1]
        if name == "JsonValue":
            return "value"
        return f"[{name}](#{name.lower()})"
    if "enum" in part and len(part["enum"]) <= 6:
        return " or ".join(f"`{each}`" for each in part["enum"])
    for union in ("anyOf", "oneOf"):
        if union in part and part.get("type") != "string":
            kinds = [_kind(each) for each in part[union] if each.get("type") != "null"]
            return " or ".join(dict.fromkeys(filter(None, kinds)))
    kind = part.get("type")
    if kind == "array":
        return f"list of {_kind(part['items'])}" if part.get("items") else "list"
    if kind == "object":
        values = part.get("additionalProperties")
        inner = next(iter(part.get("patternProperties", {}).values()), values)
        return f"mapping of {_kind(inner)}" if isinstance(inner, dict) and inner else "mapping"
    if kind in ("integer", "number") and "minimum" in part and "maximum" in part:
        return f"{part['minimum']:g} to {part['maximum']:g}"
    words = {"string": "text", "integer": "number", "number": "number", "boolean": "`true` or `false`"}
    return " or ".join(words.get(each, each) for each in (kind if isinstance(kind, list) else [kind or "any"]))
