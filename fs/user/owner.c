// SPDX-License-Identifier: BSD-2-Clause
/* owner.c - the ranges of /etc/subuid. */
#include <ctype.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fs/user/owner.h"
#include "scope.h"

enum { RANGES = 4096, NAME = 256 };

/* subuid(5): NAME:FIRST:COUNT, where NAME may be the number of the user. */
struct range {
	uid_t owner, first;
	uint32_t count;
};

static const char *subuid = "/etc/subuid", *passwd = "/etc/passwd";

/* The lock is a leaf, and guards these. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct range *ranges;
static size_t nranges;
static struct timespec read_at; /* times of the file that was read */

/*
 * By the file alone: whatever else knows users, nsswitch.conf(5), may be a
 * server that does not answer.
 */
static bool find_user(const char *name, uid_t *uid)
{
	scoped_free char *line = NULL;
	scoped_file FILE *in = fopen(passwd, "re");
	size_t size = 0, length = strlen(name);
	const char *number;
	bool found = false;

	if (isdigit((unsigned char)name[0])) {
		*uid = (uid_t)strtoul(name, NULL, 10);
		return true;
	}
	while (in && !found && getline(&line, &size, in) > 0) {
		if (strncmp(line, name, length) != 0 || line[length] != ':')
			continue;
		number = strchr(line + length + 1, ':');
		found = number && sscanf(number, ":%" SCNu32, uid) == 1;
	}
	return found;
}

/* Ranges of root's are nobody else's, and no two of them one user's. */
static bool parse(const char *line, struct range *range)
{
	char name[NAME];

	if (sscanf(line, "%255[^:]:%" SCNu32 ":%" SCNu32, name, &range->first,
		   &range->count) != 3 ||
	    !find_user(name, &range->owner))
		return false;
	if (!range->owner)
		range->owner = range->first;
	return true;
}

static size_t read_ranges(struct range *out)
{
	scoped_free char *line = NULL;
	scoped_file FILE *in = fopen(subuid, "re");
	size_t size = 0, count = 0;

	while (in && count < RANGES && getline(&line, &size, in) > 0)
		count += parse(line, &out[count]);
	return count;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool has_changed(const struct stat *st)
{
	bool changed;

	pthread_mutex_lock(&lock);
	changed = !same_time(&st->st_ctim, &read_at);
	pthread_mutex_unlock(&lock);
	return changed;
}

void owner_refresh(void)
{
	struct range *read, *old;
	struct stat st = { 0 };
	size_t count;

	if (stat(subuid, &st))
		st = (struct stat){ 0 };
	if (!has_changed(&st))
		return;
	read = calloc(RANGES, sizeof(*read));
	if (!read)
		return;
	count = read_ranges(read);
	pthread_mutex_lock(&lock);
	old = ranges;
	ranges = read;
	nranges = count;
	read_at = st.st_ctim;
	pthread_mutex_unlock(&lock);
	free(old);
}

uid_t owner_of(uid_t uid)
{
	uid_t owner = uid;
	size_t i;

	pthread_mutex_lock(&lock);
	for (i = 0; i < nranges && owner == uid; i++)
		if (uid >= ranges[i].first &&
		    uid - ranges[i].first < ranges[i].count)
			owner = ranges[i].owner;
	pthread_mutex_unlock(&lock);
	return owner;
}

void owner_use(const char *other_subuid, const char *other_passwd)
{
	subuid = other_subuid;
	passwd = other_passwd;
}
