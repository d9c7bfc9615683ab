// SPDX-License-Identifier: BSD-2-Clause
/* fate.c - whether what is attached is still there, and still the same. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "attach/attacher.h"
#include "attach/fate.h"
#include "scope.h"

void fate_set(struct fate *fate, enum fate_is is, const char *format, ...)
{
	va_list args;

	fate->is = is;
	va_start(args, format);
	if (vasprintf(&fate->text, format, args) < 0)
		fate->text = NULL;
	va_end(args);
}

void fate_clear(struct fate *fate)
{
	free(fate->text);
	*fate = (struct fate){ .is = FATE_WHOLE };
}

/* Files */

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static struct timespec time_of(const struct statx_timestamp *t)
{
	return (struct timespec){ .tv_sec = t->tv_sec, .tv_nsec = t->tv_nsec };
}

/* What is known without asking a server that may not answer. */
static bool mark_of(int fd, struct file_mark *mark)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_BASIC_STATS,
		  &st))
		return false;
	*mark = (struct file_mark){
		.dev = makedev(st.stx_dev_major, st.stx_dev_minor),
		.ino = st.stx_ino,
		.size = st.stx_size,
		.mtime = time_of(&st.stx_mtime),
		.ctime = time_of(&st.stx_ctime),
	};
	return true;
}

/* NULL: nothing. */
static const char *what_changed(const struct file_mark *was,
				const struct file_mark *now)
{
	if (now->size != was->size)
		return "size";
	if (!same_time(&now->mtime, &was->mtime))
		return "mtime";
	return same_time(&now->ctime, &was->ctime) ? NULL : "ctime";
}

bool file_differs(const struct file_mark *was, int fd, struct err *e)
{
	struct file_mark now;
	const char *what;

	if (!mark_of(fd, &now))
		return false;
	if (now.dev != was->dev || now.ino != was->ino) {
		fail(e, ENOENT,
		     "the file of that path is another by now; attach the program again to probe that one");
		return true;
	}
	what = what_changed(was, &now);
	if (what)
		fail(e, ENOENT,
		     "the file was changed in place after the attach (its %s is another), so the probe may be inside of other code and kill who runs it; attach the program again",
		     what);
	return what;
}

/* A descriptor of a process is readable once the process has exited. */
bool target_has_exited(const struct target *target)
{
	struct pollfd poll_fd = { .fd = target->pidfd, .events = POLLIN };

	return target->pidfd >= 0 && poll(&poll_fd, 1, 0) == 1;
}

void attachment_fate(const struct attachment *a, const struct opener *opener,
		     struct fate *fate)
{
	const struct attacher *attacher = attacher_of(a->kind);
	const struct target *target = &a->target;

	*fate = (struct fate){ .is = FATE_WHOLE };
	if (!attachment_alive(a))
		fate_set(fate, FATE_GONE, "%s",
			 a->kind->gone ? a->kind->gone
				       : "the kernel has taken the link away");
	else if (target_has_exited(target))
		fate_set(fate, FATE_GONE, "process %d has exited", target->pid);
	else if (attacher->look)
		attacher->look(a, opener, fate);
}
