"""What the machine at hand shows: interfaces, addresses, users. Asked only with ``--host``."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from havipcfg.cluster.context import Context
from havipcfg.diagnostics import Label
from havipcfg.findings import ERROR, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.tracking import VrrpScript
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.host_facts import (
    group_exists,
    interfaces,
    keepalived_runs,
    local_addresses,
    subnets,
    user_exists,
)
from havipcfg.rules.interfaces import named_interfaces, no_interface
from havipcfg.rules.registry import rule
from havipcfg.source import Span


@rule("KC250", "interface-missing", ERROR, of=KeepalivedConf, keepalived=True)
def interface_missing(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """An interface that this machine does not have. Needs `--host`.

    ## What it does
    Reports names of interfaces in instances, trackers, virtual and static addresses for which
    the machine has no interface. Not with `dynamic_interfaces`.

    ## Why it matters
    keepalived terminates. Files copied from another machine often name its interfaces.

    ## Example
    ```text
    vrrp_instance web {
        interface ens33         # this machine calls it eth0
    ```

    ## Use instead
    A name that `ip link` shows.

    ## References
    - keepalived.conf(5), "interface" and "dynamic_interfaces"
    """
    if not context.host or (conf.global_defs is not None and conf.global_defs.dynamic_interfaces):
        return
    known = interfaces()
    made = {instance.use_vmac.name for instance in conf.vrrp_instance if instance.use_vmac is not None}
    for interface in named_interfaces(conf):
        if interface.name not in known and interface.name not in made and not no_interface(interface.name):
            yield Finding(
                interface.span,
                f"this machine has no interface {interface.name}",
                why="keepalived terminates, with all instances of this file",
                advice=f"use one of {', '.join(sorted(known - {'lo'}))}" if known - {"lo"} else "create the interface",
            )


@rule("KC251", "virtual-address-is-local", ERROR, of=VrrpInstance, given="virtual_ipaddress")
def virtual_address_is_local(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A virtual address that this machine has as its own. Needs `--host`.

    ## What it does
    Reports a virtual address that is up on the machine while no keepalived runs there.

    ## Why it matters
    keepalived removes the address when it starts, and the machine may not be reached any more.
    Or another program adds it again, and two nodes answer for it.

    ## Example
    ```text
    virtual_ipaddress {
        192.0.2.2/24            # what ip address shows for eth0
    ```

    ## Use instead
    An address that no machine has.

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    if not context.host or context.effective(instance).owner or keepalived_runs():
        return
    own = local_addresses()
    for entry in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
        if str(ip_address(entry.address)) in own:
            yield Finding(
                entry.at(),
                f"{entry.address} is an address of this machine already",
                why="keepalived removes it when it starts: the machine may not be reached any more",
                advice="take an address that no machine has, or remove it from the machine's own configuration",
            )


@rule("KC252", "source-not-local", ERROR, of=VrrpInstance, given=("unicast_src_ip", "mcast_src_ip"))
def source_not_local(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A source address that this machine does not have. Needs `--host`.

    ## What it does
    Reports `unicast_src_ip` and `mcast_src_ip` with an address that is not up on the machine.

    ## Why it matters
    The file is probably that of another node. The peers drop adverts from an address they do
    not know, or the instance stays in FAULT.

    ## Example
    ```text
    unicast_src_ip 192.0.2.3    # the address of the other node
    ```

    ## Use instead
    An address that `ip address` shows.

    ## References
    - keepalived.conf(5), "unicast_src_ip"
    """
    if not context.host:
        return
    own = local_addresses()
    for keyword in ("unicast_src_ip", "mcast_src_ip"):
        address = getattr(instance, keyword)
        if address is None or str(ip_address(address)) in own:
            continue
        related = [Label(peer.at(), "a peer") for peer in instance.unicast_peer if peer.address in own]
        yield Finding(
            instance.at(keyword, 1),
            f"this machine has no address {address}",
            why="the peers do not know the address that adverts come from, or the instance stays in FAULT",
            advice="this is the file of another node: exchange source and peer" if related else "use an own address",
            related=tuple(related),
        )


