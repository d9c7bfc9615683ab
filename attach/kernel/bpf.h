/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bpf.h - bpf(2), one function a command.
 *
 * Every function returns a descriptor (close-on-exec, the caller's) or 0, or
 * -errno as the kernel gave it.  No function logs or keeps state.
 */
#ifndef ATTACH_KERNEL_BPF_H
#define ATTACH_KERNEL_BPF_H

#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

#include "attach/kernel/abi.h"

/* What a BPF descriptor is: from the name of its anonymous inode. */
enum bpf_object {
	BPF_OBJECT_NONE, /* not a BPF descriptor, or not open */
	BPF_OBJECT_PROG,
	BPF_OBJECT_MAP,
	BPF_OBJECT_LINK,
	BPF_OBJECT_BTF,
};

enum bpf_object bpf_object_of(int fd);
/* What a link of /proc/PID/fd says of a descriptor that nobody has copied. */
enum bpf_object bpf_object_named(const char *link);
const char *bpf_object_name(enum bpf_object object); /* "program", ... */

/* Both are of the same program, map or link: by type and id. */
bool bpf_same_object(int fd, int other);

int bpf_pin(int fd, const char *path);
/* rdonly: programs and maps only; a link refuses it with EINVAL. */
int bpf_get(const char *path, bool rdonly);

int bpf_prog_by_id(uint32_t id);
int bpf_map_by_id(uint32_t id);
int bpf_link_by_id(uint32_t id);
int bpf_btf_by_id(uint32_t id);
/* *id becomes the next larger one; ENOENT after the last. */
int bpf_prog_next(uint32_t *id);
int bpf_map_next(uint32_t *id);
int bpf_link_next(uint32_t *id);
int bpf_btf_next(uint32_t *id);

/* *size: of the buffer in, bytes that the kernel filled out. */
int bpf_info(int fd, void *info, uint32_t *size);

int bpf_map_lookup(int fd, const void *key, void *value);
int bpf_map_update(int fd, const void *key, const void *value, uint64_t flags);
int bpf_map_delete(int fd, const void *key);

/* BPF_LINK_CREATE on a perf event; the link keeps the event alive (5.15). */
int bpf_link_perf(int prog_fd, int perf_fd, uint64_t cookie);

/*
 * One link for cnt kernel functions, by name or by address (one of the two is
 * NULL); cookies may be NULL.  type: BPF_TRACE_KPROBE_MULTI (5.18) or
 * BPF_TRACE_KPROBE_SESSION (6.10), as the program was loaded.
 */
int bpf_link_kprobe_multi(int prog_fd, uint32_t type, bool ret, uint32_t cnt,
			  const char *const *syms, const uint64_t *addrs,
			  const uint64_t *cookies);

/*
 * One link for cnt offsets of one file; the arrays but offsets may be NULL.
 * pid 0 is every process.  type: BPF_TRACE_UPROBE_MULTI (6.6) or
 * BPF_TRACE_UPROBE_SESSION (6.13), as the program was loaded.
 */
int bpf_link_uprobe_multi(int prog_fd, uint32_t type, bool ret,
			  const char *path, uint32_t cnt,
			  const uint64_t *offsets, const uint64_t *ref_ctrs,
			  const uint64_t *cookies, uint32_t pid);

/*
 * The same two with places that no kernel takes, so that there is never a link:
 * EFAULT and EBADF say that the kernel has such links and that the program was
 * loaded for one; EINVAL that one of the two is not so; EOPNOTSUPP that the
 * kernel was built without them.
 */
int bpf_try_kprobe_multi(int prog_fd, uint32_t type);
int bpf_try_uprobe_multi(int prog_fd, uint32_t type, uint32_t pid);

/* The id of the program on this process's perf event fd; not for links. */
int bpf_perf_prog_id(int fd, uint32_t *prog_id);

/* Instructions without maps or BTF, to try features with; license GPL. */
int bpf_prog_load_insns(enum bpf_prog_type type, uint32_t expected_attach_type,
			uint32_t flags, const char *name,
			const struct bpf_insn *insns, size_t cnt);

/* A minimal program (return 0) of a type, to try features with. */
int bpf_prog_trivial(enum bpf_prog_type type, uint32_t expected_attach_type);

/* The same for the function btf_id of obj_fd; 0 is vmlinux. */
int bpf_prog_trivial_for(enum bpf_prog_type type, uint32_t attach_type,
			 uint32_t btf_id, int obj_fd);

/* BPF_PROG_TEST_RUN, once: what the program returns for that packet.  4.12. */
int bpf_prog_try(int fd, const void *packet, uint32_t size, uint32_t *result);

/* The same with all that can be asked and answered; attr->test is filled. */
int bpf_prog_test(union bpf_attr *attr);

/* The program keeps the map from now on; 5.10. */
int bpf_prog_bind(int prog_fd, int map_fd);

/* A ring buffer map of size bytes, a power of two of whole pages.  5.8. */
int bpf_map_ringbuf(uint32_t size);

/*
 * A map for a link of struct_ops (6.4), of the type 1 of vmlinux, which is for
 * none: ENOTSUPP, 524, where the kernel knows of such links, EINVAL where not.
 */
int bpf_try_struct_ops(void);

#endif
