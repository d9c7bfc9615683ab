#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# prog/NAME/btf: the types of another kernel.
# bats file_tags=ends,bpf,root

load helpers

TYPES=/sys/kernel/btf

setup() {
    prepare
    start
    OBJECT=$DIR/prog/types
    KERNEL=$BATS_TEST_TMPDIR/kernel
    mkdir "$OBJECT" "$KERNEL"
    cp "$PROGRAMS/bpf/core_module.bpf.o" "$OBJECT/object"
}

teardown() {
    [ ! -d "$OBJECT" ] || rmdir "$OBJECT"
    finish
}

# module_type: whether it is there to the program that is loaded.
module_type() {
    mkdir "$DIR/raw_tracepoint/sys_enter@types"
    put "$DIR/raw_tracepoint/sys_enter@types/attach" prog/types
    cat "$OBJECT/data/module_type"
    rmdir "$DIR/raw_tracepoint/sys_enter@types"
}

# relocated MODULE KERNEL: which of two types are there to the program, loaded anew.
relocated() {
    put "$OBJECT/load" 1
    same "a module's type" "$1" "$(module_type)"
    holds "$OBJECT/data/kernel_type" "$2"
    put "$OBJECT/load" 0
}

@test "a program is relocated to the types of a file, or of all in a directory" {
    local all module=0

    [ -e $TYPES/vmlinux ] || skip 'the kernel has no types'
    # Overlay is a module, or built in, or not there.
    put "$OBJECT/load" 1
    all=$(module_type)
    cp $TYPES/vmlinux "$KERNEL"
    put "$OBJECT/load" 0
    put "$OBJECT/btf" "$KERNEL/vmlinux"
    [ ! -e $TYPES/overlay ] || module=1
    relocated $((all && ! module)) 1
    [ ! -e $TYPES/overlay ] || cp $TYPES/overlay "$KERNEL"
    put "$OBJECT/btf" "$KERNEL"
    relocated "$all" 1
}

@test "what is no types of a kernel is refused when it is to be used" {
    refused "$OBJECT/btf" "$KERNEL/missing" ENOENT missing
    refused "$OBJECT/btf" /dev/null EINVAL /dev/null
    put "$OBJECT/btf" "$KERNEL"
    refused "$OBJECT/load" 1 ENOENT vmlinux
    echo 'no types' >"$KERNEL/vmlinux"
    refused "$OBJECT/load" 1 EINVAL "'vmlinux' is no BTF"
    [ -e $TYPES/vmlinux ] || skip 'the kernel has no types'
    cp $TYPES/vmlinux "$KERNEL"
    head -c 5000 $TYPES/vmlinux >"$KERNEL/module"
    refused "$OBJECT/load" 1 EINVAL "'module' is no BTF of a module"
    rm "$KERNEL/module"
    put "$OBJECT/load" 1
    # They are looked at when it is loaded, whatever has come to be there.
    put "$OBJECT/load" 0
    rm "$KERNEL/vmlinux"
    refused "$OBJECT/load" 1 ENOENT vmlinux
}

@test "a directory with an object that is none can be listed, and says so" {
    echo junk >"$OBJECT/object"
    ls -lR "$OBJECT" >/dev/null
    same "what is in it" '' "$(find "$OBJECT"/*/ -mindepth 1)"
    contains info 'no ELF file' "$(<"$OBJECT/info")"
}
