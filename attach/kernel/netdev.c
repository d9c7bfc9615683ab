// SPDX-License-Identifier: BSD-2-Clause
/* netdev.c - asking about interfaces, in the network namespace that has them. */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "attach/kernel/in_netns.h"
#include "attach/kernel/netdev.h"
#include "scope.h"

/* The number of an ioctl(2) and its argument. */
struct question {
	unsigned long number;
	struct ifreq request;
};

static int ask(void *arg)
{
	struct question *q = arg;
	scoped_fd int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return fd < 0 || ioctl(fd, q->number, &q->request) ? -errno : 0;
}

int netdev_index(int netns, const char *name)
{
	struct question q = { .number = SIOCGIFINDEX };
	int err;

	if (strlen(name) >= IFNAMSIZ)
		return -ENODEV;
	memcpy(q.request.ifr_name, name, strlen(name) + 1);
	err = in_netns(netns, ask, &q);
	return err ? err : q.request.ifr_ifindex;
}

int netdev_name(int netns, uint32_t index, char name[IF_NAMESIZE])
{
	struct question q = {
		.number = SIOCGIFNAME,
		.request = { .ifr_ifindex = (int)index },
	};
	int err = in_netns(netns, ask, &q);

	if (!err)
		memcpy(name, q.request.ifr_name, IF_NAMESIZE);
	return err;
}

struct list {
	netdev_taker *taker;
	void *arg;
};

static int take_one(const struct list *list, const char *name)
{
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct question q = { .number = SIOCETHTOOL };

	if (strlen(name) >= IFNAMSIZ)
		return 0;
	memcpy(q.request.ifr_name, name, strlen(name) + 1);
	q.request.ifr_data = (void *)&info;
	if (ask(&q))
		info.driver[0] = '\0';
	return list->taker(list->arg, name, info.driver);
}

/* Two lines of titles, then "  NAME: NUMBERS"; a name has no ':'. */
static int list_devices(void *arg)
{
	scoped_file FILE *in = fopen("/proc/thread-self/net/dev", "re");
	char line[1024], *name, *end;
	int err = 0, number = 0;

	if (!in)
		return -errno;
	while (!err && fgets(line, sizeof(line), in)) {
		name = line + strspn(line, " ");
		end = strchr(name, ':');
		if (number++ < 2 || !end)
			continue;
		*end = '\0';
		err = take_one(arg, name);
	}
	return err;
}

int netdev_list(int netns, netdev_taker *take, void *arg)
{
	struct list list = { take, arg };

	return in_netns(netns, list_devices, &list);
}
