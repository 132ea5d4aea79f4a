#!/bin/sh
# havipcfg apply-all: bring the bundles beside this file to all nodes over ssh, in an order that never leaves two nodes
# holding an address. One node at a time; stops at the first failure.
#
#   apply-all.sh [--dry-run | --status | --rollback] [--force] [--yes]
#   --dry-run   copy the bundles, run every node's preflight, print the order; changes nothing on the nodes
#   --status    what every node says, and who holds which address
#   --rollback  back to the set before, on the nodes that run the set of this directory
#   --force     handed on to apply.sh; also goes on when nobody holds an address now
#   --yes       do not ask (nobody is asked when standard input is not a terminal)
#
# Order:
#   nothing runs yet            nodes in the order of cluster.data; the first must hold the addresses before the next
#   reload (priority, checks)   nodes that hold nothing first, then the holders; new nodes last
#   restart                     the same; a holder is stopped first and changed when another node holds its addresses
#   addresses, authentication, interval, VRID, interface, unicast
#                               stop every node but the one that holds most, change that one, then change and start the
#                               others (nodes that differ in one of these do not hear each other and would both hold)
# After every step exactly one node must hold every address, long enough that a node that hears nobody would have shown.
#
# HAVIPCFG_SSH (ssh -o BatchMode=yes -o ConnectTimeout=10) is run as: $HAVIPCFG_SSH DESTINATION COMMAND
# Exit code: 0 done; 1 refused, nothing was changed; 2 wrong use; 5 a step failed, the message says what is where.
set -u
LC_ALL=C
export LC_ALL
umask 077
ssh=${HAVIPCFG_SSH:-ssh -o BatchMode=yes -o ConnectTimeout=10}
action=apply force='' yes='' newline='
'

say() { printf '%s\n' "$1"; }
leave() {
	for name in $nodes; do
		[ -s "$work/$name.dir" ] || continue
		remote "$name" "rm -rf $(cat "$work/$name.dir")" >/dev/null 2>&1
	done
	rm -rf "$work"
	exit "$1"
}
die() {
	printf 'apply-all.sh: %s\n' "$2" >&2
	leave "$1"
}

