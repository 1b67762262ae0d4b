#!/bin/bash
# Installs what Starling needs from Debian's archive, without asking anything.
#
#   scripts/install-dependencies.sh          what the build needs
#   scripts/install-dependencies.sh --test   also the phones and tools that the tests drive
#   scripts/install-dependencies.sh --bench  also the presence server beside which ours is measured
#
# Nothing is fetched when everything is there already. Works as root or through sudo.
set -euo pipefail

packages=(make pkg-config libsodium-dev libxml2-dev libssl-dev libsqlite3-dev zlib1g-dev libc-ares-dev)
for argument in "$@"; do
    case $argument in
        --test) packages+=(baresip-core linphone-cli sip-tester libxml2-utils tshark python3 iproute2 nftables dnsmasq-base curl) ;;
        --bench) packages+=(python3 openssl sip-tester kamailio kamailio-presence-modules kamailio-xml-modules kamailio-extra-modules kamailio-tls-modules) ;;
        *)
            echo "usage: $0 [--test] [--bench]" >&2
            exit 64
            ;;
    esac
done

missing=()
for package in "${packages[@]}"; do
    # pkgconf provides pkg-config on newer releases, where no package of the old name need be installed.
    if [ "$package" = pkg-config ] && command -v pkg-config >/dev/null; then continue; fi
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "To build, install these packages as root: ${missing[*]}" >&2
            exit 1
        fi
        as_root=(sudo)
    fi
    echo "Installing ${missing[*]}"
    # Waits for another installation on this machine instead of failing.
    apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet -o DPkg::Lock::Timeout=300)
    "${apt[@]}" update
    "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >/dev/null
fi

if ! command -v swift >/dev/null; then
    echo "Swift 6.2 or newer is needed and was not found: https://www.swift.org/install" >&2
    exit 1
fi
