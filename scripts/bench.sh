#!/bin/bash
# Builds the benchmarks for speed and runs them. Arguments go to the benchmark program (`--filter NAME`, `--help`).
set -euo pipefail
cd "$(dirname "$0")/.."
STARLING_BENCHMARKS=1 swift build -c release --product CoreBenchmarks
exec .build/release/CoreBenchmarks "$@"
