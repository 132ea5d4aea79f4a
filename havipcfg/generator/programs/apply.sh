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
	[ -z "$locked" ] || [ "$locked" = flock ] || rm -rf "$locked"
	exit "$1"
}
die() { # STATUS MESSAGE
	complain "$2"
	leave "$1"
}
have() { command -v "$1" >/dev/null 2>&1; }
within() { # SECONDS COMMAND...: run it with a time limit where the host has timeout(1)
	if have timeout; then timeout "$@"; else
		shift
		"$@"
	fi
}

# ---- data files --------------------------------------------------------------------------------------------------

values() { # KEY FILE: the values of a key, one per line
	awk -v key="$1=" 'index($0, key) == 1 { print substr($0, length(key) + 1) }' "$2"
}
value() { # KEY FILE DEFAULT
	found=$(values "$1" "$2" | head -n 1)
	printf '%s\n' "${found:-$3}"
}
number() { # KEY FILE DEFAULT: a whole number
	found=$(value "$1" "$2" "$3")
	case $found in *[!0-9]*) found=$3 ;; esac
	printf '%s\n' "$found"
}
sum() { sha256sum <"$1" 2>/dev/null | cut -d ' ' -f 1; }

durable() { sync "$1" 2>/dev/null || sync; }

put() { # SOURCE TARGET MODE: replace TARGET by a copy of SOURCE in one step
	directory=${2%/*}
	temporary=$directory/.havipcfg-new.${2##*/}
	if rm -f "$temporary" && cp "$1" "$temporary" && chown 0:0 "$temporary" && chmod "$3" "$temporary" &&
		durable "$temporary" && mv -f "$temporary" "$2" && durable "$directory"; then
		return 0
	fi
	rm -f "$temporary"
	return 1
}

# ---- the bundle --------------------------------------------------------------------------------------------------

check_manifest() { # every line well formed, every file there with its checksum; targets only where they may be
	[ -f "$bundle/manifest" ] || die 1 "$bundle holds no manifest: this is not a bundle of havipcfg generate"
	read -r first <"$bundle/manifest"
	[ "$first" = "format 1" ] || die 1 "$bundle/manifest: format not known to this apply.sh: $first"
	wrong=$(
		tail -n +2 "$bundle/manifest" | while IFS=' ' read -r digest mode source target; do
			case $source in '' | .* | *[!A-Za-z0-9._-]*)
				printf 'manifest: bad file name: %s\n' "$source"
				continue
				;;
			esac
			case $mode in 0600 | 0640 | 0644 | 0700 | 0755) ;; *) printf 'manifest: bad mode for %s: %s\n' "$source" "$mode" ;; esac
			case $target in
			- | "$config") ;;
			"$home"/*) case ${target#"$home"/} in '' | .* | *[!A-Za-z0-9._-]*) printf 'manifest: bad target: %s\n' "$target" ;; esac ;;
			*) printf 'manifest: target outside %s: %s\n' "$etc" "$target" ;;
			esac
			[ "$(sum "$bundle/$source")" = "$digest" ] || printf '%s is missing or differs from the manifest\n' "$source"
		done
	)
	[ -z "$wrong" ] || die 1 "$bundle is damaged; copy it again, or run havipcfg generate again:
$wrong"
	data=$bundle/node.data
	[ -f "$data" ] || die 1 "$bundle holds no node.data"
	[ "$(value format "$data" '')" = 1 ] || die 1 "$data: format not known to this apply.sh"
	new=$(sum "$bundle/keepalived.conf")
	conf_mode=$(awk '$3 == "keepalived.conf" { print $2 }' "$bundle/manifest")
	if [ -z "$conf_mode" ] || [ -z "$new" ]; then die 1 "$bundle/manifest does not name keepalived.conf"; fi
}

installed_files() { # MODE SOURCE TARGET of everything but the configuration
	awk -v config="$config" 'NR > 1 && $4 != "-" && $4 != config { print $2, $3, $4 }' "$bundle/manifest"
}

files_missing() { # a file of the bundle is not in place, with its content and mode
	installed_files | {
		while read -r mode source target; do
			[ -f "$target" ] && cmp -s "$bundle/$source" "$target" && [ "0$(stat -c %a "$target")" = "$mode" ] || exit 0
		done
		exit 1
	}
}

edited_files() { # installed under a checksummed name, but with another content
	installed_files | while read -r _ source target; do
		[ ! -e "$target" ] || cmp -s "$bundle/$source" "$target" || printf '%s\n' "$target"
	done
}

# ---- the daemon --------------------------------------------------------------------------------------------------

find_init() {
	pidfile=$(value pidfile "$data" /run/keepalived.pid)
	service=$(value service "$data" keepalived)
	[ -n "$init" ] || { if [ -d /run/systemd/system ] && have systemctl; then init=systemd; else init=direct; fi; }
}

is_keepalived() { # PID: print it, or fail when that is no keepalived; a zombie, which nobody collected, is none
	case $1 in '' | *[!0-9]*) return 1 ;; esac
	# the program, not the name: process_name changes that
	case $(readlink "/proc/$1/exe") in */keepalived | */keepalived' (deleted)') printf '%s\n' "$1" ;; *) return 1 ;; esac
}

