#!/bin/sh
# havipcfg move: have the cloud send an address to this node, because its instance just became master here.
#
#   move.sh [--dry-run] DATA INSTANCE
# keepalived runs it from notify_master and from notify_master_rx_lower_pri (a second master may have taken the address
# and gone again without this node ever changing state). It asks first, changes nothing when the address is already
# here, else calls the vendor's own client with a limit for each call, and asks again; with growing pauses, until it is
# here, the limit for the whole is over, or this node is not master any more. --dry-run asks, and prints the changing
# calls instead of making them.
# Exit code: 0 the address is here; 1 it is not; 2 wrong use or wrong data.
#
# Credentials are the client's own: instance role, its credential store, its environment. None is in DATA, in arguments
# or in the log.
#
# DATA: lines of key=value, never evaluated: timeout=60 call_timeout=15 attempts=6 (seconds, seconds, times), then for
# each address a section that begins with instance=NAME and holds vendor=, kind=, address= and the keys that the calls
# below need. Values hold letters, digits and . _ : / @ - only (instance= may hold anything).
# shellcheck disable=SC2317 # here_VENDOR_KIND and move_VENDOR_KIND are called by a name put together
set -u
PATH=${PATH:-/usr/bin}:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH
[ -n "${HOME-}" ] || HOME=/root
AWS_PAGER='' CLOUDSDK_CORE_DISABLE_PROMPTS=1
export HOME AWS_PAGER CLOUDSDK_CORE_DISABLE_PROMPTS
umask 077
dry=

log() {
	if [ -n "$dry" ] || ! command -v logger >/dev/null 2>&1; then printf '%s\n' "$1" >&2; else logger -t havipcfg-move -- "$1"; fi
}

limited() { # SECONDS COMMAND...
	if timeout -k 1 1 true 2>/dev/null; then
		timeout -k 2 "$@"
		return
	fi
	seconds=$1
	shift
	"$@" &
	child=$!
	(
		trap 'kill "$nap" 2>/dev/null; exit 0' TERM
		sleep "$seconds" &
		nap=$!
		wait "$nap"
		kill -TERM "$child"
		sleep 2
		kill -KILL "$child"
	) >/dev/null 2>&1 &
	guard=$!
	wait "$child"
	status=$?
	kill "$guard" 2>/dev/null
	return "$status"
}

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
names() { # does the text on standard input hold this word
	tr -c '0-9A-Za-z.:/_-' '\n' | grep -qxF -- "$1"
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

# ---- one pair of functions for each vendor and kind: is it here, and bring it here ---------------------------------

here_aws_private() {
	asked "$address" aws ec2 describe-network-interfaces --region "$region" --network-interface-ids "$nic" \
		--query "NetworkInterfaces[].${aws_list}[]" --output text
}
move_aws_private() {
	case $address in
	*:*)
		old=$(call aws ec2 describe-network-interfaces --region "$region" --filters "Name=ipv6-addresses.ipv6-address,Values=$address" \
			--query 'NetworkInterfaces[].NetworkInterfaceId' --output text) || return 1
		if [ -n "$old" ] && [ "$old" != None ]; then
			change aws ec2 unassign-ipv6-addresses --region "$region" --network-interface-id "$old" --ipv6-addresses "$address" || return 1
		fi
		change aws ec2 assign-ipv6-addresses --region "$region" --network-interface-id "$nic" --ipv6-addresses "$address"
		;;
	*)
		change aws ec2 assign-private-ip-addresses --region "$region" --network-interface-id "$nic" \
			--private-ip-addresses "$address" --allow-reassignment
		;;
	esac
}

aws_route_here() {
	asked "$nic" aws ec2 describe-route-tables --region "$region" --route-table-ids "$1" \
		--query "RouteTables[].Routes[?DestinationCidrBlock=='$address/32'].NetworkInterfaceId[]" --output text
}
aws_route_move() {
	aws_route_here "$1" && return 0
	change aws ec2 replace-route --region "$region" --route-table-id "$1" --destination-cidr-block "$address/32" --network-interface-id "$nic"
}
here_aws_route() { each "$route_tables" aws_route_here; }
move_aws_route() { each "$route_tables" aws_route_move; }

