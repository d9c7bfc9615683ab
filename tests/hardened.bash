# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# hardened.bash - the hardened unit of systemd in the manual.

MANUAL=$(realpath "$BATS_TEST_DIRNAME/../mount.probefs.8")

hardened_unit() {
    sed -n '/^\.Ss A hardened unit/,/^\.Ed/p' "$MANUAL" | sed '1,/^\.Bd/d;$d'
}

# bounding_set UNIT: its capabilities, as setpriv(1) takes them.
bounding_set() {
    printf -- -all
    sed -n 's/^CapabilityBoundingSet=//p' "$1" | tr ' ' '\n' |
        sed 's/^CAP_/,+/' | tr -d '\n' | tr '[:upper:]' '[:lower:]'
}
