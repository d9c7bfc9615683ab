// SPDX-License-Identifier: BSD-2-Clause
/* file_tags=host */
/* options.c - mount options, and the systemd unit that a daemon may live in. */
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/mount.h>

#include "fs/daemon/options.h"
#include "fs/daemon/systemd.h"
#include "tests/unit/check.h"

#define ALWAYS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* Two users called by a number, and by what begins as one. */
static bool is_ours(const char *name)
{
	return !strcmp(name, "4711") || !strcmp(name, "3com") ||
	       !strcmp(name, "7") || !strcmp(name, "8");
}

/* These take the place of libc's in this program. */
struct passwd *getpwnam(const char *name)
{
	static struct passwd root, ours = { .pw_uid = 7 };

	return is_ours(name) ? &ours : !strcmp(name, "root") ? &root : NULL;
}

struct group *getgrnam(const char *name)
{
	static struct group root, ours = { .gr_gid = 8 };

	return is_ours(name) ? &ours : !strcmp(name, "root") ? &root : NULL;
}

static const char *text(const char *value)
{
	return value ? value : "-";
}

/* What was set, in one line that a row can hold. */
static void show(const struct options *o, char *line, size_t size)
{
	snprintf(line, size, "%o %u:%u %" PRIu64 " %s %s %s %s %s %s%s%s%s%s",
		 (unsigned int)o->policy.mode, o->policy.uid, o->policy.gid,
		 o->policy.max_probes, o->policy.attach_mode->name,
		 text(o->bpffs), text(o->tracefs), text(o->fsname),
		 text(o->context), o->read_only ? "r" : "",
		 o->nomount ? "n" : "", o->debug ? "d" : "",
		 o->foreground ? "f" : "", o->noscope ? "s" : "");
}

#define DEFAULTS "700 0:0 131072 auto - - - - "

/* Lists that are taken, and what they set beside the defaults. */
static const struct {
	const char *list, *fields, *fixed;
	unsigned long flags; /* beside ALWAYS */
} good[] = {
	{ "", DEFAULTS, "-", 0 },
	{ ",,", DEFAULTS, "-", 0 },
	{ "rw", DEFAULTS, "-", 0 },
	{ "ro", DEFAULTS "r", "-", MS_RDONLY },
	{ "ro,rw", DEFAULTS, "-", 0 },
	{ "suid,dev,exec", DEFAULTS, "-", 0 },
	{ "rw,remount", DEFAULTS, "-", MS_REMOUNT },
	{ "noatime,nodiratime,relatime,strictatime,lazytime,dirsync,sync",
	  DEFAULTS, "-",
	  MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME |
		  MS_LAZYTIME | MS_DIRSYNC | MS_SYNCHRONOUS },
	{ "noatime,atime,sync,async,lazytime,nolazytime", DEFAULTS, "-", 0 },
	{ "nosymfollow", DEFAULTS, "-", 256 },
	{ "_netdev,nofail,noauto,auto,user,user=root,users,owner,group",
	  DEFAULTS, "-", 0 },
	{ "x-systemd.automount,x-foo=\"a,b\",X-mount.mkdir=0755,comment=\"c,d\"",
	  DEFAULTS, "-", 0 },
	{ "defaults,helper=probefs,default_permissions,allow_other,user_id=0",
	  DEFAULTS, "-", 0 },
	{ "mode=0", "0 0:0 131072 auto - - - - ", "mode=0", 0 },
	{ "mode=07777", "7777 0:0 131072 auto - - - - ", "mode=07777", 0 },
	{ "mode=0750,uid=7,gid=root", "750 7:0 131072 auto - - - - ",
	  "mode=0750,uid=7,gid=root", 0 },
	{ "uid=4294967294", "700 4294967294:0 131072 auto - - - - ",
	  "uid=4294967294", 0 },
	{ "uid=0x1267,gid=8", "700 4711:8 131072 auto - - - - ",
	  "uid=0x1267,gid=8", 0 },
	{ "uid=7,gid=8", "700 7:8 131072 auto - - - - ", "uid=7,gid=8", 0 },
	{ "uid=3com,gid=3com", "700 7:8 131072 auto - - - - ",
	  "uid=3com,gid=3com", 0 },
	{ "max_probes=1,max_probes=0x10", "700 0:0 16 auto - - - - ",
	  "max_probes=1,max_probes=0x10", 0 },
	{ "max_object=16M,max_object=4k", DEFAULTS,
	  "max_object=16M,max_object=4k", 0 },
	{ "attach_mode=auto,nomount", DEFAULTS "n", "attach_mode=auto,nomount",
	  0 },
	{ "bpffs=/a,bpffs=/b", "700 0:0 131072 auto /b - - - ",
	  "bpffs=/a,bpffs=/b", 0 },
	{ "bpffs=\"/a,b\",tracefs=/t", "700 0:0 131072 auto /a,b /t - - ",
	  "bpffs=\"/a,b\",tracefs=/t", 0 },
	{ "fsname=here=there,debug", "700 0:0 131072 auto - - here=there - d",
	  "-", 0 },
	{ "source=none,foreground,noscope", "700 0:0 131072 auto - - none - fs",
	  "-", 0 },
	{ "context=\"u:r:t:s0:c1,c2\",fscontext=x",
	  "700 0:0 131072 auto - - - context=\"u:r:t:s0:c1,c2\",fscontext=x ",
	  "-", 0 },
};

