"""``virtual_server_group``: addresses and firewall marks that share one virtual server."""

from havipcfg.keepalived.declare import Block, header, lines
from havipcfg.keepalived.entries import GroupService
from havipcfg.keepalived.lines import VirtualServerGroupEntry
from havipcfg.keepalived.values import Word


class VirtualServerGroup(Block):
    """Addresses and firewall marks that share one ``virtual_server``."""

    name: str = header("Name by which a virtual_server calls the group.", Word())
    services: tuple[GroupService, ...] = lines("One address, range or firewall mark a line.", VirtualServerGroupEntry())
