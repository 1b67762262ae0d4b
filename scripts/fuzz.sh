#!/usr/bin/env bash
# Feeds made-up input to what reads bytes of strangers until the time is over or something breaks.
# usage: scripts/fuzz.sh [SECONDS [TARGET...]]      (default: 60 for all targets together)
# Targets: sip stun multipart presence xcap
# Exit 0: nothing found. What was found lies in .build-fuzz/findings; the corpora grow in .build-fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
targets=("${@:2}")
[ ${#targets[@]} -gt 0 ] || targets=(sip stun multipart presence xcap)

export STARLING_CORES=1 STARLING_FUZZ=1
build=(swift build -c release --sanitize=fuzzer --scratch-path .build-fuzz)
for target in "${targets[@]}"; do
    case $target in
        sip) program=FuzzSIPMessages dictionary=sip ;;
        stun) program=FuzzSTUN dictionary=sip ;;
        multipart) program=FuzzMultipart dictionary=sip ;;
        presence) program=FuzzPresence dictionary=xml ;;
        xcap) program=FuzzXCAP dictionary=xml ;;
        *)
            echo "unknown target: $target" >&2
            exit 64
            ;;
    esac
    "${build[@]}" --product "$program"
    binary=$("${build[@]}" --product "$program" --show-bin-path)
    mkdir -p ".build-fuzz/corpus/$target" .build-fuzz/findings
    # Without its own crash handler the Swift runtime leaves a crash to libFuzzer, which writes the input down.
    SWIFT_BACKTRACE=enable=no "$binary/$program" \
        -max_total_time="$((seconds / ${#targets[@]}))" -max_len=4096 -timeout=5 -rss_limit_mb=1024 \
        -dict="Tests/Fuzz/$dictionary.dict" -artifact_prefix=".build-fuzz/findings/$target-" -print_final_stats=1 \
        ".build-fuzz/corpus/$target" "Tests/Fuzz/Corpus/$target"
done
