// SPDX-License-Identifier: BSD-2-Clause
/* builtin_load.c - getting the embedded programs into the kernel by libbpf. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>

#include "attach/program/builtin.h"
#include "scope.h"

enum { LOG_SIZE = 16384 };

int builtin_cpus(void)
{
	return libbpf_num_possible_cpus();
}

/*
 * As what this thread is loading a program: libbpf finds a function by its name
 * only, of whatever module; by ids there is but this way.
 */
static _Thread_local struct {
	uint32_t btf_id;
	int obj_fd; /* of a module's BTF, or 0 */
	int prog_fd; /* of the program whose function it is, or 0 */
} target;

static int set_target(struct bpf_program *program,
		      struct bpf_prog_load_opts *opts, long cookie)
{
	(void)program;
	(void)cookie;
	opts->attach_btf_id = target.btf_id;
	opts->attach_btf_obj_fd = (uint32_t)target.obj_fd;
	opts->attach_prog_fd = (uint32_t)target.prog_fd;
	return 0;
}

/*
 * libbpf would write to our standard error, which is nobody's.  The section is
 * that of the built-in programs.
 */
static void set_up(void)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts,
		    .prog_prepare_load_fn = set_target);

	libbpf_set_print(NULL);
	libbpf_register_prog_handler("probefs", BPF_PROG_TYPE_KPROBE, 0, &opts);
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
	     strerror(errno_clamp(code)));
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

bool load_as_same(const struct load_as *a, const struct load_as *b)
{
	return a->type == b->type && a->attach_type == b->attach_type &&
	       a->obj_id == b->obj_id && a->btf_id == b->btf_id &&
	       a->prog_id == b->prog_id;
}

/* The constants of the programs: see count.bpf.c. */
static int set_constants(struct bpf_object *object, const struct load_as *as)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata");
	const int constants[] = {
		as->neutral,
		as->type == BPF_PROG_TYPE_CGROUP_SOCKOPT,
	};

	return map ? bpf_map__set_initial_value(map, constants,
						sizeof(constants))
		   : -ENOENT;
}

static int load_for(struct bpf_object *object, const struct load_as *as)
{
	scoped_fd int btf =
		as->obj_id ? bpf_btf_get_fd_by_id_opts(as->obj_id, NULL) : -1;
	scoped_fd int prog =
		as->prog_id ? bpf_prog_get_fd_by_id(as->prog_id) : -1;
	int err;

	if (as->obj_id && btf < 0)
		return btf;
	if (as->prog_id && prog < 0)
		return prog;
	target.btf_id = as->btf_id;
	target.obj_fd = btf < 0 ? 0 : btf;
	target.prog_fd = prog < 0 ? 0 : prog;
	err = bpf_object__load(object);
	target.btf_id = 0;
	return err;
}

static int load(struct bpf_object *object, const struct load_as *as)
{
	struct bpf_program *program = bpf_object__next_program(object, NULL);
	int err;

	err = bpf_program__set_type(program, as->type);
	if (!err)
		err = bpf_program__set_expected_attach_type(
			program, (enum bpf_attach_type)as->attach_type);
	if (!err)
		err = set_constants(object, as);
	if (!err)
		err = load_for(object, as);
	if (err)
		return err;
	/* The program lives on in its descriptor, and its maps in it. */
	err = fcntl(bpf_program__fd(program), F_DUPFD_CLOEXEC, 3);
	return err < 0 ? -errno : err;
}

int builtin_load(const struct builtin *builtin, const struct load_as *as,
		 struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char log[LOG_SIZE] = "";
	LIBBPF_OPTS(bpf_object_open_opts, opts, .kernel_log_buf = log,
		    .kernel_log_size = sizeof(log));
	struct bpf_object *object;
	int fd;

	pthread_once(&once, set_up);
	object = bpf_object__open_mem(
		builtin->object,
		(size_t)(builtin->object_end - builtin->object), &opts);
	if (!object)
		return fail(e, errno, "cannot open the built-in program '%s'",
			    builtin->name);
	fd = load(object, as);
	bpf_object__close(object);
	return fd < 0 ? explain_load(builtin->name, -fd, log, e) : fd;
}
