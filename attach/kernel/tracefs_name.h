/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tracefs_name.h - the names of events in tracefs, ours and others'.
 *
 * An event of ours is probefs_PPPPPPPPSSSSSSSS/LABEL_NNNNNNNNNNNNNNNN: see
 * tracefs.h for the group; N is the number that tracefs_make() gives out.  It
 * is random, so that it finds the event again whichever process made it, and
 * its lowest bit says in which list.
 */
#ifndef ATTACH_KERNEL_TRACEFS_NAME_H
#define ATTACH_KERNEL_TRACEFS_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	TRACEFS_NAME = 64, /* bytes, NUL included: MAX_EVENT_NAME_LEN of
			      kernel/trace/trace_probe.h */
};

/* A group or event that may exist: no '.', no '/'.  9p begins with a digit. */
bool tracefs_name_ok(const char *name);

void tracefs_group_make(uint32_t pid, uint32_t start, char *group);
bool tracefs_group_parse(const char *group, uint32_t *pid, uint32_t *start);

/* Each run of other characters than letters and digits becomes one '_'. */
void tracefs_event_make(const char *label, uint64_t number, char *event);
bool tracefs_event_parse(const char *event, uint64_t *number);

/* "p:GROUP/EVENT where", "r8:GROUP/EVENT where": a line of the lists. */
bool tracefs_line_parse(const char *line, char *group, char *event);

/* The low half of field 22 of /proc/PID/stat; -ENOENT: no such process. */
int process_start(pid_t pid, uint32_t *start);

/* The group is a probefs's that runs no longer. */
bool tracefs_group_dead(const char *group);

#endif