named() { # PIDFILE: print the pid in it, or fail when that is no keepalived
	pid=
	{ read -r pid <"$1"; } 2>/dev/null
	is_keepalived "$pid"
}

daemon() { # print the pid of the running keepalived, or fail; systemd knows its own, whatever a pid file says
	if [ "$init" = systemd ]; then
		pid=$(within 20 systemctl show -p MainPID "$service" 2>/dev/null) && is_keepalived "${pid#MainPID=}"
	else
		named "$pidfile"
	fi
}

vrrp_child() { # PID: its VRRP process lives
	for entry in /proc/[0-9]*/stat; do
		{ read -r line <"$entry"; } 2>/dev/null || continue
		rest=${line##*) }
		# shellcheck disable=SC2086 # split on purpose: state ppid
		set -- "$1" $rest
		[ "$3" = "$1" ] && [ "$2" != Z ] && return 0
	done
	return 1
}

daemon_reload() {
	if [ "$init" = systemd ]; then within 60 systemctl reload "$service"; else kill -HUP "$(daemon)"; fi
}

daemon_stop() {
	if [ "$init" = systemd ]; then
		within 60 systemctl stop "$service" || return 1
	else
		old=$(daemon) || return 0
		kill -TERM "$old" || return 1
	fi
	waited=0
	while daemon >/dev/null; do
		[ "$waited" -lt 20 ] || return 1
		sleep 1
		waited=$((waited + 1))
	done
}

daemon_start() {
	values instance "$data" | while IFS= read -r name; do rm -f "$run/$(state_name "$name").state"; done
	# keepalived does not start while a file of its own names a process, be it a zombie or somebody else's
	for leftover in "$pidfile" "${pidfile%/*}/vrrp.pid" "${pidfile%/*}/checkers.pid" "${pidfile%/*}/bfd.pid"; do named "$leftover" >/dev/null || rm -f "$leftover"; done
	if [ "$init" = systemd ]; then
		within 90 systemctl start "$service"
	else
		# 9 is the lock: the daemon must not keep it
		keepalived --use-file="$config" --pid="$pidfile" </dev/null >/dev/null 2>&1 9>&- || return 1
	fi
	waited=0
	until daemon >/dev/null; do
		[ "$waited" -lt 10 ] || return 1
		sleep 1
		waited=$((waited + 1))
	done
}

daemon_config() { # the configuration the running daemon was started with
	tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | awk '
		want { print; exit }
		$0 == "-f" || $0 == "--use-file" { want = 1; next }
		index($0, "--use-file=") == 1 { print substr($0, 12); exit }
		/^-f./ { print substr($0, 3); exit }'
}

# ---- what this node looks like -----------------------------------------------------------------------------------

state_name() { # the same rule as notify.sh
	safe=$(printf '%s' "$1" | tr -c 'A-Za-z0-9._-' _)
	if [ "$safe" != "$1" ] || [ "${safe#.}" != "$safe" ]; then
		safe=_$safe-$(printf '%s' "$1" | cksum | tr -cd '0-9')
	fi
	printf '%s\n' "$safe"
}

state() { # INSTANCE: MASTER, BACKUP, FAULT ... or UNKNOWN
	word=
	{ read -r word _ <"$run/$(state_name "$1").state"; } 2>/dev/null
	printf '%s\n' "${word:-UNKNOWN}"
}

here() { # ADDRESS INTERFACE: the address is on that interface
	[ -n "$(ip -o addr show dev "$2" to "$1" 2>/dev/null)" ]
}

holdings() { # INSTANCE: "all", "none" or "some" of its addresses are here; "all none" when it has none
	values vip "$data" | {
		has='' lacks=''
		while IFS=' ' read -r address interface name; do
			[ "$name" = "$1" ] || continue
			if here "$address" "$interface"; then has=1; else lacks=1; fi
		done
		if [ -n "$has" ] && [ -n "$lacks" ]; then echo some; elif [ -n "$has" ]; then echo all; elif [ -n "$lacks" ]; then echo none; else echo "all none"; fi
	}
}

unsettled() { # print what is not as it should be; nothing when all is well
	if ! main=$(daemon); then
		echo "keepalived does not run"
		return
	fi
	vrrp_child "$main" || echo "the VRRP process of keepalived does not run"
	values instance "$data" | while IFS= read -r name; do
		now=$(state "$name")
		held=$(holdings "$name")
		case $now:$held in
		MASTER:*all* | BACKUP:*none | UNKNOWN:*all* | UNKNOWN:*none) ;;
		FAULT:*none) case "
