#!/bin/bash
# 10,000 users at two gateways call each other, 100 calls a second for a minute; in the middle one gateway is killed.
# Prints which calls failed. Exits 1 if one failed that was not under way at that gateway or meant for a phone that had
# not registered anew.
#
#   scripts/bench-failover.sh [--users N] [--rate CALLS] [--seconds S]
set -euo pipefail
cd "$(dirname "$0")/.."
export STARLING=${STARLING:-$PWD/.build/release/starling}
[ -x "$STARLING" ] || { echo "there is no $STARLING: make build" >&2 && exit 1; }
OVERLAY_DIRECTORY=$(mktemp -d)
export OVERLAY_DIRECTORY SIP_PORT_A=15060 SIP_PORT_B=15070 SIP_PORT_C=15080
export OVERLAY_PORT_A=14060 OVERLAY_PORT_B=14061 OVERLAY_PORT_C=14062 OVERLAY_PORT_D=14063
users=10000
arguments=("$@")
while [ $# -gt 0 ]; do
    if [ "$1" = --users ]; then users=$2; fi
    shift
done
stop() {
    scripts/local-overlay.sh stop >/dev/null 2>&1 || true
    if [ -n "${KEEP:-}" ]; then echo "kept: $OVERLAY_DIRECTORY" >&2; else rm -rf "$OVERLAY_DIRECTORY"; fi
}
trap stop EXIT
for ((i = 0; i < users / 2; i++)); do
    echo "a$i@example.org secret-of-a$i"
    echo "b$i@example.org secret-of-b$i"
done >"$OVERLAY_DIRECTORY/accounts"
USERS=$OVERLAY_DIRECTORY/accounts scripts/local-overlay.sh start
python3 Benchmarks/failover/gateway_dies.py --overlay "$OVERLAY_DIRECTORY/overlay.json" "${arguments[@]}"