@rule("KC253", "address-outside-subnets", WARNING, of=VrrpInstance, given="virtual_ipaddress")
def address_outside_subnets(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A virtual address that is in no network of its interface. Needs `--host`.

    ## What it does
    Reports an IPv4 address without a prefix of its own that is in none of the networks which
    the machine reaches on the interface without a gateway.

    ## Why it matters
    No neighbour asks for the address, so nothing reaches it.

    ## Example
    ```text
    interface eth0              # 192.0.2.2/24
    virtual_ipaddress {
        198.51.100.10
    ```

    ## Use instead
    An address of the network, or a route to it on the routers.

    ## References
    - keepalived.conf(5), "virtual_ipaddress"
    """
    if not context.host:
        return
    for entry in instance.virtual_ipaddress:
        device = entry.dev or instance.interface
        if entry.family != 4 or device in (None, "lo") or entry.length < 32:
            continue
        networks = subnets(device or "")
        if networks and not any(ip_address(entry.address) in network for network in networks):
            yield Finding(
                entry.at(),
                f"{entry.address} is in no network of {device} ({', '.join(map(str, networks))})",
                why="no neighbour asks for it, so nothing reaches it",
                advice="take an address of the network, or route it to the nodes",
            )


@rule("KC254", "unknown-user", ERROR, of=KeepalivedConf, keepalived=True)
def unknown_user(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A user or group that this machine does not have. Needs `--host`.

    ## What it does
    Reports names after `script_user`, `user` and notify scripts for which the machine has no account.

    ## Why it matters
    keepalived drops the scripts that would run as that user: a failed service no longer moves
    the address.

    ## Example
    ```text
    global_defs {
        script_user keepalived_script       # never created on this machine
    ```

    ## Use instead
    A user that `getent passwd` shows.

    ## References
    - keepalived.conf(5), "script_user"
    """
    if not context.host:
        return
    named: list[tuple[str | None, str | None, Span, bool]] = []
    settings = conf.global_defs
    if settings is not None and settings.script_user is not None:
        named.append((settings.script_user.user, settings.script_user.group, settings.at("script_user"), True))
    named += [(s.user.user, s.user.group, s.at("user"), True) for s in conf.vrrp_script if s.user is not None]
    for command in context.commands:
        if command.command.user is not None:
            reported = isinstance(command.block, VrrpScript)
            place = command.block.at(command.keyword)
            named.append((command.command.user, command.command.group, place, reported))
    for user, group, span, reported in named:
        for what, name, exists in (("user", user, user_exists), ("group", group, group_exists)):
            if name is not None and not exists(name):
                yield Finding(
                    span,
                    f"this machine has no {what} {name}",
                    why="keepalived drops the scripts that would run as that user",
                    advice=f"create the {what}, or name another one",
                    keepalived=reported,
                )
                break


@rule("KC255", "executable-configuration", ERROR, of=KeepalivedConf, keepalived=True)
def executable_configuration(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A configuration file with the executable bit. Needs `--host`.

    ## What it does
    Reports a configuration file that may be executed.

    ## Why it matters
    keepalived skips such a file with one message. It runs without any instance, and
    `keepalived -t` ends with exit status 0.

    ## Example
    ```text
    -rwxr-xr-x 1 root root 812 keepalived.conf
    ```

    ## Use instead
    `chmod 644 keepalived.conf`

    ## References
    - keepalived(8), "-f"
    """
    del conf
    path = context.reading.source.path
    if not context.host or path is None:
        return
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if mode & 0o111:
        yield Finding(
            Span(context.reading.source, 0, 0),
            f"{path.name} is executable",
            why="keepalived skips the file, and runs without any instance",
            advice=f"chmod 644 {path.name}",
        )
