#!/bin/bash
# Measures 32 nodes of Starling and 32 of OpenDHT on the loopback interface, by turns, and prints one table; then 100
# nodes of each that start at once.
#
#   scripts/bench-opendht.sh [ROUNDS]        three rounds unless said, some eight minutes each
#
# OpenDHT comes from PyPI into .build/opendht. What each program printed stays in .build/opendht/results.
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
version=4.4.2
folder=.build/opendht
results=$folder/results

STARLING_BENCHMARKS=1 swift build -c release --product LoopbackOverlay
if [ ! -x "$folder/bin/python" ] || ! "$folder/bin/python" -c 'import opendht' 2>/dev/null; then
    python3 -m venv "$folder" || {
        echo "python3 with its module venv is needed (Debian: python3-venv)" >&2
        exit 1
    }
    "$folder/bin/pip" install --quiet "opendht==$version"
fi
rm -rf "$results"
mkdir -p "$results"

# A network of its own, so that no other program's datagrams are counted; without the right to one the run goes on.
alone=()
if unshare --net --map-root-user true 2>/dev/null; then alone=(unshare --net --map-root-user); fi
measure() { # FILE COMMAND...
    local file=$1
    shift
    echo "$*" >&2
    "${alone[@]}" bash -c '[ -z "$1" ] || ip link set lo up; shift; exec "$@"' _ "${alone[*]}" "$@" \
        >"$results/$file.json" 2>"$results/$file.log"
}

ours=.build/release/LoopbackOverlay
theirs=("$folder/bin/python" Benchmarks/opendht/opendht_overlay.py)
for round in $(seq "$rounds"); do
    measure "starling-$round" "$ours" --json --seed "$round"
    measure "opendht-$round" "${theirs[@]}" --seed "$round"
    measure "starling-start-$round" "$ours" --json --nodes 100 --measures start --seed "$round"
    measure "opendht-start-$round" "${theirs[@]}" --nodes 100 --start-only --seed "$round"
done
python3 Benchmarks/opendht/compare.py "$results"
