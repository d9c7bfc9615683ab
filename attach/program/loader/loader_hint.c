// SPDX-License-Identifier: BSD-2-Clause
/* loader_hint.c - why an object was not loaded, as a sentence. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attach/program/hint/hints.h"
#include "attach/program/loader/loader_hint.h"

enum { LOG_END = 4096 }; /* bytes */

/* What libbpf says for itself, without a log of the verifier's, is not read. */
static void read_end(int fd, char text[LOG_END])
{
	ssize_t got = 0;
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st))
		got = pread(fd, text, LOG_END - 1,
			    st.st_size < LOG_END ? 0
						 : st.st_size - LOG_END + 1);
	text[got > 0 ? got : 0] = '\0';
	if (!strstr(text, "PROG LOAD LOG --"))
		text[0] = '\0';
}

static void fill_program(const struct object_program *program,
			 struct hint_of *of)
{
	of->step = HINT_PROGRAM;
	of->name = program->name;
	of->type = program->type;
	of->attach_type = program->attach_type;
	of->flags = program->flags;
	of->insns = program->insns;
}

/* false: it is nothing that the kernel has refused. */
static bool fill(const struct object *object,
		 const struct answer_failed *failed, struct hint_of *of)
{
	if (object && failed->program < object->nprograms) {
		fill_program(&object->programs[failed->program], of);
		return true;
	}
	if (object && failed->map < object->nmaps) {
		of->step = HINT_MAP;
		of->name = object->maps[failed->map].name;
		of->type = object->maps[failed->map].type;
		return true;
	}
	return false;
}

int loader_hint(const struct object_request *request,
		const struct object *object, const struct answer_failed *failed,
		struct err *e)
{
	char log[LOG_END];
	struct hint_of of = {
		.code = failed->why.code,
		.name = "",
		.log = log,
		.caps = request->as.caps,
		.memlock = request->as.memlock,
	};
	struct hint_kernel kernel;

	if (fill(object, failed, &of)) {
		read_end(request->log_fd, log);
		hint_kernel_read(&kernel);
		return hint_fail(&of, &kernel, e);
	}
	*e = failed->why;
	hint_of_text(e->text, e);
	return -e->code;
}
