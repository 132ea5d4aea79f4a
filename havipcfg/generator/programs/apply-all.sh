#!/bin/sh
# havipcfg apply-all: bring the bundles beside this file to all nodes over ssh, in an order that never leaves two nodes
# holding an address. One node at a time; stops at the first failure.
#
#   apply-all.sh [--dry-run | --status | --rollback] [--force] [--yes]
#   --dry-run   copy the bundles, run every node's preflight, print the order; changes nothing on the nodes
#   --status    what every node says, and who holds which address
#   --rollback  back to the set before, on all nodes
#   --force     handed on to apply.sh; also goes on when nobody holds an address now
#   --yes       do not ask (nobody is asked when standard input is not a terminal)
#
# Order:
#   nothing runs yet            nodes in the order of cluster.data; the first must hold the addresses before the next
#   reload (priority, checks)   nodes that hold nothing first, then the holders; new nodes last
#   restart                     the same; a holder is stopped first and changed when another node holds its addresses
#   addresses, authentication, interval, VRID, interface, unicast
#                               stop every node but the one that holds most, change that one, then change and start the
#                               others (nodes that differ in one of these do not hear each other and would both hold)
# After every step exactly one node must hold every address, long enough that a node that hears nobody would have shown.
#
# HAVIPCFG_SSH (ssh -o BatchMode=yes -o ConnectTimeout=10) is run as: $HAVIPCFG_SSH DESTINATION COMMAND
# Exit code: 0 done; 1 refused, nothing was changed; 2 wrong use; 5 a step failed, the message says what is where.
set -u
LC_ALL=C
export LC_ALL
umask 077
ssh=${HAVIPCFG_SSH:-ssh -o BatchMode=yes -o ConnectTimeout=10}
action=apply force='' yes='' newline='
'

say() { printf '%s\n' "$1"; }
leave() {
	for name in $nodes; do
		[ -s "$work/$name.dir" ] || continue
		remote "$name" "rm -rf $(cat "$work/$name.dir")" >/dev/null 2>&1
	done
	rm -rf "$work"
	exit "$1"
}
die() {
	printf 'apply-all.sh: %s\n' "$2" >&2
	leave "$1"
}

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
	deadline=$(($(date +%s) + settle)) since=
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
		now=$(date +%s)
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

change() { # NODE: apply or roll back there, then look at all
	say "$1: $verb"
	# shellcheck disable=SC2086 # options
	on "$1" $options
	result=$?
	[ "$result" -eq 0 ] || return "$result"
	if one_holder; then
		changed="$changed $1"
		return 0
	fi
	what=$problem
	say "after the change of $1:$what"
	if twice; then
		say "$1: roll back, so that only one node holds it"
		on "$1" --rollback || on "$1" --stop
		look
		if twice; then on "$1" --stop; fi
		look
		who
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
	7) text="the addresses were not held by exactly one node after $1 was changed:$problem" ;;
	255) text="$1 cannot be reached" ;;
	*) text="$1 refused" ;;
	esac
	die 5 "$text
  changed:     ${changed:- none}
  not changed: $(for name in $nodes; do case " $changed " in *" $name "*) ;; *) printf '%s ' "$name" ;; esac; done)${waiting:+
  STOPPED:     $waiting (they hold the old set; do not start them before the cause is found)}
  Run apply-all.sh again when the cause is gone, or apply-all.sh --rollback."
}

while [ $# -gt 0 ]; do
	case $1 in
	--dry-run | --status | --rollback) action=${1#--} ;;
	--force) force=--force ;;
	--yes) yes=1 ;;
	*)
		sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
		exit 2
		;;
	esac
	shift
done
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
data=$here/cluster.data
work=$(mktemp -d) || exit 1
nodes='' changed='' waiting='' problem=''
trap 'leave 1' HUP INT TERM
grep -qx 'format=1' "$data" 2>/dev/null || die 2 "no cluster.data that this program knows beside it in $here"
# shellcheck disable=SC2013 # the names hold no blank
for name in $(sed -n 's/^node=\([^ ]*\) .*/\1/p' "$data"); do
	case $name in .* | -* | *[!A-Za-z0-9._-]*) die 2 "not a node name: $name" ;; esac
	case $(destination "$name") in '' | -*) die 2 "not an ssh destination: $(destination "$name")" ;; esac
	[ -f "$here/$name/manifest" ] || die 2 "no bundle for $name in $here"
	nodes="$nodes $name"
done
[ -n "$nodes" ] || die 2 "cluster.data names no node"
addresses=$(sed -n 's/^vip=\([^ ]*\) .*/\1/p' "$data" | sort -u)
settle=$(sed -n 's/^settle=\([0-9][0-9]*\)$/\1/p' "$data")
settle=${settle:-30}
watch=$(sed -n 's/^watch=\([0-9][0-9]*\)$/\1/p' "$data")
watch=${watch:-5}