$faulty
" in *"
$name
"*) ;; *) echo "$name is in FAULT: a check fails, or its interface or source address is missing" ;; esac ;;
		*) echo "$name is $now and holds $held of its addresses" ;;
		esac
	done
}

settle() { # wait until everything was well for $watch seconds; fail after $deadline seconds
	watch=$(number watch "$data" 3)
	deadline=$(number settle "$data" 15)
	elapsed=0 good=0 reason=''
	while :; do
		sleep 1
		elapsed=$((elapsed + 1))
		reason=$(unsettled)
		if [ -z "$reason" ]; then good=$((good + 1)); else good=0; fi
		[ "$good" -lt "$watch" ] || return 0
		[ "$elapsed" -lt "$deadline" ] || [ "$good" -gt 0 ] || return 1
		[ "$elapsed" -lt $((deadline + watch)) ] || return 1
	done
}

# ---- preflight ---------------------------------------------------------------------------------------------------

findings='' fatal=''
bad() { # cannot be forced
	findings="$findings
  no     $1"
	fatal=1
}
doubt() { # can be forced
	if [ -n "$force" ]; then note "$1"; else
		findings="$findings
  no     $1   (--force goes on)"
		fatal=1
	fi
}
note() {
	findings="$findings
  note   $1"
}

older() { # VERSION MINIMUM
	printf '%s\n%s\n' "$1" "$2" | awk -F. 'NR == 1 { split($0, a, ".") } NR == 2 { split($0, b, ".") }
		END { for (i = 1; i <= 3; i++) if (a[i] + 0 != b[i] + 0) exit !(a[i] + 0 < b[i] + 0); exit 1 }'
}

answerer() { # ADDRESS INTERFACE: hardware address that answers for it on the wire
	have arping || return 0
	if arping --help 2>&1 | grep -qi habets; then
		within 5 arping -c 2 -w 2 -i "$2" "$1" 2>/dev/null
	else
		within 5 arping -D -c 2 -w 2 -I "$2" "$1" 2>/dev/null
	fi | tr 'A-F' 'a-f' | grep -oE '([0-9a-f]{2}:){5}[0-9a-f]{2}' | head -n 1
}

