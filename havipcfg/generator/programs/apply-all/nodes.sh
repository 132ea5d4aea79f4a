destination() { awk -v name="$1" 'index($0, "node=" name " ") == 1 { print substr($0, length(name) + 7); exit }' "$data"; }
remote() { # NODE COMMAND
	# shellcheck disable=SC2086 # a command with its options, on purpose
	$ssh "$(destination "$1")" "$2"
}
upload() {
	# shellcheck disable=SC2016 # for the shell over there
	tar -C "$here/$1" -cf - . | remote "$1" \
		'umask 077 && d=$(mktemp -d /var/tmp/havipcfg.XXXXXXXX) && tar -xof - -C "$d" && printf "%s\n" "$d"' >"$work/$1.dir" || return 1
	case $(cat "$work/$1.dir") in /*[!A-Za-z0-9/._-]* | *"$newline"*) return 1 ;; /*) ;; *) return 1 ;; esac
}
on() { # NODE OPTIONS...: run its apply.sh as root
	where=$1
	shift
	script=$(cat "$work/$where.dir")/apply.sh
	remote "$where" "if [ \"\$(id -u)\" = 0 ]; then exec sh $script $*; else exec sudo -n sh $script $*; fi" </dev/null
}

look() { # ask every node; $work/NODE.status
	for each in $nodes; do
		on "$each" --status --porcelain >"$work/$each.status" 2>/dev/null
		grep -q '^node=' "$work/$each.status" || return 1
	done
}
holders() { # ADDRESS: the nodes that hold it
	for each in $nodes; do
		if awk -v want="held=$1" '$1 == want { found = 1 } END { exit !found }' "$work/$each.status"; then printf '%s\n' "$each"; fi
	done
}
count() { holders "$1" | awk 'END { print NR }'; }
weight() { grep -c '^held=' "$work/$1.status"; }

one_holder() { # every address on exactly one node, for $watch seconds on end, beginning before the deadline
	deadline=$(($(seconds_now) + settle)) since=
	while :; do
		problem=
		if look; then
			some=
			for address in $addresses; do
				number=$(count "$address")
				[ "$number" = 0 ] || some=1
				# the set before this one may not have had every address
				if [ "$number" = 0 ] && [ "$action" = rollback ]; then continue; fi
				[ "$number" = 1 ] || problem="$problem $address is held by $number nodes: $(holders "$address" | tr '\n' ' ')"
			done
			[ -n "$some" ] || problem=" nobody holds an address"
		else
			problem=" a node did not answer"
		fi
		now=$(seconds_now)
		if [ -z "$problem" ]; then
			since=${since:-$now}
			[ "$((now - since))" -lt "$watch" ] || return 0
		else
			since=
			[ "$now" -lt "$deadline" ] || return 1
		fi
		sleep 1
	done
}
who() { for address in $addresses; do say "  $address: $(holders "$address" | tr '\n' ' ')"; done; }

told() { sed -n "s/^$2=//p" "$work/$1.plan"; } # NODE KEY: what its preflight, or its status, said
learn() { # NODE CHECKSUM: what became of a run whose connection was lost; 0 that set runs there, 8 the one before does
	give_up=$(($(seconds_now) + settle + watch))
	while [ "$(seconds_now)" -lt "$give_up" ]; do
		sleep 1
		on "$1" --status --porcelain >"$work/$1.status" 2>/dev/null
		grep -qx 'busy=no' "$work/$1.status" || continue
		if grep -qx 'pending=yes' "$work/$1.status"; then # killed over there: the next run finishes it
			# shellcheck disable=SC2086 # options
			on "$1" $options
			return
		fi
		grep -qx "installed=$2" "$work/$1.status" || return 8
		return 0
	done
	return 255
}

change() { # NODE: apply or roll back or start there, then look at all
	verb=apply options=$force wanted=$(told "$1" bundle)
	if [ "$action" = rollback ]; then
		verb="roll back" options="--rollback $force" wanted=$(told "$1" earlier)
		case " $back " in *" $1 "*) ;; *) verb=start options=--start wanted=$(told "$1" installed) ;; esac
	fi
	say "$1: $verb"
	# shellcheck disable=SC2086 # options
	on "$1" $options
	result=$?
	if [ "$result" -ge 128 ]; then
		say "$1: the connection was lost; asking what became of it"
		learn "$1" "$wanted"
		result=$?
	fi
	[ "$result" -eq 0 ] || return "$result"
	if one_holder; then
		changed="$changed $1"
		return 0
	fi
	what=$problem
	say "after the change of $1:$what"
	if twice; then
		say "$1: roll back, so that only one node holds it"
		if [ "$action" = rollback ] || ! on "$1" --rollback; then on "$1" --stop; fi
		look
		if twice; then on "$1" --stop; fi
		look
		who
	elif [ "$leaders" = "$1" ] && [ "$action" = apply ]; then
		say "$1: roll back, so that the others can be started again"
		problem=$what
		if on "$1" --rollback; then return 9; fi
	fi
	problem=$what
	return 7
}
twice() { # an address is on two nodes
	for address in $addresses; do [ "$(count "$address")" -le 1 ] || return 0; done
	return 1
}
stopped_at() { # NODE STATUS
	case $2 in
	5) text="$1 did not settle and rolled itself back" ;;
	6) text="$1 NEEDS A PERSON: it did not settle and could not roll back" ;;
	7 | 9) text="the addresses were not held by exactly one node after $1 was changed:$problem" ;;
	8) text="the connection to $1 was lost before the change; it runs the old set" ;;
	255) text="$1 cannot be reached. When it comes back it may take the addresses too: look at it first" ;;
	*) text="$1 refused" ;;
	esac
	die 5 "$text
  changed:     ${changed:- none}
  not changed: $(for name in $nodes; do case " $changed " in *" $name "*) ;; *) printf '%s ' "$name" ;; esac; done)${waiting:+
  STOPPED:     $waiting (they hold the old set; do not start them before the cause is found)}
  Run apply-all.sh again when the cause is gone, or apply-all.sh --rollback."
}

