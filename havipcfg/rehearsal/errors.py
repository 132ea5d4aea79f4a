"""Why a rehearsal could not take place; each message says what to do about it."""

from __future__ import annotations


class RehearsalError(Exception):
    """A rehearsal that could not be set up or carried to its end.

    ``str(error)`` is what is wrong, ``advice`` what to do about it.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice


class NotPossibleHereError(RehearsalError):
    """This machine or user cannot rehearse: no root, no namespaces, no keepalived, no iproute2."""


class KeepalivedRefusedError(RehearsalError):
    """keepalived did not accept a node's configuration, or ended by itself while it should run.

    ``messages`` are its own words, one line each, without time stamps.
    """

    def __init__(self, node: str, message: str, messages: tuple[str, ...], advice: str = "") -> None:
        super().__init__(message, advice)
        self.node = node
        self.messages = messages


class EventRefusedError(RehearsalError):
    """A scenario asks for something that makes no sense at that point, such as to thaw a node that is not frozen."""


class BrokenOffError(RehearsalError):
    """Somebody asked for the rehearsal to end before it was through."""
