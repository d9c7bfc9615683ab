# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# links.bash - the rows about the links of the kernel, for run; $work, $bench and
# what prints rows are its.

# infos DIR N: the info of so many links.
infos() {
    local ids
    mapfile -n "$2" -t ids < <(ls "$1/link")
    printf '%s/info\n' "${ids[@]/#/$1/link/}" | xargs cat
}

links_rows() {
    local mount=$1 holder i links=10000
    # Whatever happens here, they end.
    timeout 300 "$bench/links" "$links" >"$work/links" &
    holder=$!
    until [[ -s $work/links ]]; do
        kill -0 "$holder" 2>/dev/null || {
            could_not "the links of the kernel"
            return
        }
        sleep 0.1
    done
    for ((i = 0; i < 3; i++)); do
        timed "$work/links-ls" ls "$mount/link"
        timed "$work/links-bpftool" bpftool link
        timed "$work/links-few" infos "$mount" $((links / 10))
    done
    timed "$work/links-all" infos "$mount" "$links"
    kill "$holder"
    wait "$holder" || true
    ratio "ls of $links links, to bpftool link" ms 1 \
        "$(milliseconds "$work/links-ls")" "$(milliseconds "$work/links-bpftool")"
    ratio "info of $links links, to ten times a tenth of them" ms 1.3 \
        "$(milliseconds "$work/links-all")" \
        "$(awk "BEGIN { print 10 * $(milliseconds "$work/links-few") }")"
    ratio "info of $links links, to bpftool link" ms - \
        "$(milliseconds "$work/links-all")" "$(milliseconds "$work/links-bpftool")"
}
