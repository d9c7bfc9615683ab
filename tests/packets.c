// SPDX-License-Identifier: BSD-2-Clause
/*
 * packets.c - packets that the tests count, in the network namespace of the
 * caller.
 *
 *	packets frames IFNAME COUNT	onto the interface, of no protocol
 *	packets send ADDRESS COUNT	by UDP, to where nobody waits for it
 *	packets sockets MAP COUNT	of TCP, from one socket of the map to another
 *	packets udp COUNT		over the loopback interface, each received
 *	packets swaps FILE A B SWAPS PACKETS
 *		at least so many as the last, while A and B are written to FILE in
 *		turns, so often; prints how many packets there were
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOCAL_EXPERIMENT = 0x88b5 }; /* IEEE 802, for nobody's protocol */

/* What the other end of a veth had no room for, nobody has seen there. */
static void wait_for_room(const char *ifname)
{
	if (errno != ENOBUFS)
		err(1, "%s", ifname);
	usleep(1000);
}

static int run_frames(char **args)
{
	unsigned char frame[ETH_ZLEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_ifindex = (int)if_nametoindex(args[0]),
		.sll_protocol = htons(LOCAL_EXPERIMENT),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	long count = atol(args[1]);

	frame[12] = LOCAL_EXPERIMENT >> 8;
	frame[13] = LOCAL_EXPERIMENT & 0xff;
	if (fd < 0 || !to.sll_ifindex)
		err(1, "%s", args[0]);
	while (count--)
		while (sendto(fd, frame, sizeof(frame), 0, (void *)&to,
			      sizeof(to)) < 0)
			wait_for_room(args[0]);
	return 0;
}

static int fd, out;
static struct sockaddr_in place;

static void udp_open(void)
{
	socklen_t length = sizeof(place);

	fd = socket(AF_INET, SOCK_DGRAM, 0);
	out = socket(AF_INET, SOCK_DGRAM, 0);
	place.sin_family = AF_INET;
	place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || out < 0 || bind(fd, (void *)&place, sizeof(place)) ||
	    getsockname(fd, (void *)&place, &length))
		err(1, "a socket");
}

static void udp_one(void)
{
	char byte = 0;

	if (sendto(out, &byte, 1, 0, (void *)&place, sizeof(place)) != 1 ||
	    recv(fd, &byte, 1, 0) != 1)
		err(1, "a packet");
}

static int run_udp(char **args)
{
	long count = atol(args[0]);

	udp_open();
	while (count--)
		udp_one();
	return 0;
}

static int run_send(char **args)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
	int from = socket(AF_INET, SOCK_DGRAM, 0);
	long count = atol(args[1]);

	if (from < 0 || inet_pton(AF_INET, args[0], &to.sin_addr) != 1)
		err(1, "%s", args[0]);
	while (count--)
		if (sendto(from, "", 1, 0, (void *)&to, sizeof(to)) != 1)
			err(1, "%s", args[0]);
	return 0;
}

struct shared {
	_Atomic long sent, swapped;
};

static void send_until(struct shared *shared, long swaps, long packets)
{
	udp_open();
	while (shared->sent < packets || shared->swapped < swaps) {
		udp_one();
		shared->sent++;
	}
	_exit(0);
}

static void write_to(const char *file, const char *text)
{
	int to = open(file, O_WRONLY);
	ssize_t length = (ssize_t)strlen(text);

	if (to < 0 || write(to, text, (size_t)length) != length)
		err(1, "%s to %s", text, file);
	close(to);
}

static int run_swaps(char **args)
{
	struct shared *shared =
		mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	long swaps = atol(args[3]), i;
	int status;
	pid_t pid;

	if (shared == MAP_FAILED)
		err(1, "memory");
	pid = fork();
	if (!pid)
		send_until(shared, swaps, atol(args[4]));
	while (!shared->sent && !waitpid(pid, &status, WNOHANG))
		usleep(1000);
	for (i = 0; i < swaps; i++) {
		write_to(args[0], args[1 + i % 2]);
		shared->swapped++;
	}
	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "the packets ended with %d", status);
	printf("%ld\n", shared->sent);
	return 0;
}

/* Each message is received before the next: none is joined with another. */
static int run_sockets(char **args)
{
	int map = bpf_obj_get(args[0]), to, from;
	long count = atol(args[1]);
	socklen_t length = sizeof(place);
	uint32_t key = 0, other = 1;
	char byte = 0;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	to = socket(AF_INET, SOCK_STREAM, 0);
	place.sin_family = AF_INET;
	place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (void *)&place, sizeof(place)) ||
	    listen(fd, 1) || getsockname(fd, (void *)&place, &length) ||
	    connect(to, (void *)&place, sizeof(place)))
		err(1, "a socket");
	from = accept(fd, NULL, NULL);
	if (from < 0 || bpf_map_update_elem(map, &key, &to, BPF_ANY) ||
	    bpf_map_update_elem(map, &other, &from, BPF_ANY))
		err(1, "%s", args[0]);
	while (count--)
		if (send(to, &byte, 1, 0) != 1 || recv(from, &byte, 1, 0) != 1)
			err(1, "a message");
	/* Their ends are no messages. */
	bpf_map_delete_elem(map, &key);
	bpf_map_delete_elem(map, &other);
	return 0;
}

static const struct command {
	const char *name;
	int count;
	int (*run)(char **args);
} commands[] = {
	{ "frames", 2, run_frames }, { "send", 2, run_send },
	{ "udp", 1, run_udp },	     { "sockets", 2, run_sockets },
	{ "swaps", 5, run_swaps },
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (argc == commands[i].count + 2 &&
		    !strcmp(argv[1], commands[i].name))
			return commands[i].run(argv + 2);
	fprintf(stderr, "usage: packets frames|udp|swaps ..., see packets.c\n");
	return 2;
}
