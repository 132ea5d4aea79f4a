"""Settings of multicast instances, and settings that need another one."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import WARNING, Finding
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.edits import removal
from havipcfg.rules.registry import rule


@rule(
    "KC326", "multicast-group-with-unicast", WARNING, of=VrrpInstance, given="mcast_dst_ip", keepalived=True, fix="safe"
)
def multicast_group_with_unicast(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`mcast_dst_ip` together with unicast peers.

    ## What it does
    Reports a multicast group in an instance that has unicast peers.

    ## Why it matters
    keepalived ignores it: adverts go to the peers only.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        mcast_dst_ip 224.0.0.51     # expect: KC326
        unicast_src_ip 192.0.2.2
        unicast_peer {
            192.0.2.3
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Leave the line out.

    ## References
    - keepalived.conf(5), "mcast_dst_ip"
    """
    del context
    if instance.unicast_peer:
        yield Finding(
            instance.at("mcast_dst_ip"),
            f"{instance.name} has unicast peers, so keepalived ignores mcast_dst_ip",
            why="a node that listens to the group hears nothing",
            advice="leave mcast_dst_ip out",
            related=(Label(instance.at("unicast_peer"), "adverts go to these addresses"),),
            fix=removal("leave mcast_dst_ip out", instance.place("mcast_dst_ip")),
        )


@rule("KC327", "no-source-to-track", WARNING, of=VrrpInstance, given="track_src_ip", fix="safe")
def no_source_to_track(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`track_src_ip` without a source address.

    ## What it does
    Reports `track_src_ip` in an instance with neither `unicast_src_ip` nor `mcast_src_ip`.

    ## Why it matters
    There is nothing to track, and keepalived drops the line without a word.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        track_src_ip            # expect: KC327
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Give the address with `mcast_src_ip` or `unicast_src_ip`, or leave the line out.

    ## References
    - keepalived.conf(5), "track_src_ip"
    """
    del context
    if instance.place("unicast_src_ip") is None and instance.place("mcast_src_ip") is None:
        yield Finding(
            instance.at("track_src_ip"),
            f"{instance.name} names no source address to track",
            why="keepalived drops the line without a word",
            advice="add unicast_src_ip or mcast_src_ip with this node's own address, or leave the line out",
            fix=removal("leave track_src_ip out", instance.place("track_src_ip")),
        )


@rule("KC329", "vrf-with-interface", WARNING, of=VrrpInstance, given="vrf", keepalived=True, fix="safe")
def vrf_with_interface(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """`vrf` in an instance that has an interface.

    ## What it does
    Reports `vrf` together with `interface`.

    ## Why it matters
    keepalived ignores it: the interface says which VRF the instance is in.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        vrf blue                # expect: KC329
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Leave the line out.

    ## References
    - keepalived.conf(5), "vrf"
    """
    del context
    if instance.interface is not None:
        yield Finding(
            instance.at("vrf"),
            f"{instance.name} has an interface, so keepalived ignores vrf",
            why="the interface says which VRF the instance is in",
            advice="leave vrf out",
            related=(Label(instance.at("interface"), "the interface"),),
            fix=removal("leave vrf out", instance.place("vrf")),
        )
