state_name() { # INSTANCE: its name where a file is called after it
	safe=$(printf '%s' "$1" | tr -c 'A-Za-z0-9._-' _)
	if [ "$safe" != "$1" ] || [ "${safe#.}" != "$safe" ]; then
		safe=_$safe-$(printf '%s' "$1" | cksum | tr -cd '0-9')
	fi
	printf '%s\n' "$safe"
}

