"""Rehearse a failover: the real keepalived of every node on this machine, in namespaces of its own."""

from havipcfg.rehearsal.errors import EventRefusedError, KeepalivedRefusedError, NotPossibleHereError, RehearsalError
from havipcfg.rehearsal.measure import Measured, Moment
from havipcfg.rehearsal.node import NodePlan, Pace, Port, Switch, SwitchKind
from havipcfg.rehearsal.plan import addresses, plan, reload_plan, reload_plans
from havipcfg.rehearsal.result import Rehearsal, Step
from havipcfg.rehearsal.run import Progress, rehearse

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
