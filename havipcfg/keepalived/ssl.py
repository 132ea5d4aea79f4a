"""``SSL``: what ``SSL_GET`` checks show and trust."""

from havipcfg.keepalived.declare import Block, keyword
from havipcfg.keepalived.values import Word


class Ssl(Block):
    """The client certificate of ``SSL_GET`` checks, and whom they trust."""

    password: str | None = keyword(
        "Pass phrase of the private key.",
        Word(),
        since="0.5.3",
        repeat="replaced",
        missing="reported",
        secret=True,
        scope="checker",
    )
    ca: str | None = keyword(
        "File of the certificate authorities trusted.",
        Word("FILE"),
        since="0.5.3",
        repeat="replaced",
        missing="reported",
        scope="checker",
    )
    certificate: str | None = keyword(
        "File of the certificate shown to servers.",
        Word("FILE"),
        since="0.5.3",
        repeat="replaced",
        missing="reported",
        scope="checker",
    )
    key: str | None = keyword(
        "File of the private key that belongs to the certificate.",
        Word("FILE"),
        since="0.5.3",
        repeat="replaced",
        missing="reported",
        scope="checker",
    )
