// SPDX-License-Identifier: BSD-2-Clause
/* readme.c - the file README at the root of the mount. */
#include "fs/tree/show.h"

/* clang-format off */
static const char text[] =
"probefs: eBPF probes as files.\n"
"\n"
"A directory is a probe.  mkdir makes one, writing a program to its file\n"
"'attach' attaches the program, rmdir detaches it.  Type this here:\n"
"\n"
"    mkdir uprobe/libc.so.6:malloc\n"
"    echo count > uprobe/libc.so.6:malloc/attach\n"
"    cat uprobe/libc.so.6:malloc/hits\n"
"    cat uprobe/libc.so.6:malloc/info\n"
"    rmdir uprobe/libc.so.6:malloc\n"
"\n"
"'count' is built in and counts.  A program of your own that is loaded\n"
"already is named by its pin in a bpffs, by a descriptor of your process, or\n"
"by its id.  PROBE is the directory of a probe:\n"
"\n"
"    echo /sys/fs/bpf/my_prog > PROBE/attach\n"
"    echo /proc/self/fd/3 > PROBE/attach\n"
"    echo id:17 > PROBE/attach\n"
"\n"
"An object file with programs, as clang makes it, is loaded here as well:\n"
"\n"
"    mkdir prog/web\n"
"    cp web.bpf.o prog/web/object\n"
"    cat prog/web/info\n"
"    echo 1 > prog/web/load || cat prog/web/error prog/web/log\n"
"    echo web/one > PROBE/attach\n"
"    cat prog/web/data/limit prog/web/map/hits/entries\n"
"\n"
"A pin keeps the link when this file system goes away.  Written to 'attach' of\n"
"such a probe later, it is taken over:\n"
"\n"
"    echo /sys/fs/bpf/my_link > PROBE/pin\n"
"    echo /sys/fs/bpf/my_link > PROBE/attach\n"
"\n"
"A program that is upgraded is another file, which has no probe.  With this a\n"
"probe of a program or library goes over to whatever takes its place:\n"
"\n"
"    echo 1 > PROBE/follow\n"
"\n"
"All that a probe is, in one write, and a copy of it:\n"
"\n"
"    cat PROBE/config\n"
"    cat PROBE/config > OTHER/config\n"
"\n"
"Where to look.  KIND is a directory here:\n"
"\n"
"    cat KIND/help           its names, its files, what 'attach' takes\n"
"    cat KIND/available      what can be probed\n"
"    cat error KIND/error    why the last mkdir was refused\n"
"    cat PROBE/available     what can be probed in a program or library\n"
"    cat PROBE/error         why the last write was refused\n"
"    cat PROBE/info          what the kernel says of the link\n"
"    cat PROBE/sites         every place the program is at\n"
"    cat features            what this kernel can do\n"
"    cat link/*/info         the links of the kernel, whoever made them\n"
"    cat prog/*/info         its programs\n"
"\n"
"The manual is mount.probefs(8).\n";
/* clang-format on */

int show_readme(const struct file *row, const struct view *view, FILE *out,
		struct err *e)
{
	(void)row;
	(void)view;
	(void)e;
	fputs(text, out);
	return 0;
}
