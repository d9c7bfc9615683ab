// SPDX-License-Identifier: BSD-2-Clause
/*
 * cpu_events.c - being told that a CPU has come online.
 *
 * The kernel sends ACTION@PATH of each change of any device to a netlink group
 * (kobject_uevent_env() of lib/kobject_uevent.c).  The filter of the socket
 * drops all but what begins as wanted, so that the rest wakes nobody.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>

#include "attach/kernel/cpu_events.h"
#include "scope.h"

static const char wanted[] = "online@/devices/system/cpu/c";

enum {
	WORD = 4,
	WORDS = (sizeof(wanted) - 1) / WORD,
	DROP = 2 * WORDS + 1, /* the place of the instruction */
	KERNEL = 1, /* the group in which the kernel speaks, not udev */
	AT_ONCE = 64, /* messages */
};

static _Atomic uint32_t turns[CPUS_MAX];

/* As the filter loads it: big-endian. */
static uint32_t word_at(const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

static int set_filter(int fd)
{
	struct sock_filter code[DROP + 1], *next = code;
	const struct sock_fprog filter = { .len = DROP + 1, .filter = code };
	unsigned int i;

	for (i = 0; i < WORDS; i++) {
		*next++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
						       WORD * i);
		*next++ = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, word_at(wanted + WORD * i),
			0, DROP - 2 * (i + 1));
	}
	*next++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, UINT32_MAX);
	*next = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
			  sizeof(filter));
}

int cpu_events_open(void)
{
	const struct sockaddr_nl group = { .nl_family = AF_NETLINK,
					   .nl_groups = KERNEL };
	scoped_fd int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       NETLINK_KOBJECT_UEVENT);

	if (fd < 0 || set_filter(fd) ||
	    bind(fd, (const struct sockaddr *)&group, sizeof(group)))
		return -errno;
	return take_fd(&fd);
}

uint32_t cpu_turn(int cpu)
{
	return cpu >= 0 && cpu < CPUS_MAX ? turns[cpu] : 0;
}

/* Where messages have been lost it may be any. */
static void note_all(void)
{
	int cpu;

	for (cpu = 0; cpu < CPUS_MAX; cpu++)
		turns[cpu]++;
}

/* "puN" and a NUL, behind what is wanted. */
static void note_one(const char *rest)
{
	int cpu;

	if (sscanf(rest, "pu%d", &cpu) == 1 && cpu >= 0 && cpu < CPUS_MAX)
		turns[cpu]++;
}

/* What is not of the kernel has another sender than 0. */
static bool take_one(int fd)
{
	char text[sizeof(wanted) + 16] = "";
	struct sockaddr_nl from = { 0 };
	socklen_t size = sizeof(from);
	ssize_t length = recvfrom(fd, text, sizeof(text) - 1, 0,
				  (struct sockaddr *)&from, &size);

	if (length < 0 && errno != ENOBUFS)
		return false;
	if (length < 0)
		note_all();
	else if (!from.nl_pid && (size_t)length > sizeof(wanted))
		note_one(text + sizeof(wanted) - 1);
	return true;
}

bool cpu_events_take(int fd)
{
	int i = 0;

	while (i < AT_ONCE && take_one(fd))
		i++;
	return i;
}
