"""Failures in formats that want a file and an identity for everything."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from havipcfg.diagnostics import Report

UNNAMED = "."


def file_of(report: Report, failure: str) -> str:
    """The file that a failure is about: the longest name of ``report.files`` in it, or what is before its colon.

    Where neither is to be had, ``.``.
    """
    named = [file for file in report.files if file and file in failure]
    if named:
        return max(named, key=len)
    before, colon, _ = failure.partition(": ")
    return before if colon and before and " " not in before else UNNAMED


def fingerprint(failure: str, number: int) -> str:
    """32 hexadecimal digits, different for each number."""
    return sha256(f"{failure}\0{number}".encode("utf-8", "surrogatepass")).hexdigest()[:32]
