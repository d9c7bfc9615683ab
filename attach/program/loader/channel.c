// SPDX-License-Identifier: BSD-2-Clause
/* channel.c - messages with descriptors over a socket. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "attach/program/loader/channel.h"
#include "scope.h"

enum {
	BATCH = 128, /* descriptors at once; the kernel's SCM_MAX_FD is 253 */
	TURN = 50, /* milliseconds between two questions */
};

/* It comes first; then a byte with each batch of descriptors; then the data. */
struct header {
	uint32_t type, size, nfds;
};

union control {
	char room[CMSG_SPACE(BATCH * sizeof(int))];
	struct cmsghdr align;
};

static int await(const struct channel *channel, short events)
{
	struct pollfd poll_fd = { .fd = channel->sock, .events = events };
	struct timespec now;
	int ready;

	for (;;) {
		ready = poll(&poll_fd, 1,
			     channel->interrupted || channel->until ? TURN
								    : -1);
		if (ready > 0)
			return 0;
		if (ready < 0 && errno != EINTR)
			return -errno;
		if (channel->interrupted && channel->interrupted(channel->ctx))
			return -EINTR;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (channel->until && now.tv_sec >= channel->until)
			return -ETIMEDOUT;
	}
}

/* The bytes that went, which are one at least. */
static ssize_t transfer(const struct channel *channel, struct msghdr *msg,
			bool out)
{
	ssize_t done;
	int err;

	for (;;) {
		err = await(channel, out ? POLLOUT : POLLIN);
		if (err)
			return err;
		done = out ? sendmsg(channel->sock, msg,
				     MSG_DONTWAIT | MSG_NOSIGNAL)
			   : recvmsg(channel->sock, msg,
				     MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
		if (done > 0)
			return done;
		if (!done || errno == ECONNRESET || errno == EPIPE)
			return -ESRCH;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
	}
}

static int transfer_all(const struct channel *channel, void *data, size_t size,
			bool out)
{
	struct iovec iov = { .iov_base = data, .iov_len = size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t done;

	while (iov.iov_len) {
		done = transfer(channel, &msg, out);
		if (done < 0)
			return (int)done;
		iov.iov_base = (char *)iov.iov_base + done;
		iov.iov_len -= (size_t)done;
	}
	return 0;
}

static int send_fds(const struct channel *channel, const int *fds, size_t nfds)
{
	union control control = { .room = "" };
	struct iovec iov = { .iov_base = (char[]){ 0 }, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = CMSG_SPACE(nfds * sizeof(int)),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
	ssize_t done;

	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(nfds * sizeof(int));
	memcpy(CMSG_DATA(head), fds, nfds * sizeof(int));
	done = transfer(channel, &msg, true);
	return done < 0 ? (int)done : 0;
}

int channel_send(const struct channel *channel, const struct message *message)
{
	struct header header = {
		.type = message->type,
		.size = (uint32_t)message->size,
		.nfds = (uint32_t)message->nfds,
	};
	size_t sent, batch;
	int err = transfer_all(channel, &header, sizeof(header), true);

	for (sent = 0; !err && sent < message->nfds; sent += batch) {
		batch = message->nfds - sent < BATCH ? message->nfds - sent
						     : BATCH;
		err = send_fds(channel, message->fds + sent, batch);
	}
	return err ? err
		   : transfer_all(channel, message->data, message->size, true);
}

/* There is room for all that one message of the kernel's can hold. */
static int receive_fds(const struct channel *channel, struct message *message,
		       size_t limit)
{
	union control control;
	char byte;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room),
	};
	ssize_t done = transfer(channel, &msg, false);
	struct cmsghdr *head = done < 0 ? NULL : CMSG_FIRSTHDR(&msg);
	size_t count, i;
	int fd;

	if (done < 0)
		return (int)done;
	if (!head || head->cmsg_level != SOL_SOCKET ||
	    head->cmsg_type != SCM_RIGHTS)
		return -EPROTO;
	count = (head->cmsg_len - CMSG_LEN(0)) / sizeof(int);
	for (i = 0; i < count; i++) {
		memcpy(&fd, CMSG_DATA(head) + i * sizeof(int), sizeof(int));
		if (message->nfds < limit)
			message->fds[message->nfds++] = fd;
		else
			fd_close(fd);
	}
	/* No room for a descriptor in our table looks as if it were cut. */
	return msg.msg_flags & MSG_CTRUNC ? -EPROTO : count ? 0 : -EPROTO;
}

static int receive_parts(const struct channel *channel,
			 const struct header *header, struct message *message)
{
	int err = 0;

	message->data = malloc(header->size + 1);
	message->fds = calloc(header->nfds + 1, sizeof(int));
	if (!message->data || !message->fds)
		return -ENOMEM;
	while (!err && message->nfds < header->nfds)
		err = receive_fds(channel, message, header->nfds);
	if (err)
		return err;
	message->type = header->type;
	message->size = header->size;
	return transfer_all(channel, message->data, header->size, false);
}

int channel_receive(const struct channel *channel,
		    const struct message_limit *limit, struct message *out)
{
	struct message message = { 0 };
	struct header header;
	int err = transfer_all(channel, &header, sizeof(header), false);

	if (err)
		return err;
	if (header.size > limit->size || header.nfds > limit->nfds)
		return -EPROTO;
	err = receive_parts(channel, &header, &message);
	if (err)
		message_clear(&message);
	else
		*out = message;
	return err;
}

void message_clear(struct message *message)
{
	size_t i;

	for (i = 0; i < message->nfds; i++)
		fd_close(message->fds[i]);
	free(message->fds);
	free(message->data);
	*message = (struct message){ 0 };
}

int message_take_fd(struct message *message, size_t place)
{
	return place < message->nfds ? take_fd(&message->fds[place]) : -1;
}
