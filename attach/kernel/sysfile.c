// SPDX-License-Identifier: BSD-2-Clause
/* sysfile.c - reading small files of /proc and /sys. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "attach/kernel/sysfile.h"
#include "scope.h"

int sysfile_read(const char *path, char *text, size_t size)
{
	scoped_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	text[0] = '\0';
	if (fd < 0)
		return -errno;
	length = read(fd, text, size - 1);
	if (length < 0)
		return -errno;
	text[length] = '\0';
	return 0;
}

int sysfile_number(const char *path, int missing)
{
	char text[32];
	int value;

	if (sysfile_read(path, text, sizeof(text)))
		return missing;
	return sscanf(text, "%d", &value) == 1 ? value : missing;
}

void sysfile_unmangle(char *text)
{
	unsigned int byte;
	char *to = text;

	for (; *text; text++) {
		if (text[0] == '\\' && sscanf(text + 1, "%3o", &byte) == 1) {
			*to++ = (char)byte;
			text += 3;
		} else {
			*to++ = *text;
		}
	}
	*to = '\0';
}
