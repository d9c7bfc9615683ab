#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a probe of any kind keeps: its files in any order, the same bytes twice,
# a pin and its adoption, `enabled`, `config`, refusals that change nothing.
# Here the kinds that need functions of the kernel, on the last guest.
# bats file_tags=bpf,root,ends,later
# shellcheck disable=SC2154

load helpers
load net
load cgroup
load every_kind

@test "each kind on functions keeps what a probe keeps" {
    local kind

    needs kprobe_pmu fentry fsession lsm
    for kind in kprobe kretprobe fentry fexit fsession; do
        keeps count "$kind/__x64_sys_sched_rr_get_interval"
    done
    keeps count fmod_ret/security_task_getscheduler
    keeps count lsm/task_getscheduler
}

@test "each kind on hooks keeps what a probe keeps" {
    needs lsm_cgroup netkit
    keeps count lsm_cgroup/socket_bind "path=$CGROUP"
    within ip link add type netkit
    keeps count netkit/nk1:primary order=last
}
