# ---- plan --------------------------------------------------------------------------------------------------------

changed() { # KEY OLD NEW: an instance that both files know has another token
	awk -v key="$1=" 'index($0, key) == 1 {
		rest = substr($0, length(key) + 1); at = index(rest, " "); token = substr(rest, 1, at - 1); name = substr(rest, at + 1)
		if (FILENAME == ARGV[1]) old[name] = token; else if (name in old && old[name] != token) differs = 1
	} END { exit !differs }' "$2" "$3"
}

secrets() { grep -E '^[[:space:]]*auth_' "$1"; }

mismatch() { # nodes with the old and with the new set do not hear each other
	changed identity "$before" "$data" || changed pair "$before" "$data" ||
		[ "$(secrets "${before%/*}/keepalived.conf")" != "$(secrets "$bundle/keepalived.conf")" ]
}

plan() { # sets $class, $why, $current (checksum of the installed configuration, or "none"), $edits, $interrupted
	current=none edits='' interrupted=''
	{ read -r interrupted _ <"$pending"; } 2>/dev/null
	if [ -e "$config" ]; then
		current=$(sum "$config")
		if [ "$current" != "$new" ] && [ ! -f "$archive/$current/keepalived.conf" ]; then edits=$config; fi
	fi
	other=$(edited_files)
	[ -z "$other" ] || edits="$edits $other"
	from=$current # what keepalived runs with: after an interrupted run perhaps still the set before
	case $current:$interrupted in *: | *:none) ;; "$new":*) from=$interrupted ;; esac
	before=$archive/$from/node.data
	if [ -z "$running" ]; then
		class=start why="keepalived does not run"
	elif [ "$from" = "$new" ]; then
		class=reload
		if [ -e "$pending" ]; then
			why="all is in place"
		elif files_missing; then
			why="files are missing or have another mode"
		elif [ "$(stat -c '%u %a' "$config")" != "0 ${conf_mode#0}" ]; then
			why="owner or mode of $config are not as they should be"
		else
			class=none why="already installed"
		fi
	elif [ ! -f "$before" ]; then
		class=unknown why="the running configuration was not installed by havipcfg"
	elif [ -n "$interrupted" ] && [ "$interrupted" != none ] && [ "$interrupted" != "$from" ] && [ "$interrupted" != "$new" ]; then
		class=restart+pair why="what keepalived runs with is not known"
	elif [ "$(values global "$before")" != "$(values global "$data")" ]; then
		class=restart why="a setting changes that keepalived reads only at start"
		if mismatch; then class=restart+pair why="$why, and something that all nodes must have alike"; fi
	elif changed identity "$before" "$data"; then
		class=identity why="VRID, interface, family or unicast source of an instance changes: it starts again as BACKUP"
	elif mismatch; then
		class=pair why="addresses, authentication or interval change: nodes that differ do not hear each other"
	else
		class=reload why="a reload keeps the addresses where they are"
	fi
	[ ! -e "$pending" ] || why="an earlier run was interrupted; $why"
}

earlier_set() { # of the installed configuration: the set that --rollback brings back, or nothing
	from=
	if [ -n "$interrupted" ] && [ "$interrupted" = "$current" ]; then
		from=$current # interrupted before the switch
	else
		{ read -r from <"$archive/$current/previous"; } 2>/dev/null
	fi
	case $from in '' | none | *[!0-9a-f]*) ;; *) printf '%s\n' "$from" ;; esac
}

announce() {
	case $class in
	none) say "nothing to do: $why" ;;
	start) say "plan: install, start keepalived ($why)" ;;
	restart*) say "plan: install, restart keepalived ($why); the addresses leave this node" ;;
	identity | pair) say "plan: install, reload keepalived ($why). The peers need the same change in the right order: use apply-all.sh" ;;
	*) say "plan: install, reload keepalived ($why)" ;;
	esac
}

report() { # porcelain
	printf 'node=%s\nrunning=%s\ninstalled=%s\nbundle=%s\n' "$(value node "$data" '?')" "${running:-no}" "$current" "$new"
	if [ -e "$pending" ]; then echo pending=yes; else echo pending=no; fi
	if [ -z "$locked" ] && busy; then echo busy=yes; else echo busy=no; fi
	printf 'generation=%s\nearlier=%s\n' "$(value generation "$archive/$current/node.data" '' 2>/dev/null)" "$(earlier_set)"
	[ "$action" != dry-run ] || printf 'class=%s\n' "$class"
	values instance "$data" | while IFS= read -r name; do printf 'state=%s %s\n' "$(state "$name")" "$name"; done
	values vip "$data" | while IFS=' ' read -r address interface name; do
		if here "$address" "$interface"; then word=held; else word=absent; fi
		printf '%s=%s %s\n' "$word" "$address" "$name"
	done
}

