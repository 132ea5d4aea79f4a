#!/bin/sh
# havipcfg check: one health check for a vrrp_script. Exit 0: good. Exit 1: bad. No other exit code, no output.
#
#   check.sh [-t SECONDS] [-k] KIND ARGUMENT...
#     process NAME                a process of that name runs (command name, or the program or script it was started as)
#     tcp HOST PORT               a connection is accepted; nothing is sent
#     http URL [STATUS [TEXT]]    answers with STATUS (several: 200,204), or with 200 to 399 when none is given; redirects
#                                 are not followed. With TEXT the page must hold that text, as it is, in one line
#     https URL [STATUS [TEXT]]   the same over TLS; -k accepts a certificate that does not verify
#     command PROGRAM ARGUMENT... the program exits 0
#     file PATH                   the path exists            no-file PATH   it does not exist
#     systemd UNIT                systemd says that the unit is active
#     interface NAME              the interface is up and has a carrier
#     from DATA NAME              one of these, with the words that DATA has under the line check=NAME, each as arg=WORD:
#                                 for what a line of keepalived.conf does not hold as it is
#   -t SECONDS  limit for the whole check, whole seconds, 5 unless given; keep it below the timeout of the vrrp_script
#
# Tools: tcp needs one of bash, nc (one that knows -z), curl; http and https one of curl, wget (GNU); systemd needs
# systemctl; the others need none. A missing tool is bad and is logged. Only changes are logged, so a long fault does not fill the log.
set -u
PATH=${PATH:-/usr/bin}:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
limit=5
insecure=

log() {
	if command -v logger >/dev/null 2>&1; then logger -t havipcfg-check -- "$1"; else printf '%s\n' "$1" >&2; fi
}

have() { command -v "$1" >/dev/null 2>&1; }

