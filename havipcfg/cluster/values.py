"""The kinds of value a cluster.yaml holds: addresses, names, commands, secrets.

Each accepts the short form an operator writes and the full one, and says in its own words
what is wrong with a value. The JSON Schema of both forms comes with the type.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_interface, ip_network
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    JsonValue,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from havipcfg.providers import UnknownProviderError, aliases, names, provider

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Block(BaseModel):
    """A mapping of the file: unknown keys are refused, values are taken as written."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


@dataclass(frozen=True, eq=False)
class Shorthand:
    """Another way to write a value: ``expand`` turns it into the full form."""

    expand: Callable[[object], object]
    schema: dict[str, Any]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.expand, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [self.schema, handler(schema)]}


def bad_value(message: str) -> PydanticCustomError:
    """An error for a value that the key cannot have; ``message`` is shown as it is."""
    return PydanticCustomError("bad_value", "{message}", {"message": message})


def wrong_type(message: str) -> PydanticCustomError:
    """An error for a value of the wrong kind; ``message`` is shown as it is."""
    return PydanticCustomError("wrong_type", "{message}", {"message": message})


def _address(value: object) -> object:
    if isinstance(value, IPv4Address | IPv6Address):
        return value
    if not isinstance(value, str):
        raise wrong_type("an IP address is expected")
    try:
        address = ip_address(value)
    except ValueError:
        pass
    else:
        if isinstance(address, IPv6Address) and address.scope_id:
            raise bad_value(f"{value} names an interface; write the address alone")
        return address
    try:
        ip_interface(value)
    except ValueError:
        raise bad_value(f"{value!r} is not an IP address") from None
    raise bad_value(f"{value} has a prefix length; write the address alone")


def _network(value: object) -> object:
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    if not isinstance(value, str):
        raise wrong_type("a CIDR block is expected, such as 10.0.1.0/24")
    try:
        network = ip_network(value, strict=False)
    except ValueError:
        raise bad_value(f"{value!r} is not a CIDR block such as 10.0.1.0/24") from None
    if "/" not in value:
        raise bad_value(f"{value} has no prefix length; a CIDR block is expected, such as {network.network_address}/24")
    try:
        ip_network(value)
    except ValueError:
        raise bad_value(f"{value} has bits set behind its prefix length; did you mean {network}?") from None
    return network


def _plain(value: str) -> str:
    found = CONTROL.search(value)
    if found is not None:
        raise bad_value(f"control character 0x{ord(found.group()):02x} in a value; keepalived reads line by line")
    return value


def _all_plain(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        _plain(value)
    elif isinstance(value, list):
        for item in value:
            _all_plain(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            _plain(key)
            _all_plain(item)
    return value


def _words(value: object) -> object:
    if isinstance(value, list):
        return [str(word) if isinstance(word, int) and not isinstance(word, bool) else word for word in value]
    if not isinstance(value, str):
        return value
    try:
        words = shlex.split(value)
    except ValueError as error:
        raise bad_value(f"the command cannot be split into words: {str(error).lower()}") from None
    if not words:
        raise bad_value("the command is empty")
    return words


def _provider(value: object) -> object:
    if not isinstance(value, str):
        raise wrong_type(f"the name of a provider is expected: {', '.join(names())}")
    try:
        return provider(value).name
    except UnknownProviderError as error:
        hint = f"; did you mean {error.nearest}? Known: " if error.nearest else "; known: "
        raise bad_value(f"no provider is called {value!r}{hint}{', '.join(names())}") from None


def under(key: str) -> Callable[[object], object]:
    """A short form that stands for one key of the full one."""
    return lambda value: value if isinstance(value, dict | list | BaseModel) or value is None else {key: value}


def listed(value: object) -> object:
    """A short form of a list: its only item."""
    return value if isinstance(value, list) or value is None else [value]


ADDRESS_SCHEMA = {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}], "pattern": "^[0-9A-Fa-f:.]+$"}
NETWORK_SCHEMA = {"type": "string", "pattern": "^[0-9A-Fa-f:.]+/[0-9]{1,3}$"}
COMMAND_SCHEMA = {
    "type": ["string", "array"],
    "items": {"type": ["string", "integer"]},
    "minLength": 1,
    "minItems": 1,
}
INTERFACE = r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$"
NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$"

Address = Annotated[IPv4Address | IPv6Address, BeforeValidator(_address), WithJsonSchema(ADDRESS_SCHEMA)]
Network = Annotated[IPv4Network | IPv6Network, BeforeValidator(_network), WithJsonSchema(NETWORK_SCHEMA)]
Text = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_plain)]
Name = Annotated[str, Field(pattern=NAME)]
Interface = Annotated[str, Field(pattern=INTERFACE)]
FilePath = Annotated[str, Field(pattern=r"^/[^\x00-\x1f]*$", max_length=1000), AfterValidator(_plain)]
Seconds = Annotated[float, Field(gt=0, le=86400, allow_inf_nan=False)]
Port = Annotated[int, Field(ge=1, le=65535)]
Priority = Annotated[int, Field(ge=1, le=254)]
VirtualRouterId = Annotated[int, Field(ge=1, le=255)]
Version = Annotated[str, Field(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
ProviderName = Annotated[
    str, BeforeValidator(_provider), WithJsonSchema({"type": "string", "enum": [*names(), *aliases()]})
]
Command = Annotated[list[Text], Shorthand(_words, COMMAND_SCHEMA), Field(min_length=1)]
Extra = Annotated[dict[str, JsonValue], AfterValidator(_all_plain)]


class SecretReference(Block):
    """Where a secret is read from when the configuration is generated; never the secret itself."""

    env: str | None = Field(
        default=None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="Name of an environment variable."
    )
    file: Text | None = Field(
        default=None,
        description="Path of a file that holds it, relative to cluster.yaml; its last line end is dropped.",
    )
    literal: Text | None = Field(
        default=None, repr=False, description="The secret itself: a warning, because it stands in the file."
    )


Secret = Annotated[SecretReference, Shorthand(under("literal"), {"type": "string", "minLength": 1})]