check_host() {
	node=$(value node "$data" '?')
	wanted=$(value hostname "$data" '')
	actual=$(uname -n)
	[ -z "$wanted" ] || [ "${actual%%.*}" = "${wanted%%.*}" ] || note "this host is called $actual, the bundle is for $wanted"
	for program in sha256sum awk ip cmp stat; do have "$program" || bad "$program is not installed"; done
	[ "$(id -u)" = 0 ] || bad "must run as root"
	if have keepalived; then
		version=$(keepalived -v 2>&1 | sed -n 's/^Keepalived v\([0-9.]*\).*/\1/p')
		minimum=$(value keepalived "$data" 0)
		older "${version:-0}" "$minimum" && bad "keepalived is ${version:-unknown}, the bundle needs $minimum or newer"
	else
		bad "keepalived is not installed"
	fi
	values local "$data" >"$stage/local"
	while IFS=' ' read -r address interface; do
		if [ ! -d "/sys/class/net/$interface" ]; then
			bad "no interface $interface here: is this really node $node?"
		else
			here "$address" "$interface" || bad "$address is not on $interface: this is not node $node (its bundle would put keepalived in FAULT)"
			[ -n "$(ip -o link show dev "$interface" up)" ] || bad "interface $interface is down"
		fi
	done <"$stage/local"
	values user "$data" >"$stage/users"
	while IFS= read -r user; do id -u -- "$user" >/dev/null 2>&1 || bad "user $user does not exist"; done <"$stage/users"
	values tool "$data" >"$stage/tools"
	while IFS= read -r tools; do
		found=''
		remaining=$tools\|
		while [ -n "$remaining" ]; do
			have "${remaining%%|*}" && found=1
			remaining=${remaining#*|}
		done
		[ -n "$found" ] || bad "a check or notify program needs one of: $tools"
	done <"$stage/tools"
	directory=$home
	while [ "$directory" != / ] && [ -n "$directory" ]; do
		if [ -L "$directory" ]; then bad "$directory is a symbolic link: keepalived refuses scripts behind one"; fi
		if [ -d "$directory" ]; then
			case $(stat -c '%u %A' "$directory") in
			"0 d"????-??-?*) ;;
			*) bad "$directory must belong to root and be writable by root alone: keepalived refuses scripts in it" ;;
			esac
		fi
		directory=${directory%/*}
	done
	if running=$(daemon); then
		used=$(daemon_config "$running")
		[ -z "$used" ] || [ "$used" = "$config" ] || bad "keepalived (pid $running) runs with $used, not with $config"
	elif [ "$init" = systemd ] && stray=$(named "$pidfile"); then
		bad "keepalived (pid $stray) runs, but not as the unit $service: stop it, then run this again"
	elif have pidof && [ "$init" = direct ] && others=$(pidof keepalived) && same_net "$others"; then
		doubt "keepalived runs ($others), but $pidfile does not name it: the pid file is elsewhere or gone"
	fi
	if [ "$init" = systemd ] && ! within 20 systemctl is-enabled --quiet "$service" 2>/dev/null; then
		note "$service is not enabled: it will not start after a reboot (systemctl enable $service)"
	fi
	if have nft && within 10 nft list ruleset 2>/dev/null | grep -E '(protocol|nexthdr|l4proto).*(vrrp|112)' | grep -qE 'drop|reject'; then
		note "nftables holds a rule that drops VRRP (protocol 112): peers that do not hear each other both take the address"
	fi
}

same_net() { # PIDS: one of them is in our network namespace (a daemon in a container is not ours)
	for one in $1; do [ "$(readlink "/proc/$one/ns/net")" = "$(readlink /proc/self/ns/net)" ] && return 0; done
	return 1
}

static_places='/etc/netplan /etc/network/interfaces /etc/network/interfaces.d /etc/sysconfig/network-scripts
/etc/sysconfig/network /etc/NetworkManager/system-connections /etc/systemd/network /etc/cloud/cloud.cfg
/etc/cloud/cloud.cfg.d /etc/dhcpcd.conf /etc/rc.local'

check_addresses() {
	values vip "$data" >"$stage/vips"
	peers=
	while IFS=' ' read -r address interface name; do
		pattern=$(printf '%s' "$address" | sed 's/\./\\./g')
		for place in $static_places; do
			[ -e "$place" ] || continue
			hit=$(grep -rniE "(^|[^0-9a-f.:])$pattern([^0-9a-f.:]|\$)" "$place" /dev/null 2>/dev/null | grep -vE '^[^:]*:[0-9]+:[[:space:]]*#' | cut -d : -f 1,2 | head -n 1)
			[ -z "$hit" ] || doubt "$address is configured statically ($hit): after a reboot two nodes would hold it"
		done
		elsewhere=$(ip -o addr show to "$address" 2>/dev/null | awk -v i="$interface" '$2 != i { print $2; exit }')
		[ -z "$elsewhere" ] || doubt "$address is on $elsewhere, not on $interface: somebody put it there"
		if here "$address" "$interface"; then
			[ -n "$running" ] || doubt "$address is on $interface although keepalived does not run: put there by hand, or left by a killed keepalived (ip addr del $address dev $interface)"
			continue
		fi
		arp=$(value arp "$data" advisory)
		case $arp:$address in off:* | *:*:*) continue ;; esac
		mac=$(answerer "$address" "$interface")
		[ -n "$mac" ] || continue
		[ -n "$peers" ] || peers=$(values peer "$data" | while read -r peer; do
			case $peer in *:*) ;; *) answerer "$peer" "$interface" ;; esac
		done)
		case "
$peers
" in *"
$mac
"*) ;;
		*) if [ "$arp" = strict ]; then
			doubt "$address is answered by $mac, which is none of the peers: somebody else uses it"
		else
			note "$address is answered by $mac, which is none of the peers (the platform itself may answer)"
		fi ;;
		esac
	done <"$stage/vips"
}

check_staged() { # keepalived's own test, of copies in a directory of their own
	mkdir "$stage/havipcfg" && chmod 755 "$stage" "$stage/havipcfg"
	installed_files >"$stage/files"
	while read -r mode source target; do
		cp "$bundle/$source" "$stage/havipcfg/${target##*/}" && chmod "$mode" "$stage/havipcfg/${target##*/}"
	done <"$stage/files"
	sed "s|$home/|$stage/havipcfg/|g" "$bundle/keepalived.conf" >"$stage/keepalived.conf"
	judge "$stage/keepalived.conf"
}

