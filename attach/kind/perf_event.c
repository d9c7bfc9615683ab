// SPDX-License-Identifier: BSD-2-Clause
/* perf_event.c - the kind perf_event: a program at each sample of an event. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kernel/link/perf_name.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/sysfile.h"
#include "attach/kind/name.h"
#include "attach/kind/perf_event.h"
#include "attach/kind/refusal.h"
#include "attach/kind/target.h"
#include "scope.h"

#define ONLINE	 "/sys/devices/system/cpu/online"
#define POSSIBLE "/sys/devices/system/cpu/possible"
#define MAX_RATE "/proc/sys/kernel/perf_event_max_sample_rate"

enum {
	FREQUENCY = 4000, /* Hz, as of perf record */
	LIST = 4096, /* bytes of a list of CPUs */
};

struct perf_event {
	char *event;
	uint64_t period;
	uint64_t frequency;
	char *cpus;
	pid_t pid;
};

/* clang-format off */
static const struct field fields[] = {
	FIELD(struct perf_event, event, "its name, as of perf(1): page-faults, cycles, ...; rHEX"),
	FIELD(struct perf_event, period, "a run of the program every so many of them"),
	FIELD(struct perf_event, frequency, "or so many runs in a second"),
	{
		.name = "cpus",
		.type = &type_cpus,
		.offset = offsetof(struct perf_event, cpus),
		.help = "those on which it is looked at",
	},
	FIELD(struct perf_event, pid, "only in this process, and in those that it starts"),
	{ 0 },
};
/* clang-format on */

static int parse(const char *name, void *spec, struct err *e)
{
	struct perf_event *p = spec;
	struct span span;
	int err = name_label(name, &span, e);

	if (!err)
		err = name_check(name, span, "_-", "an event's name", e);
	return err ? err : name_copy(name, span, &p->event, e);
}

/* Of a second that has too many no more than the kernel takes. */
static uint64_t default_frequency(void)
{
	int most = sysfile_number(MAX_RATE, FREQUENCY);

	return most < FREQUENCY ? (uint64_t)most : FREQUENCY;
}

static int set_event(const struct perf_event *p, struct sample_target *sample,
		     struct err *e)
{
	struct sample_event event;

	if (!p->event)
		return fail(e, EINVAL, "the field 'event' is empty");
	if (!sample_event_find(p->event, &event))
		return fail(
			e, ENOENT,
			"no event '%s'; see 'available', or write rHEX for one of this machine's",
			p->event);
	if (p->period && p->frequency)
		return fail(
			e, EINVAL,
			"'period' and 'frequency' exclude each other; clear one");
	*sample = (struct sample_target){
		.type = event.type,
		.config = event.config,
		.period = p->period,
		.frequency = p->frequency,
		.of_cpus = !p->pid,
		.everywhere = !p->cpus && !p->pid,
	};
	if (!p->period && !p->frequency && event.counts)
		sample->period = 1;
	else if (!p->period && !p->frequency)
		sample->frequency = default_frequency();
	return 0;
}

/* cpu: -1 is any; tid: 0 is every thread. */
static int add_site(struct target *target, const char *event, int cpu,
		    pid_t tid, struct err *e)
{
	struct site *site = target_add(target, event);

	if (!site)
		return fail(e, ENOMEM, "no memory for a site");
	site->cpu = cpu;
	site->tid = (uint64_t)tid;
	return 0;
}

static int add_cpus(struct target *target, const struct perf_event *p,
		    pid_t tid, struct err *e)
{
	char online[LIST];
	const char *list = p->cpus;
	int cpu = -1, err = 0;

	if (tid && !list)
		return add_site(target, p->event, -1, tid, e);
	if (!list)
		err = sysfile_read(ONLINE, online, sizeof(online));
	if (err)
		return fail(e, -err, "the CPUs are not told: " ONLINE);
	if (!list)
		list = online;
	while (!err && (cpu = cpus_next(list, cpu + 1)) >= 0)
		err = add_site(target, p->event, cpu, tid, e);
	return err;
}

