// SPDX-License-Identifier: BSD-2-Clause
/*
 * tool.c - what the tests ask of the kernel that no shell can: loading a
 * program of an object, reading its maps, listing ids, holding descriptors.
 *
 * Says nothing but what was asked for, or one line on stderr and exits 1.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel/abi.h"
#include "attach/kernel/link/link_info.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/program.h"

/* load OBJECT PROGRAM PIN [WAY] and pinmap OBJECT MAP PIN */

static const struct way {
	const char *name;
	enum bpf_attach_type expected;
	enum bpf_prog_type type; /* 0: that of the section */
} ways[] = {
	{ "none", 0, 0 },
	{ "multi-kprobe", (enum bpf_attach_type)BPF_TRACE_KPROBE_MULTI, 0 },
	{ "multi-uprobe", (enum bpf_attach_type)BPF_TRACE_UPROBE_MULTI, 0 },
	{ "session-kprobe", (enum bpf_attach_type)BPF_TRACE_KPROBE_SESSION, 0 },
	{ "session-uprobe", (enum bpf_attach_type)BPF_TRACE_UPROBE_SESSION, 0 },
	{ "multi-fentry", (enum bpf_attach_type)BPF_TRACE_FENTRY_MULTI,
	  BPF_PROG_TYPE_TRACING },
	{ "multi-fexit", (enum bpf_attach_type)BPF_TRACE_FEXIT_MULTI,
	  BPF_PROG_TYPE_TRACING },
	{ "netfilter", (enum bpf_attach_type)BPF_NETFILTER,
	  BPF_PROG_TYPE_NETFILTER },
};

static void set_way(struct bpf_program *program, const char *name)
{
	size_t i;

	if (!strcmp(name, "section"))
		return;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(ways[i].name, name) != 0)
			continue;
		if (ways[i].type)
			bpf_program__set_type(program, ways[i].type);
		bpf_program__set_expected_attach_type(program,
						      ways[i].expected);
		return;
	}
	errx(2, "no way '%s'", name);
}

static int complain(enum libbpf_print_level level, const char *format,
		    va_list args)
{
	if (level == LIBBPF_WARN)
		vfprintf(stderr, format, args);
	return 0;
}

