"""global_defs"""

from typing import Any

from havipcfg.keepalived.declare import Block, Entries, keyword
from havipcfg.keepalived.entries import ScriptCommand
from havipcfg.keepalived.lines import NameEntry
from havipcfg.keepalived.scripts import Script
from havipcfg.keepalived.values import Address, Bool, Choice, Flag, Integer, Interface, Seconds, Unsigned, Word, Words


class GlobalDefs(Block):
    """Process-wide settings and defaults for the other blocks."""

    process_names: bool = keyword(
        "Give vrrp/checker/bfd child processes their standard distinct process names.",
        Flag(),
        default=False,
        since="2.0.16",
        scope="global",
    )
    process_name: str | None = keyword(
        "Process name (comm) of the main process; cut to 15 characters with an error if longer.",
        Word(longest=15),
        default="keepalived",
        since="2.0.16",
        scope="global",
    )
    vrrp_process_name: str | None = keyword(
        "Process name (comm) of the vrrp child process; cut to 15 characters with an error if longer.",
        Word(longest=15),
        since="2.0.16",
        default_note="keepalived (keepalived_vrrp with process_names)",
    )
    checker_process_name: str | None = keyword(
        "Process name (comm) of the checker child process; cut to 15 characters with an error if longer.",
        Word(longest=15),
        since="2.2.0",
        scope="checker",
        default_note="keepalived (keepalived_lvs with process_names)",
    )
    bfd_process_name: str | None = keyword(
        "Process name (comm) of the bfd child process; cut to 15 characters with an error if longer.",
        Word(longest=15),
        since="2.0.16",
        scope="bfd",
        default_note="keepalived (keepalived_bfd with process_names)",
    )
    lvs_process_name: str | None = keyword(
        "Old name of checker_process_name.",
        Word(longest=15),
        since="2.0.16",
        scope="checker",
        alias_of="checker_process_name",
        deprecated="checker_process_name",
    )
    use_symlink_paths: bool | None = keyword(
        "Keep symlinks in script paths instead of resolving them.", Bool(), default=False, since="2.3.0", scope="global"
    )
    router_id: str | None = keyword(
        "Name of this node, used in mail subjects and SNMP.",
        Word(),
        since="1.1.8",
        missing="reported",
        scope="global",
        default_note="local hostname",
    )
    notification_email_from: str | None = keyword(
        "From: address of alert mails.",
        Word(),
        since="0.5.3",
        missing="reported",
        surplus=True,
        scope="global",
        default_note="keepalived@<hostname>",
        note=' OBS:{"extra_word": {"243": "error:emailfrom - ignoring extra entries \'kwextra\' ...", "227": "ok"}}',
    )
    smtp_server: str | None = keyword(
        "SMTP relay for alerts: IP address or host name with optional port.",
        Word(),
        since="0.5.3",
        scope="global",
        default_note="none (no mail sent); port 25",
        note="NOTE:host names are resolved while parsing, i.e. also by -t",
    )
    smtp_helo_name: str | None = keyword(
        "Name sent in HELO.", Word(), since="1.2.20", missing="silent", scope="global", default_note="local hostname"
    )
    smtp_connect_timeout: int | None = keyword(
        "SMTP connection timeout.", Unsigned(0, 4294), default=30, since="0.5.3", unit="seconds", scope="global"
    )
    notification_email: tuple[Any, ...] = keyword(
        "Addresses that receive alert mails.",
        Entries(NameEntry(), many=True),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="global",
    )
    smtp_alert: bool | None = keyword("Default for every smtp_alert.", Bool(), since="2.0.0", scope="global")
    startup_script: ScriptCommand | None = keyword(
        "Script run once by the parent before children start.",
        Script(with_user=True),
        since="2.1.0",
        repeat="first",
        missing="reported",
        scope="global",
    )
    startup_script_timeout: int | None = keyword(
        "Seconds before the startup script is killed.",
        Unsigned(1, 1000),
        default=10,
        since="2.1.0",
        missing="reported",
        unit="seconds",
        scope="global",
    )
    shutdown_script: ScriptCommand | None = keyword(
        "Script run once by the parent after all children ended.",
        Script(with_user=True),
        since="2.1.0",
        repeat="first",
        missing="reported",
        scope="global",
    )
    shutdown_script_timeout: int | None = keyword(
        "Seconds before the shutdown script is killed.",
        Unsigned(1, 1000),
        default=10,
        since="2.1.0",
        missing="reported",
        unit="seconds",
        scope="global",
    )
    max_auto_priority: int | None = keyword(
        "Highest realtime priority keepalived may raise itself to when it is scheduled late; no argument means maximum, 0 disables, -1 disables and silences the startup notice.",
        Integer(-1, 99),
        default=0,
        since="2.1.0",
        note=" MISS:means 99",
        scope="global",
    )
    min_auto_priority_delay: int | None = keyword(
        "Lateness (microseconds) that triggers an automatic priority increase.",
        Unsigned(1, 10000000),
        default=1000000,
        since="2.1.0",
        missing="reported",
        unit="microseconds",
        scope="global",
    )
    smtp_alert_vrrp: bool | None = keyword(
        "Default smtp_alert for VRRP instances and sync groups.", Bool(), since="2.0.0"
    )
    smtp_alert_checker: bool | None = keyword(
        "Default smtp_alert for virtual/real servers.", Bool(), since="2.0.0", scope="checker"
    )
    checker_log_all_failures: bool | None = keyword(
        "Log each failed real server check.", Bool(), default=False, since="2.0.11", scope="checker"
    )
    dynamic_interfaces: str | None = keyword(
        "Allow the configuration to name interfaces that do not exist yet.",
        Choice("allow_if_changes"),
        since="2.0.0",
        note=" BAD:error; option ignored but dynamic_interfaces stays on",
    )
    no_email_faults: bool = keyword("Send no mail for FAULT transitions.", Flag(), default=False, since="2.0.0")
    default_interface: str | None = keyword(
        "Interface used for static addresses/VIPs without dev.",
        Interface(),
        since="1.2.24",
        missing="reported",
        default_note="eth0",
    )
    disable_local_igmp: bool = keyword(
        "Switch the kernel igmp_link_local_mcast_reports sysctl off (error if the sysctl is absent/not writable); not changeable on reload.",
        Flag(),
        default=False,
        since="2.2.0",
    )
    v3_checksum_as_v2: bool = keyword(
        "Default for vrrp_instance v3_checksum_as_v2.",
        Flag(),
        default=False,
        since="2.2.8",
        note='NOTE:man page documents an optional BOOL but the 2.4.3 handler ignores any argument: "v3_checksum_as_v2 off" turns it ON',
    )
    lvs_timeouts: Any = keyword(
        "IPVS connection timeouts.",
        Words("[tcp <0..2678400>] [tcpfin <0..2678400>] [udp <0..2678400>]"),
        since="1.2.24",
        missing="reported",
        note="OOR:error; that option ignored",
        scope="checker",
        default_note="unchanged",
    )
    lvs_flush: bool = keyword(
        "Flush all IPVS configuration at start.", Flag(), default=False, since="1.2.23", scope="checker"
    )
    lvs_flush_on_stop: str | None = keyword(
        "Flush IPVS configuration when stopping; VS only deletes the virtual servers.",
        Choice("VS"),
        since="2.2.0",
        note=" MISS:full flush",
        scope="checker",
    )
    lvs_flush_onstop: str | None = keyword(
        "Old spelling of lvs_flush_on_stop.",
        Choice("VS"),
        since="2.0.15",
        surplus=True,
        note=" MISS:full flush",
        scope="checker",
        alias_of="lvs_flush_on_stop",
        deprecated="lvs_flush_on_stop",
    )
    lvs_sync_daemon: Any = keyword(
        "IPVS connection sync daemon: interface, optional VRRP instance it follows, and parameters.",
        Words(
            "<interface> [[inst] <vrrp_instance>] [id <0..255>] [maxlen <1..65507>] [port <1..65535>] [ttl <1..255>] [group <multicast ip>]"
        ),
        since="1.2.20",
        repeat="first",
        missing="reported",
        note='OOR:error; that option ignored NOTE:old positional form "IF INSTANCE ID" still works; the ID without "id" gives an error message but is used. Interface name limited to 15 characters.',
        scope="vrrp+checker",
        builds=(),
        default_note="none; id = vrid of the instance or 0; port 8848; group 224.0.0.81",
    )
    vrrp_mcast_group4: str | None = keyword(
        "Default IPv4 multicast destination of adverts.",
        Address(multicast=True),
        since="1.2.10",
        default_note="224.0.0.18",
    )
    vrrp_mcast_group6: str | None = keyword(
        "Default IPv6 multicast destination of adverts (warning when not link-local scope).",
        Address(multicast=True),
        since="1.2.10",
        default_note="ff02::12",
    )
    vrrp_garp_master_delay: int | None = keyword(
        "Delay before the second burst of gratuitous ARP/NA after becoming master; 0 = no second burst.",
        Unsigned(0, 4294),
        default=5,
        since="1.2.20",
        unit="seconds",
    )
    vrrp_garp_master_repeat: int | None = keyword(
        "Gratuitous ARP/NA messages per burst.",
        Unsigned(0, 4294967295),
        default=5,
        since="1.2.20",
        note="OOR:0 gives an error and becomes 1; above maximum error, ignored",
    )
    vrrp_garp_master_refresh: int | None = keyword(
        "Interval for repeating gratuitous ARP/NA while master; 0 = never.",
        Unsigned(0, 4294967295),
        default=0,
        since="1.2.20",
        beyond=0,
        unit="seconds",
    )
    vrrp_garp_master_refresh_repeat: int | None = keyword(
        "Messages per refresh burst.",
        Unsigned(0, 4294967295),
        default=1,
        since="1.2.20",
        note="OOR:0 gives an error and becomes 1; above maximum error, ignored",
    )
    vrrp_garp_lower_prio_delay: int | None = keyword(
        "Delay before second gratuitous ARP burst after seeing a lower priority advert.",
        Unsigned(0, 4294),
        since="1.2.20",
        unit="seconds",
        default_note="vrrp_garp_master_delay",
    )
    vrrp_garp_lower_prio_repeat: int | None = keyword(
        "Messages per burst after a lower priority advert.",
        Unsigned(0, 2147483647),
        since="1.2.20",
        default_note="vrrp_garp_master_repeat",
    )
    vrrp_down_timer_adverts: int | None = keyword(
        "Default down_timer_adverts of instances.", Unsigned(1, 100), default=3, since="2.2.3"
    )
    vrrp_garp_interval: float | None = keyword(
        "Minimum gap between gratuitous ARPs on an interface (log notice from 1 s).",
        Seconds("0.000001", "4294.967295", 6),
        default=0,
        since="1.2.21",
        unit="seconds",
    )
    vrrp_gna_interval: float | None = keyword(
        "Minimum gap between unsolicited NAs on an interface (log notice from 1 s).",
        Seconds("0.000001", "4294.967295", 6),
        default=0,
        since="1.2.21",
        unit="seconds",
    )
    vrrp_min_garp: bool | None = keyword(
        "Send a single gratuitous ARP/NA without repeats; only changes settings still at their defaults.",
        Bool(),
        default=False,
        since="2.0.12",
        note="NOTE:no argument must mean true per the man page; the handler initialises to false but applies the reduction when no argument is present",
    )
    vrrp_garp_extra_if: Any = keyword(
        "Periodic GARP/NA on interfaces of VIPs other than the instance interface.",
        Words("[all] <1..86400>"),
        since="2.2.3",
        missing="reported",
        unit="seconds",
        builds=("VRRP_VMAC",),
    )
    vrrp_vmac_garp_intvl: Any = keyword(
        "Old name of vrrp_garp_extra_if.",
        Words("[all] <1..86400>"),
        since="2.2.0",
        missing="reported",
        unit="seconds",
        builds=("VRRP_VMAC",),
        alias_of="vrrp_garp_extra_if",
        deprecated="vrrp_garp_extra_if",
        deprecation_reported=True,
    )
    vrrp_lower_prio_no_advert: bool | None = keyword(
        "Default of lower_prio_no_advert.", Bool(), default=False, since="1.2.20"
    )
    vrrp_higher_prio_send_advert: bool | None = keyword(
        "Default of higher_prio_send_advert.", Bool(), default=False, since="1.3.5"
    )
    vrrp_version: int | None = keyword(
        "Default VRRP protocol version of IPv4 instances.", Integer(2, 3), default=2, since="1.2.20"
    )
    vrrp_iptables: Any = keyword(
        "Use iptables with these input/output chains (names must differ, max 28 characters).",
        Words("[<in chain> [<out chain>]]"),
        since="1.2.20",
        repeat="first",
        note='MISS:defaults INPUT OUTPUT (iptables build); error and nftables fallback otherwise NOTE:in a build with nftables only, it produces an error and selects nftables table "keepalived"',
        builds=("NFTABLES or IPTABLES",),
        default_note="not used; without arguments INPUT OUTPUT",
    )
    vrrp_ipsets: Any = keyword(
        "ipset names used with vrrp_iptables; no argument disables ipsets.",
        Words("[<v4> [<v6> [<v6 if> [<igmp> [<mld> [<vmac nd>]]]]]]"),
        since="1.2.20",
        note=" MISS:ipsets disabled",
        builds=("NFTABLES or IPTABLES", "LIBIPSET"),
        default_note="keepalived keepalived6 keepalived_if6 keepalived_igmp keepalived_mld keepalived_nd",
    )
    nftables: str | None = keyword(
        "Use nftables with this table name for accept mode and VMAC filtering.",
        Word(),
        default="keepalived",
        since="2.0.11",
        repeat="first",
        note=" MISS:default table name",
        builds=("NFTABLES",),
    )
    nftables_priority: int | None = keyword(
        "Base chain priority of the VRRP nftables chains.",
        Integer(-2147483648, 2147483647),
        default=-1,
        since="2.0.11",
        builds=("NFTABLES",),
    )
    nftables_ifindex: bool = keyword(
        "Key IPv6 link-local nftables sets on ifindex instead of interface name.",
        Flag(),
        default=False,
        since="2.0.11",
        builds=("NFTABLES",),
    )
    vrrp_check_unicast_src: bool = keyword(
        "Verify that unicast adverts come from a configured peer, for all instances.",
        Flag(),
        default=False,
        since="1.2.20",
    )
    vrrp_skip_check_adv_addr: bool | None = keyword(
        "Default of skip_check_adv_addr.",
        Bool(),
        default=False,
        since="1.2.20",
        note=' OBS:{"bad_word": {"243": "error:Invalid value \'kwbad\' for global vrrp_check_adv_addr specified", "227": "ok"}}',
    )
    vrrp_strict: bool | None = keyword(
        "Enforce strict VRRP compliance on all instances.",
        Bool(),
        default=False,
        since="1.2.20",
        note=' OBS:{"bad_word": {"243": "error:Invalid value \'kwbad\' for global vrrp_strict specified", "227": "ok"}}',
    )
    vrrp_priority: int | None = keyword(
        "Nice value of the VRRP child.",
        Integer(-20, 19),
        since="1.2.20",
        missing="reported",
        beyond=0,
        note=" MISS:error; 0",
        default_note="unchanged (0)",
    )
    vrrp_no_swap: bool = keyword("Lock memory of the VRRP child.", Flag(), default=False, since="1.2.20")
    vrrp_rt_priority: int | None = keyword(
        "SCHED_RR realtime priority of the VRRP child.",
        Integer(1, 99),
        since="2.0.0",
        missing="reported",
        note="OOR:error; clamped to the limit",
        default_note="not realtime",
    )
    vrrp_cpu_affinity: Any = keyword(
        "CPUs the VRRP child may run on.",
        Words("WORD …"),
        since="2.0.17",
        missing="reported",
        note="OOR:error; whole set ignored",
        default_note="all",
    )
    vrrp_rlimit_rttime: int | None = keyword(
        "RLIMIT_RTTIME (microseconds) of a realtime VRRP child; 1 is silently raised to 2.",
        Unsigned(1, 4294967295),
        default=10000,
        since="2.1.0",
        beyond=0,
        unit="microseconds",
    )
    vrrp_rlimit_rtime: int | None = keyword(
        "Old spelling of vrrp_rlimit_rttime.",
        Unsigned(1, 4294967295),
        since="2.0.0",
        beyond=0,
        unit="microseconds",
        alias_of="vrrp_rlimit_rttime",
        deprecated="vrrp_rlimit_rttime",
    )
    checker_priority: int | None = keyword(
        "Nice value of the checker child.",
        Integer(-20, 19),
        since="1.2.20",
        missing="reported",
        beyond=0,
        note=" MISS:error; 0",
        scope="checker",
        default_note="unchanged (0)",
    )
    checker_no_swap: bool = keyword(
        "Lock memory of the checker child.", Flag(), default=False, since="1.2.20", scope="checker"
    )
    checker_rt_priority: int | None = keyword(
        "SCHED_RR realtime priority of the checker child.",
        Integer(1, 99),
        since="2.0.0",
        missing="reported",
        note="OOR:error; clamped to the limit",
        scope="checker",
        default_note="not realtime",
    )
    checker_cpu_affinity: Any = keyword(
        "CPUs the checker child may run on.",
        Words("WORD …"),
        since="2.0.17",
        missing="reported",
        note="OOR:error; whole set ignored",
        scope="checker",
        default_note="all",
    )
    checker_rlimit_rttime: int | None = keyword(
        "RLIMIT_RTTIME (microseconds) of a realtime checker child; 1 is silently raised to 2.",
        Unsigned(1, 4294967295),
        default=10000,
        since="2.1.0",
        beyond=0,
        unit="microseconds",
        scope="checker",
    )
    checker_rlimit_rtime: int | None = keyword(
        "Old spelling of checker_rlimit_rttime.",
        Unsigned(1, 4294967295),
        since="2.0.0",
        beyond=0,
        unit="microseconds",
        scope="checker",
        alias_of="checker_rlimit_rttime",
        deprecated="checker_rlimit_rttime",
    )
    bfd_priority: int | None = keyword(
        "Nice value of the BFD child.",
        Integer(-20, 19),
        since="2.0.0",
        missing="reported",
        beyond=0,
        note=" MISS:error; 0",
        scope="bfd",
        default_note="unchanged (0)",
    )
    bfd_no_swap: bool = keyword("Lock memory of the BFD child.", Flag(), default=False, since="2.0.0", scope="bfd")
    bfd_rt_priority: int | None = keyword(
        "SCHED_RR realtime priority of the BFD child.",
        Integer(1, 99),
        since="2.0.0",
        missing="reported",
        note="OOR:error; clamped to the limit",
        scope="bfd",
        default_note="not realtime",
    )
    bfd_cpu_affinity: Any = keyword(
        "CPUs the BFD child may run on.",
        Words("WORD …"),
        since="2.0.17",
        missing="reported",
        note="OOR:error; whole set ignored",
        scope="bfd",
        default_note="all",
    )
    bfd_rlimit_rttime: int | None = keyword(
        "RLIMIT_RTTIME (microseconds) of a realtime BFD child; 1 is silently raised to 2.",
        Unsigned(1, 4294967295),
        default=10000,
        since="2.1.0",
        beyond=0,
        unit="microseconds",
        scope="bfd",
    )
    bfd_rlimit_rtime: int | None = keyword(
        "Old spelling of bfd_rlimit_rttime.",
        Unsigned(1, 4294967295),
        since="2.0.0",
        beyond=0,
        unit="microseconds",
        scope="bfd",
        alias_of="bfd_rlimit_rttime",
        deprecated="bfd_rlimit_rttime",
    )
    nftables_ipvs: str | None = keyword(
        "Use nftables to set fwmarks for virtual server groups, with this table name.",
        Word(),
        default="keepalived_ipvs",
        since="2.2.2",
        repeat="first",
        note=" MISS:default table name",
        scope="checker",
        builds=("NFTABLES",),
    )
    nftables_ipvs_priority: int | None = keyword(
        "Base chain priority of the IPVS nftables chains.",
        Integer(-2147483648, 2147483647),
        default=-1,
        since="2.2.2",
        scope="checker",
        builds=("NFTABLES",),
    )
    nftables_ipvs_start_fwmark: int | None = keyword(
        "First fwmark allocated by nftables_ipvs.",
        Unsigned(1, 4294967295),
        default=1000,
        since="2.2.2",
        scope="checker",
        builds=("NFTABLES",),
    )
    nftables_counters: bool = keyword(
        "Add counters to the generated nftables rules.",
        Flag(),
        default=False,
        since="2.0.11",
        scope="global",
        builds=("NFTABLES", "VRRP or LVS"),
    )
    notify_fifo: Any = keyword(
        "FIFO that receives all notify events.",
        Words("<path> [<user> [<group>]]"),
        since="1.3.6",
        repeat="first",
        missing="reported",
        scope="global",
    )
    notify_fifo_script: ScriptCommand | None = keyword(
        "Process started by keepalived to read the all FIFO; FIFO path is appended as last argument.",
        Script(with_user=True),
        since="1.3.6",
        repeat="first",
        missing="reported",
        scope="global",
    )
    vrrp_notify_fifo: Any = keyword(
        "FIFO that receives VRRP notify events.",
        Words("<path> [<user> [<group>]]"),
        since="1.3.6",
        repeat="first",
        missing="reported",
    )
    vrrp_notify_fifo_script: ScriptCommand | None = keyword(
        "Process started by keepalived to read the VRRP FIFO; FIFO path is appended as last argument.",
        Script(with_user=True),
        since="1.3.6",
        repeat="first",
        missing="reported",
    )
    lvs_notify_fifo: Any = keyword(
        "FIFO that receives checker notify events.",
        Words("<path> [<user> [<group>]]"),
        since="1.3.6",
        repeat="first",
        missing="reported",
        scope="checker",
    )
    lvs_notify_fifo_script: ScriptCommand | None = keyword(
        "Process started by keepalived to read the checker FIFO; FIFO path is appended as last argument.",
        Script(with_user=True),
        since="1.3.6",
        repeat="first",
        missing="reported",
        scope="checker",
    )
    vrrp_notify_priority_changes: bool | None = keyword(
        "Default of notify_priority_changes.", Bool(), default=False, since="2.0.16"
    )
    fifo_write_vrrp_states_on_reload: bool = keyword(
        "Write current VRRP states to the FIFOs on reload.", Flag(), default=False, since="2.2.5"
    )
    snmp_socket: str | None = keyword(
        "AgentX master socket.",
        Word(),
        default="unix:/var/agentx/master",
        since="1.2.20",
        repeat="first",
        missing="reported",
        surplus=True,
        scope="global",
        builds=("SNMP",),
    )
    enable_traps: bool = keyword(
        "Send SNMP traps.", Flag(), default=False, since="1.2.5", scope="global", builds=("SNMP",)
    )
    enable_snmp_vrrp: bool = keyword(
        "Register the VRRP part of the keepalived MIB.",
        Flag(),
        default=False,
        since="2.0.0",
        scope="global",
        builds=("SNMP", "SNMP_VRRP"),
    )
    enable_snmp_keepalived: bool = keyword(
        "Old name of enable_snmp_vrrp.",
        Flag(),
        default=False,
        since="1.2.20",
        scope="global",
        builds=("SNMP", "SNMP_VRRP"),
        alias_of="enable_snmp_vrrp",
        deprecated="enable_snmp_vrrp",
    )
    enable_snmp_rfc: bool = keyword(
        "Register the RFC2787 and RFC6527 MIBs.",
        Flag(),
        default=False,
        since="1.2.20",
        scope="global",
        builds=("SNMP", "SNMP_RFC"),
        note=' 227:ok 243:unknown OBS:{"extra_word": {"243": "unknown", "227": "ok"}}',
    )
    enable_snmp_rfcv2: bool = keyword(
        "Register the RFC2787 (VRRPv2) MIB.",
        Flag(),
        default=False,
        since="1.2.20",
        scope="global",
        builds=("SNMP", "SNMP_RFCV2"),
        note=' 227:ok 243:unknown OBS:{"extra_word": {"243": "unknown", "227": "ok"}}',
    )
    enable_snmp_rfcv3: bool = keyword(
        "Register the RFC6527 (VRRPv3) MIB.",
        Flag(),
        default=False,
        since="1.2.20",
        scope="global",
        builds=("SNMP", "SNMP_RFCV3"),
        note=' 227:ok 243:unknown OBS:{"extra_word": {"243": "unknown", "227": "ok"}}',
    )
    enable_snmp_checker: bool = keyword(
        "Register the checker part of the keepalived MIB.",
        Flag(),
        default=False,
        since="1.2.20",
        scope="global",
        builds=("SNMP", "SNMP_CHECKER"),
    )
    snmp_vs_stats_update_interval: float | None = keyword(
        "Minimum age of cached virtual server statistics served over SNMP.",
        Seconds("0.001", "30", 6),
        default=5,
        since="2.3.0",
        unit="seconds",
        scope="global",
        builds=("SNMP", "SNMP_CHECKER"),
    )
    snmp_rs_stats_update_interval: float | None = keyword(
        "Minimum age of cached real server statistics served over SNMP.",
        Seconds("0.001", "30", 6),
        since="2.3.0",
        unit="seconds",
        scope="global",
        builds=("SNMP", "SNMP_CHECKER"),
        default_note="snmp_vs_stats_update_interval",
    )
    enable_dbus: bool = keyword(
        "Enable the D-Bus interface.", Flag(), default=False, since="1.3.0", scope="global", builds=("DBUS",)
    )
    dbus_service_name: str | None = keyword(
        "D-Bus service name.",
        Word(),
        default="org.keepalived.Vrrp1",
        since="1.3.7",
        missing="reported",
        scope="global",
        builds=("DBUS",),
    )
    dbus_no_interface_name: str | None = keyword(
        "Path element used in D-Bus for instances without interface.",
        Word(),
        default="none",
        since="2.3.0",
        missing="reported",
        scope="global",
        builds=("DBUS",),
    )
    script_user: Any = keyword(
        "Default user and group for running scripts.",
        Words("<user> [<group>]"),
        since="1.3.0",
        missing="reported",
        note=" BAD:error; every script without own user is then disabled",
        scope="global",
        default_note="keepalived_script if that user exists, else the user keepalived runs as",
    )
    enable_script_security: bool = keyword(
        "Disable root-run scripts whose path can be modified by non-root users, and require user keepalived_script as default.",
        Flag(),
        default=False,
        since="1.3.0",
        scope="global",
    )
    vrrp_netlink_cmd_rcv_bufs: int | None = keyword(
        "Receive buffer bytes of the vrrp netlink cmd socket; 0 is ignored.",
        Unsigned(0, 4294967295),
        since="2.0.0",
        missing="reported",
        unit="bytes",
        default_note="kernel default",
    )
    vrrp_netlink_cmd_rcv_bufs_force: bool | None = keyword(
        "Use SO_RCVBUFFORCE for that socket.", Bool(), default=False, since="2.0.0"
    )
    vrrp_netlink_monitor_rcv_bufs: int | None = keyword(
        "Receive buffer bytes of the vrrp netlink monitor socket; 0 is ignored.",
        Unsigned(0, 4294967295),
        since="2.0.0",
        missing="reported",
        unit="bytes",
        default_note="kernel default",
    )
    vrrp_netlink_monitor_rcv_bufs_force: bool | None = keyword(
        "Use SO_RCVBUFFORCE for that socket.", Bool(), default=False, since="2.0.0"
    )
    lvs_netlink_cmd_rcv_bufs: int | None = keyword(
        "Receive buffer bytes of the lvs netlink cmd socket; 0 is ignored.",
        Unsigned(0, 4294967295),
        since="2.0.0",
        missing="reported",
        unit="bytes",
        scope="checker",
        default_note="kernel default",
    )
    lvs_netlink_cmd_rcv_bufs_force: bool | None = keyword(
        "Use SO_RCVBUFFORCE for that socket.", Bool(), default=False, since="2.0.0", scope="checker"
    )
    lvs_netlink_monitor_rcv_bufs: int | None = keyword(
        "Receive buffer bytes of the lvs netlink monitor socket; 0 is ignored.",
        Unsigned(0, 4294967295),
        since="2.0.0",
        missing="reported",
        unit="bytes",
        scope="checker",
        default_note="kernel default",
    )
    lvs_netlink_monitor_rcv_bufs_force: bool | None = keyword(
        "Use SO_RCVBUFFORCE for that socket.", Bool(), default=False, since="2.0.0", scope="checker"
    )
    process_monitor_rcv_bufs: int | None = keyword(
        "Receive buffer bytes of the process event socket; 0 is ignored.",
        Unsigned(0, 4294967295),
        since="2.0.11",
        missing="reported",
        unit="bytes",
        builds=("TRACK_PROCESS",),
        default_note="kernel default",
    )
    process_monitor_rcv_bufs_force: bool | None = keyword(
        "Use SO_RCVBUFFORCE for the process event socket.",
        Bool(),
        default=False,
        since="2.0.11",
        builds=("TRACK_PROCESS",),
    )
    rs_init_notifies: bool | None = keyword(
        "Run real server notifies when real servers come up at start.",
        Bool(),
        default=False,
        since="2.0.0",
        scope="checker",
    )
    no_checker_emails: bool | None = keyword(
        "Only send mail when a real server is added/removed, not for each checker.",
        Bool(),
        default=False,
        since="2.0.0",
        scope="checker",
    )
    vrrp_rx_bufs_policy: tuple[Any, ...] = keyword(
        "How large the VRRP socket receive buffers are made.",
        Words("WORD …"),
        default=(),
        since="2.0.3",
        repeat="adds",
        missing="reported",
        note="OOR:error; ignored NOTE:a number excludes MTU/ADVERT (policy ignored with error); MTU together with ADVERT drops ADVERT",
        default_note="system default",
    )
    vrrp_rx_bufs_multiplier: int | None = keyword(
        "Multiplier for vrrp_rx_bufs_policy MTU/ADVERT.",
        Unsigned(1, 4294967295),
        default=3,
        since="2.0.3",
        missing="reported",
        surplus=True,
    )
    vrrp_startup_delay: float | None = keyword(
        "Delay before VRRP instances start after keepalived starts; the larger of this and vrrp_delay_after_boot wins (log notice from 60 s).",
        Seconds("0.001", "4294.967295", 6),
        default=0,
        since="2.0.14",
        repeat="largest",
        unit="seconds",
    )
    vrrp_delay_after_boot: float | None = keyword(
        "Hold VRRP instances until this many seconds after boot.",
        Seconds("0.001", "4294.967295", 6),
        default=0,
        since="2.4.0",
        repeat="largest",
        unit="seconds",
    )
    log_unknown_vrids: bool = keyword(
        "Log adverts with VRIDs not configured on the receiving interface.", Flag(), default=False, since="2.0.16"
    )
    vrrp_owner_ignore_adverts: bool | None = keyword(
        "Default of owner_ignore_adverts.", Bool(), default=False, since="2.3.3"
    )
    vmac_prefix: str | None = keyword(
        "Prefix of generated VMAC interface names.",
        Word(),
        default="vrrp",
        since="2.2.0",
        repeat="first",
        builds=("VRRP_VMAC",),
    )
    vmac_addr_prefix: str | None = keyword(
        "Prefix of VMAC names created for VIPs on other interfaces.",
        Word(),
        default="vmac_prefix",
        since="2.2.0",
        repeat="first",
        builds=("VRRP_VMAC",),
    )
    umask: Any = keyword(
        "umask for files keepalived creates.",
        Words("<number (octal/hex/dec, bits 0777)> | <bit>[|<bit>...]  bit = I(R|W|X)(USR|GRP|OTH) or IRWX(U|G|O)"),
        since="2.0.9",
        scope="global",
        default_note="IXUSR|IRWXG|IRWXO (0177)",
        note="NOTE:a command line -u makes this line be ignored",
    )
    random_seed: int | None = keyword(
        "Seed of ${_RANDOM}.", Unsigned(0, 4294967295), since="2.0.15", scope="global", default_note="time based"
    )
    reload_check_config: str | None = keyword(
        "Run a config test before a reload and refuse to reload if it fails; optional log file.",
        Word(),
        since="2.2.0",
        note="MISS:log to /dev/null NOTE:side effect seen in both versions: any diagnostic while the VRRP process reads its configuration becomes fatal, also at first start",
        scope="global",
        default_note="off; /dev/null without argument",
    )
    reload_time_file: str | None = keyword(
        "File holding the time of a scheduled reload.",
        Word(),
        since="2.1.0",
        missing="reported",
        surplus=True,
        scope="global",
    )
    reload_repeat: bool = keyword(
        "Do not delete reload_time_file after the reload (daily reload).",
        Flag(),
        default=False,
        since="2.1.0",
        scope="global",
    )
    reload_file: str | None = keyword(
        "File created/truncated while configuration is being read.",
        Word(),
        since="2.2.0",
        note=" MISS:default path",
        scope="global",
        default_note="off; <pid dir>/keepalived.reload without argument",
    )
    include_check: tuple[Any, ...] = keyword(
        "Which include problems are errors; items may carry + or - to add/remove.",
        Words("WORD …"),
        default=(),
        since="2.2.0",
        repeat="adds",
        note='BAD:error; item ignored MISS:all NOTE:the man page calls the first member "readable", the parser only knows "read"',
        scope="global",
        default_note="none; all without argument",
    )
    config_save_dir: str | None = keyword(
        "Directory that receives copies of every configuration read (created if missing, by parent).",
        Word(),
        since="2.2.3",
        scope="global",
    )
    tmp_config_directory: str | None = keyword(
        "Directory for the consolidated configuration copy instead of memfd; not changeable on reload.",
        Word(),
        default="memfd",
        since="2.2.0",
        repeat="first",
        missing="reported",
        scope="global",
    )
    data_use_instance: bool | None = keyword(
        "Add instance and namespace to dump file names.", Bool(), default=False, since="2.2.3", scope="global"
    )
    json_version: int | None = keyword(
        "Layout version of the JSON dump.",
        Unsigned(1, 2),
        default=1,
        since="2.2.8",
        missing="reported",
        scope="global",
        builds=("JSON",),
    )
    iproute_usr_dir: str | None = keyword(
        "Location of the vendor iproute2 tables.",
        Word(),
        since="2.3.2",
        missing="reported",
        surplus=True,
        default_note="build time",
    )
    iproute_etc_dir: str | None = keyword(
        "Location of the local iproute2 tables.",
        Word(),
        since="2.3.2",
        missing="reported",
        surplus=True,
        default_note="build time (/etc/iproute2)",
    )
    state_dump_file: str | None = keyword(
        "Path (or directory when ending in /) for the state dump.",
        Word(),
        since="2.3.3",
        missing="reported",
        surplus=True,
        scope="global",
        default_note="/tmp (build dependent)",
        note="NOTE:man page names this state_file_location, which the parser rejects as unknown",
    )
    stats_dump_file: str | None = keyword(
        "Path (or directory when ending in /) for the stats dump.",
        Word(),
        since="2.3.3",
        missing="reported",
        surplus=True,
        scope="global",
        default_note="/tmp (build dependent)",
        note="NOTE:man page names this stats_file_location, which the parser rejects as unknown",
    )
    json_dump_file: str | None = keyword(
        "Path (or directory when ending in /) for the json dump.",
        Word(),
        since="2.3.3",
        missing="reported",
        surplus=True,
        scope="global",
        default_note="/tmp (build dependent)",
        note="NOTE:man page names this json_file_location, which the parser rejects as unknown",
    )
