"""Names that iproute2 brings for tables, scopes, protocols and the like; a host may add its own."""

from __future__ import annotations

import re
from collections.abc import Collection

TABLES = frozenset(["local", "main", "default", "unspec"])
SCOPES = frozenset(["global", "nowhere", "host", "link", "site"])
PROTOCOLS = frozenset([
    "unspec", "redirect", "kernel", "boot", "static", "gated", "ra", "mrt", "zebra", "bird", "dnrouted",
    "xorp", "ntk", "dhcp", "keepalived", "babel", "openr", "bgp", "isis", "ospf", "rip", "eigrp", "mrouted",
])  # fmt: skip
SERVICES = frozenset(
    ["default", "lowdelay", "throughput", "reliability", "mincost", "EF", "VOICE-ADMIT", "LE"]
    + [f"AF{kind}{drop}" for kind in range(1, 5) for drop in range(1, 4)]
    + [f"CS{kind}" for kind in range(8)]
)
GROUPS = frozenset(["default"])
IP_PROTOCOLS = frozenset([
    "ip", "icmp", "igmp", "ipip", "ipencap", "tcp", "egp", "udp", "dccp", "ipv6", "rsvp", "gre", "esp", "ah",
    "icmpv6", "ipv6-icmp", "ospf", "eigrp", "pim", "vrrp", "l2tp", "sctp", "udplite", "mpls-in-ip", "skip",
    "fc", "hopopt",
])  # fmt: skip
_NUMBER = re.compile(r"[+-]?(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")


def number(word: str) -> int | None:
    """A number as C reads it: decimal, octal with a leading 0, hexadecimal with 0x; None for another word."""
    if not _NUMBER.fullmatch(word):
        return None
    sign, digits = (-1, word[1:]) if word[0] == "-" else (1, word.lstrip("+"))
    octal = len(digits) > 1 and digits[0] == "0" and digits[1] not in "xX"
    return sign * int(digits, 8 if octal else 0)


def is_named(word: str, names: Collection[str], most: int | None) -> bool:
    """Whether a word is one of the names, or a number whose last 32 bits are at most ``most`` (None: any number)."""
    if word in names:
        return True
    value = number(word)
    return value is not None and (most is None or value % 2**32 <= most)
