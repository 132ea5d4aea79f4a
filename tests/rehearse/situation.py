"""A situation to rehearse, and configurations for one: nodes that are alike but for what it is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.rehearse.clusters import VIP, member

SECOND_VIP = "198.51.100.51"


@dataclass(frozen=True)
class Situation:
    """Configurations by node, and the events; ``files`` are what ``reload`` reads. ``often``: played in every run."""

    texts: Mapping[str, str]
    events: str
    files: Mapping[str, str] = field(default_factory=dict)
    often: bool = False


def nodes(*priorities: int, check: bool = False, stays: bool = False, **options: object) -> dict[str, str]:
    """Configurations of nodes a, b, c, … with these priorities, else alike."""
    return {
        "abcdefgh"[number - 1]: member(
            number,
            priority,
            nodes=len(priorities),
            check=check,
            stays=stays,
            **options,  # type: ignore[arg-type]
        )
        for number, priority in enumerate(priorities, 1)
    }


def but(texts: dict[str, str], node: str, *changes: tuple[str, str]) -> dict[str, str]:
    """The same with text of one node replaced; all occurrences."""
    text = texts[node]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return {**texts, node: text}


def each(texts: dict[str, str], change: Callable[[str], str]) -> dict[str, str]:
    return {name: change(text) for name, text in texts.items()}


def weighted(texts: dict[str, str], weight: str) -> dict[str, str]:
    """The check of each node with a weight."""
    return each(texts, lambda text: text.replace("timeout 1", f"timeout 1\n    weight {weight}"))


def grouped(texts: dict[str, str], *, second: str = "", group: str = "") -> dict[str, str]:
    """Each node with a second instance on eth1 and a sync group of both."""

    def with_group(text: str) -> str:
        start = text.index("vrrp_instance")
        back = text[start:].replace("front", "back").replace("eth0", "eth1").replace("198.51.100.", "203.0.113.")
        back = back.replace("virtual_router_id 77", f"virtual_router_id 78\n    {second}")
        return (
            f"{text}{back}vrrp_sync_group both {{\n    group {{\n        front\n        back\n    }}\n    {group}\n}}\n"
        )

    return each(texts, with_group)


def crossed() -> dict[str, str]:
    """Two instances, each node preferred for one."""
    texts = {}
    for number, (own, other) in enumerate(((200, 50), (50, 200)), 1):
        second = member(number, other, check=False, stays=False)
        second = second[second.index("vrrp_instance") :].replace("front", "back").replace(VIP, SECOND_VIP)
        texts["ab"[number - 1]] = member(number, own, check=False, stays=False) + second.replace("77", "78")
    return texts


FILE = "vrrp_track_file load {{\n    file /srv/load\n    weight {}\n}}\n"
TRACK_FILE = "track_file {\n        load\n    }"
TRACK_LINK = "track_interface {{\n        eth7 {}\n    }}"
TWO = {"version": 2, "advert": 1}
LOW = {"a.low": member(1, 20, stays=False, check=False)}
SECRET = "authentication {\n        auth_type PASS\n        auth_pass secret\n    }"
