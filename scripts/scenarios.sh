#!/bin/bash
# Runs the small scenarios, each twice: alone, and on two threads with every message encoded and encrypted. Each must
# meet its thresholds and both runs must do the same to the last message. Arguments name scenarios in the place of these.
set -euo pipefail
cd "$(dirname "$0")/.."
swift build -c release --product starling-sim
simulator=.build/release/starling-sim
scenarios=("$@")
if [ ${#scenarios[@]} -eq 0 ]; then scenarios=(smoke ci-churn ci-adversary ci-partition ci-presence); fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fingerprint() { grep -o '"fingerprint": *"[0-9a-f]*"' "$1/summary.json"; }

failures=0
for scenario in "${scenarios[@]}"; do
    "$simulator" run "$scenario" --quiet --out "$folder/$scenario" || failures=$((failures + 1))
    "$simulator" run "$scenario" --quiet --threads 2 --wire --out "$folder/$scenario-wire" >/dev/null || true
    if [ "$(fingerprint "$folder/$scenario")" = "$(fingerprint "$folder/$scenario-wire")" ]; then
        echo "$scenario: the same on two threads and over the wire"
    else
        echo "$scenario: on two threads and over the wire something else happened" >&2
        failures=$((failures + 1))
    fi
    echo
done
if [ "$failures" -gt 0 ]; then
    echo "$failures failures" >&2
    exit 1
fi
