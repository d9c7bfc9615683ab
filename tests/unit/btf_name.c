// SPDX-License-Identifier: BSD-2-Clause
/* btf_name.c - names by id are those that a reading of the whole finds. */
#include <errno.h>

#include "attach/kernel/btf_name.h"
#include "tests/unit/check.h"

enum { EACH_ID = 509 }; /* a prime, so that each place in a step comes up */

struct reading {
	uint32_t obj_id;
	uint32_t first, last;
	uint32_t seen;
};

static int is_the_same(void *ctx, const struct btf_entry *entry)
{
	struct reading *reading = ctx;
	struct btf_name name;
	uint32_t id = entry->id;

	if (id % EACH_ID && id > reading->first + 130 && id != reading->last)
		return 0;
	reading->seen++;
	check_number("by id", 0, btf_name_get(reading->obj_id, id, &name));
	check_text("by id", entry->name, name.text);
	check_number("kind", entry->kind, name.kind);
	check_true("the kernel's", name.kernel);
	return strcmp(entry->name, name.text) != 0;
}

static void test_all(const struct btf_types *btf, uint32_t obj_id,
		     uint32_t first)
{
	struct reading reading = { obj_id, first, btf->id_end - 1, 0 };
	struct btf_name name;

	check_number("all alike", 0, btf_each(btf, is_the_same, &reading));
	check_true("some", reading.seen > 0);
	check_number("no id 0", -ENOENT, btf_name_get(obj_id, 0, &name));
	check_number("behind the last", -ENOENT,
		     btf_name_get(obj_id, btf->id_end, &name));
}

static int test_module(void *ctx, const char *module)
{
	const struct btf_types *vmlinux = ctx;
	struct btf_types btf;
	uint32_t obj_id = 0;

	if (!strcmp(module, "vmlinux") || btf_object_find(module, &obj_id))
		return 0;
	check_number(module, 0, btf_read(&btf, module, vmlinux));
	test_all(&btf, obj_id, vmlinux->id_end);
	btf_clear(&btf);
	return 0;
}

int main(void)
{
	struct btf_types vmlinux;
	struct btf_name name;
	uint32_t obj_id;

	check_number("no object", -ENOENT, btf_name_get(2147483646, 1, &name));
	if (btf_object_find("vmlinux", &obj_id)) {
		check_skip("vmlinux", "no BTF object is told to be vmlinux's");
		return check_end("btf_name");
	}
	check_number("vmlinux", 0, btf_read(&vmlinux, "vmlinux", NULL));
	test_all(&vmlinux, obj_id, 1);
	btf_each_module(test_module, &vmlinux);
	btf_clear(&vmlinux);
	return check_end("btf_name");
}
