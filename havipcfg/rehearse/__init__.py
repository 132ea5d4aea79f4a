"""Rehearse a failover: the real keepalived of every node on this machine, in namespaces of its own."""

from havipcfg.rehearse.errors import EventRefusedError, KeepalivedRefusedError, NotPossibleHereError, RehearsalError
from havipcfg.rehearse.measure import Measured, Moment
from havipcfg.rehearse.node import NodePlan, Pace, Port, Switch, SwitchKind
from havipcfg.rehearse.plan import addresses, plan, reload_plan, reload_plans
from havipcfg.rehearse.result import Rehearsal, Step
from havipcfg.rehearse.run import Progress, rehearse

__all__ = [
    "EventRefusedError",
    "KeepalivedRefusedError",
    "Measured",
    "Moment",
    "NodePlan",
    "NotPossibleHereError",
    "Pace",
    "Port",
    "Progress",
    "Rehearsal",
    "RehearsalError",
    "Step",
    "Switch",
    "SwitchKind",
    "addresses",
    "plan",
    "rehearse",
    "reload_plan",
    "reload_plans",
]
