verdict() { # 0|1 REASON: log a change, then exit
	dir=${HAVIPCFG_RUN:-/run/havipcfg}/checks
	key=$(printf '%s\n' "$what" | cksum | tr -c '0-9' '-')
	if [ "$1" -eq 0 ]; then
		if [ -e "$dir/$key" ]; then
			rm -f "$dir/$key" && log "check good again: $what"
		fi
		exit 0
	fi
	if [ ! -e "$dir/$key" ]; then
		mkdir -p "$dir" 2>/dev/null
		# another user than root may remember nothing, and is silent then; keepalived logs what its scripts return
		(: >"$dir/$key") 2>/dev/null && log "check bad: $what: $2"
	fi
	exit 1
}

missing() { verdict 1 "none of these is installed: $1"; }

process() {
	for entry in /proc/[0-9]*/comm; do
		name=
		{ read -r name <"$entry"; } 2>/dev/null
		if [ "$name" = "$1" ] && alive "${entry%/comm}"; then return 0; fi
	done
	grep -lF -- "$1" /proc/[0-9]*/cmdline 2>/dev/null | {
		while read -r entry; do
			pid=${entry#/proc/}
			[ "${pid%/cmdline}" = "$$" ] && continue
			alive "${entry%/cmdline}" || continue
			{ tr '\0' '\n' <"$entry"; } 2>/dev/null | {
				read -r program
				read -r script
				for word in "$program" "$script"; do
					[ "$word" = "$1" ] || [ "${word##*/}" = "$1" ] && exit 0
				done
				exit 1
			} && exit 0
		done
		exit 1
	}
}

alive() { # /proc/PID: there, and not a zombie
	state=
	{ while read -r field value rest; do
		[ "$field" = State: ] && state=$value && break
	done <"$1/status"; } 2>/dev/null
	[ -n "$state" ] && [ "$state" != Z ] && [ "$state" != X ]
}

tcp() {
	case $2 in '' | *[!0-9]*) verdict 1 "not a port number" ;; esac
	case $1 in '' | -*) verdict 1 "not a host" ;; esac
	if have bash; then
		# shellcheck disable=SC2016 # bash expands them
		limited "$limit" bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" </dev/null >/dev/null 2>&1
	elif have nc && nc -h 2>&1 | grep -q -e -z; then
		limited "$limit" nc -z -w "$limit" "$1" "$2" </dev/null >/dev/null 2>&1
	elif have curl; then
		case $1 in *:*) host="[$1]" ;; *) host=$1 ;; esac
		# refused: curl ends at once; connected to a server that does not speak first: it stays until the limit
		time=$(limited "$limit" curl -q -s --noproxy '*' --proto '=telnet' --max-time "$((limit - 1)).8" -o /dev/null \
			-w '%{time_connect}' --url "telnet://$host:$2" </dev/null 2>/dev/null)
		case $time in *[1-9]*) return 0 ;; *) return 1 ;; esac
	else
		missing "bash nc curl"
	fi
}

fetch() { # SCHEME URL: the page, and a last line with the status
	if have curl; then
		limited "$limit" curl -q -g -s $insecure --noproxy '*' --proto "=$1" --max-time "$limit" -w '\n%{http_code}\n' \
			--url "$2" 2>/dev/null
	else
		{
			status=$(limited "$limit" wget --no-config --no-proxy $insecure --tries=1 --timeout="$limit" --max-redirect=0 \
				--content-on-error -S -O /dev/fd/3 -- "$2" 2>&1 |
				sed -n 's|^ *HTTP/[0-9.]* \([0-9][0-9][0-9]\).*|\1|p' | tail -n 1)
		} 3>&1
		printf '\n%s\n' "$status"
	fi
}

judged() { # [TEXT]: reads what fetch writes; prints the status, and a second line where the page holds the text
	text=${1-} awk 'NR > 1 && ENVIRON["text"] != "" && index(line, ENVIRON["text"]) { found = 1 }
		{ line = $0 } END { print line; if (found) print "found" }'
}

http() { # SCHEME URL [STATUS [TEXT]]
	case $2 in "$1"://?*) ;; *) verdict 1 "not an $1 address" ;; esac
	have curl || wget --version >/dev/null 2>&1 || missing "curl, wget (not that of busybox)"
	answer=$(fetch "$1" "$2" | judged "${4-}")
	status=${answer%%[!0-9]*}
	case $status in [1-9][0-9][0-9]) ;; *) status=000 ;; esac
	if [ -n "${3-}" ]; then
		case ",$3," in *",$status,"*) ;; *) verdict 1 "status $status, expected $3" ;; esac
	else
		case $status in 2?? | 3??) ;; *) verdict 1 "status $status" ;; esac
	fi
	[ -z "${4-}" ] || [ "$answer" != "$status" ] || verdict 1 "the page does not hold the text"
}

interface() {
	case $1 in '' | */* | . | ..) return 1 ;; esac
	dir=/sys/class/net/$1
	state='' carrier=''
	{ read -r state <"$dir/operstate"; } 2>/dev/null
	{ read -r carrier <"$dir/carrier"; } 2>/dev/null
	[ "$carrier" = 1 ] && { [ "$state" = up ] || [ "$state" = unknown ]; }
}

while getopts t:k option; do
	case $option in
	t) limit=$OPTARG ;;
	k) insecure=-k ;;
	*) what="options" && verdict 1 "usage: check.sh [-t SECONDS] [-k] KIND ARGUMENT..." ;;
	esac
done
shift $((OPTIND - 1))
what=$*
if [ "${1-}:$#" = from:3 ]; then
	data=$2 name=$3 section=''
	[ -r "$data" ] || verdict 1 "cannot read $data"
	set --
	while IFS= read -r line; do
		case $line in
		check=*) section=${line#check=} ;;
		arg=*) [ "$section" != "$name" ] || set -- "$@" "${line#arg=}" ;;
		esac
	done <"$data"
	what=$*
fi
case $limit in '' | *[!0-9]* | 0) verdict 1 "not a time limit: $limit" ;; esac
[ -n "$insecure" ] && ! have curl && insecure=--no-check-certificate
kind=${1-}
[ $# -gt 0 ] && shift
case $kind:$# in
process:1) process "$1" || verdict 1 "no such process" ;;
tcp:2) tcp "$1" "$2" || verdict 1 "no connection" ;;
http:[123] | https:[123]) http "$kind" "$@" ;;
command:[1-9]*) limited "$limit" "$@" </dev/null >/dev/null 2>&1 || verdict 1 "exit code $?" ;;
file:1) [ -e "$1" ] || verdict 1 "does not exist" ;;
no-file:1) [ ! -e "$1" ] || verdict 1 "exists" ;;
systemd:1)
	have systemctl || missing systemctl
	limited "$limit" systemctl is-active --quiet -- "$1" >/dev/null 2>&1 || verdict 1 "not active"
	;;
interface:1) interface "$1" || verdict 1 "down or absent" ;;
*) verdict 1 "unknown kind or wrong number of arguments" ;;
esac
verdict 0 ''
