# ---- data files --------------------------------------------------------------------------------------------------

values() { # KEY FILE: the values of a key, one per line
	awk -v key="$1=" 'index($0, key) == 1 { print substr($0, length(key) + 1) }' "$2"
}
value() { # KEY FILE DEFAULT
	found=$(values "$1" "$2" | head -n 1)
	printf '%s\n' "${found:-$3}"
}
number() { # KEY FILE DEFAULT: a whole number
	found=$(value "$1" "$2" "$3")
	case $found in *[!0-9]*) found=$3 ;; esac
	printf '%s\n' "$found"
}
sum() { sha256sum <"$1" 2>/dev/null | cut -d ' ' -f 1; }

durable() { sync "$1" 2>/dev/null || sync; }

put() { # SOURCE TARGET MODE: replace TARGET by a copy of SOURCE in one step
	directory=${2%/*}
	temporary=$directory/.havipcfg-new.${2##*/}
	if rm -f "$temporary" && cp "$1" "$temporary" && chown 0:0 "$temporary" && chmod "$3" "$temporary" &&
		durable "$temporary" && mv -f "$temporary" "$2" && durable "$directory"; then
		return 0
	fi
	rm -f "$temporary"
	return 1
}

# ---- the bundle --------------------------------------------------------------------------------------------------

check_manifest() { # every line well formed, every file there with its checksum; targets only where they may be
	[ -f "$bundle/manifest" ] || die 1 "$bundle holds no manifest: this is not a bundle of havipcfg generate"
	[ -z "$(tail -c 1 "$bundle/manifest")" ] || die 1 "$bundle/manifest is cut off; copy the bundle again"
	first=
	read -r first <"$bundle/manifest"
	[ "$first" = "format 1" ] || die 1 "$bundle/manifest: format not known to this apply.sh: $first"
	wrong=$(
		tail -n +2 "$bundle/manifest" | while IFS=' ' read -r digest mode source target; do
			case $source in '' | .* | *[!A-Za-z0-9._-]*)
				printf 'manifest: bad file name: %s\n' "$source"
				continue
				;;
			esac
			case $mode in 0600 | 0640 | 0644 | 0700 | 0755) ;; *) printf 'manifest: bad mode for %s: %s\n' "$source" "$mode" ;; esac
			case $target in
			- | "$config") ;;
			"$home"/*) case ${target#"$home"/} in '' | .* | *[!A-Za-z0-9._-]*) printf 'manifest: bad target: %s\n' "$target" ;; esac ;;
			*) printf 'manifest: target outside %s: %s\n' "$etc" "$target" ;;
			esac
			[ "$(sum "$bundle/$source")" = "$digest" ] || printf '%s is missing or differs from the manifest\n' "$source"
		done
	)
	[ -z "$wrong" ] || die 1 "$bundle is damaged; copy it again, or run havipcfg generate again:
$wrong"
	data=$bundle/node.data
	[ -f "$data" ] || die 1 "$bundle holds no node.data"
	[ "$(value format "$data" '')" = 1 ] || die 1 "$data: format not known to this apply.sh"
	new=$(sum "$bundle/keepalived.conf")
	conf_mode=$(awk '$3 == "keepalived.conf" { print $2 }' "$bundle/manifest")
	if [ -z "$conf_mode" ] || [ -z "$new" ]; then die 1 "$bundle/manifest does not name keepalived.conf"; fi
}

installed_files() { # MODE SOURCE TARGET of everything but the configuration
	awk -v config="$config" 'NR > 1 && $4 != "-" && $4 != config { print $2, $3, $4 }' "$bundle/manifest"
}

files_missing() { # a file of the bundle is not in place, with its content and mode
	installed_files | {
		while read -r mode source target; do
			[ -f "$target" ] && cmp -s "$bundle/$source" "$target" && [ "0$(stat -c %a "$target")" = "$mode" ] || exit 0
		done
		exit 1
	}
}

edited_files() { # installed under a checksummed name, but with another content
	installed_files | while read -r _ source target; do
		[ ! -e "$target" ] || cmp -s "$bundle/$source" "$target" || printf '%s\n' "$target"
	done
}

