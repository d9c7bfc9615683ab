// SPDX-License-Identifier: BSD-2-Clause
/* map_types.c - which types a map's keys and values have. */
#include <errno.h>
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/map/map_cpus.h"
#include "attach/kernel/map/map_types.h"

enum { CPU_ALIGN = 8 /* round_up(value_size, 8) of the kernel */ };

int map_info(int fd, struct bpf_map_info *info, struct err *e)
{
	uint32_t size = sizeof(*info);
	int err;

	memset(info, 0, sizeof(*info));
	err = bpf_info(fd, info, &size);
	return err ? fail(e, -err, "the kernel tells nothing of the map: %s",
			  strerror(errno_clamp(-err)))
		   : 0;
}

/* btf_vmlinux_id, 6.9: the object that the struct of a struct_ops map is in. */
static uint32_t kernel_btf_id(const struct bpf_map_info *info)
{
	uint32_t id;

	memcpy(&id,
	       (const char *)info +
		       offsetof(struct bpf_map_info, btf_value_type_id) +
		       sizeof(info->btf_value_type_id),
	       sizeof(id));
	return id;
}

static int read_kernel_types(struct map *map)
{
	struct btf_object object = { .name = "" };
	uint32_t id = kernel_btf_id(&map->info);
	int err;

	if (!id || btf_object_info(id, &object) ||
	    !strcmp(object.name, "vmlinux"))
		return btf_read(&map->btf, "vmlinux", NULL);
	err = btf_read(&map->base, "vmlinux", NULL);
	return err ? err : btf_read(&map->btf, object.name, &map->base);
}

static int read_types(struct map *map)
{
	int err;

	if (map->info.btf_vmlinux_value_type_id) {
		map->value_type = map->info.btf_vmlinux_value_type_id;
		return read_kernel_types(map);
	}
	if (!map->info.btf_id)
		return -ENOENT;
	map->key_type = map->info.btf_key_type_id;
	map->value_type = map->info.btf_value_type_id;
	err = btf_read_id(&map->btf, map->info.btf_id, NULL);
	/* It may go on where vmlinux's ends. */
	if (err != -EINVAL || btf_read(&map->base, "vmlinux", NULL))
		return err;
	return btf_read_id(&map->btf, map->info.btf_id, &map->base);
}

static int count_cpus(struct map *map, struct err *e)
{
	int cpus;

	map->cpus = 1;
	map->each = map->info.value_size;
	if (!map->type->per_cpu)
		return 0;
	cpus = map_cpus();
	if (cpus <= 0)
		return fail(e, EIO, "the number of possible CPUs is not known");
	map->cpus = (unsigned int)cpus;
	map->each = (map->each + CPU_ALIGN - 1) / CPU_ALIGN * CPU_ALIGN;
	return 0;
}

int map_open(int fd, struct map *map, struct err *e)
{
	int err;

	*map = (struct map){ .fd = fd };
	err = map_info(fd, &map->info, e);
	if (err)
		return err;
	map->type = map_type_of(map->info.type);
	err = count_cpus(map, e);
	if (err)
		return err;
	if (read_types(map) || btf_index_make(&map->index, &map->btf)) {
		btf_clear(&map->btf);
		btf_clear(&map->base);
		map->key_type = map->value_type = 0;
	}
	return 0;
}

int map_check_size(const struct map *map, struct err *e)
{
	if (map_value_bytes(map) + map->info.key_size <= MAP_BYTES)
		return 0;
	return fail(e, E2BIG, "a pair of the map has more than %d MiB",
		    MAP_BYTES >> 20);
}

void map_close(struct map *map)
{
	btf_index_clear(&map->index);
	btf_clear(&map->btf);
	btf_clear(&map->base);
}
