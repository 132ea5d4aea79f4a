"""What must be equal on every node of a virtual router, or the nodes do not hear each other."""

from __future__ import annotations

from collections.abc import Iterator

from havipcfg.cluster.members import Cluster, Member, VirtualRouter
from havipcfg.diagnostics import Fix, Label
from havipcfg.findings import ERROR, INFO, Finding
from havipcfg.rules.across_edits import alike, differing
from havipcfg.rules.registry import rule
from havipcfg.source import Span

BOTH = "the nodes do not accept each other's adverts: both hold the address at once"


@rule("CL101", "virtual-router-id-differs", ERROR, of=VirtualRouter, fix="unsafe")
def virtual_router_id_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that share an address but not the virtual_router_id.

    ## What it does
    Compares `virtual_router_id` between the nodes of a virtual router: instances that share a
    virtual address, or their name.

    ## Why it matters
    An advert with another virtual_router_id is not even logged. Every node believes that it is
    alone and takes the address: all of them hold it at once.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 62    # expect: CL101
        priority 100
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The same number on all nodes of the cluster, and another one for every other cluster of the
    subnet.

    ## References
    - RFC 5798, section 5.2.3
    - keepalived.conf(5), "virtual_router_id"
    """
    for member, model in differing(router, _number):
        theirs = str(model.instance.virtual_router_id)
        yield Finding(
            member.instance.at("virtual_router_id", 1),
            f"virtual_router_id {member.instance.virtual_router_id} differs from {theirs} on {model.node}",
            why=BOTH + ", and nothing is logged",
            advice="use the same number on every node",
            related=(Label(model.instance.at("virtual_router_id", 1), f"virtual_router_id {theirs} on {model.node}"),),
            fix=_same_number(member, model, cluster),
        )


def _same_number(member: Member, model: Member, cluster: Cluster) -> Fix | None:
    """The model's ``virtual_router_id``; where another instance of the file has it, that one's is mended as well."""
    number = model.instance.virtual_router_id
    own = alike(member, model, None, "virtual_router_id", str(number))
    holder = next((each for each in member.context.conf.vrrp_instance if each.virtual_router_id == number), None)
    if own is None or holder is None:
        return own
    for router in cluster.routers:
        for one, other in differing(router, _number):
            second = alike(one, other, None, "virtual_router_id", str(other.instance.virtual_router_id))
            if one.instance is holder and second is not None:
                edits = sorted((*own.edits, *second.edits), key=lambda edit: edit.span.start)
                return Fix(f"virtual_router_id of both as on {model.node}", "unsafe", tuple(edits))
    return None


def _number(member: Member) -> int | None:
    return member.instance.virtual_router_id


@rule("CL102", "authentication-differs", ERROR, of=VirtualRouter, fix="unsafe")
def authentication_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that do not authenticate in the same way.

    ## What it does
    Compares what is in force: the type, the first eight characters of the password, whether all
    nodes sign where one enforces `auth_hmac`, and whether they have the key that another one signs
    with. In VRRP version 3 and in strict mode adverts carry no password, so none is compared.

    ## Why it matters
    A node drops adverts with another type or password. Every node takes the address.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        authentication {
            auth_type PASS
            auth_pass 7hd3kQ2z
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        authentication {
            auth_type PASS
            auth_pass 7hd3kQ2y  # expect: CL102
        }
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The same block on all nodes, or none at all.

    ## References
    - RFC 2338, section 5.3.6
    - keepalived.conf(5), "authentication"
    """
    del cluster
    yield from _unknown_keys(router)
    credentials = _signing if any(map(_enforces, router.members)) else _password
    for member, model in differing(router, credentials):
        if member.effective.version != model.effective.version:
            continue
        signed = credentials is _signing
        mine, theirs = member.effective.authentication, model.effective.authentication
        keyword = "auth_hmac" if signed else "authentication"
        span = member.instance.at(keyword)
        known = "the" if model.instance.has(keyword) else "no"
        label = Label(model.instance.at(keyword), f"{known} {keyword} of {model.node}")
        fix = None
        if mine and theirs and not signed:
            keyword = "auth_type" if mine[0] != theirs[0] else "auth_pass"
            block, other = member.instance.authentication, model.instance.authentication
            if block is not None and other is not None:
                span = block.at(keyword, 1)
                label = Label(other.at(keyword, 1), f"{keyword} of {model.node}")
                fix = alike(member, model, block, keyword, other.at(keyword, 1).text)
        yield Finding(
            span,
            _difference(member, model, keyword),
            why=BOTH,
            advice="use the same authentication on every node",
            related=(label,),
            fix=fix,
        )


def _signs(member: Member) -> bool:
    """Whether its adverts are signed: without the active key keepalived leaves auth_hmac out."""
    hmac = member.instance.auth_hmac
    return hmac is not None and any(key.name == hmac.active_key for key in hmac.key)


