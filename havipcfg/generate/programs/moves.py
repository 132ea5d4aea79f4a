"""Which addresses move.sh can move, and what it must be told for that.

The calls are in move.sh, one pair of functions for each row. Facts: botocore 1.44.5, tencentcloud-sdk-python-vpc
3.1.193, oci 2.189.0 and google-cloud-compute 1.57.0 (read 2026-11-23), and the clients' own manuals. The Alibaba row is
the ECS API's UnassignPrivateIpAddresses and AssignPrivateIpAddresses: no single call exists there, so the address is
nowhere for a moment. No row means that there is no such call: Linode and Vultr announce by BGP, on Azure a load
balancer is the right tool, Huawei, Baidu and Volcengine move their own HAVIP object by ARP.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MoveCall:
    """A way to move an address: the client it needs on the node, and the keys its section of move.data must hold.

    *repeated* keys may occur several times, at least once. ``peer`` is ``NAME ZONE`` for gcp and ``NAME`` otherwise.
    """

    tool: str
    keys: tuple[str, ...]
    repeated: tuple[str, ...] = ()


MOVES: dict[tuple[str, str], MoveCall] = {
    ("alibaba", "private"): MoveCall("aliyun", ("region", "vpc", "nic")),
    ("aws", "elastic"): MoveCall("aws", ("region", "id", "nic")),
    ("aws", "private"): MoveCall("aws", ("region", "nic")),
    ("aws", "route"): MoveCall("aws", ("region", "nic"), ("route_table",)),
    ("digitalocean", "elastic"): MoveCall("doctl", ("server",)),
    ("exoscale", "elastic"): MoveCall("exo", ("zone", "server"), ("peer",)),
    ("gcp", "alias"): MoveCall("gcloud", ("project", "zone", "server"), ("peer",)),
    ("gcp", "route"): MoveCall("gcloud", ("project", "zone", "server", "network", "id")),
    ("hetzner_cloud", "elastic"): MoveCall("hcloud", ("id", "server")),
    ("hetzner_robot", "failover"): MoveCall("curl", ("netrc", "server")),
    ("oci", "private"): MoveCall("oci", ("nic",)),
    ("openstack", "elastic"): MoveCall("openstack", ("nic",)),
    ("scaleway", "elastic"): MoveCall("scw", ("zone", "server")),
    ("tencent", "private"): MoveCall("tccli", ("region", "vpc", "nic")),
}
"""By provider (the keys of havipcfg's provider facts) and kind of address.

``private``: a secondary private address of a network interface. ``elastic``: a public address that the vendor calls
elastic, floating, reserved or flexible; *address* is that public address (aws: the private one behind it, *id* the
allocation). ``route``: an address outside the subnets that routes point to. ``alias``: an alias range of one address.
"""
