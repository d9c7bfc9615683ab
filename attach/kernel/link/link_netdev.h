/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * link_netdev.h - whose interface a link tells the number of.
 *
 * The number alone says nothing, since each network namespace numbers its
 * interfaces anew.
 */
#ifndef ATTACH_KERNEL_LINK_LINK_NETDEV_H
#define ATTACH_KERNEL_LINK_LINK_NETDEV_H

#include <net/if.h>
#include <stdbool.h>

#include "attach/kernel/abi.h"

/*
 * The name of the interface in the network namespace of the caller that the
 * link was attached to; of the peer of a netkit pair that is the other one.
 * False when it is of another namespace, or that is not sure.
 */
bool link_netdev_name(const struct abi_link_info *info, char name[IF_NAMESIZE]);

#endif
