// SPDX-License-Identifier: BSD-2-Clause
/* link_netdev.c - finding the interface of a link. */
#include <string.h>

#include "attach/kernel/bpf.h"
#include "attach/kernel/bpf_link.h"
#include "attach/kernel/link/link_netdev.h"
#include "attach/kernel/netdev.h"
#include "scope.h"

/* The link is among those on the hook of that interface. */
static bool is_on(const struct abi_link_info *info, uint32_t ifindex)
{
	uint32_t programs[ABI_HOOK_PROGRAMS], links[ABI_HOOK_PROGRAMS] = { 0 };
	uint32_t count = ABI_HOOK_PROGRAMS, i;

	if (bpf_hook_query(ifindex, info->netdev.attach_type, 0, programs,
			   links, &count, NULL))
		return false;
	for (i = 0; i < count && i < ABI_HOOK_PROGRAMS; i++)
		if (links[i] == info->id)
			return true;
	return false;
}

static bool is_alike(uint32_t id, const struct abi_link_info *info)
{
	struct abi_link_info other = { 0 };
	scoped_fd int fd = bpf_link_by_id(id);
	uint32_t size = sizeof(other);

	return fd >= 0 && !bpf_info(fd, &other, &size) &&
	       other.type == info->type && other.id != info->id &&
	       other.prog_id == info->prog_id &&
	       other.netdev.ifindex == info->netdev.ifindex;
}

/*
 * No list of an interface's links has one of XDP in it, but its program is told;
 * the same can be on the interface of that number of another namespace.
 */
static bool runs_alone(const struct abi_link_info *info)
{
	uint32_t id = 0;

	if (netdev_runs_xdp(-1, info->netdev.ifindex, info->prog_id) != 1)
		return false;
	while (!bpf_link_next(&id))
		if (is_alike(id, info))
			return false;
	return true;
}

struct search {
	const struct abi_link_info *info;
	char *name;
};

static int look_at(void *arg, const char *name, const char *driver)
{
	const struct search *search = arg;
	int ifindex;

	if (strcmp(driver, "netkit") != 0)
		return 0;
	ifindex = netdev_index(-1, name);
	if (ifindex < 0 || !is_on(search->info, (uint32_t)ifindex))
		return 0;
	strcpy(search->name, name);
	return 1;
}

/* It tells the number of the peer: netkit_link_fill_info(). */
static bool find_pair(const struct abi_link_info *info, char *name)
{
	struct search search = { info, name };

	return netdev_list(-1, look_at, &search) == 1;
}

bool link_netdev_name(const struct abi_link_info *info, char name[IF_NAMESIZE])
{
	uint32_t ifindex = info->netdev.ifindex;

	if (!ifindex)
		return false;
	if (info->type == BPF_LINK_TYPE_NETKIT &&
	    info->netdev.attach_type == BPF_NETKIT_PEER)
		return find_pair(info, name);
	if (info->type == BPF_LINK_TYPE_XDP ? !runs_alone(info)
					    : !is_on(info, ifindex))
		return false;
	return !netdev_name(-1, ifindex, name);
}
