// SPDX-License-Identifier: BSD-2-Clause
/* kprobe.c - names of kprobes, and what they resolve to. */
#include <errno.h>

#include "attach/kernel/symbols/symbol_index.h"
#include "attach/kind/target.h"
#include "scope.h"
#include "tests/unit/names.h"

/*
 * function.c again, over a kernel that is made up: its own functions get other
 * names than those of the library, and find what is below.
 */
#define function_resolve fake_function_resolve
#define symbols_get	 fake_symbols_get
#define module_loaded	 fake_module_loaded
#define traceable_read	 fake_traceable_read
#define traceable_count	 fake_traceable_count
#define traceable_free	 fake_traceable_free
#include "attach/kernel/symbols/symbols.h"
#include "attach/kind/function.c"

extern const struct kind kind_kprobe, kind_kretprobe;

/* clang-format off */
static const struct name kprobe_names[] = {
	{"do_sys_openat2", "do_sys_openat2|0"},
	{"do_sys_openat2+0x10", "do_sys_openat2|16"},
	{"do_sys_openat2+16@mine", "do_sys_openat2|16"},
	{"do_sys_openat2@a.b-c_1", "do_sys_openat2|0"},
	{"foo.isra.0", "foo.isra.0|0"},
	{"foo.llvm.1234", "foo.llvm.1234|0"},
	{"_ZN4core3fmt17h0E$x", "_ZN4core3fmt17h0E$x|0"},
	{"nf_conntrack:nf_ct_get+4", "nf_conntrack:nf_ct_get|4"},
	{"vmlinux:schedule", "vmlinux:schedule|0"},
	{"tcp_*", "tcp_*|0"},
	{"tcp:tcp_?*@all", "tcp:tcp_?*|0"},
	{"0xffffffff81234560", "0xffffffff81234560|0"},
	{"0xABCdef+1", "0xABCdef|1"},
	{"ffffffff972d9240", "ffffffff972d9240|0"},
	{"ffffffff972d9240+4@x", "ffffffff972d9240|4"},
	{"virtio-pci:vp_notify", "virtio-pci:vp_notify|0"},
	{"^", NULL},
	{"^@label", NULL},
	{"^+1", NULL},
	{"foo@^", NULL},
	{"foo@a^@b", NULL},
	{"foo@a^ b", NULL},
	{"foo@^+1", NULL},
	{"foo+^", NULL},
	{"foo+^x", NULL},
	{"foo+^@label", NULL},
	{"foo+^-1", NULL},
	{"foo+^0x", NULL},
	{"foo+1^z", NULL},
	{"foo^ bar", NULL},
	{"foo^-bar", NULL},
	{"foo^\xff", NULL},
	{"^1foo", NULL},
	{"mod:^", NULL},
	{"mod:^1x", NULL},
	{"^:foo", NULL},
	{"m^*:foo", NULL},
	{"m:foo^:bar", NULL},
	{"m:^0x12", NULL},
	{"0x^", NULL},
	{"0x1^g", NULL},
	{"0x12^:foo", NULL},
	{"0x^12345678123456781", NULL},
	{"tcp_*^+1", NULL},
};

static const struct name kretprobe_names[] = {
	{"do_sys_openat2", "do_sys_openat2|0"},
	{"ext4:ext4_*@x", "ext4:ext4_*|0"},
	{"0x1234@x", "0x1234|0"},
	{"foo^+0x10", NULL},
	{"foo^+0@x", NULL},
	{"foo@x^+1", NULL},
	{"^", NULL},
};
/* clang-format on */

/* Resolving */

static char kallsyms[] = "ffffffff81000000 T _stext\n"
			 "ffffffff81000100 t __pfx_tcp_open\n"
			 "ffffffff81000110 t tcp_open\n"
			 "ffffffff81000150 t tcp_close\n"
			 "ffffffff81000180 t tcp_asm\n"
			 "ffffffff81000200 t twice\n"
			 "ffffffff81000240 t gone.isra.0\n"
			 "ffffffff81000260 t twice\n"
			 "ffffffff810002a0 t tcp_forbidden\n"
			 "ffffffff810002c0 t __x64_sys_openat\n"
			 "ffffffff810002d0 t verbose\n"
			 "ffffffff810002e0 t _etext\n"
			 "ffffffff82000000 D jiffies\n"
			 "ffffffff82000010 d verbose\n"
			 "ffffffffc0100000 t twice\t[alpha]\n"
			 "ffffffffc0100040 t in_alpha\t[alpha]\n"
			 "ffffffffc0100080 t end_alpha\t[alpha]\n"
			 "ffffffffc0200000 t vp_notify\t[virtio_pci]\n";

static char hidden[] = "0000000000000000 T tcp_open\n"
		       "0000000000000000 t twice\n"
		       "0000000000000000 t twice\n"
		       "0000000000000000 t twice\t[alpha]\n";

