"""Health checks, notify actions and authentication of a cluster.yaml."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from havipcfg.cluster.values import (
    Address,
    Block,
    Command,
    Extra,
    FilePath,
    Interface,
    Port,
    Seconds,
    Secret,
    Shorthand,
    Text,
    bad_value,
    under,
)

CheckKind = Literal["process", "tcp", "http", "https", "command", "file", "systemd", "interface"]
CHECK_KINDS: tuple[CheckKind, ...] = get_args(CheckKind)


def _endpoint(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return value
    if isinstance(value, int):
        return {"port": value}
    host, colon, port = value.rpartition(":")
    if not port.isascii() or not port.isdigit():
        raise bad_value(f"{value!r} is neither a port nor HOST:PORT")
    return {"host": host.strip("[]"), "port": int(port[:9])} if colon else {"port": int(port[:9])}


class TcpEndpoint(Block):
    """A port that must accept a connection."""

    port: Port = Field(description="TCP port.")
    host: Text = Field(default="127.0.0.1", description="Name or address to connect to.")


class HttpRequest(Block):
    """A page that must answer."""

    url: Text = Field(description="Address of the page, with its scheme.")
    status: Annotated[
        list[Annotated[int, Field(ge=100, le=599)]],
        Shorthand(lambda v: [v] if isinstance(v, int) else v, {"type": "integer"}),
    ] = Field(default=[200], min_length=1, description="Status codes that count as healthy.")
    contains: Text | None = Field(default=None, description="Text that the page must hold.")
    verify: bool = Field(default=True, description="https: check the certificate.")


Tcp = Annotated[TcpEndpoint, Shorthand(_endpoint, {"type": ["integer", "string"]})]
Http = Annotated[HttpRequest, Shorthand(under("url"), {"type": "string", "pattern": "^https?://"})]


class Check(Block):
    """One health check: exactly one of process, tcp, http, https, command, file, systemd and interface."""

    process: Text | None = Field(default=None, description="Name of a process that must run.")
    tcp: Tcp | None = Field(default=None, description="PORT or HOST:PORT that must accept a connection.")
    http: Http | None = Field(default=None, description="URL that must answer.")
    https: Http | None = Field(default=None, description="URL that must answer over TLS.")
    command: Command | None = Field(
        default=None,
        description="Command that must exit 0: a list of words, or one line split as a shell would; no shell runs.",
    )
    file: FilePath | None = Field(
        default=None,
        description="File whose number must be 0 (vrrp_track_file); without the file the node counts as healthy.",
    )
    systemd: Text | None = Field(default=None, description="Unit that must be active.")
    interface: Interface | None = Field(default=None, description="Network interface that must be up.")
    interval: Seconds = Field(default=2, description="Seconds from one run to the next.")
    timeout: Seconds | None = Field(
        default=None, description="Seconds after which a run counts as failed; default: interval."
    )
    fall: int = Field(default=2, ge=1, le=1000, description="Failures in a row until the node counts as failed.")
    rise: int = Field(
        default=2, ge=1, le=1000, description="Successes in a row until the node counts as healthy again."
    )
    on_failure: Literal["move", "lower"] = Field(
        default="move",
        description="move: the node gives the address up (FAULT). lower: its priority falls.",
    )
    weight: int | None = Field(
        default=None,
        ge=-253,
        le=253,
        description="lower: how far the priority moves (vrrp_script weight); default: below every healthy node.",
    )
    user: Text | None = Field(default=None, description="User that runs the command.")
    extra: Extra = Field(default={}, description="Further keywords of the vrrp_script or vrrp_track_process block.")

    @model_validator(mode="after")
    def _one_kind(self) -> Check:
        given = [kind for kind in CHECK_KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            said = f"says {' and '.join(given)}" if given else "does not say what it checks"
            raise bad_value(f"the check {said}; exactly one of {', '.join(CHECK_KINDS)} is expected")
        for scheme in ("http", "https"):
            request = getattr(self, scheme)
            if request is not None and not request.url.startswith(f"{scheme}://"):
                raise bad_value(f"the address of a check by {scheme} begins with {scheme}://")
        if self.weight == 0 and self.on_failure == "lower":
            raise bad_value("weight 0 lowers nothing; use on_failure: move")
        return self

    @property
    def kind(self) -> CheckKind:
        return next(kind for kind in CHECK_KINDS if getattr(self, kind) is not None)

    @property
    def lowers(self) -> bool:
        """Whether a failure only lowers the priority."""
        return self.on_failure == "lower"

    @property
    def timeout_seconds(self) -> float:
        return self.interval if self.timeout is None else self.timeout


class CheckOverride(Block):
    """What one node does differently in a check."""

    interval: Seconds | None = Field(default=None, description="Seconds from one run to the next.")
    timeout: Seconds | None = Field(default=None, description="Seconds after which a run counts as failed.")
    fall: int | None = Field(default=None, ge=1, le=1000, description="Failures in a row.")
    rise: int | None = Field(default=None, ge=1, le=1000, description="Successes in a row.")
    weight: int | None = Field(default=None, ge=-253, le=253, description="How far the priority moves.")
    command: Command | None = Field(default=None, description="Another command, for a check by command.")
    extra: Extra = Field(default={}, description="Further keywords of the block.")


class Notify(Block):
    """Commands run when an instance changes its state."""

    master: Command | None = Field(default=None, description="The node takes the address (notify_master).")
    backup: Command | None = Field(default=None, description="The node gives it up, or waits (notify_backup).")
    fault: Command | None = Field(default=None, description="A check or the interface failed (notify_fault).")
    stop: Command | None = Field(default=None, description="keepalived stops (notify_stop).")
    master_rx_lower_pri: Command | None = Field(
        default=None, description="The master heard a lower one (notify_master_rx_lower_pri)."
    )
    any: Command | None = Field(
        default=None, description="Every change; type, name, state and priority are appended (notify)."
    )


class Authentication(Block):
    """How the nodes prove that they belong together."""

    type: Literal["PASS", "AH", "none"] = Field(
        default="PASS", description="PASS (VRRP version 2 only), AH (an IPsec header, for old clusters) or none."
    )
    password: Secret | None = Field(
        default=None, description="{env: NAME} or {file: PATH}; keepalived uses the first 8 characters."
    )

    @model_validator(mode="after")
    def _password_belongs_to_pass(self) -> Authentication:
        if self.type != "none" and self.password is None:
            raise bad_value("authentication by PASS needs password: {env: NAME} or {file: PATH}")
        if self.type == "none" and self.password is not None:
            raise bad_value("authentication none has no password")
        if self.password is not None:
            given = [key for key in ("env", "file", "literal") if getattr(self.password, key) is not None]
            if len(given) != 1:
                raise bad_value("a password is either {env: NAME} or {file: PATH}")
        return self


AuthenticationField = Annotated[Authentication, Shorthand(under("type"), {"type": "string", "enum": ["none"]})]
AddressList = Annotated[list[Address], Field(min_length=1)]
