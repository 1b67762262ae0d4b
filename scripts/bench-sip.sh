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
starling=.build/release/starling
folder=$PWD/.build/sip
results=$folder/results
for program in kamailio sipp openssl; do
    if ! command -v "$program" >/dev/null; then
        echo "$program was not found: scripts/install-dependencies.sh --bench" >&2
        exit 1
    fi
done
[ -x "$starling" ] || { echo "there is no $starling: make build" >&2 && exit 1; }
rm -rf "$folder"
mkdir -p "$results"
ulimit -n "$(ulimit -H -n)"

# Addresses of their own on the loopback interface, so that nothing else listens there.
ours=127.0.0.14
theirs=127.0.0.13
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
    python3 Benchmarks/kamailio/sipp_load.py --pid "$server" "$@" >"$results/$file.json" 2>"$results/$file.log" || {
        cat "$results/$file.log" >&2
        exit 1
    }
}

start_starling() { # ARGUMENTS...
    local data=$folder/starling tries
    rm -rf "$data"
    "$starling" domain create example.org --data "$data" >/dev/null 2>&1
    "$starling" run --gateway --data "$data" --sip "udp:$ours:5060" --sip "tcp:$ours:5060" --sip "tls:$ours:5061" \
        --overlay "$ours:7065" --log warning "$@" >"$folder/starling.log" 2>&1 &
    server=$!
    for ((tries = 0; tries < 100; tries++)); do
        if "$starling" status --data "$data" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    cat "$folder/starling.log" >&2
    exit 1
}

start_kamailio() { # ARGUMENTS...
    local data=$folder/kamailio tries
    rm -rf "$data"
    mkdir -p "$data"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=example.org -keyout "$data/key.pem" \
        -out "$data/certificate.pem" 2>/dev/null
    KAMAILIO_FOLDER=$data KAMAILIO_HOST=$theirs kamailio -f Benchmarks/kamailio/sip.cfg -Y "$data" -w "$data" \
        -m 1024 -M 16 -DD -E "$@" >"$folder/kamailio.log" 2>&1 &
    server=$!
    for ((tries = 0; tries < 100; tries++)); do
        if (exec 3<>"/dev/tcp/$theirs/5060") 2>/dev/null; then return; fi
        sleep 0.1
    done
    cat "$folder/kamailio.log" >&2
    exit 1
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
