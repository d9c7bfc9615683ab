// SPDX-License-Identifier: BSD-2-Clause
/* bpf.c - bpf(2), one function a command. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "array.h"
#include "attach/kernel/bpf.h"

/*
 * A kernel takes attributes longer than its own as long as the rest is zero
 * (bpf_check_uarg_tail_zero(), 4.4), so the size is always ours.
 */
static int bpf_call(int command, void *attr, size_t size)
{
	long result = syscall(SYS_bpf, command, attr, size);

	return result < 0 ? -errno : (int)result;
}

static __u64 address_of(const void *pointer)
{
	return (__u64)(uintptr_t)pointer;
}

/* bpf_link when it was created, bpf-link when it came from a pin. */
static const struct {
	const char *inode;
	enum bpf_object object;
} inodes[] = {
	{ "anon_inode:bpf-prog", BPF_OBJECT_PROG },
	{ "anon_inode:bpf-map", BPF_OBJECT_MAP },
	{ "anon_inode:bpf_link", BPF_OBJECT_LINK },
	{ "anon_inode:bpf-link", BPF_OBJECT_LINK },
	{ "anon_inode:btf", BPF_OBJECT_BTF },
	{ "anon_inode:[btf]", BPF_OBJECT_BTF },
};

static const char *const object_names[] = {
	[BPF_OBJECT_NONE] = "descriptor of something else",
	[BPF_OBJECT_PROG] = "program",
	[BPF_OBJECT_MAP] = "map",
	[BPF_OBJECT_LINK] = "link",
	[BPF_OBJECT_BTF] = "BTF",
};

enum bpf_object bpf_object_named(const char *link)
{
	size_t i;

	for (i = 0; i < COUNT(inodes); i++)
		if (!strcmp(link, inodes[i].inode))
			return inodes[i].object;
	return BPF_OBJECT_NONE;
}

enum bpf_object bpf_object_of(int fd)
{
	char path[sizeof("/proc/self/fd/-2147483648")], inode[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	length = readlink(path, inode, sizeof(inode) - 1);
	if (length < 0)
		return BPF_OBJECT_NONE;
	inode[length] = '\0';
	return bpf_object_named(inode);
}

const char *bpf_object_name(enum bpf_object object)
{
	return object_names[object];
}

int bpf_pin(int fd, const char *path)
{
	union bpf_attr attr = { 0 };

	attr.pathname = address_of(path);
	attr.bpf_fd = fd;
	return bpf_call(BPF_OBJ_PIN, &attr, sizeof(attr));
}

int bpf_get(const char *path, bool rdonly)
{
	union bpf_attr attr = { 0 };

	attr.pathname = address_of(path);
	attr.file_flags = rdonly ? BPF_F_RDONLY : 0;
	return bpf_call(BPF_OBJ_GET, &attr, sizeof(attr));
}

/* prog_id, map_id, btf_id and link_id share a place: the first attribute. */
static int by_id(int command, uint32_t id)
{
	union bpf_attr attr = { 0 };

	attr.prog_id = id;
	return bpf_call(command, &attr, sizeof(attr));
}

int bpf_prog_by_id(uint32_t id)
{
	return by_id(BPF_PROG_GET_FD_BY_ID, id);
}

int bpf_map_by_id(uint32_t id)
{
	return by_id(BPF_MAP_GET_FD_BY_ID, id);
}

int bpf_link_by_id(uint32_t id)
{
	return by_id(BPF_LINK_GET_FD_BY_ID, id);
}

int bpf_btf_by_id(uint32_t id)
{
	return by_id(BPF_BTF_GET_FD_BY_ID, id);
}

static int next_id(int command, uint32_t *id)
{
	union bpf_attr attr = { 0 };
	int err;

	attr.start_id = *id;
	err = bpf_call(command, &attr, sizeof(attr));
	if (!err)
		*id = attr.next_id;
	return err;
}

int bpf_prog_next(uint32_t *id)
{
	return next_id(BPF_PROG_GET_NEXT_ID, id);
}

int bpf_map_next(uint32_t *id)
{
	return next_id(BPF_MAP_GET_NEXT_ID, id);
}

int bpf_link_next(uint32_t *id)
{
	return next_id(BPF_LINK_GET_NEXT_ID, id);
}

int bpf_btf_next(uint32_t *id)
{
	return next_id(BPF_BTF_GET_NEXT_ID, id);
}

int bpf_info(int fd, void *info, uint32_t *size)
{
	union bpf_attr attr = { 0 };
	int err;

	attr.info.bpf_fd = fd;
	attr.info.info_len = *size;
	attr.info.info = address_of(info);
	err = bpf_call(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr));
	if (!err)
		*size = attr.info.info_len;
	return err;
}

