// SPDX-License-Identifier: BSD-2-Clause
/* btf_name.c - from an id in BTF to a name. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vis.h>

#include "array.h"
#include "attach/kernel/btf_name.h"
#include "scope.h"

#define VMLINUX "/sys/kernel/btf/vmlinux"

enum { STEP = 64 };

/* vmlinux's, which never changes.  The lock is a leaf. */
static struct {
	pthread_mutex_t lock;
	struct btf_types bare; /* neither types nor strings */
	uint32_t types_at, types_size; /* in the file */
	uint32_t strings_at;
	uint32_t *steps; /* of each STEPth type, where it begins */
} vmlinux = { .lock = PTHREAD_MUTEX_INITIALIZER };

static int note_step(void *ctx, const struct btf_entry *entry)
{
	uint32_t *steps = ctx;

	if ((entry->id - 1) % STEP == 0)
		steps[(entry->id - 1) / STEP] = entry->at;
	return 0;
}

static int vmlinux_index(void)
{
	struct btf_types btf;
	uint32_t *steps;
	int err = btf_read(&btf, "vmlinux", NULL);

	if (err)
		return err;
	steps = calloc(btf.id_end / STEP + 1, sizeof(*steps));
	err = steps ? btf_each(&btf, note_step, steps) : -ENOMEM;
	if (!err) {
		vmlinux.bare.id_end = btf.id_end;
		vmlinux.bare.strings_end = btf.strings_end;
		vmlinux.types_at =
			(uint32_t)(btf.types - (const char *)btf.owned);
		vmlinux.types_size = btf.types_size;
		vmlinux.strings_at =
			(uint32_t)(btf.strings - (const char *)btf.owned);
		vmlinux.steps = steps;
		steps = NULL;
	}
	free(steps);
	btf_clear(&btf);
	return err;
}

/* Once; what it has made stays as it is, so that no reader takes the lock. */
static int vmlinux_ready(void)
{
	int err;

	pthread_mutex_lock(&vmlinux.lock);
	err = vmlinux.steps ? 0 : vmlinux_index();
	pthread_mutex_unlock(&vmlinux.lock);
	return err;
}

static int vmlinux_string(int fd, uint32_t offset, char text[BTF_NAME])
{
	ssize_t got = pread(fd, text, BTF_NAME - 1,
			    (off_t)vmlinux.strings_at + offset);

	if (got <= 0)
		return got ? -errno : -EINVAL;
	text[got] = '\0';
	return 0;
}

/* sysfs gives no more than a page at once. */
static int vmlinux_read(int fd, char *to, size_t size, uint32_t at)
{
	size_t done = 0;
	ssize_t got;

	while (done < size) {
		got = pread(fd, to + done, size - done, (off_t)at + done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EINVAL;
		done += (size_t)got;
	}
	return 0;
}

/* The types from the STEPth before it on are as BTF that is split from there. */
static int vmlinux_entry(int fd, uint32_t id, struct btf_entry *entry)
{
	uint32_t step = (id - 1) / STEP, next = (step + 1) * STEP + 1;
	uint32_t from = vmlinux.steps[step];
	uint32_t end = next < vmlinux.bare.id_end ? vmlinux.steps[step + 1]
						  : vmlinux.types_size;
	scoped_free char *types = malloc(end - from);
	struct btf_types base = {
		.id_end = step * STEP + 1,
		.strings_end = vmlinux.bare.strings_end,
	};
	struct btf_types part = {
		.base = &base,
		.types = types,
		.types_size = end - from,
		.strings_end = vmlinux.bare.strings_end,
	};
	int err;

	if (!types)
		return -ENOMEM;
	err = vmlinux_read(fd, types, end - from, vmlinux.types_at + from);
	if (err)
		return err;
	return btf_entry_of(&part, id, entry) ? 0 : -ENOENT;
}

static int name_in_vmlinux(uint32_t id, struct btf_name *name)
{
	scoped_fd int fd = open(VMLINUX, O_RDONLY | O_CLOEXEC);
	struct btf_entry entry = { 0 };
	int err;

	if (fd < 0)
		return -errno;
	if (!id || id >= vmlinux.bare.id_end)
		return -ENOENT;
	err = vmlinux_entry(fd, id, &entry);
	if (err)
		return err;
	name->kind = entry.kind;
	return vmlinux_string(fd, entry.name_off, name->text);
}

/* A name that vmlinux has as well is not repeated in a module's BTF. */
static int name_in_object(uint32_t obj_id, uint32_t id,
			  const struct btf_types *base, struct btf_name *name)
{
	scoped_fd int fd = -1;
	struct btf_types btf;
	struct btf_entry entry = { 0 };
	int err = btf_read_id(&btf, obj_id, base);

	if (!err && !btf_entry_of(&btf, id, &entry))
		err = -ENOENT;
	if (!err) {
		name->kind = entry.kind;
		snprintf(name->text, sizeof(name->text), "%s", entry.name);
	}
	btf_clear(&btf);
	if (err || !base || entry.name_off >= base->strings_end)
		return err;
	fd = open(VMLINUX, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : vmlinux_string(fd, entry.name_off, name->text);
}

int btf_name_get(uint32_t obj_id, uint32_t id, struct btf_name *name)
{
	struct btf_object object;
	int err = btf_object_info(obj_id, &object);
	bool own = !strcmp(object.name, "vmlinux");

	if (err)
		return err;
	*name = (struct btf_name){ .kernel = object.kernel };
	if (!object.kernel)
		return name_in_object(obj_id, id, NULL, name);
	err = vmlinux_ready();
	if (err)
		return err;
	if (own)
		return name_in_vmlinux(id, name);
	memcpy(name->module, object.name, sizeof(name->module));
	return name_in_object(obj_id, id, &vmlinux.bare, name);
}

/* What it is that a program is for, by the type's kind and its name's beginning. */
static const struct use {
	unsigned int kind;
	bool lsm;
	const char *prefix; /* of the kernel's making, and left out */
	const char *key;
} uses[] = {
	{ BTF_KIND_FUNC, true, "bpf_lsm_", "hook" },
	{ BTF_KIND_FUNC, false, "", "function" },
	{ BTF_KIND_TYPEDEF, false, "btf_trace_", "tp_name" },
	{ BTF_KIND_STRUCT, false, "", "struct" },
};

static const struct use *use_find(const struct btf_name *name, bool lsm)
{
	size_t i;

	for (i = 0; i < COUNT(uses); i++)
		if (uses[i].kind == name->kind && uses[i].lsm == lsm &&
		    !strncmp(name->text, uses[i].prefix,
			     strlen(uses[i].prefix)))
			return &uses[i];
	return NULL;
}

void btf_name_show(uint32_t obj_id, uint32_t id, bool lsm, FILE *out)
{
	struct btf_name name;
	const struct use *use;
	char safe[4 * BTF_NAME];

	if (!id || btf_name_get(obj_id, id, &name))
		return;
	use = use_find(&name, lsm);
	if (!use || !name.text[0])
		return;
	strvis(safe, name.text + strlen(use->prefix),
	       VIS_TAB | VIS_NL | VIS_CSTYLE);
	fprintf(out, "%s%s:\t%s%s%s\n", name.kernel ? "" : "program_", use->key,
		name.module, name.module[0] ? ":" : "", safe);
}
