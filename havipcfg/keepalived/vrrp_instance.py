"""vrrp_instance"""

from typing import Any

from havipcfg.keepalived.declare import Block, Body, Entries, header, keyword
from havipcfg.keepalived.entries import Route, RoutingRule, ScriptCommand, Tracker, UnicastPeer, VirtualAddress
from havipcfg.keepalived.lines import (
    AddressEntry,
    RouteEntry,
    RuleEntry,
    TrackBfdEntry,
    TrackFileEntry,
    TrackInterfaceEntry,
    TrackProcessEntry,
    TrackScriptEntry,
    UnicastPeerEntry,
)
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Address, Bool, Choice, Flag, Integer, Interface, Seconds, Unsigned, Word, Words


class VrrpInstance(Block):
    """A VRRP virtual router."""

    # HEADER vrrp_instance <name>
    name: str = header("The name that the rest of the file uses for it.", Word())
    track_interface: tuple[Tracker, ...] = keyword(
        "Interfaces that influence the instance.",
        Entries(TrackInterfaceEntry()),
        default=(),
        since="1.0.1",
        repeat="adds",
    )
    track_script: tuple[Tracker, ...] = keyword(
        "vrrp_script blocks that influence the instance.",
        Entries(TrackScriptEntry()),
        default=(),
        since="1.1.13",
        repeat="adds",
    )
    track_file: tuple[Tracker, ...] = keyword(
        "track_file blocks that influence the instance.",
        Entries(TrackFileEntry()),
        default=(),
        since="2.0.0",
        repeat="adds",
    )
    track_process: tuple[Tracker, ...] = keyword(
        "vrrp_track_process blocks that influence the instance.",
        Entries(TrackProcessEntry()),
        default=(),
        since="2.0.11",
        repeat="adds",
        builds=("TRACK_PROCESS",),
    )
    track_bfd: tuple[Tracker, ...] = keyword(
        "bfd_instance blocks that influence the instance.",
        Entries(TrackBfdEntry()),
        default=(),
        since="2.0.0",
        repeat="adds",
        builds=("BFD",),
    )
    notify_backup: ScriptCommand | None = keyword(
        "Script run on entering BACKUP.", Script(with_user=True), since="0.5.9", repeat="first"
    )
    notify_master: ScriptCommand | None = keyword(
        "Script run on entering MASTER.", Script(with_user=True), since="0.5.9", repeat="first"
    )
    notify_fault: ScriptCommand | None = keyword(
        "Script run on entering FAULT.", Script(with_user=True), since="0.5.9", repeat="first"
    )
    notify_stop: ScriptCommand | None = keyword(
        "Script run on stopping VRRP.", Script(with_user=True), since="1.1.13", repeat="first"
    )
    notify: ScriptCommand | None = keyword(
        "Script run after the specific ones for any transition, with 4 extra arguments (INSTANCE|GROUP, name, state, priority).",
        Script(with_user=True),
        since="0.5.3",
        repeat="first",
    )
    smtp_alert: bool | None = keyword(
        "Send mail on state changes.",
        Bool(),
        since="0.5.7",
        default_note="global smtp_alert_vrrp, else smtp_alert, else false",
    )
    notify_priority_changes: bool | None = keyword(
        "Also report priority changes on the FIFOs.",
        Bool(),
        since="2.0.16",
        default_note="sync group value, else global vrrp_notify_priority_changes",
    )
    use_vmac: Any = keyword(
        "Run the instance on a macvlan with the VRRP virtual MAC.",
        Words("[[name] <ifname>] [<mac 5 or 6 octets>] [netlink_notify_msg] [group <group name|number>]"),
        since="1.2.3",
        note="BAD:error; that item ignored NOTE:5 octets: VRID is the 6th. Multicast MACs and the RFC5798 prefix 00:00:5e:00:01/02 are refused. Requires an Ethernet interface.",
        builds=("VRRP_VMAC",),
    )
    use_vmac_addr: bool = keyword(
        "Create VMACs also for VIPs on other interfaces/address families.",
        Flag(),
        default=False,
        since="2.2.0",
        builds=("VRRP_VMAC",),
    )
    vmac_xmit_base: bool = keyword(
        "Send adverts from the base interface instead of the VMAC (required, and forced, with unicast peers).",
        Flag(),
        default=False,
        since="1.2.10",
        builds=("VRRP_VMAC",),
    )
    use_ipvlan: Any = keyword(
        "Run the instance on an L2 ipvlan interface.",
        Words("[[name] <ifname>] [<ip[/prefix]>] [bridge|private|vepa] [group <group name|number>]"),
        since="2.0.17",
        repeat="first",
        builds=("VRRP_IPVLAN",),
        note="NOTE:IPv4 needs an address, otherwise the instance is put in FAULT; default mode bridge",
    )
    unicast_peer: tuple[UnicastPeer, ...] = keyword(
        "Peers that get unicast adverts instead of multicast.",
        Entries(UnicastPeerEntry()),
        default=(),
        since="1.2.8",
        repeat="adds",
    )
    unicast_fault_no_peer: bool = keyword(
        "Go to FAULT instead of falling back to multicast when no unicast_peer exists.",
        Flag(),
        default=False,
        since="2.2.5",
    )
    check_unicast_src: bool = keyword(
        "Verify that unicast adverts come from a configured peer.", Flag(), default=False, since="2.1.0"
    )
    old_unicast_checksum: str | None = keyword(
        "Use the pre-1.3.7 VRRPv3 unicast checksum; never disables auto detection.",
        Choice("never"),
        since="1.3.7",
        note=" MISS:forces the old checksum",
        builds=("OLD_CHKSUM_COMPAT",),
        default_note="auto detect",
    )
    native_ipv6: bool = keyword(
        "Force IPv6 (and VRRPv3); not needed as VIPs decide the family.",
        Flag(),
        default=False,
        since="1.2.1",
        deprecated="family is taken from the addresses",
    )
    state: str | None = keyword(
        "Initial state.",
        Choice("MASTER", "BACKUP"),
        since="0.5.3",
        note=" BAD:error; BACKUP used",
        default_note="MASTER when priority is 255, else BACKUP",
    )
    interface: str | None = keyword(
        "Interface the instance runs on (name up to 15 characters, loopback refused).",
        Interface(),
        since="0.5.3",
        note=" BAD:error; instance has no interface (then usually fatal)",
        required=True,
    )
    vrf: str | None = keyword(
        "VRF device for unicast instances without interface.",
        Interface(),
        since="2.2.5",
        repeat="first",
        builds=("VRF",),
    )
    dont_track_primary: bool = keyword(
        "Ignore the state of the instance interface.", Flag(), default=False, since="1.1.8"
    )
    mcast_src_ip: str | None = keyword(
        "Source address of multicast adverts.",
        Address(),
        since="0.6.1",
        default_note="primary address of the interface",
    )
    unicast_src_ip: str | None = keyword(
        "Source address of unicast adverts (marks the instance as unicast).",
        Address(),
        since="1.2.10",
        default_note="primary address of the interface",
    )
    mcast_dst_ip: str | None = keyword(
        "Multicast destination address (IPv6 must be link-local scope).",
        Address(multicast=True),
        since="2.2.5",
        default_note="vrrp_mcast_group4/6",
    )
    track_src_ip: bool = keyword(
        "FAULT when the configured source address is missing.", Flag(), default=False, since="2.0.0"
    )
    virtual_router_id: int | None = keyword(
        "VRID.",
        Unsigned(1, 255),
        since="0.5.3",
        note="OOR:error; ignored - the missing VRID is then fatal for the whole VRRP configuration",
        required=True,
    )
    unicast_ttl: int | None = keyword(
        "TTL/hop limit of unicast adverts.",
        Unsigned(0, 255),
        since="2.1.0",
        default_note="255 (IPv4), kernel default (IPv6)",
    )
    version: int | None = keyword(
        "VRRP protocol version.",
        Integer(2, 3),
        since="1.2.17",
        default_note="global vrrp_version (2); 3 for IPv6",
        note="NOTE:a second, different version or version 2 after IPv6 addresses is refused with an error",
    )
    priority: int | None = keyword(
        "Base priority; 255 = address owner.",
        Unsigned(1, 255),
        since="0.5.3",
        beyond=100,
        default_note="255 with state MASTER, else 100",
    )
    advert_int: float | None = keyword(
        "Advert interval; VRRPv2 rounds to whole seconds, VRRPv3 to 10 ms and at most 40.95.",
        Seconds("0.01", "255", 6),
        default=1,
        since="0.5.3",
        unit="seconds",
    )
    virtual_ipaddress: tuple[VirtualAddress, ...] = keyword(
        "VIPs that are advertised and added when MASTER.",
        Entries(AddressEntry()),
        default=(),
        since="0.5.3",
        repeat="adds",
        required=True,
    )
    virtual_ipaddress_excluded: tuple[VirtualAddress, ...] = keyword(
        "Extra addresses added when MASTER but not advertised; may mix address families.",
        Entries(AddressEntry()),
        default=(),
        since="0.5.9",
        repeat="adds",
    )
    no_virtual_ipaddress: bool = keyword("Accept an instance without VIPs.", Flag(), default=False, since="2.2.8")
    promote_secondaries: bool = keyword(
        "Set promote_secondaries on the interface (redundant with a VMAC).", Flag(), default=False, since="1.3.0"
    )
    linkbeat_use_polling: bool = keyword(
        "Poll the link of the instance interface.",
        Flag(),
        default=False,
        since="2.0.0",
        builds=("LINKBEAT",),
        deprecated="linkbeat_interfaces block",
        deprecation_reported=True,
    )
    v3_checksum_as_v2: bool | None = keyword(
        "Leave the pseudo header out of the VRRPv3 IPv4 checksum.",
        Bool(),
        since="2.2.8",
        default_note="global v3_checksum_as_v2",
    )
    virtual_routes: tuple[Route, ...] = keyword(
        "Routes added when MASTER.", Entries(RouteEntry()), default=(), since="1.0.1", repeat="adds"
    )
    virtual_rules: tuple[RoutingRule, ...] = keyword(
        "Policy rules added when MASTER.", Entries(RuleEntry()), default=(), since="1.2.20", repeat="adds"
    )
    accept: bool = keyword(
        "Accept packets addressed to VIPs when not address owner.", Flag(), default=False, since="1.2.17"
    )
    no_accept: bool = keyword(
        "Drop packets addressed to VIPs when not address owner.",
        Flag(),
        default=False,
        since="1.3.0",
        builds=("NFTABLES or IPTABLES",),
    )
    skip_check_adv_addr: bool | None = keyword(
        "Skip checking the address list when the advert comes from the same master as before.",
        Bool(),
        since="1.2.20",
        default_note="global vrrp_skip_check_adv_addr",
        note='NOTE:2.4.3 handler sets the flag for any valid boolean: "skip_check_adv_addr off" turns it ON',
    )
    strict_mode: bool | None = keyword(
        "Strict VRRP compliance for this instance.", Bool(), since="1.2.20", default_note="global vrrp_strict"
    )
    preempt: bool = keyword("Undo nopreempt (compatibility).", Flag(), default=False, since="0.5.3")
    nopreempt: bool = keyword(
        "Do not take over from a lower priority master; needs initial state BACKUP.",
        Flag(),
        default=False,
        since="1.1.8",
    )
    preempt_delay: float | None = keyword(
        "Delay before preempting a lower priority master; needs initial state BACKUP.",
        Seconds("0", "1000", 6),
        default=0,
        since="1.1.8",
        beyond=0,
        unit="seconds",
    )
    debug: int | None = keyword("Debug level (not used).", Unsigned(0, 4), default=0, since="0.5.3")
    notify_deleted: ScriptCommand | None = keyword(
        "Report DELETED instead of FAULT when the instance is removed by a reload; optional script.",
        Script(with_user=True),
        since="2.1.0",
        repeat="first",
    )
    notify_master_rx_lower_pri: ScriptCommand | None = keyword(
        "Script run when a master receives a lower priority advert.",
        Script(with_user=True),
        since="2.0.6",
        repeat="first",
    )
    lvs_sync_daemon_interface: str | None = keyword(
        "Old per-instance form of global lvs_sync_daemon.",
        Interface(),
        since="0.5.5",
        repeat="keeps first",
        builds=(),
        deprecated="global_defs lvs_sync_daemon",
        deprecation_reported=True,
    )
    garp_master_delay: int | None = keyword(
        "Delay before second gratuitous ARP burst.",
        Unsigned(0, 4294),
        since="0.7.1",
        unit="seconds",
        default_note="vrrp_garp_master_delay (5)",
    )
    garp_master_refresh: int | None = keyword(
        "Interval of gratuitous ARP refresh while master; 0 = never.",
        Unsigned(0, 4294967295),
        since="1.2.10",
        beyond=0,
        unit="seconds",
        default_note="vrrp_garp_master_refresh (0)",
    )
    garp_master_repeat: int | None = keyword(
        "Gratuitous ARPs per burst.",
        Unsigned(0, 4294967295),
        since="1.2.14",
        note="OOR:0 gives an error and becomes 1; above maximum error, ignored",
        default_note="vrrp_garp_master_repeat (5)",
    )
    garp_master_refresh_repeat: int | None = keyword(
        "Gratuitous ARPs per refresh.",
        Unsigned(0, 4294967295),
        since="1.2.14",
        note="OOR:0 gives an error and becomes 1; above maximum error, ignored",
        default_note="vrrp_garp_master_refresh_repeat (1)",
    )
    garp_lower_prio_delay: int | None = keyword(
        "Delay before second burst after a lower priority advert.",
        Unsigned(0, 4294),
        since="1.2.20",
        unit="seconds",
        default_note="vrrp_garp_lower_prio_delay; 0 in strict mode",
    )
    garp_lower_prio_repeat: int | None = keyword(
        "Gratuitous ARPs per burst after a lower priority advert.",
        Unsigned(0, 2147483647),
        since="1.2.20",
        default_note="vrrp_garp_lower_prio_repeat; 0 in strict mode",
    )
    down_timer_adverts: int | None = keyword(
        "Number of missed advert intervals before taking over.",
        Unsigned(1, 100),
        since="2.2.3",
        default_note="vrrp_down_timer_adverts (3)",
    )
    timer_expired_backup: int | None = keyword(
        "With nopreempt: fall back to BACKUP when keepalived ran so late that a peer of at most this priority could have taken over.",
        Unsigned(1, 254),
        since="2.2.8",
        note=" MISS:254",
        default_note="off; 254 without argument",
    )
    thread_timer_expired: int | None = keyword(
        "Misnamed form of timer_expired_backup.",
        Unsigned(1, 254),
        since="2.3.2",
        note=" MISS:254",
        alias_of="timer_expired_backup",
        deprecated="timer_expired_backup",
        deprecation_reported=True,
    )
    garp_extra_if: Any = keyword(
        "Periodic GARP/NA on interfaces of VIPs other than the instance interface; 0 disables.",
        Words("[all] <0..86400>"),
        since="2.2.3",
        missing="reported",
        unit="seconds",
        builds=("VRRP_VMAC",),
        default_note="vrrp_garp_extra_if",
    )
    vmac_garp_intvl: Any = keyword(
        "Old name of garp_extra_if.",
        Words("[all] <0..86400>"),
        since="2.2.0",
        missing="reported",
        unit="seconds",
        builds=("VRRP_VMAC",),
        alias_of="garp_extra_if",
        deprecated="garp_extra_if",
        deprecation_reported=True,
    )
    lower_prio_no_advert: bool | None = keyword(
        "Do not answer a lower priority advert.",
        Bool(),
        since="1.2.20",
        default_note="vrrp_lower_prio_no_advert; true in strict mode",
    )
    higher_prio_send_advert: bool | None = keyword(
        "Send one more advert before yielding to a higher priority master.",
        Bool(),
        since="1.3.5",
        default_note="vrrp_higher_prio_send_advert; false in strict mode",
    )
    owner_ignore_adverts: bool | None = keyword(
        "Address owner (priority 255) ignores received adverts.",
        Bool(),
        since="2.3.3",
        default_note="vrrp_owner_ignore_adverts for the owner (true in strict mode), else false",
    )
    kernel_rx_buf_size: int | None = keyword(
        "Receive buffer size of the VRRP socket.",
        Unsigned(0, 4294967295),
        since="2.0.3",
        missing="reported",
        surplus=True,
        unit="bytes",
        default_note="vrrp_rx_bufs_policy",
    )
    authentication: "Authentication | None" = keyword(
        "Legacy VRRPv2 authentication.",
        Body("havipcfg.keepalived.vrrp_instance:Authentication"),
        since="0.5.3",
        builds=("VRRP_AUTH",),
    )
    auth_hmac: "tuple[AuthHmac, ...]" = keyword(
        "HMAC-SHA256 authentication extension (keepalived specific).",
        Body("havipcfg.keepalived.vrrp_instance:AuthHmac"),
        default=(),
        since="2.4.0",
        repeat="adds",
        builds=("VRRP_AUTH",),
        note="NOTE:second block extends the first",
    )


