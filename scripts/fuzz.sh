#!/usr/bin/env bash
# Feeds made-up messages to the SIP parser until the time is over or one breaks it.
# usage: scripts/fuzz.sh [SECONDS]      (default 60)
# Exit 0: nothing found. What was found lies in .build-fuzz/findings; the corpus grows in .build-fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}

export STARLING_CORES=1 STARLING_FUZZ=1
swift build -c release --sanitize=fuzzer --product FuzzSIPMessages --scratch-path .build-fuzz
binary=$(swift build -c release --sanitize=fuzzer --product FuzzSIPMessages --scratch-path .build-fuzz --show-bin-path)

mkdir -p .build-fuzz/corpus .build-fuzz/findings
# Without its own crash handler the Swift runtime leaves a crash to libFuzzer, which writes the input down.
SWIFT_BACKTRACE=enable=no "$binary/FuzzSIPMessages" \
    -max_total_time="$seconds" -max_len=4096 -timeout=5 -rss_limit_mb=1024 \
    -dict=Tests/Fuzz/sip.dict -artifact_prefix=.build-fuzz/findings/ -print_final_stats=1 \
    .build-fuzz/corpus Tests/Fuzz/Corpus/sip
