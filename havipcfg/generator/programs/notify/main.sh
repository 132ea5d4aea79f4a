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

run=${HAVIPCFG_RUN:-/run/havipcfg}
file=$(state_name "$HAVIPCFG_NAME")
case $HAVIPCFG_STATE in
MASTER | BACKUP | FAULT | STOP | DELETED)
	temporary=$run/.$file.$$
	if ! mkdir -p "$run" ||
		! printf '%s %s %s %s %s\n' "$HAVIPCFG_STATE" "$HAVIPCFG_PRIORITY" "$(date +%s)" "$HAVIPCFG_TYPE" "$HAVIPCFG_NAME" >"$temporary" ||
		! mv -f "$temporary" "$run/$file.state"; then
		rm -f "$temporary" "$run/$file.state" # no state is better than one that is over
		log "cannot write $run/$file.state"
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