static char *current; /* NULL: kallsyms cannot be read */
static int no_kallsyms = ENOENT; /* why */

const struct symbols *symbols_get(struct err *e)
{
	FILE *in;
	struct symbols *s;
	uint32_t i;

	if (!current) {
		fail(e, no_kallsyms, "no kallsyms");
		return NULL;
	}
	in = fmemopen(current, strlen(current), "r");
	s = symindex_make(in);
	fclose(in);
	for (i = 0; i < s->nentries; i++)
		s->entries[i].blacklisted =
			s->entries[i].address == 0xffffffff810002a0;
	return s;
}

bool module_loaded(const char *module)
{
	return !strcmp(module, "vmlinux") || !strcmp(module, "alpha");
}

struct traceable *traceable_read(int *err)
{
	static char some;

	*err = 0;
	return (struct traceable *)&some;
}

size_t traceable_count(const struct traceable *t, const char *name)
{
	(void)t;
	return strcmp(name, "tcp_asm") ? 3 : 0; /* 'twice' is there thrice */
}

void traceable_free(struct traceable *t)
{
	(void)t;
}

struct resolve {
	char *kallsyms;
	const char *symbol;
	uint64_t offset;
	const char *want; /* sites and flags, or the error */
};

#define NO_INLINE \
	"; the compiler may have put it into its callers; see the file 'available'"
#define FORBIDDEN \
	"EINVAL: 'tcp_forbidden' is on the kernel's list of functions that a kprobe could break (/sys/kernel/debug/kprobes/blacklist); probe a function that calls it"

/* clang-format off */
static const struct resolve resolves[] = {
	{kallsyms, "tcp_open", 0, "tcp_open+0@ffffffff81000110 whole"},
	{kallsyms, "tcp_open", 0x3f, "tcp_open+3f@ffffffff81000110"},
	{kallsyms, "tcp_open", 0x40,
		"EINVAL: offset 0x40 is outside of 'tcp_open', which has 64 bytes"},
	{kallsyms, "vmlinux:tcp_open", 0, "tcp_open+0@ffffffff81000110 whole"},
	{kallsyms, "in_alpha", 0, "in_alpha+0@ffffffffc0100040 whole"},
	{kallsyms, "alpha:in_alpha", 0, "in_alpha+0@ffffffffc0100040 whole"},
	{kallsyms, "alpha:twice", 0, "twice+0@ffffffffc0100000 address whole"},
	{kallsyms, "twice", 0,
		"EADDRNOTAVAIL: 'twice' is the name of 3 functions; use one of 0xffffffff81000200 (vmlinux); 0xffffffff81000260 (vmlinux); 0xffffffffc0100000 (alpha)"},
	{kallsyms, "vmlinux:twice", 0,
		"EADDRNOTAVAIL: 'vmlinux:twice' is the name of 2 functions; use one of 0xffffffff81000200 (vmlinux); 0xffffffff81000260 (vmlinux)"},
	{kallsyms, "0xffffffff81000260", 0,
		"twice+0@ffffffff81000260 address whole"},
	{kallsyms, "0xffffffff81000264", 2,
		"twice+6@ffffffff81000260 address"},
	{kallsyms, "ffffffff81000264", 2, "twice+6@ffffffff81000260 address"},
	/* A variable has the name too, and the kernel counts both. */
	{kallsyms, "verbose", 0, "verbose+0@ffffffff810002d0 address whole"},
	{kallsyms, "verbos*", 0, "verbose+0@ffffffff810002d0 address whole"},
	{kallsyms, "virtio-pci:vp_notify", 0,
		"vp_notify+0@ffffffffc0200000 whole"},
	{NULL, "virtio-pci:vp_notify", 0, "virtio_pci:vp_notify+0@0 whole"},
	{kallsyms, "0xffffffff81000260", 0x40,
		"EINVAL: offset 0x40 is outside of 'twice', which has 64 bytes"},
	{kallsyms, "0xffffffff81000105", 0,
		"EINVAL: 0xffffffff81000105 is not in a function of the kernel"},
	{kallsyms, "0xffffffff82000000", 0,
		"EINVAL: 0xffffffff82000000 is not in a function of the kernel"},
	{kallsyms, "0xffffffff810002a4", 0, FORBIDDEN},
	{kallsyms, "tcp_forbidden", 0, FORBIDDEN},
	{kallsyms, "gone", 0,
		"ENOENT: no such kernel function 'gone'; the compiler made 'gone.isra.0' of it"},
	{kallsyms, "nowhere", 0, "ENOENT: no such kernel function 'nowhere'"
		NO_INLINE},
	{kallsyms, "beta:tcp_open", 0,
		"ENOENT: no such kernel function 'beta:tcp_open'; the module 'beta' is not loaded; there is 'vmlinux:tcp_open'"},
	{kallsyms, "alpha:tcp_open", 0,
		"ENOENT: no such kernel function 'alpha:tcp_open'; there is 'vmlinux:tcp_open'"},
	{kallsyms, "tcp_o*", 0, "tcp_open+0@ffffffff81000110 whole"},
	{kallsyms, "tcp_*", 0,
		"tcp_open+0@ffffffff81000110 tcp_close+0@ffffffff81000150 whole, 2 left out"},
	{kallsyms, "alpha:*_alpha", 0,
		"in_alpha+0@ffffffffc0100040 end_alpha+0@ffffffffc0100080 whole"},
	{kallsyms, "t?ice", 0,
		"twice+0@ffffffff81000200 twice+0@ffffffff81000260 twice+0@ffffffffc0100000 address whole"},
	{kallsyms, "none_*", 0,
		"ENOENT: no kernel function that can be probed matches 'none_*'"},
	{kallsyms, "tcp_asm*", 0,
		"ENOENT: no kernel function that can be probed matches 'tcp_asm*'; 1 that match were left out"},
	{kallsyms, "tcp_*", 1,
		"EINVAL: an offset needs one function, not the pattern 'tcp_*'"},
	{kallsyms, "a b", 0,
		"EINVAL: the field 'symbol' is malformed: ' ' cannot be in a function's name"},
	{hidden, "tcp_open", 0x1000, "tcp_open+1000@0"},
	{hidden, "tcp_*", 0, "tcp_open+0@0 whole"},
	{hidden, "twice", 0,
		"EADDRNOTAVAIL: 'twice' is the name of 3 functions; write an address instead; kernel.kptr_restrict hides them"},
	{hidden, "alpha:twice", 0, "alpha:twice+0@0 whole"},
	{hidden, "0xffffffff81000264", 2, "-+0@ffffffff81000266 address"},
	{NULL, "tcp_open", 0, "tcp_open+0@0 whole"},
	{NULL, "vmlinux:tcp_open", 4, "tcp_open+4@0"},
	{NULL, "alpha:twice", 0, "alpha:twice+0@0 whole"},
	{NULL, "0x1000", 0, "-+0@1000 address"},
	{NULL, "tcp_*", 0,
		"EOPNOTSUPP: a pattern needs /proc/kallsyms, which cannot be read; name one function"},
#if defined(__x86_64__)
	{kallsyms, "sys_openat", 0,
		"__x64_sys_openat+0@ffffffff810002c0 whole"},
#endif
};
/* clang-format on */

