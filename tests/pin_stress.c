// SPDX-License-Identifier: BSD-2-Clause
/*
 * pin_stress.c - a pin of a probe that is read while it changes.
 *
 * pin_stress behind PROBE PIN WRITES OTHER: eight threads work on PIN, which is
 * the pin of the probe directory PROBE, behind the daemon's back, with OTHER, a
 * pinned object that is not the probe's; others read `pin` and `info`; WRITES
 * writes of `cookie` end it.
 * pin_stress remake PROBE PIN WRITES: the readers and the writes only, so that
 * the pin has to be there at any time.
 * pin_stress move PROBE PIN WRITES: as that, with writes of `pin`, by turns PIN
 * with "_beside" and PIN.
 *
 * Prints how many writes were taken.  Anything that is read but may not be, or
 * an errno that has no place here, is one line on stderr and exit status 1.
 */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *probe, *pin, *other; /* NULL: nobody is behind its back */
static char *beside, *mine; /* names in the directory of the pin */
static atomic_bool ended;

/* What is done to the pin; whether it can be done is all one. */

static void remove_pin(void)
{
	unlink(pin);
}

static void move_away(void)
{
	if (!rename(pin, beside))
		rename(beside, pin);
}

static void move_off(void)
{
	rename(pin, beside);
	unlink(beside);
}

static void put_other(void)
{
	if (!link(other, mine) && rename(mine, pin))
		unlink(mine);
}

static void exchange(void)
{
	if (!link(other, mine))
		renameat2(AT_FDCWD, mine, AT_FDCWD, pin, RENAME_EXCHANGE);
	unlink(mine);
}

static void link_pin(void)
{
	link(pin, beside);
	unlink(beside);
}

static void put_directory(void)
{
	if (!mkdir(pin, 0700))
		rmdir(pin);
}

/* What the daemon has there for a moment, under a name of its own. */
static void remove_aside(void)
{
	char *parent = strndup(pin, (size_t)(strrchr(pin, '/') - pin));
	DIR *dir = parent ? opendir(parent) : NULL;
	const struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		if (!strncmp(entry->d_name, "probefs_", 8))
			unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	free(parent);
}

static size_t read_file(const char *name, char *text, size_t size)
{
	char *path = NULL;
	ssize_t got = -1;
	int fd;

	if (asprintf(&path, "%s/%s", probe, name) < 0)
		err(1, "asprintf");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		got = read(fd, text, size - 1);
	if (got < 0)
		err(1, "reading %s", name);
	close(fd);
	free(path);
	text[got] = '\0';
	return (size_t)got;
}

/*
 * It is PIN, or where that is moved; or empty, if somebody may have removed it.
 */
static void read_pin(void)
{
	char text[8192];
	size_t length = strlen(pin);
	const char *rest = text + length;

	if (!read_file("pin", text, sizeof(text)) && other)
		return;
	if (strncmp(text, pin, length) != 0 ||
	    (strcmp(rest, "\n") != 0 && strcmp(rest, "_beside\n") != 0))
		errx(1, "'pin' says '%s'", text);
}

static void read_info(void)
{
	char text[8192];

	read_file("info", text, sizeof(text));
	if (!strstr(text, "\nstate:\tattached\n") ||
	    (!other && !strstr(text, "\npinned:\t")))
		errx(1, "'info' says '%s'", text);
}

static void (*const works[])(void) = {
	read_pin,  read_info, remove_pin, move_away,	 move_off,
	put_other, exchange,  link_pin,	  put_directory, remove_aside,
};

enum { READERS = 2, WORKS = sizeof(works) / sizeof(works[0]) };

static void *work(void *arg)
{
	while (!ended)
		(*(void (**)(void))arg)();
	return NULL;
}

/* A name that somebody else has taken, or a pin that went on the way. */
static bool may_be_refused(int code)
{
	return code == EEXIST || code == ENOENT || code == EBUSY ||
	       code == EISDIR || code == ENOTDIR;
}

static bool write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool taken;

	if (fd < 0)
		err(1, "opening %s", path);
	taken = write(fd, text, strlen(text)) > 0;
	if (!taken && !(other && may_be_refused(errno)))
		err(1, "writing %s", path);
	close(fd);
	return taken;
}

static unsigned int write_all(const char *file, unsigned int writes)
{
	bool moves = !strcmp(file, "pin");
	unsigned int i, taken = 0;
	char *path, *text;

	if (asprintf(&path, "%s/%s", probe, file) < 0)
		err(1, "asprintf");
	for (i = 1; i <= writes; i++) {
		if ((moves ? asprintf(&text, "%s\n", i & 1 ? beside : pin)
			   : asprintf(&text, "%u\n", i)) < 0)
			err(1, "asprintf");
		taken += write_text(path, text);
		free(text);
	}
	free(path);
	return taken;
}

int main(int argc, char **argv)
{
	pthread_t threads[WORKS];
	unsigned int taken;
	size_t i, count;

	if (argc < 5)
		errx(2,
		     "usage: pin_stress behind|remake|move PROBE PIN WRITES ...");
	probe = argv[2];
	pin = argv[3];
	other = argv[5];
	count = other ? WORKS : READERS;
	if (asprintf(&beside, "%s_beside", pin) < 0 ||
	    asprintf(&mine, "%s_mine", pin) < 0)
		err(1, "asprintf");
	for (i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work,
				   (void *)(uintptr_t)&works[i]))
			errx(1, "no thread");
	taken = write_all(strcmp(argv[1], "move") != 0 ? "cookie" : "pin",
			  (unsigned int)strtoul(argv[4], NULL, 10));
	ended = true;
	for (i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("%u\n", taken);
	return 0;
}
