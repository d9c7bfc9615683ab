# SPDX-License-Identifier: BSD-2-Clause
# shellcheck shell=bash
# hooks.bash - the rows about hooks of the kernel, for run; $work and what prints
# rows are its.

# The probe; the object and program; how it is loaded; its feature.
hook_cases() {
    cat <<'CASES'
tcx/lo:egress                      net   net_tcx     section   tcx
xdp/v1                             net   net_xdp     section   xdp_link
netns/sk_lookup                    net   net_lookup  section   sk_lookup
cgroup/bench                       hook  egress      section   cgroup_link
netfilter/ipv4:input:7             net   net_filter  netfilter netfilter_link
raw_tracepoint/sched_process_hang  plain plain_raw   section   raw_tracepoint
CASES
}

# hook_times MOUNT CASE: six times of hooks.c; the network is this process's.
hook_times() {
    local mount=$1 object=$3 program=$4 way=$5 pin=/sys/fs/bpf/bench-$$ i
    for i in 1 2; do
        "$build/tests/tool" load "$build/tests/bpf/$object.bpf.o" "$program" "$pin-$i" "$way" || return
    done
    "$bench/hooks" "$mount" "$pin-1" "$pin-2" "$2" "${BENCH_ROUNDS:-15}"
}

# in_network MOUNT CASE...: in a network namespace with two interfaces.
in_network() {
    local mount=$1 name=$2 dir=$1/$2
    ip link set lo up
    ip link add v0 type veth peer name v1
    ip link set v0 up
    ip link set v1 up
    mkdir "$dir" || return
    case $name in
    cgroup/*)
        echo "$BENCH_CGROUP" >"$dir/path"
        echo egress >"$dir/hook"
        ;;
    esac
    hook_times "$@"
    rm -f "/sys/fs/bpf/bench-$$"-?
    rmdir "$dir"
}

one_hook() {
    local name=$1 attach attach_bare update update_bare detach detach_bare
    read -r attach attach_bare update update_bare detach detach_bare < <(
        unshare --net "$top/tests/bench/run" --hook "$work/mnt" "$@"
    ) || true
    if [[ -z ${detach_bare-} ]]; then
        could_not "$name"
        return
    fi
    ratio "$name: attach, to the bare calls" us 1.2 "$attach" "$attach_bare"
    [[ $update == 0.0 ]] ||
        ratio "  update" us 1.2 "$update" "$update_bare"
    ratio "  detach" us 1.2 "$detach" "$detach_bare"
}

hook_rows() {
    local name object program way feature cgroup
    cgroup=$(awk '$3 == "cgroup2" { print $2; exit }' /proc/mounts)
    export BENCH_ROUNDS=$rounds BENCH_CGROUP=$cgroup/probefs-bench-$$
    mkdir "$BENCH_CGROUP"
    while read -r name object program way feature; do
        grep -q "^$feature.yes" "$work/mnt/features" && one_hook "$name" "$object" "$program" "$way"
    done < <(hook_cases)
    rmdir "$BENCH_CGROUP"
}