for name in $nodes; do upload "$name" || die 1 "cannot copy the bundle to $name ($(destination "$name")): nothing was changed"; done

if [ "$action" = status ]; then
	bad=0
	for name in $nodes; do on "$name" --status || bad=1; done
	look || bad=1
	for address in $addresses; do
		say "$address: held by $(holders "$address" | tr '\n' ' ')"
		[ "$(count "$address")" = 1 ] || bad=1
	done
	leave "$bad"
fi

failed=
for name in $nodes; do
	: >"$work/$name.plan"
	if [ "$action" = rollback ]; then
		on "$name" --status --porcelain >"$work/$name.plan" || :
		[ -s "$work/$name.plan" ] || failed="$failed $name"
	else
		on "$name" --dry-run --porcelain $force >"$work/$name.plan" || failed="$failed $name"
	fi
done
[ -z "$failed" ] || die 1 "refused by:$failed. Nothing was changed on any node"
look || die 1 "a node did not answer: nothing was changed"

running='' idle='' worst=none main='' most=-1
for name in $nodes; do
	if grep -qx 'running=no' "$work/$name.plan"; then
		idle="$idle $name"
		continue
	fi
	running="$running $name"
	class=$(sed -n 's/^class=//p' "$work/$name.plan")
	case $worst:$class in
	*:none | *:start) ;;
	*:pair | *:identity | *:unknown | *:restart+pair | *:) worst=pair ;;
	pair:*) ;;
	*:restart) worst=restart ;;
	none:*) worst=$class ;;
	esac
	if [ "$(weight "$name")" -gt "$most" ]; then main=$name most=$(weight "$name"); fi
done
[ "$action" != rollback ] || worst=pair
for address in $addresses; do
	[ -n "$force" ] || [ "$(count "$address")" -le 1 ] ||
		die 1 "$address is held by $(holders "$address" | tr '\n' ' '): two holders before anything was changed. Find out why first (--force goes on)"
done
if [ -n "$running" ] && [ "$most" -eq 0 ] && [ -z "$force" ]; then
	die 1 "keepalived runs on$running, but nobody holds an address. Find out why first (--force goes on)"
fi

followers='' leaders=''
if [ -z "$running" ]; then
	kind="first start"
	followers=$idle
elif [ "$worst" = pair ]; then
	kind="stop the others, change $main, change and start the others"
	leaders=$main
	for name in $running; do [ "$name" = "$main" ] || followers="$followers $name"; done
	followers="$followers$idle"
else
	kind="$worst, one after the other"
	for name in $running; do
		if [ "$(weight "$name")" -gt 0 ]; then leaders="$leaders $name"; else followers="$followers $name"; fi
	done
	followers="$followers$leaders$idle"
	leaders=
fi
verb=apply options=$force
if [ "$action" = rollback ]; then verb="roll back" options="--rollback $force"; fi
if [ "$worst" = none ] && [ -z "$idle" ]; then
	say "nothing to do on any node"
	leave 0
fi
say "plan: $kind"
for name in $leaders $followers; do say "  $name: $(sed -n 's/^class=//p' "$work/$name.plan")"; done
[ "$action" != dry-run ] || leave 0
if [ -z "$yes" ] && [ -t 0 ]; then
	printf 'Go on? [y/N] '
	read -r reply
	case $reply in y | Y | yes) ;; *) die 1 "nothing was changed" ;; esac
fi

# A lost terminal must not leave nodes stopped; from here on every step is bounded in time.
trap ':' HUP INT TERM PIPE
if [ -n "$leaders" ]; then
	for name in $running; do
		[ "$name" = "$main" ] && continue
		say "$name: stop"
		waiting="$waiting $name"
		on "$name" --stop || {
			for back in $waiting; do on "$back" --start; done
			waiting=
			stopped_at "$name" 1
		}
	done
	change "$main"
	result=$?
	if [ "$result" -ne 0 ]; then
		case $result in
		7) ;;
		*)
			say "starting the others again with the old set"
			for back in $waiting; do on "$back" --start; done
			waiting=
			;;
		esac
		stopped_at "$main" "$result"
	fi
fi
for name in $followers; do
	case $(sed -n 's/^class=//p' "$work/$name.plan") in
	none) [ "$worst" = pair ] || continue ;;
	restart)
		if [ -z "$leaders" ] && [ "$(weight "$name")" -gt 0 ] && [ "$running" != " $name" ]; then
			say "$name: stop, so that another node takes its addresses"
			if ! on "$name" --stop || ! one_holder; then
				on "$name" --start
				stopped_at "$name" 7
			fi
		fi
		;;
	esac
	change "$name" || stopped_at "$name" $?
	left=
	for still in $waiting; do [ "$still" = "$name" ] || left="$left $still"; done
	waiting=$left
done
say "done; held by:"
who
leave 0