static int pinned(const char *path)
{
	int fd = bpf_obj_get(path);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

/* An object with no program to load but the one of that name, if any. */
static struct bpf_object *object_open(const char *path, const char *name)
{
	struct bpf_object *object;
	struct bpf_program *program;

	libbpf_set_print(complain);
	object = bpf_object__open(path);
	if (!object)
		err(1, "%s", path);
	bpf_object__for_each_program(program, object) bpf_program__set_autoload(
		program, name && !strcmp(bpf_program__name(program), name));
	return object;
}

static int run_load(char **args)
{
	struct bpf_object *object = object_open(args[0], args[1]);
	struct bpf_program *program =
		bpf_object__find_program_by_name(object, args[1]);
	const char *way = args[3] ? args[3] : "none";

	if (!program)
		errx(1, "no program '%s' in %s", args[1], args[0]);
	if (strcmp(way, "section") != 0)
		set_way(program, way);
	if (bpf_object__load(object))
		err(1, "%s: %s", args[0], args[1]);
	if (bpf_obj_pin(bpf_program__fd(program), args[2]))
		err(1, "%s", args[2]);
	bpf_object__close(object);
	return 0;
}

/* load-on OBJECT PROGRAM PIN TARGET-PIN FUNCTION: for a program's function. */
static int run_load_on(char **args)
{
	struct bpf_object *object = object_open(args[0], args[1]);
	struct bpf_program *program =
		bpf_object__find_program_by_name(object, args[1]);

	if (!program)
		errx(1, "no program '%s' in %s", args[1], args[0]);
	if (bpf_program__set_attach_target(program, pinned(args[3]), args[4]) ||
	    bpf_object__load(object))
		err(1, "%s: %s", args[0], args[1]);
	if (bpf_obj_pin(bpf_program__fd(program), args[2]))
		err(1, "%s", args[2]);
	return 0;
}

static int run_pinmap(char **args)
{
	struct bpf_object *object = object_open(args[0], NULL);
	int fd;

	if (bpf_object__load(object))
		err(1, "%s", args[0]);
	fd = bpf_object__find_map_fd_by_name(object, args[1]);
	if (fd < 0 || bpf_obj_pin(fd, args[2]))
		err(1, "%s: %s", args[1], args[2]);
	bpf_object__close(object);
	return 0;
}

/* value PIN MAP [KEY] and reset PIN MAP: arrays of numbers of 64 bits. */

static int map_of(const char *pin, const char *name, uint32_t *entries)
{
	struct bpf_map_info info;
	int fd = program_map(pinned(pin), name, &info);

	if (fd < 0)
		errx(1, "%s: no map '%s'", pin, name);
	*entries = info.max_entries;
	return fd;
}

static int run_value(char **args)
{
	uint32_t entries, key = args[2] ? (uint32_t)atoi(args[2]) : 0;
	int fd = map_of(args[0], args[1], &entries);
	uint64_t value;

	if (bpf_map_lookup_elem(fd, &key, &value))
		errx(1, "%s: no key %u", args[1], key);
	printf("%" PRIu64 "\n", value);
	return 0;
}

static int run_reset(char **args)
{
	uint32_t entries, key;
	int fd = map_of(args[0], args[1], &entries);
	uint64_t zero = 0;

	for (key = 0; key < entries; key++)
		if (bpf_map_update_elem(fd, &key, &zero, BPF_ANY))
			err(1, "%s", args[1]);
	return 0;
}

/* fill PIN COUNT: a map of numbers of 32 or 64 bits, each its own value. */
static int run_fill(char **args)
{
	uint64_t value, count = (uint64_t)atoi(args[1]);
	int fd = pinned(args[0]);
	uint32_t key;

	for (value = 0; value < count; value++) {
		key = (uint32_t)value;
		if (bpf_map_update_elem(fd, &key, &value, BPF_ANY))
			err(1, "%s: element %u", args[0], key);
	}
	return 0;
}

/* ids: a line "prog|link ID PROGRAM-ID PROGRAM-NAME" for each. */

static void show_program(const char *what, uint32_t id, int fd)
{
	struct program program;

	if (fd >= 0 && !program_info(fd, &program))
		printf("%s %" PRIu32 " %" PRIu32 " %s\n", what, id, program.id,
		       program.name);
	if (fd >= 0)
		close(fd);
}

static void show_link(uint32_t id, int fd)
{
	struct link_info info;

	if (fd >= 0 && !link_info_get(fd, &info))
		show_program("link", id, bpf_prog_get_fd_by_id(info.prog_id));
	if (fd >= 0)
		close(fd);
}

static int run_ids(char **args)
{
	uint32_t id;

	(void)args;
	for (id = 0; !bpf_prog_get_next_id(id, &id);)
		show_program("prog", id, bpf_prog_get_fd_by_id(id));
	for (id = 0; !bpf_link_get_next_id(id, &id);)
		show_link(id, bpf_link_get_fd_by_id(id));
	return 0;
}

/* id PIN: of a pinned program. */
static int run_id(char **args)
{
	struct program program;

	if (program_info(pinned(args[0]), &program))
		errx(1, "%s: no program", args[0]);
	printf("%" PRIu32 "\n", program.id);
	return 0;
}

/* run PIN [COUNT]: trial runs on a packet of zeroes; prints the last result. */
static int run_run(char **args)
{
	char packet[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet,
		    .data_size_in = sizeof(packet),
		    .repeat = args[1] ? atoi(args[1]) : 1);

	if (bpf_prog_test_run_opts(pinned(args[0]), &opts))
		err(1, "%s", args[0]);
	printf("%" PRIu32 "\n", opts.retval);
	return 0;
}

/* with PIN FD COMMAND...: the command has the pinned object as descriptor. */
static int run_with(char **args)
{
	int wanted = atoi(args[1]);

	if (dup2(pinned(args[0]), wanted) < 0)
		err(1, "%s", args[1]);
	execvp(args[2], args + 2);
	err(1, "%s", args[2]);
}

/* uprobe PIN FILE OFFSET LINK-PIN: as others do it, the file by its path. */
static int run_uprobe(char **args)
{
	int event =
		perf_uprobe(args[1], strtoull(args[2], NULL, 0), 0, 0, false);
	int link =
		bpf_link_create(pinned(args[0]), event, BPF_PERF_EVENT, NULL);

	if (link < 0 || bpf_obj_pin(link, args[3]))
		err(1, "%s", args[3]);
	return 0;
}

/*
 * structops OBJECT FLAGS PIN...: the first maps of an object.  8192 is BPF_F_LINK
 * (6.4), for links; 0 is for none, and such a map is left empty.
 */
static int run_structops(char **args)
{
	struct bpf_object *object = bpf_object__open(args[0]);
	uint32_t flags = (uint32_t)atoi(args[1]);
	struct bpf_map *map;
	char **pin = args + 2;

	if (!object)
		err(1, "%s", args[0]);
	bpf_object__for_each_map(map, object) if (bpf_map__type(map) ==
						  BPF_MAP_TYPE_STRUCT_OPS)
		bpf_map__set_map_flags(map, flags);
	if (bpf_object__load(object))
		err(1, "%s", args[0]);
	bpf_object__for_each_map(map, object)
	{
		if (bpf_map__type(map) != BPF_MAP_TYPE_STRUCT_OPS)
			continue;
		if (!*pin)
			break;
		/* With the flag, it is only filled. */
		if ((flags && !bpf_map__attach_struct_ops(map)) ||
		    bpf_obj_pin(bpf_map__fd(map), *pin++))
			err(1, "%s", bpf_map__name(map));
	}
	return 0;
}

/*
 * hook PIN WHERE TYPE LINK-PIN: on a directory of a cgroup, or nowhere with -, by
 * the type's number.
 */
static int run_hook(char **args)
{
	bool nowhere = !strcmp(args[1], "-");
	int where = nowhere ? 0 : open(args[1], O_RDONLY | O_DIRECTORY);
	int type = atoi(args[2]), link;

	if (where < 0)
		err(1, "%s", args[1]);
	link = bpf_link_create(pinned(args[0]), where,
			       (enum bpf_attach_type)type, NULL);
	if (link < 0 || bpf_obj_pin(link, args[3]))
		err(1, "%s", args[3]);
	return 0;
}

/* two-writes FILE FIRST SECOND: through one descriptor, one after the other. */
/* A function, "MODULE:FUNCTION", or an address in hexadecimal digits after 0x. */
static int run_kprobe(char **args)
{
	bool at = !strncmp(args[1], "0x", 2);
	int event = at ? perf_kprobe_address(strtoull(args[1], NULL, 0), false)
		       : perf_kprobe(args[1], 0, false);
	int link =
		bpf_link_create(pinned(args[0]), event, BPF_PERF_EVENT, NULL);

	if (link < 0 || bpf_obj_pin(link, args[2]))
		err(1, "%s", args[2]);
	return 0;
}

static int run_two_writes(char **args)
{
	int fd = open(args[0], O_WRONLY), i;

	if (fd < 0)
		err(1, "%s", args[0]);
	for (i = 1; i <= 2; i++)
		if (write(fd, args[i], strlen(args[i])) < 0)
			err(1, "write %d", i);
	return 0;
}

/* cgroup-attach PIN DIRECTORY TYPE: without a link, and beside no other. */
static int run_cgroup_attach(char **args)
{
	int cgroup = open(args[1], O_RDONLY | O_DIRECTORY);

	if (bpf_prog_attach(pinned(args[0]), cgroup,
			    (enum bpf_attach_type)atoi(args[2]), 0))
		err(1, "%s", args[1]);
	return 0;
}

/* told PIN: whether a link on an event says that the program is not for one. */
static int run_told(char **args)
{
	int link = bpf_link_create(pinned(args[0]), -1, BPF_PERF_EVENT, NULL);

	if (link >= 0 || (errno != EINVAL && errno != EBADF))
		err(1, "%s", args[0]);
	return errno != EINVAL;
}

/* write FILE TEXT: one write; prints "ok" or the name of the errno. */
static int run_write(char **args)
{
	int fd = open(args[0], O_WRONLY);

	if (fd < 0)
		err(1, "%s", args[0]);
	if (write(fd, args[1], strlen(args[1])) < 0)
		puts(strerrorname_np(errno));
	else
		puts("ok");
	return 0;
}

static const struct command {
	const char *name;
	int min, max;
	int (*run)(char **args); /* ends with NULL */
	const char *usage;
} commands[] = {
	{ "load", 3, 4, run_load,
	  "OBJECT PROGRAM PIN [none|section|netfilter|{multi,session}-{kprobe,uprobe}|multi-{fentry,fexit}]" },
	{ "load-on", 5, 5, run_load_on,
	  "OBJECT PROGRAM PIN TARGET-PIN FUNCTION" },
	{ "pinmap", 3, 3, run_pinmap, "OBJECT MAP PIN" },
	{ "value", 2, 3, run_value, "PIN MAP [KEY]" },
	{ "reset", 2, 2, run_reset, "PIN MAP" },
	{ "fill", 2, 2, run_fill, "PIN COUNT" },
	{ "ids", 0, 0, run_ids, "" },
	{ "id", 1, 1, run_id, "PIN" },
	{ "run", 1, 2, run_run, "PIN [COUNT]" },
	{ "with", 3, 64, run_with, "PIN FD COMMAND..." },
	{ "uprobe", 4, 4, run_uprobe, "PIN FILE OFFSET LINK-PIN" },
	{ "hook", 4, 4, run_hook, "PIN WHERE TYPE LINK-PIN" },
	{ "structops", 3, 8, run_structops, "OBJECT FLAGS PIN..." },
	{ "kprobe", 3, 3, run_kprobe, "PIN WHERE LINK-PIN" },
	{ "cgroup-attach", 3, 3, run_cgroup_attach, "PIN DIRECTORY TYPE" },
	{ "told", 1, 1, run_told, "PIN" },
	{ "write", 2, 2, run_write, "FILE TEXT" },
	{ "two-writes", 3, 3, run_two_writes, "FILE FIRST SECOND" },
};

static const size_t ncommands = sizeof(commands) / sizeof(commands[0]);

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc > 1 && i < ncommands; i++) {
		const struct command *c = &commands[i];

		if (!strcmp(c->name, argv[1]) && argc - 2 >= c->min &&
		    argc - 2 <= c->max)
			return c->run(argv + 2);
	}
	for (i = 0; i < ncommands; i++)
		fprintf(stderr, "usage: tool %s %s\n", commands[i].name,
			commands[i].usage);
	return 2;
}
