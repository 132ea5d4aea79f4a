"""``global_defs``: SNMP and D-Bus."""

from havipcfg.keepalived.declare import Block, keyword
from havipcfg.keepalived.values import Flag, Seconds, Word


class Monitoring(Block):
    """SNMP and D-Bus."""

    snmp_socket: str | None = keyword(
        "Socket of the SNMP master agent.",
        Word("SOCKET"),
        default="unix:/var/agentx/master",
        since="1.2.20",
        missing="reported",
        repeat="first",
        surplus=True,
        dropped=True,
        scope="global",
        builds=("SNMP",),
    )
    enable_traps: bool = keyword(
        "Sends SNMP traps.",
        Flag(),
        default=False,
        since="1.2.5",
        scope="global",
        builds=("SNMP",),
    )
    enable_snmp_vrrp: bool = keyword(
        "Serves keepalived's own MIB for VRRP.",
        Flag(),
        default=False,
        since="2.0.0",
        scope="global",
        builds=("SNMP", "SNMP_VRRP"),
    )
    enable_snmp_keepalived: bool = keyword(
        "Former name of enable_snmp_vrrp.",
        Flag(),
        default=False,
        since="1.2.20",
        deprecated="enable_snmp_vrrp",
        alias_of="enable_snmp_vrrp",
        scope="global",
        builds=("SNMP", "SNMP_VRRP"),
    )
    enable_snmp_rfc: bool = keyword(
        "Serves the VRRP MIBs of RFC 2787 and RFC 6527.",
        Flag(),
        default=False,
        since="1.2.20",
        until={"2.3.0": {"unbuilt": False}},
        unbuilt=True,
        scope="global",
        builds=("SNMP", "SNMP_RFC"),
    )
    enable_snmp_rfcv2: bool = keyword(
        "Serves the VRRPv2 MIB of RFC 2787.",
        Flag(),
        default=False,
        since="1.2.20",
        until={"2.3.0": {"unbuilt": False}},
        unbuilt=True,
        scope="global",
        builds=("SNMP", "SNMP_RFCV2"),
    )
    enable_snmp_rfcv3: bool = keyword(
        "Serves the VRRPv3 MIB of RFC 6527.",
        Flag(),
        default=False,
        since="1.2.20",
        until={"2.3.0": {"unbuilt": False}},
        unbuilt=True,
        scope="global",
        builds=("SNMP", "SNMP_RFCV3"),
    )
    enable_snmp_checker: bool = keyword(
        "Serves keepalived's own MIB for LVS.",
        Flag(),
        default=False,
        since="1.2.20",
        scope="global",
        builds=("SNMP", "SNMP_CHECKER"),
    )
    snmp_vs_stats_update_interval: float | None = keyword(
        "Age at which statistics of virtual servers are read again for SNMP.",
        Seconds("0.001", "30", 6),
        default=5,
        since="2.3.0",
        unit="seconds",
        scope="global",
        builds=("SNMP", "SNMP_CHECKER"),
    )
    snmp_rs_stats_update_interval: float | None = keyword(
        "Age at which statistics of real servers are read again for SNMP.",
        Seconds("0.001", "30", 6),
        since="2.3.0",
        unit="seconds",
        scope="global",
        builds=("SNMP", "SNMP_CHECKER"),
        default_note="snmp_vs_stats_update_interval",
    )
    enable_dbus: bool = keyword(
        "Offers instances on D-Bus.",
        Flag(),
        default=False,
        since="1.3.0",
        scope="global",
        builds=("DBUS",),
    )
    dbus_service_name: str | None = keyword(
        "Name of the D-Bus service.",
        Word(),
        default="org.keepalived.Vrrp1",
        since="1.3.7",
        missing="reported",
        scope="global",
        builds=("DBUS",),
    )
    dbus_no_interface_name: str | None = keyword(
        "What stands for the interface on D-Bus where an instance has none.",
        Word(),
        default="none",
        since="2.3.0",
        missing="reported",
        scope="global",
        builds=("DBUS",),
    )
