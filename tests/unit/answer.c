// SPDX-License-Identifier: BSD-2-Clause
/* answer.c - what the loader answers: as it was, or refused. */
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attach/program/loader/answer.h"
#include "attach/program/loader/flat.h"
#include "scope.h"
#include "tests/unit/check.h"

static char name[] = "one", section[] = "kprobe/two", empty[] = "";

static struct object_program program = {
	.name = name,
	.section = section,
	.kernel_name = name,
	.target = empty,
	.type = 2,
	.insns = 12,
	.autoload = true,
	.tag = "0123456789abcdef",
	.fd = -1,
};
static struct object_map map = {
	.name = name,
	.type = 2,
	.key_size = 4,
	.value_size = 8,
	.max_entries = 1,
	.variables = true,
	.fd = -1,
};
static struct object_variable variable = {
	.name = name,
	.type = section,
	.value = empty,
	.offset = 4,
	.size = 4,
	.constant = true,
};
static struct object whole = {
	.license = name,
	.needs = empty,
	.programs = &program,
	.nprograms = 1,
	.maps = &map,
	.nmaps = 1,
	.variables = &variable,
	.nvariables = 1,
};

/* The object as bytes; *size has their number. */
static char *encode(size_t *size)
{
	const struct answer_opened opened = { &whole, empty };
	char *data;
	FILE *out = open_memstream(&data, size);

	answer_put_opened(out, &opened);
	fclose(out);
	return data;
}

static int decode(const char *data, size_t size)
{
	struct answer_opened opened = { 0 };
	int err = answer_take_opened(data, size, &opened);

	if (!err) {
		object_put(opened.object);
		free(opened.symbols);
	}
	return err;
}

static void check_again(void)
{
	size_t size, again, i;
	char *data = encode(&size), *same;
	struct answer_opened opened = { 0 };
	FILE *out;

	check_number("taken", 0, answer_take_opened(data, size, &opened));
	out = open_memstream(&same, &again);
	answer_put_opened(out, &opened);
	fclose(out);
	check_true("the same", size == again && !memcmp(data, same, size));
	object_put(opened.object);
	free(opened.symbols);
	free(same);
	for (i = 0; i < size; i++)
		if (decode(data, i) != -EIO)
			break;
	check_number("cut anywhere", (int64_t)size, (int64_t)i);
	data = realloc(data, size + 1);
	data[size] = '\0';
	check_number("too long", -EIO, decode(data, size + 1));
	free(data);
}

static char up[] = "..", slash[] = "a/b", line[] = "a\nb", nothing[] = "";

/* What the daemon would stumble over; the place is put back. */
static void check_changes(void)
{
	static char *const names[] = { up, slash, line, nothing };
	size_t size, i;
	char *data;

	for (EACH(names, i)) {
		program.name = names[i];
		data = encode(&size);
		check_number(names[i], -EIO, decode(data, size));
		free(data);
	}
	program.name = name;
	variable.map = 1;
	data = encode(&size);
	check_number("a map that is none", -EIO, decode(data, size));
	free(data);
	variable.map = 0;
	variable.offset = UINT32_MAX;
	data = encode(&size);
	check_number("outside of the value", -EIO, decode(data, size));
	free(data);
	variable.offset = 4;
	map.variables = false;
	data = encode(&size);
	check_number("a map without variables", -EIO, decode(data, size));
	free(data);
	map.variables = true;
}

/* Two numbers that say what has a descriptor. */
static char *loaded(uint32_t first, uint32_t second, size_t *size)
{
	char *data;
	FILE *out = open_memstream(&data, size);

	flat_put(out, 1);
	flat_put(out, first);
	flat_put(out, 1);
	flat_put(out, second);
	fclose(out);
	return data;
}

static void check_loaded(void)
{
	/* clang-format off */
	static const struct {
		const char *what;
		uint32_t first, second;
		size_t nfds;
		int want;
	} rows[] = {
		{ "both", 1, 1, 2, 0 },
		{ "one too few", 1, 1, 1, -EIO },
		{ "one too many", 0, 1, 2, -EIO },
		{ "neither", 0, 0, 0, 0 },
		{ "no boolean", 2, 0, 1, -EIO },
	};
	/* clang-format on */
	struct message message;
	size_t i, k;

	for (EACH(rows, i)) {
		message = (struct message){ .fds = calloc(2, sizeof(int)) };
		message.data =
			loaded(rows[i].first, rows[i].second, &message.size);
		for (k = 0; k < rows[i].nfds; k++)
			message.fds[message.nfds++] =
				open("/dev/null", O_RDONLY | O_CLOEXEC);
		check_number(rows[i].what, rows[i].want,
			     answer_take_loaded(&message, &whole));
		message_clear(&message);
		fd_close(take_fd(&program.fd));
		fd_close(take_fd(&map.fd));
	}
}

static void check_failed(void)
{
	const struct answer_failed failed = {
		.why = { 4001, 7, "a\033[sentence" },
		.program = 3,
		.map = OBJECT_MAPS,
	};
	struct answer_failed got = { 0 };
	char *data;
	size_t size;
	FILE *out = open_memstream(&data, &size);

	answer_put_failed(out, &failed);
	fclose(out);
	check_number("taken", 0, answer_take_failed(data, size, &got));
	check_number("an errno of nobody's", EIO, got.why.code);
	check_number("its place", 7, got.why.pos);
	check_text("safe to print", "a^[[sentence", got.why.text);
	check_number("the program", 3, got.program);
	check_number("cut", -EIO, answer_take_failed(data, size - 1, &got));
	free(data);
}

/* Headers that promise what does not come, or too much. */
static void check_channel(void)
{
	static const struct message_limit limit = { 16, 1 };
	static const struct {
		const char *what;
		uint32_t header[3];
		int want;
	} rows[] = {
		{ "an end", { 1, 16, 0 }, -ESRCH },
		{ "too much", { 1, 17, 0 }, -EPROTO },
		{ "too many descriptors", { 1, 0, 2 }, -EPROTO },
		{ "no descriptors", { 1, 1, 1 }, -EPROTO },
	};
	struct message message = { 0 };
	int pair[2];
	size_t i;

	for (EACH(rows, i)) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) ||
		    write(pair[0], rows[i].header, 12) != 12 ||
		    write(pair[0], "x", 1) != 1)
			abort();
		close(pair[0]);
		check_number(
			rows[i].what, rows[i].want,
			channel_receive(&(struct channel){ .sock = pair[1] },
					&limit, &message));
		close(pair[1]);
	}
}

int main(void)
{
	check_again();
	check_changes();
	check_loaded();
	check_failed();
	check_channel();
	return check_end("answer");
}
