// SPDX-License-Identifier: BSD-2-Clause
/* btf.c - reading BTF. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "attach/kernel/bpf.h"
#include "attach/kernel/btf.h"
#include "scope.h"

#define FOLDER "/sys/kernel/btf"

/* 24 bits of count and 7 of kind since 7.1; the added ones were 0 before. */
enum { COUNT_MASK = 0xffffff, KIND_SHIFT = 24, KIND_MASK = 0x7f };
enum { FLAG_SHIFT = 31 };

/* What follows a type's struct btf_type, by its kind; btf_type_size(). */
static const struct tail {
	bool known;
	uint8_t fixed;
	uint8_t each; /* for each of its members */
} tails[] = {
	[BTF_KIND_INT] = { true, 4, 0 },
	[BTF_KIND_PTR] = { true, 0, 0 },
	[BTF_KIND_ARRAY] = { true, sizeof(struct btf_array), 0 },
	[BTF_KIND_STRUCT] = { true, 0, sizeof(struct btf_member) },
	[BTF_KIND_UNION] = { true, 0, sizeof(struct btf_member) },
	[BTF_KIND_ENUM] = { true, 0, sizeof(struct btf_enum) },
	[BTF_KIND_FWD] = { true, 0, 0 },
	[BTF_KIND_TYPEDEF] = { true, 0, 0 },
	[BTF_KIND_VOLATILE] = { true, 0, 0 },
	[BTF_KIND_CONST] = { true, 0, 0 },
	[BTF_KIND_RESTRICT] = { true, 0, 0 },
	[BTF_KIND_FUNC] = { true, 0, 0 },
	[BTF_KIND_FUNC_PROTO] = { true, 0, sizeof(struct btf_param) },
	[BTF_KIND_VAR] = { true, sizeof(struct btf_var), 0 },
	[BTF_KIND_DATASEC] = { true, 0, sizeof(struct btf_var_secinfo) },
	[BTF_KIND_FLOAT] = { true, 0, 0 },
	[BTF_KIND_DECL_TAG] = { true, sizeof(struct btf_decl_tag), 0 },
	[BTF_KIND_TYPE_TAG] = { true, 0, 0 },
	[BTF_KIND_ENUM64] = { true, 0, sizeof(struct btf_enum64) },
};

const char *btf_string(const struct btf_types *btf, uint32_t offset)
{
	uint32_t begin = btf->base ? btf->base->strings_end : 0;

	if (offset >= btf->strings_end)
		return NULL;
	if (offset < begin)
		return btf_string(btf->base, offset);
	return btf->strings ? btf->strings + (offset - begin) : "";
}

/* The type at *at, which becomes where the next one is. */
static int entry_read(const struct btf_types *btf, uint32_t *at,
		      struct btf_entry *entry)
{
	struct btf_type type;
	const struct tail *tail;
	uint64_t size = sizeof(type);

	if (btf->types_size - *at < sizeof(type))
		return -EINVAL;
	memcpy(&type, btf->types + *at, sizeof(type));
	entry->at = *at;
	entry->name_off = type.name_off;
	entry->kind = type.info >> KIND_SHIFT & KIND_MASK;
	entry->count = type.info & COUNT_MASK;
	entry->flag = type.info >> FLAG_SHIFT;
	entry->type = type.type;
	entry->name = btf_string(btf, type.name_off);
	if (entry->kind >= COUNT(tails) || !tails[entry->kind].known)
		return -EINVAL;
	tail = &tails[entry->kind];
	size += tail->fixed + (uint64_t)tail->each * entry->count;
	if (!entry->name || size > btf->types_size - *at)
		return -EINVAL;
	*at += (uint32_t)size;
	return 0;
}

static uint32_t id_begin(const struct btf_types *btf)
{
	return btf->base ? btf->base->id_end : 1;
}

static int types_count(struct btf_types *btf)
{
	struct btf_entry entry;
	uint32_t at = 0;
	int err;

	for (btf->id_end = id_begin(btf); at < btf->types_size; btf->id_end++) {
		err = entry_read(btf, &at, &entry);
		if (err)
			return err;
	}
	return 0;
}

