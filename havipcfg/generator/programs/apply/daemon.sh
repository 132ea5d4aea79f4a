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
		pid=$(limited 20 systemctl show -p MainPID "$service" 2>/dev/null) && is_keepalived "${pid#MainPID=}"
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
	if [ "$init" = systemd ]; then limited 60 systemctl reload "$service"; else kill -HUP "$(daemon)"; fi
}

daemon_stop() {
	if [ "$init" = systemd ]; then
		limited 60 systemctl stop "$service" || return 1
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

forget_states() { values instance "$data" | while IFS= read -r name; do rm -f "$run/$(state_name "$name").state"; done; }

daemon_start() {
	forget_states
	# keepalived does not start while a file of its own names a process, be it a zombie or somebody else's
	for leftover in "$pidfile" "${pidfile%/*}/vrrp.pid" "${pidfile%/*}/checkers.pid" "${pidfile%/*}/bfd.pid"; do named "$leftover" >/dev/null || rm -f "$leftover"; done
	if [ "$init" = systemd ]; then
		limited 90 systemctl start "$service"
	else
		# 9 is the lock: the daemon must not keep it, nor that signals are ignored here
		(trap - HUP INT PIPE && exec keepalived --use-file="$config" --pid="$pidfile" </dev/null >/dev/null 2>&1 9>&-) || return 1
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

