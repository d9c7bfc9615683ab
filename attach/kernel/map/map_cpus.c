// SPDX-License-Identifier: BSD-2-Clause
/* map_cpus.c - the possible CPUs.  libbpf.h has another enum bpf_object than we. */
#include <bpf/libbpf.h>

#include "attach/kernel/map/map_cpus.h"

int map_cpus(void)
{
	return libbpf_num_possible_cpus();
}
