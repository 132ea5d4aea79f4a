"""Gratuitous ARP settings of ``vrrp_instance``."""

from havipcfg.keepalived.declare import Block, keyword
from havipcfg.keepalived.values import Unsigned
from havipcfg.keepalived.vrrp_options import ExtraGarp, ExtraGarpOptions


class GarpSettings(Block):
    """Gratuitous ARP and neighbour advertisements of an instance."""

    garp_master_delay: int | None = keyword(
        "Wait between the two bursts of gratuitous ARP after becoming master; 0 sends one burst.",
        Unsigned(0, 4294),
        since="0.7.1",
        unit="seconds",
        default_note="vrrp_garp_master_delay",
    )
    garp_master_repeat: int | None = keyword(
        "Gratuitous ARPs in each burst after becoming master.",
        Unsigned(1, 4294967295, at_zero=1),
        since="1.2.14",
        default_note="vrrp_garp_master_repeat",
    )
    garp_master_refresh: int | None = keyword(
        "How often the master repeats its gratuitous ARPs; 0 never.",
        Unsigned(0, 4294967295),
        since="1.2.10",
        beyond=0,
        unit="seconds",
        default_note="vrrp_garp_master_refresh",
    )
    garp_master_refresh_repeat: int | None = keyword(
        "Gratuitous ARPs in each such repetition.",
        Unsigned(1, 4294967295, at_zero=1),
        since="1.2.14",
        default_note="vrrp_garp_master_refresh_repeat",
    )
    garp_lower_prio_delay: int | None = keyword(
        "Wait before the second burst after a lower master was heard.",
        Unsigned(0, 4294),
        since="1.2.20",
        unit="seconds",
        default_note="vrrp_garp_lower_prio_delay, 0 in strict mode",
    )
    garp_lower_prio_repeat: int | None = keyword(
        "Gratuitous ARPs in each burst after a lower master was heard.",
        Unsigned(0, 2147483647),
        since="1.2.20",
        default_note="vrrp_garp_lower_prio_repeat, 0 in strict mode",
    )
    garp_extra_if: ExtraGarp | None = keyword(
        "How often the master repeats gratuitous ARPs on the other interfaces of its addresses; 0 never.",
        ExtraGarpOptions(0),
        since="2.2.3",
        missing="reported",
        unit="seconds",
        builds=("VRRP_VMAC",),
        default_note="vrrp_garp_extra_if",
    )
    vmac_garp_intvl: ExtraGarp | None = keyword(
        "Former name of garp_extra_if.",
        ExtraGarpOptions(0),
        since="2.2.0",
        deprecated="garp_extra_if",
        deprecation_reported=True,
        alias_of="garp_extra_if",
        missing="reported",
        unit="seconds",
        builds=("VRRP_VMAC",),
    )
