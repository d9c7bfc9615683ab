// SPDX-License-Identifier: BSD-2-Clause
/* builtin_load.c - getting the embedded programs into the kernel by libbpf. */
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

#include "attach/program/builtin.h"

enum { LOG_SIZE = 16384 };

int builtin_cpus(void)
{
	return libbpf_num_possible_cpus();
}

/* libbpf would write to our standard error, which is nobody's. */
static void silence(void)
{
	libbpf_set_print(NULL);
}

static const char *last_line(char *log)
{
	size_t length = strlen(log);
	const char *newline;

	while (length && log[length - 1] == '\n')
		log[--length] = '\0';
	newline = strrchr(log, '\n');
	return newline ? newline + 1 : log;
}

static int explain_load(const char *name, int code, char *log, struct err *e)
{
	fail(e, code, "the kernel refused to load '%s': %s", name,
	     strerror(code));
	if (code == EPERM)
		fail_hint(
			e,
			"probefs needs CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, and before Linux 5.11 a large RLIMIT_MEMLOCK (LimitMEMLOCK=infinity)");
	if (code == ENOMEM)
		fail_hint(e, "raise RLIMIT_MEMLOCK or the cgroup's memory");
	if (log[0])
		fail_hint(e, "the verifier says: %s", last_line(log));
	return -code;
}

static int load(struct bpf_object *object, enum bpf_prog_type type,
		uint32_t expected)
{
	struct bpf_program *program = bpf_object__next_program(object, NULL);
	int err;

	err = bpf_program__set_type(program, type);
	if (!err)
		err = bpf_program__set_expected_attach_type(
			program, (enum bpf_attach_type)expected);
	if (!err)
		err = bpf_object__load(object);
	if (err)
		return err;
	/* The program lives on in its descriptor, and its maps in it. */
	err = fcntl(bpf_program__fd(program), F_DUPFD_CLOEXEC, 3);
	return err < 0 ? -errno : err;
}

int builtin_load(const struct builtin *builtin, enum bpf_prog_type type,
		 uint32_t expected, struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char log[LOG_SIZE] = "";
	LIBBPF_OPTS(bpf_object_open_opts, opts, .kernel_log_buf = log,
		    .kernel_log_size = sizeof(log));
	struct bpf_object *object;
	int fd;

	pthread_once(&once, silence);
	object = bpf_object__open_mem(
		builtin->object,
		(size_t)(builtin->object_end - builtin->object), &opts);
	if (!object)
		return fail(e, errno, "cannot open the built-in program '%s'",
			    builtin->name);
	fd = load(object, type, expected);
	bpf_object__close(object);
	return fd < 0 ? explain_load(builtin->name, -fd, log, e) : fd;
}