static void print_target(const struct target *target, FILE *out)
{
	const struct site *site;
	size_t i;

	for (i = 0; i < target->nsites; i++) {
		site = &target->sites[i];
		fprintf(out, "%s%s+%" PRIx64 "@%" PRIx64, i ? " " : "",
			site->symbol ? site->symbol : "-", site->offset,
			site->address);
	}
	fprintf(out, "%s%s", target->event.by_address ? " address" : "",
		target->event.whole_functions ? " whole" : "");
	if (target->left_out)
		fprintf(out, ", %zu left out", target->left_out);
}

static void check_resolve(const struct resolve *resolve)
{
	scoped_free char *got = NULL;
	struct target target;
	struct err e = { 0 };
	size_t size;
	FILE *out = open_memstream(&got, &size);

	current = resolve->kallsyms;
	target_init(&target);
	target.event.whole_functions = true;
	if (function_resolve(resolve->symbol, resolve->offset, &target, &e))
		fprintf(out, "%s: %s", errno_name(e.code), e.text);
	else
		print_target(&target, out);
	fclose(out);
	check_text(resolve->symbol, resolve->want, got);
	target_clear(&target);
}

/* Through the kinds, before a kernel is asked. */
static void check_fields(void)
{
	static const char empty[] =
		"the field 'symbol' is empty; write the name of a kernel function to it";
	const struct field *field = field_find(&kind_kretprobe, "maxactive");
	void *spec = spec_make(&kind_kretprobe);
	struct target target;
	struct err e = { 0 };

	target_init(&target);
	kind_kretprobe.resolve(spec, NULL, &target, &e);
	check_text("no symbol", empty, e.text);
	field_parse(field, spec, "4097", &e);
	check_number("maxactive 4097", -ERANGE,
		     kind_kretprobe.resolve(spec, NULL, &target, &e));
	target_clear(&target);
	spec_free(&kind_kretprobe, spec);
}

int main(void)
{
	size_t i;

	for (EACH(kprobe_names, i))
		check_name(&kind_kprobe, 2, &kprobe_names[i]);
	for (EACH(kretprobe_names, i))
		check_name(&kind_kretprobe, 2, &kretprobe_names[i]);
	for (EACH(resolves, i))
		check_resolve(&resolves[i]);
	/* What passes is no reason to let the kernel choose. */
	no_kallsyms = EMFILE;
	check_resolve(&(struct resolve){ NULL, "tcp_open", 0,
					 "EMFILE: no kallsyms" });
	check_fields();
	return check_end("kprobe");
}