static bool is_within(uint64_t offset, uint64_t length, size_t size)
{
	return offset <= size && length <= size - offset;
}

static bool header_good(const struct btf_header *header, size_t size)
{
	return header->magic == BTF_MAGIC && header->version == BTF_VERSION &&
	       header->hdr_len >= sizeof(*header) &&
	       is_within((uint64_t)header->hdr_len + header->type_off,
			 header->type_len, size) &&
	       is_within((uint64_t)header->hdr_len + header->str_off,
			 header->str_len, size);
}

int btf_parse(struct btf_types *btf, const void *data, size_t size,
	      const struct btf_types *base)
{
	struct btf_header header;
	const char *body;
	uint32_t begin = base ? base->strings_end : 0;

	*btf = (struct btf_types){ .base = base };
	if (size < sizeof(header) || size > BTF_SIZE_MAX)
		return -EINVAL;
	memcpy(&header, data, sizeof(header));
	if (!header_good(&header, size))
		return -EINVAL;
	body = (const char *)data + header.hdr_len;
	btf->types = body + header.type_off;
	btf->types_size = header.type_len;
	btf->strings = body + header.str_off;
	btf->strings_size = header.str_len;
	btf->strings_end = begin + header.str_len;
	/* Split BTF may have no string of its own. */
	if (header.str_len ? btf->strings[header.str_len - 1] != '\0' : !base)
		return -EINVAL;
	return types_count(btf);
}

void btf_clear(struct btf_types *btf)
{
	free(btf->owned);
	*btf = (struct btf_types){ 0 };
}

/* Takes data, whether it is good or not. */
static int parse_owned(struct btf_types *btf, char *data, size_t size,
		       const struct btf_types *base)
{
	int err = btf_parse(btf, data, size, base);

	if (err) {
		*btf = (struct btf_types){ 0 };
		free(data);
		return err;
	}
	btf->owned = data;
	return 0;
}