judge() { # FILE: run keepalived -t; anything it says about a generated file is a finding
	[ -s "$1" ] || {
		bad "$1 is empty"
		return
	}
	config_test "$1"
	if [ "$status" = 143 ]; then
		# keepalived before 2.2.8 ends its own test at the first script of another user than root (its pull request 2180)
		sed -E 's/^([[:space:]]*(script_)?user)[[:space:]].*/\1 root/' "$1" >"$stage/as-root.conf"
		config_test "$stage/as-root.conf"
		[ "$status:$said" = 0: ] && note "keepalived -t of this version cannot test scripts of other users: tested as if root ran them"
	fi
	case $status:$said in
	0:) ;;
	0:*) doubt "keepalived -t accepts the file but says: $said" ;;
	*) bad "keepalived -t refuses the file (exit code $status): $said" ;;
	esac
}

config_test() { # FILE: sets status and said
	rm -f "$stage/said"
	within 30 keepalived --config-test="$stage/said" --use-file="$1" >"$stage/output" 2>&1
	status=$?
	said=$(cat "$stage/said" "$stage/output" 2>/dev/null | sed "s|$stage/havipcfg/|$home/|g; s|$stage/|$bundle/|g" | awk 'NF && !seen[$0]++')
}

# ---- plan --------------------------------------------------------------------------------------------------------

changed() { # KEY OLD NEW: an instance that both files know has another token
	awk -v key="$1=" 'index($0, key) == 1 {
		rest = substr($0, length(key) + 1); at = index(rest, " "); token = substr(rest, 1, at - 1); name = substr(rest, at + 1)
		if (FILENAME == ARGV[1]) old[name] = token; else if (name in old && old[name] != token) differs = 1
	} END { exit !differs }' "$2" "$3"
}

secrets() { grep -E '^[[:space:]]*auth_' "$1"; }

mismatch() { # nodes with the old and with the new set do not hear each other
	changed identity "$before" "$data" || changed pair "$before" "$data" ||
		[ "$(secrets "$archive/$current/keepalived.conf")" != "$(secrets "$bundle/keepalived.conf")" ]
}

plan() { # sets $class, $why, $current (checksum of the installed configuration, or "none"), $edits, $interrupted
	current=none edits='' interrupted=''
	{ read -r interrupted _ <"$pending"; } 2>/dev/null
	if [ -e "$config" ]; then
		current=$(sum "$config")
		if [ "$current" != "$new" ] && [ ! -f "$archive/$current/keepalived.conf" ]; then edits=$config; fi
	fi
	other=$(edited_files)
	[ -z "$other" ] || edits="$edits $other"
	before=$archive/$current/node.data
	if [ -z "$running" ]; then
		class=start why="keepalived does not run"
	elif [ "$current" = "$new" ] && ! files_missing; then
		if [ -e "$pending" ]; then class=reload why="an earlier run was interrupted"; else class=none why="already installed"; fi
	elif [ ! -f "$before" ]; then
		class=unknown why="the running configuration was not installed by havipcfg"
	elif [ "$(values global "$before")" != "$(values global "$data")" ]; then
		class=restart why="a setting changes that keepalived reads only at start"
		if mismatch; then class=restart+pair why="$why, and something that all nodes must have alike"; fi
	elif changed identity "$before" "$data"; then
		class=identity why="VRID, interface, family or unicast source of an instance changes: it starts again as BACKUP"
	elif mismatch; then
		class=pair why="addresses, authentication or interval change: nodes that differ do not hear each other"
	else
		class=reload why="a reload keeps the addresses where they are"
	fi
	if [ "$current" = "$new" ] && [ "$class" != none ] && [ "$class" != start ]; then
		class=reload
	fi
}

