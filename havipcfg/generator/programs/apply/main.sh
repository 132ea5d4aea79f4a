# ---- main --------------------------------------------------------------------------------------------------------

bundle=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P) || exit 1
while [ $# -gt 0 ]; do
	case $1 in
	--dry-run | --status | --rollback | --stop | --start) action=${1#--} ;;
	--force) force=1 ;;
	--porcelain) porcelain=1 ;;
	--wait | --init)
		[ $# -ge 2 ] || { usage >&2 && exit 2; }
		if [ "$1" = --wait ]; then patience=$2; else init=$2; fi
		shift
		;;
	-h | --help) usage && exit 0 ;;
	*)
		usage >&2
		exit 2
		;;
	esac
	shift
done
case $patience in '' | *[!0-9]*) usage >&2 && exit 2 ;; esac
case $init in '' | systemd | direct) ;; *) usage >&2 && exit 2 ;; esac
[ "$(id -u)" = 0 ] || die 1 "must run as root"
for program in awk cmp cut grep head ip readlink sed sha256sum stat tail tr; do have "$program" || die 1 "$program is not installed"; done
trap 'leave 1' HUP INT TERM

check_manifest
find_init
faulty='' switched='' reason=''

if [ "$action" = status ]; then
	running=$(daemon) || running=
	plan
	[ -z "$porcelain" ] || report
	trouble=$(unsettled)
	[ -z "$edits" ] || trouble="$trouble
edited by hand, or not installed by havipcfg: $edits"
	[ ! -e "$pending" ] || trouble="$trouble
an earlier run was interrupted: run apply.sh again"
	[ "$current" = "$new" ] || trouble="$trouble
installed is $(printf '%.12s' "$current"), this bundle is $(printf '%.12s' "$new")"
	if [ -z "$porcelain" ]; then
		say "node $(value node "$data" '?'), keepalived ${running:+runs, pid }${running:-does not run}, set $(printf '%.12s' "$current")"
		values instance "$data" | while IFS= read -r name; do say "  $name: $(state "$name"), holds $(holdings "$name") of its addresses"; done
		[ -z "$trouble" ] || printf '%s\n' "$trouble" | sed '/^$/d; s/^/  attention: /'
	fi
	[ -z "$trouble" ] || exit 1
	exit 0
fi

if [ "$action" != dry-run ]; then lock; fi

if [ "$action" = stop ] || [ "$action" = start ]; then
	if [ "$action" = stop ]; then
		daemon_stop || die 6 "keepalived does not stop"
	elif ! daemon >/dev/null; then
		daemon_start || die 6 "keepalived does not start"
		settle || die 6 "keepalived was started but does not settle: $reason"
	fi
	leave 0
fi

if [ "$action" = rollback ]; then
	[ -e "$config" ] || die 1 "nothing is installed"
	current=$(sum "$config") interrupted=''
	{ read -r interrupted _ <"$pending"; } 2>/dev/null
	[ -d "$archive/$current" ] || die 4 "$config was edited by hand, or not installed by havipcfg: nothing was changed. apply.sh --force installs this bundle and keeps a copy of it"
	earlier=$(earlier_set)
	[ -n "$earlier" ] || die 1 "there is no earlier set to go back to"
	[ -f "$archive/$earlier/keepalived.conf" ] || die 1 "the earlier set $earlier is gone from $archive"
	if [ -f "$archive/$earlier/manifest" ]; then
		bundle=$archive/$earlier
		check_manifest
	else
		# the configuration from before havipcfg: nothing but the file
		data=$archive/$current/node.data
		new=$earlier
		conf_mode=0640
		make_stage
		judge "$archive/$earlier/keepalived.conf"
		[ -z "$fatal" ] || [ -n "$force" ] || die 1 "refused, nothing was changed:$findings"
		put "$archive/$earlier/keepalived.conf" "$config" "$conf_mode" || die 1 "cannot write $config"
		if daemon >/dev/null; then daemon_reload; else daemon_start; fi || die 6 "keepalived does not take $config"
		rm -f "$pending"
		say "done: the configuration from before havipcfg is back"
		leave 0
	fi
	say "going back to set $(printf '%.12s' "$earlier")"
fi

make_stage
running=$(daemon) || running=
check_host
check_addresses
check_staged
plan
if [ -n "$edits" ]; then
	if [ -n "$force" ]; then note "overwrites what was edited by hand (a copy is kept): $edits"; else
		findings="$findings
  no     edited by hand, or not installed by havipcfg: $edits   (--force overwrites and keeps a copy)"
	fi
fi
[ -z "$findings" ] || {
	if [ -n "$porcelain" ]; then printf 'preflight:%s\n' "$findings" >&2; else say "preflight:$findings"; fi
}
[ -z "$fatal" ] || die 1 "refused, nothing was changed"
[ -z "$edits" ] || [ -n "$force" ] || die 4 "refused, nothing was changed: move your edits to cluster.yaml and generate again, or use --force"
announce
if [ "$action" = dry-run ]; then
	[ -z "$porcelain" ] || report
	leave 0
fi
[ "$class" != none ] || leave 0
faulty=$(values instance "$data" | while IFS= read -r name; do [ "$(state "$name")" != FAULT ] || printf '%s\n' "$name"; done)

# From here on a lost terminal or an interrupt must not leave the work half done; everything below is bounded in time.
trap '' HUP INT PIPE
trap ':' TERM
install_files || die 1 "cannot write in $home: nothing that keepalived uses was changed"
keep || die 1 "cannot keep a copy in $archive: nothing that keepalived uses was changed"
{ printf '%s %s\n' "$current" "$new" >"$stage/pending" && put "$stage/pending" "$pending" 600; } || die 1 "cannot write $pending: nothing that keepalived uses was changed"
put "$bundle/keepalived.conf" "$config" "$conf_mode" || {
	rm -f "$pending"
	die 1 "cannot write $config: it was not changed"
}
findings='' fatal=''
judge "$config"
[ -z "$fatal" ] || undo "the installed file is not accepted, keepalived was not told:$findings"
switched=1
if [ -n "$edits" ] || [ "$class" = unknown ]; then forget_states; fi # what ran until now may not have written them
activate "$class" || undo "keepalived could not be told to $class"
settle || undo "did not settle within $deadline s: $reason"
rm -f "$pending"
prune
case $class in start) word=started ;; restart*) word=restarted ;; *) word=reloaded ;; esac
say "done: keepalived $word, set $(printf '%.12s' "$new")"
values instance "$data" | while IFS= read -r name; do say "  $name: $(state "$name"), holds $(holdings "$name") of its addresses"; done
leave 0
