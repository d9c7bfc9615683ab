/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * btf.h - the types and functions that BTF describes: the kernel's own, a
 * module's, a BPF program's.
 *
 * A module's BTF goes on where vmlinux's ends, in ids and in names; so it is
 * read with vmlinux's as its base, which has to outlive it.  Nothing is kept
 * after btf_clear(): vmlinux's is 5 MB and more.
 */
#ifndef ATTACH_KERNEL_BTF_H
#define ATTACH_KERNEL_BTF_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BTF_OBJECT_NAME = 64, /* MODULE_NAME_LEN at most, NUL included */
	BTF_NAME = 512, /* KSYM_NAME_LEN since 6.1, NUL included */
	BTF_SIZE_MAX = 64 << 20, /* no kernel's is near that */
};

struct btf_types {
	const struct btf_types *base; /* NULL: the ids begin with 1 */
	const char *types;
	const char *strings; /* NULL in a base that is not read: all are "" */
	uint32_t types_size;
	uint32_t strings_size;
	uint32_t id_end; /* behind the last, the base's included */
	uint32_t strings_end; /* the same */
	void *owned; /* what btf_clear() frees; NULL when borrowed */
};

struct btf_entry {
	uint32_t id;
	unsigned int kind; /* BTF_KIND_... */
	uint32_t type; /* what it refers to, or its size */
	uint32_t count; /* of members; a FUNC's linkage */
	uint32_t at; /* offset in the types */
	uint32_t name_off; /* offset in the strings, the base's first */
	const char *name; /* "" without one */
	bool flag; /* signed enumerators, members with sizes in bits, a union's FWD */
};

/*
 * Looks at all of data once, so that nothing that follows can leave it.  data
 * stays the caller's.  EINVAL for what is no BTF; it can be anybody's bytes.
 */
int btf_parse(struct btf_types *btf, const void *data, size_t size,
	      const struct btf_types *base);

/* Frees what btf_read...() have read; may be called twice. */
void btf_clear(struct btf_types *btf);

static inline void scope_btf(struct btf_types *btf)
{
	btf_clear(btf);
}

#define scoped_btf __attribute__((cleanup(scope_btf)))

/*
 * Of the running kernel: "vmlinux" with a NULL base, or a module.  ENOENT: the
 * kernel was built without (5.4, modules 5.11), or has no such module.
 */
int btf_read(struct btf_types *btf, const char *module,
	     const struct btf_types *base);

/* All of a file, from where its descriptor is; EINVAL as btf_parse(). */
int btf_read_fd(struct btf_types *btf, int fd, const struct btf_types *base);

/* Any BTF object of the kernel's by its id; needs CAP_SYS_ADMIN. */
int btf_read_id(struct btf_types *btf, uint32_t id,
		const struct btf_types *base);

/*
 * Each type of btf itself, in the order of the ids, until seen() returns
 * something else than 0, which is then the result.
 */
int btf_each(const struct btf_types *btf,
	     int (*seen)(void *ctx, const struct btf_entry *entry), void *ctx);

/* The first of that kind and name in btf, not in its base: its id, or 0. */
uint32_t btf_find(const struct btf_types *btf, unsigned int kind,
		  const char *name);

/* The type of that id, in btf or in its base. */
bool btf_entry_of(const struct btf_types *btf, uint32_t id,
		  struct btf_entry *entry);

/* What is named by that offset; NULL: it is behind the strings. */
const char *btf_string(const struct btf_types *btf, uint32_t offset);

/*
 * The type of that id, which begins at `at` (btf_function.h has an index): what
 * follows its struct btf_type.
 */
const char *btf_entry_at(const struct btf_types *btf, uint32_t id, uint32_t at,
			 struct btf_entry *entry);

/* What the kernel says of a BTF object without telling the types. */
struct btf_object {
	uint32_t id;
	bool kernel; /* vmlinux's or a module's; 5.11 */
	char name[BTF_OBJECT_NAME]; /* "vmlinux", a module, "" for others */
};

int btf_object_info(uint32_t id, struct btf_object *object);

/* The id of vmlinux's or a module's object; ENOENT; needs CAP_SYS_ADMIN. */
int btf_object_find(const char *module, uint32_t *id);

/*
 * "vmlinux" and then each module that has BTF, by name, until seen() returns
 * something else than 0, which is then the result.
 */
int btf_each_module(int (*seen)(void *ctx, const char *module), void *ctx);

#endif
