/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * loader.h - what the daemon and its loader say to each other.
 *
 * The daemon starts its own program anew, with one end of a pair of sockets as
 * descriptor 3, and asks.  The loader answers once when it was asked what is in
 * an object.  When it is to load, it goes on when it gets what it lacks: targets
 * and addresses; of the types of modules it asks when libbpf does.
 */
#ifndef ATTACH_PROGRAM_LOADER_LOADER_H
#define ATTACH_PROGRAM_LOADER_LOADER_H

#include "attach/program/loader/channel.h"
#include "attach/program/object.h"

enum {
	LOADER_SOCKET = 3, /* SPAWN_FIRST */
	LOADER_SETTINGS = 65536,
	LOADER_REQUEST = 32 << 20, /* bytes of a request */
	LOADER_GROUPS = 65536, /* the kernel's NGROUPS_MAX */
	LOADER_MODULES = 1024, /* whose types are handed over */
	LOADER_LOG = 64 << 20, /* bytes of a log */
	LOADER_FDS = LOADER_SETTINGS + 3, /* of a message */
};

#define LOADER_NAME "probefs-loader"

/* What libbpf puts before and behind what the verifier says. */
#define LOADER_LOG_BEGIN "-- BEGIN PROG LOAD LOG --"
#define LOADER_LOG_END	 "-- END PROG LOAD LOG --"

enum loader_message {
	LOADER_ASK = 1, /* struct loader_request */
	LOADER_OPENED, /* answer.h */
	LOADER_SUPPLY, /* struct loader_supply */
	LOADER_MODULES_WANTED, /* nothing */
	LOADER_MODULES_GIVEN, /* descriptors of their BTF objects */
	LOADER_LOADED, /* answer.h */
	LOADER_FAILED, /* answer.h */
};

struct loader_request {
	bool load;
	struct object_request asked; /* with what is below */
	gid_t *groups;
	struct object_setting *settings;
	struct message message; /* the descriptors, which the request has */
};

/* *out has borrowed all that it has. */
int loader_put_request(const struct object_request *asked, bool load,
		       struct message *out);
/* It becomes the request's.  EPROTO: it is none; ENOMEM. */
int loader_take_request(struct message *message, struct loader_request *out);
void loader_request_clear(struct loader_request *request);

/* What the loader lacks. */
struct loader_supply {
	char *symbols; /* lines as /proc/kallsyms has them */
	struct loader_target { /* of each program */
		uint32_t btf_id;
		int btf_fd, prog_fd; /* -1: none */
	} * targets;
	size_t ntargets;
	struct message message; /* of the loader: the descriptors */
};

int loader_put_supply(const struct loader_supply *supply, struct message *out);
int loader_take_supply(struct message *message, size_t nprograms,
		       struct loader_supply *out);

#endif
