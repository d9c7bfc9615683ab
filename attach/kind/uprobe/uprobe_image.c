// SPDX-License-Identifier: BSD-2-Clause
/* uprobe_image.c - the file of a probe, as far as this machine can run it. */
#include <errno.h>
#include <fcntl.h>

#include "attach/kind/uprobe/script.h"
#include "attach/kind/uprobe/uprobe.h"
#include "usdt/elf/native.h"

static int open_debug(const void *ctx, const char *path)
{
	const struct opener *opener = ctx;
	struct err ignored;

	return opener->open(opener->ctx, path,
			    O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY,
			    &ignored);
}

/*
 * The kernel runs programs of the machine, and can put breakpoints into them.
 */
static int check_machine(const struct image *image, const char *path,
			 struct err *e)
{
	uint16_t machine = image_machine(image);
	const struct machine *native = machine_native();
	const char *name = machine_name(machine);

	if (machine == native->number || machine == native->runs)
		return 0;
	return fail(e, ENOEXEC,
		    "'%s' is for %s (machine %d); this kernel runs %s", path,
		    name ? name : "another machine", machine, native->name);
}

int uprobe_image(int fd, const char *path, const struct opener *opener,
		 bool force, struct image **image, struct err *e)
{
	struct err inner;
	int err = image_open(fd, image, &inner);

	if (err == -ENOEXEC && script_explain(fd, path, e))
		return err;
	if (err)
		return fail(e, -err, "cannot probe '%s': %s", path, inner.text);
	err = force ? 0 : check_machine(*image, path, e);
	if (err) {
		image_close(*image);
		*image = NULL;
		return err;
	}
	image_set_debug_opener(*image, open_debug, opener, path);
	return 0;
}
