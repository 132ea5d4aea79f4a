"""Settings for the whole node: gratuitous ARPs, mail, pipes, samples left in."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import INFO, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.global_defs import GlobalDefs
from havipcfg.rules.registry import rule
from havipcfg.source import Span

SAMPLE_RELAYS = frozenset(("192.168.200.1",))
SAMPLE_IDS = frozenset(("LVS_DEVEL",))
SAMPLE_DOMAINS = ("@firewall.loc",)


@rule(
    "KC380", "gratuitous-arp-suppressed", WARNING, of=GlobalDefs, given=("vrrp_min_garp", "vrrp_garp_lower_prio_repeat")
)
def gratuitous_arp_suppressed(settings: GlobalDefs, context: Context) -> Iterator[Finding]:
    """Gratuitous ARPs reduced to one packet.

    ## What it does
    Reports `vrrp_min_garp`, and `vrrp_garp_lower_prio_repeat 0`, where
    `vrrp_garp_master_refresh` does not repeat the announcement either.

    ## Why it matters
    Switches, routers and clouds learn from gratuitous ARPs where the address is. With one
    packet a move depends on that packet; after two nodes held the address for a moment,
    neighbours keep sending to the wrong one.

    ## Example
    ```keepalived
    global_defs {
        vrrp_min_garp           # expect: KC380
    }
    ```

    ## Use instead
    ```keepalived
    global_defs {
        vrrp_garp_master_refresh 60
    }
    ```

    ## References
    - keepalived.conf(5), "vrrp_min_garp" and "vrrp_garp_master_refresh"
    """
    del context
    if settings.vrrp_garp_master_refresh:
        return
    if settings.vrrp_min_garp:
        yield Finding(
            settings.at("vrrp_min_garp"),
            "every move of an address is announced with one packet",
            why="where it is lost, neighbours keep sending to the old node",
            advice="leave vrrp_min_garp out, or repeat the announcement with vrrp_garp_master_refresh 60",
        )
    if settings.vrrp_garp_lower_prio_repeat == 0:
        yield Finding(
            settings.at("vrrp_garp_lower_prio_repeat"),
            "nothing is announced after another node gave the address up",
            why="after two nodes held the address for a moment, neighbours keep sending to the wrong one",
            advice="leave the line out, or repeat the announcement with vrrp_garp_master_refresh 60",
        )


@rule(
    "KC381",
    "sample-settings",
    INFO,
    of=GlobalDefs,
    given=("smtp_server", "notification_email", "notification_email_from", "router_id"),
)
def sample_settings(settings: GlobalDefs, context: Context) -> Iterator[Finding]:
    """Values of keepalived's sample file left in.

    ## What it does
    Reports the mail relay, the mail addresses and the `router_id` of published samples.

    ## Why it matters
    Alerts go nowhere, and the nodes of a cluster cannot be told apart in mails and traps.

    ## Example
    ```keepalived
    global_defs {
        router_id LVS_DEVEL     # expect: KC381
    }
    ```

    ## Use instead
    A name of its own for every node, or none: then it is the host name.
    ```keepalived
    global_defs {
        router_id web-a
    }
    ```

    ## References
    - keepalived.conf(5), "router_id" and "notification_email"
    """
    del context
    found: list[tuple[Span, str]] = []
    if settings.smtp_server is not None and settings.smtp_server.host in SAMPLE_RELAYS:
        found.append((settings.at("smtp_server"), f"mail relay {settings.smtp_server.host}"))
    sender = settings.notification_email_from
    if sender is not None and sender.lower().endswith(SAMPLE_DOMAINS):
        found.append((settings.at("notification_email_from"), f"sender {sender}"))
    found += [
        (name.span, f"recipient {name.name}")
        for name in settings.notification_email[:1]
        if name.name.lower().endswith(SAMPLE_DOMAINS)
    ]
    if settings.router_id in SAMPLE_IDS:
        found.append((settings.at("router_id"), f"router_id {settings.router_id}"))
    if found:
        yield Finding(
            found[0][0],
            f"{found[0][1]} is from the sample configuration",
            why="alerts go nowhere, or do not say which node they are from",
            advice="write your own value, or leave the line out",
            related=tuple(Label(span, what) for span, what in found[1:]),
        )


@rule("KC382", "mail-needs-login", WARNING, of=GlobalDefs, given="smtp_server")
def mail_needs_login(settings: GlobalDefs, context: Context) -> Iterator[Finding]:
    """A mail relay on a port that wants TLS and a login.

    ## What it does
    Reports `smtp_server` with port 465 or 587.

    ## Why it matters
    keepalived speaks plain SMTP without TLS and without a login: such a relay refuses the
    mail, and nobody hears of a failover.

    ## Example
    ```keepalived
    global_defs {
        smtp_server 192.0.2.25 587      # expect: KC382
    }
    ```

    ## Use instead
    A relay on the node itself, which knows the login.
    ```keepalived
    global_defs {
        smtp_server 127.0.0.1 25
    }
    ```

    ## References
    - RFC 8314; keepalived.conf(5), "smtp_server"
    """
    del context
    if settings.smtp_server is not None and settings.smtp_server.port in (465, 587):
        yield Finding(
            settings.at("smtp_server"),
            f"port {settings.smtp_server.port} wants TLS or a login, which keepalived does not speak",
            why="the relay refuses the mail, and nobody hears of a failover",
            advice="send to a relay on this node that knows the login",
        )


@rule("KC383", "shared-pipe", WARNING, of=GlobalDefs, given=("vrrp_notify_fifo", "lvs_notify_fifo"))
def shared_pipe(settings: GlobalDefs, context: Context) -> Iterator[Finding]:
    """One named pipe for two purposes.

    ## What it does
    Reports `vrrp_notify_fifo` or `lvs_notify_fifo` with the path of another pipe.

    ## Why it matters
    keepalived drops the second, and says so in the log only: its notifications are lost.

    ## Example
    ```keepalived
    global_defs {
        notify_fifo /run/keepalived.fifo
        vrrp_notify_fifo /run/keepalived.fifo   # expect: KC383
    }
    ```

    ## Use instead
    `notify_fifo` alone, which gets all notifications.

    ## References
    - keepalived.conf(5), "notify_fifo"
    """
    del context
    first: dict[str, str] = {}
    for keyword in ("notify_fifo", "vrrp_notify_fifo", "lvs_notify_fifo"):
        pipe = getattr(settings, keyword)
        if pipe is None:
            continue
        other = first.setdefault(pipe.path, keyword)
        if other != keyword:
            yield Finding(
                settings.at(keyword),
                f"{other} already uses {pipe.path}",
                why="keepalived drops this one and says so in the log only",
                advice="give it a path of its own, or leave it out",
                related=(Label(settings.at(other), "the same path"),),
            )


@rule("KC384", "sync-daemon-of-nobody", WARNING, of=GlobalDefs, given="lvs_sync_daemon")
def sync_daemon_of_nobody(settings: GlobalDefs, context: Context) -> Iterator[Finding]:
    """A connection sync daemon that follows an instance that is not there.

    ## What it does
    Reports `lvs_sync_daemon` with the name of an instance that the file does not define.

    ## Why it matters
    keepalived drops the sync daemon when it starts: connections are lost at a failover.

    ## Example
    ```keepalived
    global_defs {
        lvs_sync_daemon eth0 web    # expect: KC384
    }
    ```

    ## Use instead
    The name of a `vrrp_instance` of the file.

    ## References
    - keepalived.conf(5), "lvs_sync_daemon"
    """
    daemon = settings.lvs_sync_daemon
    if daemon is not None and daemon.instance is not None and daemon.instance not in context.names.instances:
        yield Finding(
            settings.at("lvs_sync_daemon"),
            f"lvs_sync_daemon follows {daemon.instance}, but no vrrp_instance {daemon.instance} is defined",
            why="keepalived drops the sync daemon when it starts: connections are lost at a failover",
            advice="name a vrrp_instance of this file",
        )


@rule("KC385", "interface-of-two-garp-groups", WARNING, of=KeepalivedConf, given="garp_group", keepalived=True)
def interface_of_two_garp_groups(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """An interface in two `garp_group` blocks, or twice in one.

    ## What it does
    Reports the second time an interface is listed.

    ## Why it matters
    keepalived ignores the second: the gap of the first group counts.

    ## Example
    ```keepalived
    garp_group {
        garp_interval 0.01
        interface eth0
    }

    garp_group {
        garp_interval 0.5
        interface eth0          # expect: KC385
    }
    ```

    ## Use instead
    Every interface in one group.

    ## References
    - keepalived.conf(5), "garp_group"
    """
    del context
    first: dict[str, Span] = {}
    for group in conf.garp_group:
        lines = [*(place for field, place in group.repeats if field == "interface"), group.place("interface")]
        listed = [(place.words[1], place.word_span(1)) for place in lines if place is not None and len(place.words) > 1]
        listed += [(name.name, name.span) for name in group.interfaces]
        for name, span in sorted(listed, key=lambda found: found[1].start):
            other = first.setdefault(name, span)
            if other is not span:
                yield Finding(
                    span,
                    f"{name} is in a garp_group already",
                    why="keepalived ignores the second",
                    advice="list every interface in one group, once",
                    related=(Label(other, "listed here"),),
                )
