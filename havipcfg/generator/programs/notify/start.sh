#!/bin/sh
# havipcfg notify: what keepalived's "notify" calls with DATA TYPE NAME STATE PRIORITY at every change of state.
# Logs it, writes the state file, runs the operator's actions from DATA. Always exits 0.
#
# State file: /run/havipcfg/NAME.state, replaced by rename: "STATE PRIORITY SECONDS TYPE NAME" and a newline, SECONDS
# since 1970. Characters of NAME other than A-Z a-z 0-9 . _ - become "_"; a checksum of NAME is then appended.
#
# DATA: lines of key=value, never evaluated; "#" starts a comment line. timeout=SECONDS (30) limits each action.
#   user=USER [GROUP]  runs the actions, where this program is started by root
#   on=STATE      begins an action: MASTER, BACKUP, FAULT, STOP or ANY
#   instance=NAME only for this instance or group (otherwise for all)
#   run=PROGRAM   absolute path        arg=ARGUMENT   one argument, any text, repeated in order
# An action gets HAVIPCFG_TYPE, HAVIPCFG_NAME, HAVIPCFG_STATE and HAVIPCFG_PRIORITY in its environment.
set -u
PATH=${PATH:-/usr/bin}:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
umask 022

log() {
	if command -v logger >/dev/null 2>&1; then logger -t havipcfg-notify -- "$1"; else printf '%s\n' "$1" >&2; fi
}

