// SPDX-License-Identifier: BSD-2-Clause
/*
 * acts.c - what a process does that the hooks of a cgroup see, each a number of
 * times that the test knows.
 *
 *	acts datagrams		by UDP: 5 of IPv4, 7 of IPv6, each received
 *	acts others		by TCP and by sockets of Unix, one each; options of
 *				sockets, a sysctl, a device
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union place {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

static int done(int result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
	return result;
}

static socklen_t loopback(int family, union place *place)
{
	memset(place, 0, sizeof(*place));
	place->any.sa_family = (sa_family_t)family;
	if (family == AF_INET) {
		place->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(place->v4);
	}
	place->v6.sin6_addr = in6addr_loopback;
	return sizeof(place->v6);
}

/* Bound, and where to is in *place. */
static int bound(int family, int type, union place *place)
{
	int fd = done(socket(family, type, 0), "a socket");
	socklen_t length = loopback(family, place);

	done(bind(fd, &place->any, length), "bind");
	done(getsockname(fd, &place->any, &length), "getsockname");
	return fd;
}

/* The hooks of receiving are asked where the sender is. */
static void transfer(int to, int from, const union place *place,
		     socklen_t length, int count)
{
	union place sender;
	socklen_t room;
	char byte = 0;

	while (count--) {
		done((int)sendto(from, &byte, 1, 0, &place->any, length),
		     "sendto");
		room = sizeof(sender);
		done((int)recvfrom(to, &byte, 1, 0, &sender.any, &room),
		     "recvfrom");
	}
}

static void send_datagrams(int family, int count)
{
	union place place;
	int to = bound(family, SOCK_DGRAM, &place);
	int from = done(socket(family, SOCK_DGRAM, 0), "a socket");

	transfer(to, from, &place, sizeof(place), count);
	close(from);
	close(to);
}

static void connect_stream(int family)
{
	union place place, peer;
	int to = bound(family, SOCK_STREAM, &place);
	int from = done(socket(family, SOCK_STREAM, 0), "a socket");
	socklen_t length = sizeof(peer);
	int accepted;

	done(listen(to, 1), "listen");
	done(connect(from, &place.any, sizeof(place)), "connect");
	accepted = done(accept(to, NULL, NULL), "accept");
	done(getpeername(from, &peer.any, &length), "getpeername");
	close(accepted);
	close(from);
	close(to);
}

/* In the abstract space of names. */
static int local(const char *name, union place *place, socklen_t *length)
{
	int fd = done(socket(AF_UNIX, SOCK_DGRAM, 0), "a socket");

	memset(place, 0, sizeof(*place));
	place->local.sun_family = AF_UNIX;
	*length = (socklen_t)offsetof(struct sockaddr_un, sun_path) + 1 +
		  (socklen_t)snprintf(place->local.sun_path + 1, 64,
				      "probefs-test-%d-%s", getpid(), name);
	done(bind(fd, &place->any, *length), name);
	return fd;
}

static void talk_locally(void)
{
	union place to_place, from_place;
	socklen_t to_length, from_length;
	int to = local("to", &to_place, &to_length);
	int from = local("from", &from_place, &from_length);

	transfer(to, from, &to_place, to_length, 3);
	done(getsockname(to, &to_place.any, &to_length), "getsockname");
	done(connect(from, &to_place.any, to_length), "connect");
	done(getpeername(from, &to_place.any, &to_length), "getpeername");
	close(from);
	close(to);
}

static void set_options(void)
{
	int fd = done(socket(AF_INET, SOCK_DGRAM, 0), "a socket"), i, value;
	socklen_t length = sizeof(value);

	for (i = 0; i < 4; i++)
		done(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, &length),
		     "getsockopt");
	value = 65536;
	for (i = 0; i < 6; i++)
		done(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, length),
		     "setsockopt");
	close(fd);
}

static void use_files(void)
{
	int sysctl =
		done(open("/proc/sys/kernel/hostname", O_RDONLY), "sysctl");
	int first = done(open("/dev/null", O_WRONLY), "/dev/null");
	int second = done(open("/dev/zero", O_RDONLY), "/dev/zero");
	char byte;

	done((int)read(sysctl, &byte, 1), "sysctl");
	close(second);
	close(first);
	close(sysctl);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "datagrams")) {
		send_datagrams(AF_INET, 5);
		send_datagrams(AF_INET6, 7);
	} else if (argc == 2 && !strcmp(argv[1], "others")) {
		connect_stream(AF_INET);
		connect_stream(AF_INET6);
		talk_locally();
		set_options();
		use_files();
	} else {
		errx(2, "usage: acts datagrams|others");
	}
	return 0;
}
