// SPDX-License-Identifier: BSD-2-Clause
/* loader_object.c - in the loader: opening an object. */
#include <bpf/libbpf.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/kernel/program.h"
#include "attach/program/loader/jail.h"
#include "attach/program/loader/loader_object.h"
#include "attach/program/sections.h"
#include "scope.h"

static int read_bytes(int fd, struct loader_object *out, struct err *e)
{
	off_t size = lseek(fd, 0, SEEK_END);
	ssize_t got = 1;
	off_t done = 0;

	out->data = size > 0 ? malloc((size_t)size) : NULL;
	if (!size)
		return fail(e, EINVAL, "the object is empty");
	if (!out->data)
		return fail(e, ENOMEM, "no memory for the object");
	while (got > 0 && done < size) {
		got = pread(fd, out->data + done, (size_t)(size - done), done);
		if (got > 0)
			done += got;
	}
	out->size = (size_t)size;
	return done == size ? 0 : fail(e, EIO, "cannot read the object");
}

/*
 * libbpf 1.1 knows no section .struct_ops.link, whose maps are to be for links.
 * The name is cut in our copy, where ELF and BTF have it.
 */
static void cut_links(struct loader_object *object)
{
	static const char name[] = ".struct_ops.link";
	const size_t kept = sizeof(".struct_ops") - 1;
	char *at = object->data, *end = at + object->size;

	while ((at = memmem(at, (size_t)(end - at), name, sizeof(name)))) {
		at[kept] = '\0';
		at += kept;
		object->linked = true;
	}
}

/* The first that differs from what libbpf can open, which says little of it. */
static int refuse_bytes(const struct loader_object *object, struct err *e)
{
	const unsigned char *ident = (const unsigned char *)object->data;
	const int native = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 2 : 1;

	if (object->size < 64 || memcmp(ident, "\177ELF", 4) != 0)
		return fail(e, EINVAL,
			    "the object is no ELF file, as clang makes it");
	if (ident[4] != 2)
		return fail(
			e, EINVAL,
			"the object is a 32-bit ELF file; one of clang -target bpf is of 64 bits");
	if (ident[5] != native)
		return fail(
			e, EINVAL,
			"the object is of the other byte order; compile it with -target bpf");
	return 0;
}

/* As the kernel's bpf_obj_name_cpy() wants it. */
char *loader_kernel_name(const char *name)
{
	char *clean = strndup(name, PROG_NAME - 1), *c;

	for (c = clean; c && *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '_' && *c != '.')
			*c = '_';
	return clean;
}

static int add_program(struct loader_program *to, struct bpf_program *program,
		       struct err *e)
{
	const char *section = bpf_program__section_name(program), *rest = "";
	const struct section_row *row = sections_find(section, &rest);

	to->program = program;
	to->kernel_name = loader_kernel_name(bpf_program__name(program));
	to->target = strdup(row && row->rest == SECTION_TARGET ? rest : "");
	if (!to->kernel_name || !to->target)
		return fail(e, ENOMEM, "no memory");
	if (!row || row->type == BPF_PROG_TYPE_STRUCT_OPS)
		return 0;
	to->flags = row->flags;
	bpf_program__set_type(program, row->type);
	bpf_program__set_expected_attach_type(
		program, (enum bpf_attach_type)row->attach_type);
	return 0;
}

static int add_programs(struct loader_object *out, struct err *e)
{
	struct bpf_program *program;
	size_t count = 0;
	int err = 0;

	bpf_object__for_each_program(program, out->object) count++;
	if (count > OBJECT_PROGRAMS)
		return fail(e, E2BIG, "the object has more than %d programs",
			    OBJECT_PROGRAMS);
	out->programs = calloc(count + 1, sizeof(*out->programs));
	if (!out->programs)
		return fail(e, ENOMEM, "no memory");
	bpf_object__for_each_program(program, out->object)
	{
		err = add_program(&out->programs[out->nprograms], program, e);
		out->nprograms++;
		if (err)
			return err;
	}
	return 0;
}

/* Where something is pinned is what its file says, and nothing else. */
static int set_up_maps(struct loader_object *out, struct err *e)
{
	struct bpf_map *map;
	size_t count = 0;

	bpf_object__for_each_map(map, out->object)
	{
		bpf_map__set_pin_path(map, NULL);
		if (out->linked &&
		    bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS)
			bpf_map__set_map_flags(map, bpf_map__map_flags(map) |
							    ABI_MAP_F_LINK);
		if (++count > OBJECT_MAPS)
			return fail(e, E2BIG,
				    "the object has more than %d maps",
				    OBJECT_MAPS);
	}
	return 0;
}

int loader_object_open(const struct loader_request *request,
		       struct loader_object *out, struct err *e)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts,
		    .object_name = request->asked.name,
		    .kernel_log_level = request->asked.log_level);
	int err = read_bytes(request->asked.fd, out, e);

	err = err ? err : refuse_bytes(out, e);
	if (err)
		return err;
	cut_links(out);
	if (request->asked.btf_fd >= 0)
		opts.btf_custom_path = JAIL_BTF;
	err = loader_calls_register();
	if (err)
		return fail(e, -err, "libbpf knows no sections of ours");
	out->object = bpf_object__open_mem(out->data, out->size, &opts);
	if (!out->object)
		return fail(e, errno == ENOMEM ? ENOMEM : EINVAL,
			    "libbpf cannot open the object");
	err = add_programs(out, e);
	return err ? err : set_up_maps(out, e);
}

struct bpf_map *loader_object_section(const struct loader_object *object,
				      const char *section)
{
	struct bpf_map *map =
		bpf_object__find_map_by_name(object->object, section);

	return map && bpf_map__is_internal(map) ? map : NULL;
}
