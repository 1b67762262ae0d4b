#!/bin/bash
# The local overlay: two gateways and two plain nodes of one domain on this machine's loopback.
#
#   scripts/local-overlay.sh run      in the foreground: what to type into a phone, then every event; Ctrl-C ends it
#   scripts/local-overlay.sh start    in the background; returns when all four nodes have joined
#   scripts/local-overlay.sh stop     ends what `start` began
#
# Keys, users and their passwords are made the first time and kept, so that a phone needs to be set up once.
# Environment (with what holds when it is unset):
#   STARLING           the program                                .build/release/starling, else .build/debug/starling
#   OVERLAY_DIRECTORY  where everything is kept                   .local-overlay
#   SIP_PORT_A, SIP_PORT_B, SIP_PORT_C        gateway A, gateway B, the plain node's local proxy    5060 5070 5080
#                      the gateways speak SIP over TLS at the port after it, 5061 and 5071
#   OVERLAY_PORT_A … OVERLAY_PORT_D           the four nodes' overlay ports                         4060 … 4063
#   USERS              more users to add, a file of lines `ADDRESS PASSWORD`
#
# $OVERLAY_DIRECTORY holds, for each of gateway-a, gateway-b, node-c and node-d: NAME/ (its data), NAME.log (its events)
# and NAME.pid; and overlay.json: domain, users with password and server, nodes with pid, data folder and addresses.
set -euo pipefail

command=${1:-}
here=$(cd "$(dirname "$0")/.." && pwd)
directory=${OVERLAY_DIRECTORY:-$here/.local-overlay}
domain=example.org
host=127.0.0.1
nodes=(gateway-a gateway-b node-c node-d)
declare -A title=(
    [gateway-a]="gateway A" [gateway-b]="gateway B" [node-c]="node C" [node-d]="node D")
declare -A sip=(
    [gateway-a]=$host:${SIP_PORT_A:-5060} [gateway-b]=$host:${SIP_PORT_B:-5070} [node-c]=$host:${SIP_PORT_C:-5080})
declare -A overlay=(
    [gateway-a]=$host:${OVERLAY_PORT_A:-4060} [gateway-b]=$host:${OVERLAY_PORT_B:-4061}
    [node-c]=$host:${OVERLAY_PORT_C:-4062} [node-d]=$host:${OVERLAY_PORT_D:-4063})
declare -A home=([alice]=gateway-a [bob]=gateway-b [carol]=node-c)
users=(alice bob carol)

starling=${STARLING:-}
if [ -z "$starling" ]; then
    for built in "$here/.build/release/starling" "$here/.build/debug/starling"; do
        if [ -x "$built" ]; then
            starling=$built
            break
        fi
    done
fi

fail() {
    echo "local-overlay: $*" >&2
    exit 1
}

# False for a process that has ended, even when nobody has collected its status yet.
is_alive() {
    [ -n "$(readlink "/proc/$1/exe" 2>/dev/null)" ]
}

# The process of a node, when it is one of ours and still alive: a number may have gone to another program since.
process_of() {
    local pid
    pid=$(cat "$directory/$1.pid" 2>/dev/null) || return 1
    # A program that was built anew since is the same one still, though its file is gone.
    [ "$(readlink "/proc/$pid/exe" 2>/dev/null | sed 's/ (deleted)$//')" = "$(readlink -f "$starling")" ] || return 1
    echo "$pid"
}

# A command of `starling` whose advice to people matters only when it fails.
ask() {
    "$starling" "$@" 2>"$directory/setup.log" || {
        cat "$directory/setup.log" >&2
        return 1
    }
}

launch() {
    local node=$1 arguments=()
    case $node in gateway-*) arguments+=(--gateway --sip "tls:$host:$((${sip[$node]##*:} + 1))") ;; esac
    # Node D belongs to nobody: it only holds records.
    if [ "$node" != node-d ]; then arguments+=(--domain $domain); fi
    if [ -n "${sip[$node]:-}" ]; then
        arguments+=(--sip "udp:${sip[$node]}" --sip "tcp:${sip[$node]}")
    else
        arguments+=(--sip none)
    fi
    if [ "$node" != gateway-a ]; then arguments+=(--join "${overlay[gateway-a]}"); fi
    # In a session of its own, so that Ctrl-C reaches this script first and the nodes end in order.
    setsid "$starling" run --data "$directory/$node" --overlay "${overlay[$node]}" \
        "${arguments[@]}" >>"$directory/$node.log" 2>&1 </dev/null &
    echo $! >"$directory/$node.pid"
}

await() {
    local node=$1 tries
    for ((tries = 0; tries < 300; tries++)); do
        if "$starling" status --data "$directory/$node" >/dev/null 2>&1; then return; fi
        if ! process_of "$node" >/dev/null; then break; fi
        sleep 0.1
    done
    echo "local-overlay: ${title[$node]} did not start; it said:" >&2
    tail -n 20 "$directory/$node.log" >&2
    exit 1
}

# Until gateway B has heard of all users, which takes a moment at its first start.
await_users() {
    local tries expected
    expected=$("$starling" user list --data "$directory/gateway-a" | wc -l)
    for ((tries = 0; tries < 600; tries++)); do
        if [ "$("$starling" user list --data "$directory/gateway-b" | wc -l)" -ge "$expected" ]; then return; fi
        sleep 0.1
    done
    fail "gateway B does not know all $expected users of gateway A; look into $directory/gateway-b.log"
}

