#!/bin/sh
# havipcfg apply: install the bundle this file lies in on this node, make keepalived use it, see that it settles.
#
#   apply.sh              preflight, install, reload or start or restart, watch; roll back when it does not settle
#   apply.sh --dry-run    preflight and plan; changes nothing
#   apply.sh --status     what is installed, what runs, which addresses are here; changes nothing
#   apply.sh --rollback   apply the set that was installed before this one
#   apply.sh --stop       stop keepalived (the peers take over) | --start   start it with what is installed
#   --force       overwrite hand edits; go on in spite of the preflight findings marked (--force)
#   --porcelain   --dry-run and --status print key=value lines only
#   --wait SECONDS        wait that long for another run to end (30)
#   --init systemd|direct how keepalived is controlled; found out unless given (direct: signals to its pid file)
#
# Exit code: 0 done, or nothing to do; 1 refused, nothing was changed (--status: something needs attention); 2 wrong use;
#   3 another run holds the lock; 4 refused because of hand edits; 5 did not settle, rolled back, the old set runs;
#   6 did not settle and could not be rolled back: a person is needed.
#
# Why a power cut leaves the old set or the new one, never a mixture:
#   - every program and data file is installed under a name that holds the checksum of its content
#     (/etc/keepalived/havipcfg/check-0123456789ab.sh), so nothing that a configuration names is ever overwritten;
#     keepalived.conf names these real paths, and no symbolic link is used (newer keepalived refuses scripts behind one);
#   - all of them are on disk before keepalived.conf is replaced by one rename(2): that rename is the only switch;
#   - what was installed before stays in /etc/keepalived/havipcfg/installed/CHECKSUM/, complete, for --rollback;
#   - a file "pending" is written before the switch and removed when the new set has settled. After a cut in between
#     the next run sees it and reloads keepalived even if the files are already the new ones.
# A file is a hand edit when its content is nothing that was ever installed; then apply.sh refuses.
#
# Nothing in the bundle is executed or evaluated before its checksum was compared with the manifest; data files are
# read line by line. The formats are documented in havipcfg.generate.programs.
set -u
PATH=${PATH:-/usr/bin}:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
LC_ALL=C
export LC_ALL
umask 077

etc=/etc/keepalived
config=$etc/keepalived.conf
home=$etc/havipcfg
archive=$home/installed
pending=$home/pending
run=/run/havipcfg

action=apply force='' porcelain='' patience=30 init='' stage='' locked=''

say() {
	[ -n "$porcelain" ] || printf '%s\n' "$1"
	[ "$action" = apply ] || [ "$action" = rollback ] || return 0
	logger -t havipcfg-apply -- "$1" 2>/dev/null
	return 0
}
complain() {
	printf 'apply.sh: %s\n' "$1" >&2
	case $action in apply | rollback | stop | start) logger -p daemon.err -t havipcfg-apply -- "$1" 2>/dev/null ;; esac
	return 0
}
leave() { # STATUS
	[ -z "$stage" ] || rm -rf "$stage"
	[ -z "$locked" ] || [ "$locked" = flock ] || rm -f "$locked"
	exit "$1"
}
die() { # STATUS MESSAGE
	complain "$2"
	leave "$1"
}
unwritable() { die 1 "cannot write in $etc (a full disk, or one that is read-only): nothing that keepalived uses was changed"; }
have() { command -v "$1" >/dev/null 2>&1; }

