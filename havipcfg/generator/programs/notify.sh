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

limited() { # SECONDS COMMAND...
	if timeout -k 1 1 true 2>/dev/null; then
		timeout -k 1 "$@"
		return
	fi
	seconds=$1
	shift
	"$@" &
	child=$!
	(
		trap 'kill "$nap" 2>/dev/null; exit 0' TERM
		sleep "$seconds" &
		nap=$!
		wait "$nap"
		kill -TERM "$child"
		sleep 1
		kill -KILL "$child"
	) >/dev/null 2>&1 &
	guard=$!
	wait "$child"
	status=$?
	kill "$guard" 2>/dev/null
	return "$status"
}

if [ $# -lt 4 ]; then
	log "called with $# arguments; expected DATA TYPE NAME STATE PRIORITY"
	exit 0
fi
data=$1
HAVIPCFG_TYPE=$2
HAVIPCFG_NAME=$3
HAVIPCFG_STATE=$4
HAVIPCFG_PRIORITY=${5:-0}
export HAVIPCFG_TYPE HAVIPCFG_NAME HAVIPCFG_STATE HAVIPCFG_PRIORITY

log "$HAVIPCFG_TYPE $HAVIPCFG_NAME is $HAVIPCFG_STATE, priority $HAVIPCFG_PRIORITY"

safe=$(printf '%s' "$HAVIPCFG_NAME" | tr -c 'A-Za-z0-9._-' _)
if [ "$safe" != "$HAVIPCFG_NAME" ] || [ "${safe#.}" != "$safe" ]; then
	safe=_$safe-$(printf '%s' "$HAVIPCFG_NAME" | cksum | tr -cd '0-9')
fi
run=${HAVIPCFG_RUN:-/run/havipcfg}
case $HAVIPCFG_STATE in
MASTER | BACKUP | FAULT | STOP | DELETED)
	temporary=$run/.$safe.$$
	if mkdir -p "$run" &&
		printf '%s %s %s %s %s\n' "$HAVIPCFG_STATE" "$HAVIPCFG_PRIORITY" "$(date +%s)" "$HAVIPCFG_TYPE" "$HAVIPCFG_NAME" >"$temporary"; then
		mv -f "$temporary" "$run/$safe.state"
	else
		log "cannot write $run/$safe.state"
	fi
	;;
esac

seconds_each=30 account='' group=''
on='' only='' program=''
act() { # run the collected action if it is for this state and instance
	[ -n "$program" ] || return 0
	[ "$on" = "$HAVIPCFG_STATE" ] || [ "$on" = ANY ] || return 0
	[ -z "$only" ] || [ "$only" = "$HAVIPCFG_NAME" ] || return 0
	set -- "$program" "$@"
	if [ -n "$account" ] && [ "$(id -u)" = 0 ]; then
		if setpriv --reuid="$account" --regid="$group" --init-groups true 2>/dev/null; then
			set -- setpriv --reuid="$account" --regid="$group" --init-groups -- "$@"
		elif command -v su >/dev/null 2>&1; then
			# shellcheck disable=SC2016 # the shell of that user expands them
			set -- su -s /bin/sh -c 'exec "$0" "$@"' -- "$account" "$@"
		else
			log "action $program for $HAVIPCFG_NAME $HAVIPCFG_STATE: neither setpriv nor su can become $account"
			return 0
		fi
	fi
	limited "$seconds_each" "$@" </dev/null >/dev/null 2>&1
	status=$?
	[ "$status" -eq 0 ] || log "action $program for $HAVIPCFG_NAME $HAVIPCFG_STATE: exit code $status"
}

if [ ! -r "$data" ]; then
	log "cannot read $data: no actions"
	exit 0
fi
set --
exec 3<"$data"
while IFS= read -r line <&3 || [ -n "$line" ]; do
	value=${line#*=}
	case $line in
	timeout=*) case $value in '' | *[!0-9]* | 0) log "$data: not a time limit: $value" ;; *) seconds_each=$value ;; esac ;;
	user=*)
		account=${value%% *} group=${value#* }
		[ "$group" != "$value" ] || group=$(id -g -- "$account" 2>/dev/null)
		;;
	on=*)
		act "$@"
		set --
		on=$value only='' program=''
		;;
	instance=*) only=$value ;;
	run=*) program=$value ;;
	arg=*) set -- "$@" "$value" ;;
	esac
done
act "$@"
exit 0
