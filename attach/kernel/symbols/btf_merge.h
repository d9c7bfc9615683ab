/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * btf_merge.h - vmlinux's types and those of modules as one BTF.
 *
 * A module's ids and strings go on where vmlinux's end, and each module's do so
 * from the same place.  libbpf takes the types of another kernel as one BTF only,
 * and those of this one's modules from CAP_SYS_ADMIN only.
 */
#ifndef ATTACH_KERNEL_SYMBOLS_BTF_MERGE_H
#define ATTACH_KERNEL_SYMBOLS_BTF_MERGE_H

#include "attach/kernel/btf.h"

/*
 * All of base, then all of each of the modules, whose base that is, in a buffer
 * that the caller frees.  They can be anybody's bytes.  EINVAL: a module has
 * another base; EFBIG: it is more than BTF_SIZE_MAX together; ENOMEM.
 */
int btf_merge(const struct btf_types *base, const struct btf_types *modules,
	      size_t nmodules, void **out, size_t *size);

#endif
