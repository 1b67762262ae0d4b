#!/bin/bash
# Calls a node behind a real translator of addresses: three network namespaces on this machine, two gateways and six
# nodes in one, a router with masquerading, and carol's node with her phone behind it. When the router has forgotten
# all but what carol's node keeps open, alice and bob write to her from the gateways.
#
#   scripts/test-nat.sh        as root, some two minutes; needs ip and nft (iproute2, nftables) and python3
set -euo pipefail
cd "$(dirname "$0")/.."
starling=${STARLING:-$PWD/.build/release/starling}
[ -x "$starling" ] || { echo "there is no $starling: make build" >&2 && exit 1; }
[ "$(id -u)" -eq 0 ] || { echo "network namespaces need root: sudo $0" >&2 && exit 1; }
data=$(mktemp -d)
outside=starling-outside router=starling-router home=starling-home
stop() {
    kill "${running[@]}" 2>/dev/null || true
    wait
    for space in $outside $router $home; do ip netns delete $space 2>/dev/null || true; done
    if [ -n "${KEEP:-}" ]; then echo "kept: $data" >&2; else rm -rf "$data"; fi
}
running=()
trap stop EXIT
trap 'exit 1' INT TERM

for space in $outside $router $home; do
    ip netns add $space
    ip -n $space link set lo up
done
ip link add up0 netns $outside type veth peer name up1 netns $router
ip link add down0 netns $router type veth peer name down1 netns $home
place() { ip -n "$1" addr add "$3" dev "$2" && ip -n "$1" link set "$2" up; }
place $outside up0 10.0.0.1/24
place $router up1 10.0.0.254/24
place $router down0 192.168.1.1/24
place $home down1 192.168.1.2/24
ip -n $home route add default via 192.168.1.1
ip -n $router route add 10.0.0.0/16 via 10.0.0.1
# Each node has an address in a network of its own, as nodes of different people have.
for i in {1..8}; do ip -n $outside addr add "10.0.$i.1/32" dev lo; done
ip netns exec $router sysctl -qw net.ipv4.ip_forward=1
ip netns exec $router sysctl -qw net.netfilter.nf_conntrack_udp_timeout=30 net.netfilter.nf_conntrack_udp_timeout_stream=30
ip netns exec $router nft -f - <<'RULES'
table ip nat {
  chain out {
    type nat hook postrouting priority 100;
    oif "up1" masquerade
  }
}
table ip filter {
  chain through {
    type filter hook forward priority 0;
    iif "up1" ct state new drop
  }
}
RULES

there() { ip netns exec $outside "$starling" "$@"; }
inside() { ip netns exec $home "$starling" "$@"; }
node() { # NAME NUMBER ARGUMENTS...
    ip netns exec $outside "$starling" run --data "$data/$1" --overlay "10.0.$2.1:4060" "${@:3}" >"$data/$1.log" 2>&1 &
    running+=($!)
}
phone=(python3 Benchmarks/failover/phone.py)

there domain create example.org --data "$data/a" >/dev/null
for user in alice bob carol; do
    there user add $user@example.org --password secret-of-$user --data "$data/a" >/dev/null
done
node a 1 --gateway --sip udp:10.0.1.1:5060
sleep 2
there domain accept "$(there domain invite example.org --data "$data/a" 2>/dev/null)" --data "$data/b" >/dev/null
inside user accept "$(there user invite carol@example.org --data "$data/a" 2>/dev/null)" --data "$data/c" >/dev/null
node b 2 --gateway --sip udp:10.0.2.1:5060 --join 10.0.1.1:4060
for i in {3..8}; do node "n$i" "$i" --sip none --join 10.0.1.1:4060; done
sleep 3
ip netns exec $home "$starling" run --data "$data/c" --overlay 192.168.1.2:4060 --sip udp:127.0.0.1:5060 \
    --join 10.0.1.1:4060 >"$data/c.log" 2>&1 &
running+=($!)
ip netns exec $home "${phone[@]}" --address 127.0.0.1 --server 127.0.0.1:5060 --user carol --listen 600 >"$data/carol.log" &
running+=($!)
for ((i = 0; i < 120; i++)); do
    if inside status --data "$data/c" 2>/dev/null | grep -q "a client"; then break; fi
    sleep 1
done
inside status --data "$data/c" | grep -E "^(reachable|other nodes)"
echo "Waiting for the router to forget"
sleep 60
for from in "alice 10.0.1.1" "bob 10.0.2.1"; do
    read -r user server <<<"$from"
    ip netns exec $outside "${phone[@]}" --address 10.0.0.1 --server "$server:5060" --user "$user" --write-to carol
done
