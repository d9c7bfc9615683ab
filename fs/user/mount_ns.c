// SPDX-License-Identifier: BSD-2-Clause
/* mount_ns.c - mount namespaces, and the processes in them. */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

#include "fs/user/mount_ns.h"

/* By the name of a directory of /proc. */
static ino_t of_process(const char *process)
{
	char path[sizeof("/proc//ns/mnt") + 20];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%.20s/ns/mnt", process);
	return stat(path, &st) ? 0 : st.st_ino;
}

ino_t mount_ns_of(pid_t tid)
{
	char process[12];
	ino_t ns;

	snprintf(process, sizeof(process), "%d", tid);
	ns = of_process(process);
	return ns == of_process("self") ? 0 : ns;
}

bool mount_ns_lives(ino_t ns)
{
	const struct dirent *entry;
	DIR *proc = opendir("/proc");
	bool lives = false;

	while (proc && !lives && (entry = readdir(proc)))
		lives = isdigit((unsigned char)entry->d_name[0]) &&
			of_process(entry->d_name) == ns;
	if (proc)
		closedir(proc);
	return lives;
}
