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
folder=$PWD/.build/presence
ours=127.0.0.12
theirs=127.0.0.11
load=Benchmarks/kamailio/presence_load.py
. scripts/beside-kamailio.sh
need kamailio
tables=/usr/share/kamailio/dbtext/kamailio
[ -d "$tables" ] || { echo "$tables was not found: scripts/install-dependencies.sh --bench" >&2 && exit 1; }

start_starling() { # ARGUMENTS...
    run_starling --xcap "$ours:8080" "$@"
}

start_kamailio() { # ARGUMENTS...
    local data=$folder/kamailio table
    rm -rf "$data"
    mkdir -p "$data/tables"
    for table in version xcap rls_presentity rls_watchers presentity pua active_watchers watchers; do
        cp "$tables/$table" "$data/tables/"
    done
    KAMAILIO_TABLES=$data/tables run_kamailio Benchmarks/kamailio/kamailio.cfg "$@"
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