/* An event is of one thread, and of those that it starts from then on. */
static int add_threads(struct target *target, const struct perf_event *p,
		       struct err *e)
{
	char path[48];
	const struct dirent *entry;
	int err = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", target->pid);
	dir = opendir(path);
	if (!dir)
		return fail(e, ESRCH, "there is no process %d", p->pid);
	while (!err && (entry = readdir(dir)))
		if (entry->d_name[0] != '.')
			err = add_cpus(target, p, atoi(entry->d_name), e);
	closedir(dir);
	if (!err && !target->nsites)
		err = fail(e, ESRCH, "process %d has exited", p->pid);
	return err;
}

static int resolve(const void *spec, const struct opener *opener,
		   struct target *target, struct err *e)
{
	const struct perf_event *p = spec;
	int err = set_event(p, &target->sample, e);

	if (!err)
		err = target_set_pid(target, opener, p->pid, e);
	if (err)
		return err;
	return p->pid ? add_threads(target, p, e) : add_cpus(target, p, 0, e);
}

static int refuse_cpu(const struct site *site, struct err *e)
{
	return fail(e, ENODEV, "CPU %" PRId32 " is offline, or there is none",
		    site->cpu);
}

/* A number above those of all CPUs is EINVAL, as is much else. */
static bool is_possible(const struct site *site)
{
	int cpu = site->cpu;
	char possible[LIST];

	return cpu < 0 || sysfile_read(POSSIBLE, possible, sizeof(possible)) ||
	       cpus_next(possible, cpu) == cpu;
}

static int explain_invalid(const struct target *target, const struct site *site,
			   const char *what, struct err *e)
{
	int most = sysfile_number(MAX_RATE, INT32_MAX);

	if (!is_possible(site))
		return refuse_cpu(site, e);
	if (target->sample.frequency > (uint64_t)most)
		return fail(
			e, EINVAL,
			"a frequency of %" PRIu64
			" is above kernel.perf_event_max_sample_rate, which is %d",
			target->sample.frequency, most);
	return refusal_explain(what, true, EINVAL, e);
}

static int explain(const struct target *target, const struct site *site,
		   bool event, int code, struct err *e)
{
	char what[128];

	snprintf(what, sizeof(what), "event '%s'", site->symbol);
	if (event && (code == ENOENT || code == EOPNOTSUPP))
		return fail(
			e, code,
			"no PMU of this machine has the event '%s', as in many virtual machines; software events are everywhere",
			site->symbol);
	if (event && code == ENODEV)
		return refuse_cpu(site, e);
	if (event && code == EINVAL)
		return explain_invalid(target, site, what, e);
	if (event && code == ESRCH)
		return fail(e, code, "thread %" PRIu64 " has exited meanwhile",
			    site->tid);
	/* perf_event_set_bpf_handler(): of precise events only. */
	if (!event && code == EPROTO)
		return fail(
			e, code,
			"the program asks for stacks, which samples of '%s' do not have",
			site->symbol);
	return refusal_explain(what, event, code, e);
}

static int available(const void *spec, const struct opener *opener, FILE *out,
		     struct err *e)
{
	char name[PERF_NAME];
	uint32_t type;
	uint64_t config;
	size_t i;
	int fd;

	(void)spec;
	(void)opener;
	(void)e;
	for (i = 0; perf_name_at(i, &type, &config, name); i++) {
		fd = perf_sample(type, config, 0, 0, getpid(), -1);
		if (fd >= 0)
			fprintf(out, "%s\n", name);
		fd_close(fd);
	}
	return 0;
}

static const struct accept accepts[] = {
	{ .prog_type = BPF_PROG_TYPE_PERF_EVENT },
	{ 0 },
};

const struct kind kind_perf_event = {
	.name = "perf_event",
	.grammar = "EVENT[@LABEL]",
	.help = "a program that runs at samples of a performance event, on each CPU",
	.example = "page-faults",
	.fields = fields,
	.spec_size = sizeof(struct perf_event),
	.accepts = accepts,
	.attacher = ATTACHER_SAMPLES,
	.traits = KIND_COOKIE,
	.capability = CAP_PERFMON,
	.parse = parse,
	.resolve = resolve,
	.explain = explain,
	.available = available,
};
