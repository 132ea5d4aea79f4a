# ---- install and activate ----------------------------------------------------------------------------------------

install_files() {
	mkdir -p "$home" "$archive" && chmod 755 "$home" && chmod 700 "$archive" || return 1
	installed_files >"$stage/files" || return 1
	while read -r mode source target; do
		if [ -f "$target" ] && cmp -s "$bundle/$source" "$target" && [ "0$(stat -c %a "$target")" = "$mode" ]; then continue; fi
		if [ -e "$target" ] && ! cmp -s "$bundle/$source" "$target"; then cp "$target" "$target.edited" || return 1; fi
		put "$bundle/$source" "$target" "$mode" || return 1
	done <"$stage/files"
}

keep() { # put the bundle, and the configuration that it replaces, where --rollback finds them
	if [ "$current" != none ] && [ ! -e "$archive/$current" ]; then
		rm -rf "$archive/.new" && mkdir "$archive/.new" && cp "$config" "$archive/.new/keepalived.conf" &&
			durable "$archive/.new/keepalived.conf" && mv "$archive/.new" "$archive/$current" || return 1
	fi
	if [ "$bundle" != "$archive/$new" ] && ! cmp -s "$bundle/manifest" "$archive/$new/manifest"; then
		rm -rf "$archive/.new" && mkdir "$archive/.new" || return 1
		awk 'NR == 1 { print "manifest" } NR > 1 { print $3 }' "$bundle/manifest" >"$stage/sources" || return 1
		while read -r source; do
			cp "$bundle/$source" "$archive/.new/$source" && durable "$archive/.new/$source" || return 1
		done <"$stage/sources"
		rm -rf "$archive/.old" && { [ ! -e "$archive/$new" ] || mv "$archive/$new" "$archive/.old"; } &&
			mv "$archive/.new" "$archive/$new" && rm -rf "$archive/.old" || return 1
	fi
	if [ "$current" != "$new" ] && [ "$action" != rollback ]; then # going back twice goes back two sets
		printf '%s\n' "$current" >"$stage/previous" && put "$stage/previous" "$archive/$new/previous" 600 || return 1
	fi
	durable "$archive"
}

activate() { # CLASS
	case $1 in
	start) daemon_start ;;
	restart*) daemon_stop && daemon_start ;;
	*) daemon_reload ;;
	esac
}

restore() { # put back what was there before, and make keepalived use it
	if [ "$current" = "$new" ] && [ -n "$interrupted" ]; then current=$interrupted; fi
	if [ "$current" = none ]; then
		rm -f "$config" || return 1
	elif [ "$current" != "$new" ]; then
		put "$archive/$current/keepalived.conf" "$config" "$conf_mode" || return 1
	fi
	[ -n "$switched" ] || return 0
	if [ "$class" = start ]; then
		daemon_stop
	elif daemon >/dev/null; then
		activate "$class" || return 1
	else
		daemon_start || return 1
	fi
	if [ "$class" != start ]; then
		[ ! -f "$archive/$current/node.data" ] || data=$archive/$current/node.data
		settle || return 1
	fi
}

undo() { # REASON
	complain "$1"
	say "rolling back"
	if restore; then
		rm -f "$pending"
		if [ "$class" = start ]; then
			complain "rolled back: keepalived is stopped again, as it was before"
		else
			complain "rolled back: the set from before runs"
		fi
		leave 5
	fi
	complain "ROLL BACK FAILED: ${reason:-keepalived does not take the old configuration}"
	complain "look at: journalctl -u $service; keepalived -t; ip addr. The old set is $archive/$current"
	leave 6
}

prune() { # keep the five newest sets and what they name
	kept=0
	# shellcheck disable=SC2012 # the names are checksums
	ls -t "$archive" | while read -r name; do
		kept=$((kept + 1))
		case $name in "$new" | "$current") continue ;; esac
		[ "$kept" -le 5 ] || rm -rf "${archive:?}/$name"
	done
	rm -f "$home"/.havipcfg-new.* "$etc"/.havipcfg-new.*
	for file in "$home"/*; do
		[ -f "$file" ] || continue
		case ${file##*/} in *.edited) continue ;; *-????????????.*) ;; *) continue ;; esac
		grep -qF -- "$file" "$config" "$archive"/*/manifest "$archive"/*/keepalived.conf 2>/dev/null || rm -f "$file"
	done
}

lock() {
	{ mkdir -p "$run" && chmod 755 "$run" && touch "$run/apply.lock"; } || die 1 "cannot write in $run: nothing was changed"
	if have flock; then
		exec 9>"$run/apply.lock"
		if ! flock -n 9 9>&9; then # named again: mksh gives descriptors above 2 to nobody else
			say "another run is at work on this node; waiting up to $patience s"
			waited=0
			until flock -n 9 9>&9; do
				[ "$waited" -lt "$patience" ] || die 3 "another apply.sh still holds $run/apply.lock: nothing was changed"
				sleep 1
				waited=$((waited + 1))
			done
		fi
		locked=flock
		return
	fi
	held=$run/apply.lock.held waited=0
	echo $$ >"$held.$$" || die 1 "cannot write in $run: nothing was changed"
	until ln "$held.$$" "$held" 2>/dev/null; do
		owner=
		{ read -r owner <"$held"; } 2>/dev/null
		if ! grep -q 'apply\.sh' "/proc/${owner:-none}/cmdline" 2>/dev/null; then # killed; the number may be another's now
			rm -f "$held"
			continue
		fi
		if [ "$waited" -ge "$patience" ]; then
			rm -f "$held.$$"
			die 3 "another apply.sh (pid $owner) holds $held: nothing was changed"
		fi
		sleep 1
		waited=$((waited + 1))
	done
	rm -f "$held.$$"
	locked=$held
}

busy() { # a run is at work
	if have flock; then
		[ -e "$run/apply.lock" ] && ! flock -n "$run/apply.lock" true
	else
		[ -e "$run/apply.lock.held" ]
	fi
}

make_stage() { # a directory of our own; leftovers of dead runs go
	[ -d "$etc" ] || mkdir -m 755 "$etc" || die 1 "cannot create $etc"
	for leftover in "$etc"/.havipcfg-stage.*; do
		[ -d "$leftover" ] || continue
		kill -0 "${leftover##*.}" 2>/dev/null || rm -rf "$leftover"
	done
	stage=$etc/.havipcfg-stage.$$
	rm -rf "$stage"
	mkdir "$stage" || {
		stage=
		unwritable
	}
}

usage() {
	sed -n '2,/^$/ { /^#/!q; s/^# \{0,1\}//; p; }' "$0" | sed -n '1,16p'
}

