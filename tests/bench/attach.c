// SPDX-License-Identifier: BSD-2-Clause
/*
 * attach.c - mkdir, attach and rmdir, against the system calls beneath them.
 *
 * attach MOUNT PROGRAM CASE ROUNDS prints medians in microseconds: through the
 * file system and directly, of the whole, then of the part up to where the
 * program is attached.  Both put the pinned PROGRAM on the same place with a
 * link of the same type.
 */
#include <limits.h>
#include <sys/stat.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/perf.h"
#include "tests/bench/bench.h"

struct place {
	char name[NAME_MAX + 1]; /* of the probe's directory */
	char path[PATH_MAX];
	uint64_t offset;
	uint32_t id;
};

struct way {
	const char *name;
	const char *kind;
	void (*find)(struct place *place);
	/* The event, or -1 where the link needs none; the link. */
	int (*event)(const struct place *place);
	int (*link)(const struct place *place, int prog, int event);
};

/* What the uprobes are on; never called. */
__attribute__((noinline, used)) void bench_target(void);

void bench_target(void)
{
	__asm__ volatile("" ::: "memory");
}

static uint64_t file_offset(const void *address)
{
	unsigned long start, end, offset, where = (unsigned long)address;
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[PATH_MAX + 128];

	if (!maps)
		err(1, "/proc/self/maps");
	while (fgets(line, sizeof(line), maps))
		if (sscanf(line, "%lx-%lx %*s %lx", &start, &end, &offset) ==
			    3 &&
		    start <= where && where < end)
			break;
	fclose(maps);
	return where - start + offset;
}

static void find_function(struct place *place)
{
	char *to = place->name, *last = place->name + NAME_MAX - 32;
	const char *from = place->path;

	if (!realpath("/proc/self/exe", place->path))
		err(1, "/proc/self/exe");
	for (; *from && to < last; from++)
		if (*from == '/')
			to = stpcpy(to, "%2F");
		else
			*to++ = *from;
	strcpy(to, ":bench_target");
	place->offset = file_offset((const void *)(uintptr_t)bench_target);
}

static void find_tracepoint(struct place *place)
{
	const char path[] = "/sys/kernel/tracing/events/sched/"
			    "sched_process_hang/id";
	FILE *file = fopen(path, "re");

	if (!file || fscanf(file, "%u", &place->id) != 1)
		err(1, "%s", path);
	fclose(file);
	strcpy(place->name, "sched:sched_process_hang");
}

/* A system call that nobody makes. */
static void find_kernel(struct place *place)
{
	strcpy(place->name, "__x64_sys_sched_rr_get_interval");
}

static int open_uprobe(const struct place *place)
{
	return perf_uprobe(place->path, place->offset, 0, 0, false);
}

static int open_kprobe(const struct place *place)
{
	return perf_kprobe(place->name, 0, false);
}

static int open_tracepoint(const struct place *place)
{
	return perf_tracepoint(place->id, 0);
}

static int link_event(const struct place *place, int prog, int event)
{
	(void)place;
	return bpf_link_perf(prog, event, 0);
}

static int link_uprobe_multi(const struct place *place, int prog, int event)
{
	(void)event;
	return bpf_link_uprobe_multi(prog, BPF_TRACE_UPROBE_MULTI, false,
				     place->path, 1, &place->offset, NULL, NULL,
				     0);
}

static int link_kprobe_multi(const struct place *place, int prog, int event)
{
	const char *symbol = place->name;

	(void)event;
	return bpf_link_kprobe_multi(prog, BPF_TRACE_KPROBE_MULTI, false, 1,
				     &symbol, NULL, NULL);
}

/* clang-format off */
static const struct way ways[] = {
	{
		.name = "uprobe", .kind = "uprobe",
		.find = find_function, .event = open_uprobe, .link = link_event,
	},
	{
		.name = "uprobe_multi", .kind = "uprobe",
		.find = find_function, .link = link_uprobe_multi,
	},
	{
		.name = "tracepoint", .kind = "tracepoint",
		.find = find_tracepoint, .event = open_tracepoint,
		.link = link_event,
	},
	{
		.name = "kprobe", .kind = "kprobe",
		.find = find_kernel, .event = open_kprobe, .link = link_event,
	},
	{
		.name = "kprobe_multi", .kind = "kprobe",
		.find = find_kernel, .link = link_kprobe_multi,
	},
	{ 0 },
};
/* clang-format on */

static const struct way *way_named(const char *name)
{
	const struct way *way = ways;

	while (way->name && strcmp(way->name, name) != 0)
		way++;
	if (!way->name)
		errx(2, "no case '%s'", name);
	return way;
}

/*
 * A cycle, and its part up to where the program is attached.  A pause before
 * each half is not counted: what went before keeps RCU busy, and whether the
 * next has to wait for that would be decided by microseconds.
 */
struct times {
	struct series cycle, attached;
};

static double settled(void)
{
	usleep(50000);
	return now();
}

static void through_files(struct times *times, const char *dir,
			  const char *attach, const char *pin)
{
	double start = settled(), attached;

	if (mkdir(dir, 0755))
		err(1, "mkdir %s", dir);
	put(attach, pin);
	attached = now() - start;
	series_add(&times->attached, attached);
	start = settled();
	if (rmdir(dir))
		err(1, "rmdir %s", dir);
	series_add(&times->cycle, attached + now() - start);
}

static void directly(struct times *times, const struct way *way,
		     const struct place *place, const char *pin)
{
	double start = settled(), attached;
	int prog = bpf_get(pin, false);
	int event = way->event ? way->event(place) : -1;
	int link = way->link(place, prog, event);

	if (link < 0)
		errx(1, "cannot link '%s': %s", way->name, strerror(-link));
	if (event >= 0)
		close(event);
	attached = now() - start;
	series_add(&times->attached, attached);
	start = settled();
	close(link);
	close(prog);
	series_add(&times->cycle, attached + now() - start);
}

int main(int argc, char **argv)
{
	char dir[PATH_MAX], attach[PATH_MAX + 8];
	struct times ours = { 0 }, reference = { 0 };
	struct place place = { .path = "" };
	const struct way *way;
	long rounds;

	if (argc != 5)
		errx(2, "usage: attach MOUNT PROGRAM CASE ROUNDS");
	way = way_named(argv[3]);
	way->find(&place);
	must_fit(snprintf(dir, sizeof(dir), "%s/%s/%s", argv[1], way->kind,
			  place.name),
		 sizeof(dir));
	snprintf(attach, sizeof(attach), "%s/attach", dir);
	for (rounds = number(argv[4]); rounds > 0; rounds--) {
		through_files(&ours, dir, attach, argv[2]);
		directly(&reference, way, &place, argv[2]);
	}
	printf("%.1f %.1f %.1f %.1f\n", median(&ours.cycle),
	       median(&reference.cycle), median(&ours.attached),
	       median(&reference.attached));
	return 0;
}
