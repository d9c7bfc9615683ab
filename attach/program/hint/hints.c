// SPDX-License-Identifier: BSD-2-Clause
/* hints.c - why the kernel refused a program, a map or types, as a sentence. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/version.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "array.h"
#include "attach/kernel/sysfile.h"
#include "attach/program/hint/hint_private.h"

static bool is_nested(void)
{
	char text[64];
	unsigned long inside, outside, count;

	if (sysfile_read("/proc/self/uid_map", text, sizeof(text)))
		return false;
	return sscanf(text, "%lu %lu %lu", &inside, &outside, &count) == 3 &&
	       (inside || outside || count != UINT32_MAX);
}

void hint_kernel_read(struct hint_kernel *kernel)
{
	unsigned int major = 0, minor = 0, patch = 0;
	struct utsname name;
	char lockdown[64];

	if (!uname(&name))
		sscanf(name.release, "%u.%u.%u", &major, &minor, &patch);
	/* LINUX_VERSION_CODE has 8 bits for the last: 5.10.260 is 5.10.255. */
	kernel->release =
		KERNEL_VERSION(major, minor, patch > 255 ? 255 : patch);
	kernel->unprivileged = sysfile_number(
		"/proc/sys/kernel/unprivileged_bpf_disabled", -1);
	sysfile_read("/sys/kernel/security/lockdown", lockdown,
		     sizeof(lockdown));
	kernel->locked = strstr(lockdown, "[confidentiality]");
	kernel->nested = is_nested();
}

static const struct {
	enum hint_step step;
	int code;
	const char *text;
} reasons[] = {
	{ HINT_PROGRAM, E2BIG,
	  "it has more instructions than a program may have (a million, or 4096 without CAP_BPF), or asks for what this kernel does not know" },
	{ HINT_PROGRAM, EINVAL,
	  "its type, attach type or flags do not go together, or this kernel does not know them" },
	{ HINT_PROGRAM, KERNEL_ENOTSUPP,
	  "this kernel cannot run it: its JIT is off (net.core.bpf_jit_enable), or has no trampolines on this machine" },
	{ HINT_PROGRAM, EOPNOTSUPP,
	  "this kernel was built without what runs programs of that type" },
	{ HINT_PROGRAM, ENOSPC, "the verifier's log has no room for more" },
	{ HINT_PROGRAM, EFAULT,
	  "the verifier's log was cut, or the verifier has a fault: see dmesg" },
	{ HINT_PROGRAM, ENOENT, "what it is for is not in this kernel" },
	{ HINT_PROGRAM, EBUSY, "what it is for is in use in a way of its own" },
	{ HINT_PROGRAM, EAGAIN, "a signal came; try again" },
	{ HINT_MAP, E2BIG, "its values or its entries are too many" },
	{ HINT_MAP, EINVAL,
	  "its sizes or flags do not fit its type, or this kernel does not know the type" },
	{ HINT_MAP, EOPNOTSUPP,
	  "this kernel was built without maps of that type" },
	{ HINT_MAP, KERNEL_ENOTSUPP,
	  "this kernel does not know what is in its values" },
	{ HINT_TYPES, EINVAL,
	  "the object's BTF is malformed, or newer than the kernel" },
	{ HINT_TYPES, E2BIG,
	  "the object's BTF is larger than the kernel takes" },
};

static const char *reason(const struct hint_of *of)
{
	size_t i;

	if (of->code == ENOMEM)
		return "raise RLIMIT_MEMLOCK, or the memory of the writer's cgroup";
	for (i = 0; i < COUNT(reasons); i++)
		if (reasons[i].step == of->step && reasons[i].code == of->code)
			return reasons[i].text;
	return NULL;
}

static int fail_step(const struct hint_of *of, struct err *e)
{
	const char *why = strerror(errno_clamp(of->code));

	if (of->step == HINT_TYPES)
		return fail(e, of->code,
			    "the kernel refused the object's types: %s", why);
	return fail(e, of->code, "the kernel refused the %s '%.64s': %s",
		    of->step == HINT_MAP ? "map" : "program", of->name, why);
}

/*
 * What the kernel does not know it takes for something else, and complains of
 * that.  Its own words are enough for what nothing more is known of.
 */
static void explain(const struct hint_of *of, const struct hint_kernel *kernel,
		    bool said, struct err *e)
{
	const char *text = hint_log_text(of->log);

	/* The rights are looked at before anything else is. */
	if (of->code == EPERM && !said) {
		hint_rights(of, kernel, e);
		return;
	}
	if (hint_version(of, kernel, e))
		return;
	if (text)
		fail_hint(e, "%s", text);
	else if (!hint_helper(of, kernel, e) && !said && reason(of))
		fail_hint(e, "%s", reason(of));
}

int hint_fail(const struct hint_of *of, const struct hint_kernel *kernel,
	      struct err *e)
{
	char text[HINT_LINES];
	int err = fail_step(of, e);

	hint_log_end(of->log, text);
	if (text[0])
		fail_hint(e, "the verifier says: %s", text);
	explain(of, kernel, text[0], e);
	return err;
}

void hint_of_text(const char *text, struct err *e)
{
	const char *hint = hint_log_text(text);

	if (hint)
		fail_hint(e, "%s", hint);
}
