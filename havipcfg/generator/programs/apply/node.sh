# ---- what this node looks like -----------------------------------------------------------------------------------

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

