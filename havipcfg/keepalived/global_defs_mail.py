"""``global_defs``: mail on state changes."""

from havipcfg.keepalived.declare import Block, Entries, keyword
from havipcfg.keepalived.entries import Name
from havipcfg.keepalived.lines import NameEntry
from havipcfg.keepalived.process_options import SmtpServer, SmtpServers
from havipcfg.keepalived.values import Bool, Flag, Unsigned, Word


class Mail(Block):
    """Mail on state changes."""

    notification_email_from: str | None = keyword(
        "Sender of mails.",
        Word("MAIL-ADDRESS"),
        since="0.5.3",
        missing="reported",
        surplus=True,
        until={"2.4.0": {"surplus": False}},
        scope="global",
        default_note="keepalived@ the host name",
    )
    smtp_server: SmtpServer | None = keyword(
        "Mail relay that takes the mails.",
        SmtpServers(),
        since="0.5.3",
        scope="global",
        default_note="none, no mail is sent",
    )
    smtp_helo_name: str | None = keyword(
        "Name given to the mail relay in the greeting.",
        Word(),
        since="1.2.20",
        missing="silent",
        scope="global",
        default_note="the host name",
    )
    smtp_connect_timeout: int | None = keyword(
        "How long to wait for the mail relay.",
        Unsigned(1, 4294, at_zero=1),
        default=30,
        since="0.5.3",
        unit="seconds",
        scope="global",
    )
    notification_email: tuple[Name, ...] = keyword(
        "Who gets the mails.",
        Entries(NameEntry(), many=True, filled=True),
        default=(),
        since="0.5.3",
        repeat="adds",
        scope="global",
    )
    smtp_alert: bool | None = keyword(
        "Sends mail on state changes wherever no block says otherwise.",
        Bool(),
        since="2.0.0",
        scope="global",
    )
    smtp_alert_vrrp: bool | None = keyword(
        "The same for VRRP instances and sync groups only.",
        Bool(),
        since="2.0.0",
    )
    smtp_alert_checker: bool | None = keyword(
        "The same for virtual and real servers only.",
        Bool(),
        since="2.0.0",
        scope="checker",
    )
    no_email_faults: bool = keyword(
        "Sends no mail when an instance enters FAULT.",
        Flag(),
        default=False,
        since="2.0.0",
    )
    no_checker_emails: bool | None = keyword(
        "Sends mail when a real server goes or comes back, not for each of its checks.",
        Bool(),
        default=False,
        since="2.0.0",
        scope="checker",
    )
