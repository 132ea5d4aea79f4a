"""``vrrp_instance``: a virtual router."""

from havipcfg.keepalived.declare import Body, Entries, header, keyword
from havipcfg.keepalived.entries import Route, RoutingRule, ScriptCommand, UnicastPeer, VirtualAddress
from havipcfg.keepalived.lines import AddressEntry, RouteEntry, RuleEntry, UnicastPeerEntry
from havipcfg.keepalived.scripts import OptionalScript, Script
from havipcfg.keepalived.values import Address, Bool, Choice, Flag, Integer, Interface, Seconds, Unsigned, Word
from havipcfg.keepalived.vrrp_authentication import Authentication, AuthHmac
from havipcfg.keepalived.vrrp_following import Following
from havipcfg.keepalived.vrrp_garp import GarpSettings
from havipcfg.keepalived.vrrp_options import IpVlan, IpVlanOptions, VirtualMac, VirtualMacOptions


def _both_named(first: VirtualMac, second: VirtualMac) -> bool:
    return first.name is not None and second.name is not None


def _stays_master(first: str, second: str) -> bool:
    return first == "MASTER" and second == "BACKUP"


def _differs(first: int, second: int) -> bool:
    return first != second


class VrrpInstance(GarpSettings, Following):
    """A virtual router: addresses that one of several nodes holds."""

    name: str = header("Name of the instance, unique on the node.", Word())
    state: str | None = keyword(
        "State to begin in; the election decides from then on.",
        Choice("MASTER", "BACKUP", fallback="BACKUP"),
        since="0.5.3",
        repeat="first",
        holds=_stays_master,
        default_note="MASTER where the priority is 255, else BACKUP",
    )
    interface: str | None = keyword(
        "Interface that adverts are sent and addresses are set on.",
        Interface(),
        since="0.5.3",
        required=True,
    )
    virtual_router_id: int | None = keyword(
        "Number of the virtual router, the same on all its nodes and unique on the network.",
        Unsigned(1, 255, strict=True),
        since="0.5.3",
        required=True,
    )
    priority: int | None = keyword(
        "Who wins the election: the highest; 255 is for the owner of the address.",
        Unsigned(1, 255, strict=True),
        since="0.5.3",
        beyond=100,
        default_note="100, with state MASTER 255",
    )
    advert_int: float | None = keyword(
        "Time between two adverts.",
        Seconds("0.01", "255", 6),
        default=1,
        since="0.5.3",
        unit="seconds",
    )
    version: int | None = keyword(
        "VRRP version.",
        Integer(2, 3),
        since="1.2.17",
        repeat="first",
        holds=_differs,
        default_note="vrrp_version, 3 for IPv6",
    )
    nopreempt: bool = keyword(
        "Leaves a lower master in office; works with state BACKUP only.",
        Flag(),
        default=False,
        since="1.1.8",
    )
    preempt: bool = keyword(
        "Takes over from a lower master, as is the default.",
        Flag(),
        default=False,
        since="0.5.3",
    )
    preempt_delay: float | None = keyword(
        "Wait before taking over from a lower master; works with state BACKUP only.",
        Seconds("0", "1000", 6),
        default=0,
        since="1.1.8",
        beyond=0,
        unit="seconds",
    )
    down_timer_adverts: int | None = keyword(
        "How many adverts must be missed before a backup takes over.",
        Unsigned(1, 100),
        since="2.2.3",
        default_note="vrrp_down_timer_adverts",
    )
    virtual_ipaddress: tuple[VirtualAddress, ...] = keyword(
        "Addresses that the master holds and announces.",
        Entries(AddressEntry()),
        default=(),
        since="0.5.3",
        repeat="adds",
        required=True,
    )
    virtual_ipaddress_excluded: tuple[VirtualAddress, ...] = keyword(
        "Addresses that the master holds without announcing them; of either family.",
        Entries(AddressEntry()),
        default=(),
        since="0.5.9",
        repeat="adds",
    )
    no_virtual_ipaddress: bool = keyword(
        "Allows an instance without addresses.",
        Flag(),
        default=False,
        since="2.2.8",
    )
    virtual_routes: tuple[Route, ...] = keyword(
        "Routes that the master sets.",
        Entries(RouteEntry()),
        default=(),
        since="1.0.1",
        repeat="adds",
    )
    virtual_rules: tuple[RoutingRule, ...] = keyword(
        "Routing rules that the master sets.",
        Entries(RuleEntry()),
        default=(),
        since="1.2.20",
        repeat="adds",
    )
    promote_secondaries: bool = keyword(
        "Keeps the other addresses of a subnet when its first one is removed.",
        Flag(),
        default=False,
        since="1.3.0",
    )
    unicast_peer: tuple[UnicastPeer, ...] = keyword(
        "Nodes that adverts are sent to, one by one instead of by multicast.",
        Entries(UnicastPeerEntry()),
        default=(),
        since="1.2.8",
        repeat="adds",
    )
    unicast_src_ip: str | None = keyword(
        "Source address of unicast adverts.",
        Address(),
        since="1.2.10",
        default_note="the first address of the interface",
    )
    unicast_ttl: int | None = keyword(
        "Time to live of unicast adverts.",
        Unsigned(0, 255, strict=True),
        since="2.1.0",
        default_note="255, for IPv6 that of the kernel",
    )
    unicast_fault_no_peer: bool = keyword(
        "Enters FAULT where no peer is given, instead of using multicast.",
        Flag(),
        default=False,
        since="2.2.5",
    )
    check_unicast_src: bool = keyword(
        "Accepts adverts from the configured peers only.",
        Flag(),
        default=False,
        since="2.1.0",
    )
    old_unicast_checksum: bool | str | None = keyword(
        "Uses the unicast checksum of versions before 1.3.7; never stops keepalived from trying it.",
        Choice("never", optional=True),
        since="1.3.7",
        builds=("OLD_CHKSUM_COMPAT",),
        default_note="tried where an advert does not match",
    )
    mcast_src_ip: str | None = keyword(
        "Source address of multicast adverts.",
        Address(),
        since="0.6.1",
        default_note="the first address of the interface",
    )
    mcast_dst_ip: str | None = keyword(
        "Group that adverts are sent to.",
        Address(multicast=True, link_local=True),
        since="2.2.5",
        default_note="vrrp_mcast_group4 or vrrp_mcast_group6",
    )
    track_src_ip: bool = keyword(
        "Enters FAULT when the source address is gone.",
        Flag(),
        default=False,
        since="2.0.0",
    )
    dont_track_primary: bool = keyword(
        "Ignores the state of the instance's own interface.",
        Flag(),
        default=False,
        since="1.1.8",
    )
    native_ipv6: bool = keyword(
        "Treats the instance as IPv6, whatever its addresses.",
        Flag(),
        default=False,
        since="1.2.1",
        deprecated="the addresses, which say the family",
    )
    authentication: Authentication | None = keyword(
        "Password in adverts, VRRP version 2 only.",
        Body(Authentication),
        since="0.5.3",
        builds=("VRRP_AUTH",),
    )
    auth_hmac: AuthHmac | None = keyword(
        "Signed adverts, between keepalived nodes only.",
        Body(AuthHmac),
        default=None,
        since="2.4.0",
        builds=("VRRP_AUTH",),
    )
    use_vmac: VirtualMac | None = keyword(
        "Holds the addresses on a macvlan with the virtual router's own MAC address.",
        VirtualMacOptions(),
        since="1.2.3",
        repeat="first",
        holds=_both_named,
        until={"2.2.8": {"kind": VirtualMacOptions(plain=True)}},
        builds=("VRRP_VMAC",),
    )
    use_vmac_addr: bool = keyword(
        "Does so for addresses on other interfaces too.",
        Flag(),
        default=False,
        since="2.2.0",
        builds=("VRRP_VMAC",),
    )
    vmac_xmit_base: bool = keyword(
        "Sends adverts from the interface below the macvlan.",
        Flag(),
        default=False,
        since="1.2.10",
        builds=("VRRP_VMAC",),
    )
    use_ipvlan: IpVlan | None = keyword(
        "Holds the addresses on an ipvlan interface.",
        IpVlanOptions(),
        since="2.0.17",
        repeat="first",
        until={"2.2.8": {"kind": IpVlanOptions(plain=True)}},
        builds=("VRRP_IPVLAN",),
    )
    vrf: str | None = keyword(
        "VRF of a unicast instance that has no interface.",
        Interface(),
        since="2.2.5",
        repeat="first",
        builds=("VRF",),
    )
    accept: bool = keyword(
        "Lets the master take packets that are sent to its addresses.",
        Flag(),
        default=False,
        since="1.2.17",
    )
    no_accept: bool = keyword(
        "Drops packets to the addresses where the node is not their owner.",
        Flag(),
        default=False,
        since="1.3.0",
        builds=("NFTABLES or IPTABLES",),
    )
    strict_mode: bool | None = keyword(
        "Follows the RFC to the letter: no unicast, no authentication, no missing address.",
        Bool(),
        since="1.2.20",
        default_note="global vrrp_strict",
    )
    skip_check_adv_addr: bool | None = keyword(
        "Does not compare the addresses in adverts again while the master stays the same.",
        Bool(sticky=True),
        since="1.2.20",
        until={"2.3.0": {"kind": Bool()}},
        default_note="global vrrp_skip_check_adv_addr",
    )
    lower_prio_no_advert: bool | None = keyword(
        "Stays silent when a lower master is heard, instead of answering at once.",
        Bool(),
        since="1.2.20",
        default_note="vrrp_lower_prio_no_advert, on in strict mode",
    )
    higher_prio_send_advert: bool | None = keyword(
        "Sends one more advert before yielding to a higher master.",
        Bool(),
        since="1.3.5",
        default_note="vrrp_higher_prio_send_advert, off in strict mode",
    )
    owner_ignore_adverts: bool | None = keyword(
        "Lets the address owner ignore the adverts of others.",
        Bool(),
        since="2.3.3",
        default_note="for the owner vrrp_owner_ignore_adverts, on in strict mode; else off",
    )
    timer_expired_backup: int | None = keyword(
        "With nopreempt: gives up when keepalived ran so late that a peer of up to this priority may have taken over.",
        Unsigned(1, 254, strict=True),
        since="2.2.8",
        missing="silent",
        absent=254,
        default_note="off, without a number 254",
    )
    thread_timer_expired: int | None = keyword(
        "Former name of timer_expired_backup.",
        Unsigned(1, 254, strict=True),
        since="2.3.2",
        deprecated="timer_expired_backup",
        deprecation_reported=True,
        alias_of="timer_expired_backup",
        missing="silent",
        absent=254,
    )
    v3_checksum_as_v2: bool | None = keyword(
        "Leaves the pseudo header out of VRRPv3 checksums over IPv4.",
        Bool(),
        since="2.2.8",
        default_note="v3_checksum_as_v2 of global_defs",
    )
    kernel_rx_buf_size: int | None = keyword(
        "Receive buffer of the instance's socket.",
        Unsigned(strict=True),
        since="2.0.3",
        missing="reported",
        surplus=True,
        dropped=True,
        unit="bytes",
        default_note="vrrp_rx_bufs_policy",
    )
    linkbeat_use_polling: bool = keyword(
        "Polls the link of the interface instead of waiting for the kernel's reports.",
        Flag(),
        default=False,
        since="2.0.0",
        deprecated="linkbeat_interfaces block",
        deprecation_reported=True,
        builds=("LINKBEAT",),
    )
    lvs_sync_daemon_interface: str | None = keyword(
        "Interface of the IPVS sync daemon, in the old form.",
        Word("INTERFACE"),
        since="0.5.5",
        deprecated="global_defs lvs_sync_daemon",
        deprecation_reported=True,
        repeat="keeps first",
    )
    notify_deleted: ScriptCommand | bool | None = keyword(
        "Reports DELETED instead of FAULT when a reload removes the instance, and runs the command given.",
        OptionalScript(with_user=True),
        since="2.1.0",
        repeat="first",
    )
    notify_master_rx_lower_pri: ScriptCommand | None = keyword(
        "Command run when the master hears a lower one.",
        Script(with_user=True),
        since="2.0.6",
        repeat="first",
    )
    debug: int | None = keyword(
        "Has no effect.",
        Unsigned(0, 4),
        default=0,
        since="0.5.3",
    )