# Gateway B and node C get what they may know through invitations, as machines of two people would.
start() {
    [ -x "$starling" ] || fail "there is no program to run: make build, or set STARLING"
    for node in "${nodes[@]}"; do
        if process_of "$node" >/dev/null; then fail "${title[$node]} is running already: $0 stop"; fi
    done
    local is_new=
    if [ ! -f "$directory/overlay.json" ]; then
        is_new=1
        for node in "${nodes[@]}"; do rm -rf "${directory:?}/$node"; done
        (umask 077 && mkdir -p "$directory/passwords")
        "$starling" domain create $domain --data "$directory/gateway-a" >/dev/null
        for user in "${users[@]}"; do
            (umask 077 && "$starling" user add "$user@$domain" --data "$directory/gateway-a" \
                >"$directory/passwords/$user")
        done
    fi
    for node in "${nodes[@]}"; do : >"$directory/$node.log"; done
    launch gateway-a
    await gateway-a
    if [ -n "$is_new" ]; then
        if [ -n "${USERS:-}" ]; then
            ask user import "$USERS" --data "$directory/gateway-a" >/dev/null
        fi
        ask domain accept "$(ask domain invite $domain --data "$directory/gateway-a")" \
            --data "$directory/gateway-b" >/dev/null
        ask user accept "$(ask user invite "carol@$domain" --data "$directory/gateway-a")" \
            --data "$directory/node-c" >/dev/null
    fi
    for node in gateway-b node-c node-d; do launch "$node"; done
    for node in gateway-b node-c node-d; do await "$node"; done
    await_users
    (umask 077 && describe >"$directory/overlay.json")
}

describe() {
    local separator=
    echo "{"
    echo "  \"domain\": \"$domain\","
    echo "  \"users\": {"
    for user in "${users[@]}"; do
        printf '%s    "%s": {"address": "%s", "password": "%s", "server": "%s", "node": "%s"}' "$separator" \
            "$user" "$user@$domain" "$(cat "$directory/passwords/$user")" "${sip[${home[$user]}]}" "${home[$user]}"
        separator=$',\n'
    done
    printf '\n  },\n  "nodes": {\n'
    separator=
    for node in "${nodes[@]}"; do
        printf '%s    "%s": {"pid": %s, "data": "%s", "log": "%s", "overlay": "%s", "sip": "%s"}' "$separator" "$node" \
            "$(cat "$directory/$node.pid")" "$directory/$node" "$directory/$node.log" "${overlay[$node]}" \
            "${sip[$node]:-}"
        separator=$',\n'
    done
    printf '\n  }\n}\n'
}

# All get SIGTERM at once; whoever is still there after ten seconds is killed and makes this fail.
stop() {
    local pids=() status=0 pid tries
    for node in "${nodes[@]}"; do
        if pid=$(process_of "$node"); then
            kill -TERM "$pid" 2>/dev/null || true
            pids+=("$pid")
        fi
    done
    for pid in "${pids[@]}"; do
        for ((tries = 0; tries < 100; tries++)); do
            is_alive "$pid" || break
            sleep 0.1
        done
        if is_alive "$pid"; then
            kill -KILL "$pid" 2>/dev/null || true
            echo "local-overlay: process $pid did not end within ten seconds" >&2
            status=1
        fi
    done
    for node in "${nodes[@]}"; do rm -f "$directory/$node.pid"; done
    return $status
}

guide() {
    echo "The overlay is up. Point a phone at it (domain $domain, UDP or TCP, no STUN):"
    echo
    printf '  %-24s %-18s %-28s %s\n' "address" "password" "server / outbound proxy" "which is"
    for user in "${users[@]}"; do
        printf '  %-24s %-18s %-28s %s\n' "sip:$user@$domain" "$(cat "$directory/passwords/$user")" \
            "${sip[${home[$user]}]}" "${title[${home[$user]}]}"
    done
    echo
    echo "The user name for authentication is the part before the @. Any user may use either gateway; node C serves"
    echo "carol. The gateways speak TLS at the next port; $directory/gateway-a/sip-certificate.pem is A's certificate. What happens is told below; Ctrl-C ends it all."
    echo
}

# One `tail` for each node, stopped by its process number when the overlay ends.
follow() {
    for node in "${nodes[@]}"; do
        tail -n +1 -F "$directory/$node.log" 2>/dev/null \
            > >(sed -u "s/^/$(printf '%-10s' "${title[$node]}")/") &
        followers+=($!)
    done
}

case $command in
    start)
        trap '[ $? -eq 0 ] || stop || true' EXIT
        start
        ;;
    stop) stop ;;
    run)
        followers=()
        finish() {
            local status=$?
            trap '' INT TERM
            trap - EXIT
            stop || status=1
            # What the nodes said last is still on its way through the followers.
            sleep 0.3
            if [ ${#followers[@]} -gt 0 ]; then kill "${followers[@]}" 2>/dev/null || true; fi
            exit $status
        }
        trap finish EXIT
        trap 'exit 0' INT TERM
        start
        guide
        follow
        # Ends by itself only when every node has ended.
        while true; do
            alive=
            for node in "${nodes[@]}"; do if process_of "$node" >/dev/null; then alive=1; fi; done
            [ -n "$alive" ] || break
            sleep 1
        done
        echo "local-overlay: every node has ended" >&2
        exit 1
        ;;
    *)
        echo "usage: $0 run|start|stop" >&2
        exit 64
        ;;
esac
