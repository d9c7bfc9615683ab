// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* turn.c - what each user gets while others hang, and whose a user id is. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fs/user/owner.h"
#include "fs/user/throttle.h"
#include "tests/unit/check.h"

/* As many as the user can have now, which are given back by give(). */
static int take_all(enum turns turns, uid_t uid)
{
	int count = 0;

	while (!throttle_enter(turns, uid, NULL))
		count++;
	return count;
}

static void give(enum turns turns, uid_t uid, int count)
{
	while (count--)
		throttle_leave(turns, uid);
}

/* However many come, the next has something, and root has its own. */
static const struct row {
	uid_t uid;
	int writes, paths;
} rows[] = {
	{ 1, 16, 8 }, { 2, 8, 8 }, { 3, 4, 8 }, { 4, 2, 4 },
	{ 5, 1, 2 },  { 6, 1, 1 }, { 7, 0, 1 }, { 8, 0, 0 },
};

static void check_shares(void)
{
	size_t i;

	for (EACH(rows, i)) {
		check_number("writes", rows[i].writes,
			     take_all(THROTTLE_WRITE, rows[i].uid));
		check_number("paths", rows[i].paths,
			     take_all(THROTTLE_PATH, rows[i].uid));
	}
	for (i = 0; i < 16; i++)
		check_number("root's", 0,
			     throttle_enter(THROTTLE_WRITE, 0, NULL));
	give(THROTTLE_WRITE, 0, 16);
	throttle_leave(THROTTLE_WRITE, 1);
	check_number("one given is free", 1, take_all(THROTTLE_WRITE, 8));
	throttle_leave(THROTTLE_WRITE, 8);
	give(THROTTLE_WRITE, 1, 15);
	for (i = 1; i < COUNT(rows); i++)
		give(THROTTLE_WRITE, rows[i].uid, rows[i].writes);
	for (EACH(rows, i))
		give(THROTTLE_PATH, rows[i].uid, rows[i].paths);
	check_number("all are given", 16, take_all(THROTTLE_WRITE, 9));
	give(THROTTLE_WRITE, 9, 16);
}

static char subuid[] = "/tmp/turn-subuid-XXXXXX";
static char passwd[] = "/tmp/turn-passwd-XXXXXX";

static void put(char *path, const char *text)
{
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		exit(EXIT_FAILURE);
	close(fd);
}

static const struct {
	uid_t uid, owner;
} owners[] = {
	{ 0, 0 },	    { 7, 7 },		{ 99999, 99999 },
	{ 100000, 1000 },   { 165535, 1000 },	{ 165536, 1001 },
	{ 231072, 231072 }, { 300000, 2000 },	{ 400000, 400000 },
	{ 400005, 400000 }, { 500000, 500000 }, { 4294967294, 5 },
};

static void check_owners(void)
{
	size_t i;

	put(subuid, "alice:100000:65536\nbob:165536:65536\n"
		    "# a comment\n:1:2\nmallory\n2000:300000:10\n"
		    "root:400000:65536\nnobody-known:500000:65536\n"
		    "5:4294967290:100\n");
	put(passwd, "root:x:0:0::/root:/bin/sh\nali:x:9:9::/:\n"
		    "alice:x:1000:1000:A,B:/home/alice:/bin/sh\n"
		    "bob::1001:1001:::\n");
	owner_use(subuid, passwd);
	owner_refresh();
	for (EACH(owners, i))
		check_number("owner", owners[i].owner, owner_of(owners[i].uid));
	/* Each id of hers takes of her share. */
	for (i = 0; i < 16; i++)
		check_number("hers", 0,
			     throttle_enter(THROTTLE_WRITE, 100000 + (uid_t)i,
					    NULL));
	check_number("no more", 0, take_all(THROTTLE_WRITE, 1000));
	check_number("no more", 0, take_all(THROTTLE_WRITE, 100077));
	check_number("bob's", 8, take_all(THROTTLE_WRITE, 170000));
	give(THROTTLE_WRITE, 170000, 8);
	for (i = 0; i < 16; i++)
		throttle_leave(THROTTLE_WRITE, 100000 + (uid_t)i);
	unlink(subuid);
	owner_refresh();
	check_number("without a file", 100000, owner_of(100000));
	unlink(passwd);
}

int main(void)
{
	check_shares();
	check_owners();
	return check_end("turns");
}
