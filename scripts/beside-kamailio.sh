#!/bin/bash
# Not a command: what bench-sip.sh and bench-presence.sh share. Both measure a gateway of Starling and Kamailio by turns, and
# set `folder`, `ours` and `theirs` (addresses of their own on the loopback interface, so that nothing else listens there) and
# `load`, the program that puts the load on a server. What was measured stays in $folder/results.
set -euo pipefail
starling=.build/release/starling
results=$folder/results
server=

need() { # PROGRAM...
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || {
            echo "$program was not found: scripts/install-dependencies.sh --bench" >&2
            exit 1
        }
    done
    [ -x "$starling" ] || { echo "there is no $starling: make build" >&2 && exit 1; }
    rm -rf "$folder"
    mkdir -p "$results"
}

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
    python3 "$load" --pid "$server" "$@" >"$results/$file.json" 2>"$results/$file.log" || {
        cat "$results/$file.log" >&2
        exit 1
    }
}

# Until the server that was started last answers to a command.
await() { # LOG COMMAND...
    local log=$1 tries
    shift
    for ((tries = 0; tries < 100; tries++)); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    cat "$log" >&2
    exit 1
}

run_starling() { # ARGUMENTS...
    local data=$folder/starling
    rm -rf "$data"
    "$starling" domain create example.org --data "$data" >/dev/null 2>&1
    "$starling" run --gateway --data "$data" --sip "udp:$ours:5060" --overlay "$ours:7065" --log warning "$@" \
        >"$folder/starling.log" 2>&1 &
    server=$!
    await "$folder/starling.log" "$starling" status --data "$data"
}

run_kamailio() { # CONFIGURATION ARGUMENTS...
    local data=$folder/kamailio
    KAMAILIO_FOLDER=$data KAMAILIO_HOST=$theirs kamailio -f "$1" -Y "$data" -w "$data" -m 1024 -M 16 -DD -E "${@:2}" \
        >"$folder/kamailio.log" 2>&1 &
    server=$!
    await "$folder/kamailio.log" bash -c "exec 3<>/dev/tcp/$theirs/5060"
}
