"""Clusters that tests rehearse: adverts every 0.2 s, so that a failover takes less than a second."""

from collections.abc import Sequence

from havipcfg.keepalived.load import Reading, read
from havipcfg.keepalived.version import Version
from havipcfg.source import Source

Configurations = list[tuple[str, Reading]]
TARGET = Version(2, 2, 7)
VIP = "198.51.100.50"


def member(
    number: int,
    priority: int,
    *,
    nodes: int = 2,
    stays: bool = True,
    check: bool = True,
    extra: str = "",
    head: str = "",
    interface: str = "eth0",
    version: int = 3,
    advert: float = 0.2,
    unicast: bool = True,
    vips: Sequence[str] = (f"{VIP}/24",),
) -> str:
    """keepalived.conf of the node 198.51.100.1<number>, one of ``nodes``.

    ``extra`` are lines of the instance, ``head`` of global_defs.
    """
    peers = "\n".join(f"        198.51.100.{10 + n}" for n in range(1, nodes + 1) if n != number)
    speaks = f"unicast_src_ip 198.51.100.{10 + number}\n    unicast_peer {{\n{peers}\n    }}" if unicast else ""
    addresses = "\n        ".join(vips)
    return f"""
global_defs {{
    router_id node{number}
    {head}
}}
vrrp_script alive {{
    script "/opt/app/bin/alive --quick"
    user app
    interval 1
    timeout 1
}}
vrrp_instance front {{
    state BACKUP
    interface {interface}
    virtual_router_id 77
    version {version}
    advert_int {advert}
    priority {priority}
    {"nopreempt" if stays else ""}
    {speaks}
    virtual_ipaddress {{
        {addresses}
    }}
    {"track_script {" + chr(10) + "        alive" + chr(10) + "    }" if check else ""}
    notify_master "/opt/app/bin/tell master"
    {extra}
}}
"""


def reading(name: str, text: str) -> Reading:
    return read(Source(f"{name}.conf", text), TARGET)


def cluster(**texts: str) -> Configurations:
    return [(name, reading(name, text)) for name, text in texts.items()]
