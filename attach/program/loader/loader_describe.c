// SPDX-License-Identifier: BSD-2-Clause
/* loader_describe.c - in the loader: what is in an object. */
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "attach/program/loader/loader_object.h"
#include "attach/program/loader/loader_variable.h"
#include "scope.h"

static int refuse_memory(struct err *e)
{
	return fail(e, ENOMEM, "no memory for what is in the object");
}

static int refuse_name(const char *what, const char *name, struct err *e)
{
	return fail(e, EINVAL,
		    "the %s '%.64s' has a name that no directory has", what,
		    name);
}

static int describe_program(const struct loader_program *from,
			    struct object_program *to, struct err *e)
{
	const struct bpf_program *program = from->program;

	*to = (struct object_program){
		.name = strdup(bpf_program__name(program)),
		.section = strdup(bpf_program__section_name(program)),
		.kernel_name = strdup(from->kernel_name),
		.target = strdup(from->target),
		.type = bpf_program__type(program),
		.attach_type = bpf_program__expected_attach_type(program),
		.flags = from->flags,
		.insns = (uint32_t)bpf_program__insn_cnt(program),
		.autoload = bpf_program__autoload(program),
		.fd = -1,
	};
	if (!to->name || !to->section || !to->kernel_name || !to->target)
		return refuse_memory(e);
	return answer_name(to->name) ? 0 : refuse_name("program", to->name, e);
}

static int describe_programs(const struct loader_object *from,
			     struct object *to, struct err *e)
{
	int err = 0;

	to->programs = calloc(from->nprograms + 1, sizeof(*to->programs));
	if (!to->programs)
		return refuse_memory(e);
	while (!err && to->nprograms < from->nprograms) {
		err = describe_program(&from->programs[to->nprograms],
				       &to->programs[to->nprograms], e);
		to->nprograms++;
	}
	return err;
}

static int describe_map(const struct bpf_map *map, struct object_map *to,
			struct err *e)
{
	*to = (struct object_map){
		.name = strdup(loader_map_name(map)),
		.type = bpf_map__type(map),
		.key_size = bpf_map__key_size(map),
		.value_size = bpf_map__value_size(map),
		.max_entries = bpf_map__max_entries(map),
		.flags = bpf_map__map_flags(map),
		.variables = bpf_map__is_internal(map),
		.fd = -1,
	};
	if (!to->name)
		return refuse_memory(e);
	return answer_name(to->name) ? 0 : refuse_name("map", to->name, e);
}

static int describe_maps(const struct loader_object *from, struct object *to,
			 struct err *e)
{
	const struct bpf_map *map;
	int err;

	to->maps = calloc(OBJECT_MAPS, sizeof(*to->maps));
	if (!to->maps)
		return refuse_memory(e);
	bpf_object__for_each_map(map, from->object)
	{
		err = describe_map(map, &to->maps[to->nmaps++], e);
		if (err)
			return err;
	}
	return 0;
}

/* Where lines of `needs` and the wanted symbols go. */
struct sinks {
	FILE *needs, *symbols;
};

static void describe_extern(const struct sinks *sinks, const struct btf *btf,
			    const char *section, const struct btf_type *type)
{
	const char *name = btf__name_by_offset(btf, type->name_off);

	if (!name || !answer_name(name))
		return;
	if (!strcmp(section, ".kconfig")) {
		fprintf(sinks->needs, "kconfig:\t%s\n", name);
		return;
	}
	fprintf(sinks->needs, "%s:\t%s\n", btf_is_func(type) ? "kfunc" : "ksym",
		name);
	if (!btf_is_func(type))
		fprintf(sinks->symbols, "%s\n", name);
}

static void describe_externs(const struct loader_object *from,
			     const struct sinks *sinks)
{
	const struct btf *btf = bpf_object__btf(from->object);
	const struct btf_var_secinfo *info;
	const struct btf_type *type, *what;
	const char *section;
	uint32_t id, i;

	for (id = 1; btf && id < btf__type_cnt(btf); id++) {
		type = btf__type_by_id(btf, id);
		section = btf_is_datasec(type)
				  ? btf__name_by_offset(btf, type->name_off)
				  : NULL;
		if (!section || (strcmp(section, ".kconfig") != 0 &&
				 strcmp(section, ".ksyms") != 0))
			continue;
		for (i = 0; i < btf_vlen(type); i++) {
			info = btf_var_secinfos(type) + i;
			what = btf__type_by_id(btf, info->type);
			if (what)
				describe_extern(sinks, btf, section, what);
		}
	}
}

static int describe_needs(const struct loader_object *from,
			  struct answer_opened *out, struct err *e)
{
	size_t needs, symbols;
	struct sinks sinks = {
		.needs = open_memstream(&out->object->needs, &needs),
		.symbols = open_memstream(&out->symbols, &symbols),
	};
	int err = 0;

	if (sinks.needs && sinks.symbols)
		describe_externs(from, &sinks);
	if (!sinks.needs || fclose(sinks.needs) || !sinks.symbols ||
	    fclose(sinks.symbols))
		return refuse_memory(e);
	if (symbols >= ANSWER_SYMBOLS || needs >= ANSWER_SYMBOLS)
		err = fail(e, E2BIG, "the object wants too many symbols");
	return err;
}

/* libbpf 1.1 keeps it for itself. */
static char *license_of(const struct loader_object *object)
{
	Elf *elf = elf_memory(object->data, object->size);
	char *license = NULL;
	Elf_Scn *section = NULL;
	const char *name;
	Elf_Data *data;
	GElf_Shdr head;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		names = 0;
	while (!license && (section = elf_nextscn(elf, section))) {
		name = gelf_getshdr(section, &head)
			       ? elf_strptr(elf, names, head.sh_name)
			       : NULL;
		data = name && !strcmp(name, "license")
			       ? elf_getdata(section, NULL)
			       : NULL;
		if (data && data->d_buf)
			license = strndup(data->d_buf, data->d_size < 127
							       ? data->d_size
							       : 127);
	}
	elf_end(elf);
	return license ? license : strdup("");
}

int loader_describe(const struct loader_object *object,
		    struct answer_opened *out, struct err *e)
{
	int err;

	out->object = calloc(1, sizeof(*out->object));
	if (!out->object)
		return refuse_memory(e);
	out->object->license = license_of(object);
	err = describe_programs(object, out->object, e);
	err = err ? err : describe_maps(object, out->object, e);
	err = err ? err : loader_variables(object, out->object, e);
	err = err ? err : describe_needs(object, out, e);
	return err || out->object->license ? err : refuse_memory(e);
}
