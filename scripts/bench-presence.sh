#!/bin/bash
# Measures a gateway of Starling and Kamailio's presence server by turns, with the same load over the loopback interface,
# and prints one table.
#
#   scripts/bench-presence.sh [ROUNDS]        three rounds unless said, some four minutes each
#
# Kamailio comes from Debian (scripts/install-dependencies.sh --bench) and keeps all in memory; the gateway is the
# release program with its journal on disk. What each was measured at stays in .build/presence/results.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
starling=.build/release/starling
folder=$PWD/.build/presence
results=$folder/results
tables=/usr/share/kamailio/dbtext/kamailio
if ! command -v kamailio >/dev/null || [ ! -d "$tables" ]; then
    echo "Kamailio was not found: scripts/install-dependencies.sh --bench" >&2
    exit 1
fi
[ -x "$starling" ] || { echo "there is no $starling: make build" >&2 && exit 1; }
rm -rf "$folder"
mkdir -p "$results"

# Addresses of their own on the loopback interface, so that nothing else listens there.
ours=127.0.0.12
theirs=127.0.0.11
server=
stop() {
    [ -n "$server" ] || return 0
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
    server=
}
trap stop EXIT

measure() { # FILE ARGUMENTS...
    local file=$1
    shift
    python3 Benchmarks/kamailio/presence_load.py --pid "$server" "$@" >"$results/$file.json" 2>"$results/$file.log" || {
        cat "$results/$file.log" >&2
        exit 1
    }
}

start_starling() { # ARGUMENTS...
    local data=$folder/starling tries
    rm -rf "$data"
    "$starling" domain create example.org --data "$data" >/dev/null 2>&1
    "$starling" run --gateway --data "$data" --sip "udp:$ours:5060" --overlay "$ours:7065" --xcap "$ours:8080" \
        --log warning "$@" >"$folder/starling.log" 2>&1 &
    server=$!
    for ((tries = 0; tries < 100; tries++)); do
        if "$starling" status --data "$data" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    cat "$folder/starling.log" >&2
    exit 1
}

start_kamailio() { # ARGUMENTS...
    local data=$folder/kamailio tries table
    rm -rf "$data"
    mkdir -p "$data/tables"
    for table in version xcap rls_presentity rls_watchers presentity pua active_watchers watchers; do
        cp "$tables/$table" "$data/tables/"
    done
    KAMAILIO_TABLES=$data/tables KAMAILIO_HOST=$theirs kamailio -f Benchmarks/kamailio/kamailio.cfg -Y "$data" \
        -w "$data" -m 1024 -M 16 -DD -E "$@" >"$folder/kamailio.log" 2>&1 &
    server=$!
    for ((tries = 0; tries < 100; tries++)); do
        if (exec 3<>"/dev/tcp/$theirs/5060") 2>/dev/null; then return; fi
        sleep 0.1
    done
    cat "$folder/kamailio.log" >&2
    exit 1
}

control=$folder/starling/control.sock
for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    start_starling --trust 127.0.0.1
    measure "starling-$round" --server "$ours:5060" --xcap "$ours:8080" --control "$control"
    stop
    start_kamailio
    measure "kamailio-$round" --server "$theirs:5060" --xcap "$theirs:5060" --stored-lists
    stop
    # With credentials asked for at each request, as phones that forget their nonce do.
    start_starling
    measure "starling-digest-$round" --server "$ours:5060" --control "$control" --measures digest
    stop
    start_kamailio -A DIGEST
    measure "kamailio-digest-$round" --server "$theirs:5060" --measures digest
    stop
done
python3 Benchmarks/kamailio/compare.py "$results"
