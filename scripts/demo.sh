#!/bin/bash
# A fresh local overlay and the story that `starling demo` tells on it. Ends as the story ends.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
STARLING=${STARLING:-$here/.build/release/starling}
# Sockets have short names only (108 bytes), so this lies in /tmp and not under a folder of any depth.
OVERLAY_DIRECTORY=$(mktemp -d "${TMPDIR:-/tmp}/starling-demo.XXXXXX")
export STARLING OVERLAY_DIRECTORY
finish() {
    local status=$?
    trap - EXIT
    "$here/scripts/local-overlay.sh" stop || status=1
    if [ $status -ne 0 ]; then
        echo "The nodes' events:" >&2
        tail -n 40 "$OVERLAY_DIRECTORY"/*.log >&2 || true
    fi
    rm -rf "$OVERLAY_DIRECTORY"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM
"$here/scripts/local-overlay.sh" start
"$STARLING" demo --overlay-directory "$OVERLAY_DIRECTORY"
