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
	# the vendor's address-ip finds longer addresses too: 10.0.0.10 is in 10.0.0.100
	answer=$(call tccli vpc DescribeNetworkInterfaces --region "$region" --Limit 100 \
		--Filters "[{\"Name\":\"vpc-id\",\"Values\":[\"$vpc\"]},{\"Name\":\"address-ip\",\"Values\":[\"$address\"]}]" \
		--filter "NetworkInterfaceSet[?PrivateIpAddressSet[?PrivateIpAddress=='$address']].NetworkInterfaceId") || return 1
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

gcp_aliases() { # SERVER ZONE: its alias ranges, one per line, those of a secondary range of the subnet as NAME:RANGE
	answer=$(call gcloud compute instances describe "$1" --project "$project" --zone "$2" \
		--format 'json(networkInterfaces[0].aliasIpRanges)') || return 1
	printf '%s\n' "$answer" | tr '{},' '\n' | awk -F '"' '
		$2 == "ipCidrRange" { if (range != "") print name range; range = $4; name = "" }
		$2 == "subnetworkRangeName" { name = $4 ":" }
		END { if (range != "") print name range }'
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
		--format 'json(networkInterfaces[0].aliasIpRanges)'
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
	list=private-ip
	case $address in *:*) list=ipv6 ;; esac
	asked "$address" oci network "$list" list --vnic-id "$nic" --all --query 'data[]."ip-address"'
}
move_oci_private() {
	what=private-ip
	case $address in *:*) what=ipv6 ;; esac
	change oci network vnic "assign-$what" --vnic-id "$nic" --ip-address "$address" --unassign-if-already-assigned
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
	answer=$(call curl -q -fsS --netrc-file "$netrc" --url "https://robot-ws.your-server.de/failover/$address") || return 2
	# server_ip, beside it, is the server that the address was ordered for
	printf '%s\n' "$answer" | tr -d ' \t\r\n' | grep -o '"active_server_ip":"[^"]*"' | names "$server"
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

