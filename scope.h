/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * scope.h - variables that release what they hold when their block ends.
 *
 * Declare and initialise in one statement; the order of release is the reverse
 * of the order of declaration.  A function uses these or goto, never both.
 * take() and take_fd() hand the value on and leave nothing to release.
 */
#ifndef SCOPE_H
#define SCOPE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <errno.h>

/* Closes once, never twice: on Linux an interrupted close(2) has closed. */
static inline void fd_close(int fd)
{
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
}

static inline void scope_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void scope_close(const int *fd)
{
	fd_close(*fd);
}

static inline void scope_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline int take_fd(int *fd)
{
	int value = *fd;

	*fd = -1;
	return value;
}

#define scoped_free __attribute__((cleanup(scope_free)))
#define scoped_fd   __attribute__((cleanup(scope_close)))
#define scoped_file __attribute__((cleanup(scope_fclose)))

#define take(pointer)                                   \
	__extension__({                                 \
		__typeof__(pointer) taken_ = (pointer); \
		(pointer) = NULL;                       \
		taken_;                                 \
	})

#endif
