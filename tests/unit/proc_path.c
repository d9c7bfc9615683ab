// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* proc_path.c - which paths name what a process has. */
#include "fs/user/proc_path.h"
#include "tests/unit/check.h"

static const struct row {
	const char *path;
	const char *parsed; /* "PID REST BELOW", or "no" */
} rows[] = {
	{ "/proc/self/exe", "0 exe -" },
	{ "/proc/thread-self/fd/3", "0 fd/3 -" },
	{ "/dev/fd/3", "0 fd/3 -" },
	{ "/proc/12/exe", "12 exe -" },
	{ "/proc/12/fd/345", "12 fd/345 -" },
	{ "/proc/12/root", "12 root -" },
	{ "/proc/12/root/", "12 root /" },
	{ "/proc/12/root/a/../b", "12 root /a/../b" },
	{ "/proc/999999999/exe", "999999999 exe -" },
	{ "/proc/12/map_files/55d0-7fff12", "12 map_files/55d0-7fff12 -" },
	{ "/proc/12/ns/net", "12 ns/net -" },
	{ "/proc/self/ns/net", "0 ns/net -" },
	{ "/proc/12/ns/net/", "no" },
	{ "/proc/12/ns/net/x", "no" },
	{ "/proc/12/ns/mnt", "no" },
	{ "/proc/12/ns/netx", "no" },
	{ "/proc/0/exe", "no" },
	{ "/proc/012/exe", "no" },
	{ "/proc/9999999999/exe", "no" },
	{ "/proc/-1/exe", "no" },
	{ "/proc/12x/exe", "no" },
	{ "/proc/exe", "no" },
	{ "/proc/self", "no" },
	{ "/proc/self/", "no" },
	{ "/proc/12/exe/", "no" },
	{ "/proc/12/exec", "no" },
	{ "/proc/12/rooted", "no" },
	{ "/proc/12/fd/", "no" },
	{ "/proc/12/fd/3/x", "no" },
	{ "/proc/12/fd/-3", "no" },
	{ "/proc/12/fd/..", "no" },
	{ "/proc/12/cwd/x", "no" },
	{ "/proc/12/task/12/exe", "no" },
	{ "/proc/12/map_files/", "no" },
	{ "/proc/12/map_files/../exe", "no" },
	{ "/proc/../proc/12/exe", "no" },
	{ "//proc/12/exe", "no" },
	{ "/dev/fd/", "no" },
	{ "/dev/fd/3/..", "no" },
	{ "/procs/12/exe", "no" },
	{ "proc/12/exe", "no" },
	{ "", "no" },
	{ "/proc/12/fd/0000000000000000000000000000000000000000000000000000000003",
	  "12 fd/0000000000000000000000000000000000000000000000000000000003 -" },
	{ "/proc/12/fd/0000000000000000000000000000000000000000000000000000000000003",
	  "no" },
};

int main(void)
{
	struct proc_path parsed;
	char text[256];
	size_t i;

	for (EACH(rows, i)) {
		snprintf(text, sizeof(text), "no");
		if (proc_path_parse(rows[i].path, &parsed))
			snprintf(text, sizeof(text), "%d %s %s", parsed.pid,
				 parsed.rest,
				 parsed.below ? parsed.below : "-");
		check_text(rows[i].path, rows[i].parsed, text);
	}
	return check_end("paths of processes");
}
