// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/*
 * scratch.c - how long scratch stays, and how much of it, by a clock of ours.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fs/daemon/options.h"
#include "fs/tree/probe.h"
#include "fs/tree/scratch.h"
#include "tests/unit/check.h"

/* How far CLOCK_BOOTTIME and the clock on the wall are put forward. */
static time_t boot_ahead, wall_ahead;

/* Takes the place of libc's in this program. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int result = (int)syscall(SYS_clock_gettime, clock, now);

	if (clock == CLOCK_BOOTTIME)
		now->tv_sec += boot_ahead;
	if (clock == CLOCK_REALTIME)
		now->tv_sec += wall_ahead;
	return result;
}

static struct options options;
static struct tree *tree;

static struct probe *probe_new(const char *name)
{
	struct config config;
	struct probe *probe;
	struct err e;

	if (config_make(tree->kind_dirs[0].kind, name, &config, &e) ||
	    probe_make(tree, &tree->kind_dirs[0], &config, &probe, &e)) {
		printf("%s: %s\n", name, e.text);
		exit(EXIT_FAILURE);
	}
	return probe;
}

static struct scratch *made(struct probe *probe, const char *name, uid_t uid,
			    int want)
{
	struct stat attr = { .st_mode = S_IFREG | 0600, .st_uid = uid };
	struct scratch *scratch = NULL;

	check_number(name, want,
		     scratch_make(tree, &probe->nest, probe_number(probe), name,
				  &attr, &scratch));
	return scratch;
}

static bool there(struct probe *probe, const char *name)
{
	return scratch_named(tree, &probe->nest, name);
}

static void test_age(void)
{
	struct probe *probe = probe_new("age");
	struct scratch *young;

	made(probe, "old", 0, 0);
	young = made(probe, "young", 0, 0);
	boot_ahead += SCRATCH_SECONDS / 2;
	check_number("write", 0, scratch_write(tree, young, "x", 1, 0));
	check_true("after half an hour", there(probe, "old"));
	/* Somebody sets the time of day: nothing has grown older. */
	wall_ahead += 10 * SCRATCH_SECONDS;
	check_true("after the clock was set", there(probe, "old"));
	boot_ahead += SCRATCH_SECONDS / 2 + 2;
	check_true("after an hour", !there(probe, "old"));
	check_true("written half an hour ago", there(probe, "young"));
	check_number("bytes", SCRATCH_COST + 1,
		     (int64_t)tree->scratch_bytes[0]);
	boot_ahead += SCRATCH_SECONDS + 2;
	check_true("in a listing", !scratch_next(tree, &probe->nest, 0));
	check_number("bytes in the end", 0, (int64_t)tree->scratch_bytes[0]);
}

/* What is open goes from the directory, and lives until it is closed. */
static void test_open(void)
{
	struct probe *probe = probe_new("open");
	struct scratch *scratch = made(probe, "x", 0, 0);
	uint64_t number = scratch->number;

	scratch_open(scratch);
	scratch_open(scratch);
	boot_ahead += SCRATCH_SECONDS + 2;
	check_true("has no name", !there(probe, "x"));
	check_number("write", 0, scratch_write(tree, scratch, "abc", 3, 0));
	scratch_remove(tree, scratch);
	scratch_close(tree, scratch);
	check_true("one has it open", scratch_find(tree, number) == scratch);
	made(probe, "x", 0, 0);
	scratch_close(tree, scratch);
	check_true("nobody has", !scratch_find(tree, number));
	check_true("the other of that name", there(probe, "x"));
	scratch_remove_all(tree, &probe->nest);
	check_number("bytes", 0, (int64_t)tree->scratch_bytes[0]);
}

/* Full files in as many probes as it takes; how many were taken. */
static size_t fill(const char *name, uid_t uid)
{
	static unsigned int serial;
	struct stat attr = { .st_mode = S_IFREG | 0600, .st_uid = uid };
	static char bytes[SCRATCH_BYTES];
	struct probe *probe = NULL;
	struct scratch *scratch;
	size_t count = 0;
	char file[32];

	for (;; count++) {
		snprintf(file, sizeof(file), "%s.%u", name, serial++);
		if (count % SCRATCH_FILES == 0)
			probe = probe_new(file);
		if (scratch_make(tree, &probe->nest, probe_number(probe), file,
				 &attr, &scratch))
			return count;
		if (scratch_write(tree, scratch, bytes, sizeof(bytes), 0)) {
			scratch_remove(tree, scratch);
			return count;
		}
	}
}

static void test_shares(void)
{
	const size_t one = SCRATCH_SHARE / (SCRATCH_BYTES + SCRATCH_COST);
	struct probe *probe;
	uid_t uid;

	check_number("a user's share", (int64_t)one, (int64_t)fill("a", 1));
	check_number("the same again", 0, (int64_t)fill("a", 1));
	for (uid = 2; uid < 9; uid++)
		fill("b", uid);
	check_true("users have not all of it",
		   tree->scratch_bytes[0] <= SCRATCH_TOTAL - SCRATCH_SHARE);
	check_true("root has the rest", fill("c", 0) >= one);
	probe = probe_new("full");
	check_number(
		"nothing is left", -ENOSPC,
		scratch_resize(tree, made(probe, "x", 0, 0), SCRATCH_BYTES));
	/* What is too old makes room, wherever it is. */
	boot_ahead += SCRATCH_SECONDS + 2;
	made(probe, "y", 1, 0);
	check_number("bytes", SCRATCH_COST, (int64_t)tree->scratch_bytes[0]);
}

int main(void)
{
	options_init(&options);
	tree = tree_new(&options.policy);
	if (!tree)
		return EXIT_FAILURE;
	test_age();
	test_open();
	test_shares();
	probe_end_all(tree);
	tree_free(tree);
	options_free(&options);
	return check_end("scratch");
}