/* The type and the id come first in the info of all three. */
static uint32_t object_id(int fd)
{
	uint32_t info[64] = { 0 }, size = sizeof(info);

	return bpf_info(fd, info, &size) ? 0 : info[1];
}

bool bpf_same_object(int fd, int other)
{
	uint32_t id = object_id(fd);

	return id && id == object_id(other) &&
	       bpf_object_of(fd) == bpf_object_of(other);
}

int bpf_map_lookup(int fd, const void *key, void *value)
{
	union bpf_attr attr = { 0 };

	attr.map_fd = fd;
	attr.key = address_of(key);
	attr.value = address_of(value);
	return bpf_call(BPF_MAP_LOOKUP_ELEM, &attr, sizeof(attr));
}

int bpf_map_update(int fd, const void *key, const void *value, uint64_t flags)
{
	union bpf_attr attr = { 0 };

	attr.map_fd = fd;
	attr.key = address_of(key);
	attr.value = address_of(value);
	attr.flags = flags;
	return bpf_call(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
}

int bpf_map_delete(int fd, const void *key)
{
	union bpf_attr attr = { 0 };

	attr.map_fd = fd;
	attr.key = address_of(key);
	return bpf_call(BPF_MAP_DELETE_ELEM, &attr, sizeof(attr));
}

int bpf_link_perf(int prog_fd, int perf_fd, uint64_t cookie)
{
	struct abi_link_create attr = { 0 };

	attr.prog_fd = prog_fd;
	attr.target_fd = perf_fd;
	attr.attach_type = BPF_PERF_EVENT;
	attr.perf_event.cookie = cookie;
	return bpf_call(BPF_LINK_CREATE, &attr, sizeof(attr));
}

int bpf_link_kprobe_multi(int prog_fd, uint32_t type, bool ret, uint32_t cnt,
			  const char *const *syms, const uint64_t *addrs,
			  const uint64_t *cookies)
{
	struct abi_link_create attr = { 0 };

	attr.prog_fd = prog_fd;
	attr.attach_type = type;
	attr.kprobe_multi.flags = ret ? BPF_F_KPROBE_MULTI_RETURN : 0;
	attr.kprobe_multi.cnt = cnt;
	attr.kprobe_multi.syms = address_of(syms);
	attr.kprobe_multi.addrs = address_of(addrs);
	attr.kprobe_multi.cookies = address_of(cookies);
	return bpf_call(BPF_LINK_CREATE, &attr, sizeof(attr));
}

int bpf_link_uprobe_multi(int prog_fd, uint32_t type, bool ret,
			  const char *path, uint32_t cnt,
			  const uint64_t *offsets, const uint64_t *ref_ctrs,
			  const uint64_t *cookies, uint32_t pid)
{
	struct abi_link_create attr = { 0 };

	attr.prog_fd = prog_fd;
	attr.attach_type = type;
	attr.uprobe_multi.path = address_of(path);
	attr.uprobe_multi.offsets = address_of(offsets);
	attr.uprobe_multi.ref_ctrs = address_of(ref_ctrs);
	attr.uprobe_multi.cookies = address_of(cookies);
	attr.uprobe_multi.cnt = cnt;
	attr.uprobe_multi.flags = ret ? BPF_F_UPROBE_MULTI_RETURN : 0;
	attr.uprobe_multi.pid = pid;
	return bpf_call(BPF_LINK_CREATE, &attr, sizeof(attr));
}

/* A link that should not be there is closed, and is no yes. */
static int never(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd < 0 ? fd : -EEXIST;
}

/*
 * Nobody maps the first page (vm.mmap_min_addr): an array there is what a
 * multi link stumbles over once it has agreed to all else, with EFAULT.
 */
int bpf_try_kprobe_multi(int prog_fd, uint32_t type)
{
	return never(bpf_link_kprobe_multi(prog_fd, type, false, 1, NULL,
					   (const uint64_t *)sizeof(uint64_t),
					   NULL));
}

/* A directory cannot be probed: EBADF is the answer of a kernel that looked. */
int bpf_try_uprobe_multi(int prog_fd, uint32_t type, uint32_t pid)
{
	uint64_t offset = 0;

	return never(bpf_link_uprobe_multi(prog_fd, type, false, "/", 1,
					   &offset, NULL, NULL, pid));
}

int bpf_prog_load_insns(enum bpf_prog_type type, uint32_t expected_attach_type,
			uint32_t flags, const char *name,
			const struct bpf_insn *insns, size_t cnt)
{
	union bpf_attr attr = { 0 };

	attr.prog_type = type;
	attr.expected_attach_type = expected_attach_type;
	attr.prog_flags = flags;
	attr.insns = address_of(insns);
	attr.insn_cnt = cnt;
	attr.license = address_of("GPL");
	snprintf(attr.prog_name, sizeof(attr.prog_name), "%s", name);
	return bpf_call(BPF_PROG_LOAD, &attr, sizeof(attr));
}

static const struct bpf_insn return_0[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

int bpf_prog_trivial_for(enum bpf_prog_type type, uint32_t attach_type,
			 uint32_t btf_id, int obj_fd)
{
	union bpf_attr attr = { 0 };

	attr.prog_type = type;
	attr.expected_attach_type = attach_type;
	attr.attach_btf_id = btf_id;
	attr.attach_btf_obj_fd = (uint32_t)obj_fd;
	attr.insns = address_of(return_0);
	attr.insn_cnt = COUNT(return_0);
	attr.license = address_of("GPL");
	return bpf_call(BPF_PROG_LOAD, &attr, sizeof(attr));
}

int bpf_prog_trivial(enum bpf_prog_type type, uint32_t expected_attach_type)
{
	return bpf_prog_load_insns(type, expected_attach_type, 0, "probefs_try",
				   return_0, COUNT(return_0));
}

int bpf_prog_try(int fd, const void *packet, uint32_t size, uint32_t *result)
{
	union bpf_attr attr = { 0 };
	int err;

	attr.test.prog_fd = (uint32_t)fd;
	attr.test.data_in = address_of(packet);
	attr.test.data_size_in = size;
	err = bpf_call(BPF_PROG_TEST_RUN, &attr, sizeof(attr));
	*result = attr.test.retval;
	return err;
}

int bpf_prog_test(union bpf_attr *attr)
{
	return bpf_call(BPF_PROG_TEST_RUN, attr, sizeof(*attr));
}

int bpf_prog_bind(int prog_fd, int map_fd)
{
	union bpf_attr attr = { 0 };

	attr.prog_bind_map.prog_fd = (uint32_t)prog_fd;
	attr.prog_bind_map.map_fd = (uint32_t)map_fd;
	return bpf_call(BPF_PROG_BIND_MAP, &attr, sizeof(attr));
}

int bpf_map_ringbuf(uint32_t size)
{
	union bpf_attr attr = { 0 };

	attr.map_type = BPF_MAP_TYPE_RINGBUF;
	attr.max_entries = size;
	return bpf_call(BPF_MAP_CREATE, &attr, sizeof(attr));
}

int bpf_try_struct_ops(void)
{
	union bpf_attr attr = { 0 };

	attr.map_type = BPF_MAP_TYPE_STRUCT_OPS;
	attr.key_size = sizeof(uint32_t);
	attr.max_entries = 1;
	attr.map_flags = ABI_MAP_F_LINK;
	attr.btf_vmlinux_value_type_id = 1;
	return bpf_call(BPF_MAP_CREATE, &attr, sizeof(attr));
}

int bpf_perf_prog_id(int fd, uint32_t *prog_id)
{
	union bpf_attr attr = { 0 };
	int err;

	attr.task_fd_query.pid = getpid();
	attr.task_fd_query.fd = fd;
	err = bpf_call(BPF_TASK_FD_QUERY, &attr, sizeof(attr));
	if (!err)
		*prog_id = attr.task_fd_query.prog_id;
	return err;
}
