// SPDX-License-Identifier: BSD-2-Clause
/* netdev_xdp.c - asking by rtnetlink(7) which XDP programs an interface has. */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "attach/kernel/in_netns.h"
#include "attach/kernel/netdev.h"
#include "scope.h"

/* An interface with all that the kernel tells of it but statistics. */
enum { ANSWER = 32 * 1024 };

struct question {
	uint32_t index, prog_id;
};

/* IFLA_XDP: a number for each mode, and one for whichever is in use. */
static bool is_program(unsigned short type)
{
	return type == IFLA_XDP_PROG_ID || type == IFLA_XDP_DRV_PROG_ID ||
	       type == IFLA_XDP_SKB_PROG_ID || type == IFLA_XDP_HW_PROG_ID;
}

static bool has_program(struct rtattr *xdp, uint32_t prog_id)
{
	struct rtattr *attr = RTA_DATA(xdp);
	int left = (int)RTA_PAYLOAD(xdp);
	uint32_t id;

	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left)) {
		if (!is_program(attr->rta_type) ||
		    RTA_PAYLOAD(attr) < sizeof(id))
			continue;
		memcpy(&id, RTA_DATA(attr), sizeof(id));
		if (id == prog_id)
			return true;
	}
	return false;
}

static int look(struct nlmsghdr *answer, uint32_t prog_id)
{
	struct ifinfomsg *interface = NLMSG_DATA(answer);
	const struct nlmsgerr *error = NLMSG_DATA(answer);
	struct rtattr *attr = IFLA_RTA(interface);
	int left = (int)IFLA_PAYLOAD(answer);

	if (answer->nlmsg_type == NLMSG_ERROR)
		return error->error ? error->error : -EIO;
	for (; RTA_OK(attr, left); attr = RTA_NEXT(attr, left))
		if ((attr->rta_type & NLA_TYPE_MASK) == IFLA_XDP)
			return has_program(attr, prog_id);
	return 0;
}

static int send_question(int fd, uint32_t index)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg interface;
		struct rtattr attr;
		uint32_t mask;
	} request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = RTM_GETLINK,
			    .nlmsg_flags = NLM_F_REQUEST },
		.interface = { .ifi_index = (int)index },
		.attr = { .rta_len = RTA_LENGTH(sizeof(uint32_t)),
			  .rta_type = IFLA_EXT_MASK },
		.mask = RTEXT_FILTER_SKIP_STATS,
	};

	return send(fd, &request, sizeof(request), 0) < 0 ? -errno : 0;
}

static int ask(void *arg)
{
	const struct question *q = arg;
	scoped_fd int fd =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	scoped_free struct nlmsghdr *answer = malloc(ANSWER);
	ssize_t length;
	int err;

	if (fd < 0 || !answer)
		return fd < 0 ? -errno : -ENOMEM;
	err = send_question(fd, q->index);
	if (err)
		return err;
	length = recv(fd, answer, ANSWER, MSG_TRUNC);
	if (length < 0)
		return -errno;
	if (length > ANSWER || !NLMSG_OK(answer, (size_t)length))
		return -EIO;
	return look(answer, q->prog_id);
}

int netdev_runs_xdp(int netns, uint32_t index, uint32_t prog_id)
{
	struct question q = { index, prog_id };

	return in_netns(netns, ask, &q);
}