static int read_whole(int fd, char *data, size_t size)
{
	size_t done = 0;
	ssize_t got;

	while (done < size) {
		got = read(fd, data + done, size - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -EINVAL;
		done += (size_t)got;
	}
	return 0;
}

int btf_read_fd(struct btf_types *btf, int fd, const struct btf_types *base)
{
	scoped_free char *data = NULL;
	struct stat st;
	int err;

	*btf = (struct btf_types){ 0 };
	if (fstat(fd, &st))
		return -errno;
	if (st.st_size <= 0 || st.st_size > BTF_SIZE_MAX)
		return -EINVAL;
	data = malloc((size_t)st.st_size);
	if (!data)
		return -ENOMEM;
	err = read_whole(fd, data, (size_t)st.st_size);
	return err ? err
		   : parse_owned(btf, take(data), (size_t)st.st_size, base);
}

int btf_read(struct btf_types *btf, const char *module,
	     const struct btf_types *base)
{
	char path[sizeof(FOLDER "/") + BTF_OBJECT_NAME];
	scoped_fd int fd = -1;

	*btf = (struct btf_types){ 0 };
	if (!*module || *module == '.' || strchr(module, '/') ||
	    strlen(module) >= BTF_OBJECT_NAME)
		return -ENOENT;
	snprintf(path, sizeof(path), FOLDER "/%s", module);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : btf_read_fd(btf, fd, base);
}

/* Its types go into data of *size bytes; *size becomes how many there are. */
static int object_get(int fd, char *data, uint32_t *size,
		      struct btf_object *object)
{
	struct bpf_btf_info info = {
		.btf = (uintptr_t)data,
		.btf_size = *size,
		.name = (uintptr_t)object->name,
		.name_len = sizeof(object->name),
	};
	uint32_t length = sizeof(info);
	int err = bpf_info(fd, &info, &length);

	/* A kernel before 5.11 refuses what it does not know: E2BIG. */
	if (err == -E2BIG) {
		length = offsetof(struct bpf_btf_info, name);
		info.name = info.name_len = 0;
		err = bpf_info(fd, &info, &length);
	}
	if (err)
		return err;
	*size = info.btf_size;
	object->id = info.id;
	object->kernel = length >= sizeof(info) && info.kernel_btf;
	return 0;
}

int btf_object_info(uint32_t id, struct btf_object *object)
{
	scoped_fd int fd = bpf_btf_by_id(id);
	uint32_t size = 0;

	*object = (struct btf_object){ 0 };
	return fd < 0 ? fd : object_get(fd, NULL, &size, object);
}

int btf_read_id(struct btf_types *btf, uint32_t id,
		const struct btf_types *base)
{
	scoped_fd int fd = bpf_btf_by_id(id);
	scoped_free char *data = NULL;
	struct btf_object object = { 0 };
	uint32_t size = 0, room;
	int err;

	*btf = (struct btf_types){ 0 };
	err = fd < 0 ? fd : object_get(fd, NULL, &size, &object);
	if (err)
		return err;
	if (!size || size > BTF_SIZE_MAX)
		return -EINVAL;
	data = malloc(size);
	if (!data)
		return -ENOMEM;
	room = size;
	err = object_get(fd, data, &size, &object);
	if (err)
		return err;
	return size > room ? -EINVAL : parse_owned(btf, take(data), size, base);
}

int btf_each(const struct btf_types *btf,
	     int (*seen)(void *ctx, const struct btf_entry *entry), void *ctx)
{
	struct btf_entry entry = { .id = id_begin(btf) };
	uint32_t at = 0;
	int err = 0;

	for (; !err && at < btf->types_size; entry.id++) {
		err = entry_read(btf, &at, &entry);
		if (!err)
			err = seen(ctx, &entry);
	}
	return err;
}

struct wanted {
	unsigned int kind;
	const char *name; /* NULL: the id is what is wanted */
	uint32_t id;
	struct btf_entry *found;
};

static int is_named(void *ctx, const struct btf_entry *entry)
{
	struct wanted *wanted = ctx;

	if (entry->kind != wanted->kind || strcmp(entry->name, wanted->name))
		return 0;
	wanted->id = entry->id;
	return 1;
}

uint32_t btf_find(const struct btf_types *btf, unsigned int kind,
		  const char *name)
{
	struct wanted wanted = { .kind = kind, .name = name };

	btf_each(btf, is_named, &wanted);
	return wanted.id;
}

static int is_numbered(void *ctx, const struct btf_entry *entry)
{
	struct wanted *wanted = ctx;

	if (entry->id != wanted->id)
		return 0;
	*wanted->found = *entry;
	return 1;
}

bool btf_entry_of(const struct btf_types *btf, uint32_t id,
		  struct btf_entry *entry)
{
	struct wanted wanted = { .id = id, .found = entry };

	while (btf->base && id < id_begin(btf))
		btf = btf->base;
	return btf_each(btf, is_numbered, &wanted) == 1;
}

const char *btf_entry_at(const struct btf_types *btf, uint32_t id, uint32_t at,
			 struct btf_entry *entry)
{
	uint32_t end = at;

	while (btf->base && id < id_begin(btf))
		btf = btf->base;
	entry->id = id;
	return entry_read(btf, &end, entry)
		       ? NULL
		       : btf->types + at + sizeof(struct btf_type);
}

int btf_object_find(const char *module, uint32_t *id)
{
	struct btf_object object;
	int err;

	for (*id = 0; (err = bpf_btf_next(id)) == 0;)
		if (!btf_object_info(*id, &object) && object.kernel &&
		    !strcmp(object.name, module))
			return 0;
	*id = 0;
	return err;
}

static int is_module(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, "vmlinux");
}

int btf_each_module(int (*seen)(void *ctx, const char *module), void *ctx)
{
	struct dirent **names;
	int count = scandir(FOLDER, &names, is_module, alphasort);
	int i, err;

	if (count < 0)
		return -errno;
	err = seen(ctx, "vmlinux");
	for (i = 0; i < count; i++) {
		if (!err)
			err = seen(ctx, names[i]->d_name);
		free(names[i]);
	}
	free(names);
	return err;
}
