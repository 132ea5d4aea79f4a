"""conf"""

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
    from havipcfg.keepalived.tracking import TrackFile, VrrpScript, VrrpTrackFile, VrrpTrackProcess
    from havipcfg.keepalived.virtual_server import VirtualServer
    from havipcfg.keepalived.virtual_server_group import VirtualServerGroup
    from havipcfg.keepalived.vrrp_instance import VrrpInstance
    from havipcfg.keepalived.vrrp_sync_group import VrrpSyncGroup


class KeepalivedConf(Block):
    """A whole keepalived.conf."""

    linkbeat_use_polling: bool = keyword(
        "Poll link state of every interface (MII/ethtool/ioctl) instead of trusting netlink.",
        Flag(),
        default=False,
        since="1.1.18",
        scope="global",
        builds=("LINKBEAT",),
    )
    net_namespace: str | None = keyword(
        "Run the whole keepalived process inside this named network namespace; only effective at start, not on reload.",
        Word(),
        since="1.2.24",
        repeat="first",
        missing="reported",
        scope="global",
        note="NOTE:-t really joins the namespace; when that fails (unknown name) both binaries stop silently with exit status 0 and check nothing else",
    )
    net_namespace_ipvs: str | None = keyword(
        "Network namespace used for IPVS only; no argument selects the default namespace.",
        Word(),
        since="2.1.0",
        repeat="first",
        note=" MISS:means default namespace",
        scope="global",
    )
    namespace_with_ipsets: bool = keyword(
        "Permit ipsets together with a network namespace (needs kernel that separates ipsets per namespace).",
        Flag(),
        default=False,
        since="1.3.0",
        scope="global",
    )
    use_pid_dir: bool = keyword(
        "Store pid files in the keepalived run directory rather than directly in the run dir; implied by instance/net_namespace.",
        Flag(),
        default=False,
        since="1.2.24",
        scope="global",
    )
    instance: str | None = keyword(
        "Name for this keepalived process set (pid file names, syslog ident, dump files); not changeable on reload.",
        Word(),
        since="1.2.24",
        repeat="first",
        missing="reported",
        scope="global",
    )
    child_wait_time: int | None = keyword(
        "Seconds the parent waits for its children to end before killing them.",
        Unsigned(0, 4294967295),
        default=5,
        since="2.0.0",
        unit="seconds",
        scope="global",
    )
    global_defs: "GlobalDefs | None" = keyword(
        "Process-wide settings and defaults for the other blocks.",
        Body("havipcfg.keepalived.global_defs:GlobalDefs"),
        since="0.5.3",
        scope="global",
        repeat="merges",
    )
    track_group: "tuple[TrackGroup, ...]" = keyword(
        "Group of VRRP instances that follow static addresses/routes/rules naming it.",
        Body("havipcfg.keepalived.static:TrackGroup"),
        default=(),
        since="2.0.3",
        repeat="adds",
        missing="reported",
        surplus=True,
        unique=True,
    )
    static_ipaddress: tuple[VirtualAddress, ...] = keyword(
        "Addresses configured at start and removed at stop, independent of VRRP state.",
        Entries(AddressEntry(static=True)),
        default=(),
        since="1.1.0",
        repeat="adds",
    )
    static_routes: tuple[Route, ...] = keyword(
        "Routes configured at start.", Entries(RouteEntry(static=True)), default=(), since="1.0.1", repeat="adds"
    )
    static_rules: tuple[RoutingRule, ...] = keyword(
        "Policy rules configured at start.", Entries(RuleEntry(static=True)), default=(), since="1.2.20", repeat="adds"
    )
    vrrp_sync_group: "tuple[VrrpSyncGroup, ...]" = keyword(
        "Ties VRRP instances together so they change state as one.",
        Body("havipcfg.keepalived.vrrp_sync_group:VrrpSyncGroup"),
        default=(),
        since="0.6.1",
        repeat="adds",
        missing="reported",
        surplus=True,
        unique=True,
    )
    garp_group: "tuple[GarpGroup, ...]" = keyword(
        "Delays between gratuitous ARP/NA for an interface or set of interfaces.",
        Body("havipcfg.keepalived.static:GarpGroup"),
        default=(),
        since="1.2.21",
        repeat="adds",
    )
    linkbeat_interfaces: tuple[Linkbeat, ...] = keyword(
        "Interfaces whose link state is polled.",
        Entries(LinkbeatInterfaceEntry()),
        default=(),
        since="2.0.13",
        repeat="adds",
        builds=("LINKBEAT",),
    )
    vrrp_instance: "tuple[VrrpInstance, ...]" = keyword(
        "A VRRP virtual router.",
        Body("havipcfg.keepalived.vrrp_instance:VrrpInstance"),
        default=(),
        since="0.5.3",
        repeat="adds",
        missing="reported",
        surplus=True,
        unique=True,
    )
    vrrp_script: "tuple[VrrpScript, ...]" = keyword(
        "Script run periodically to influence VRRP instances.",
        Body("havipcfg.keepalived.tracking:VrrpScript"),
        default=(),
        since="1.1.13",
        repeat="adds",
    )
    vrrp_track_process: "tuple[VrrpTrackProcess, ...]" = keyword(
        "Monitor running processes.",
        Body("havipcfg.keepalived.tracking:VrrpTrackProcess"),
        default=(),
        since="2.0.11",
        repeat="adds",
        builds=("TRACK_PROCESS",),
    )
    interface_up_down_delays: tuple[InterfaceDelay, ...] = keyword(
        "Debounce delays for interface state changes.",
        Entries(InterfaceUpDownDelayEntry()),
        default=(),
        since="2.2.3",
        repeat="adds",
    )
    SSL: "Ssl | None" = keyword(
        "Client certificate settings for SSL_GET; a second block replaces the first with an error.",
        Body("havipcfg.keepalived.ssl:Ssl"),
        since="0.5.3",
        scope="checker",
        repeat="replaced",
    )
    virtual_server_group: "tuple[VirtualServerGroup, ...]" = keyword(
        "Addresses and firewall marks that share one virtual_server.",
        Named("havipcfg.keepalived.virtual_server_group:VirtualServerGroup", "services", VirtualServerGroupEntry()),
        default=(),
        since="1.0.2",
        repeat="adds",
        scope="checker",
    )
    virtual_server: "tuple[VirtualServer, ...]" = keyword(
        "IPVS virtual service.",
        Body("havipcfg.keepalived.virtual_server:VirtualServer"),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="checker",
    )
    bfd_instance: "tuple[BfdInstance, ...]" = keyword(
        "BFD session.",
        Body("havipcfg.keepalived.bfd:BfdInstance"),
        default=(),
        since="2.0.0",
        repeat="adds",
        unique=True,
        scope="bfd",
    )
    track_file: "tuple[TrackFile, ...]" = keyword(
        "File whose integer content influences VRRP priority or real server weight.",
        Body("havipcfg.keepalived.tracking:TrackFile"),
        default=(),
        since="2.1.0",
        repeat="adds",
        scope="vrrp+checker",
    )
    vrrp_track_file: "tuple[VrrpTrackFile, ...]" = keyword(
        "File whose integer content influences VRRP priority or real server weight.",
        Body("havipcfg.keepalived.tracking:VrrpTrackFile"),
        default=(),
        since="2.0.0",
        repeat="adds",
        alias_of="track_file",
        deprecated="track_file",
    )
