// SPDX-License-Identifier: BSD-2-Clause
/* kernel_types.c - the types of another kernel, as one file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "array.h"
#include "attach/kernel/symbols/btf_merge.h"
#include "fs/prog/kernel_types.h"
#include "scope.h"

static const char vmlinux[] = "vmlinux";

/* What was read of a directory; all is owned. */
struct kernel {
	const struct caller *caller;
	int dir; /* borrowed */
	struct btf_types types;
	struct btf_types *modules;
	size_t nmodules, bytes;
};

static void kernel_clear(struct kernel *kernel)
{
	size_t i;

	for (i = 0; i < kernel->nmodules; i++)
		btf_clear(&kernel->modules[i]);
	free(kernel->modules);
	btf_clear(&kernel->types);
}

static int open_file(struct kernel *kernel, const char *name, struct err *e)
{
	scoped_fd int fd =
		caller_open_at(kernel->caller, kernel->dir, name, O_RDONLY, e);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		return fail(e, EINVAL, "'btf': '%s' is no regular file", name);
	if (st.st_size > (off_t)(BTF_SIZE_MAX - kernel->bytes))
		return fail(e, EFBIG, "'btf': the files have more than %d MiB",
			    BTF_SIZE_MAX >> 20);
	kernel->bytes += (size_t)st.st_size;
	return take_fd(&fd);
}

/* base NULL: it is vmlinux's own. */
static int read_types(struct kernel *kernel, const char *name,
		      const struct btf_types *base, struct btf_types *out,
		      struct err *e)
{
	scoped_fd int fd = open_file(kernel, name, e);
	int err = fd < 0 ? fd : btf_read_fd(out, fd, base);

	if (fd < 0 || !err)
		return err;
	if (err == -EINVAL)
		return fail(e, EINVAL, "'btf': '%s' is no BTF%s", name,
			    base ? " of a module of that 'vmlinux'" : "");
	return fail(e, -err, "'btf': cannot read '%s'", name);
}

static int add_module(struct kernel *kernel, const char *name, struct err *e)
{
	struct btf_types *modules;
	int err;

	if (name[0] == '.' || !strcmp(name, vmlinux))
		return 0;
	if (kernel->nmodules == KERNEL_TYPES_FILES)
		return fail(e, E2BIG, "'btf': more than %d files",
			    KERNEL_TYPES_FILES);
	modules =
		array_room(kernel->modules, kernel->nmodules, sizeof(*modules));
	if (!modules)
		return fail(e, ENOMEM, "no memory for types");
	kernel->modules = modules;
	err = read_types(kernel, name, &kernel->types,
			 &modules[kernel->nmodules], e);
	kernel->nmodules += !err;
	return err;
}

static int add_modules(struct kernel *kernel, struct err *e)
{
	int err = 0,
	    fd = openat(kernel->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		err = fail(e, errno, "'btf': the directory cannot be read");
		fd_close(fd);
		return err;
	}
	while (!err && (entry = readdir(dir)))
		err = add_module(kernel, entry->d_name, e);
	closedir(dir);
	return err;
}

static int store(const void *data, size_t size, struct err *e)
{
	scoped_fd int fd = memfd_create("btf", MFD_CLOEXEC);
	const char *at = data;
	ssize_t wrote = 1;

	if (fd < 0)
		return fail(e, errno, "no descriptor is left for types");
	while (size && wrote > 0) {
		wrote = write(fd, at, size);
		if (wrote > 0) {
			at += wrote;
			size -= (size_t)wrote;
		}
	}
	if (size)
		return fail(e, ENOMEM, "no memory for types");
	return take_fd(&fd);
}

static int merge(struct kernel *kernel, struct err *e)
{
	scoped_free void *data = NULL;
	size_t size = 0;
	int err = read_types(kernel, vmlinux, NULL, &kernel->types, e);

	if (!err)
		err = add_modules(kernel, e);
	if (err)
		return err;
	err = btf_merge(&kernel->types, kernel->modules, kernel->nmodules,
			&data, &size);
	return err ? fail(e, -err, "'btf': the files are too much together")
		   : store(data, size, e);
}

int kernel_types_open(const struct caller *caller, int fd, struct err *e)
{
	struct kernel kernel = { .caller = caller, .dir = fd };
	struct stat st;

	if (fstat(fd, &st))
		return fail(e, errno, "'btf' cannot be looked at");
	if (S_ISDIR(st.st_mode)) {
		fd = merge(&kernel, e);
		kernel_clear(&kernel);
		return fd;
	}
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? fail(e, errno, "no descriptor is left for types") : fd;
}