announce() {
	case $class in
	none) say "nothing to do: $why" ;;
	start) say "plan: install, start keepalived ($why)" ;;
	restart*) say "plan: install, restart keepalived ($why); the addresses leave this node" ;;
	identity | pair) say "plan: install, reload keepalived ($why). The peers need the same change in the right order: use apply-all.sh" ;;
	*) say "plan: install, reload keepalived ($why)" ;;
	esac
}

report() { # porcelain
	printf 'node=%s\nrunning=%s\ninstalled=%s\nbundle=%s\n' "$(value node "$data" '?')" "${running:-no}" "$current" "$new"
	if [ -e "$pending" ]; then echo pending=yes; else echo pending=no; fi
	[ "$action" != dry-run ] || printf 'class=%s\n' "$class"
	values instance "$data" | while IFS= read -r name; do printf 'state=%s %s\n' "$(state "$name")" "$name"; done
	values vip "$data" | while IFS=' ' read -r address interface name; do
		if here "$address" "$interface"; then word=held; else word=absent; fi
		printf '%s=%s %s\n' "$word" "$address" "$name"
	done
}

# ---- install and activate ----------------------------------------------------------------------------------------

install_files() {
	mkdir -p "$home" "$archive" && chmod 755 "$home" && chmod 700 "$archive" || return 1
	installed_files >"$stage/files"
	while read -r mode source target; do
		if [ -f "$target" ] && cmp -s "$bundle/$source" "$target" && [ "0$(stat -c %a "$target")" = "$mode" ]; then continue; fi
		put "$bundle/$source" "$target" "$mode" || return 1
	done <"$stage/files"
}

keep() { # put the bundle, and the configuration that it replaces, where --rollback finds them
	if [ "$current" != none ] && [ ! -e "$archive/$current" ]; then
		rm -rf "$archive/.new" && mkdir "$archive/.new" && cp "$config" "$archive/.new/keepalived.conf" &&
			durable "$archive/.new/keepalived.conf" && mv "$archive/.new" "$archive/$current" || return 1
	fi
	if [ "$bundle" != "$archive/$new" ] && ! cmp -s "$bundle/manifest" "$archive/$new/manifest"; then
		rm -rf "$archive/.new" && mkdir "$archive/.new" && cp "$bundle/manifest" "$archive/.new/" || return 1
		awk 'NR > 1 { print $3 }' "$bundle/manifest" >"$stage/sources"
		while read -r source; do
			cp "$bundle/$source" "$archive/.new/$source" && durable "$archive/.new/$source" || return 1
		done <"$stage/sources"
		rm -rf "$archive/.old" && { [ ! -e "$archive/$new" ] || mv "$archive/$new" "$archive/.old"; } &&
			mv "$archive/.new" "$archive/$new" && rm -rf "$archive/.old" || return 1
	fi
	if [ "$current" != "$new" ]; then
		printf '%s\n' "$current" >"$stage/previous" && put "$stage/previous" "$archive/$new/previous" 600 || return 1
	fi
	durable "$archive"
}

activate() { # CLASS
	case $1 in
	start) daemon_start ;;
	restart*) daemon_stop && daemon_start ;;
	*) daemon_reload ;;
	esac
}

restore() { # put back what was there before, and make keepalived use it
	if [ "$current" = "$new" ] && [ -n "$interrupted" ]; then current=$interrupted; fi
	if [ "$current" = none ]; then
		rm -f "$config" || return 1
	elif [ "$current" != "$new" ]; then
		put "$archive/$current/keepalived.conf" "$config" "$conf_mode" || return 1
	fi
	[ -n "$switched" ] || return 0
	if [ "$class" = start ]; then
		daemon_stop
	elif daemon >/dev/null; then
		activate "$class" || return 1
	else
		daemon_start || return 1
	fi
	if [ "$class" != start ]; then
		[ ! -f "$archive/$current/node.data" ] || data=$archive/$current/node.data
		settle || return 1
	fi
}

undo() { # REASON
	complain "$1"
	say "rolling back"
	if restore; then
		rm -f "$pending"
		if [ "$class" = start ]; then
			complain "rolled back: keepalived is stopped again, as it was before"
		else
			complain "rolled back: the set from before runs"
		fi
		leave 5
	fi
	complain "ROLL BACK FAILED: ${reason:-keepalived does not take the old configuration}"
	complain "look at: journalctl -u $service; keepalived -t; ip addr. The old set is $archive/$current"
	leave 6
}

