"""The top level of keepalived.conf."""

from typing import TYPE_CHECKING

from havipcfg.keepalived.declare import Block, Body, Entries, Named, keyword
from havipcfg.keepalived.entries import InterfaceDelay, Linkbeat, Route, RoutingRule, VirtualAddress
from havipcfg.keepalived.lines import (
    AddressEntry,
    InterfaceUpDownDelayEntry,
    LinkbeatInterfaceEntry,
    RouteEntry,
    RuleEntry,
    VirtualServerGroupEntry,
)
from havipcfg.keepalived.values import Flag, Unsigned, Word

if TYPE_CHECKING:
    from havipcfg.keepalived.bfd import BfdInstance
    from havipcfg.keepalived.global_defs import GlobalDefs
    from havipcfg.keepalived.ssl import Ssl
    from havipcfg.keepalived.static import GarpGroup, TrackGroup
    from havipcfg.keepalived.tracking import TrackFile, VrrpScript, VrrpTrackProcess
    from havipcfg.keepalived.virtual_server import VirtualServer
    from havipcfg.keepalived.virtual_server_group import VirtualServerGroup
    from havipcfg.keepalived.vrrp_instance import VrrpInstance
    from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup


class KeepalivedConf(Block):
    """A whole keepalived.conf."""

    global_defs: "GlobalDefs | None" = keyword(
        "Settings of the processes, and defaults for the other blocks.",
        Body("havipcfg.keepalived.global_defs:GlobalDefs"),
        since="0.5.3",
        repeat="merges",
        scope="global",
    )
    net_namespace: str | None = keyword(
        "Network namespace that keepalived runs in; at its start only.",
        Word("NAMESPACE"),
        since="1.2.24",
        missing="reported",
        repeat="first",
        scope="global",
    )
    net_namespace_ipvs: str | None = keyword(
        "Network namespace of IPVS; without a name the default one.",
        Word("NAMESPACE", optional=""),
        since="2.1.0",
        repeat="first",
        scope="global",
    )
    namespace_with_ipsets: bool = keyword(
        "Allows ipsets together with a network namespace.",
        Flag(),
        default=False,
        since="1.3.0",
        scope="global",
    )
    instance: str | None = keyword(
        "Name of this keepalived where several run on a host.",
        Word(),
        since="1.2.24",
        missing="reported",
        repeat="first",
        scope="global",
    )
    use_pid_dir: bool = keyword(
        "Keeps pid files in a directory of their own.",
        Flag(),
        default=False,
        since="1.2.24",
        scope="global",
    )
    child_wait_time: int | None = keyword(
        "How long the parent waits for its children to end.",
        Unsigned(strict=True),
        default=5,
        since="2.0.0",
        unit="seconds",
        scope="global",
    )
    linkbeat_use_polling: bool = keyword(
        "Polls the link of every interface instead of waiting for the kernel's reports.",
        Flag(),
        default=False,
        since="1.1.18",
        scope="global",
        builds=("LINKBEAT",),
    )
    linkbeat_interfaces: tuple[Linkbeat, ...] = keyword(
        "Interfaces whose link is polled.",
        Entries(LinkbeatInterfaceEntry()),
        default=(),
        since="2.0.13",
        repeat="adds",
        builds=("LINKBEAT",),
    )
    interface_up_down_delays: tuple[InterfaceDelay, ...] = keyword(
        "How long an interface must be down or up before it counts.",
        Entries(InterfaceUpDownDelayEntry()),
        default=(),
        since="2.2.3",
        repeat="adds",
    )
    garp_group: "tuple[GarpGroup, ...]" = keyword(
        "Interfaces that share a gap between gratuitous ARPs.",
        Body("havipcfg.keepalived.static:GarpGroup"),
        default=(),
        since="1.2.21",
        repeat="adds",
    )
    track_group: "tuple[TrackGroup, ...]" = keyword(
        "Instances that static addresses, routes and rules follow.",
        Body("havipcfg.keepalived.static:TrackGroup"),
        default=(),
        since="2.0.3",
        missing="reported",
        repeat="adds",
        unique=True,
        surplus=True,
    )
    static_ipaddress: tuple[VirtualAddress, ...] = keyword(
        "Addresses set while keepalived runs.",
        Entries(AddressEntry(static=True)),
        default=(),
        since="1.1.0",
        repeat="adds",
    )
    static_routes: tuple[Route, ...] = keyword(
        "Routes set while keepalived runs.",
        Entries(RouteEntry(static=True)),
        default=(),
        since="1.0.1",
        repeat="adds",
    )
    static_rules: tuple[RoutingRule, ...] = keyword(
        "Routing rules set while keepalived runs.",
        Entries(RuleEntry(static=True)),
        default=(),
        since="1.2.20",
        repeat="adds",
    )
    vrrp_script: "tuple[VrrpScript, ...]" = keyword(
        "Commands whose result instances watch.",
        Body("havipcfg.keepalived.tracking:VrrpScript"),
        default=(),
        since="1.1.13",
        repeat="adds",
    )
    vrrp_track_process: "tuple[VrrpTrackProcess, ...]" = keyword(
        "Processes that instances watch.",
        Body("havipcfg.keepalived.tracking:VrrpTrackProcess"),
        default=(),
        since="2.0.11",
        repeat="adds",
        builds=("TRACK_PROCESS",),
    )
    track_file: "tuple[TrackFile, ...]" = keyword(
        "Files that instances and checkers watch.",
        Body("havipcfg.keepalived.tracking:TrackFile"),
        default=(),
        since="2.1.0",
        repeat="adds",
        scope="vrrp+checker",
    )
    vrrp_track_file: "tuple[TrackFile, ...]" = keyword(
        "Former name of track_file.",
        Body("havipcfg.keepalived.tracking:TrackFile"),
        default=(),
        since="2.0.0",
        deprecated="track_file",
        alias_of="track_file",
        repeat="adds",
    )
    bfd_instance: "tuple[BfdInstance, ...]" = keyword(
        "BFD sessions that instances and checkers watch.",
        Body("havipcfg.keepalived.bfd:BfdInstance"),
        default=(),
        since="2.0.0",
        repeat="adds",
        unique=True,
        scope="bfd",
    )
    vrrp_sync_group: "tuple[VrrpSyncGroup, ...]" = keyword(
        "Instances that change state together.",
        Body("havipcfg.keepalived.vrrp_sync_group:VrrpSyncGroup"),
        default=(),
        since="0.6.1",
        missing="reported",
        repeat="adds",
        unique=True,
        surplus=True,
    )
    vrrp_instance: "tuple[VrrpInstance, ...]" = keyword(
        "Virtual routers.",
        Body("havipcfg.keepalived.vrrp_instance:VrrpInstance"),
        default=(),
        since="0.5.3",
        missing="reported",
        repeat="adds",
        unique=True,
        surplus=True,
    )
    SSL: "Ssl | None" = keyword(
        "Client certificate of SSL_GET checks.",
        Body("havipcfg.keepalived.ssl:Ssl"),
        since="0.5.3",
        repeat="replaced",
        scope="checker",
    )
    virtual_server_group: "tuple[VirtualServerGroup, ...]" = keyword(
        "Addresses and firewall marks that share a virtual server.",
        Named("havipcfg.keepalived.virtual_server_group:VirtualServerGroup", "services", VirtualServerGroupEntry()),
        default=(),
        since="1.0.2",
        repeat="adds",
        surplus=True,
        scope="checker",
    )
    virtual_server: "tuple[VirtualServer, ...]" = keyword(
        "Virtual services of LVS.",
        Body("havipcfg.keepalived.virtual_server:VirtualServer"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
