// SPDX-License-Identifier: BSD-2-Clause
/* usdt_ips.c - whose id an address has, as users come and go. */
#include <errno.h>

#include "attach/kind/usdt/usdt_ips.h"
#include "scope.h"
#include "tests/unit/check.h"
#include "tests/unit/specs_map.h"

enum {
	ADDRESSES = 3, /* of the maps here */
};

static int specs;

static int ip_map_new(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_HASH,
		.key_size = sizeof(uint64_t),
		.value_size = sizeof(uint32_t),
		.max_entries = ADDRESSES,
		.map_name = "__bpf_usdt_ip_t",
	};

	return (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
}

/* The id at the address, -1 for none. */
static int64_t id_at(int map, uint64_t address)
{
	uint32_t id;

	return bpf_map_lookup(map, &address, &id) ? -1 : (int64_t)id;
}

static struct usdt_ips *take_one(int map, uint64_t address, uint32_t id)
{
	struct usdt_ip ip = { .address = address, .id = id };
	struct usdt_ips *ips = NULL;

	check_number("take", 0, usdt_ips_take(map, specs, &ip, 1, &ips));
	return ips;
}

/* A probe that is made anew, or one of two equal ones that goes. */
static void test_equal(void)
{
	scoped_fd int map = ip_map_new();
	struct usdt_ips *first = take_one(map, 0x1000, 3);
	struct usdt_ips *second = take_one(map, 0x1000, 3);

	usdt_ips_give(first);
	check_number("equal: one is left", 3, id_at(map, 0x1000));
	first = take_one(map, 0x1000, 3);
	usdt_ips_give(first);
	check_number("equal: the last one went", 3, id_at(map, 0x1000));
	usdt_ips_give(second);
	check_number("equal: nobody", -1, id_at(map, 0x1000));
	usdt_ips_give(NULL);
}

/* The last is told, then the one before. */
static void test_order(void)
{
	scoped_fd int map = ip_map_new();
	struct usdt_ips *first = take_one(map, 0x1000, 1);
	struct usdt_ips *second = take_one(map, 0x1000, 2);
	struct usdt_ips *third = take_one(map, 0x1000, 3);

	check_number("order: the last", 3, id_at(map, 0x1000));
	usdt_ips_give(second);
	check_number("order: still", 3, id_at(map, 0x1000));
	usdt_ips_give(third);
	check_number("order: the first again", 1, id_at(map, 0x1000));
	usdt_ips_give(first);
	check_number("order: nobody", -1, id_at(map, 0x1000));
}

static void test_maps(void)
{
	scoped_fd int map = ip_map_new(), other = ip_map_new();
	struct usdt_ips *ips = take_one(map, 0x1000, 1);
	struct usdt_ips *others = take_one(other, 0x1000, 2);

	usdt_ips_give(ips);
	check_number("maps: gone here", -1, id_at(map, 0x1000));
	check_number("maps: not there", 2, id_at(other, 0x1000));
	usdt_ips_give(others);
	check_number("maps: gone there", -1, id_at(other, 0x1000));
}

static void test_full(void)
{
	scoped_fd int map = ip_map_new();
	struct usdt_ip list[ADDRESSES + 1] = { { 0 } };
	struct usdt_ips *held = take_one(map, 1, 7), *ips = NULL;
	size_t i;

	for (i = 0; i < COUNT(list); i++)
		list[i] = (struct usdt_ip){ .address = i, .id = 9 };
	check_number("full", -E2BIG,
		     usdt_ips_take(map, specs, list, COUNT(list), &ips));
	check_true("full: nothing", !ips);
	check_number("full: what was there", 7, id_at(map, 1));
	for (i = 0; i < COUNT(list); i++)
		if (i != 1)
			check_number("full: all or none", -1, id_at(map, i));
	usdt_ips_give(held);
}

/* Another process had the address, or took it. */
static void test_others(void)
{
	scoped_fd int map = ip_map_new();
	const struct usdt_spec theirs = spec_of('x');
	uint64_t address = 0x1000;
	struct usdt_ips *ips;
	uint32_t id = 1;

	bpf_map_update(specs, &id, theirs.bytes, BPF_ANY);
	bpf_map_update(map, &address, &id, BPF_ANY);
	ips = take_one(map, address, 3);
	check_number("others: ours", 3, id_at(map, address));
	usdt_ips_give(ips);
	check_number("others: theirs again", 1, id_at(map, address));
	id = 2; /* without a spec */
	bpf_map_update(map, &address, &id, BPF_ANY);
	usdt_ips_give(take_one(map, address, 3));
	check_number("others: theirs had gone", -1, id_at(map, address));
	ips = take_one(map, address, 3);
	id = 1;
	bpf_map_update(map, &address, &id, BPF_ANY);
	usdt_ips_give(ips);
	check_number("others: theirs came later", 1, id_at(map, address));
}

int main(void)
{
	specs = map_new();
	if (specs < 0) {
		printf("skip usdt_ips: no maps here: %s\n", strerror(errno));
		return 0;
	}
	test_equal();
	test_order();
	test_maps();
	test_full();
	test_others();
	close(specs);
	return check_end("usdt_ips");
}
