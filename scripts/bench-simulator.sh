#!/bin/bash
# What the simulator costs: the growth scenarios one after the other, as a table. SCENARIOS="growth-1k growth-10k" chooses
# others, THREADS=2 more threads.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release --product starling-sim
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
threads=${THREADS:-1}

# The number behind a name within summary.json; names of figures stand in metrics.csv.
summary() { grep -o "\"$2\": *[0-9.]*" "$1/summary.json" | head -n 1 | grep -o '[0-9.]*$'; }
metric() { awk -F, -v name="$2" '$1 == name { print $2 }' "$1/metrics.csv"; }

printf '%-14s %9s %12s %10s %10s %12s %8s %10s %8s\n' \
    scenario nodes events ns/event bytes/node 'seconds' hops requests 'p50 ms'
for scenario in ${SCENARIOS:-growth-1k growth-10k growth-100k}; do
    out="$folder/$scenario"
    .build/release/starling-sim run "$scenario" --quiet --threads "$threads" --out "$out" >/dev/null || true
    events=$(summary "$out" events)
    wall=$(summary "$out" wall_seconds)
    memory=$(summary "$out" peak_memory_bytes)
    nodes=$(summary "$out" nodes)
    printf '%-14s %9s %12s %10.0f %10.0f %12.1f %8.2f %10.2f %8.1f\n' "$scenario" "$nodes" "$events" \
        "$(awk -v w="$wall" -v e="$events" 'BEGIN { print w * 1e9 / e }')" \
        "$(awk -v m="$memory" -v n="$nodes" 'BEGIN { print m / n }')" "$wall" \
        "$(metric "$out" get.hops.mean)" "$(metric "$out" get.messages.mean)" "$(metric "$out" get.latency_ms.p50)"
done