class Authentication(Block):
    """Legacy VRRPv2 authentication."""

    auth_type: str | None = keyword(
        "Authentication method.", Choice("PASS", "AH"), since="0.5.3", builds=("VRRP_AUTH",), default_note="none"
    )
    auth_pass: str | None = keyword(
        "Shared password; only the first 8 characters count (longer: error and truncation).",
        Word(longest=8),
        default="empty",
        since="0.5.3",
        builds=("VRRP_AUTH",),
    )


class AuthHmac(Block):
    """HMAC-SHA256 authentication extension (keepalived specific)."""

    key: tuple[Any, ...] = keyword(
        "Signing key.",
        Words("<id 1..255> (hex:<hex digits> | file:<path> | <ascii>)"),
        default=(),
        since="2.4.0",
        repeat="adds",
        missing="reported",
        note="OOR:error; ignored NOTE:key file readable by group/other gives a security error",
        required=True,
        builds=("VRRP_AUTH",),
    )
    active_key: int | None = keyword(
        "Key id used for sending; must be defined or the whole extension is disabled.",
        Unsigned(1, 255),
        default=0,
        since="2.4.0",
        required=True,
        builds=("VRRP_AUTH",),
    )
    time_window: int | None = keyword(
        "Freshness window in time mode.",
        Unsigned(1, 300),
        since="2.4.0",
        unit="seconds",
        builds=("VRRP_AUTH",),
        default_note="max(3 x advert_int, 5), at most 300",
    )
    anti_replay: str | None = keyword(
        "Replay protection mode.", Choice("time", "monotonic"), default="time", since="2.4.0", builds=("VRRP_AUTH",)
    )
    mode: str | None = keyword(
        "Roll-out mode.",
        Choice("enforce", "permissive", "receive-only"),
        default="enforce",
        since="2.4.0",
        builds=("VRRP_AUTH",),
    )