prune() { # keep the five newest sets and what they name
	kept=0
	# shellcheck disable=SC2012 # the names are checksums
	ls -t "$archive" | while read -r name; do
		kept=$((kept + 1))
		case $name in "$new" | "$current") continue ;; esac
		[ "$kept" -le 5 ] || rm -rf "${archive:?}/$name"
	done
	for file in "$home"/*; do
		[ -f "$file" ] || continue
		case ${file##*/} in *-????????????.*) ;; *) continue ;; esac
		grep -qF -- "$file" "$config" "$archive"/*/manifest "$archive"/*/keepalived.conf 2>/dev/null || rm -f "$file"
	done
}

lock() {
	{ mkdir -p "$run" && chmod 755 "$run"; } || die 1 "cannot create $run"
	if have flock; then
		exec 9>"$run/apply.lock"
		if ! flock -n 9 9>&9; then # named again: mksh gives descriptors above 2 to nobody else
			say "another run is at work on this node; waiting up to $patience s"
			waited=0
			until flock -n 9 9>&9; do
				[ "$waited" -lt "$patience" ] || die 3 "another apply.sh still holds $run/apply.lock: nothing was changed"
				sleep 1
				waited=$((waited + 1))
			done
		fi
		locked=flock
		return
	fi
	waited=0
	until mkdir "$run/apply.lock.d" 2>/dev/null; do
		owner=
		{ read -r owner <"$run/apply.lock.d/pid"; } 2>/dev/null
		if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
			rm -rf "$run/apply.lock.d"
			continue
		fi
		[ "$waited" -lt "$patience" ] || die 3 "another apply.sh (pid ${owner:-unknown}) holds $run/apply.lock.d: nothing was changed"
		sleep 1
		waited=$((waited + 1))
	done
	locked=$run/apply.lock.d
	echo $$ >"$locked/pid"
}

make_stage() { # a directory of our own; leftovers of dead runs go
	mkdir -p "$etc" || die 1 "cannot create $etc"
	for leftover in "$etc"/.havipcfg-stage.*; do
		[ -d "$leftover" ] || continue
		kill -0 "${leftover##*.}" 2>/dev/null || rm -rf "$leftover"
	done
	stage=$etc/.havipcfg-stage.$$
	rm -rf "$stage"
	mkdir "$stage" || {
		stage=
		die 1 "cannot write in $etc"
	}
}

usage() {
	sed -n '2,/^$/ { /^#/!q; s/^# \{0,1\}//; p; }' "$0" | sed -n '1,16p'
}

# ---- main --------------------------------------------------------------------------------------------------------

bundle=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
while [ $# -gt 0 ]; do
	case $1 in
	--dry-run | --status | --rollback | --stop | --start) action=${1#--} ;;
	--force) force=1 ;;
	--porcelain) porcelain=1 ;;
	--wait | --init)
		[ $# -ge 2 ] || { usage >&2 && exit 2; }
		if [ "$1" = --wait ]; then patience=$2; else init=$2; fi
		shift
		;;
	-h | --help) usage && exit 0 ;;
	*)
		usage >&2
		exit 2
		;;
	esac
	shift
done
case $patience in '' | *[!0-9]*) usage >&2 && exit 2 ;; esac
case $init in '' | systemd | direct) ;; *) usage >&2 && exit 2 ;; esac
[ "$(id -u)" = 0 ] || die 1 "must run as root"
trap 'leave 1' HUP INT TERM

check_manifest
find_init
faulty='' switched='' reason=''

if [ "$action" = status ]; then
	running=$(daemon) || running=
	plan
	[ -z "$porcelain" ] || report
	trouble=$(unsettled)
	[ -z "$edits" ] || trouble="$trouble
edited by hand, or not installed by havipcfg: $edits"
	[ ! -e "$pending" ] || trouble="$trouble
an earlier run was interrupted: run apply.sh again"
	[ "$current" = "$new" ] || trouble="$trouble
