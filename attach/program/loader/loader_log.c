// SPDX-License-Identifier: BSD-2-Clause
/* loader_log.c - in the loader: what libbpf and the verifier say. */
#include <bpf/libbpf.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "array.h"
#include "attach/program/loader/loader.h"
#include "attach/program/loader/loader_log.h"

static int log_fd = -1;
static char reason[256];

static const char prefix[] = "libbpf: ";

/* Of what follows another warning, and says nothing more. */
static const char *const echoes[] = {
	"failed to load object",
	"failed to load program",
	"Failed to bump RLIMIT_MEMLOCK",
	"permission error while running as root",
};

static bool says_why(const char *format)
{
	size_t i;

	for (i = 0; i < COUNT(echoes); i++)
		if (!strncmp(format, echoes[i], strlen(echoes[i])))
			return false;
	return !strstr(format, LOADER_LOG_BEGIN);
}

static void keep(const char *format, va_list args)
	__attribute__((format(printf, 1, 0)));
static int say(enum libbpf_print_level level, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));

static void keep(const char *format, va_list args)
{
	vsnprintf(reason, sizeof(reason), format, args);
	reason[strcspn(reason, "\n")] = '\0';
}

/* A log that the user has asked for is no warning when it went well. */
static int say(enum libbpf_print_level level, const char *format, va_list args)
{
	va_list again;

	if (level != LIBBPF_WARN && !strstr(format, LOADER_LOG_BEGIN))
		return 0;
	if (!strncmp(format, prefix, sizeof(prefix) - 1))
		format += sizeof(prefix) - 1;
	if (level == LIBBPF_WARN && says_why(format)) {
		va_copy(again, args);
		keep(format, again);
		va_end(again);
	}
	return log_fd < 0 ? 0 : vdprintf(log_fd, format, args);
}

void loader_log_begin(int fd)
{
	log_fd = fd;
	libbpf_set_print(say);
}

const char *loader_log_reason(void)
{
	return reason;
}