/* Lists that are refused, and why. */
static const struct {
	const char *list, *why;
} bad[] = {
	{ "bogus", "unknown option 'bogus'; see -h" },
	{ "ro,bogus=1,rw", "unknown option 'bogus=1'; see -h" },
	{ "mod=0755", "unknown option 'mod=0755'; see -h" },
	{ "modes=0755", "unknown option 'modes=0755'; see -h" },
	{ "=", "unknown option '='; see -h" },
	{ "x-", "unknown option 'x-'; see -h" },
	{ "ro=1", "bad option 'ro=1': 'ro' takes no value" },
	{ "nomount=", "bad option 'nomount=': 'nomount' takes no value" },
	{ "mode", "bad option 'mode': write it as 'mode=OCTAL'" },
	{ "context", "bad option 'context': write it as 'context=LABEL'" },
	{ "mode=", "bad option 'mode=': not an octal number such as 0750" },
	{ "mode=-1", "bad option 'mode=-1': not an octal number such as 0750" },
	{ "mode=0x1",
	  "bad option 'mode=0x1': not an octal number such as 0750" },
	{ "mode=u+x",
	  "bad option 'mode=u+x': not an octal number such as 0750" },
	{ "mode=10000", "bad option 'mode=10000': the largest mode is 7777" },
	{ "mode=7777777777777777777777777",
	  "bad option 'mode=7777777777777777777777777': the largest mode is 7777" },
	{ "uid=4294967295",
	  "bad option 'uid=4294967295': not from 0 to 4294967294" },
	{ "max_object=4095",
	  "bad option 'max_object=4095': not from 4096 to 1073741824 bytes" },
	{ "max_object=2g",
	  "bad option 'max_object=2g': not from 4096 to 1073741824 bytes" },
	{ "max_object=K", "bad option 'max_object=K': not a number: ''" },
	{ "uid=nobody-such",
	  "bad option 'uid=nobody-such': there is no such user" },
	{ "gid=", "bad option 'gid=': there is no such group" },
	{ "uid=1x", "bad option 'uid=1x': there is no such user" },
	{ "uid=0x1x", "bad option 'uid=0x1x': not a number: '0x1x'" },
	{ "uid=4711",
	  "bad option 'uid=4711': '4711' is a number and the name of user 7; write 7 for the one, 0x1267 for the other" },
	{ "gid=4711",
	  "bad option 'gid=4711': '4711' is a number and the name of group 8; write 8 for the one, 0x1267 for the other" },
	{ "group=staff",
	  "bad option 'group=staff': 'group' says who may mount, and takes no value; for who owns what is mounted write 'gid=staff'" },
	{ "owner=root",
	  "bad option 'owner=root': 'owner' says who may mount, and takes no value; for who owns what is mounted write 'uid=root'" },
	{ "allow=kprobe,uprobe",
	  "unknown option 'uprobe'; see -h; in allow=, kinds are separated by ':'" },
	{ "max_probes=0",
	  "bad option 'max_probes=0': not from 1 to 4294967295" },
	{ "max_probes=many",
	  "bad option 'max_probes=many': not a number: 'many'" },
	{ "bpffs=sys/fs/bpf",
	  "bad option 'bpffs=sys/fs/bpf': the path must begin with '/'" },
	{ "tracefs=", "bad option 'tracefs=': the path must begin with '/'" },
	{ "fsname=", "bad option 'fsname=': the value is empty" },
	{ "ro,bpffs=\"/a,b", "quote not closed in 'ro,bpffs=\"/a,b'" },
	{ "a\tb", "unknown option 'a\\tb'; see -h" },
};

