#!/bin/sh
# havipcfg move: have the cloud send an address to this node, because its instance just became master here.
#
#   move.sh [--dry-run] DATA INSTANCE
# keepalived runs it from notify_master and from notify_master_rx_lower_pri (a second master may have taken the address
# and gone again without this node ever changing state). It asks first, changes nothing when the address is already
# here, else calls the vendor's own client with a limit for each call, and asks again; with growing pauses, until it is
# here, the limit for the whole is over, or this node is not master any more. --dry-run asks, and prints the changing
# calls instead of making them.
# Exit code: 0 the address is here; 1 it is not; 2 wrong use or wrong data.
#
# Credentials are the client's own: instance role, its credential store, its environment. None is in DATA, in arguments
# or in the log.
#
# DATA: lines of key=value, never evaluated: timeout=60 call_timeout=15 attempts=6 (seconds, seconds, times), then for
# each address a section that begins with instance=NAME and holds vendor=, kind=, address= and the keys that the calls
# below need. Values hold letters, digits and . _ : / @ - only (instance= may hold anything).
# shellcheck disable=SC2317 # here_VENDOR_KIND and move_VENDOR_KIND are called by a name put together
set -u
PATH=${PATH:-/usr/bin}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
[ -n "${HOME-}" ] || HOME=/root
AWS_PAGER='' CLOUDSDK_CORE_DISABLE_PROMPTS=1
export HOME AWS_PAGER CLOUDSDK_CORE_DISABLE_PROMPTS
umask 077
dry=

log() {
	if [ -n "$dry" ] || ! command -v logger >/dev/null 2>&1; then printf '%s\n' "$1" >&2; else logger -t havipcfg-move -- "$1"; fi
}

