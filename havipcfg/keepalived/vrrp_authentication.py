"""``authentication`` and ``auth_hmac`` of an instance."""

from havipcfg.keepalived.declare import Block, keyword
from havipcfg.keepalived.values import Choice, Unsigned, Word
from havipcfg.keepalived.vrrp_options import HmacKey, HmacKeys


class Authentication(Block):
    """A password in VRRPv2 adverts, in clear text."""

    auth_type: str | None = keyword(
        "PASS, a password in clear text, or AH, an IPsec header.",
        Choice("PASS", "AH"),
        since="0.5.3",
        builds=("VRRP_AUTH",),
        default_note="none",
    )
    auth_pass: str | None = keyword(
        "The password, the same on every node.",
        Word("PASSWORD", longest=8),
        since="0.5.3",
        secret=True,
        builds=("VRRP_AUTH",),
    )


class AuthHmac(Block):
    """Signatures in adverts, an extension of keepalived."""

    key: tuple[HmacKey, ...] = keyword(
        "A key and its number.",
        HmacKeys(),
        default=(),
        since="2.4.0",
        missing="reported",
        repeat="adds",
        unique=True,
        secret=True,
        required=True,
        builds=("VRRP_AUTH",),
    )
    active_key: int | None = keyword(
        "Number of the key that signs the adverts sent.",
        Unsigned(1, 255, strict=True),
        since="2.4.0",
        required=True,
        builds=("VRRP_AUTH",),
    )
    time_window: int | None = keyword(
        "How old an advert may be.",
        Unsigned(1, 300, strict=True),
        since="2.4.0",
        unit="seconds",
        builds=("VRRP_AUTH",),
        default_note="three times advert_int, 5 to 300",
    )
    anti_replay: str | None = keyword(
        "How old adverts are told from new ones: by time, or by a rising counter.",
        Choice("time", "monotonic"),
        default="time",
        since="2.4.0",
        builds=("VRRP_AUTH",),
    )
    mode: str | None = keyword(
        "What happens to unsigned adverts: enforce drops them, the others serve while nodes are changed over.",
        Choice("enforce", "permissive", "receive-only"),
        default="enforce",
        since="2.4.0",
        builds=("VRRP_AUTH",),
    )
