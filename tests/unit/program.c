// SPDX-License-Identifier: BSD-2-Clause
/* program.c - finding programs by id, tag and name. */
#include <errno.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/find.h"
#include "attach/kernel/program.h"
#include "scope.h"
#include "tests/unit/check.h"

static void test_malformed(void)
{
	static const struct {
		int (*find)(const char *text, struct err *e);
		const char *text;
		int code, pos;
		const char *sentence;
	} table[] = {
		{ find_prog_id, "", EINVAL, 0, "decimal" },
		{ find_prog_id, "x", EINVAL, 0, "'x'" },
		{ find_prog_id, "12x", EINVAL, 2, "'12x'" },
		{ find_prog_id, "-1", EINVAL, 0, "'-1'" },
		{ find_prog_id, " 1", EINVAL, 0, "' 1'" },
		{ find_prog_id, "+1", EINVAL, 0, "'+1'" },
		{ find_prog_id, "0x1", EINVAL, 1, "'0x1'" },
		{ find_prog_id, "4294967296", ERANGE, -1, "32 bits" },
		{ find_prog_id, "99999999999999999999", ERANGE, -1, "32 bits" },
		{ find_prog_tag, "", EINVAL, 0, "16 hex" },
		{ find_prog_tag, "0123456789abcde", EINVAL, 15, "16 hex" },
		{ find_prog_tag, "0123456789abcdefa", EINVAL, 16, "16 hex" },
		{ find_prog_tag, "0123456789abcdeg", EINVAL, 15, "16 hex" },
		{ find_prog_name, "", EINVAL, -1, "missing" },
	};
	struct err e;
	size_t i;

	for (EACH(table, i)) {
		e.text[0] = '\0';
		check_number(table[i].text, -table[i].code,
			     table[i].find(table[i].text, &e));
		check_number(table[i].text, table[i].pos, e.pos);
		check_holds(table[i].text, table[i].sentence, e.text);
	}
}

static void test_types(void)
{
	int i;

	check_holds("type 2", "kprobe",
		    program_type_name(BPF_PROG_TYPE_KPROBE));
	check_holds("type 32", "netfilter", program_type_name(32));
	check_holds("type 99", "type 99", program_type_name(99));
	for (i = 0; i <= 32; i++)
		check_true("no hole in the table",
			   strncmp(program_type_name(i), "type ", 5));
}

/* r0 = number; exit: a tag of its own, and a name. */
static int load(const char *name, int number)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .imm = number },
		{ .code = BPF_JMP | BPF_EXIT },
	};

	return bpf_prog_load_insns(BPF_PROG_TYPE_KPROBE, 0, 0, name, insns, 2);
}

static void test_missing(void)
{
	struct err e;

	check_number("id", -ENOENT, find_prog_id("2147483646", &e));
	check_holds("id", "2147483646", e.text);
	check_number("tag", -ENOENT, find_prog_tag("0123456789abcdef", &e));
	check_holds("tag", "'0123456789abcdef'", e.text);
	check_number("name", -ENOENT, find_prog_name("no_such", &e));
	check_holds("name", "'no_such'", e.text);
	check_number("name", -ENOENT,
		     find_prog_name("no_such_name_that_is_long", &e));
	check_holds("name", "'no_such_name_th' was compared", e.text);
}

static void same_program(const char *what, int fd, uint32_t id)
{
	struct program program = { 0 };

	check_true(what, fd >= 0);
	check_number(what, 0, program_info(fd, &program));
	check_number(what, id, program.id);
	fd_close(fd);
}

static void test_found(void)
{
	scoped_fd int first = load("probefs_unit_ab", getpid());
	scoped_fd int second = -1;
	struct program program = { 0 }, other = { 0 };
	char text[64];
	struct err e;

	check_number("info", 0, program_info(first, &program));
	check_holds("its name", "probefs_unit_ab", program.name);
	check_number("its type", BPF_PROG_TYPE_KPROBE, program.type);
	snprintf(text, sizeof(text), "%u", program.id);
	same_program("by id", find_prog_id(text, &e), program.id);
	same_program("by tag", find_prog_tag(program.tag, &e), program.id);
	same_program("by name", find_prog_name("probefs_unit_ab", &e),
		     program.id);
	same_program("by long name", find_prog_name("probefs_unit_abcd", &e),
		     program.id);
	check_number("by its beginning", -ENOENT,
		     find_prog_name("probefs_unit_a", &e));
	second = load("probefs_unit_ab", getpid());
	program_info(second, &other);
	check_number("by tag of two", -ENOTUNIQ,
		     find_prog_tag(program.tag, &e));
	snprintf(text, sizeof(text), "ids %u %u;", program.id, other.id);
	check_holds("by tag of two", text, e.text);
	check_number("by name of two", -ENOTUNIQ,
		     find_prog_name("probefs_unit_abcd", &e));
	check_holds("by name of two", "was compared", e.text);
}

static void test_many(void)
{
	int fds[12];
	struct err e;
	size_t i;

	for (EACH(fds, i))
		fds[i] = load("probefs_unit_mn", 1);
	check_number("many", -ENOTUNIQ, find_prog_name("probefs_unit_mn", &e));
	check_holds("many", "12 programs", e.text);
	check_holds("many", " and more;", e.text);
	for (EACH(fds, i))
		fd_close(fds[i]);
}

static void test_show(void)
{
	static const char *const lines[] = {
		"\ntype:\tkprobe\n",
		"\nname:\tprobefs_unit_sh\n",
		"\ntag:\t",
		"\ngpl:\t1\n",
		"\nloaded_at:\t20",
		"\nuid:\t",
		"\nbytes_xlated:\t16\n",
		"\nrun_cnt:\t",
		"\nrun_time_ns:\t",
		"\nrecursion_misses:\t",
	};
	scoped_fd int fd = load("probefs_unit_sh", 2);
	scoped_free char *text = NULL;
	struct program program = { 0 };
	size_t size = 0, i;
	FILE *out = open_memstream(&text, &size);
	struct err e;

	program_info(fd, &program);
	check_number("show", 0, program_show(program.id, out, &e));
	fclose(out);
	for (EACH(lines, i))
		check_holds("show", lines[i], text);
	check_number("show none", -ENOENT,
		     program_show(2147483646, stdout, &e));
}

static void test_no_program(void)
{
	struct program program;

	check_number("no descriptor", -EBADFD, program_info(-1, &program));
}

int main(void)
{
	scoped_fd int prog = bpf_prog_trivial(BPF_PROG_TYPE_KPROBE, 0);

	test_malformed();
	test_types();
	if (prog < 0) {
		check_skip("program", "not allowed here");
	} else {
		test_missing();
		test_found();
		test_many();
		test_show();
		test_no_program();
	}
	return check_end("program");
}
