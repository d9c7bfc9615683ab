// SPDX-License-Identifier: BSD-2-Clause
/* usdt_file.c - the notes of files, kept for all probes of the process. */
#include <errno.h>
#include <pthread.h>

#include "attach/kind/usdt/usdt.h"

static struct index *files;
static pthread_once_t files_once = PTHREAD_ONCE_INIT;

static void files_make(void)
{
	files = index_make(INDEX_BYTES);
}

int usdt_file(int fd, const char *path, const struct index_file **file,
	      struct err *e)
{
	struct err inner;
	int err;

	pthread_once(&files_once, files_make);
	if (!files)
		return fail(e, ENOMEM, "no memory for the index of notes");
	err = index_get(files, fd, file, &inner);
	return err ? fail(e, -err, "cannot probe '%s': %s", path, inner.text)
		   : 0;
}

void usdt_file_put(const struct index_file *file)
{
	if (file)
		index_put(files, file);
}
