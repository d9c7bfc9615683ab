/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * perf.h - perf events that a program can sit on.
 *
 * Each opener returns a close-on-exec perf event descriptor or -errno as the
 * kernel gave it.  One event on one online CPU is enough: the program runs on
 * all of them (perf_trace_event_reg() is not per CPU).
 */
#ifndef ATTACH_KERNEL_PERF_H
#define ATTACH_KERNEL_PERF_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * ENODEV when the kernel has no kprobe (uprobe) PMU: before 4.17, or config.
 * pid 0 is every process.  A ref_ctr of more than 32 bits is ERANGE, any where
 * the PMU takes none (before 4.20) EOPNOTSUPP.
 */
int perf_kprobe(const char *symbol, uint64_t offset, bool ret);
int perf_kprobe_address(uint64_t address, bool ret);
int perf_uprobe(const char *path, uint64_t offset, uint64_t ref_ctr, pid_t pid,
		bool ret);

/*
 * 0 when the uprobe PMU takes a reference counter (4.20), else EOPNOTSUPP, or
 * why the PMU cannot be asked: ENODEV, ...
 */
int perf_uprobe_ref_ctr(void);

/* An event that never counts, to try what links on events can do. */
int perf_idle(void);

/* id: from events/GROUP/NAME/id of tracefs. */
int perf_tracepoint(uint32_t id, pid_t pid);

/*
 * An event that samples, by a period or else by a frequency in Hz; none: it only
 * counts.  tid 0 is every thread, cpu -1 every CPU; an event of a thread is of
 * those that it starts, too.
 */
int perf_sample(uint32_t type, uint64_t config, uint64_t period,
		uint64_t frequency, pid_t tid, int cpu);

/* PERF_EVENT_IOC_SET_BPF and IOC_ENABLE. */
int perf_set_program(int perf_fd, int prog_fd);

/* BPF_TASK_FD_QUERY of this process's perf event: the program's id. */
int perf_program_id(int perf_fd, uint32_t *prog_id);

/* kernel.perf_event_paranoid, or INT_MIN when it cannot be read. */
int perf_paranoid(void);

#endif