/* Texts of /proc/self/cgroup, and whether the daemon may stay there. */
static const struct {
	const char *cgroup;
	bool ours;
} units[] = {
	{ "", true },
	{ "0::/\n", true },
	{ "0::/system.slice/probefs.mount\n", true },
	{ "0::/system.slice/run-probefs.mount/sub\n", true },
	{ "0::/system.slice/probefs-12-1700000000.scope\n", true },
	{ "0::/system.slice/cron.service\n", false },
	{ "0::/user.slice/user-0.slice/session-1.scope\n", false },
	{ "0::/system.slice/probefs-setup.service\n", false },
	{ "0::/system.slice/a.mount.service\n", false },
	{ "0::/system.slice/my-probefs-1.scope\n", false },
	{ "4:memory:/x.mount\n1:name=systemd:/system.slice/a.service\n0::/\n",
	  false },
	{ "1:name=systemd:/system.slice/a.mount\n0::/b.service\n", true },
	{ "9:name=systemd:/\n8:pids:/a.service\n0::/\n", true },
};

static const char *parse(struct options *o, const char *list, struct err *e)
{
	return options_parse(o, list, e) ? e->text : "taken";
}

static void check_good(const char *list, const char *fields, const char *fixed,
		       unsigned long flags)
{
	struct options o;
	struct err e;
	char line[512];

	options_init(&o);
	check_text(list, "taken", parse(&o, list, &e));
	show(&o, line, sizeof(line));
	check_text(list, fields, line);
	check_text(list, fixed, text(o.fixed));
	check_number(list, (int64_t)(flags | ALWAYS), (int64_t)o.flags);
	options_free(&o);
}

static void check_bad(const char *list, const char *why)
{
	struct options o;
	struct err e;

	options_init(&o);
	check_text(list, why, parse(&o, list, &e));
	options_free(&o);
}

static void check_sloppy(void)
{
	struct options o;
	struct err e;

	options_init(&o);
	o.sloppy = true;
	check_number("sloppy", 0, options_parse(&o, "bogus,ro,bogus=1", &e));
	check_true("sloppy, ro", o.read_only);
	check_true("sloppy, mode=9", options_parse(&o, "mode=9", &e));
	options_free(&o);
}

int main(void)
{
	size_t i;

	for (EACH(good, i))
		check_good(good[i].list, good[i].fields, good[i].fixed,
			   good[i].flags);
	for (EACH(bad, i))
		check_bad(bad[i].list, bad[i].why);
	check_sloppy();
	for (EACH(units, i))
		check_number(units[i].cgroup, units[i].ours,
			     systemd_is_ours(units[i].cgroup));
	return check_end("options");
}
