#!/bin/bash
# Measures how long registered users wait for a gateway's answers while another address floods it with ten times their
# requests, and without.
#
#   scripts/bench-flood.sh [ARGUMENTS…]       as in --flood 100 --rounds 5; see Benchmarks/flood/flood.py --help
#
# The flood comes from this machine's own address on its network: addresses on loopback are not limited.
# STARLING names another program than .build/release/starling.
set -euo pipefail
cd "$(dirname "$0")/.."
starling=${STARLING:-.build/release/starling}
folder=$PWD/.build/flood
[ -x "$starling" ] || { echo "there is no $starling: make build" >&2 && exit 1; }
host=$(hostname -I | tr ' ' '\n' | grep -m 1 -E '^[0-9]+\.' || true)
[ -n "$host" ] || { echo "this machine has no IPv4 address besides loopback" >&2 && exit 1; }
rm -rf "$folder"
mkdir -p "$folder"
data=$folder/data
"$starling" domain create example.org --data "$data" >/dev/null 2>&1
for number in $(seq 0 19); do
    "$starling" user add "user$number@example.org" --password "password $number" --data "$data" >/dev/null 2>&1
done
"$starling" run --gateway --data "$data" --sip "udp:$host:5099" --overlay "127.0.0.13:7065" --log warning \
    >"$folder/starling.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT
for ((tries = 0; tries < 100; tries++)); do
    if "$starling" status --data "$data" >/dev/null 2>&1; then break; fi
    sleep 0.1
done
python3 Benchmarks/flood/flood.py --server "$host:5099" --flood-host "$host" "$@" ||
    { cat "$folder/starling.log" >&2 && exit 1; }
