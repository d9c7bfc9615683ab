/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fate.h - what has become of an attachment and its target since it was made.
 *
 * The kernel keeps a link whose module was unloaded, whose process has exited
 * or whose file has been replaced, and says nothing of it.  So it is the target
 * that is looked at: by the identity it had, never by its name alone, since
 * names and process ids are given out again.
 */
#ifndef ATTACH_FATE_H
#define ATTACH_FATE_H

#include "attach/attachment.h"

enum fate_is {
	FATE_WHOLE, /* all is as it was attached */
	FATE_CHANGED, /* it is attached still, but the sentence is to be read */
	FATE_GONE, /* what the probe names is not there any more */
};

struct fate {
	enum fate_is is;
	/* a sentence, NULL for FATE_WHOLE or without memory; owned */
	char *text;
};

/*
 * Looks now.  opener opens the file of the target as its attacher did; with
 * NULL, and where it fails other than by absence, the file is not judged.  No
 * lock: a path is walked.  fate_clear() it.
 */
void attachment_fate(const struct attachment *a, const struct opener *opener,
		     struct fate *fate);
void fate_clear(struct fate *fate);
void fate_set(struct fate *fate, enum fate_is is, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * The process of the target has exited.  Asked right after attaching, too: the
 * kernel was given a number, which may have become another process's.
 */
bool target_has_exited(const struct target *target);

/* The site is no longer probed; its file is not looked at. */
bool site_is_lost(const struct attachment *a, const struct site *site);

/*
 * The open file is not the one that is attached, or not as it was: true with
 * *e filled by a sentence, whose code means nothing.
 */
bool file_differs(const struct file_mark *was, int fd, struct err *e);

#endif
