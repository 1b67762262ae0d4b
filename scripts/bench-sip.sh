#!/bin/bash
# Measures a gateway of Starling and Kamailio as registrar and proxy by turns, with SIPp's same load over the loopback
# interface, and prints one table.
#
#   scripts/bench-sip.sh [ROUNDS]        three rounds unless said, some three minutes each
#
# Kamailio and SIPp come from Debian (scripts/install-dependencies.sh --bench). Kamailio keeps all in memory; the gateway
# is the release program with its journal on disk. What each was measured at stays in .build/sip/results.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
folder=$PWD/.build/sip
ours=127.0.0.14
theirs=127.0.0.13
load=Benchmarks/kamailio/sipp_load.py
. scripts/beside-kamailio.sh
need kamailio sipp openssl
ulimit -n "$(ulimit -H -n)"

start_starling() { # ARGUMENTS...
    run_starling --sip "tcp:$ours:5060" --sip "tls:$ours:5061" "$@"
}

start_kamailio() { # ARGUMENTS...
    local data=$folder/kamailio
    rm -rf "$data"
    mkdir -p "$data"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=example.org -keyout "$data/key.pem" \
        -out "$data/certificate.pem" 2>/dev/null
    run_kamailio Benchmarks/kamailio/sip.cfg "$@"
}

for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    start_starling --trust 127.0.0.1
    measure "starling-$round" --server "$ours"
    stop
    start_kamailio
    measure "kamailio-$round" --server "$theirs"
    stop
    # Memory is measured in processes that have not done anything before.
    start_starling --trust 127.0.0.1
    measure "starling-memory-$round" --server "$ours" --measures bindings,connections
    stop
    start_kamailio
    measure "kamailio-memory-$round" --server "$theirs" --measures bindings,connections
    stop
    start_starling
    measure "starling-digest-$round" --server "$ours" --control "$folder/starling/control.sock" --measures digest
    stop
    start_kamailio -A DIGEST
    measure "kamailio-digest-$round" --server "$theirs" --measures digest
    stop
done
python3 Benchmarks/kamailio/compare.py "$results" sip
