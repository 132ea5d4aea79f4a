"""The sentences of a finding that depend on something: a release, a cloud, the kind of block, what else is given.

Fixtures hold what is found and where; why it matters and what to do is said on each rule's page. Only where a rule
chooses between sentences does a test here say which one a fixture gets.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from havipcfg.rules import load_all
from tests.rules.test_fixtures import FIXTURES, findings

load_all()
GONE = "the check is gone: when the service fails, the address stays"
RUNS_NOT = "the script does not run"
TERMINATES = "keepalived terminates, with all instances of this file"

SAYS: list[tuple[str, ...]] = [
    ("CL103/bad", "", "both hold the address at once"),
    ("CL103/bad-learns", "", "failover takes longer under one master"),
    ("CL104/bad", "", "while the node that lacks an address is master, nobody holds it; versions up to 2.2"),
    ("CL104/bad-first-release-that-accepts", "", "keepalived logs the difference"),
    ("CL104/bad-old-release", "", "the nodes drop each other's adverts: both hold their addresses at once"),
    ("CL107/bad", "", "chance decides"),
    ("CL107/bad", "", "give each node its own priority."),
    ("CL107/bad-owners", "", "both take the address as soon as they start"),
    ("CL107/bad-owners", "", "of at most 254"),
    ("CL108/bad", "", "nopreempt on b does not avoid the interruption when a returns"),
    ("CL108/bad-on-the-higher-only", "", "as soon as its priority is not the lowest, b takes the address back"),
    ("CL109/bad", "", "while the node that lacks an address is master, nobody holds it."),
    ("CL301/bad", "", "use weight -11 or lower"),
    ("CL301/bad", "", "nothing is logged as an error"),
    ("CL301/bad-more-than-fits", "", "use no weight"),
    ("CL301/bad-positive", "", "use weight 11 or more"),
    ("CL301/bad-tie", "", "on every node, or no weight."),
    ("CL301/bad-three-nodes", "", "below c too, at 90"),
    ("CL301/bad-two-checks-together", "", "it takes more failed checks than this one"),
    ("CL401/bad-apart", "", "the clusters hear each other"),
    ("CL401/bad-apart-one-of-them-unicast", "", "as soon as both advertise by multicast"),
    ("CL401/bad-apart-unicast", "", "as soon as both advertise by multicast"),
    ("HV105/bad", "", "no node hears another one", "without it"),
    ("HV105/bad-on-request", "", "without it, no node hears another one"),
    ("HV108/bad", "", "use 10.0.1.11"),
    ("HV108/bad-in-a-file-of-another-name", "", "use the node's own address"),
    ("HV113/bad", "", "goes on delivering to the old one"),
    ("HV113/bad-other-interface", "", "delivers to the card that announces the address, here that of eth1"),
    ("HV117/bad", "", "one more interruption of up to 10 s"),
    ("HV117/bad-time-unknown", "", "one more interruption."),
    ("KC201/bad", "check_wbe", "did you mean check_web?"),
    ("KC201/bad", "nginx", "define vrrp_track_process nginx above"),
    ("KC205/bad", "eth0", "drops the line, and its weight with it"),
    ("KC205/bad-alone", "", "drops the line."),
    ("KC207/bad", "check_web", "when the check fails, the address stays"),
    ("KC207/bad", "eth2", "its failure means FAULT for the whole group"),
    ("KC223/bad", "/bin", GONE),
    ("KC223/bad", "/sbin", RUNS_NOT),
    ("KC224/bad", "a pipe", "always fails, or always succeeds"),
    ("KC224/bad-notify", "", "gets the rest of the line as arguments"),
    ("KC227/bad-six", "", "as ::1"),
    ("KC229/bad-neither-fall-nor-interval", "", "only after 2 s"),
    ("KC229/bad-timeout-of-all-tries", "", "only after 8 s"),
    ("KC233/bad", "", "keepalived drops load"),
    ("KC233/bad-first-release-that-drops", "", "keepalived drops load"),
    ("KC233/bad-old-release", "", "load keeps its first value"),
    ("KC243/bad", "plain.sh", "begin the script with #!/bin/sh"),
    ("KC243/bad", "dos.sh", "Unix line ends"),
    ("KC261/bad", "", "keepalived drops the check", "every hexadecimal digit"),
    ("KC261/bad-notify", "", RUNS_NOT),
    ("KC261/bad-greedy-escape", "", "before 2.3.2 an escape \\x takes every hexadecimal digit"),
    ("KC261/bad", "pgrep", "one pair of double quotes"),
    ("KC261/bad", "tr^e", "write the full path of it"),
    ("KC262/bad-as-shown", "eth0@if2", "write eth0."),
    ("KC262/bad-as-shown", "eth0@if2", "keepalived terminates"),
    ("KC262/bad-as-shown", "..", "ip link shows the names"),
    ("KC262/bad-as-shown", "a/b", "ip link shows the names"),
    ("KC262/bad-waits", "", "keepalived waits for it for ever"),
    ("KC302/bad", "web", "at most 254."),
    ("KC302/bad", "inside", "at most 254, and state BACKUP"),
    ("KC304/bad", "nopreempt", "keep one of the two"),
    ("KC304/bad", "state MASTER", "write state BACKUP and a priority below 255"),
    ("KC310/bad", "web", "a master that has no address"),
    ("KC310/bad", "web", "or say no_virtual_ipaddress"),
    ("KC310/bad", "v3", TERMINATES),
    ("KC310/bad", "v3", "list the address in virtual_ipaddress."),
    ("KC311/bad", "", "ignores the second line"),
    ("KC311/bad-old-release", "", "adverts differ from those of a node"),
    ("KC313/bad-of-the-first-address", "", "list it in virtual_ipaddress_excluded"),
    ("KC313/bad-of-the-peers", "", "leave unicast_peer out"),
    ("KC318/bad", "web", "keepalived takes version 3"),
    ("KC318/bad", "above", "sends adverts that no standard describes"),
    ("KC320/bad-check", "", "falls back to multicast"),
    ("KC320/bad-fault", "", "stays in FAULT"),
    ("KC321/bad-alone", "", "every node becomes master"),
    ("KC321/bad-alone", "", "list the addresses of the other nodes"),
    ("KC321/bad-beside-another", "", "the node sends adverts to itself. remove the line"),
    ("KC331/bad", "", TERMINATES),
    ("KC331/bad-first-release-that-refuses", "", TERMINATES),
    ("KC331/bad-old-release", "", "keepalived 2.2.7 runs it"),
    ("KC360/bad", "version 2", "whole seconds, or use version 3"),
    ("KC360/bad", "version 3", "at most 40.95 s in steps of 10 ms"),
    ("KC362/bad-one-advert", "", "the log alone says so"),
    ("KC362/bad-two-adverts", "", "keepalived cuts the delay"),
    ("KC362/bad-one-advert", "", "leave the delays out"),
    ("KC362/bad-two-adverts", "", "give delays below 2 s"),
    ("KC362/bad-twice-the-interval", "", "give delays below 2 s"),
    ("KC371/bad", "insid,", "did you mean inside?"),
    ("KC371/bad", "dmz", "name a vrrp_instance, or take dmz out"),
    ("KC418/bad", "sh-port", "ignores the flag."),
    ("KC418/bad", "mh-port", "ignores the flag, and nothing says so"),
    ("KC418/bad", "mh-port", "below lvs_sched mh"),
    ("KC418/bad-hashed", "", "remove the line"),
    ("KC423/bad-quorum-of-two", "", "lower the quorum"),
    ("KC423/bad", "", "lowers it to 2"),
    ("KC423/bad", "", "lower the quorum"),
    ("KC423/bad-weightless", "", "give at least one real server a weight"),
    ("KC424/bad-as-much-as-the-quorum", "", "sets it to 1"),
    ("KC425/bad", "", "put it below sorry_server"),
    ("KC425/bad-none", "", "add sorry_server above it, or remove it"),
    ("KC427/bad", "", "did you mean"),
    ("KC427/bad-far", "", "define virtual_server_group nowhere"),
    ("KC443/bad", "", "without checks the server counts as healthy"),
    ("KC443/bad-old-release", "", "keepalived 2.2.7 crashes here"),
    ("KC443/bad-one-of-two", "", "keepalived removes the url."),
    ("KC443/bad-path", "", "keepalived removes the check"),
]
"""A fixture, a part of the message of the findings that are meant, what they say, and perhaps what they do not."""


def case_of(name: str) -> Path:
    code, case = name.split("/")
    [folder] = FIXTURES.glob(f"{code}-*")
    return next(path for path in (folder / case, folder / f"{case}.conf") if path.exists())


def holds(name: str, about: str, said: str, *unsaid: str) -> bool:
    """Whether the findings that are meant say so."""
    meant = [found for found in findings(case_of(name)) if about in found.message]
    texts = ["".join(f"{part}. " for part in (found.why, found.advice, *found.notes)) for found in meant]
    return bool(texts) and all(said in text and not any(part in text for part in unsaid) for text in texts)


@pytest.mark.parametrize("row", SAYS, ids=" ".join)
def test_reason_and_advice_fit_the_case(row: tuple[str, ...]) -> None:
    assert holds(*row)
