// SPDX-License-Identifier: BSD-2-Clause
/* perf.c - opening perf events that a program can sit on. */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/perf.h"
#include "attach/kernel/sysfile.h"

#define PMU_DIR "/sys/bus/event_source/devices"

enum { NO_BIT = -1 };

/*
 * A PMU that makes probes: its number and the bits of its config word.  They
 * are kept once read; a failure to read them is that of the caller, which may
 * ask again.
 */
struct pmu {
	const char *name;
	pthread_mutex_t lock;
	bool known; /* guarded by lock; the rest is constant once it is set */
	int type; /* -ENODEV when the kernel has it not */
	int retprobe;
	int ref_ctr;
};

static struct pmu kprobe_pmu = {
	.name = "kprobe",
	.lock = PTHREAD_MUTEX_INITIALIZER,
};
static struct pmu uprobe_pmu = {
	.name = "uprobe",
	.lock = PTHREAD_MUTEX_INITIALIZER,
};

/* The text of a file of the PMU's; empty when there is none. */
static int pmu_text(const struct pmu *pmu, const char *file, char *text,
		    size_t size)
{
	char path[128];
	int err;

	snprintf(path, sizeof(path), PMU_DIR "/%s/%s", pmu->name, file);
	err = sysfile_read(path, text, size);
	return err == -ENOENT ? 0 : err;
}

static int pmu_read_type(struct pmu *pmu)
{
	char text[32];
	int err = pmu_text(pmu, "type", text, sizeof(text));

	if (!err && sscanf(text, "%d", &pmu->type) != 1)
		pmu->type = -ENODEV;
	return err;
}

/* "config:0" or "config:32-63": the first bit. */
static int pmu_read_bit(const struct pmu *pmu, const char *file, int *bit)
{
	char text[32];
	int err = pmu_text(pmu, file, text, sizeof(text));

	if (!err &&
	    (sscanf(text, "config:%d", bit) != 1 || *bit < 0 || *bit > 63))
		*bit = NO_BIT;
	return err;
}

static int pmu_read(struct pmu *pmu)
{
	int err = pmu_read_type(pmu);

	if (!err)
		err = pmu_read_bit(pmu, "format/retprobe", &pmu->retprobe);
	if (!err)
		err = pmu_read_bit(pmu, "format/ref_ctr_offset", &pmu->ref_ctr);
	pmu->known = !err;
	return err;
}

/* ENODEV when the kernel has it not. */
static int pmu_find(struct pmu *pmu)
{
	int err;

	pthread_mutex_lock(&pmu->lock);
	err = pmu->known ? 0 : pmu_read(pmu);
	pthread_mutex_unlock(&pmu->lock);
	if (err)
		return err;
	return pmu->type < 0 ? pmu->type : 0;
}

/* /sys/devices/system/cpu/online is a list such as 0-3,8: its first number. */
static int online_cpu(void)
{
	return sysfile_number("/sys/devices/system/cpu/online", 0);
}

static int event_open(struct perf_event_attr *attr, pid_t pid, int cpu)
{
	long fd = syscall(SYS_perf_event_open, attr, pid, cpu, -1,
			  PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

/*
 * The CPU only says where the event lives; it is kept between calls and looked
 * up again when it has gone offline (ENODEV).
 */
static int event_open_somewhere(struct perf_event_attr *attr)
{
	static _Atomic int known = -1;
	int cpu = known, fd = -ENODEV;

	if (cpu >= 0)
		fd = event_open(attr, -1, cpu);
	if (fd == -ENODEV) {
		known = online_cpu();
		fd = event_open(attr, -1, known);
	}
	return fd;
}

/* pid 0 is every process, which is -1 on some CPU for perf_event_open(2). */
static int event_make(struct perf_event_attr *attr, pid_t pid)
{
	attr->size = sizeof(*attr);
	return pid ? event_open(attr, pid, -1) : event_open_somewhere(attr);
}

static int probe_open(struct pmu *pmu, struct perf_event_attr *attr, pid_t pid,
		      bool ret)
{
	int err = pmu_find(pmu);

	if (err)
		return err;
	if (ret && pmu->retprobe == NO_BIT)
		return -EOPNOTSUPP;
	attr->type = (uint32_t)pmu->type;
	if (ret)
		attr->config |= 1ULL << pmu->retprobe;
	return event_make(attr, pid);
}

int perf_kprobe(const char *symbol, uint64_t offset, bool ret)
{
	struct perf_event_attr attr = { 0 };

	attr.kprobe_func = (uintptr_t)symbol;
	attr.probe_offset = offset;
	return probe_open(&kprobe_pmu, &attr, 0, ret);
}

int perf_kprobe_address(uint64_t address, bool ret)
{
	struct perf_event_attr attr = { 0 };

	attr.kprobe_addr = address;
	return probe_open(&kprobe_pmu, &attr, 0, ret);
}

int perf_uprobe_ref_ctr(void)
{
	int err = pmu_find(&uprobe_pmu);

	if (err)
		return err;
	return uprobe_pmu.ref_ctr == NO_BIT ? -EOPNOTSUPP : 0;
}

int perf_uprobe(const char *path, uint64_t offset, uint64_t ref_ctr, pid_t pid,
		bool ret)
{
	struct perf_event_attr attr = { 0 };
	int err = ref_ctr ? perf_uprobe_ref_ctr() : 0;

	if (ref_ctr > UINT32_MAX)
		return -ERANGE;
	if (err)
		return err;
	if (ref_ctr)
		attr.config = ref_ctr << uprobe_pmu.ref_ctr;
	attr.uprobe_path = (uintptr_t)path;
	attr.probe_offset = offset;
	return probe_open(&uprobe_pmu, &attr, pid, ret);
}

/* No PERF_SAMPLE_RAW: nothing is sampled, and fewer rights are needed. */
int perf_tracepoint(uint32_t id, pid_t pid)
{
	struct perf_event_attr attr = { 0 };

	attr.type = PERF_TYPE_TRACEPOINT;
	attr.config = id;
	return event_make(&attr, pid);
}

/* A clock of this process that stands still. */
int perf_idle(void)
{
	struct perf_event_attr attr = { 0 };

	attr.type = PERF_TYPE_SOFTWARE;
	attr.config = PERF_COUNT_SW_CPU_CLOCK;
	attr.sample_period = 1000000000;
	attr.disabled = 1;
	return event_make(&attr, getpid());
}

int perf_sample(uint32_t type, uint64_t config, uint64_t period,
		uint64_t frequency, pid_t tid, int cpu)
{
	struct perf_event_attr attr = { 0 };

	attr.size = sizeof(attr);
	attr.type = type;
	attr.config = config;
	attr.freq = !period && frequency;
	if (attr.freq)
		attr.sample_freq = frequency;
	else
		attr.sample_period = period;
	attr.inherit = tid != 0;
	return event_open(&attr, tid ? tid : -1, cpu);
}

int perf_set_program(int perf_fd, int prog_fd)
{
	if (ioctl(perf_fd, PERF_EVENT_IOC_SET_BPF, prog_fd) ||
	    ioctl(perf_fd, PERF_EVENT_IOC_ENABLE, 0))
		return -errno;
	return 0;
}

int perf_program_id(int perf_fd, uint32_t *prog_id)
{
	return bpf_perf_prog_id(perf_fd, prog_id);
}

int perf_paranoid(void)
{
	return sysfile_number("/proc/sys/kernel/perf_event_paranoid", INT_MIN);
}
