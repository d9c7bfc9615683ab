// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* index.c - one reading for each version of a file, shared and bounded. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/build_elf.h"
#include "tests/unit/check.h"
#include "usdt/note_cache.h"

enum {
	THREADS = 8,
	ROUNDS = 200,
};

/* What the index takes for the time; 0 seconds: the system's. */
static struct timespec stopped;

/* Takes the place of libc's in this program. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	if (clock == CLOCK_REALTIME_COARSE && stopped.tv_sec) {
		*now = stopped;
		return 0;
	}
	return (int)syscall(SYS_clock_gettime, clock, now);
}

/* Until the clock goes on, files made from now on are `seconds` old. */
static void stop_clock(time_t seconds)
{
	stopped.tv_sec = 0;
	clock_gettime(CLOCK_REALTIME_COARSE, &stopped);
	stopped.tv_sec += seconds;
}

/* What was made until now is older than what the index is wary of. */
static void settle(void)
{
	stop_clock(10);
}

static struct bytes image_of(size_t probes)
{
	struct build b =
		build_usual(ELFCLASS64, ELFDATA2LSB, ET_DYN, EM_X86_64);
	struct bytes *s = &add_section(&b, ".note.stapsdt", SHT_NOTE)->bytes;

	while (probes-- > 0)
		add_probe(&b, s, 0x402010, 0, 0, "p", "n", "8@%rdi");
	return build(&b);
}

static int file_of(size_t probes)
{
	struct bytes bytes = image_of(probes);

	return bytes_file(&bytes);
}

/* Of another length: both versions may be of one tick of the kernel's clock. */
static void rewrite(int fd, size_t probes)
{
	struct bytes bytes = image_of(probes);

	if (pwrite(fd, bytes.data, bytes.size, 0) != (ssize_t)bytes.size ||
	    ftruncate(fd, (off_t)(bytes.size + probes)))
		abort();
	free(bytes.data);
}

static const struct index_file *get(struct index *index, int fd)
{
	const struct index_file *file = NULL;
	struct err e = { 0 };

	if (index_get(index, fd, &file, &e)) {
		check_text("get", "", e.text);
		exit(EXIT_FAILURE);
	}
	return file;
}

static void check_shared(void)
{
	struct index *index = index_make(INDEX_BYTES);
	const struct index_file *a, *b;
	int fd = file_of(3);

	settle();
	a = get(index, fd);
	b = get(index, fd);
	check_true("same object", a == b);
	check_number("notes", 3, a->notes->count);
	check_number("reads", 1, index_stats(index).reads);
	index_put(index, a);
	index_put(index, b);
	a = get(index, fd);
	check_number("reads after put", 1, index_stats(index).reads);
	index_put(index, a);

	rewrite(fd, 4);
	settle();
	a = get(index, fd);
	check_number("notes of the new version", 4, a->notes->count);
	check_number("reads of the new version", 2, index_stats(index).reads);
	index_put(index, a);
	close(fd);
	index_free(index);
}

/* Held files outlive their place in the index. */
static void check_bounded(void)
{
	struct index *index = index_make(20000);
	const struct index_file *held, *file;
	int fds[40], i;

	for (i = 0; i < 40; i++)
		fds[i] = file_of(20);
	settle();
	held = get(index, fds[0]);
	for (i = 1; i < 40; i++) {
		file = get(index, fds[i]);
		index_put(index, file);
	}
	check_true("bytes within the limit", index_stats(index).bytes <= 20000);
	check_true("some are kept", index_stats(index).files > 2);
	check_number("the held one is good", 20, held->notes->count);
	file = get(index, fds[0]);
	check_true("the held one is shared", file == held);
	index_put(index, file);
	index_put(index, held);
	file = get(index, fds[39]);
	check_number("the last was kept", 40, index_stats(index).reads);
	index_put(index, file);
	for (i = 0; i < 40; i++)
		close(fds[i]);
	index_free(index);
}

static void check_fresh(void)
{
	struct index *index = index_make(INDEX_BYTES);
	int fd;

	stop_clock(0);
	fd = file_of(1);
	index_put(index, get(index, fd));
	check_number("a fresh file is not kept", 0, index_stats(index).files);
	close(fd);
	index_free(index);
}

static void check_bad(void)
{
	static const struct bad {
		const char *path;
		int flags, expected;
	} bad[] = {
		{ "/", O_RDONLY | O_DIRECTORY, -EINVAL },
		{ "/dev/null", O_RDONLY, -EINVAL },
		{ "/etc/passwd", O_RDONLY, -ENOEXEC },
	};
	struct index *index = index_make(INDEX_BYTES);
	const struct index_file *file;
	struct err e;
	size_t i;
	int fd;

	for (EACH(bad, i)) {
		fd = open(bad[i].path, bad[i].flags | O_CLOEXEC);
		check_number(bad[i].path, bad[i].expected,
			     index_get(index, fd, &file, &e));
		check_number("errno", -bad[i].expected, e.code);
		close(fd);
	}
	check_number("failures are not kept", 0, index_stats(index).files);
	index_free(index);
}

struct shared {
	struct index *index;
	int fds[4];
	atomic_bool stop;
	atomic_int wrong;
};

static void *reader(void *ctx)
{
	struct shared *shared = ctx;
	const struct index_file *file;
	struct err e;
	int i, r;

	for (i = 0; i < ROUNDS; i++) {
		r = index_get(shared->index, shared->fds[i % 4], &file, &e);
		if (r == -EAGAIN || r == -ENOEXEC || r == -EIO)
			continue; /* it was being written */
		if (r || file->notes->count > 8)
			atomic_fetch_add(&shared->wrong, 1);
		if (!r)
			index_put(shared->index, file);
	}
	return NULL;
}

static void *writer(void *ctx)
{
	struct shared *shared = ctx;
	size_t probes;

	for (probes = 1; !atomic_load(&shared->stop); probes = probes % 8 + 1) {
		rewrite(shared->fds[0], probes);
		if (ftruncate(shared->fds[1], probes % 2 ? 100 : 0x4100))
			abort();
		rewrite(shared->fds[1], probes);
	}
	return NULL;
}

static void check_threads(void)
{
	struct shared shared = { .index = index_make(4096) };
	pthread_t readers[THREADS], changer;
	int i;

	stopped.tv_sec = 0;
	for (i = 0; i < 4; i++)
		shared.fds[i] = file_of(3);
	pthread_create(&changer, NULL, writer, &shared);
	for (i = 0; i < THREADS; i++)
		pthread_create(&readers[i], NULL, reader, &shared);
	for (i = 0; i < THREADS; i++)
		pthread_join(readers[i], NULL);
	atomic_store(&shared.stop, true);
	pthread_join(changer, NULL);
	check_number("wrong answers in threads", 0, atomic_load(&shared.wrong));
	for (i = 0; i < 4; i++)
		close(shared.fds[i]);
	index_free(shared.index);
}

int main(void)
{
	check_shared();
	check_bounded();
	check_fresh();
	check_bad();
	check_threads();
	return check_end("index");
}
