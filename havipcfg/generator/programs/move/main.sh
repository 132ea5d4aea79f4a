# --------------------------------------------------------------------------------------------------------------------

is_here() {
	"here_${vendor}_$kind"
}

still_master() { # false only when notify.sh wrote that this node is something else by now
	now=
	{ read -r now _ <"$run/$(state_name "$instance").state"; } 2>/dev/null
	case $now in BACKUP | FAULT | STOP) return 1 ;; *) return 0 ;; esac
}

bring() { # one address, to the end
	if [ -z "$vendor" ] || [ -z "$kind" ] || [ -z "$address" ]; then
		log "$instance: $data lacks vendor, kind or address"
		return 2
	fi
	case ${vendor}_$kind in
	aws_private | aws_route | tencent_private | alibaba_private | gcp_alias | gcp_route | oci_private | cloudscale_elastic | \
		digitalocean_elastic | hetzner_cloud_elastic | hetzner_robot_failover | exoscale_elastic | scaleway_elastic) ;;
	*)
		log "$instance $address: no way known to move kind $kind at $vendor"
		return 2
		;;
	esac
	aws_list=PrivateIpAddresses[].PrivateIpAddress
	case $address in *:*) aws_list=Ipv6Addresses[].Ipv6Address ;; esac
	if [ -z "$dry" ]; then
		mkdir -p "$run" 2>/dev/null
		key=$run/move-$(printf '%s' "$vendor $address" | cksum | tr -cd '0-9')
		if command -v flock >/dev/null 2>&1 && touch "$key.next" "$key.lock" 2>/dev/null; then
			exec 8>"$key.next" 7>"$key.lock" # named again below: mksh gives descriptors above 2 to nobody else
			flock -n 8 8>&8 || return 0 # one run works, another waits to look again after it: that is enough
			waited=0
			until flock -n 7 7>&7; do
				[ "$waited" -lt "$total" ] || return 1
				sleep 1
				waited=$((waited + 1))
			done
			flock -u 8 8>&8
		else # at worst the same calls are made twice, which changes nothing
			owner=
			{ read -r owner <"$key.pid"; } 2>/dev/null
			case $owner in '' | *[!0-9]*) ;; *) ! grep -q move "/proc/$owner/cmdline" 2>/dev/null || return 0 ;; esac
			{ echo $$ >"$key.pid"; } 2>/dev/null
		fi
	fi
	persist
	result=$?
	[ -n "$dry" ] || rm -f "$key.pid"
	exec 7>&- 8>&-
	return "$result"
}

persist() {
	end=$(($(seconds_now) + total))
	attempt=1 pause=1
	if is_here; then
		[ -z "$dry" ] || log "$instance $address: already here, nothing to do"
		return 0
	fi
	if [ -n "$dry" ]; then
		"move_${vendor}_$kind"
		return
	fi
	log "$instance $address: moving it here ($vendor $kind)"
	while [ "$attempt" -le "$attempts" ] && [ "$(seconds_now)" -lt "$end" ]; do
		if ! still_master; then
			log "$instance $address: not master any more, left to the others"
			return 1
		fi
		looks=1
		if "move_${vendor}_$kind"; then looks=3; fi
		while [ "$looks" -gt 0 ]; do
			sleep "$pause"
			if is_here; then
				log "$instance $address: here now ($vendor $kind), attempt $attempt"
				return 0
			fi
			looks=$((looks - 1))
		done
		attempt=$((attempt + 1))
		[ "$pause" -ge 8 ] || pause=$((pause * 2))
	done
	log "$instance $address: NOT HERE after $((attempt - 1)) attempts; the cloud still sends it elsewhere"
	return 1
}

section_end() {
	[ -n "$instance" ] && [ "$instance" = "$wanted" ] || return 0
	found=1
	bring || failed=$?
}

if [ "${1-}" = --dry-run ]; then
	dry=1
	shift
fi
if [ $# -lt 2 ] || [ ! -r "$1" ]; then
	log "usage: move.sh [--dry-run] DATA INSTANCE"
	exit 2
fi
data=$1 wanted=$2
run=${HAVIPCFG_RUN:-/run/havipcfg}
total=60 call_timeout=15 attempts=6
clear_section() {
	vendor='' kind='' address='' region='' zone='' project='' vpc='' network='' nic='' server='' id='' netrc='' header='' peers='' route_tables=''
}
instance='' found='' failed=''
clear_section
newline='
'
exec 3<"$data"
while IFS= read -r line <&3 || [ -n "$line" ]; do
	value=${line#*=}
	case $line in
	'' | '#'* | format=*) continue ;;
	instance=*)
		section_end
		instance=$value
		clear_section
		continue
		;;
	esac
	case $value in *[!A-Za-z0-9._:/@' '-]* | -*)
		log "$data: not a value that is passed on: ${line%%=*}"
		exit 2
		;;
	esac
	case $line in timeout=* | call_timeout=* | attempts=*)
		case $value in '' | *[!0-9]* | 0)
			log "$data: not a number: ${line%%=*}"
			exit 2
			;;
		esac
		;;
	esac
	case $line in
	timeout=*) total=$value ;;
	call_timeout=*) call_timeout=$value ;;
	attempts=*) attempts=$value ;;
	vendor=*) vendor=$value ;;
	kind=*) kind=$value ;;
	address=*) address=$value ;;
	region=*) region=$value ;;
	zone=*) zone=$value ;;
	project=*) project=$value ;;
	vpc=*) vpc=$value ;;
	network=*) network=$value ;;
	nic=*) nic=$value ;;
	server=*) server=$value ;;
	id=*) id=$value ;;
	netrc=*) netrc=$value ;;
	header=*) header=$value ;;
	peer=*) peers=$peers$value$newline ;;
	route_table=*) route_tables=$route_tables$value$newline ;;
	esac
done
section_end
if [ -z "$found" ]; then
	log "$data names no address of instance $wanted"
	exit 2
fi
exit "${failed:-0}"
