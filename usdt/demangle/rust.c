// SPDX-License-Identifier: BSD-2-Clause
/*
 * rust.c - Rust's second mangling (RFC 2603, "v0").
 *
 * What is read is put at once: nothing is put around what comes later.  A
 * reference back reads a part of the symbol again; the steps and the room are
 * bounded, so that it matters not how often.
 */
#include <string.h>

#include "usdt/demangle/private.h"

static void read_type_of(struct rust *rust);
static void read_path(struct rust *rust, bool in_value);

static void read_generic(struct rust *rust)
{
	struct reader *r = rust->r;
	const char *back;

	if (accept(r, "L")) {
		rust_put_lifetime(rust, rust_read_62(r));
	} else if (accept(r, "KB")) {
		if (rust_follow(rust, &back))
			rust_put_constant(r);
		r->at = r->failed ? r->end : back;
	} else if (accept(r, "K")) {
		rust_put_constant(r);
	} else {
		read_type_of(rust);
	}
}

/* Up to an E, with `between`; returns how many. */
static size_t read_list(struct rust *rust, void (*one)(struct rust *rust),
			const char *between)
{
	size_t count = 0;

	for (; !rust->r->failed && !accept(rust->r, "E"); count++) {
		put(rust->r, count ? between : "");
		one(rust);
	}
	return count;
}

/* crate::module::{closure#0} */
static void read_inner(struct rust *rust, bool in_value)
{
	struct reader *r = rust->r;
	char space = next(r);
	uint64_t number;
	size_t before;
	bool special = space >= 'A' && space <= 'Z';

	read_path(rust, in_value);
	number = rust_disambiguator(rust);
	before = r->used;
	put(r, special ? "::{" : "::");
	if (special) {
		put_bytes(r, &space, space != 'C' && space != 'S');
		put(r, space == 'C' ? "closure" : space == 'S' ? "shim" : "");
		put(r, ":");
	}
	if (!rust_put_identifier(r))
		r->used = special ? r->used - !r->failed : before;
	if (special) {
		put(r, "#");
		put_number(r, number);
		put(r, "}");
	}
}

/* <TYPE>, <TYPE as TRAIT> */
static void read_implementation(struct rust *rust, char tag)
{
	struct reader *r = rust->r;
	size_t before = r->used;

	if (tag != 'Y') {
		/* Where it is implemented says nothing to people. */
		rust_disambiguator(rust);
		read_path(rust, false);
		r->used = before;
	}
	put(r, "<");
	read_type_of(rust);
	if (tag != 'M') {
		put(r, " as ");
		read_path(rust, false);
	}
	put(r, ">");
}

static void read_path_generics(struct rust *rust, bool in_value)
{
	struct reader *r = rust->r;

	read_path(rust, in_value);
	r->bare_end = (uint32_t)r->used;
	put(r, in_value ? "::<" : "<");
	read_list(rust, read_generic, ", ");
	put(r, ">");
}

static void read_path_tagged(struct rust *rust, char tag, bool in_value)
{
	const char *back;

	switch (tag) {
	case 'C':
		rust_disambiguator(rust);
		rust_put_identifier(rust->r);
		break;
	case 'N':
		read_inner(rust, in_value);
		break;
	case 'M':
	case 'X':
	case 'Y':
		read_implementation(rust, tag);
		break;
	case 'I':
		read_path_generics(rust, in_value);
		break;
	case 'B':
		if (rust_follow(rust, &back))
			read_path(rust, in_value);
		rust->r->at = rust->r->failed ? rust->r->end : back;
		break;
	default:
		reader_fail(rust->r);
	}
}

static void read_path(struct rust *rust, bool in_value)
{
	if (reader_enter(rust->r))
		read_path_tagged(rust, next(rust->r), in_value);
	reader_leave(rust->r);
}

static void read_pointer(struct rust *rust, const char *text)
{
	put(rust->r, text);
	read_type_of(rust);
}

static void read_reference_type(struct rust *rust, bool mutable)
{
	struct reader *r = rust->r;
	uint64_t lifetime;

	put(r, "&");
	if (accept(r, "L")) {
		lifetime = rust_read_62(r);
		if (lifetime) {
			rust_put_lifetime(rust, lifetime);
			put(r, " ");
		}
	}
	read_pointer(rust, mutable ? "mut " : "");
}

static void read_slice(struct rust *rust, bool array)
{
	struct reader *r = rust->r;
	const char *back;

	put(r, "[");
	read_type_of(rust);
	put(r, array ? "; " : "");
	if (array && accept(r, "B")) {
		if (rust_follow(rust, &back))
			rust_put_constant(r);
		r->at = r->failed ? r->end : back;
	} else if (array) {
		rust_put_constant(r);
	}
	put(r, "]");
}

