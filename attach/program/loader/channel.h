/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * channel.h - messages with descriptors between the daemon and its loader.
 *
 * Neither side is held up for ever by the other: it is asked now and then
 * whether the user waits no longer.
 */
#ifndef ATTACH_PROGRAM_LOADER_CHANNEL_H
#define ATTACH_PROGRAM_LOADER_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

struct channel {
	int sock; /* of a pair of streams */
	bool (*interrupted)(void *ctx); /* NULL: never */
	void *ctx;
	time_t until; /* of CLOCK_MONOTONIC, in seconds; 0: no end */
};

struct message {
	uint32_t type;
	char *data;
	size_t size;
	int *fds; /* close-on-exec */
	size_t nfds;
};

/* What a message may have at most. */
struct message_limit {
	size_t size, nfds;
};

/*
 * ESRCH: there is no other side any more; EINTR: the user was interrupted;
 * ETIMEDOUT; and of channel_receive() EPROTO: what came is no message, or too
 * large.
 */
int channel_send(const struct channel *channel, const struct message *message);
int channel_receive(const struct channel *channel,
		    const struct message_limit *limit, struct message *out);

void message_clear(struct message *message); /* may be called twice */

/* The descriptor of that place becomes the caller's; -1: there is none. */
int message_take_fd(struct message *message, size_t place);

#endif
