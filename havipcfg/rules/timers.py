"""Intervals and delays."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from havipcfg.cluster.context import Context
from havipcfg.findings import INFO, WARNING, Finding
from havipcfg.keepalived.conf import KeepalivedConf
from havipcfg.keepalived.vrrp_instance import VrrpInstance
from havipcfg.rules.registry import rule


@rule("KC360", "advert-interval-rounded", WARNING, of=VrrpInstance, given="advert_int", keepalived=True)
def advert_interval_rounded(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """An advert interval that the VRRP version cannot express.

    ## What it does
    Reports an `advert_int` that is not a whole number of seconds in version 2, and one that is
    longer than 40.95 s or no multiple of 10 ms in version 3.

    ## Why it matters
    keepalived rounds it. `advert_int 0.1` in version 2 means 1 s: a failover takes ten times
    as long as planned.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        advert_int 0.5          # expect: KC360
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        version 3
        advert_int 0.5
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - RFC 5798, 5.2.7; RFC 3768, 5.3.7; keepalived.conf(5), "advert_int"
    """
    given = instance.advert_int
    if given is None:
        return
    inforce = context.effective(instance)
    exact = Decimal(str(given))
    if inforce.version == 3:
        if exact <= Decimal("40.95") and exact % Decimal("0.01") == 0:
            return
        able = "no interval longer than 40.95 s" if exact > Decimal("40.95") else "only steps of 10 ms"
        advice = "give an interval of at most 40.95 s in steps of 10 ms"
    else:
        if exact % 1 == 0:
            return
        able = "only whole seconds"
        advice = "give whole seconds, or use version 3 on every node (which has no authentication)"
    yield Finding(
        instance.at("advert_int", 1),
        f"VRRP version {inforce.version} knows {able}: keepalived takes {inforce.advert_int:g} s",
        why=f"the other nodes wait {inforce.down_timer_adverts} intervals before one of them takes over",
        advice=advice,
    )


@rule("KC361", "short-advert-interval", INFO, of=VrrpInstance, given="advert_int")
def short_advert_interval(instance: VrrpInstance, context: Context) -> Iterator[Finding]:
    """A very short advert interval without real-time priority.

    ## What it does
    Reports an interval below 0.5 s in force, where neither `vrrp_rt_priority`,
    `vrrp_priority` nor `max_auto_priority` lets keepalived run in time.

    ## Why it matters
    A busy or paused machine is late with three adverts within moments. The other node takes
    over, and the address moves for no reason.

    ## Example
    ```keepalived
    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        version 3
        advert_int 0.1          # expect: KC361
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    ```keepalived
    global_defs {
        max_auto_priority
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        version 3
        advert_int 0.1
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## References
    - keepalived.conf(5), "max_auto_priority" and "vrrp_rt_priority"
    """
    interval = context.effective(instance).advert_int
    settings = context.conf.global_defs
    timely = ("vrrp_rt_priority", "max_auto_priority", "vrrp_priority")
    if interval >= 0.5 or (settings is not None and any(settings.has(keyword) for keyword in timely)):
        return
    yield Finding(
        instance.at("advert_int", 1),
        f"{instance.name} moves when its master is {3 * interval:g} s late",
        why="a busy or paused machine is late for a moment, and the address moves for no reason",
        advice="use an interval of 1 s, or set max_auto_priority in global_defs",
    )


@rule("KC362", "interface-delay-too-long", WARNING, of=KeepalivedConf, given="interface_up_down_delays")
def interface_delay_too_long(conf: KeepalivedConf, context: Context) -> Iterator[Finding]:
    """A delay of link changes that is longer than the nodes wait.

    ## What it does
    Reports a delay in `interface_up_down_delays` of twice the advert interval or more, or any
    where `down_timer_adverts` is 1.

    ## Why it matters
    keepalived cuts the delay, and says so in the log only: the link change acts sooner than
    the file says.

    ## Example
    ```keepalived
    interface_up_down_delays {
        eth0 5 10               # expect: KC362
    }

    vrrp_instance web {
        interface eth0
        virtual_router_id 61
        virtual_ipaddress {
            192.0.2.10
        }
    }
    ```

    ## Use instead
    Delays below twice the advert interval.

    ## References
    - keepalived.conf(5), "interface_up_down_delays"
    """
    shortest: dict[str, tuple[float, int, str]] = {}
    for instance in conf.vrrp_instance:
        if instance.interface is not None:
            inforce = context.effective(instance)
            entry = (inforce.advert_int, inforce.down_timer_adverts, instance.name)
            shortest[instance.interface] = min(shortest.get(instance.interface, entry), entry)
    for delay in conf.interface_up_down_delays:
        if delay.interface not in shortest:
            continue
        interval, adverts, name = shortest[delay.interface]
        longest = max(delay.down, delay.up)
        if longest < 2 * interval and (adverts > 1 or longest == 0):
            continue
        yield Finding(
            delay.at(),
            f"a delay of {longest:g} s for {delay.interface} is too long for {name}: an advert every {interval:g} s"
            if adverts > 1
            else f"{name} waits for one advert only, so keepalived drops the delays of {delay.interface}",
            why="the log alone says so" if adverts == 1 else "keepalived cuts the delay and says so in the log only",
            advice=f"give delays below {2 * interval:g} s" if adverts > 1 else "leave the delays out",
        )
