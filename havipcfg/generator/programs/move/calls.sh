call() { # run the client; its output, or a line in the log
	errors=$(mktemp 2>/dev/null) || errors=/dev/null
	limited "$call_timeout" "$@" </dev/null 2>"$errors"
	status=$?
	[ "$status" -eq 0 ] || log "$instance $address: $1 ${2-} ${3-}: exit code $status: $(head -c 300 "$errors" | tr '\n' ' ')"
	[ "$errors" = /dev/null ] || rm -f "$errors"
	return "$status"
}
change() { # a call that changes something
	if [ -n "$dry" ]; then
		printf 'would run:'
		printf ' %s' "$@"
		printf '\n'
	else
		call "$@" >/dev/null
	fi
}
names() { # does the text on standard input hold this word, an IPv6 address in whatever form
	tr -c '0-9A-Za-z.:/_-' '\n' | awk -v want="$1" '
		function plain(word, part, colons, zeros, n, i) {
			if (word !~ /:.*:/ || word ~ /[^0-9A-Fa-f:]/) return word
			word = tolower(word)
			colons = gsub(/:/, ":", word)
			for (zeros = ":"; colons < 8; colons++) zeros = zeros "0:"
			sub(/::/, zeros, word)
			n = split(word, part, ":")
			for (word = i = ""; i < n; ) { sub(/^0+/, "", part[++i]); word = word ":" part[i] }
			return word
		}
		plain($0) == plain(want) { found = 1 }
		END { exit !found }'
}
asked() { # WORD COMMAND...: 0 the answer holds the word, 1 it does not, 2 no answer
	word=$1
	shift
	answer=$(call "$@") || return 2
	printf '%s\n' "$answer" | names "$word"
}
each() { # LIST FUNCTION: for every line
	printf '%s' "$1" | {
		failed=0
		while read -r first second; do "$2" "$first" "$second" || failed=1; done
		return "$failed"
	}
}

