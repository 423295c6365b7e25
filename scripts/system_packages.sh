#!/bin/sh
# Makes sure the Debian packages of the given groups are installed: scripts/system_packages.sh run [test]
#
# As root it installs what is missing. Anybody else gets the command to type: a script that asks for somebody's
# password on its own is not to be trusted.
set -eu

list="$(dirname "$0")/../packaging/debian-packages.txt"

if ! command -v dpkg-query >/dev/null 2>&1; then
    echo "Not a Debian system: system libraries not checked (packaging/debian-packages.txt names them)."
    exit 0
fi

# Only 'installed' counts ('config-files' is a package that was removed), and only for this machine's architecture:
# a 32-bit libgl1 brought by some other program does not help.
native="$(dpkg --print-architecture)"
# shellcheck disable=SC2016  # the ${...} are fields for dpkg-query, not shell variables
installed="$(dpkg-query -W -f '${db:Status-Status} ${Architecture} ${Package}\n' |
    sed -n -e "s/^installed $native //p" -e 's/^installed all //p')"

is_installed() {
    printf '%s\n' "$installed" | grep -Fqx -e "$1"
}

# The alternatives "a|b" of which none is installed, one group a line.
missing_entries() {
    for group in "$@"; do
        sed -n "s/^$group  *//p" "$list"
    done | while read -r entry; do
        for name in $(echo "$entry" | tr '|' ' '); do
            if is_installed "$name"; then continue 2; fi
        done
        echo "$entry"
    done
}

# Of "a|b" the first name that this release can install; the first name where apt knows none (lists never fetched).
choose() {
    for name in $(echo "$1" | tr '|' ' '); do
        if LC_ALL=C apt-cache policy "$name" 2>/dev/null | grep -q '^  Candidate: [^(]'; then
            echo "$name"
            return
        fi
    done
    echo "${1%%|*}"
}

entries="$(missing_entries "$@")"
if [ -z "$entries" ]; then exit 0; fi

if [ "$(id -u)" -eq 0 ]; then
    # The lock timeout is for a machine just booted, where Debian's own updates may be running.
    apt-get -o DPkg::Lock::Timeout=300 update
fi

names=""
for entry in $entries; do
    names="$names $(choose "$entry")"
done

if [ "$(id -u)" -ne 0 ]; then
    echo "Some system packages are missing. Please type these, then make again:" >&2
    echo >&2
    echo "    sudo apt-get update" >&2
    echo "    sudo apt-get install --no-install-recommends$names" >&2
    echo >&2
    exit 1
fi

echo "Installing system packages:$names"
# shellcheck disable=SC2086  # one argument for each name is what we want
DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $names