here_tencent_private() {
	asked "$address" tccli vpc DescribeNetworkInterfaces --region "$region" --NetworkInterfaceIds "[\"$nic\"]" \
		--filter 'NetworkInterfaceSet[].PrivateIpAddressSet[].PrivateIpAddress'
}
move_tencent_private() {
	answer=$(call tccli vpc DescribeNetworkInterfaces --region "$region" \
		--Filters "[{\"Name\":\"vpc-id\",\"Values\":[\"$vpc\"]},{\"Name\":\"address-ip\",\"Values\":[\"$address\"]}]" \
		--filter 'NetworkInterfaceSet[].NetworkInterfaceId') || return 1
	old=$(printf '%s\n' "$answer" | tr -c '0-9A-Za-z_-' '\n' | grep -x 'eni-.*' | grep -vxF -- "$nic" | head -n 1)
	if [ -n "$old" ]; then
		change tccli vpc MigratePrivateIpAddress --region "$region" --SourceNetworkInterfaceId "$old" \
			--DestinationNetworkInterfaceId "$nic" --PrivateIpAddress "$address"
	else
		change tccli vpc AssignPrivateIpAddresses --region "$region" --NetworkInterfaceId "$nic" \
			--PrivateIpAddresses "[{\"PrivateIpAddress\":\"$address\"}]"
	fi
}

here_alibaba_private() {
	asked "$address" aliyun ecs DescribeNetworkInterfaces --RegionId "$region" --NetworkInterfaceId.1 "$nic"
}
move_alibaba_private() {
	answer=$(call aliyun ecs DescribeNetworkInterfaces --RegionId "$region" --VpcId "$vpc" --PrivateIpAddress.1 "$address") || return 1
	old=$(printf '%s\n' "$answer" | tr -c '0-9A-Za-z_-' '\n' | grep -x 'eni-.*' | grep -vxF -- "$nic" | head -n 1)
	if [ -n "$old" ]; then
		change aliyun ecs UnassignPrivateIpAddresses --RegionId "$region" --NetworkInterfaceId "$old" --PrivateIpAddress.1 "$address" || return 1
	fi
	change aliyun ecs AssignPrivateIpAddresses --RegionId "$region" --NetworkInterfaceId "$nic" --PrivateIpAddress.1 "$address"
}

gcp_aliases() { # SERVER ZONE: its alias ranges, one per line
	answer=$(call gcloud compute instances describe "$1" --project "$project" --zone "$2" \
		--format 'value(networkInterfaces[0].aliasIpRanges[].ipCidrRange)') || return 1
	printf '%s\n' "$answer" | tr -c '0-9A-Za-z.:/' '\n' | sed '/^$/d'
}
gcp_set() { # SERVER ZONE LIST
	change gcloud compute instances network-interfaces update "$1" --project "$project" --zone "$2" --network-interface nic0 \
		--aliases "$(printf '%s\n' "$3" | paste -s -d ';' -)"
}
gcp_release() { # PEER ZONE
	aliases=$(gcp_aliases "$1" "$2") || return 1
	printf '%s\n' "$aliases" | grep -qxF "$address/32" || return 0
	gcp_set "$1" "$2" "$(printf '%s\n' "$aliases" | grep -vxF "$address/32")"
}
here_gcp_alias() {
	asked "$address/32" gcloud compute instances describe "$server" --project "$project" --zone "$zone" \
		--format 'value(networkInterfaces[0].aliasIpRanges[].ipCidrRange)'
}
move_gcp_alias() {
	aliases=$(gcp_aliases "$server" "$zone") || return 1
	each "$peers" gcp_release || return 1
	gcp_set "$server" "$zone" "$(printf '%s\n' "$aliases" "$address/32" | sed '/^$/d')"
}
here_gcp_route() {
	asked "$server" gcloud compute routes list --project "$project" --filter "name=$id" --format 'value(nextHopInstance.basename())'
}
move_gcp_route() {
	answer=$(call gcloud compute routes list --project "$project" --filter "name=$id" --format 'value(name)') || return 1
	if [ -n "$answer" ]; then
		change gcloud compute routes delete "$id" --project "$project" --quiet || return 1
	fi
	change gcloud compute routes create "$id" --project "$project" --network "$network" --destination-range "$address/32" \
		--next-hop-instance "$server" --next-hop-instance-zone "$zone"
}

