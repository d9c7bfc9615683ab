// SPDX-License-Identifier: BSD-2-Clause
/*
 * uprobe_name.c - the names of uprobes.
 *
 *	BINARY:SYMBOL[@VERSION@|@@VERSION][+OFFSET][@LABEL]
 *	BINARY:0xOFFSET[@LABEL]
 *	LABEL
 *
 * One '@' begins a label; two together, or two apart, stand around a version:
 * f@@V, f@@V@LABEL, f@V@ and f@V@LABEL.  %XX is the byte XX, since a name
 * cannot have a '/', and ':' ends BINARY.  SYMBOL may be as people read it:
 * std::terminate(), Vector::operator+; of a ':' it has two together.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kind/name.h"
#include "attach/kind/uprobe/uprobe.h"
#include "scope.h"

static const char label_bytes[] = "_.-";

/*
 * Where the label begins, its '@' left out; the end of the name when it has
 * none.  *head ends before that '@'.
 */
static size_t find_label(const char *name, struct span *head)
{
	size_t end = strlen(name), at, next;

	at = head->start + strcspn(name + head->start, "@");
	head->end = at;
	if (at == end)
		return end;
	next = at + 1 + (name[at + 1] == '@');
	next += strcspn(name + next, "@");
	if (next == end && name[at + 1] != '@')
		return at + 1;
	head->end = next;
	return next == end ? end : next + 1;
}

/* It has what only the plain names of C++ and Rust have. */
static bool is_plain(const char *name, struct span head)
{
	size_t at;

	for (at = head.start; at < head.end; at++)
		if (strchr("(<: ", name[at]))
			return true;
	return false;
}

/*
 * The '+' of an offset: the last one; in a plain name, which may have others,
 * with nothing but a number behind it.  Those behind the word operator are of
 * its name: operator+, operator++.
 */
static const char *find_offset(const char *name, struct span head)
{
	static const char word[] = "operator";
	const char *start = name + head.start, *end = name + head.end;
	const char *plus = memrchr(start, '+', (size_t)(end - start));
	const char *first = plus, *at;

	if (!plus)
		return NULL;
	for (at = plus + 1; at < end; at++)
		if (!isalnum((unsigned char)*at) && is_plain(name, head))
			return NULL;
	while (first > start && first[-1] == '+')
		first--;
	if ((size_t)(first - start) < sizeof(word) - 1 ||
	    memcmp(first - (sizeof(word) - 1), word, sizeof(word) - 1) != 0)
		return plus;
	/* operator+ has one of its own, operator++ two. */
	return plus - first >= 2 ? plus : NULL;
}

/*
 * A ':' that ends nothing: two together are C++'s, and one is in [abi:...].
 * NULL when there is none.
 */
static const char *find_stray(const char *name, struct span head)
{
	static const char tag[] = "[abi";
	size_t at;

	for (at = head.start; at < head.end; at++) {
		if (name[at] != ':')
			continue;
		if (at + 1 < head.end && name[at + 1] == ':')
			at++;
		else if (at < head.start + sizeof(tag) - 1 ||
			 memcmp(name + at - (sizeof(tag) - 1), tag,
				sizeof(tag) - 1) != 0)
			return name + at;
	}
	return NULL;
}

static int check_symbol(const char *name, struct span symbol, struct err *e)
{
	if (symbol.start == symbol.end || name[symbol.start] == '@')
		return fail_at(e, EINVAL, symbol.start,
			       "the symbol is missing");
	if (isdigit((unsigned char)name[symbol.start]))
		return fail_at(
			e, EINVAL, symbol.start,
			"no symbol begins with a digit; write an offset of the file as 0x...");
	if (name[symbol.end - 1] == '@')
		return fail_at(e, EINVAL, symbol.end, "the version is missing");
	return 0;
}

static int parse_symbol(const char *name, struct span head, struct uprobe *u,
			struct err *e)
{
	struct span symbol = head, number = head;
	const char *plus = find_offset(name, head);
	const char *colon = find_stray(name, head);
	int err;

	if (colon)
		return fail_at(
			e, EINVAL, (size_t)(colon - name),
			"a second ':'; write %%3A for one that is in the symbol");
	if (plus) {
		symbol.end = (size_t)(plus - name);
		number.start = symbol.end + 1;
		err = name_number(name, number, &u->offset, e);
		if (err)
			return err;
	}
	err = check_symbol(name, symbol, e);
	if (!err)
		err = name_unescape(name, symbol, &u->symbol, e);
	if (!err && name_is_dots(u->symbol))
		return fail_at(e, EINVAL, symbol.start,
			       "no symbol is called '%s'", u->symbol);
	return err;
}

/*
 * Versions of symbols are written as GLIBC_2.2.5, GLIBC_PRIVATE, OPENSSL_3.0.0:
 * no small letter behind the last '_', and a capital one first.
 */
static bool is_like_version(const char *label)
{
	const char *last = strrchr(label, '_');

	return last && isupper((unsigned char)label[0]) && last[1] &&
	       !last[1 + strcspn(last + 1, "abcdefghijklmnopqrstuvwxyz")];
}

/* After one '@' stands a label, but as tools print it, a version. */
static int check_label(const char *name, struct span head, struct span label,
		       struct err *e)
{
	int err = name_check(name, label, label_bytes, "a label", e);

	if (err || memchr(name + head.start, '@', head.end - head.start) ||
	    !is_like_version(name + label.start))
		return err;
	return fail_at(
		e, EINVAL, label.start - 1,
		"'%s' may be a version of the symbol or a label; write '@%s@' for the version, or a label without capitals",
		name + label.start - 1, name + label.start);
}

static int parse_target(const char *name, size_t start, struct uprobe *u,
			struct err *e)
{
	struct span head = { start, start }, label;
	int err;

	label.start = find_label(name, &head);
	label.end = strlen(name);
	if (strncmp(name + head.start, "0x", 2) == 0)
		err = name_number(name, head, &u->offset, e);
	else
		err = parse_symbol(name, head, u, e);
	/* f@V@ has an empty label, so that V can be told from one. */
	if (err || label.start == label.end)
		return err ? err
		       : name[label.end - 1] == '@' &&
				       !memchr(name + head.start, '@',
					       head.end - head.start)
			       ? fail_at(e, EINVAL, label.end,
					 "the label is missing")
			       : 0;
	return check_label(name, head, label, e);
}

int uprobe_parse(const char *name, void *spec, struct err *e)
{
	struct span span = { 0, strlen(name) };
	const char *colon = strchr(name, ':');
	struct uprobe *u = spec;
	int err;

	if (!colon)
		return name_lone_label(name, "BINARY:SYMBOL", e);
	span.end = (size_t)(colon - name);
	/* std::terminate(), but of which file? */
	if (colon[1] == ':' && colon[2] != ':' && colon != name)
		return fail_at(
			e, EINVAL, 0,
			"no binary before '%s'; write BINARY:SYMBOL, as in libstdc++.so.6:std::terminate",
			name);
	err = name_binary(name, span, &u->path, e);
	if (err)
		return err;
	return parse_target(name, span.end + 1, u, e);
}
