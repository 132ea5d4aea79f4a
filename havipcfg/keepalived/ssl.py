"""ssl"""

from havipcfg.keepalived.declare import Block, keyword
from havipcfg.keepalived.values import Word


class Ssl(Block):
    """Client certificate settings for SSL_GET; a second block replaces the first with an error."""

    password: str | None = keyword(
        "Pass phrase of the key.",
        Word(),
        since="0.5.3",
        repeat="replaced",
        missing="reported",
        scope="checker",
        note=' OBS:{"given_twice": {"243": "error:Duplicate SSL - overwriting /etc/ssl/x.pem with /etc/ssl/x.pem", "227": "error:SSL password already specified - replacing"}}',
    )
    ca: str | None = keyword(
        "CA file.",
        Word(),
        since="0.5.3",
        repeat="replaced",
        missing="reported",
        scope="checker",
        note=' OBS:{"given_twice": {"243": "error:Duplicate SSL - overwriting /etc/ssl/x.pem with /etc/ssl/x.pem", "227": "error:SSL cafile already specified - replacing"}}',
    )
    certificate: str | None = keyword(
        "Client certificate file.",
        Word(),
        since="0.5.3",
        repeat="replaced",
        missing="reported",
        scope="checker",
        note=' OBS:{"given_twice": {"243": "error:Duplicate SSL - overwriting /etc/ssl/x.pem with /etc/ssl/x.pem", "227": "error:SSL certfile already specified - replacing"}}',
    )
    key: str | None = keyword(
        "Private key file.",
        Word(),
        since="0.5.3",
        repeat="replaced",
        missing="reported",
        scope="checker",
        note=' OBS:{"given_twice": {"243": "error:Duplicate SSL - overwriting /etc/ssl/x.pem with /etc/ssl/x.pem", "227": "error:SSL keyfile already specified - replacing"}}',
    )
