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
generation=$(sed -n 's/^generation=//p' "$data")
addresses=$(sed -n 's/^vip=\([^ ]*\) .*/\1/p' "$data" | sort -u)
settle=$(sed -n 's/^settle=\([0-9][0-9]*\)$/\1/p' "$data")
settle=${settle:-30}
watch=$(sed -n 's/^watch=\([0-9][0-9]*\)$/\1/p' "$data")
watch=${watch:-5}

bad=0 reached=''
for name in $nodes; do
	if upload "$name"; then
		reached="$reached $name"
	else
		[ "$action" = status ] || die 1 "cannot copy the bundle to $name ($(destination "$name")): nothing was changed"
		say "$name: cannot be reached, or the bundle cannot be copied there"
		bad=1
	fi
done
nodes=$reached

if [ "$action" = status ]; then
	for name in $nodes; do on "$name" --status || bad=1; done
	look || bad=1
	for address in $addresses; do
		say "$address: held by $(holders "$address" | tr '\n' ' ')"
		[ "$(count "$address")" = 1 ] || bad=1
	done
	leave "$bad"
fi

failed='' back=''
for name in $nodes; do
	: >"$work/$name.plan"
	if [ "$action" = rollback ]; then
		on "$name" --status --porcelain >"$work/$name.plan" || :
		[ -s "$work/$name.plan" ] || failed="$failed $name"
		if [ -n "$force" ] || [ "$(told "$name" generation)" = "$generation" ] || [ "$(told "$name" pending)" = yes ]; then
			back="$back $name"
			[ -n "$(told "$name" earlier)" ] || die 1 "$name has no earlier set to go back to: nothing was changed"
		fi
	else
		on "$name" --dry-run --porcelain $force >"$work/$name.plan" || failed="$failed $name"
	fi
done
[ -z "$failed" ] || die 1 "refused by:$failed. Nothing was changed on any node"
[ "$action" != rollback ] || [ -n "$back" ] ||
	die 1 "no node runs the set of this directory, so there is nothing to go back from (--force goes back all the same)"
look || die 1 "a node did not answer: nothing was changed"

running='' idle='' worst=none main='' most=-1
for name in $nodes; do
	if grep -qx 'running=no' "$work/$name.plan"; then
		idle="$idle $name"
		continue
	fi
	running="$running $name"
	class=$(told "$name" class)
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
	kind="stop all but $main, change it, change and start the others"
	case "$action $back " in
	rollback*" $main "*) leaders=$main ;;
	rollback*) kind="$main has the set before already; stop, change and start the others" ;;
	*) leaders=$main ;;
	esac
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
if [ "$worst" = none ] && [ -z "$idle" ]; then
	say "nothing to do on any node"
	leave 0
fi
say "plan: $kind"
for name in $leaders $followers; do
	does=$(told "$name" class)
	[ "$action" != rollback ] || case " $back " in *" $name "*) does="roll back" ;; *) does=start ;; esac
	say "  $name: $does"
done
[ "$action" != dry-run ] || leave 0
if [ -z "$yes" ] && [ -t 0 ]; then
	printf 'Go on? [y/N] '
	read -r reply
	case $reply in y | Y | yes) ;; *) die 1 "nothing was changed" ;; esac
fi

# A lost terminal must not leave nodes stopped; from here on every step is bounded in time.
trap '' HUP INT PIPE
trap ':' TERM
if [ "$worst" = pair ] && [ -n "$running" ]; then
	for name in $running; do
		[ "$name" = "$main" ] && continue
		say "$name: stop"
		waiting="$waiting $name"
		on "$name" --stop || {
			for other in $waiting; do on "$other" --start; done
			waiting=
			stopped_at "$name" 1
		}
	done
	result=0
	[ -z "$leaders" ] || change "$main" || result=$?
	if [ "$result" -ne 0 ]; then
		case $result in
		7) ;;
		*)
			say "starting the others again with the old set"
			for other in $waiting; do on "$other" --start; done
			waiting=
			;;
		esac
		stopped_at "$main" "$result"
	fi
fi
for name in $followers; do
	case $(told "$name" class) in
	none) [ "$worst" = pair ] || continue ;;
	restart)
		if [ "$worst" != pair ] && [ "$(weight "$name")" -gt 0 ] && [ "$running" != " $name" ]; then
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
