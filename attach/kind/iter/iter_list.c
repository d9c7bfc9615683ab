// SPDX-License-Identifier: BSD-2-Clause
/*
 * iter_list.c - the iterators of this kernel.
 *
 * Each has a structure for its programs, bpf_iter__NAME; what has another "__" in
 * its name is the verifier's.
 */
#include <errno.h>
#include <string.h>

#include "attach/kernel/btf.h"
#include "attach/kind/iter/iter.h"

static const char prefix[] = "bpf_iter__";

static int print_one(void *out, const struct btf_entry *entry)
{
	const char *name = entry->name + strlen(prefix);

	if (entry->kind == BTF_KIND_STRUCT &&
	    !strncmp(entry->name, prefix, strlen(prefix)) &&
	    !strstr(name, "__"))
		fprintf(out, "%s\n", name);
	return 0;
}

int iter_available(const void *spec, const struct opener *opener, FILE *out,
		   struct err *e)
{
	struct btf_types btf;
	int err = btf_read(&btf, "vmlinux", NULL);

	(void)spec;
	(void)opener;
	if (err)
		return fail(e, err == -ENOENT ? EOPNOTSUPP : -err,
			    "the kernel does not tell its iterators: %s",
			    err == -ENOENT ? "it has no BTF"
					   : strerror(errno_clamp(-err)));
	btf_each(&btf, print_one, out);
	btf_clear(&btf);
	return 0;
}
