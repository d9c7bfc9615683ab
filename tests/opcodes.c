// SPDX-License-Identifier: BSD-2-Clause
/*
 * opcodes.c - a function for each opcode byte behind each prefix of x86-64.
 *
 *	opcodes           calls them all, and tells what each computed
 *	opcodes -f        each in a process of its own
 *	opcodes NAME...   calls those; a name may be a pattern
 *
 * A line is: the name, the signal (0 is none), a hash of all registers and of
 * the memory that the function may write.  A probe changes none of it.
 * Registers have the same values before every call.  What is no instruction of
 * this processor ends in SIGILL, with a probe too: one that does not was not
 * executed, but taken for another.
 */
#include <fnmatch.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __x86_64__

#include "tests/opcodes_stubs.h"

struct stub {
	void (*function)(void); /* where a call begins */
	const char *name;
};

/* The linker names the ends of the section. */
extern const struct stub __start_stubs[], __stop_stubs[];

enum { REGISTERS = 15, VECTORS = 16, VECTOR_BYTES = 32, MEMORY = 512 };

/* What a call begins with, and what it leaves. */
static struct state {
	uint64_t registers[REGISTERS]; /* in the order of run() */
	uint64_t flags;
	uint8_t vectors[VECTORS * VECTOR_BYTES];
	uint8_t memory[MEMORY];
	uint64_t place; /* of the signal, from the start of the function */
	uint32_t mxcsr;
	int signal;
} initial;
struct state state __attribute__((used));
uint8_t memory[MEMORY] __attribute__((used, aligned(64)));
void (*called)(void) __attribute__((used));
uint64_t stack __attribute__((used));
bool wide __attribute__((used)); /* there are ymm registers */

void run(void);
__asm__(".macro each what\n"
	"	.set at, 0\n"
	"	.irp r, rax,rcx,rdx,rbx,rbp,rsi,rdi,r8,r9,r10,r11,r12,r13,r14,r15\n"
	"	\\what \\r\n"
	"	.set at, at + 8\n"
	"	.endr\n"
	".endm\n"
	".macro load r\n	mov state + at(%rip), %\\r\n.endm\n"
	".macro keep r\n	mov %\\r, state + at(%rip)\n.endm\n"
	".macro vectors what\n"
	"	.set at, 16 * 8\n"
	"	.irp r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
	"	\\what \\r\n"
	"	.set at, at + 32\n"
	"	.endr\n"
	".endm\n"
	".macro load_x r\n	movups state + at(%rip), %xmm\\r\n.endm\n"
	".macro keep_x r\n	movups %xmm\\r, state + at(%rip)\n.endm\n"
	".macro load_y r\n	vmovups state + at(%rip), %ymm\\r\n.endm\n"
	".macro keep_y r\n	vmovups %ymm\\r, state + at(%rip)\n.endm\n"
	"	.globl run\n"
	"run:	push %rbx\n	push %rbp\n	push %r12\n	push %r13\n"
	"	push %r14\n	push %r15\n	mov %rsp, stack(%rip)\n"
	"	fninit\n"
	"	cmpb $0, wide(%rip)\n"
	"	jne 1f\n"
	"	vectors load_x\n"
	"	jmp 2f\n"
	"1:	vectors load_y\n"
	"2:	push state + 15 * 8(%rip)\n"
	"	popf\n"
	"	each load\n"
	"	call *called(%rip)\n"
	"	each keep\n"
	"	mov stack(%rip), %rsp\n"
	"	pushf\n"
	"	pop state + 15 * 8(%rip)\n"
	"	cld\n"
	"	cmpb $0, wide(%rip)\n"
	"	jne 1f\n"
	"	vectors keep_x\n"
	"	jmp 2f\n"
	"1:	vectors keep_y\n"
	"	vzeroupper\n"
	"2:	emms\n"
	"	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbp\n"
	"	pop %rbx\n	ret\n");

static sigjmp_buf back;

/* Where the signal came from is told by a distance: files move. */
static void caught(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *u = context;

	(void)info;
	state.signal = signal;
	state.place = (uint64_t)u->uc_mcontext.gregs[REG_RIP] -
		      (uint64_t)(uintptr_t)called;
	memcpy(state.registers, u->uc_mcontext.gregs, 8 * sizeof(uint64_t));
	siglongjmp(back, 1);
}

