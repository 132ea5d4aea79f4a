seconds_now() { # whole seconds since some moment; setting the clock changes nothing
	up=
	{ read -r up _ </proc/uptime; } 2>/dev/null
	if [ -n "$up" ]; then printf '%s\n' "${up%%.*}"; else date +%s; fi
}

