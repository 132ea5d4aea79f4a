#!/bin/sh
# What `make demo` shows: a published example linted, then the cluster it should have been.
set -eu
cd "$(dirname "$0")/.."
bin=${BIN:+$PWD/$BIN/}
say() { printf '\n$ %s\n' "$*"; }
run() {
	say "$@"
	program=$1
	shift
	"$bin$program" "$@" || status=$?
}
status=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
printf 'The file of a vendor page, as it is copied to servers:\n'
run havipcfg lint examples/tencent-haproxy/published.conf
printf '\nThe same cluster as ten lines of intent:\n\n'
cat examples/tencent-haproxy/cluster.yaml
status=0
run havipcfg generate examples/tencent-haproxy/cluster.yaml -o "$out/haproxy"
[ "$status" -eq 0 ]
printf '\nWhat the secondary got:\n\n'
cat "$out/haproxy/secondary/keepalived.conf"
run havipcfg lint --cluster examples/tencent-haproxy/cluster.yaml "$out/haproxy"
exit "$status"
