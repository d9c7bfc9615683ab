// SPDX-License-Identifier: BSD-2-Clause
/* rust_references.c - what refers to another place of Rust's symbols. */
#include "usdt/demangle/private.h"

uint64_t rust_disambiguator(struct rust *rust)
{
	return accept(rust->r, "s") ? rust_read_62(rust->r) + 1 : 0;
}

bool rust_follow(struct rust *rust, const char **back)
{
	struct reader *r = rust->r;
	const char *from = r->at - 1;
	uint64_t target = rust_read_62(r);

	*back = r->at;
	if (!r->failed && target < (uint64_t)(from - rust->start))
		r->at = rust->start + target;
	else
		reader_fail(r);
	return !r->failed;
}

void rust_put_lifetime(struct rust *rust, uint64_t index)
{
	struct reader *r = rust->r;
	char name[2] = "a";

	put(r, "'");
	if (index == 0) {
		put(r, "_");
	} else if (index > rust->lifetimes) {
		reader_fail(r);
	} else if (rust->lifetimes - index < 26) {
		name[0] = (char)('a' + (rust->lifetimes - index));
		put(r, name);
	} else {
		put(r, "_");
		put_number(r, rust->lifetimes - index);
	}
}

void rust_read_binder(struct rust *rust)
{
	struct reader *r = rust->r;
	uint64_t count, i;

	if (!accept(r, "G"))
		return;
	count = rust_read_62(r) + 1;
	put(r, "for<");
	for (i = 0; i < count && !r->failed; i++) {
		put(r, i ? ", " : "");
		rust->lifetimes++;
		rust_put_lifetime(rust, 1);
	}
	put(r, "> ");
}
