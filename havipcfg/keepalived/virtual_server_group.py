"""``virtual_server_group``: addresses and firewall marks that share one virtual server."""

from pydantic import Field

from havipcfg.keepalived.declare import Block, header
from havipcfg.keepalived.entries import GroupService
from havipcfg.keepalived.values import Word


class VirtualServerGroup(Block):
    """Addresses and firewall marks that share one ``virtual_server``."""

    name: str = header("Name by which a virtual_server calls the group.", Word())
    services: tuple[GroupService, ...] = Field((), description="One address, range or firewall mark a line.")