def _enforces(member: Member) -> bool:
    """Whether it drops adverts that nobody signed."""
    hmac = member.instance.auth_hmac
    return hmac is not None and _signs(member) and (hmac.mode == "enforce" or member.effective.strict)


def _signing(member: Member) -> bool | None:
    """Whether adverts are signed; None of a node that takes both."""
    signs = _signs(member)
    return signs if _enforces(member) or not signs else None


def _password(member: Member) -> tuple[object, ...] | None:
    """The type and password of adverts; None where they carry none."""
    if member.effective.version == 3 or member.effective.strict or member.instance.auth_hmac is not None:
        return None
    return ("plain", member.effective.authentication)


def _difference(member: Member, model: Member, keyword: str) -> str:
    if keyword == "auth_hmac":
        with_it, without = (member, model) if _signs(member) else (model, member)
        return f"{with_it.node} signs its adverts, {without.node} does not"
    mine, theirs = member.effective.authentication, model.effective.authentication
    if mine and theirs and keyword == "auth_type":
        return f"auth_type {mine[0]} differs from {theirs[0]} on {model.node}"
    if mine and theirs:
        return f"auth_pass differs from that on {model.node}"
    with_it, without = (member, model) if mine else (model, member)
    return f"{with_it.node} authenticates its adverts with a password, {without.node} does not"


def _unknown_keys(router: VirtualRouter) -> Iterator[Finding]:
    """Signatures that another node cannot check, because it lacks the key."""
    signing = [(m, m.instance.auth_hmac) for m in router.members]
    keyed = [(member, hmac) for member, hmac in signing if hmac is not None]
    for place, (member, mine) in enumerate(keyed):
        for other, theirs in keyed[:place]:
            for one, own, two, known in ((member, mine, other, theirs), (other, theirs, member, mine)):
                if any(key.name == own.active_key and key not in known.key for key in own.key):
                    yield Finding(
                        own.at("active_key"),
                        f"{one.node} signs with key {own.active_key}, which {two.node} does not have",
                        why=BOTH,
                        advice="give every node the same keys, and only then make another one active",
                        related=(Label(known.at(), f"the keys of {two.node}"),),
                    )


@rule("CL103", "advert-int-differs", ERROR, of=VirtualRouter, fix="unsafe")
def advert_int_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that advertise at different intervals.

    ## What it does
    Compares the `advert_int` in force: whole seconds in VRRP version 2, 1 where none is given.

    ## Why it matters
    In version 2 a node drops adverts that name another interval: every node takes the address.
    In version 3 it takes over the master's interval, and failover is as fast as whoever is
    master makes it.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        advert_int 3            # expect: CL103
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The same `advert_int` on all nodes.

    ## References
    - RFC 5798, section 5.2.7
    - keepalived.conf(5), "advert_int"
    """
    del cluster
    for member, model in differing(router, lambda m: m.effective.advert_int):
        if member.effective.version != model.effective.version:
            continue
        mine, theirs = member.effective.advert_int, model.effective.advert_int
        learns = member.effective.version == 3
        yield Finding(
            member.instance.at("advert_int"),
            f"an advert every {mine:g} s here, every {theirs:g} s on {model.node}",
            why="failover takes longer under one master than under the other" if learns else BOTH,
            advice="use the same advert_int on every node",
            related=(Label(model.instance.at("advert_int"), f"advert_int {theirs:g} on {model.node}"),),
            severity=INFO if learns else None,
            fix=alike(member, model, None, "advert_int", f"{theirs:g}"),
        )


@rule("CL105", "vrrp-version-differs", ERROR, of=VirtualRouter)
def vrrp_version_differs(router: VirtualRouter, cluster: Cluster) -> Iterator[Finding]:
    """Nodes that speak different VRRP versions.

    ## What it does
    Compares the version in force: that of the instance, of `vrrp_version`, or 3 for IPv6.

    ## Why it matters
    A node drops adverts of the other version. Every node takes the address.

    ## Example
    ```keepalived
    # a.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 110
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```
    ```keepalived
    # b.conf
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        priority 100
        version 3               # expect: CL105
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    The same version on all nodes.

    ## References
    - RFC 5798, section 7.1
    """
    del cluster
    for member, model in differing(router, lambda m: m.effective.version):
        if member.effective.family != model.effective.family:
            continue
        if len(router.members) == 2 and not _says_version(member) and _says_version(model):
            member, model = model, member
        yield Finding(
            _version_place(member),
            f"VRRP version {member.effective.version} here, {model.effective.version} on {model.node}",
            why=BOTH,
            advice="use the same version on every node",
            related=(Label(_version_place(model), f"version {model.effective.version} on {model.node}"),),
        )


def _says_version(member: Member) -> bool:
    return _version_place(member) != member.instance.at()


def _version_place(member: Member) -> Span:
    block = member.context.conf.global_defs
    if not member.instance.has("version") and block is not None and block.has("vrrp_version"):
        return block.at("vrrp_version")
    return member.instance.at("version")
