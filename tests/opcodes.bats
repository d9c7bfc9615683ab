#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# What a probed instruction computes: the same as without a probe.
# bats file_tags=bpf,root

# shellcheck disable=SC2154  # the helpers
load helpers

setup() {
    [ "$(uname -m)" = x86_64 ] || skip "the instructions are those of x86-64"
    prepare
    start
    needs uprobe_pmu
    OPCODES=$BATS_TEST_TMPDIR/opcodes
    cp "$PROGRAMS/opcodes" "$OPCODES"
}

# op SYMBOL: PROBE is one there, without a program.
op() { probe "uprobe/${OPCODES//\//%2F}:$1"; }

# attached: the functions that PROBE is on.
attached() { awk '$2 ~ /^op_/ { print $2 }' "$PROBE/sites" | sort; }

# before NAME...: keeps what they compute without a probe, for `unchanged`.
before() { "$OPCODES" "$@" | sort >"$BATS_TEST_TMPDIR/before"; }

# unchanged NAME...: they compute it still.
unchanged() { "$OPCODES" "$@" | sort | diff "$BATS_TEST_TMPDIR/before" -; }

@test "no result changes when some of each kind are probed, one by one" {
    local pattern

    for pattern in 'op_jump_*' 'op_pops_*' 'op_call_*' 'op_vex2_66_e*' 'op_vex3_38_9*' 'op_xop_9_9*' 'op_one_8*'; do
        before "$pattern"
        op "$pattern"
        put "$PROBE/attach" count
        [ "$(attached | wc -l)" -ge 3 ]
        unchanged "$pattern"
        rmdir "$PROBE"
    done
}

@test "what the kernel takes for another instruction, or refuses, is refused" {
    local name what rows=0

    while IFS='|' read -r name what; do
        op "$name"
        refused "$PROBE/attach" count EOPNOTSUPP "$what"
        rows=$((rows + 1))
    done <<'ROWS'
op_vex2_66_eb_r|an AVX instruction that it mistakes for another
op_vex2_f3_7f_m|an AVX instruction that it mistakes for another
op_vex2_n_77_r|an AVX instruction that it mistakes for another
op_vex2_n_c2_r|an AVX instruction that it mistakes for another
op_vex2_n_90_r|an AVX instruction that it mistakes for another
op_vex3_0f_e8_r|an AVX instruction that it mistakes for another
op_vex3_38_8e_m|an AVX instruction that it mistakes for another
op_vex3_38_9d_r|an AVX instruction that it mistakes for another
op_evex_38_7a_r|an AVX instruction that it mistakes for another
op_evex_0f_eb_r|an AVX instruction that it mistakes for another
op_evex_38_7*|an AVX instruction that it mistakes for another
op_xop_9_90_r|an AVX instruction that it mistakes for another
op_xop_8_85_m|an AVX instruction that it mistakes for another
op_rex2_0_01_r|the prefix REX2
op_jump_data16|a jump or call with the prefix 66
op_call_16|a jump or call with the prefix 66
op_pops_flags|pushf
op_rexb_90_r|an xchg that it takes for a nop
op_esc_f3_2b_m|a prefix f2 or f3 that it mistakes
op_esc_f2_79_r|an instruction of SSE4a
ROWS
    [ "$rows" -eq 20 ]
}

@test "with force it is probed, and not executed" {
    local name

    for name in op_vex2_66_eb_r op_evex_38_7a_r op_xop_9_90_r op_pops_flags op_rexb_90_r; do
        before "$name"
        op "$name"
        put "$PROBE/force" 1
        put "$PROBE/attach" count
        # XOP is known to newer kernels only: older ones do it right.
        unchanged "$name" && [ "$name" != op_xop_9_90_r ] && [ "$name" != op_rexb_90_r ] &&
            fault "$name is as without a probe"
        same hits 2 "$(hits "$PROBE")"
        rmdir "$PROBE"
        unchanged "$name"
    done
}

@test "a probed nop leaves what a function keeps below its stack pointer" {
    local name probed=0

    for name in 1 5 5_other 5_jmp 5_lea 8 9 mov_32 mov_64 lea_32 lea_67 lea_index \
        evex_mov evex_lea pause xchg_16 xchg_r8 xchg_r8w; do
        name=op_leaf_$name
        before "$name"
        op "$name+9"
        if "$TOOL" write "$PROBE/attach" count | grep -qx ok; then
            unchanged "$name"
            same "hits of $name" 2 "$(hits "$PROBE")"
            probed=$((probed + 1))
        else
            contains error "EOPNOTSUPP: the kernel cannot probe the instruction" "$(<"$PROBE/error")"
        fi
        rmdir "$PROBE"
    done
    [ "$probed" -ge 12 ]
}

# static_probes: $OTHER is the name of a program that has some.
static_probes() {
    OTHER=${BATS_TEST_TMPDIR//\//%2F}%2Fother
    gcc -x c -o "$BATS_TEST_TMPDIR/other" - <<'C'
#define PROBE(name, instruction)                                 \
	__asm__ volatile("990:	" instruction "\n"              \
			 ".pushsection .note.stapsdt, \"\", \"note\"\n" \
			 ".balign 4\n"                           \
			 ".long 8, 992f - 991f, 3\n"             \
			 ".asciz \"stapsdt\"\n"                  \
			 "991: .quad 990b, 0, 0\n"               \
			 ".asciz \"p\", \"" name "\", \"\"\n"    \
			 "992: .balign 4\n"                      \
			 ".popsection\n" ::: "rax", "memory")
int main(void)
{
	PROBE("good", "nop");
	PROBE("jump", ".byte 0x66, 0x48, 0xeb, 0");
	PROBE("ten", "nop; .byte 0x66, 0x2e, 0x0f, 0x1f, 0x84, 0, 0, 0, 0, 0");
	PROBE("flags", "pushf; pop %%rax");
	return 0;
}
C
}

@test "a static probe on such an instruction is refused, and left out of a pattern" {
    static_probes
    probe "usdt/$OTHER:p:jump"
    refused "$PROBE/attach" count EOPNOTSUPP "a jump or call with the prefix 66"
    probe "usdt/$OTHER:p:flags"
    refused "$PROBE/attach" count EOPNOTSUPP "pushf"
    probe "usdt/$OTHER:p:*" count
    contains warning "2 of 4 places that match cannot be probed, and were left out" "$(info "$PROBE" warning)"
    "$BATS_TEST_TMPDIR/other"
    same hits 2 "$(hits "$PROBE")"
}

@test "with nop5 a nop of ten bytes is probed where the kernel can" {
    static_probes
    remount nop5
    probe "usdt/$OTHER:p:ten" count
    "$BATS_TEST_TMPDIR/other"
    same hits 1 "$(hits "$PROBE")"
}
