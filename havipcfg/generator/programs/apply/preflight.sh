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
		limited 5 arping -c 2 -w 2 -i "$2" "$1" 2>/dev/null
	else
		limited 5 arping -D -c 2 -w 2 -I "$2" "$1" 2>/dev/null
	fi | tr 'A-F' 'a-f' | grep -oE '([0-9a-f]{2}:){5}[0-9a-f]{2}' | head -n 1
}

check_host() {
	node=$(value node "$data" '?')
	wanted=$(value hostname "$data" '')
	actual=$(uname -n)
	[ -z "$wanted" ] || [ "${actual%%.*}" = "${wanted%%.*}" ] || note "this host is called $actual, the bundle is for $wanted"
	if have keepalived; then
		version=$(keepalived -v 2>&1 | sed -n 's/^Keepalived v\([0-9.]*\).*/\1/p')
		minimum=$(value keepalived "$data" 0)
		older "${version:-0}" "$minimum" && bad "keepalived is ${version:-unknown}, the bundle needs $minimum or newer"
	else
		bad "keepalived is not installed"
	fi
	values local "$data" >"$stage/local" || unwritable
	while IFS=' ' read -r address interface; do
		if [ ! -d "/sys/class/net/$interface" ]; then
			bad "no interface $interface here: is this really node $node?"
		else
			here "$address" "$interface" || bad "$address is not on $interface: this is not node $node (its bundle would put keepalived in FAULT)"
			[ -n "$(ip -o link show dev "$interface" up)" ] || bad "interface $interface is down"
		fi
	done <"$stage/local"
	values user "$data" >"$stage/users" || unwritable
	others=
	while IFS= read -r user; do
		id -u -- "$user" >/dev/null 2>&1 || bad "user $user does not exist"
		[ "$user" = root ] || others="$others $user"
	done <"$stage/users"
	values tool "$data" >"$stage/tools" || unwritable
	while IFS= read -r tools; do
		found=''
		remaining=$tools\|
		while [ -n "$remaining" ]; do
			case ${remaining%%|*} in
			wget) ! wget --version >/dev/null 2>&1 || found=1 ;; # that of busybox cannot do what check.sh needs
			*) ! have "${remaining%%|*}" || found=1 ;;
			esac
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
			case $others:$(stat -c %a "$directory") in ?*:*[02468]) bad "nobody but root may enter $directory, where programs are that run as:$others" ;; esac
		fi
		directory=${directory%/*}
	done
	if [ -L "$config" ]; then
		doubt "$config is a symbolic link to $(readlink "$config"): a file would take its place"
	elif [ -e "$config" ] && [ ! -f "$config" ]; then
		bad "$config is not a file"
	fi
	if running=$(daemon); then
		used=$(daemon_config "$running")
		[ -z "$used" ] || [ "$used" = "$config" ] || bad "keepalived (pid $running) runs with $used, not with $config"
	elif [ "$init" = systemd ] && stray=$(named "$pidfile"); then
		bad "keepalived (pid $stray) runs, but not as the unit $service: stop it, then run this again"
	elif have pidof && [ "$init" = direct ] && others=$(same_net "$(pidof keepalived)") && [ -n "$others" ]; then
		doubt "keepalived runs ($others), but $pidfile does not name it: the pid file is elsewhere or gone"
	fi
	if [ "$init" = systemd ] && ! limited 20 systemctl is-enabled --quiet "$service" 2>/dev/null; then
		note "$service is not enabled: it will not start after a reboot (systemctl enable $service)"
	fi
	if have nft && limited 10 nft list ruleset 2>/dev/null | grep -E '(protocol|nexthdr|l4proto).*(vrrp|112)' | grep -qE 'drop|reject'; then
		note "nftables holds a rule that drops VRRP (protocol 112): peers that do not hear each other both take the address"
	fi
}

same_net() { # PIDS: those in our network namespace (a daemon in a container is not ours)
	for one in $1; do
		[ "$(readlink "/proc/$one/ns/net")" != "$(readlink /proc/self/ns/net)" ] || printf '%s ' "$one"
	done
}

static_places='/etc/netplan /etc/network/interfaces /etc/network/interfaces.d /etc/sysconfig/network-scripts
/etc/sysconfig/network /etc/NetworkManager/system-connections /etc/systemd/network /etc/cloud/cloud.cfg
/etc/cloud/cloud.cfg.d /etc/dhcpcd.conf /etc/rc.local'

check_addresses() {
	values vip "$data" >"$stage/vips" || unwritable
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
	{ mkdir "$stage/havipcfg" && chmod 755 "$stage" "$stage/havipcfg" && installed_files >"$stage/files"; } || unwritable
	while read -r mode source target; do
		{ cp "$bundle/$source" "$stage/havipcfg/${target##*/}" && chmod "$mode" "$stage/havipcfg/${target##*/}"; } || unwritable
	done <"$stage/files"
	sed "s|$home/|$stage/havipcfg/|g" "$bundle/keepalived.conf" >"$stage/keepalived.conf" || unwritable
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
	limited 30 keepalived --config-test="$stage/said" --use-file="$1" >"$stage/output" 2>&1
	status=$?
	said=$(cat "$stage/said" "$stage/output" 2>/dev/null | sed "s|$stage/havipcfg/|$home/|g; s|$stage/||g" | awk 'NF && !seen[$0]++')
}