installed is $(printf '%.12s' "$current"), this bundle is $(printf '%.12s' "$new")"
	if [ -z "$porcelain" ]; then
		say "node $(value node "$data" '?'), keepalived ${running:+runs, pid }${running:-does not run}, set $(printf '%.12s' "$current")"
		values instance "$data" | while IFS= read -r name; do say "  $name: $(state "$name"), holds $(holdings "$name") of its addresses"; done
		[ -z "$trouble" ] || printf '%s\n' "$trouble" | sed '/^$/d; s/^/  attention: /'
	fi
	[ -z "$trouble" ] || exit 1
	exit 0
fi

if [ "$action" != dry-run ]; then lock; fi

if [ "$action" = stop ] || [ "$action" = start ]; then
	if [ "$action" = stop ]; then
		daemon_stop || die 6 "keepalived does not stop"
	elif ! daemon >/dev/null; then
		daemon_start || die 6 "keepalived does not start"
		settle || die 6 "keepalived was started but does not settle: $reason"
	fi
	leave 0
fi

if [ "$action" = rollback ]; then
	[ -e "$config" ] || die 1 "nothing is installed"
	current=$(sum "$config")
	earlier=
	{ read -r earlier <"$archive/$current/previous"; } 2>/dev/null
	case $earlier in '' | none | *[!0-9a-f]*) die 1 "there is no earlier set to go back to" ;; esac
	[ -f "$archive/$earlier/keepalived.conf" ] || die 1 "the earlier set $earlier is gone from $archive"
	if [ -f "$archive/$earlier/manifest" ]; then
		bundle=$archive/$earlier
		check_manifest
	else
		# the configuration from before havipcfg: nothing but the file
		data=$archive/$current/node.data
		new=$earlier
		conf_mode=0640
		make_stage
		judge "$archive/$earlier/keepalived.conf"
		[ -z "$fatal" ] || [ -n "$force" ] || die 1 "refused, nothing was changed:$findings"
		put "$archive/$earlier/keepalived.conf" "$config" "$conf_mode" || die 1 "cannot write $config"
		if daemon >/dev/null; then daemon_reload; else daemon_start; fi || die 6 "keepalived does not take $config"
		say "done: the configuration from before havipcfg is back"
		leave 0
	fi
	say "going back to set $(printf '%.12s' "$earlier")"
fi

make_stage
running=$(daemon) || running=
check_host
check_addresses
check_staged
plan
if [ -n "$edits" ]; then
	if [ -n "$force" ]; then note "overwrites what was edited by hand (a copy is kept): $edits"; else
		findings="$findings
  no     edited by hand, or not installed by havipcfg: $edits   (--force overwrites and keeps a copy)"
	fi
fi
[ -z "$findings" ] || {
	if [ -n "$porcelain" ]; then printf 'preflight:%s\n' "$findings" >&2; else say "preflight:$findings"; fi
}
[ -z "$fatal" ] || die 1 "refused, nothing was changed"
[ -z "$edits" ] || [ -n "$force" ] || die 4 "refused, nothing was changed: move your edits to cluster.yaml and generate again, or use --force"
announce
if [ "$action" = dry-run ]; then
	[ -z "$porcelain" ] || report
	leave 0
fi
[ "$class" != none ] || leave 0
faulty=$(values instance "$data" | while IFS= read -r name; do [ "$(state "$name")" != FAULT ] || printf '%s\n' "$name"; done)

# From here on a lost terminal or an interrupt must not leave the work half done; everything below is bounded in time.
trap ':' HUP INT TERM PIPE
install_files || die 1 "cannot write in $home: nothing that keepalived uses was changed"
keep || die 1 "cannot keep a copy in $archive: nothing that keepalived uses was changed"
printf '%s %s\n' "$current" "$new" >"$stage/pending"
put "$stage/pending" "$pending" 600 || die 1 "cannot write $pending: nothing that keepalived uses was changed"
put "$bundle/keepalived.conf" "$config" "$conf_mode" || {
	rm -f "$pending"
	die 1 "cannot write $config: it was not changed"
}
findings='' fatal=''
judge "$config"
[ -z "$fatal" ] || undo "the installed file is not accepted, keepalived was not told:$findings"
switched=1
activate "$class" || undo "keepalived could not be told to $class"
settle || undo "did not settle within $deadline s: $reason"
rm -f "$pending"
prune
case $class in start) word=started ;; restart*) word=restarted ;; *) word=reloaded ;; esac
say "done: keepalived $word, set $(printf '%.12s' "$new")"
values instance "$data" | while IFS= read -r name; do say "  $name: $(state "$name"), holds $(holdings "$name") of its addresses"; done
leave 0
