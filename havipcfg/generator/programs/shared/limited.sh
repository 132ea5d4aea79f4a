limited() { # SECONDS COMMAND...: end it after that many seconds, for good one second later
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
	ended=$?
	kill "$guard" 2>/dev/null
	return "$ended"
}

