"""``global_defs``: defaults for VRRP instances, and settings of the VRRP process."""

from havipcfg.keepalived.declare import Block, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.process_options import BufferPolicies, BufferPolicy, Cpus, Fifo, Fifos, Strings
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Address, Bool, Choice, Flag, Integer, Interface, Seconds, Unsigned, Word
from havipcfg.keepalived.vrrp_options import ExtraGarp, ExtraGarpOptions


class VrrpDefaults(Block):
    """Defaults for VRRP instances, and settings of the VRRP process."""

    dynamic_interfaces: bool | str | None = keyword(
        "Accepts interfaces that do not exist yet; with allow_if_changes they may also come back as another kind.",
        Choice("allow_if_changes", optional=True, fallback=True),
        default=False,
        since="2.0.0",
    )
    default_interface: str | None = keyword(
        "Interface of static addresses, routes and rules that name none.",
        Interface(),
        since="1.2.24",
        missing="reported",
        default_note="eth0",
    )
    disable_local_igmp: bool = keyword(
        "Turns off the kernel's IGMP reports for link-local groups.",
        Flag(),
        default=False,
        since="2.2.0",
    )
    v3_checksum_as_v2: bool = keyword(
        "Leaves the pseudo header out of VRRPv3 checksums over IPv4 in every instance.",
        Flag(),
        default=False,
        since="2.2.8",
    )
    vrrp_mcast_group4: str | None = keyword(
        "Group that IPv4 adverts are sent to.",
        Address(multicast=True, family=4),
        default="224.0.0.18",
        since="1.2.10",
    )
    vrrp_mcast_group6: str | None = keyword(
        "Group that IPv6 adverts are sent to.",
        Address(multicast=True, family=6, link_local=True),
        default="ff02::12",
        since="1.2.10",
    )
    vrrp_garp_master_delay: int | None = keyword(
        "Wait between the two bursts of gratuitous ARP after becoming master; 0 sends one burst.",
        Unsigned(0, 4294),
        default=5,
        since="1.2.20",
        unit="seconds",
    )
    vrrp_garp_master_repeat: int | None = keyword(
        "Gratuitous ARPs in each burst after becoming master.",
        Unsigned(1, 4294967295, at_zero=1),
        default=5,
        since="1.2.20",
    )
    vrrp_garp_master_refresh: int | None = keyword(
        "How often a master repeats its gratuitous ARPs; 0 never.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.2.20",
        beyond=0,
        unit="seconds",
    )
    vrrp_garp_master_refresh_repeat: int | None = keyword(
        "Gratuitous ARPs in each such repetition.",
        Unsigned(1, 4294967295, at_zero=1),
        default=1,
        since="1.2.20",
    )
    vrrp_garp_lower_prio_delay: int | None = keyword(
        "Wait before the second burst after a lower master was heard.",
        Unsigned(0, 4294),
        since="1.2.20",
        unit="seconds",
        default_note="vrrp_garp_master_delay",
    )
    vrrp_garp_lower_prio_repeat: int | None = keyword(
        "Gratuitous ARPs in each burst after a lower master was heard.",
        Unsigned(0, 2147483647),
        since="1.2.20",
        default_note="vrrp_garp_master_repeat",
    )
    vrrp_down_timer_adverts: int | None = keyword(
        "How many adverts must be missed before a backup takes over.",
        Unsigned(1, 100),
        default=3,
        since="2.2.3",
    )
    vrrp_garp_interval: float | None = keyword(
        "Smallest gap between two gratuitous ARPs on an interface.",
        Seconds("0.000001", "4294.967295", 6),
        default=0,
        since="1.2.21",
        unit="seconds",
    )
    vrrp_gna_interval: float | None = keyword(
        "Smallest gap between two unsolicited neighbour advertisements on an interface.",
        Seconds("0.000001", "4294.967295", 6),
        default=0,
        since="1.2.21",
        unit="seconds",
    )
    vrrp_min_garp: bool | None = keyword(
        "Sends one gratuitous ARP instead of bursts, wherever bursts were not set otherwise.",
        Bool(),
        default=False,
        since="2.0.12",
    )
    vrrp_garp_extra_if: ExtraGarp | None = keyword(
        "How often a master repeats gratuitous ARPs on the other interfaces of its addresses.",
        ExtraGarpOptions(1),
        since="2.2.3",
        missing="reported",
        unit="seconds",
        builds=("VRRP_VMAC",),
        default_note="never",
    )
    vrrp_vmac_garp_intvl: ExtraGarp | None = keyword(
        "Former name of vrrp_garp_extra_if.",
        ExtraGarpOptions(1),
        since="2.2.0",
        deprecated="vrrp_garp_extra_if",
        deprecation_reported=True,
        alias_of="vrrp_garp_extra_if",
        missing="reported",
        unit="seconds",
        builds=("VRRP_VMAC",),
    )
    vrrp_lower_prio_no_advert: bool | None = keyword(
        "Stays silent when a lower master is heard, instead of answering at once.",
        Bool(),
        default=False,
        since="1.2.20",
    )
    vrrp_higher_prio_send_advert: bool | None = keyword(
        "Sends one more advert before yielding to a higher master.",
        Bool(),
        default=False,
        since="1.3.5",
    )
    vrrp_version: int | None = keyword(
        "VRRP version of instances with IPv4 addresses that name none.",
        Integer(2, 3),
        default=2,
        since="1.2.20",
    )
    vrrp_iptables: tuple[str, ...] | None = keyword(
        "Chains of iptables for rules about the addresses.",
        Strings("[IN-CHAIN [OUT-CHAIN]]", 0, 2),
        since="1.2.20",
        deprecated="nftables",
        deprecation_reported=True,
        builds=("NFTABLES or IPTABLES",),
        default_note="not used; without names INPUT and OUTPUT",
    )
    vrrp_ipsets: tuple[str, ...] | None = keyword(
        "Sets that vrrp_iptables uses.",
        Strings("[NAME …]", 0, 6),
        since="1.2.20",
        unbuilt=True,
        builds=("LIBIPSET",),
    )
    nftables: str | None = keyword(
        "Table of nftables for rules about the addresses.",
        Word("TABLE", optional="keepalived"),
        since="2.0.11",
        repeat="first",
        builds=("NFTABLES",),
        default_note="not used; without a name keepalived",
    )
    nftables_priority: int | None = keyword(
        "Priority of keepalived's nftables chains for VRRP.",
        Integer(-2147483648, 2147483647, strict=True),
        default=-1,
        since="2.0.11",
        builds=("NFTABLES",),
    )
    nftables_ifindex: bool = keyword(
        "Names interfaces in nftables sets by number, for link-local addresses.",
        Flag(),
        default=False,
        since="2.0.11",
        builds=("NFTABLES",),
    )
    nftables_counters: bool = keyword(
        "Adds counters to keepalived's nftables rules.",
        Flag(),
        default=False,
        since="2.0.11",
        scope="global",
        builds=("NFTABLES", "VRRP or LVS"),
    )
    vrrp_check_unicast_src: bool = keyword(
        "Accepts unicast adverts from the configured peers only, in every instance.",
        Flag(),
        default=False,
        since="1.2.20",
    )
    vrrp_skip_check_adv_addr: bool | None = keyword(
        "Does not compare the addresses in adverts again while the master stays the same.",
        Bool(),
        default=False,
        since="1.2.20",
        until={"2.2.8": {"kind": Flag()}},
    )
    vrrp_strict: bool | None = keyword(
        "Follows the RFC to the letter in every instance: no unicast, no authentication, no missing address.",
        Bool(),
        default=False,
        since="1.2.20",
        until={"2.2.8": {"kind": Flag()}},
    )
    vrrp_priority: int | None = keyword(
        "Nice value of the VRRP process.",
        Integer(-20, 19),
        since="1.2.20",
        missing="reported",
        absent=0,
        beyond=0,
        default_note="unchanged, 0",
    )
    vrrp_no_swap: bool = keyword(
        "Keeps the VRRP process in memory.",
        Flag(),
        default=False,
        since="1.2.20",
    )
    vrrp_rt_priority: int | None = keyword(
        "Real-time priority of the VRRP process.",
        Integer(1, 99, clamp=True),
        since="2.0.0",
        missing="reported",
        default_note="no real-time scheduling",
    )
    vrrp_cpu_affinity: tuple[int, ...] | None = keyword(
        "CPUs that the VRRP process may run on.",
        Cpus(),
        since="2.0.17",
        missing="reported",
        default_note="all",
    )
    vrrp_rlimit_rttime: int | None = keyword(
        "Longest time the VRRP process may compute without a pause at real-time priority.",
        Unsigned(1, 4294967295),
        default=10000,
        since="2.1.0",
        beyond=0,
        unit="microseconds",
    )
    vrrp_rlimit_rtime: int | None = keyword(
        "Former name of vrrp_rlimit_rttime.",
        Unsigned(1, 4294967295),
        since="2.0.0",
        deprecated="vrrp_rlimit_rttime",
        alias_of="vrrp_rlimit_rttime",
        beyond=0,
        unit="microseconds",
    )
    vrrp_notify_fifo: Fifo | None = keyword(
        "Named pipe that gets the state changes of instances and sync groups.",
        Fifos(),
        since="1.3.6",
        missing="reported",
        repeat="first",
    )
    vrrp_notify_fifo_script: ScriptCommand | None = keyword(
        "Program that keepalived starts to read vrrp_notify_fifo; the path of the pipe is its last argument.",
        Script(with_user=True),
        since="1.3.6",
        missing="reported",
        repeat="first",
    )
    vrrp_notify_priority_changes: bool | None = keyword(
        "Writes changes of priority to the pipes too, in every instance.",
        Bool(),
        default=False,
        since="2.0.16",
    )
    fifo_write_vrrp_states_on_reload: bool = keyword(
        "Writes the state of every instance to the pipes after a reload.",
        Flag(),
        default=False,
        since="2.2.5",
    )
    vrrp_netlink_cmd_rcv_bufs: int | None = keyword(
        "Receive buffer of the socket that changes addresses and routes.",
        Unsigned(0, 4294967295),
        since="2.0.0",
        missing="reported",
        unit="bytes",
        default_note="the kernel's own",
    )
    vrrp_netlink_cmd_rcv_bufs_force: bool | None = keyword(
        "Lets vrrp_netlink_cmd_rcv_bufs exceed the kernel's limit.",
        Bool(),
        default=False,
        since="2.0.0",
    )
    vrrp_netlink_monitor_rcv_bufs: int | None = keyword(
        "Receive buffer of the socket that watches interfaces and addresses.",
        Unsigned(0, 4294967295),
        since="2.0.0",
        missing="reported",
        unit="bytes",
        default_note="the kernel's own",
    )
    vrrp_netlink_monitor_rcv_bufs_force: bool | None = keyword(
        "Lets vrrp_netlink_monitor_rcv_bufs exceed the kernel's limit.",
        Bool(),
        default=False,
        since="2.0.0",
    )
    vrrp_rx_bufs_policy: BufferPolicy | None = keyword(
        "Sizes the receive buffers of adverts by MTU, by advert, or in bytes.",
        BufferPolicies(),
        since="2.0.3",
        missing="reported",
        default_note="the kernel's own",
    )
    vrrp_rx_bufs_multiplier: int | None = keyword(
        "How many packets of that size the buffers hold.",
        Unsigned(1, 4294967295, strict=True),
        default=3,
        since="2.0.3",
        missing="reported",
        surplus=True,
        dropped=True,
    )
    vrrp_startup_delay: float | None = keyword(
        "Wait after keepalived's start before instances begin.",
        Seconds("0.001", "4294.967295", 6),
        default=0,
        since="2.0.14",
        repeat="largest",
        unit="seconds",
    )
    vrrp_delay_after_boot: float | None = keyword(
        "Wait after the host's start before instances begin.",
        Seconds("0.001", "4294.967295", 6),
        default=0,
        since="2.4.0",
        repeat="largest",
        unit="seconds",
    )
    log_unknown_vrids: bool = keyword(
        "Logs adverts of virtual routers that are not configured here.",
        Flag(),
        default=False,
        since="2.0.16",
    )
    vrrp_owner_ignore_adverts: bool | None = keyword(
        "Lets every address owner ignore the adverts of others.",
        Bool(),
        default=False,
        since="2.3.3",
    )
    vmac_prefix: str | None = keyword(
        "First letters of the names of virtual MAC interfaces.",
        Word(),
        default="vrrp",
        since="2.2.0",
        repeat="first",
        builds=("VRRP_VMAC",),
    )
    vmac_addr_prefix: str | None = keyword(
        "The same for interfaces made for single addresses.",
        Word(),
        since="2.2.0",
        repeat="first",
        builds=("VRRP_VMAC",),
        default_note="vmac_prefix",
    )
