// SPDX-License-Identifier: BSD-2-Clause
/*
 * loader_calls.c - what libbpf calls on its way to bpf(2).
 *
 * libbpf 1.1 has no other means for the name that a program is loaded by, and
 * for types of modules that are got by descriptor, where a user may not by id.
 * Its calls between its own public functions come here, since those can be put
 * in the place of a shared library's.  In the daemon nothing else happens than
 * in libbpf.
 */
#include <bpf/bpf.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "attach/program/loader/loader_object.h"
#include "attach/program/sections.h"
#include "scope.h"

static struct loader_calls *calls; /* NULL but in the loader */

void loader_calls_begin(struct loader_calls *mine)
{
	calls = mine;
	calls->program = OBJECT_PROGRAMS;
	calls->map = OBJECT_MAPS;
}

/* Its place, or nprograms. */
static size_t place_of(const struct bpf_program *program)
{
	size_t i = 0;

	while (i < calls->object->nprograms &&
	       calls->object->programs[i].program != program)
		i++;
	return i;
}

static size_t place_of_insns(const struct bpf_insn *insns)
{
	const struct loader_object *object = calls ? calls->object : NULL;
	size_t i = 0;

	while (object && i < object->nprograms &&
	       bpf_program__insns(object->programs[i].program) != insns)
		i++;
	return object ? i : 0;
}

int bpf_prog_load(enum bpf_prog_type type, const char *name,
		  const char *license, const struct bpf_insn *insns,
		  size_t insn_cnt, const struct bpf_prog_load_opts *opts)
{
	__typeof__(bpf_prog_load) *real;
	size_t place = place_of_insns(insns);
	bool ours = calls && place < calls->object->nprograms;
	int fd;

	*(void **)&real = dlsym(RTLD_NEXT, __func__);
	if (ours && name)
		name = calls->object->programs[place].kernel_name;
	fd = real(type, name, license, insns, insn_cnt, opts);
	if (ours)
		calls->program = fd < 0 ? (uint32_t)place : OBJECT_PROGRAMS;
	return fd;
}

/* Its place, or OBJECT_MAPS.  The name is that for the kernel. */
static uint32_t map_of(const char *name)
{
	struct bpf_map *map;
	uint32_t place = 0;

	if (!calls || !name)
		return OBJECT_MAPS;
	bpf_object__for_each_map(map, calls->object->object)
	{
		if (!strncmp(bpf_map__name(map), name, strlen(name)))
			return place;
		place++;
	}
	return OBJECT_MAPS;
}

int bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size,
		   __u32 value_size, __u32 max_entries,
		   const struct bpf_map_create_opts *opts)
{
	__typeof__(bpf_map_create) *real;
	uint32_t place = map_of(name);
	int fd;

	*(void **)&real = dlsym(RTLD_NEXT, __func__);
	fd = real(type, name, key_size, value_size, max_entries, opts);
	if (place < OBJECT_MAPS)
		calls->map = fd < 0 ? place : OBJECT_MAPS;
	return fd;
}

/* Without an answer the object is loaded as if there were no modules. */
static void ask_modules(void)
{
	const struct message ask = { .type = LOADER_MODULES_WANTED };
	const struct message_limit limit = { .nfds = LOADER_MODULES };

	if (calls->asked)
		return;
	calls->asked = true;
	if (!channel_send(calls->channel, &ask))
		channel_receive(calls->channel, &limit, &calls->modules);
}

/* The ids of modules are their places here, from 1. */
int bpf_btf_get_next_id(__u32 start_id, __u32 *next_id)
{
	__typeof__(bpf_btf_get_next_id) *real;

	if (!calls) {
		*(void **)&real = dlsym(RTLD_NEXT, __func__);
		return real(start_id, next_id);
	}
	ask_modules();
	if (start_id >= calls->modules.nfds) {
		errno = ENOENT;
		return -ENOENT;
	}
	*next_id = start_id + 1;
	return 0;
}

int bpf_btf_get_fd_by_id(__u32 id)
{
	__typeof__(bpf_btf_get_fd_by_id) *real;
	int fd;

	if (!calls) {
		*(void **)&real = dlsym(RTLD_NEXT, __func__);
		return real(id);
	}
	if (!id || id > calls->modules.nfds) {
		errno = ENOENT;
		return -ENOENT;
	}
	fd = fcntl(calls->modules.fds[id - 1], F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

/*
 * Instead of what libbpf would do, which looks up targets by their names only.
 * It has found by itself what a program of struct_ops is for.
 */
static int prepare(struct bpf_program *program, struct bpf_prog_load_opts *opts,
		   long cookie)
{
	size_t place = calls ? place_of(program) : 0;
	const struct loader_target *target;

	(void)cookie;
	if (!calls || place >= calls->supply->ntargets ||
	    bpf_program__type(program) == BPF_PROG_TYPE_STRUCT_OPS)
		return 0;
	target = &calls->supply->targets[place];
	opts->prog_flags |= calls->object->programs[place].flags;
	opts->attach_btf_id = target->btf_id;
	if (target->btf_fd >= 0)
		opts->attach_btf_obj_fd = (uint32_t)target->btf_fd;
	if (target->prog_fd >= 0)
		opts->attach_prog_fd = (uint32_t)target->prog_fd;
	return 0;
}

int loader_calls_register(void)
{
	LIBBPF_OPTS(libbpf_prog_handler_opts, opts,
		    .prog_prepare_load_fn = prepare);
	const struct section_row *row;
	char name[OBJECT_TEXT];
	int id;

	for (row = sections; row->name; row++) {
		snprintf(name, sizeof(name), "%s+", row->name);
		id = libbpf_register_prog_handler(
			name, row->type, (enum bpf_attach_type)row->attach_type,
			&opts);
		if (id < 0)
			return id;
	}
	id = libbpf_register_prog_handler(NULL, BPF_PROG_TYPE_UNSPEC, 0, &opts);
	return id < 0 ? id : 0;
}