here_oci_private() {
	asked "$address" oci network private-ip list --vnic-id "$nic" --all --query 'data[]."ip-address"'
}
move_oci_private() {
	change oci network vnic assign-private-ip --vnic-id "$nic" --ip-address "$address" --unassign-if-already-assigned
}

here_digitalocean_elastic() {
	asked "$server" doctl compute reserved-ip get "$address" --format DropletID --no-header
}
move_digitalocean_elastic() { change doctl compute reserved-ip-action assign "$address" "$server"; }

here_hetzner_cloud_elastic() {
	asked "$server" hcloud floating-ip describe "$id" -o 'format={{if .Server}}{{.Server.ID}}{{end}}'
}
move_hetzner_cloud_elastic() { change hcloud floating-ip assign "$id" "$server"; }

here_hetzner_robot_failover() {
	asked "$server" curl -q -fsS --netrc-file "$netrc" --url "https://robot-ws.your-server.de/failover/$address"
}
move_hetzner_robot_failover() {
	change curl -q -fsS --netrc-file "$netrc" -X POST -d "active_server_ip=$server" --url "https://robot-ws.your-server.de/failover/$address"
}

exoscale_detach() { # PEER ZONE
	asked "$address" exo compute instance show "$1" --zone "$2" --output-format json
	case $? in
	0) change exo compute instance elastic-ip detach "$1" "$address" --zone "$2" ;;
	1) return 0 ;;
	*) return 1 ;;
	esac
}
here_exoscale_elastic() { asked "$address" exo compute instance show "$server" --zone "$zone" --output-format json; }
move_exoscale_elastic() {
	each "$peers" exoscale_detach || log "$instance $address: could not be detached from every peer"
	change exo compute instance elastic-ip attach "$server" "$address" --zone "$zone"
}

here_scaleway_elastic() { asked "$server" scw instance ip get "$address" "zone=$zone" -o json; }
move_scaleway_elastic() { change scw instance ip attach "$address" "server-id=$server" "zone=$zone"; }

here_cloudscale_elastic() {
	asked "$server" curl -q -fsS -H "@$header" --url "https://api.cloudscale.ch/v1/floating-ips/$address"
}
move_cloudscale_elastic() {
	change curl -q -fsS -H "@$header" -F "server=$server" --url "https://api.cloudscale.ch/v1/floating-ips/$address"
}

# --------------------------------------------------------------------------------------------------------------------

is_here() {
	"here_${vendor}_$kind"
}

still_master() { # false only when notify.sh wrote that this node is something else by now
	safe=$(printf '%s' "$instance" | tr -c 'A-Za-z0-9._-' _)
	if [ "$safe" != "$instance" ] || [ "${safe#.}" != "$safe" ]; then
		safe=_$safe-$(printf '%s' "$instance" | cksum | tr -cd '0-9')
	fi
	now=
	{ read -r now _ <"$run/$safe.state"; } 2>/dev/null
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
		if command -v flock >/dev/null 2>&1; then
			exec 8>"$key.next" 7>"$key.lock" # named again below: mksh gives descriptors above 2 to nobody else
			flock -n 8 8>&8 || return 0 # one run works, another waits to look again after it: that is enough
			flock -w "$total" 7 7>&7 || return 1
			flock -u 8 8>&8
		elif ! mkdir "$key.d" 2>/dev/null; then
			owner=
			{ read -r owner <"$key.d/pid"; } 2>/dev/null
			[ -n "$owner" ] && kill -0 "$owner" 2>/dev/null && return 0
			rm -rf "$key.d"
			mkdir "$key.d" 2>/dev/null || return 0
		fi
		[ ! -d "$key.d" ] || echo $$ >"$key.d/pid"
	fi
	persist
	result=$?
	[ -n "$dry" ] || rm -rf "$key.d"
	exec 7>&- 8>&-
	return "$result"
}

persist() {
	end=$(($(date +%s) + total))
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
	while [ "$attempt" -le "$attempts" ] && [ "$(date +%s)" -lt "$end" ]; do
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