/* extern "C-unwind", in whose name '-' is written '_' */
static void read_abi(struct rust *rust)
{
	struct reader *r = rust->r;
	size_t at;

	put(r, "extern \"");
	at = r->used;
	if (accept(r, "C"))
		put(r, "C");
	else
		rust_put_identifier(r);
	for (; at < r->used; at++)
		if (r->arena[at] == '_')
			r->arena[at] = '-';
	put(r, "\" ");
}

static void read_function_type(struct rust *rust)
{
	struct reader *r = rust->r;
	size_t outer = rust->lifetimes;

	rust_read_binder(rust);
	put(r, accept(r, "U") ? "unsafe " : "");
	if (accept(r, "K"))
		read_abi(rust);
	put(r, "fn(");
	read_list(rust, read_type_of, ", ");
	put(r, ")");
	if (!accept(r, "u")) {
		put(r, " -> ");
		read_type_of(rust);
	}
	rust->lifetimes = outer;
}

/* The generics of a trait stay open, for associated types to follow. */
static bool read_trait_path(struct rust *rust)
{
	struct reader *r = rust->r;
	const char *back;
	bool open = false;

	if (!reader_enter(r)) {
		reader_leave(r);
		return false;
	}
	if (accept(r, "B")) {
		if (rust_follow(rust, &back))
			open = read_trait_path(rust);
		r->at = r->failed ? r->end : back;
	} else if (accept(r, "I")) {
		read_path(rust, false);
		put(r, "<");
		read_list(rust, read_generic, ", ");
		open = true;
	} else {
		read_path(rust, false);
	}
	reader_leave(r);
	return open;
}

static void read_trait(struct rust *rust)
{
	struct reader *r = rust->r;
	bool open = read_trait_path(rust);

	while (!r->failed && accept(r, "p")) {
		put(r, open ? ", " : "<");
		open = true;
		rust_put_identifier(r);
		put(r, " = ");
		read_type_of(rust);
	}
	put(r, open ? ">" : "");
}

static void read_dyn(struct rust *rust)
{
	struct reader *r = rust->r;
	size_t outer = rust->lifetimes;
	uint64_t lifetime;

	put(r, "dyn ");
	rust_read_binder(rust);
	read_list(rust, read_trait, " + ");
	rust->lifetimes = outer;
	expect(r, 'L');
	lifetime = rust_read_62(r);
	if (lifetime) {
		put(r, " + ");
		rust_put_lifetime(rust, lifetime);
	}
}

static void read_tuple(struct rust *rust)
{
	put(rust->r, "(");
	put(rust->r, read_list(rust, read_type_of, ", ") == 1 ? ",)" : ")");
}

static void read_type_tagged(struct rust *rust, char tag)
{
	const char *back;

	switch (tag) {
	case 'R':
	case 'Q':
		read_reference_type(rust, tag == 'Q');
		break;
	case 'P':
	case 'O':
		read_pointer(rust, tag == 'P' ? "*const " : "*mut ");
		break;
	case 'A':
	case 'S':
		read_slice(rust, tag == 'A');
		break;
	case 'T':
		read_tuple(rust);
		break;
	case 'F':
		read_function_type(rust);
		break;
	case 'D':
		read_dyn(rust);
		break;
	case 'B':
		if (rust_follow(rust, &back))
			read_type_of(rust);
		rust->r->at = rust->r->failed ? rust->r->end : back;
		break;
	default:
		rust->r->at--;
		read_path(rust, false);
	}
}

static void read_type_of(struct rust *rust)
{
	struct reader *r = rust->r;
	const char *word = rust_basic_find(peek(r));

	if (!reader_enter(r)) {
		reader_leave(r);
		return;
	}
	if (word) {
		next(r);
		put(r, word);
	} else if (peek(r)) {
		read_type_tagged(rust, next(r));
	} else {
		reader_fail(r);
	}
	reader_leave(r);
}

bool rust_demangle(struct reader *r, struct piece *piece)
{
	struct rust rust = { .r = r };
	size_t end;

	if (!accept(r, "_R"))
		return false;
	rust.start = r->at;
	*piece = piece_open(r);
	read_path(&rust, true);
	end = r->used;
	/* The bare name is meant only where the last thing was its generics. */
	if (!r->bare_end || put_last(r) != '>' || rust.start[0] != 'I')
		r->bare_end = (uint32_t)end;
	if (peek(r) && peek(r) != '.') {
		read_path(&rust, false); /* the crate that asked for it */
		r->used = end;
	}
	piece_close(r, piece);
	r->name_end = (uint32_t)end;
	if (accept(r, ".llvm."))
		r->at = r->end;
	*piece = read_clones(r, *piece);
	return !r->failed && r->at == r->end;
}