static void catch_signals(void)
{
	static const int signals[] = { SIGILL,	SIGSEGV, SIGBUS,
				       SIGTRAP, SIGFPE,	 SIGSYS };
	static uint8_t handlers[1 << 16];
	stack_t other = { .ss_sp = handlers, .ss_size = sizeof(handlers) };
	struct sigaction action = { .sa_sigaction = caught,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK |
						SA_NODEFER };
	size_t i;

	sigaltstack(&other, NULL);
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
}

static void prepare(void)
{
	extern void helper(void);
	size_t i;

	__builtin_cpu_init();
	wide = __builtin_cpu_supports("avx");
	for (i = 0; i < REGISTERS; i++)
		initial.registers[i] = 0xa1b2c3d400000010 + i * 0x101010101;
	initial.registers[1] = 5; /* rcx: counts and shifts */
	initial.registers[3] = (uintptr_t)memory; /* rbx */
	initial.registers[5] = (uintptr_t)memory + 128; /* rsi */
	initial.registers[6] = (uintptr_t)memory + 64; /* rdi */
	initial.registers[14] = (uintptr_t)helper; /* r15 */
	initial.flags = 0x293; /* of sahf: negative, carry */
	initial.mxcsr = 0x1f80; /* as Linux starts programs */
	for (i = 0; i < sizeof(initial.vectors); i++)
		initial.vectors[i] = (uint8_t)(i * 37);
	/* What ldmxcsr may find there. */
	for (i = 0; i < MEMORY; i++)
		initial.memory[i] = i % 4 < 2 ? "\x80\x1f"[i % 4] : 0;
	catch_signals();
}

static uint64_t hash(const void *bytes, size_t size)
{
	uint64_t value = 0xcbf29ce484222325; /* FNV-1a */
	const uint8_t *at = bytes;

	while (size-- > 0)
		value = (value ^ *at++) * 0x100000001b3;
	return value;
}

static void call_once(const struct stub *stub)
{
	state = initial;
	memcpy(memory, initial.memory, MEMORY);
	called = stub->function;
	__builtin_ia32_ldmxcsr(initial.mxcsr);
	if (sigsetjmp(back, 1) == 0)
		run();
	state.mxcsr = __builtin_ia32_stmxcsr();
	memcpy(state.memory, memory, MEMORY);
}

/*
 * Linux 6.18 makes a call of a probed nop of five bytes when it was hit once.
 */
static void call(const struct stub *stub)
{
	call_once(stub);
	call_once(stub);
	printf("%s %d %016jx\n", stub->name, state.signal,
	       (uintmax_t)hash(&state, sizeof(state)));
}

/* For those that go astray, or never end. */
static void call_apart(const struct stub *stub)
{
	struct rlimit seconds = { 2, 2 }, none = { 0, 0 };
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		setrlimit(RLIMIT_CPU, &seconds);
		setrlimit(RLIMIT_CORE, &none);
		call(stub);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (status)
		printf("%s %d died\n", stub->name, WTERMSIG(status));
}

static bool is_named(const char *name, char **names)
{
	for (; *names; names++)
		if (!fnmatch(*names, name, 0))
			return true;
	return false;
}

int main(int argc, char **argv)
{
	bool apart = argc > 1 && !strcmp(argv[1], "-f");
	char **names = argv + 1 + apart;
	const struct stub *stub;

	/* Addresses are among the results. */
	if (!(personality(0xffffffff) & ADDR_NO_RANDOMIZE)) {
		personality(ADDR_NO_RANDOMIZE);
		execv("/proc/self/exe", argv);
		return 2;
	}
	prepare();
	for (stub = __start_stubs; stub < __stop_stubs; stub++) {
		if (*names && !is_named(stub->name, names))
			continue;
		if (apart)
			call_apart(stub);
		else
			call(stub);
	}
	return 0;
}

#else

int main(void)
{
	fprintf(stderr, "opcodes: these are those of x86-64\n");
	return 77;
}

#endif
