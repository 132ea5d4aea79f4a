"""``global_defs``: settings of the processes, and defaults for the other blocks."""

from havipcfg.keepalived.global_defs_lvs import LvsDefaults
from havipcfg.keepalived.global_defs_mail import Mail
from havipcfg.keepalived.global_defs_monitoring import Monitoring
from havipcfg.keepalived.global_defs_process import Processes
from havipcfg.keepalived.global_defs_vrrp import VrrpDefaults


class GlobalDefs(Processes, Mail, VrrpDefaults, LvsDefaults, Monitoring):
    """Settings of the processes, and defaults for the other blocks; read before everything else."""
